// SPDX-License-Identifier: GPL-2.0-only
/* What somebody does with an entry of a tree, see deed.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "broker.h"
#include "deed.h"

/* The calls themselves: what the C library makes of some of them is its own. */
static int result(long ret)
{
	return ret < 0 ? -errno : (int)ret;
}

static void look_from(const struct stat *st, struct look *look)
{
	look->mode = st->st_mode;
	look->uid = st->st_uid;
	look->gid = st->st_gid;
	/* A directory's is the file system's own affair. */
	look->size = S_ISDIR(st->st_mode) ? 0 : st->st_size;
}

void look_at(int root, const char *path, struct look *look)
{
	char full[TREE_PATH + 64];
	struct stat st;
	ssize_t size;

	memset(look, 0, sizeof(*look));
	if (fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW)) {
		look->err = -errno;
		return;
	}
	look_from(&st, look);
	snprintf(full, sizeof(full), "/proc/self/fd/%d/%s", root, path);
	size = lgetxattr(full, "system.posix_acl_access", NULL, 0);
	look->acl = size < 0 ? 0 : (int)size;
}

static int open_it(const struct deed *deed, const struct doer *doer, const char *path,
		   struct look *look)
{
	const struct open_how how = { .flags = deed->how | O_CLOEXEC, .mode = deed->mode };
	struct stat st;
	int fd;

	if (doer->ctx < 0)
		fd = result(syscall(SYS_openat2, doer->root, path, &how, sizeof(how)));
	else
		fd = broker_open_how(doer->ctx, doer->flags, doer->root, path, &how);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st))
		look->err = -errno;
	else
		look_from(&st, look);
	close(fd);
	return 0;
}

static int do_open(const struct deed *deed, const struct doer *doer, const struct deed_on *on,
		   struct look *look)
{
	return open_it(deed, doer, on->path, look);
}

static int do_open_inside(const struct deed *deed, const struct doer *doer,
			  const struct deed_on *on, struct look *look)
{
	return open_it(deed, doer, on->path2, look);
}

static int do_access(const struct deed *deed, const struct doer *doer, const struct deed_on *on,
		     struct look *look)
{
	(void)look;
	if (doer->ctx >= 0)
		return broker_access(doer->ctx, doer->flags, doer->root, on->path, deed->mode,
				     deed->how);
	return result(syscall(SYS_faccessat2, doer->root, on->path, deed->mode, deed->how));
}

static int do_mkdir(const struct deed *deed, const struct doer *doer, const struct deed_on *on,
		    struct look *look)
{
	(void)look;
	if (doer->ctx >= 0)
		return broker_mkdir(doer->ctx, doer->flags, doer->root, on->path2, deed->mode);
	return result(syscall(SYS_mkdirat, doer->root, on->path2, deed->mode));
}

static int do_unlink(const struct deed *deed, const struct doer *doer, const struct deed_on *on,
		     struct look *look)
{
	(void)look;
	if (doer->ctx >= 0)
		return broker_unlink(doer->ctx, doer->flags, doer->root, on->path, deed->how);
	return result(syscall(SYS_unlinkat, doer->root, on->path, deed->how));
}

static int do_rename(const struct deed *deed, const struct doer *doer, const struct deed_on *on,
		     struct look *look)
{
	(void)look;
	if (doer->ctx >= 0)
		return broker_rename(doer->ctx, doer->flags, doer->root, on->path, on->path2,
				     deed->how);
	return result(syscall(SYS_renameat2, doer->root, on->path, doer->root, on->path2,
			      deed->how));
}

static int do_chmod(const struct deed *deed, const struct doer *doer, const struct deed_on *on,
		    struct look *look)
{
	(void)look;
	if (doer->ctx >= 0)
		return broker_chmod(doer->ctx, doer->flags, doer->root, on->path, deed->mode);
	return result(syscall(SYS_fchmodat, doer->root, on->path, deed->mode));
}

const struct deed deeds[DEEDS] = {
	{ "open to read", do_open, .how = O_RDONLY },
	{ "open to write", do_open, .how = O_WRONLY },
	{ "open to append", do_open, .how = O_RDWR | O_APPEND },
	{ "open and truncate", do_open, .changes = true, .how = O_WRONLY | O_TRUNC },
	{ "open or create", do_open, .changes = true, .how = O_RDWR | O_CREAT, .mode = 0666 },
	{ "create anew", do_open, .changes = true, .how = O_RDWR | O_CREAT | O_EXCL,
	  .mode = 0666 },
	{ "open a directory", do_open, .how = O_RDONLY | O_DIRECTORY },
	{ "open no link", do_open, .how = O_RDONLY | O_NOFOLLOW },
	{ "make a file without name", do_open, .how = O_TMPFILE | O_RDWR, .mode = 02666 },
	{ "stat", do_open, .how = O_PATH },
	{ "stat the link", do_open, .how = O_PATH | O_NOFOLLOW },
	{ "exists", do_access, .how = AT_EACCESS, .mode = F_OK },
	{ "may read", do_access, .how = AT_EACCESS, .mode = R_OK },
	{ "may write", do_access, .how = AT_EACCESS, .mode = W_OK },
	{ "may execute", do_access, .how = AT_EACCESS, .mode = X_OK },
	{ "create in it", do_open_inside, .other = OTHER_INSIDE, .changes = true,
	  .how = O_RDWR | O_CREAT | O_EXCL, .mode = 06777 },
	{ "mkdir in it", do_mkdir, .other = OTHER_INSIDE, .changes = true, .mode = 07777 },
	{ "unlink", do_unlink, .changes = true },
	{ "rmdir", do_unlink, .changes = true, .how = AT_REMOVEDIR },
	{ "rename", do_rename, .other = OTHER_BESIDE, .changes = true },
	{ "rename elsewhere", do_rename, .other = OTHER_IN_PARTNER, .changes = true,
	  .how = RENAME_NOREPLACE },
	{ "rename over another", do_rename, .other = OTHER_PARTNER, .changes = true },
	{ "exchange", do_rename, .other = OTHER_PARTNER, .changes = true, .how = RENAME_EXCHANGE },
	{ "chmod", do_chmod, .changes = true, .mode = 06750 },
};

void deed_aim(const struct deed *deed, const struct entry *entry, const struct entry *partner,
	      struct deed_on *on)
{
	memset(on, 0, sizeof(*on));
	strcpy(on->path, entry->path);
	switch (deed->other) {
	case OTHER_NONE:
		break;
	case OTHER_INSIDE:
		snprintf(on->path2, sizeof(on->path2), "%s/new", entry->path);
		break;
	case OTHER_BESIDE:
		snprintf(on->path2, sizeof(on->path2), "%s.new", entry->path);
		break;
	case OTHER_IN_PARTNER:
		snprintf(on->path2, sizeof(on->path2), "%s/new", partner->path);
		break;
	case OTHER_PARTNER:
		strcpy(on->path2, partner->path);
		break;
	}
}
