// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which threads wear a context.
 *
 * Wearing leaves no trace but the subjective cred of the thread, so all threads
 * are looked through, and nobody pays for that but who asks.
 */
#include <kunit/visibility.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "context.h"
#include "gate.h"
#include "wearers.h"

/*
 * Another task's subjective cred may be freed at any time: the pointer is only
 * compared.
 */
static bool wears(struct task_struct *task, const struct ntimp_context *ctx)
{
	const struct cred *subjective = rcu_access_pointer(task->cred);

	return subjective != rcu_access_pointer(task->real_cred) &&
	       ntimp_context_is_worn(ctx, subjective);
}

/* Those for which there is room; returns how many there are. */
static unsigned int collect(const struct ntimp_context *ctx,
			    struct ntimp_wearers_list *list)
{
	struct task_struct *process, *task;
	unsigned int found = 0;

	rcu_read_lock();
	for_each_process_thread(process, task) {
		if (!wears(task, ctx))
			continue;
		found++;
		if (list->count < list->room)
			list->tasks[list->count++] = get_task_struct(task);
	}
	rcu_read_unlock();
	return found;
}

static void release(struct ntimp_wearers_list *list)
{
	while (list->count)
		put_task_struct(list->tasks[--list->count]);
}

/* The gate may sleep, so it is asked when all are there. */
static void keep_visible(struct ntimp_wearers_list *list)
{
	unsigned int i, kept = 0;

	for (i = 0; i < list->count; i++) {
		struct task_struct *task = list->tasks[i];

		if (task_pid_vnr(task) &&
		    !ntimp_gate_look(current_real_cred(), task))
			list->tasks[kept++] = task;
		else
			put_task_struct(task);
	}
	list->count = kept;
}

/**
 * ntimp_wearers_find - which threads wear a context
 * @ctx: the context; the caller has a handle on it
 * @list: filled, for ntimp_wearers_free()
 *
 * Those that have a number in the pid namespace of the current thread, and that
 * it may look at.
 *
 * Context: process context, may sleep.
 * Return: 0; -ENOMEM: nothing is left to be freed.
 */
int ntimp_wearers_find(const struct ntimp_context *ctx,
		       struct ntimp_wearers_list *list)
{
	unsigned int found;

	*list = (struct ntimp_wearers_list) {};
	for (;;) {
		found = collect(ctx, list);
		if (found <= list->room)
			break;
		/* Some more, or they could be one ahead of us for ever. */
		release(list);
		kvfree(list->tasks);
		list->room = found + found / 8 + 8;
		list->tasks = kvmalloc_array(list->room, sizeof(*list->tasks),
					     GFP_KERNEL_ACCOUNT);
		if (!list->tasks)
			return -ENOMEM;
	}
	keep_visible(list);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_wearers_find);

/**
 * ntimp_wearers_free - let go of a list of threads
 * @list: from ntimp_wearers_find()
 *
 * Context: process context.
 */
void ntimp_wearers_free(struct ntimp_wearers_list *list)
{
	release(list);
	kvfree(list->tasks);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_wearers_free);
