/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A tree of files with mixed owners, modes and ACLs, the same whenever it is
 * grown from the same seed, which can be put back as it was after anything was
 * done to it.  Needs the rights of root.  Values >= 0 or -errno.
 */
#ifndef SELFTEST_TREE_H
#define SELFTEST_TREE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#define TREE_DIRS	140
#define TREE_FILES	300
#define TREE_LINKS	100
#define TREE_ENTRIES	(TREE_DIRS + TREE_FILES + TREE_LINKS)
#define TREE_PATH	96
#define TREE_ACLS	4	/* entries of an ACL which name somebody, at most */

/**
 * struct grant - an entry of an ACL for a user or group that it names
 * @tag: ACL_USER or ACL_GROUP
 * @perm: its rights
 * @id: the user or group
 */
struct grant {
	uint16_t tag;
	uint16_t perm;
	uint32_t id;
};

/**
 * struct entry - a file, directory or symbolic link
 * @path: from the root of the tree
 * @mode: type and permissions
 * @uid: owner
 * @gid: group
 * @ngrants: number of @grants; 0: no ACL
 * @grants: of its ACL; a directory's is also what files in it begin with
 * @text: where a link leads, as it is written
 * @target: where a link leads: a path from the root of the tree; empty: no link
 * @target_entry: the entry that is there, -1: none
 */
struct entry {
	char path[TREE_PATH];
	mode_t mode;
	uid_t uid;
	gid_t gid;
	unsigned int ngrants;
	struct grant grants[TREE_ACLS];
	char text[2 * TREE_PATH];
	char target[TREE_PATH];
	int target_entry;
};

/**
 * struct tree - the tree
 * @root: the directory that it is in
 * @random: state of the generator
 * @entries: every directory comes before what is in it
 */
struct tree {
	int root;
	uint64_t random;
	struct entry entries[TREE_ENTRIES];
};

/* The next number of a tree's own sequence, below @limit. */
unsigned int tree_random(struct tree *tree, unsigned int limit);

/* Think of a tree, and make it in the empty directory @root.  0 or -errno. */
void tree_think(struct tree *tree, uint64_t seed);
int tree_plant(struct tree *tree, int root);

/* Make an entry what it was, whether it is gone or was changed.  0 or -errno. */
int tree_mend(const struct tree *tree, const struct entry *entry);

#endif /* SELFTEST_TREE_H */
