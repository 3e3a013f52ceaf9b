// SPDX-License-Identifier: MIT
/*
 * Paths of clients, resolved by the kernel and never beyond the served
 * directory.  Who may do what there is also the kernel's affair: the thread is
 * the client when it comes here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "beneath.h"
#include "protocol.h"

int open_beneath(int root, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (unsigned int)(flags | O_CLOEXEC),
		.mode = flags & O_CREAT ? mode : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	int fd, tries = 0;

	/* EAGAIN: a rename somewhere made the kernel unsure about a "..". */
	do
		fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN && ++tries < 100);
	return fd;
}

/* The directory that a path's last component is in, and that component. */
static int open_parent(int root, const char *path, char last[PATH_LIMIT + 1])
{
	char parent[PATH_LIMIT + 1];
	size_t end = strlen(path), start;

	while (end > 1 && path[end - 1] == '/')
		end--;
	start = end;
	while (start && path[start - 1] != '/')
		start--;
	/* With its slash: the parent of "/x" is "/", and refused. */
	memcpy(parent, path, start);
	strcpy(parent + start, start ? "" : ".");
	memcpy(last, path + start, end - start);
	last[end - start] = '\0';
	/* "..", unlike in the middle of a path, would leave the parent. */
	if (start == end || !strcmp(last, ".") || !strcmp(last, "..")) {
		errno = EINVAL;
		return -1;
	}
	return open_beneath(root, parent, O_PATH | O_DIRECTORY, 0);
}

static int close_keeping_errno(int fd, int result)
{
	int error = errno;

	close(fd);
	errno = error;
	return result;
}

int make_directory_beneath(int root, const char *path, mode_t mode)
{
	char last[PATH_LIMIT + 1];
	int parent = open_parent(root, path, last);

	if (parent < 0)
		return -1;
	return close_keeping_errno(parent, mkdirat(parent, last, mode));
}

int remove_beneath(int root, const char *path)
{
	char last[PATH_LIMIT + 1];
	int parent = open_parent(root, path, last);
	int result;

	if (parent < 0)
		return -1;
	result = unlinkat(parent, last, 0);
	if (result && errno == EISDIR)
		result = unlinkat(parent, last, AT_REMOVEDIR);
	return close_keeping_errno(parent, result);
}
