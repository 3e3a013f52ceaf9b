/* SPDX-License-Identifier: GPL-2.0-only */
/* Another thread, in a state that lasts as long as the case. */
#ifndef _KUNIT_OTHER_H
#define _KUNIT_OTHER_H

#include <linux/completion.h>
#include <linux/cred.h>

struct kunit;
struct task_struct;

/**
 * struct other - another thread
 * @primary: its primary
 * @act: what it does then, if not NULL: gets into a state, calls other_wait()
 *	exactly once, also after a failure, and leaves the state
 * @err: for @act: why the state wasn't reached
 * @task: the thread; one reference
 * @ready: the state is reached
 */
struct other {
	const struct cred *primary;
	void (*act)(struct other *other);
	int err;
	struct task_struct *task;
	struct completion ready;
};

/* Start it; returns when it waits.  @other lives as long as the case. */
void other_start(struct kunit *test, struct other *other);

/* The state is reached: wait for the end of the case. */
void other_wait(struct other *other);

#endif /* _KUNIT_OTHER_H */
