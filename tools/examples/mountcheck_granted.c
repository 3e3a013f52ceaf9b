// SPDX-License-Identifier: MIT
/* What the users of mountcheck may do. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mountcheck_deeds.h"

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
	return named("%u/dir-%lu/elsewhere", worker->me->uid, worker->round);
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

struct deed granted_deeds[] = {
	{ "mkdir", ANYBODY, 0, make_directory },
	{ "create", ANYBODY, 0, create },
	{ "write", ANYBODY, 0, write_own },
	{ "read", ANYBODY, 0, read_own },
	{ "stat", ANYBODY, 0, stat_own },
	{ "chmod", ANYBODY, 0, chmod_own },
	{ "chgrp", MEMBER, 0, chgrp_own },
	{ "rename", ANYBODY, 0, rename_own },
	{ "truncate", ANYBODY, 0, truncate_own },
	{ "symlink", ANYBODY, 0, make_symlink },
	{ "link", ANYBODY, 0, link_own },
	{ "list", ANYBODY, 0, list_own },
	{ "group-create", MEMBER, 0, create_in_group },
	{ "group-read", MEMBER, 0, read_as_member },
	{ "group-write", MEMBER, 0, write_as_member },
	{ "group-unlink", MEMBER, 0, unlink_in_group },
	{ "drop-create", ANYBODY, 0, create_in_drop },
	{ "drop-read", OTHERS, 0, read_open_to_all },
	{ "drop-unlink", ANYBODY, 0, unlink_in_drop },
	{ "unlink", ANYBODY, 0, unlink_own },
	{ "unlink-link", ANYBODY, 0, unlink_link },
	{ "unlink-symlink", ANYBODY, 0, unlink_symlink },
	{ "rmdir", ANYBODY, 0, remove_directory },
};

_Static_assert(sizeof(granted_deeds) / sizeof(granted_deeds[0]) <= KINDS_LIMIT / 2,
	       "a tally has room for each kind");

const size_t granted_count = sizeof(granted_deeds) / sizeof(granted_deeds[0]);
