// SPDX-License-Identifier: MIT
/*
 * Requests and answers on the wire.  Errors travel by name, because their
 * numbers are not the same on all machines.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "protocol.h"

#define ERROR_NAME_SIZE	16

struct wire_request {
	uint32_t operation;
	uint32_t mode;
	uint32_t path_length;
	uint64_t body_length;
} __attribute__((packed));

struct wire_answer {
	char error[ERROR_NAME_SIZE];
	uint64_t body_length;
} __attribute__((packed));

const char *operation_name(uint32_t operation)
{
	static const char * const names[] = {
		[OP_GET] = "get", [OP_PUT] = "put", [OP_LIST] = "list", [OP_STAT] = "stat",
		[OP_MKDIR] = "mkdir", [OP_UNLINK] = "unlink", [OP_WHOAMI] = "whoami",
	};

	return operation < sizeof(names) / sizeof(names[0]) ? names[operation] : NULL;
}

int connect_to(const char *socket_path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int error, stream;

	if (strlen(socket_path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(address.sun_path, socket_path);
	stream = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (stream < 0 || !connect(stream, (struct sockaddr *)&address, sizeof(address)))
		return stream;
	error = errno;
	close(stream);
	errno = error;
	return -1;
}

int send_all(int fd, const void *bytes, size_t size)
{
	const char *next = bytes;
	ssize_t sent;

	while (size) {
		sent = send(fd, next, size, MSG_NOSIGNAL);
		if (sent < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		next += sent;
		size -= (size_t)sent;
	}
	return 0;
}

int receive_all(int fd, void *bytes, size_t size)
{
	char *next = bytes;
	ssize_t got;

	while (size) {
		got = recv(fd, next, size, MSG_WAITALL);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			if (!got)
				errno = EPIPE;
			return -1;
		}
		next += got;
		size -= (size_t)got;
	}
	return 0;
}

int send_request(int fd, const struct request *request)
{
	struct wire_request wire = {
		.operation = htobe32(request->operation),
		.mode = htobe32(request->mode),
		.path_length = htobe32(request->path_length),
		.body_length = htobe64(request->body_length),
	};

	if (send_all(fd, &wire, sizeof(wire)))
		return -1;
	return send_all(fd, request->path, request->path_length);
}

static int well_formed(const struct request *request)
{
	int has_path = request->operation != OP_WHOAMI;
	int has_mode = request->operation == OP_PUT || request->operation == OP_MKDIR;
	int has_body = request->operation == OP_PUT;

	return operation_name(request->operation) && has_path == !!request->path_length &&
	       request->mode <= (has_mode ? MODE_LIMIT : 0) &&
	       request->body_length <= (has_body ? BODY_LIMIT : 0);
}

int receive_request(int fd, struct request *request)
{
	struct wire_request wire;
	ssize_t got;

	/* The end of the stream is an end only before the first byte. */
	do
		got = recv(fd, &wire, 1, 0);
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return (int)got;
	if (receive_all(fd, (char *)&wire + 1, sizeof(wire) - 1))
		return -1;
	request->operation = be32toh(wire.operation);
	request->mode = be32toh(wire.mode);
	request->path_length = be32toh(wire.path_length);
	request->body_length = be64toh(wire.body_length);
	request->path[0] = '\0';
	if (request->path_length > PATH_LIMIT) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (!well_formed(request)) {
		errno = EBADMSG;
		return -1;
	}
	if (receive_all(fd, request->path, request->path_length))
		return -1;
	request->path[request->path_length] = '\0';
	if (strlen(request->path) != request->path_length) {
		errno = EBADMSG;
		return -1;
	}
	return 1;
}

int send_answer(int fd, const struct answer *answer)
{
	struct wire_answer wire = { .body_length = htobe64(answer->body_length) };
	const char *name = answer->error ? strerrorname_np(answer->error) : "";

	if (!name || strlen(name) >= sizeof(wire.error))
		name = "EIO";
	memcpy(wire.error, name, strlen(name));
	return send_all(fd, &wire, sizeof(wire));
}

/* -1: this machine has no such error. */
static int error_number(const char *name)
{
	const char *candidate;
	int error;

	if (!*name)
		return 0;
	for (error = 1; error < 4096; error++) {
		candidate = strerrorname_np(error);
		if (candidate && !strcmp(candidate, name))
			return error;
	}
	return -1;
}

int receive_answer(int fd, struct answer *answer)
{
	struct wire_answer wire;

	if (receive_all(fd, &wire, sizeof(wire)))
		return -1;
	answer->body_length = be64toh(wire.body_length);
	answer->error = wire.error[ERROR_NAME_SIZE - 1] ? -1 : error_number(wire.error);
	if (answer->error < 0 || (answer->error && answer->body_length)) {
		errno = EBADMSG;
		return -1;
	}
	return 0;
}
