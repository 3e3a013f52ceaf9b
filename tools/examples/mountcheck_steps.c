// SPDX-License-Identifier: MIT
/* What the operations of mountcheck's users are made of. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mountcheck_deeds.h"

#define COMPLAINTS_LIMIT	10	/* of one user, that are said */

struct name named(const char *pattern, ...)
{
	struct name name;
	va_list values;

	va_start(values, pattern);
	vsnprintf(name.path, sizeof(name.path), pattern, values);
	va_end(values);
	return name;
}

struct name own(const struct worker *worker, const char *what)
{
	return named("%u/%s-%lu", worker->me->uid, what, worker->round);
}

struct name others(const struct worker *worker, const char *what)
{
	return named("%u/%s", worker->other->uid, what);
}

struct name in_group_directory(const struct worker *worker, gid_t group)
{
	return named("group-%u/%u-%lu", group, worker->me->uid, worker->round);
}

struct name dropped(const struct worker *worker)
{
	return named("drop/%u-%lu", worker->me->uid, worker->round);
}

void complain(struct worker *worker, const char *pattern, ...)
{
	va_list values;
	char line[512];

	if (worker->complaints++ >= COMPLAINTS_LIMIT)
		return;
	va_start(values, pattern);
	vsnprintf(line, sizeof(line), pattern, values);
	va_end(values);
	dprintf(STDERR_FILENO, "mountcheck: user %u: %s\n", worker->me->uid, line);
}

/* --- whose it is -------------------------------------------------------------------- */

int result(int status)
{
	return status < 0 ? errno : 0;
}

static bool is_as_made(struct worker *worker, const char *where, int tree, const char *path,
		       gid_t gid, mode_t mode)
{
	struct stat st;

	if (fstatat(tree, path, &st, AT_SYMLINK_NOFOLLOW)) {
		complain(worker, "%s %s: %s", where, path, strerror(errno));
		worker->tally->deviations++;
		return false;
	}
	if (st.st_uid != worker->me->uid || st.st_gid != gid) {
		complain(worker, "%s %s belongs to %u:%u, should to %u:%u", where, path, st.st_uid,
			 st.st_gid, worker->me->uid, gid);
		worker->tally->wrong++;
		return false;
	}
	if (st.st_mode != mode) {
		complain(worker, "%s %s has mode %o, should have %o", where, path, st.st_mode,
			 mode);
		worker->tally->deviations++;
		return false;
	}
	return true;
}

int made(struct worker *worker, int status, struct name name, gid_t gid, mode_t mode)
{
	if (status < 0)
		return errno;
	if (is_as_made(worker, "through the mount", worker->mount, name.path, gid, mode))
		is_as_made(worker, "behind the mount", worker->behind, name.path, gid, mode);
	return 0;
}

int open_and_close(struct worker *worker, struct name name, int flags, mode_t mode)
{
	int fd = openat(worker->mount, name.path, flags | O_CLOEXEC, mode);

	return fd < 0 ? -1 : close(fd);
}

int write_text(struct worker *worker, struct name name)
{
	int fd = openat(worker->mount, name.path, O_WRONLY | O_CLOEXEC);
	ssize_t written;

	if (fd < 0)
		return -1;
	written = write(fd, TEXT, sizeof(TEXT) - 1);
	if (close(fd) || written < 0)
		return -1;
	errno = EIO;
	return written == sizeof(TEXT) - 1 ? 0 : -1;
}

int read_text(struct worker *worker, struct name name, const char *text)
{
	int fd = openat(worker->mount, name.path, O_RDONLY | O_CLOEXEC);
	char content[NAME_SIZE];
	ssize_t got;

	if (fd < 0)
		return -1;
	got = read(fd, content, sizeof(content));
	close(fd);
	if (got < 0)
		return -1;
	errno = EBADMSG;
	return got == (ssize_t)strlen(text) && !memcmp(content, text, strlen(text)) ? 0 : -1;
}

int list(struct worker *worker, struct name name, unsigned int expected)
{
	int fd = openat(worker->mount, name.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	unsigned int entries = 0;

	if (!listing)
		return -1;
	for (errno = 0; readdir(listing); errno = 0)
		entries++;
	if (errno) {
		int error = errno;

		closedir(listing);
		errno = error;
		return -1;
	}
	closedir(listing);
	errno = EBADMSG;
	return entries == expected ? 0 : -1;
}
