// SPDX-License-Identifier: MIT
/*
 * The tree in which the users of mountcheck work.  It is made, and looked at in the
 * end, behind the server's back.
 *
 *	UID/		0755	a user's own
 *	UID/secret	0600
 *	UID/closed/	0700
 *	UID/closed/inside 0644
 *	group-GID/	2770	of root and the group
 *	plan-GID	0640	of root and the group
 *	log-GID		0660	of root and the group; its members write it
 *	drop/		1777
 *	drop/UID	0644	of the user
 *	root		0600	of root
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mountcheck.h"

/* What is done with each entry: made, or compared with what it was made as. */
typedef uint64_t entry_fn(int tree, const char *path, mode_t mode, uid_t uid, gid_t gid);

/* Directories before what is in them. */
static uint64_t each_entry(int tree, const struct crowd *crowd, entry_fn *entry)
{
	uint64_t sum = 0;

	sum += entry(tree, "drop", S_IFDIR | 01777, 0, 0);
	sum += entry(tree, "root", S_IFREG | 0600, 0, 0);
	for (size_t i = 0; i < crowd->count; i++) {
		uid_t uid = crowd->users[i].uid;
		gid_t gid = crowd->users[i].gid;

		sum += entry(tree, named("%u", uid).path, S_IFDIR | 0755, uid, gid);
		sum += entry(tree, named("%u/secret", uid).path, S_IFREG | 0600, uid, gid);
		sum += entry(tree, named("%u/closed", uid).path, S_IFDIR | 0700, uid, gid);
		sum += entry(tree, named("%u/closed/inside", uid).path, S_IFREG | 0644, uid, gid);
		sum += entry(tree, named("drop/%u", uid).path, S_IFREG | 0644, uid, gid);
	}
	for (size_t i = 0; i < crowd->ngroups; i++) {
		gid_t gid = crowd->groups[i];

		sum += entry(tree, named("group-%u", gid).path, S_IFDIR | 02770, 0, gid);
		sum += entry(tree, named("plan-%u", gid).path, S_IFREG | 0640, 0, gid);
		sum += entry(tree, named("log-%u", gid).path, S_IFREG | 0660, 0, gid);
	}
	return sum;
}

static uint64_t make_entry(int tree, const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	int fd = -1;

	if (S_ISDIR(mode)) {
		if (mkdirat(tree, path, 0700))
			err(2, "cannot make %s", path);
	} else {
		fd = openat(tree, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0 || write(fd, path, strlen(path)) != (ssize_t)strlen(path) || close(fd))
			err(2, "cannot make %s", path);
	}
	if (fchownat(tree, path, uid, gid, AT_SYMLINK_NOFOLLOW) ||
	    fchmodat(tree, path, mode & 07777, 0))
		err(2, "cannot give %s away", path);
	return 1;
}

void tree_make(int top, const char *name, const struct crowd *crowd)
{
	int tree;

	if (mkdirat(top, name, 0755))
		err(2, "cannot make %s", name);
	tree = openat(top, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (tree < 0 || fchmod(tree, 0755))
		err(2, "cannot open %s", name);
	each_entry(tree, crowd, make_entry);
	close(tree);
}

/* Its name is in it. */
static bool has_its_content(int tree, const char *path)
{
	char content[NAME_SIZE];
	int fd = openat(tree, path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, content, sizeof(content));

	if (fd >= 0)
		close(fd);
	return got == (ssize_t)strlen(path) && !memcmp(content, path, strlen(path));
}

static uint64_t compare_entry(int tree, const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	struct stat st;

	if (fstatat(tree, path, &st, AT_SYMLINK_NOFOLLOW)) {
		warn("%s is gone", path);
		return 1;
	}
	if (st.st_mode != mode || st.st_uid != uid || st.st_gid != gid) {
		warnx("%s is %u:%u %o, was %u:%u %o", path, st.st_uid, st.st_gid, st.st_mode,
		      uid, gid, mode);
		return 1;
	}
	if (S_ISREG(mode) && strncmp(path, "log-", 4) && !has_its_content(tree, path)) {
		warnx("%s has another content", path);
		return 1;
	}
	return 0;
}

static uint64_t one(int tree, const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	(void)tree;
	(void)path;
	(void)mode;
	(void)uid;
	(void)gid;
	return 1;
}

/* All below a directory, which is closed; with @remove they are removed. */
static uint64_t entries_below(int directory, bool remove)
{
	DIR *listing = fdopendir(directory);
	struct dirent *entry;
	uint64_t count = 0;
	struct stat st;

	if (!listing)
		err(2, "cannot list the tree");
	while ((entry = readdir(listing))) {
		bool below;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (fstatat(directory, entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
			err(2, "cannot stat %s", entry->d_name);
		below = S_ISDIR(st.st_mode);
		if (below) {
			int next = openat(directory, entry->d_name,
					  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

			if (next < 0)
				err(2, "cannot open %s", entry->d_name);
			count += entries_below(next, remove);
		}
		if (remove && unlinkat(directory, entry->d_name, below ? AT_REMOVEDIR : 0))
			err(2, "cannot remove %s", entry->d_name);
		count++;
	}
	closedir(listing);
	return count;
}

static int open_tree(int top, const char *name)
{
	int tree = openat(top, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (tree < 0)
		err(2, "cannot open %s", name);
	return tree;
}

uint64_t tree_differs(int top, const char *name, const struct crowd *crowd)
{
	int tree = open_tree(top, name);
	uint64_t differ = each_entry(tree, crowd, compare_entry);
	uint64_t made = each_entry(tree, crowd, one), there = entries_below(dup(tree), false);

	if (there != made) {
		warnx("there are %ju entries, %ju were made", (uintmax_t)there, (uintmax_t)made);
		differ += there > made ? there - made : made - there;
	}
	close(tree);
	return differ;
}

void tree_remove(int top, const char *name)
{
	entries_below(open_tree(top, name), true);
	if (unlinkat(top, name, AT_REMOVEDIR))
		err(2, "cannot remove %s", name);
}
