// SPDX-License-Identifier: MIT
/*
 * What the server does for a client, one function per operation.
 *
 * There is not one check of permission here: the thread is the client, and the
 * kernel decides.  Bodies are moved while being the client, too: as the server,
 * a write would keep the set-user-id bit of the file, and could use blocks that
 * are reserved for root.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ntimp.h>

#include "beneath.h"
#include "operations.h"

/* A directory listing is held in memory. */
#define LISTING_LIMIT	(16L << 20)
#define GROUPS_LIMIT	65536

static enum outcome answer(int stream, int error, const char *body, size_t size)
{
	struct answer head = { .error = error, .body_length = error ? 0 : size };

	if (send_answer(stream, &head))
		return BROKEN;
	return send_all(stream, body, head.body_length) ? BROKEN : ANSWERED;
}

static enum outcome answer_result(int stream, int result, int *error)
{
	*error = result ? errno : 0;
	return answer(stream, *error, NULL, 0);
}

static enum outcome get(int root, int stream, const struct request *request, int *error)
{
	struct answer head = { 0 };
	char buffer[65536];
	struct stat st;
	uint64_t left;
	ssize_t got;
	int file;

	/* O_NONBLOCK: a FIFO must not hold the thread. */
	file = open_beneath(root, request->path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	if (file < 0 || fstat(file, &st))
		head.error = errno;
	else if (!S_ISREG(st.st_mode))
		head.error = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	else
		head.body_length = (uint64_t)st.st_size;
	*error = head.error;
	left = head.body_length;
	if (send_answer(stream, &head))
		goto broken;
	while (left) {
		got = read(file, buffer, left < sizeof(buffer) ? left : sizeof(buffer));
		if (got <= 0) {
			/* The length is promised: all that is left is to hang up. */
			errno = got ? errno : EPIPE;
			goto broken;
		}
		if (send_all(stream, buffer, (size_t)got))
			goto broken;
		left -= (uint64_t)got;
	}
	if (file >= 0)
		close(file);
	return ANSWERED;
broken:
	*error = errno;
	if (file >= 0)
		close(file);
	return BROKEN;
}

static int write_all(int file, const char *bytes, size_t size)
{
	ssize_t written;

	while (size) {
		written = write(file, bytes, size);
		if (written < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		bytes += written;
		size -= (size_t)written;
	}
	return 0;
}

/* Takes the whole body off the stream, whatever happens to the file. */
static enum outcome store_body(int stream, int file, uint64_t left, int *error)
{
	char buffer[65536];
	size_t part;

	while (left) {
		part = left < sizeof(buffer) ? left : sizeof(buffer);
		if (receive_all(stream, buffer, part)) {
			*error = errno;
			return BROKEN;
		}
		if (!*error && write_all(file, buffer, part))
			*error = errno;
		left -= part;
	}
	return ANSWERED;
}

enum outcome refuse(int stream, const struct request *request, int error)
{
	int answered = error;

	if (store_body(stream, -1, request->body_length, &answered) == BROKEN)
		return BROKEN;
	return answer(stream, error, NULL, 0);
}

static enum outcome put(int root, int stream, const struct request *request, int *error)
{
	enum outcome outcome;
	struct stat st;
	int file;

	/* Truncated only when it is known to be a regular file. */
	file = open_beneath(root, request->path, O_WRONLY | O_CREAT | O_NONBLOCK | O_NOCTTY,
			    request->mode);
	if (file < 0 || fstat(file, &st))
		*error = errno;
	else if (!S_ISREG(st.st_mode))
		*error = EINVAL;
	else
		*error = ftruncate(file, 0) ? errno : 0;
	outcome = store_body(stream, file, request->body_length, error);
	/* Some file systems report here that the disk is full. */
	if (file >= 0 && close(file) && !*error)
		*error = errno;
	return outcome == BROKEN ? BROKEN : answer(stream, *error, NULL, 0);
}

/* Names, each with its NUL, into memory; errno on failure. */
static int read_names(DIR *dir, char **names, size_t *size)
{
	FILE *out = open_memstream(names, size);
	struct dirent *entry;
	int error = 0;

	if (!out)
		return errno;
	while (!error) {
		errno = 0;
		entry = readdir(dir);
		if (!entry) {
			error = errno;
			break;
		}
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (ftell(out) > LISTING_LIMIT)
			error = EOVERFLOW;
		else if (fwrite(entry->d_name, strlen(entry->d_name) + 1, 1, out) != 1)
			error = ENOMEM;
	}
	if (fclose(out) && !error)
		error = ENOMEM;
	return error;
}

static enum outcome list(int root, int stream, const struct request *request, int *error)
{
	int fd = open_beneath(root, request->path, O_RDONLY | O_DIRECTORY, 0);
	enum outcome outcome;
	char *names = NULL;
	size_t size = 0;
	DIR *dir;

	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		*error = errno;
		if (fd >= 0)
			close(fd);
		return answer(stream, *error, NULL, 0);
	}
	*error = read_names(dir, &names, &size);
	closedir(dir);
	outcome = answer(stream, *error, names, size);
	free(names);
	return outcome;
}

static const char *type_name(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return "file";
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "link";
	default:
		return "special";
	}
}

static enum outcome status(int root, int stream, const struct request *request, int *error)
{
	int fd = open_beneath(root, request->path, O_PATH | O_NOFOLLOW, 0);
	char line[128];
	struct stat st;
	int size = 0;

	if (fd < 0 || fstat(fd, &st)) {
		*error = errno;
	} else {
		*error = 0;
		size = snprintf(line, sizeof(line), "%s %04o %u %u %lld %lld",
				type_name(st.st_mode), st.st_mode & MODE_LIMIT,
				st.st_uid, st.st_gid,
				(long long)st.st_size, (long long)st.st_mtime);
	}
	if (fd >= 0)
		close(fd);
	return answer(stream, *error, line, (size_t)size);
}

/* Asked of the kernel, not of the connection: whom does this thread act as. */
static int describe_identity(FILE *out)
{
	struct ntimp_info info = { 0 };
	gid_t *groups = NULL;
	int error = 0;
	__u32 i;

	if (ntimp_query_thread(0, &info))
		return errno;
	if (info.ngroups) {
		groups = calloc(GROUPS_LIMIT, sizeof(*groups));
		if (!groups)
			return ENOMEM;
		info.groups = (uintptr_t)groups;
		info.ngroups = GROUPS_LIMIT;
		if (ntimp_query_thread(0, &info))
			error = errno;
	}
	if (!error) {
		fprintf(out, "uid=%u gid=%u groups=", info.fsuid, info.fsgid);
		for (i = 0; i < info.ngroups; i++)
			fprintf(out, "%s%u", i ? "," : "", groups[i]);
		fprintf(out, " caps=%llx", (unsigned long long)info.cap_effective);
	}
	free(groups);
	return error;
}

static enum outcome whoami(int stream, int *error)
{
	enum outcome outcome;
	char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	*error = out ? describe_identity(out) : ENOMEM;
	if (out && fclose(out) && !*error)
		*error = ENOMEM;
	outcome = answer(stream, *error, line, size);
	free(line);
	return outcome;
}

enum outcome perform(int root, int stream, const struct request *request, int *error)
{
	switch (request->operation) {
	case OP_GET:
		return get(root, stream, request, error);
	case OP_PUT:
		return put(root, stream, request, error);
	case OP_LIST:
		return list(root, stream, request, error);
	case OP_STAT:
		return status(root, stream, request, error);
	case OP_MKDIR:
		return answer_result(stream, make_directory_beneath(root, request->path,
								    request->mode), error);
	case OP_UNLINK:
		return answer_result(stream, remove_beneath(root, request->path), error);
	case OP_WHOAMI:
		return whoami(stream, error);
	default:
		*error = EBADMSG;
		return refuse(stream, request, EBADMSG);
	}
}
