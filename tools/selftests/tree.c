// SPDX-License-Identifier: GPL-2.0-only
/* A tree of files with mixed owners, modes and ACLs, see tree.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tree.h"

#define CONTENT		"content"
#define LENGTH(array)	(sizeof(array) / sizeof(*(array)))

static const mode_t dir_modes[] = {
	0755, 0777, 01777, 02775, 03777, 0775, 0711, 02777, 0770, 0750, 0700, 0555, 0733, 0707,
	/* What is often met, and lets one in. */
	0755, 0777, 0777, 01777, 03777,
};

static const mode_t file_modes[] = {
	0644, 0666, 0664, 0600, 0640, 0660, 0444, 0400, 0755, 0777, 04755, 02755, 06777, 02666,
	0060, 0006, 0707, 0077, 0000,
};

static const uid_t users[] = { 0, 1001, 1002, 1003, 1004 };
static const gid_t groups[] = { 0, 1001, 1003, 2000, 2001, 2002, 2150, 2199 };

/* Marsaglia's xorshift with a multiplication behind it. */
unsigned int tree_random(struct tree *tree, unsigned int limit)
{
	tree->random ^= tree->random >> 12;
	tree->random ^= tree->random << 25;
	tree->random ^= tree->random >> 27;
	return (tree->random * 0x2545f4914f6cdd1dULL >> 33) % limit;
}

#define PICK(tree, array)	((array)[tree_random(tree, LENGTH(array))])

static void think_of_acl(struct tree *tree, struct entry *entry)
{
	if (tree_random(tree, 3))
		return;
	/* In the order in which the kernel wants them. */
	entry->ngrants = 1 + tree_random(tree, TREE_ACLS);
	for (unsigned int i = 0; i < entry->ngrants; i++) {
		struct grant *grant = &entry->grants[i];

		grant->perm = tree_random(tree, 8);
		grant->tag = i < 2 ? ACL_USER : ACL_GROUP;
		grant->id = i < 2 ? users[1 + 2 * i + tree_random(tree, 2)] :
				    groups[2 * i - 2 + tree_random(tree, 2)];
	}
}

/* Half of all things are in the root or in one of the first directories. */
static int think_of_parent(struct tree *tree, int ndirs)
{
	if (!ndirs || !tree_random(tree, 4))
		return -1;
	return tree_random(tree, tree_random(tree, 2) ? ndirs : (ndirs + 7) / 8);
}

static void think_of_path(struct tree *tree, struct entry *entry, int number, int ndirs)
{
	const char kind = S_ISDIR(entry->mode) ? 'd' : S_ISLNK(entry->mode) ? 'l' : 'f';
	int parent = think_of_parent(tree, ndirs);

	/* Deep enough: there has to be room for the name. */
	while (parent >= 0 && strlen(tree->entries[parent].path) > TREE_PATH / 2)
		parent = think_of_parent(tree, ndirs);
	if (parent < 0)
		snprintf(entry->path, TREE_PATH, "%c%d", kind, number);
	else
		snprintf(entry->path, TREE_PATH, "%.64s/%c%d", tree->entries[parent].path, kind,
			 number);
}

static void think_of_target(struct tree *tree, struct entry *link, int nothers)
{
	unsigned int which = tree_random(tree, nothers + nothers / 8);
	char up[TREE_PATH] = "";

	link->target_entry = -1;
	if (which < (unsigned int)nothers) {
		link->target_entry = which;
		strcpy(link->target, tree->entries[which].path);
	} else {
		/* A name in some directory that is not there, or a loop. */
		which = tree_random(tree, TREE_DIRS);
		if (which % 4)
			snprintf(link->target, TREE_PATH, "%.64s/none", tree->entries[which].path);
		else
			strcpy(link->target, link->path);
	}
	for (const char *c = link->path; *c; c++)
		if (*c == '/')
			strcat(up, "../");
	snprintf(link->text, sizeof(link->text), "%s%s", up, link->target);
}

void tree_think(struct tree *tree, uint64_t seed)
{
	int i;

	memset(tree, 0, sizeof(*tree));
	tree->random = seed;
	for (i = 0; i < TREE_ENTRIES; i++) {
		struct entry *entry = &tree->entries[i];

		entry->target_entry = -1;
		entry->uid = PICK(tree, users);
		entry->gid = PICK(tree, groups);
		if (i < TREE_DIRS)
			entry->mode = S_IFDIR | PICK(tree, dir_modes);
		else if (i < TREE_DIRS + TREE_FILES)
			entry->mode = S_IFREG | PICK(tree, file_modes);
		else
			entry->mode = S_IFLNK | 0777;
		think_of_path(tree, entry, i, i < TREE_DIRS ? i : TREE_DIRS);
		if (S_ISLNK(entry->mode))
			think_of_target(tree, entry, i);
		else
			think_of_acl(tree, entry);
	}
}

/* The permissions of somebody whom the ACL does not name are those of the mode. */
static size_t write_acl(const struct entry *entry, struct posix_acl_xattr_entry *acl)
{
	unsigned int i, n = 0;

	acl[n++] = (struct posix_acl_xattr_entry){ ACL_USER_OBJ, entry->mode >> 6 & 7, -1 };
	for (i = 0; i < entry->ngrants && entry->grants[i].tag == ACL_USER; i++)
		acl[n++] = (struct posix_acl_xattr_entry){ ACL_USER, entry->grants[i].perm,
							   entry->grants[i].id };
	acl[n++] = (struct posix_acl_xattr_entry){ ACL_GROUP_OBJ, 4, -1 };
	for (; i < entry->ngrants; i++)
		acl[n++] = (struct posix_acl_xattr_entry){ ACL_GROUP, entry->grants[i].perm,
							   entry->grants[i].id };
	/* Of an ACL the mode shows the mask where the group's permissions would be. */
	acl[n++] = (struct posix_acl_xattr_entry){ ACL_MASK, entry->mode >> 3 & 7, -1 };
	acl[n++] = (struct posix_acl_xattr_entry){ ACL_OTHER, entry->mode & 7, -1 };
	return n;
}

static int set_acl(const struct tree *tree, const struct entry *entry)
{
	struct {
		struct posix_acl_xattr_header header;
		struct posix_acl_xattr_entry entries[TREE_ACLS + 4];
	} acl = { .header.a_version = POSIX_ACL_XATTR_VERSION };
	char path[TREE_PATH + 32];
	size_t size;

	if (!entry->ngrants)
		return 0;
	size = sizeof(acl.header) + write_acl(entry, acl.entries) * sizeof(*acl.entries);
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", tree->root, entry->path);
	if (setxattr(path, "system.posix_acl_access", &acl, size, 0))
		return -errno;
	if (S_ISDIR(entry->mode) && setxattr(path, "system.posix_acl_default", &acl, size, 0))
		return -errno;
	return 0;
}

static int make(const struct tree *tree, const struct entry *entry)
{
	int fd;

	if (S_ISDIR(entry->mode))
		return mkdirat(tree->root, entry->path, 0700) ? -errno : 0;
	if (S_ISLNK(entry->mode))
		return symlinkat(entry->text, tree->root, entry->path) ? -errno : 0;
	fd = openat(tree->root, entry->path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int fill(const struct tree *tree, const struct entry *entry)
{
	const ssize_t size = strlen(CONTENT);
	int fd, err = 0;

	if (!S_ISREG(entry->mode))
		return 0;
	fd = openat(tree->root, entry->path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, CONTENT, size) != size)
		err = -EIO;
	close(fd);
	return err;
}

/* Owner first: a new one takes set-id bits away. */
static int dress(const struct tree *tree, const struct entry *entry)
{
	if (fchownat(tree->root, entry->path, entry->uid, entry->gid, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (S_ISLNK(entry->mode))
		return 0;
	if (fchmodat(tree->root, entry->path, entry->mode & 07777, 0))
		return -errno;
	return set_acl(tree, entry);
}

int tree_plant(struct tree *tree, int root)
{
	int err = 0;

	tree->root = root;
	for (int i = 0; i < TREE_ENTRIES && !err; i++) {
		const struct entry *entry = &tree->entries[i];

		err = make(tree, entry);
		if (!err)
			err = fill(tree, entry);
		if (!err)
			err = dress(tree, entry);
		if (err)
			fprintf(stderr, "# %s: %s\n", entry->path, strerror(-err));
	}
	return err;
}

int tree_mend(const struct tree *tree, const struct entry *entry)
{
	struct stat st;
	int err = 0;

	if (fstatat(tree->root, entry->path, &st, AT_SYMLINK_NOFOLLOW)) {
		err = make(tree, entry);
		st.st_size = 0;
		st.st_mode = 0;
	}
	if (!err && S_ISREG(entry->mode) && !st.st_size)
		err = fill(tree, entry);
	if (!err && (st.st_mode != entry->mode || st.st_uid != entry->uid ||
		     st.st_gid != entry->gid))
		err = dress(tree, entry);
	if (err)
		fprintf(stderr, "# %s can't be mended: %s\n", entry->path, strerror(-err));
	return err;
}
