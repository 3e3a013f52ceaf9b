/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways in which something can be done with a client's rights, the first of
 * which is the measure for the others.
 */
#ifndef SELFTEST_WAYS_H
#define SELFTEST_WAYS_H

#include "child.h"
#include "deed.h"

/**
 * enum way - by whom
 * @WAY_REAL: a process that is the client: setgroups, setresgid, setresuid
 * @WAY_WEAR: a thread that impersonates the client
 * @WAY_BROKER: for a thread that does not
 * @WAY_WORKER: the same in a system worker
 */
enum way {
	WAY_REAL,
	WAY_WEAR,
	WAY_BROKER,
	WAY_WORKER,
	WAYS,
};

extern const char *const way_names[WAYS];

/**
 * struct order - what a client's process is told, and what came of it; shared
 * @deed: index of the deed; -1: end
 * @on: with what
 * @result: what it returned
 * @look: what it opened looked like
 */
struct order;

/**
 * struct stand_in - a client: its process and its context
 * @child: the process
 * @order: shared with it
 * @dev: /dev/ntimp
 * @ctx: the context
 * @root: of the tree
 */
struct stand_in {
	struct child child;
	struct order *order;
	int dev;
	int ctx;
	int root;
};

/* Root, with the identity of @who prepared in every way.  0 or -errno. */
int stand_in_start(struct stand_in *stand_in, int dev, int root, const struct persona *who);
/* 0 or -errno */
int stand_in_finish(struct stand_in *stand_in);

/* Do it in one of the ways: 0 or -errno of the deed.  @look is cleared first. */
int stand_in_do(struct stand_in *stand_in, enum way way, int deed, const struct deed_on *on,
		struct look *look);

#endif /* SELFTEST_WAYS_H */
