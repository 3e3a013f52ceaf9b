// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/kthread.h>
#include <linux/ntimp.h>
#include <linux/sched/coredump.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>

#include "../ntimp/compat.h"
#include "actor.h"
#include "defer.h"

static int actor_live(void *data)
{
	struct actor *actor = data;

	for (;;) {
		wait_for_completion(&actor->told);
		if (!actor->act)
			break;
		actor->result = actor->act(actor->part);
		complete(&actor->done);
	}
	if (current->mm)
		kthread_unuse_mm(current->mm);
	return 0;
}

static void undo_actor(const void *what)
{
	actor_exit((struct actor *)what);
}

static int act_become(void *part)
{
	return commit_creds((struct cred *)get_cred(part));
}

struct actor *actor_start(struct kunit *test, const struct cred *primary)
{
	struct actor *actor = kunit_kzalloc(test, sizeof(*actor), GFP_KERNEL);
	struct task_struct *task;

	KUNIT_ASSERT_NOT_NULL(test, actor);
	init_completion(&actor->told);
	init_completion(&actor->done);
	task = kthread_create(actor_live, actor, "actor");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	KUNIT_ASSERT_EQ(test, 0, set_cpus_allowed_ptr(task, current->cpus_ptr));

	actor->task = get_task_struct(task);
	wake_up_process(task);
	defer(test, undo_actor, actor);
	if (primary)
		KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_become, (void *)primary));
	return actor;
}

void actor_begin(struct actor *actor, int (*act)(void *part), void *part)
{
	actor->act = act;
	actor->part = part;
	complete(&actor->told);
}

int actor_end(struct actor *actor)
{
	wait_for_completion(&actor->done);
	return actor->result;
}

int actor_do(struct actor *actor, int (*act)(void *part), void *part)
{
	actor_begin(actor, act, part);
	return actor_end(actor);
}

int act_impersonate(void *ctx)
{
	return ntimp_impersonate(ctx);
}

int act_wear(void *cred)
{
	if (cred)
		compat_wear(cred);
	else if (current_cred() != current_real_cred())
		compat_wear_off();
	return 0;
}

int act_revert(void *unused)
{
	return ntimp_revert();
}

static struct mm_struct *process_mm;

int actor_hold_memory(struct kunit_suite *suite)
{
	if (!current->mm)
		return -EINVAL;
	process_mm = current->mm;
	mmget(process_mm);
	/* Whatever another suite's threads were to each other. */
	set_mask_bits(&process_mm->flags, MMF_DUMPABLE_MASK, SUID_DUMP_USER);
	return 0;
}

void actor_drop_memory(struct kunit_suite *suite)
{
	mmput(process_mm);
}

int act_be_process(void *unused)
{
	kthread_use_mm(process_mm);
	return 0;
}

void actor_exit(struct actor *actor)
{
	if (!actor->task)
		return;
	actor_begin(actor, NULL, NULL);
	/*
	 * kthread_stop() would be content earlier: what it waits for comes
	 * before the tracepoint at which an identity is taken off.
	 */
	while (!smp_load_acquire(&actor->task->exit_state))
		schedule_timeout_uninterruptible(1);
	put_task_struct(actor->task);
	actor->task = NULL;
}
