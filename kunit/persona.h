/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Servers and clients made to measure: creds with given ids, capabilities and
 * user namespaces, and the current thread as their holder.
 */
#ifndef _KUNIT_PERSONA_H
#define _KUNIT_PERSONA_H

#include <linux/bits.h>
#include <linux/cred.h>
#include <linux/ntimp.h>
#include <linux/types.h>

struct kunit;

#define PERSONA_GROUPS_MAX	8

#define CAP_BIT(cap)		BIT_ULL(cap)
#define CAPS_ALL		(BIT_ULL(CAP_LAST_CAP + 1) - 1)
#define CAPS_SETIDS		(CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_SETGID))

/**
 * struct persona - somebody
 * @uid: all four user ids, as the initial user namespace counts
 * @gid: all four group ids
 * @ngroups: number of supplementary groups
 * @groups: these, sorted
 * @permitted: permitted and effective capabilities
 * @inactive: of these, not effective
 * @inheritable: inheritable capabilities
 * @ambient: ambient capabilities
 * @unbound: capabilities that are not in the bounding set
 * @securebits: securebits
 * @within: a cred in the user namespace, see persona_user_ns(); NULL: that of the
 *	current thread
 */
struct persona {
	u32 uid;
	u32 gid;
	unsigned int ngroups;
	u32 groups[PERSONA_GROUPS_MAX];
	u64 permitted;
	u64 inactive;
	u64 inheritable;
	u64 ambient;
	u64 unbound;
	unsigned int securebits;
	const struct cred *within;
};

/* Make a cred that lives as long as the case; a writable one, nobody has seen it. */
struct cred *persona_cred(struct kunit *test, const struct persona *persona);

/*
 * Let the current thread be a persona, by commit_creds(): it ends with the case.
 * The result is its primary, for which no reference is taken.
 */
const struct cred *persona_become(struct kunit *test, const struct persona *persona);

/*
 * A new user namespace, by a cred in it that lives as long as the case.  It is a
 * child of @owner's, and @owner's user owns it.  Numbers 0 and up are ids @first
 * and up there, @count of them; 0: none is mapped.
 */
const struct cred *persona_user_ns(struct kunit *test, const struct cred *owner,
				   u32 first, u32 count);

/* Drop a reference on a cred when the case is over; returns the cred. */
const struct cred *keep_cred(struct kunit *test, const struct cred *cred);

/* What prepare_creds() makes under @cred; lives as long as the case. */
struct cred *copied_cred(struct kunit *test, const struct cred *cred);

/* A list of groups that lives as long as the case. */
struct group_info *groups_make(struct kunit *test, const u32 *gids, unsigned int count);

/* References on a cred. */
static inline long cred_usage(const struct cred *cred)
{
	return atomic_long_read(&cred->usage);
}

#endif /* _KUNIT_PERSONA_H */
