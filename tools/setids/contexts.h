/* SPDX-License-Identifier: LGPL-2.1-only */
#ifndef NTIMP_SETIDS_CONTEXTS_H
#define NTIMP_SETIDS_CONTEXTS_H

#include <stdint.h>
#include <sys/types.h>

/**
 * struct client - what a context is made of and found by
 * @uid: all four users
 * @gid: all four groups
 * @caps: capabilities
 * @groups: supplementary groups, sorted; only lent
 * @ngroups: how many
 */
struct client {
	uid_t uid;
	gid_t gid;
	uint64_t caps;
	const gid_t *groups;
	size_t ngroups;
};

/* Before the program does anything, while /dev is sure to be there. */
void contexts_begin(void);

/*
 * The calling thread acts as @client, by a context from the cache or one that is put
 * there.  0 or -errno: it is who it was.
 */
int contexts_wear(const struct client *client);

/* The calling thread is itself again.  If that is not possible, the process ends. */
void contexts_revert(void);

/* Around fork(): nobody changes the cache meanwhile. */
void contexts_hold(void);
void contexts_release(void);
/* In the child, where no other thread is left. */
void contexts_release_in_child(void);

/* How many were made, for the report. */
unsigned long contexts_made(void);

#endif /* NTIMP_SETIDS_CONTEXTS_H */
