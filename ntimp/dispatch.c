// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions of the kernel that run in a workqueue as a client.
 *
 * A worker of a workqueue is the system itself, so the rule here is that @fn
 * is called as the client or not at all, and that the worker is the system
 * again whatever @fn did.  What came of it is told to another function, which
 * runs as the system.
 */
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/ntimp.h>
#include <linux/workqueue.h>

#include "thread.h"

#define WORK_QUEUED	0	/* bit of ntimp_work.state */

/* As the client, and then no longer. */
static int run_as_client(struct ntimp_work *work)
{
	const struct cred *worn;
	int err = ntimp_impersonate(work->ctx);

	if (err)
		return err;
	worn = get_current_cred();
	work->fn(work);
	err = ntimp_thread_finish(worn);
	put_cred(worn);
	return err;
}

/* The context is let go of before anybody is told: @done may free @work. */
static void work_over(struct ntimp_work *work)
{
	struct ntimp_context *ctx = work->ctx;

	work->ctx = NULL;
	clear_bit_unlock(WORK_QUEUED, &work->state);
	ntimp_context_put(ctx);
}

static void work_main(struct work_struct *base)
{
	struct ntimp_work *work = container_of(base, struct ntimp_work, base);
	void (*done)(struct ntimp_work *work, int err) = work->done;
	int err = run_as_client(work);

	work_over(work);
	done(work, err);
}

/**
 * ntimp_work_init - get a function ready to be run as a client
 * @work: not queued
 * @fn: what to do.  Called as the client, or not at all.
 * @done: called afterwards, as the system, exactly once each time that @work
 *	was queued and not cancelled; last to look at @work, which it may free or
 *	queue again.  @err is 0 if @fn ran; an error of ntimp_impersonate() if
 *	it could not be run, and so was not; -EPROTO if it ran, but did not end
 *	as whom it began (it reverted, or acts as somebody else): then part of
 *	what it did was not done as the client.
 *
 * Context: any.
 */
void ntimp_work_init(struct ntimp_work *work,
		     void (*fn)(struct ntimp_work *work),
		     void (*done)(struct ntimp_work *work, int err))
{
	INIT_WORK(&work->base, work_main);
	work->ctx = NULL;
	work->fn = fn;
	work->done = done;
	work->state = 0;
}
EXPORT_SYMBOL_GPL(ntimp_work_init);

/**
 * ntimp_queue_work - have a function run as a client in a workqueue
 * @wq: the workqueue
 * @work: from ntimp_work_init()
 * @ctx: the context; the caller has a handle on it, and may drop it at once
 *
 * Permission is judged when it runs, on the primary of the workqueue's worker,
 * the system's: it may act as any client whose ids its user namespace maps.
 * So this is for callers who know that the client is theirs to act for; it says
 * nothing about who the calling thread is.
 *
 * Context: any in which queue_work() may be called.
 * Return: 0; -EBUSY: @work is queued, or running, and left as it is.
 */
int ntimp_queue_work(struct workqueue_struct *wq, struct ntimp_work *work,
		     struct ntimp_context *ctx)
{
	if (test_and_set_bit_lock(WORK_QUEUED, &work->state))
		return -EBUSY;
	work->ctx = ntimp_context_get(ctx);
	queue_work(wq, &work->base);
	return 0;
}
EXPORT_SYMBOL_GPL(ntimp_queue_work);

/**
 * ntimp_cancel_work - don't run it, or wait until it has run
 * @work: from ntimp_work_init(); nobody queues it at the same time
 *
 * Context: process context, may sleep.
 * Return: true: it was queued, and neither function is called; false: it
 * wasn't, or both have been called.
 */
bool ntimp_cancel_work(struct ntimp_work *work)
{
	if (!cancel_work_sync(&work->base))
		return false;
	work_over(work);
	return true;
}
EXPORT_SYMBOL_GPL(ntimp_cancel_work);
