/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What one thread asks another to do with its identity.
 */
#ifndef _NTIMP_REMOTE_H
#define _NTIMP_REMOTE_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/refcount.h>
#include <linux/task_work.h>
#include <linux/types.h>

struct ntimp_context;
struct task_struct;

/**
 * enum ntimp_request_state - whose a request is
 * @REQUEST_QUEUED: nobody's yet
 * @REQUEST_TAKEN: the target's, which will carry it out and say so
 * @REQUEST_CANCELLED: the caller's, who has given up: the target does nothing
 */
enum ntimp_request_state {
	REQUEST_QUEUED,
	REQUEST_TAKEN,
	REQUEST_CANCELLED,
};

/**
 * struct ntimp_request - what a thread, the target, is asked to do by another
 * @work: in the target's list of task work
 * @usage: two references, the caller's and the target's, because either can be
 *	the last to look at it
 * @state: enum ntimp_request_state; leaves REQUEST_QUEUED once, by cmpxchg
 * @done: complete when the target has carried it out
 * @ctx: the context to impersonate; NULL: to revert.  The caller's, who stays
 *	as long as the target can use it.
 * @flags: NTIMP_IMPERSONATE_*
 * @fn: called in place of that, if there is one; the caller's
 * @arg: handed to @fn
 * @result: the target's; valid when @done is complete
 *
 * As long as the target has not run @work the request pins the module.
 */
struct ntimp_request {
	struct callback_head work;
	refcount_t usage;
	atomic_t state;
	struct completion done;
	struct ntimp_context *ctx;
	unsigned int flags;
	int (*fn)(void *arg);
	void *arg;
	int result;
};

bool ntimp_remote_available(void);

struct ntimp_request *ntimp_request_create(struct ntimp_context *ctx,
					   unsigned int flags);
void ntimp_request_run(struct callback_head *work);
int ntimp_call_task(struct task_struct *task, int (*fn)(void *arg), void *arg);
int ntimp_request_await(struct ntimp_request *request, unsigned long timeout);

#endif /* _NTIMP_REMOTE_H */
