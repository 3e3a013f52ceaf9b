/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who a test's process or thread is to be: ids, groups and capabilities.
 *
 * All changes are made by system calls of the calling thread alone.  The C
 * library's wrappers would signal every other thread to follow, and abort the
 * process when one of them, impersonating, is refused.
 */
#ifndef SELFTEST_PERSONA_H
#define SELFTEST_PERSONA_H

#include <linux/capability.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CAP_BIT(cap)	(1ULL << (cap))
#define CAPS_NONE	0ULL
#define CAPS_ALL	(~0ULL)	/* as far as the kernel knows them */
#define CAPS_SETIDS	(CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_SETGID))

/**
 * struct persona - who to be
 * @uid: real, effective, saved and file system user
 * @gid: the same for the group
 * @groups: @ngroups supplementary groups
 * @permitted: capabilities; CAPS_ALL: all that the caller has
 * @effective: which of @permitted are effective
 * @inheritable: and which inheritable
 * @ambient: and which of both ambient
 */
struct persona {
	uid_t uid;
	gid_t gid;
	const gid_t *groups;
	size_t ngroups;
	uint64_t permitted;
	uint64_t effective;
	uint64_t inheritable;
	uint64_t ambient;
};

#define PERSONA_ROOT \
	((struct persona){ .permitted = CAPS_ALL, .effective = CAPS_ALL })
/* A user whose group has the same number, without capabilities. */
#define PERSONA_USER(id) \
	((struct persona){ .uid = (id), .gid = (id) })
#define PERSONA_CAPS(id, caps) \
	((struct persona){ .uid = (id), .gid = (id), .permitted = (caps), .effective = (caps) })

/* The calling thread becomes @who.  Needs the rights of root.  0 or -errno. */
int persona_take(const struct persona *who);

/* Single steps of it, for threads which change again.  0 or -errno. */
int persona_set_uids(uid_t uid, uid_t euid, uid_t suid);
int persona_set_gids(gid_t gid, gid_t egid, gid_t sgid);
/* File system user and group; -EPERM if they are not what was asked for. */
int persona_set_fs(uid_t fsuid, gid_t fsgid);
int persona_set_groups(size_t ngroups, const gid_t *groups);
int persona_set_caps(uint64_t permitted, uint64_t effective, uint64_t inheritable);

/*
 * From root to ids that differ: real, effective, saved and file system ones.
 * Capabilities go.  0 or -errno.
 */
int persona_split(const uid_t uids[4], const gid_t gids[4]);

/*
 * The calling process enters a new user namespace, in which it has all
 * capabilities.  The maps are in the format of /proc/PID/uid_map, "inside
 * outside count" lines; NULL: none.  0 or -errno.
 */
int userns_enter(const char *uid_map, const char *gid_map);

#endif /* SELFTEST_PERSONA_H */
