// SPDX-License-Identifier: MIT
/*
 * malformed: send requests to fileserver that are not well-formed, or come in
 * pieces, and see that it answers as protocol.h says.  One line per case on
 * stdout: what was sent, the answer wanted, the answer.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol.h"

#define HEAD_SIZE	20

struct trial {
	const char *what;
	uint32_t operation;
	uint32_t mode;
	uint32_t path_length;
	uint64_t body_length;
	const char *path;	/* path_length bytes, or NULL: none are sent */
	int error;		/* wanted; -1: the server hangs up without an answer */
	size_t cut;		/* so many bytes of the request are sent; 0: all */
	bool stays;		/* the connection is to be usable afterwards */
};

static const struct trial trials[] = {
	{ "unknown operation 0", 0, 0, 1, 0, NULL, EBADMSG, 0, false },
	{ "unknown operation 99", 99, 0, 1, 0, NULL, EBADMSG, 0, false },
	{ "get without a path", OP_GET, 0, 0, 0, "", EBADMSG, 0, false },
	{ "whoami with a path", OP_WHOAMI, 0, 1, 0, NULL, EBADMSG, 0, false },
	{ "get with a mode", OP_GET, 0600, 1, 0, NULL, EBADMSG, 0, false },
	{ "get with a body", OP_GET, 0, 1, 1, NULL, EBADMSG, 0, false },
	{ "put with mode 10000", OP_PUT, 010000, 1, 0, NULL, EBADMSG, 0, false },
	{ "put of 2^63 bytes", OP_PUT, 0600, 1, 1ULL << 63, NULL, EBADMSG, 0, false },
	{ "path of 4096 bytes", OP_GET, 0, 4096, 0, NULL, ENAMETOOLONG, 0, false },
	{ "path of 2^32-1 bytes", OP_GET, 0, UINT32_MAX, 0, NULL, ENAMETOOLONG, 0, false },
	{ "path with a NUL in it", OP_GET, 0, 3, 0, "a\0b", EBADMSG, 0, false },
	{ "request cut in its head", OP_GET, 0, 1, 0, "x", -1, 7, false },
	{ "request cut in its path", OP_GET, 0, 4, 0, "abcd", -1, HEAD_SIZE + 2, false },
	{ "absolute path", OP_GET, 0, 11, 0, "/etc/passwd", EXDEV, 0, true },
	{ "path that climbs out", OP_GET, 0, 16, 0, "../../etc/passwd", EXDEV, 0, true },
	{ "unlink of ..", OP_UNLINK, 0, 2, 0, "..", EINVAL, 0, true },
	{ "mkdir of the root itself", OP_MKDIR, 0700, 1, 0, ".", EINVAL, 0, true },
	{ "get of a directory", OP_GET, 0, 1, 0, ".", EISDIR, 0, true },
};

/* In pieces of one byte, so that the server reads short each time. */
static void send_in_pieces(int server, const struct trial *trial)
{
	char bytes[HEAD_SIZE + PATH_LIMIT];
	const uint32_t head[] = {
		htobe32(trial->operation), htobe32(trial->mode), htobe32(trial->path_length),
	};
	const uint64_t body_length = htobe64(trial->body_length);
	size_t i, size = HEAD_SIZE + (trial->path ? trial->path_length : 0);

	memcpy(bytes, head, sizeof(head));
	memcpy(bytes + sizeof(head), &body_length, sizeof(body_length));
	memcpy(bytes + HEAD_SIZE, trial->path ? trial->path : "", size - HEAD_SIZE);
	if (trial->cut)
		size = trial->cut;
	for (i = 0; i < size; i++)
		/* The server may hang up as soon as it has seen enough. */
		if (send_all(server, bytes + i, 1))
			break;
	if (trial->cut)
		shutdown(server, SHUT_WR);
}

static const char *name_of(int error)
{
	if (error < 0)
		return "hangs up";
	return error ? strerrorname_np(error) : "ok";
}

static int get_answer(int server)
{
	struct answer answer;

	return receive_answer(server, &answer) ? -1 : answer.error;
}

/* Does it answer another request, or did it hang up, as trial wants it? */
static bool ends_as_it_should(int server, const struct trial *trial)
{
	const struct request again = { .operation = OP_GET, .path_length = 1, .path = "." };
	int error = send_request(server, &again) ? -1 : get_answer(server);

	return error == (trial->stays ? EISDIR : -1);
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : DEFAULT_SOCKET;
	int error, failures = 0;
	bool good;
	size_t i;

	for (i = 0; i < sizeof(trials) / sizeof(trials[0]); i++) {
		int server = connect_to(path);

		if (server < 0)
			err(2, "cannot reach the server at %s", path);
		send_in_pieces(server, &trials[i]);
		error = get_answer(server);
		good = ends_as_it_should(server, &trials[i]);
		close(server);
		printf("%s|%s|%s%s\n", trials[i].what, name_of(trials[i].error), name_of(error),
		       good ? "" : trials[i].stays ? ", then hangs up" : ", then goes on");
		failures += error != trials[i].error || !good;
	}
	return failures != 0;
}
