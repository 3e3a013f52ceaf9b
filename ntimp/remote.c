// SPDX-License-Identifier: GPL-2.0-only
/*
 * Another thread puts an identity on or takes it off.
 *
 * Nobody can change the credentials of a thread but itself, so it is asked to,
 * by task work, which it runs before it goes on in user space, wherever it was.
 * It does what it would do if it had called: its own primary is judged, and its
 * result is that of the caller, who waits for it.
 *
 * A system call that the target is in keeps the identity with which it began,
 * unless it runs task work itself: io_uring_enter(2) while it waits, and exec.
 */
#include <kunit/visibility.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "audit.h"
#include "callthrough.h"
#include "compat.h"
#include "context.h"
#include "cred.h"
#include "gate.h"
#include "limits.h"
#include "remote.h"
#include "thread.h"

CALLTHROUGH_DEFINE(task_work_add, int, -EOPNOTSUPP,
		   (struct task_struct *task, struct callback_head *work,
		    enum task_work_notify_mode notify), .optional = true);

/**
 * ntimp_remote_available - can other threads be reached in the running kernel?
 *
 * Context: any.
 * Return: whether it has task_work_add() where it can be called.
 */
bool ntimp_remote_available(void)
{
	return callthrough_leads(&ntimp_callthrough_task_work_add);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_remote_available);

/*
 * Exec has passed its guard already, and lets io_uring run task work before it
 * commits the credentials of the new program.
 */
static bool in_exec(void)
{
	return current->in_execve;
}

static int impersonate(struct ntimp_context *ctx, unsigned int flags)
{
	if (in_exec())
		return -EBUSY;
	return ntimp_impersonate_flags(ctx, flags);
}

static int carry_out(const struct ntimp_request *request)
{
	/* It has taken off what it wore, and nothing would do so again. */
	if (current->flags & PF_EXITING)
		return -ESRCH;
	if (request->fn)
		return in_exec() ? -EBUSY : request->fn(request->arg);
	if (!request->ctx)
		return ntimp_revert();
	return impersonate(request->ctx, request->flags);
}

/* From @state on the request is nobody else's; false: it is already. */
static bool request_claim(struct ntimp_request *request,
			  enum ntimp_request_state state)
{
	return atomic_cmpxchg(&request->state, REQUEST_QUEUED, state) ==
	       REQUEST_QUEUED;
}

static void request_put(struct ntimp_request *request)
{
	if (refcount_dec_and_test(&request->usage))
		kfree(request);
}

/**
 * ntimp_request_create - make a request
 * @ctx: the context to impersonate, or NULL to revert; the caller has a handle
 *	on it until ntimp_request_await() returns
 * @flags: NTIMP_IMPERSONATE_*
 *
 * Context: process context, may sleep.
 * Return: a request with a reference for ntimp_request_run(), which has to be
 * called, and one for ntimp_request_await(); -ENOMEM.
 */
struct ntimp_request *ntimp_request_create(struct ntimp_context *ctx,
					   unsigned int flags)
{
	struct ntimp_request *request;

	request = kzalloc(sizeof(*request), GFP_KERNEL_ACCOUNT);
	if (!request)
		return ERR_PTR(-ENOMEM);

	init_task_work(&request->work, ntimp_request_run);
	refcount_set(&request->usage, 2);
	atomic_set(&request->state, REQUEST_QUEUED);
	init_completion(&request->done);
	request->ctx = ctx;
	request->flags = flags;
	__module_get(THIS_MODULE);
	return request;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_request_create);

/**
 * ntimp_request_run - the target's part: carry out what is asked
 * @work: of the request; the target's reference is consumed
 *
 * Does nothing if the caller has given up.
 *
 * Context: process context of the target, may sleep; task work.
 */
void ntimp_request_run(struct callback_head *work)
{
	struct ntimp_request *request =
		container_of(work, struct ntimp_request, work);

	if (request_claim(request, REQUEST_TAKEN)) {
		request->result = carry_out(request);
		complete_all(&request->done);
	}
	request_put(request);
	/* Unloading waits for the rest, see ntimp_guard_disarm(). */
	module_put(THIS_MODULE);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_request_run);

/**
 * ntimp_request_await - the caller's part: wait for the result
 * @request: the request; the caller's reference is consumed
 * @timeout: for how long, in jiffies
 *
 * Whoever gives up knows that it won't happen any more: a target that has begun
 * is waited for, which takes no longer than a call of one's own.
 *
 * Context: process context, may sleep.
 * Return: the target's result; -ETIMEDOUT: it has not begun in time; -EINTR:
 * nor when the current thread was killed.
 */
int ntimp_request_await(struct ntimp_request *request, unsigned long timeout)
{
	long left = wait_for_completion_killable_timeout(&request->done, timeout);
	int result;

	if (left <= 0 && request_claim(request, REQUEST_CANCELLED)) {
		result = left ? -EINTR : -ETIMEDOUT;
	} else {
		wait_for_completion(&request->done);
		result = request->result;
	}
	request_put(request);
	return result;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_request_await);

/* These don't return to user space, which is where they would notice. */
static bool is_out_of_reach(const struct task_struct *task)
{
	return task->flags & (PF_KTHREAD | PF_IO_WORKER | COMPAT_PF_USER_WORKER);
}

/* Consumes the request, which may be an ERR_PTR(). */
static int send(struct task_struct *task, struct ntimp_request *request)
{
	int err;

	if (IS_ERR(request))
		return PTR_ERR(request);
	err = callthrough_task_work_add(task, &request->work, TWA_SIGNAL);
	if (err) {
		request_put(request);
		request_put(request);
		module_put(THIS_MODULE);
		return err;
	}
	return ntimp_request_await(request, NTIMP_REMOTE_TIMEOUT);
}

static int ask(struct task_struct *task, struct ntimp_context *ctx,
	       unsigned int flags)
{
	if (is_out_of_reach(task))
		return -EPERM;
	if (task->flags & PF_EXITING)
		return -ESRCH;
	return send(task, ntimp_request_create(ctx, flags));
}

static struct ntimp_request *request_to_call(int (*fn)(void *arg), void *arg)
{
	struct ntimp_request *request = ntimp_request_create(NULL, 0);

	if (!IS_ERR(request)) {
		request->fn = fn;
		request->arg = arg;
	}
	return request;
}

/**
 * ntimp_call_task - let a thread of this process call a function
 * @task: the thread, or current; the caller holds a reference on it
 * @fn: the function; may sleep.  What it does to the thread's identity is as if
 *	the thread had called it itself.
 * @arg: handed to @fn
 *
 * Context: process context, may sleep: for no longer than NTIMP_REMOTE_TIMEOUT
 * and what the call itself takes.
 * Return: what @fn returned; if it wasn't called, and won't be: -EOPNOTSUPP: a
 * thread of the kernel's, or the kernel has no task_work_add(); -EPERM: not of
 * the current process; -EBUSY: it is in exec; -ESRCH, -ETIMEDOUT, -EINTR, -ENOMEM
 * as for
 * ntimp_impersonate_task().
 */
int ntimp_call_task(struct task_struct *task, int (*fn)(void *arg), void *arg)
{
	if (task == current)
		return fn(arg);
	if (is_out_of_reach(task) || !ntimp_remote_available())
		return -EOPNOTSUPP;
	if (!same_thread_group(current, task))
		return -EPERM;
	if (task->flags & PF_EXITING)
		return -ESRCH;
	return send(task, request_to_call(fn, arg));
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_call_task);

/**
 * ntimp_impersonate_task - let a thread of this process act as the client
 * @ctx: the context; the caller has a handle on it, and may drop it at once
 * @task: the thread; the caller holds a reference on it
 * @flags: NTIMP_IMPERSONATE_*
 *
 * As ntimp_impersonate() by @task.  After a failure it is, and will be, what it
 * was.
 *
 * Context: process context, may sleep: for no longer than NTIMP_REMOTE_TIMEOUT
 * and what the call itself takes.
 * Return: 0, or with NTIMP_IMPERSONATE_DOWNGRADE the level at which @task acts;
 * -EINVAL: unknown @flags; -EPERM: not of the current process, or a
 * worker of the kernel's in it, or the gate refused; -EBUSY: @task impersonates
 * and is not to be replaced, is inside an override of somebody else's, or in
 * exec; -ESRCH: it is exiting; -ETIMEDOUT: it can't be reached: stopped, traced
 * or in a system call that can't be interrupted (the parent after vfork());
 * -EINTR: the current thread was killed; -EOPNOTSUPP: the kernel has no
 * task_work_add(); other errors of ntimp_impersonate(); -ENOMEM.
 */
int ntimp_impersonate_task(struct ntimp_context *ctx, struct task_struct *task,
			   unsigned int flags)
{
	if (flags & ~(NTIMP_IMPERSONATE_EXCLUSIVE | NTIMP_IMPERSONATE_DOWNGRADE))
		return -EINVAL;
	if (task == current)
		return impersonate(ctx, flags);
	if (!ntimp_remote_available())
		return -EOPNOTSUPP;
	if (!same_thread_group(current, task))
		return ntimp_refuse_task("control", task);
	return ask(task, ctx, flags);
}
EXPORT_SYMBOL_GPL(ntimp_impersonate_task);

/**
 * ntimp_revert_task - let a thread be itself again
 * @task: the thread; the caller holds a reference on it
 *
 * Context: process context, may sleep: for no longer than NTIMP_REMOTE_TIMEOUT.
 * Return: 0, also if @task wasn't impersonating; -EPERM: the gate refused, or a
 * thread of the kernel's; -EBUSY: @task is inside an override of somebody
 * else's; -ESRCH, -ETIMEDOUT, -EINTR, -EOPNOTSUPP, -ENOMEM as for
 * ntimp_impersonate_task().
 */
int ntimp_revert_task(struct task_struct *task)
{
	int err;

	if (task == current)
		return ntimp_revert();
	if (!ntimp_remote_available())
		return -EOPNOTSUPP;
	err = ntimp_gate_revert(current_real_cred(), task);
	if (err)
		return ntimp_refuse_task("control", task);
	return ask(task, NULL, 0);
}
EXPORT_SYMBOL_GPL(ntimp_revert_task);
