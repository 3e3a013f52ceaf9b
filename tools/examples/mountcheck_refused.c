// SPDX-License-Identifier: MIT
/* What the users of mountcheck may not do. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "mountcheck_deeds.h"

/* There in each round. */
static struct name mine(const struct worker *worker)
{
	return named("%u/secret", worker->me->uid);
}

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
	return result(renameat(worker->mount, mine(worker).path, worker->mount,
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
	return result(fchownat(worker->mount, mine(worker).path, worker->other->uid, (gid_t)-1,
			       0));
}

static int chgrp_outside(struct worker *worker)
{
	return result(fchownat(worker->mount, mine(worker).path, (uid_t)-1, worker->outside,
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

static int set_attribute(struct worker *worker, const char *name, const void *value, size_t size)
{
	int fd = openat(worker->mount, mine(worker).path, O_RDONLY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return errno;
	error = result(fsetxattr(fd, name, value, size, 0));
	close(fd);
	return error;
}

/* Takes CAP_SYS_ADMIN. */
static int set_trusted(struct worker *worker)
{
	return set_attribute(worker, "trusted.mountcheck", "1", 1);
}

/* Takes CAP_SETFCAP: whoever executes the file would have a capability. */
static int set_capability(struct worker *worker)
{
	const struct vfs_cap_data data = {
		.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
		.data[0].permitted = 1 << CAP_SETUID,
	};

	return set_attribute(worker, "security.capability", &data, sizeof(data));
}

struct deed refused_deeds[] = {
	{ "read-others", OTHERS, EACCES, read_others },
	{ "create-in-others", OTHERS, EACCES, create_in_others },
	{ "write-others", OTHERS, EACCES, write_others },
	{ "chmod-others", OTHERS, EPERM, chmod_others },
	{ "rename-others", OTHERS, EACCES, rename_others },
	{ "rename-to-others", OTHERS, EACCES, rename_to_others },
	{ "truncate-others", OTHERS, EACCES, truncate_others },
	{ "give-away", OTHERS, EPERM, give_away },
	{ "chgrp-outside", OUTSIDER, EPERM, chgrp_outside },
	{ "symlink-in-others", OTHERS, EACCES, symlink_in_others },
	{ "list-others", OTHERS, EACCES, list_others },
	{ "search-others", OTHERS, EACCES, search_others },
	{ "group-create-outside", OUTSIDER, EACCES, create_outside },
	{ "group-read-outside", OUTSIDER, EACCES, read_outside },
	{ "group-write-outside", OUTSIDER, EACCES, write_outside },
	{ "drop-unlink-others", OTHERS, EPERM, unlink_dropped },
	{ "drop-rename-others", OTHERS, EPERM, rename_dropped },
	{ "utimes-others", OTHERS, EPERM, utimes_others },
	{ "mkdir-in-others", OTHERS, EACCES, mkdir_in_others },
	{ "unlink-others", OTHERS, EACCES, unlink_others },
	{ "root-read", ANYBODY, EACCES, read_roots },
	{ "root-create", ANYBODY, EACCES, create_in_roots },
	{ "setxattr-trusted", PRIVILEGED, EPERM, set_trusted },
	{ "setxattr-capability", PRIVILEGED, EPERM, set_capability },
};

_Static_assert(sizeof(refused_deeds) / sizeof(refused_deeds[0]) <= KINDS_LIMIT / 2,
	       "a tally has room for each kind");

const size_t refused_count = sizeof(refused_deeds) / sizeof(refused_deeds[0]);
