/* SPDX-License-Identifier: GPL-2.0-only */
/* Other threads, which do what a case tells them, one thing after the other. */
#ifndef _KUNIT_ACTOR_H
#define _KUNIT_ACTOR_H

#include <linux/completion.h>

struct cred;
struct kunit;
struct kunit_suite;
struct task_struct;

/**
 * struct actor - another thread
 * @task: the thread; NULL once it is gone
 * @told: there is something to do
 * @done: it did that
 * @act: what to do; NULL: go
 * @part: whatever @act takes
 * @result: what @act returned
 */
struct actor {
	struct task_struct *task;
	struct completion told;
	struct completion done;
	int (*act)(void *part);
	void *part;
	int result;
};

/*
 * A thread that lives as long as the case, at most, on the CPUs of the current one,
 * which it may leave by itself.  It shares the primary with
 * its process, as threads do, or has one of its own, root's: NULL.
 */
struct actor *actor_start(struct kunit *test, const struct cred *primary);

/* Let it begin; wait until it did that, for the result; both. */
void actor_begin(struct actor *actor, int (*act)(void *part), void *part);
int actor_end(struct actor *actor);
int actor_do(struct actor *actor, int (*act)(void *part), void *part);

/* Parts that are commonly played. */
int act_impersonate(void *ctx);
int act_revert(void *unused);
/* Wear a cred without asking anybody, as overrides of the kernel do; NULL: the primary. */
int act_wear(void *cred);

/*
 * Have the memory of the process that runs the suites, which waits for them: a
 * task without any doesn't count as dumpable, and so is nobody's to read.  A change
 * of identity makes it undumpable: the last thing to do.  For suites that have the
 * two functions below at their ends.
 */
int act_be_process(void *unused);
int actor_hold_memory(struct kunit_suite *suite);
void actor_drop_memory(struct kunit_suite *suite);

/* Let it exit, as whoever it is then.  Afterwards all of that has been undone. */
void actor_exit(struct actor *actor);

#endif /* _KUNIT_ACTOR_H */
