/* SPDX-License-Identifier: MIT */
/*
 * What the parts of mountcheck share: the users, the tree in which they work, and the
 * count of what came of it.
 */
#ifndef NTIMP_EXAMPLES_MOUNTCHECK_H
#define NTIMP_EXAMPLES_MOUNTCHECK_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define USERS_LIMIT	64
#define GROUPS_LIMIT	256	/* of one user */
#define KINDS_LIMIT	64
#define NAME_SIZE	128

struct user {
	uid_t uid;
	gid_t gid;
	size_t ngroups;
	gid_t groups[GROUPS_LIMIT];
};

struct crowd {
	size_t count;
	struct user users[USERS_LIMIT];
	size_t ngroups;			/* all supplementary groups of them, each once */
	gid_t groups[USERS_LIMIT * GROUPS_LIMIT];
};

bool in_group(const struct user *user, gid_t group);

/* What one user's process counts; shared with the one that started it. */
struct tally {
	uint64_t operations;
	uint64_t refused;		/* that had to be */
	uint64_t wrong;			/* done, or refused, as somebody else would be */
	uint64_t deviations;		/* otherwise not as expected */
	bool ended;
	uint64_t count[KINDS_LIMIT];	/* of each kind */
	uint64_t ns[KINDS_LIMIT];
};

/* One user's process. */
struct worker {
	const struct crowd *crowd;
	const struct user *me;
	const struct user *other;	/* than me, in this round */
	int mount;			/* the tree, as the users see it */
	int behind;			/* and as the server has it */
	unsigned long round;
	bool member;			/* of a group: inside */
	bool outsider;			/* of a group: outside */
	gid_t inside;
	gid_t outside;
	struct tally *tally;
	bool privileged;		/* try also what takes capabilities */
	unsigned int complaints;
};

struct name {
	char path[NAME_SIZE];
};

struct name __attribute__((format(printf, 1, 2))) named(const char *pattern, ...);

/* --- mountcheck_tree.c: what is there before the users begin --- */

/* As root and at once, in the directory behind the mount; ends the program if it can't. */
void tree_make(int top, const char *name, const struct crowd *crowd);
/* How much is not as it was made; each is said.  0: all is. */
uint64_t tree_differs(int top, const char *name, const struct crowd *crowd);
void tree_remove(int top, const char *name);

/* --- mountcheck_deeds.c: what they do --- */

/* One of each kind that applies; counts what came of it. */
void deeds_round(struct worker *worker);
/* NULL after the last */
const char *deed_name(size_t kind);
/* From now on the kind (all: each) has to fail with @error, or not at all; -1: no such kind. */
int deed_expect(const char *name, int error);

#endif /* NTIMP_EXAMPLES_MOUNTCHECK_H */
