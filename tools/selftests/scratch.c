// SPDX-License-Identifier: GPL-2.0-only
/* A directory for the files of a test, see scratch.h. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"

int scratch_open(struct scratch *scratch)
{
	strcpy(scratch->path, "/tmp/selftest.XXXXXX");
	if (!mkdtemp(scratch->path))
		return -errno;
	if (chmod(scratch->path, 01777))
		return -errno;
	scratch->fd = open(scratch->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return scratch->fd < 0 ? -errno : 0;
}

void scratch_close(struct scratch *scratch)
{
	DIR *dir = opendir(scratch->path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (unlinkat(scratch->fd, entry->d_name, 0))
			unlinkat(scratch->fd, entry->d_name, AT_REMOVEDIR);
	}
	if (dir)
		closedir(dir);
	close(scratch->fd);
	rmdir(scratch->path);
}

int scratch_mount(struct scratch *scratch, const char *options)
{
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", scratch->path, "tmpfs", 0, options))
		return -errno;
	close(scratch->fd);
	scratch->fd = open(scratch->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return scratch->fd < 0 ? -errno : 0;
}

int file_copy(const struct scratch *scratch, const char *name, const char *from)
{
	int source = open(from, O_RDONLY | O_CLOEXEC);
	int to = openat(scratch->fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	char block[65536];
	ssize_t n;

	if (source < 0 || to < 0)
		return -errno;
	while ((n = read(source, block, sizeof(block))) > 0)
		if (write(to, block, n) != n)
			return -EIO;
	close(source);
	close(to);
	return n < 0 ? -errno : 0;
}

int file_make(const struct scratch *scratch, const char *name, uid_t uid, gid_t gid, mode_t mode)
{
	int fd = openat(scratch->fd, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, "x", 1) != 1 || fchown(fd, uid, gid) || fchmod(fd, mode))
		err = -errno;
	close(fd);
	return err;
}

int file_create(const struct scratch *scratch, const char *name)
{
	return file_try(scratch, name, O_CREAT | O_EXCL | O_WRONLY);
}

bool file_belongs_to(const struct scratch *scratch, const char *name, uid_t uid, gid_t gid)
{
	struct stat st;

	if (fstatat(scratch->fd, name, &st, AT_SYMLINK_NOFOLLOW)) {
		fprintf(stderr, "# %s: %s\n", name, strerror(errno));
		return false;
	}
	if (st.st_uid == uid && st.st_gid == gid)
		return true;
	fprintf(stderr, "# %s belongs to %u:%u, not to %u:%u\n", name, st.st_uid, st.st_gid,
		uid, gid);
	return false;
}

int file_try(const struct scratch *scratch, const char *name, int flags)
{
	int fd = openat(scratch->fd, name, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}
