/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who a thread is.  Objectively: its primary, as everybody else sees it.
 * Subjectively: as whom it acts, which the kernel tells only to itself.
 */
#ifndef SELFTEST_IDENTITY_H
#define SELFTEST_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define IDENTITY_GROUPS	64

/**
 * struct identity - ids and capabilities
 * @uid: real user; @euid, @suid, @fsuid: effective, saved, file system user
 * @gid: real group; @egid, @sgid, @fsgid: as for the user
 * @ngroups: number of supplementary groups; only IDENTITY_GROUPS are kept
 * @groups: supplementary groups in the kernel's order
 * @permitted: capabilities; all five are 0 in a subjective identity
 */
struct identity {
	uid_t uid, euid, suid, fsuid;
	gid_t gid, egid, sgid, fsgid;
	size_t ngroups;
	gid_t groups[IDENTITY_GROUPS];
	uint64_t permitted, effective, inheritable, bounding, ambient;
};

/* Of any thread or process, from /proc/TID/status.  0 or -errno. */
int identity_objective(pid_t tid, struct identity *identity);
/* Of the calling thread, from system calls.  0 or -errno. */
int identity_subjective(struct identity *identity);

/*
 * Are all four users @uid, all four groups @gid, and these the supplementary
 * groups?  What differs is said on stderr.
 */
bool identity_is(const struct identity *identity, uid_t uid, gid_t gid,
		 size_t ngroups, const gid_t *groups);
/* The same in all respects, capabilities too? */
bool identity_equal(const struct identity *a, const struct identity *b);

/* The calling thread acts as this user and group, without further groups. */
bool acts_as(uid_t uid, gid_t gid);
/* To everybody else a thread is this user and group, without further groups. */
bool is_seen_as(pid_t tid, uid_t uid, gid_t gid);

pid_t thread_id(void);

#endif /* SELFTEST_IDENTITY_H */
