// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread that a call is about.
 */
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>

#include "args.h"
#include "target.h"

#define NTIMP_THREAD_SIZE_V1	16

static_assert(sizeof(struct ntimp_thread) == NTIMP_THREAD_SIZE_V1);

/**
 * ntimp_target_get - a thread by its number
 * @tid: its number in the caller's pid namespace
 *
 * Context: process context.
 * Return: a reference on the thread; -EINVAL: @tid isn't positive; -ESRCH: there
 * is no such thread.
 */
struct task_struct *ntimp_target_get(pid_t tid)
{
	struct task_struct *task;

	if (tid <= 0)
		return ERR_PTR(-EINVAL);
	rcu_read_lock();
	task = get_pid_task(find_vpid(tid), PIDTYPE_PID);
	rcu_read_unlock();
	return task ?: ERR_PTR(-ESRCH);
}

/**
 * ntimp_target_read - copy a struct ntimp_thread from user space
 * @args: where to
 * @from: where from
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL: reserved is not 0; errors of ntimp_args_read().
 */
int ntimp_target_read(struct ntimp_thread *args, const void __user *from)
{
	int err = ntimp_args_read(args, sizeof(*args), NTIMP_THREAD_SIZE_V1, from);

	if (err)
		return err;
	return args->reserved ? -EINVAL : 0;
}
