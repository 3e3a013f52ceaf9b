/* SPDX-License-Identifier: MIT */
/* Between the parts of mountcheck that say what users do. */
#ifndef NTIMP_EXAMPLES_MOUNTCHECK_DEEDS_H
#define NTIMP_EXAMPLES_MOUNTCHECK_DEEDS_H

#include "mountcheck.h"

/* What an operation needs to make sense. */
enum need {
	ANYBODY,
	MEMBER,			/* of a group */
	OUTSIDER,		/* of a group */
	OTHERS,			/* other users */
	PRIVILEGED,		/* --privileged was given */
};

/* One operation, with what has to come of it. */
struct deed {
	const char *name;
	enum need need;
	int expected;		/* an errno; 0: it is done */
	int (*run)(struct worker *worker);
};

/* In this order: what is made is removed in the end. */
extern struct deed granted_deeds[];
extern const size_t granted_count;
/* In any order. */
extern struct deed refused_deeds[];
extern const size_t refused_count;

/* --- mountcheck_steps.c: what they are made of; 0, or -1 with errno set --- */

#define TEXT	"what its owner wrote\n"

/* A name of this round in the user's own directory. */
struct name own(const struct worker *worker, const char *what);
struct name others(const struct worker *worker, const char *what);
struct name in_group_directory(const struct worker *worker, gid_t group);
struct name dropped(const struct worker *worker);

/* A failure may show only when the file is closed. */
int open_and_close(struct worker *worker, struct name name, int flags, mode_t mode);
int write_text(struct worker *worker, struct name name);
int read_text(struct worker *worker, struct name name, const char *text);
int list(struct worker *worker, struct name name, unsigned int expected);

/* 0, or errno if the status is -1. */
int result(int status);
/* The same; what was made is looked at: it has to be its maker's. */
int made(struct worker *worker, int status, struct name name, gid_t gid, mode_t mode);

void __attribute__((format(printf, 2, 3))) complain(struct worker *worker,
						    const char *pattern, ...);

#endif /* NTIMP_EXAMPLES_MOUNTCHECK_DEEDS_H */
