// SPDX-License-Identifier: MIT
/*
 * What the users of mountcheck do: each row of the table is one operation, with what
 * has to come of it.  What is made is looked at twice, through the mount and behind
 * it: it has to be its maker's.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mountcheck.h"

#define COMPLAINTS_LIMIT	10	/* of one user, that are said */
#define TEXT			"what its owner wrote\n"

/* What a row needs to make sense. */
enum need { ANYBODY, MEMBER, OUTSIDER, OTHERS };

/* --- names, and what is said ------------------------------------------------------ */

struct name named(const char *pattern, ...)
{
	struct name name;
	va_list values;

	va_start(values, pattern);
	vsnprintf(name.path, sizeof(name.path), pattern, values);
	va_end(values);
	return name;
}

/* A name of this round in the user's own directory. */
static struct name own(const struct worker *worker, const char *what)
{
	return named("%u/%s-%lu", worker->me->uid, what, worker->round);
}

static struct name others(const struct worker *worker, const char *what)
{
	return named("%u/%s", worker->other->uid, what);
}

static void __attribute__((format(printf, 2, 3))) complain(struct worker *worker,
							   const char *pattern, ...)
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

static int result(int status)
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

/* 0: what was made is its maker's.  It is said, and counted, where it is not. */
static int made(struct worker *worker, int status, struct name name, gid_t gid, mode_t mode)
{
	if (status < 0)
		return errno;
	if (is_as_made(worker, "through the mount", worker->mount, name.path, gid, mode))
		is_as_made(worker, "behind the mount", worker->behind, name.path, gid, mode);
	return 0;
}

static int open_and_close(struct worker *worker, struct name name, int flags, mode_t mode)
{
	int fd = openat(worker->mount, name.path, flags | O_CLOEXEC, mode);

	return fd < 0 ? -1 : close(fd);
}

/* A failure may show only when the file is closed. */
static int write_text(struct worker *worker, struct name name)
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

static int read_text(struct worker *worker, struct name name, const char *text)
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

static int list(struct worker *worker, struct name name, unsigned int expected)
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

/* --- what a user may ---------------------------------------------------------------- */

static int make_directory(struct worker *worker)
{
	struct name name = own(worker, "dir");

	return made(worker, mkdirat(worker->mount, name.path, 0750), name, worker->me->gid,
		    S_IFDIR | 0750);
}

static struct name subject(const struct worker *worker)
{
	return named("%u/dir-%lu/file", worker->me->uid, worker->round);
}

static struct name moved(const struct worker *worker)
{
	return named("%u/dir-%lu/moved", worker->me->uid, worker->round);
}

static int create(struct worker *worker)
{
	struct name name = subject(worker);

	return made(worker, open_and_close(worker, name, O_WRONLY | O_CREAT | O_EXCL, 0640), name,
		    worker->me->gid, S_IFREG | 0640);
}

static int write_own(struct worker *worker)
{
	return result(write_text(worker, subject(worker)));
}

static int read_own(struct worker *worker)
{
	return result(read_text(worker, subject(worker), TEXT));
}

static int stat_own(struct worker *worker)
{
	struct stat st;

	return result(fstatat(worker->mount, subject(worker).path, &st, AT_SYMLINK_NOFOLLOW));
}

static int chmod_own(struct worker *worker)
{
	struct name name = subject(worker);

	return made(worker, fchmodat(worker->mount, name.path, 0600, 0), name, worker->me->gid,
		    S_IFREG | 0600);
}

static int chgrp_own(struct worker *worker)
{
	struct name name = subject(worker);
	int status = fchownat(worker->mount, name.path, (uid_t)-1, worker->inside, 0);

	return made(worker, status, name, worker->inside, S_IFREG | 0600);
}

static int rename_own(struct worker *worker)
{
	struct stat st;

	if (renameat(worker->mount, subject(worker).path, worker->mount, moved(worker).path))
		return errno;
	return result(fstatat(worker->mount, moved(worker).path, &st, AT_SYMLINK_NOFOLLOW));
}

static int truncate_own(struct worker *worker)
{
	return result(open_and_close(worker, moved(worker), O_WRONLY | O_TRUNC, 0));
}

static int make_symlink(struct worker *worker)
{
	struct name name = own(worker, "symlink");

	return made(worker, symlinkat("secret", worker->mount, name.path), name, worker->me->gid,
		    S_IFLNK | 0777);
}

static int link_own(struct worker *worker)
{
	return result(linkat(worker->mount, moved(worker).path, worker->mount,
			     own(worker, "link").path, 0));
}

static int list_own(struct worker *worker)
{
	/* itself, its parent and the file */
	return result(list(worker, own(worker, "dir"), 3));
}

static struct name in_group_directory(const struct worker *worker, gid_t group)
{
	return named("group-%u/%u-%lu", group, worker->me->uid, worker->round);
}

/* A directory hands its group on. */
static int create_in_group(struct worker *worker)
{
	struct name name = in_group_directory(worker, worker->inside);

	return made(worker, open_and_close(worker, name, O_WRONLY | O_CREAT | O_EXCL, 0660), name,
		    worker->inside, S_IFREG | 0660);
}

static int read_as_member(struct worker *worker)
{
	struct name name = named("plan-%u", worker->inside);

	return result(read_text(worker, name, name.path));
}

static int write_as_member(struct worker *worker)
{
	return result(write_text(worker, named("log-%u", worker->inside)));
}

static int unlink_in_group(struct worker *worker)
{
	return result(unlinkat(worker->mount,
			       in_group_directory(worker, worker->inside).path, 0));
}

static struct name dropped(const struct worker *worker)
{
	return named("drop/%u-%lu", worker->me->uid, worker->round);
}

static int create_in_drop(struct worker *worker)
{
	struct name name = dropped(worker);

	return made(worker, open_and_close(worker, name, O_WRONLY | O_CREAT | O_EXCL, 0644), name,
		    worker->me->gid, S_IFREG | 0644);
}

static int unlink_in_drop(struct worker *worker)
{
	return result(unlinkat(worker->mount, dropped(worker).path, 0));
}

static int read_open_to_all(struct worker *worker)
{
	struct name name = named("drop/%u", worker->other->uid);

	return result(read_text(worker, name, name.path));
}

static int unlink_own(struct worker *worker)
{
	return result(unlinkat(worker->mount, moved(worker).path, 0));
}

static int unlink_link(struct worker *worker)
{
	return result(unlinkat(worker->mount, own(worker, "link").path, 0));
}

static int unlink_symlink(struct worker *worker)
{
	return result(unlinkat(worker->mount, own(worker, "symlink").path, 0));
}

static int remove_directory(struct worker *worker)
{
	return result(unlinkat(worker->mount, own(worker, "dir").path, AT_REMOVEDIR));
}

/* --- what a user may not ---------------------------------------------------------------- */

static int read_others(struct worker *worker)
{
	return result(open_and_close(worker, others(worker, "secret"), O_RDONLY, 0));
}

static int write_others(struct worker *worker)
{
	return result(write_text(worker, others(worker, "secret")));
}

static int truncate_others(struct worker *worker)
{
	return result(open_and_close(worker, named("drop/%u", worker->other->uid),
				     O_WRONLY | O_TRUNC, 0));
}

static struct name intruder(const struct worker *worker)
{
	return named("%u/by-%u-%lu", worker->other->uid, worker->me->uid, worker->round);
}

static int create_in_others(struct worker *worker)
{
	return result(open_and_close(worker, intruder(worker), O_WRONLY | O_CREAT | O_EXCL, 0644));
}

static int mkdir_in_others(struct worker *worker)
{
	return result(mkdirat(worker->mount, intruder(worker).path, 0755));
}

static int symlink_in_others(struct worker *worker)
{
	return result(symlinkat("secret", worker->mount, intruder(worker).path));
}

static int unlink_others(struct worker *worker)
{
	return result(unlinkat(worker->mount, others(worker, "secret").path, 0));
}

static int rename_others(struct worker *worker)
{
	return result(renameat(worker->mount, others(worker, "secret").path, worker->mount,
			       own(worker, "taken").path));
}

static int rename_to_others(struct worker *worker)
{
	return result(renameat(worker->mount, moved(worker).path, worker->mount,
			       intruder(worker).path));
}

static int chmod_others(struct worker *worker)
{
	return result(fchmodat(worker->mount, others(worker, "secret").path, 0666, 0));
}

static int utimes_others(struct worker *worker)
{
	const struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };

	return result(utimensat(worker->mount, others(worker, "secret").path, times, 0));
}

static int search_others(struct worker *worker)
{
	return result(open_and_close(worker, others(worker, "closed/inside"), O_RDONLY, 0));
}

static int list_others(struct worker *worker)
{
	return result(list(worker, others(worker, "closed"), 3));
}

static int unlink_dropped(struct worker *worker)
{
	return result(unlinkat(worker->mount, named("drop/%u", worker->other->uid).path, 0));
}

static int rename_dropped(struct worker *worker)
{
	return result(renameat(worker->mount, named("drop/%u", worker->other->uid).path,
			       worker->mount, dropped(worker).path));
}

static int give_away(struct worker *worker)
{
	return result(fchownat(worker->mount, moved(worker).path, worker->other->uid, (gid_t)-1,
			       0));
}

static int chgrp_outside(struct worker *worker)
{
	return result(fchownat(worker->mount, moved(worker).path, (uid_t)-1, worker->outside,
			       0));
}

static int read_outside(struct worker *worker)
{
	return result(open_and_close(worker, named("plan-%u", worker->outside), O_RDONLY, 0));
}

static int write_outside(struct worker *worker)
{
	return result(write_text(worker, named("log-%u", worker->outside)));
}

static int create_outside(struct worker *worker)
{
	return result(open_and_close(worker, in_group_directory(worker, worker->outside),
				     O_WRONLY | O_CREAT | O_EXCL, 0660));
}

static int read_roots(struct worker *worker)
{
	return result(open_and_close(worker, named("root"), O_RDONLY, 0));
}

static int create_in_roots(struct worker *worker)
{
	return result(open_and_close(worker, named("by-%u-%lu", worker->me->uid, worker->round),
				     O_WRONLY | O_CREAT | O_EXCL, 0644));
}

/* --- the table ------------------------------------------------------------------------------ */

/* In this order: a round leaves nothing behind. */
static struct deed {
	const char *name;
	enum need need;
	int expected;		/* an errno; 0: it is done */
	int (*run)(struct worker *worker);
} deeds[] = {
	{ "mkdir", ANYBODY, 0, make_directory },
	{ "create", ANYBODY, 0, create },
	{ "read-others", OTHERS, EACCES, read_others },
	{ "write", ANYBODY, 0, write_own },
	{ "create-in-others", OTHERS, EACCES, create_in_others },
	{ "read", ANYBODY, 0, read_own },
	{ "stat", ANYBODY, 0, stat_own },
	{ "write-others", OTHERS, EACCES, write_others },
	{ "chmod", ANYBODY, 0, chmod_own },
	{ "chmod-others", OTHERS, EPERM, chmod_others },
	{ "chgrp", MEMBER, 0, chgrp_own },
	{ "rename", ANYBODY, 0, rename_own },
	{ "rename-others", OTHERS, EACCES, rename_others },
	{ "rename-to-others", OTHERS, EACCES, rename_to_others },
	{ "truncate", ANYBODY, 0, truncate_own },
	{ "truncate-others", OTHERS, EACCES, truncate_others },
	{ "give-away", OTHERS, EPERM, give_away },
	{ "chgrp-outside", OUTSIDER, EPERM, chgrp_outside },
	{ "symlink", ANYBODY, 0, make_symlink },
	{ "symlink-in-others", OTHERS, EACCES, symlink_in_others },
	{ "link", ANYBODY, 0, link_own },
	{ "list", ANYBODY, 0, list_own },
	{ "list-others", OTHERS, EACCES, list_others },
	{ "search-others", OTHERS, EACCES, search_others },
	{ "group-create", MEMBER, 0, create_in_group },
	{ "group-create-outside", OUTSIDER, EACCES, create_outside },
	{ "group-read", MEMBER, 0, read_as_member },
	{ "group-read-outside", OUTSIDER, EACCES, read_outside },
	{ "group-write", MEMBER, 0, write_as_member },
	{ "group-write-outside", OUTSIDER, EACCES, write_outside },
	{ "group-unlink", MEMBER, 0, unlink_in_group },
	{ "drop-create", ANYBODY, 0, create_in_drop },
	{ "drop-read", OTHERS, 0, read_open_to_all },
	{ "drop-unlink-others", OTHERS, EPERM, unlink_dropped },
	{ "drop-rename-others", OTHERS, EPERM, rename_dropped },
	{ "drop-unlink", ANYBODY, 0, unlink_in_drop },
	{ "utimes-others", OTHERS, EPERM, utimes_others },
	{ "mkdir-in-others", OTHERS, EACCES, mkdir_in_others },
	{ "unlink-others", OTHERS, EACCES, unlink_others },
	{ "root-read", ANYBODY, EACCES, read_roots },
	{ "root-create", ANYBODY, EACCES, create_in_roots },
	{ "unlink", ANYBODY, 0, unlink_own },
	{ "unlink-link", ANYBODY, 0, unlink_link },
	{ "unlink-symlink", ANYBODY, 0, unlink_symlink },
	{ "rmdir", ANYBODY, 0, remove_directory },
};

#define DEEDS	(sizeof(deeds) / sizeof(deeds[0]))

_Static_assert(DEEDS <= KINDS_LIMIT, "a tally has room for each kind");

const char *deed_name(size_t kind)
{
	return kind < DEEDS ? deeds[kind].name : NULL;
}

int deed_expect(const char *name, int error)
{
	int found = -1;

	for (size_t i = 0; i < DEEDS; i++) {
		if (strcmp(name, deeds[i].name) && strcmp(name, "all"))
			continue;
		deeds[i].expected = error;
		found = 0;
	}
	return found;
}

static const char *said(int error)
{
	return error ? strerrorname_np(error) : "success";
}

static bool is_denial(int error)
{
	return error == EACCES || error == EPERM;
}

static void judge(struct worker *worker, const struct deed *deed, int got)
{
	struct tally *tally = worker->tally;

	if (got == deed->expected) {
		tally->refused += got != 0;
		return;
	}
	complain(worker, "%s: %s, should be %s", deed->name, said(got), said(deed->expected));
	/* Somebody else would have been let, or not let. */
	if ((deed->expected && !got) || (!deed->expected && is_denial(got)))
		tally->wrong++;
	else
		tally->deviations++;
}

static bool applies(const struct worker *worker, enum need need)
{
	switch (need) {
	case MEMBER:
		return worker->member;
	case OUTSIDER:
		return worker->outsider;
	case OTHERS:
		return worker->other;
	default:
		return true;
	}
}

/* Another of each in each round. */
static void choose(struct worker *worker)
{
	const struct crowd *crowd = worker->crowd;
	const struct user *me = worker->me;
	size_t mine = (size_t)(me - crowd->users);

	worker->other = NULL;
	if (crowd->count > 1)
		worker->other = &crowd->users[(mine + 1 + worker->round % (crowd->count - 1)) %
					      crowd->count];
	worker->member = me->ngroups;
	if (worker->member)
		worker->inside = me->groups[worker->round % me->ngroups];
	worker->outsider = false;
	for (size_t i = 0; i < crowd->ngroups && !worker->outsider; i++) {
		worker->outside = crowd->groups[(worker->round + i) % crowd->ngroups];
		worker->outsider = !in_group(me, worker->outside);
	}
}

static uint64_t now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (uint64_t)at.tv_sec * 1000000000 + (uint64_t)at.tv_nsec;
}

void deeds_round(struct worker *worker)
{
	struct tally *tally = worker->tally;

	choose(worker);
	for (size_t i = 0; i < DEEDS; i++) {
		uint64_t begun;

		if (!applies(worker, deeds[i].need))
			continue;
		begun = now();
		judge(worker, &deeds[i], deeds[i].run(worker));
		tally->ns[i] += now() - begun;
		tally->count[i]++;
		tally->operations++;
	}
	worker->round++;
}
