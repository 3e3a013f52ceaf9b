/* SPDX-License-Identifier: MIT */
/*
 * The protocol between fileserver and fileclient, over an AF_UNIX stream.
 *
 * A client sends requests, one after the other, and the server answers each.
 * Numbers are big-endian; nothing is padded; a path has no NUL at its end and
 * is relative to the directory that the server serves.
 *
 *	request:  u32 operation, u32 mode, u32 path length, u64 body length,
 *	          path, body
 *	answer:   16 bytes name of the error ("EACCES"), filled with NUL, all NUL
 *	          if there is none; u64 body length; body
 *
 *	operation  mode       body of the request  body of the answer
 *	GET        0          none                 content of the file
 *	PUT        of a new   content of the file  none
 *	           file
 *	LIST       0          none                 names, each ended by NUL
 *	STAT       0          none                 "TYPE MODE UID GID SIZE MTIME"
 *	MKDIR      of the     none                 none
 *	           directory
 *	UNLINK     0          none                 none (file or empty directory)
 *	WHOAMI     0          none                 "uid=U gid=G groups=G,G caps=HEX"
 *
 * An answer with an error has no body.  After a request that is not well-formed
 * (EBADMSG; ENAMETOOLONG for the path) the server answers and hangs up, since it
 * cannot know where the next request begins.  A GET whose file shrinks while it
 * is sent ends with the connection.
 */
#ifndef NTIMP_EXAMPLES_PROTOCOL_H
#define NTIMP_EXAMPLES_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

#define DEFAULT_SOCKET	"/run/ntimp-fileserver.sock"

/* A path, as for the kernel: 4095 bytes. */
#define PATH_LIMIT	4095
/* File modes: rwx for all and the three bits before. */
#define MODE_LIMIT	07777
/* What off_t can say. */
#define BODY_LIMIT	INT64_MAX

enum operation {
	OP_GET = 1,
	OP_PUT,
	OP_LIST,
	OP_STAT,
	OP_MKDIR,
	OP_UNLINK,
	OP_WHOAMI,
};

struct request {
	uint32_t operation;
	uint32_t mode;
	uint32_t path_length;
	uint64_t body_length;
	char path[PATH_LIMIT + 1];
};

struct answer {
	int error;		/* errno, 0: none */
	uint64_t body_length;
};

/* Name of an operation in lower case; NULL: there is none. */
const char *operation_name(uint32_t operation);

/*
 * All of these return 0 unless it says otherwise, or -1 and errno: EPIPE if the
 * stream ends in the middle, EBADMSG or ENAMETOOLONG if the message is not
 * well-formed.
 */
int connect_to(const char *socket_path);	/* returns the stream */
int send_all(int fd, const void *bytes, size_t size);
int receive_all(int fd, void *bytes, size_t size);
int send_request(int fd, const struct request *request);
int send_answer(int fd, const struct answer *answer);
int receive_answer(int fd, struct answer *answer);

/* Returns 1 for a request, 0 if the client has hung up between two of them. */
int receive_request(int fd, struct request *request);

#endif /* NTIMP_EXAMPLES_PROTOCOL_H */
