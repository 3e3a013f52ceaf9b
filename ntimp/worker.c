// SPDX-License-Identifier: GPL-2.0-only
/*
 * A function under a cred in a system thread, made for that one call, while
 * the caller waits.
 *
 * The thread is one of the kind that io_uring works with: never in user space,
 * but of the caller's process.  So what the kernel looks up through the thread
 * and not through its creds is the caller's without our doing: root, working
 * directory, umask and descriptors, namespaces, limits, the cgroups with their
 * device rules, BPF programs and accounting, state that an LSM keeps per
 * thread, seccomp.  A thread of the system's own would be outside all of that,
 * and a way for anybody out of such confinement.
 *
 * Its objective cred is the primary, as any thread's that is made.
 */
#include <kunit/visibility.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/numa.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "callthrough.h"
#include "cred.h"
#include "worker.h"

CALLTHROUGH_DEFINE(create_io_thread, struct task_struct *, ERR_PTR(-EAGAIN),
		   (int (*fn)(void *), void *arg, int node), .optional = true);
CALLTHROUGH_DEFINE(do_exit, long, 0, (long code), .optional = true);
CALLTHROUGH_DEFINE(wake_up_new_task, long, 0,
		   (struct task_struct *task), .optional = true);
CALLTHROUGH_DEFINE(wake_up_state, int, 0,
		   (struct task_struct *task, unsigned int state), .optional = true);

/**
 * struct worker - one call
 * @cred: as whom
 * @fn: what
 * @arg: handed to @fn
 * @result: what @fn returned
 */
struct worker {
	const struct cred *cred;
	long (*fn)(void *arg);
	void *arg;
	long result;
};

static int worker_main(void *arg)
{
	struct worker *worker = arg;

	worker->result = ntimp_cred_run(worker->cred, worker->fn, worker->arg);
	callthrough_do_exit(0);

	/* There is no user space to return to. */
	while (true)
		schedule_timeout_uninterruptible(MAX_SCHEDULE_TIMEOUT);
	return 0;
}

/*
 * What interrupts the caller interrupts the worker.  A signal that kills is
 * sent to all threads of the process, and so to the worker, by the kernel.
 */
static void worker_interrupt(struct task_struct *task)
{
	set_tsk_thread_flag(task, TIF_NOTIFY_SIGNAL);
	callthrough_wake_up_state(task, TASK_INTERRUPTIBLE);
}

/*
 * How often the caller lets others run until it waits for a timer.  The worker
 * is all but over then, and a timer may be as coarse as a tick.
 */
#define WORKER_TURNS	100

/*
 * Out of our code is not yet out of the process, whose other threads may be
 * counted next (by unshare(2), say).  A tracer can keep it there, as a zombie,
 * which any other thread is as well for a moment.
 */
static void worker_await_end(struct task_struct *task)
{
	unsigned int turns = 0;

	while (rcu_access_pointer(task->sighand) &&
	       !(READ_ONCE(task->exit_state) == EXIT_ZOMBIE &&
		 READ_ONCE(task->ptrace))) {
		if (turns++ < WORKER_TURNS)
			schedule();
		else
			usleep_range(10, 50);
	}
}

/**
 * ntimp_worker_works - are all functions there that a worker needs?
 *
 * Context: any.
 * Return: whether ntimp_worker_run() can be used.
 */
bool ntimp_worker_works(void)
{
	return callthrough_leads(&ntimp_callthrough_create_io_thread) &&
	       callthrough_leads(&ntimp_callthrough_do_exit) &&
	       callthrough_leads(&ntimp_callthrough_wake_up_new_task) &&
	       callthrough_leads(&ntimp_callthrough_wake_up_state);
}

/**
 * ntimp_worker_run - call a function under a cred in a thread of its own
 * @cred: the cred
 * @fn: the function; interruptible wherever it waits for somebody else
 * @arg: handed to @fn
 *
 * Nothing of the thread is left when this returns, whatever happens to the
 * caller meanwhile.
 *
 * Context: process context of a user thread, may sleep; holds no locks.
 * Return: what @fn returned, -EINTR in place of a restart that nobody would
 * make; -EOPNOTSUPP: not a user thread; -EAGAIN: the caller's user or cgroup
 * may have no more threads; -ERESTARTNOINTR: a signal came first; -ENOMEM.
 */
long ntimp_worker_run(const struct cred *cred, long (*fn)(void *arg), void *arg)
{
	struct worker worker = {
		.cred	= cred,
		.fn	= fn,
		.arg	= arg,
		.result	= -EINTR,
	};
	DECLARE_COMPLETION_ONSTACK(left);
	struct task_struct *task;

	if (current->flags & (PF_KTHREAD | PF_IO_WORKER))
		return -EOPNOTSUPP;
	task = callthrough_create_io_thread(worker_main, &worker, NUMA_NO_NODE);
	if (IS_ERR(task))
		return PTR_ERR(task);

	/* Completed by the kernel, when the thread can't get back to our code. */
	task->vfork_done = &left;
	get_task_struct(task);
	callthrough_wake_up_new_task(task);
	if (wait_for_completion_interruptible(&left)) {
		worker_interrupt(task);
		wait_for_completion(&left);
	}
	worker_await_end(task);
	put_task_struct(task);

	if (worker.result == -ERESTARTSYS && !signal_pending(current))
		return -EINTR;
	return worker.result;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_worker_run);
