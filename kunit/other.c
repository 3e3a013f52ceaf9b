// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

#include "defer.h"
#include "other.h"

void other_wait(struct other *other)
{
	complete(&other->ready);
	for (;;) {
		set_current_state(TASK_IDLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

static int other_main(void *data)
{
	struct other *other = data;

	commit_creds((struct cred *)get_cred(other->primary));
	if (other->act)
		other->act(other);
	else
		other_wait(other);
	return 0;
}

static void undo_other(const void *data)
{
	const struct other *other = data;

	kthread_stop(other->task);
	put_task_struct(other->task);
}

void other_start(struct kunit *test, struct other *other)
{
	struct task_struct *task = kthread_create(other_main, other, "ntimp_kunit");

	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	other->task = task;
	get_task_struct(task);
	init_completion(&other->ready);
	wake_up_process(task);
	wait_for_completion(&other->ready);
	defer(test, undo_other, other);
	KUNIT_ASSERT_EQ(test, 0, other->err);
}
