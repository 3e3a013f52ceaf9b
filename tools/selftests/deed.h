/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What somebody does with an entry of a tree: by system calls, as whom the
 * thread acts, or through a context.
 */
#ifndef SELFTEST_DEED_H
#define SELFTEST_DEED_H

#include <stdbool.h>
#include <stdint.h>

#include "tree.h"

#define DEEDS	24

/**
 * struct look - what a file looks like
 * @err: 0, or why it can't be looked at; everything else is 0 then
 * @mode: type and permissions
 * @uid: owner
 * @gid: group
 * @size: of a file or link
 * @acl: bytes of its ACL, 0: none
 */
struct look {
	int err;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	off_t size;
	int acl;
};

/**
 * struct doer - in which way something is done
 * @root: the root of the tree
 * @ctx: the context; -1: by system calls
 * @flags: NTIMP_CALL_*
 */
struct doer {
	int root;
	int ctx;
	uint32_t flags;
};

/**
 * enum deed_other - the second path of a deed
 * @OTHER_NONE: there is none
 * @OTHER_INSIDE: a new name in the entry
 * @OTHER_BESIDE: a new name beside it
 * @OTHER_IN_PARTNER: a new name in another entry
 * @OTHER_PARTNER: another entry
 */
enum deed_other {
	OTHER_NONE,
	OTHER_INSIDE,
	OTHER_BESIDE,
	OTHER_IN_PARTNER,
	OTHER_PARTNER,
};

/**
 * struct deed_on - what something is done with
 * @path: the entry
 * @path2: the second path
 */
struct deed_on {
	char path[TREE_PATH];
	char path2[TREE_PATH + 8];
};

/**
 * struct deed - one kind
 * @name: for reports
 * @fn: does it: 0 or -errno.  @look is of what was opened.
 * @other: its second path
 * @changes: may change the tree
 * @how: flags
 * @mode: mode
 */
struct deed {
	const char *name;
	int (*fn)(const struct deed *deed, const struct doer *doer, const struct deed_on *on,
		  struct look *look);
	enum deed_other other;
	bool changes;
	uint64_t how;
	mode_t mode;
};

extern const struct deed deeds[DEEDS];

/* Set the paths. */
void deed_aim(const struct deed *deed, const struct entry *entry, const struct entry *partner,
	      struct deed_on *on);
/* Look at a name below @root, with its ACL. */
void look_at(int root, const char *path, struct look *look);

#endif /* SELFTEST_DEED_H */
