/* SPDX-License-Identifier: LGPL-2.1-only */
#ifndef NTIMP_SETIDS_IDENTITY_H
#define NTIMP_SETIDS_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define NO_ID	((uid_t)-1)

/**
 * struct identity - who a thread is, as its system calls show it
 * @ruid: real user; @euid, @suid, @fsuid: effective, saved, file system user
 * @rgid: real group; @egid, @sgid, @fsgid: as for the user
 * @groups: supplementary groups, sorted
 * @ngroups: how many
 */
struct identity {
	uid_t ruid, euid, suid, fsuid;
	gid_t rgid, egid, sgid, fsgid;
	gid_t *groups;
	size_t ngroups;
};

/* What the kernel takes the calling thread for.  The groups are new.  0, or -1 and errno. */
int identity_read(struct identity *identity);
/* With groups of its own. */
int identity_copy(struct identity *to, const struct identity *from);
int identity_set_groups(struct identity *identity, size_t ngroups, const gid_t *groups);
void identity_drop(struct identity *identity);

bool identity_same_groups(const struct identity *a, const struct identity *b);
bool identity_same(const struct identity *a, const struct identity *b);

/* Let the kernel make the calling thread, which is @from, @to.  0, or -1 and errno. */
int identity_make(const struct identity *from, const struct identity *to);

/* The capabilities of the calling thread itself, whomever it acts as. */
struct caps {
	uint64_t effective, permitted;
};

struct caps identity_caps(void);

#endif /* NTIMP_SETIDS_IDENTITY_H */
