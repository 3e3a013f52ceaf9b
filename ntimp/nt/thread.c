// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads impersonate and revert, by NT's routines.
 *
 * What changes a thread is done by the thread itself: of the current process, by
 * a request as the core's own; system threads of the kernel only for themselves.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cred.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/ntimp.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include <linux/nt/linux.h>
#include <linux/nt/ntstatus.h>

#include "../context.h"
#include "../cred.h"
#include "../gate.h"
#include "../remote.h"
#include "filter.h"
#include "impersonation.h"
#include "thread.h"
#include "token.h"

/**
 * struct nt_act - what a thread is to do
 * @terms: as whom it shall act, and how
 * @imp: to put that down; NULL afterwards if it was
 */
struct nt_act {
	struct nt_terms terms;
	struct nt_impersonation *imp;
};

/*
 * An impersonation token goes no further than it was made for, and one that was
 * limited as Linux can't limit a cred only names its client.
 */
static bool goes_too_far(const struct nt_terms *terms)
{
	const struct nt_token *token = terms->token;

	return (token->type == TokenImpersonation && terms->level > token->level) ||
	       (terms->level >= SecurityImpersonation &&
		!nt_filter_is_expressible(token->filter));
}

/* With all that is asked for, or not at all. */
static int wear(const struct nt_terms *terms)
{
	struct ntimp_context *ctx;
	int err;

	if (goes_too_far(terms))
		return -EPERM;
	ctx = nt_token_context(terms->token, terms->level, terms->effective_only);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	err = ntimp_impersonate(ctx);
	/* Not even its name: who does that wants to be root, and isn't. */
	if (err == -EPERM && ntimp_gate_raises(current_real_cred(), ctx->client))
		err = -EACCES;
	ntimp_context_put(ctx);
	return err;
}

/* Of whom may not have more: a copy of the token that is no good for more. */
static int wear_name(struct nt_terms *terms)
{
	struct nt_token *copy;
	int err;

	copy = nt_token_duplicate(terms->token,
				  min_t(unsigned int, SecurityIdentification,
					terms->token->ctx->qos.level),
				  terms->effective_only);
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	err = ntimp_impersonate(copy->ctx);
	if (err)
		nt_token_put(copy);
	else
		terms->token = copy;
	return err;
}

/* In the thread that is to act.  A failure leaves it as it was. */
static int act_as(void *arg)
{
	struct nt_act *act = arg;
	struct nt_terms terms = act->terms;
	int err = wear(&terms);

	if (!err)
		nt_token_get(terms.token);
	else if (err == -EPERM)
		err = wear_name(&terms);
	if (err)
		return err;
	terms.level = ntimp_cred_level_ceiling(current_cred());
	nt_impersonation_begin(act->imp, &terms);
	act->imp = NULL;
	return 0;
}

/**
 * nt_thread_act_as - let a thread act as a client
 * @task: the thread; the caller holds a reference on it
 * @terms: as whom, and how; the thread gets its own reference on the token
 *
 * Context: process context, may sleep.
 * Return: 0; errors for which see PsImpersonateClient(): the thread is what it was.
 */
int nt_thread_act_as(struct task_struct *task, const struct nt_terms *terms)
{
	struct nt_act act = {
		.terms	= *terms,
		.imp	= nt_impersonation_alloc(),
	};
	int err;

	if (!act.imp)
		return -ENOMEM;
	nt_impersonation_watch();
	err = ntimp_call_task(task, act_as, &act);
	kfree(act.imp);
	return err;
}

/* There is no more to lose by waiting for memory than by acting as the server. */
static int act_as_nobody(void *unused)
{
	struct nt_token *nobody = nt_token_nobody(TokenImpersonation);
	int err;

	while ((err = ntimp_impersonate(nobody->ctx)) == -ENOMEM)
		schedule_timeout_uninterruptible(1);
	nt_token_put(nobody);
	return err;
}

/**
 * nt_thread_deny - let a thread act as nobody, who may do nothing
 * @task: the thread; the caller holds a reference on it
 *
 * For routines that can't say that they failed: what the thread does next was meant
 * to be done as the client.
 *
 * Context: process context, may sleep: until there is memory.
 * Return: 0; errors of ntimp_call_task(), ntimp_identify_arm() and, inside an
 * override of somebody else's, -EBUSY: said in the kernel log.
 */
int nt_thread_deny(struct task_struct *task)
{
	int err = ntimp_call_task(task, act_as_nobody, NULL);

	if (err)
		pr_err_ratelimited("thread %d could not impersonate, and goes on as whom it was: error %d\n",
				   task_pid_nr(task), err);
	return err;
}

/**
 * PsImpersonateClient - let a thread act as a client
 * @thread: the thread; the caller holds a reference on it
 * @token: the client, primary or impersonation; NULL: stop impersonating.  The
 *	thread gets a reference of its own.
 * @copy_on_open: the token may not be handed out
 * @effective_only: what the client has disabled stays out of reach
 * @level: how far
 *
 * Lasts until the thread reverts or exits, and replaces whom it acts as.  Whether it
 * may is judged on the primary of @thread, see ntimp_impersonate(); if it may not it
 * acts with a copy of the token at level Identification, as it does if @level is
 * above the token's or the token was limited in a way that Linux can't express.
 * PsReferenceImpersonationToken() tells.
 *
 * Context: process context, may sleep: for another thread no longer than
 * NTIMP_REMOTE_TIMEOUT and what the call itself takes.
 * Return: STATUS_SUCCESS, perhaps with less than was asked for; on failure the
 * thread is what it was: STATUS_INVALID_PARAMETER: no such level;
 * STATUS_ACCESS_DENIED: the client is root and the thread isn't, or the thread is
 * one of another process; STATUS_NO_MEMORY; STATUS_NOT_SUPPORTED: another system
 * thread, or the kernel has no task_work_add(); the statuses of -EBUSY (inside
 * somebody else's override, or another thread in exec), -EDQUOT, -ESRCH,
 * -ETIMEDOUT, -EINTR, -EKEYREVOKED and -EKEYEXPIRED.
 */
NTSTATUS PsImpersonateClient(PETHREAD thread, PACCESS_TOKEN token, BOOLEAN copy_on_open,
			     BOOLEAN effective_only, SECURITY_IMPERSONATION_LEVEL level)
{
	const struct nt_terms terms = {
		.token		= nt_token_from(token),
		.copy_on_open	= copy_on_open,
		.effective_only	= effective_only,
		.level		= level,
	};

	if (!token)
		return NtimpStatusFromErrno(ntimp_revert_task(nt_task(thread)));
	if (!VALID_IMPERSONATION_LEVEL(level))
		return STATUS_INVALID_PARAMETER;
	return NtimpStatusFromErrno(nt_thread_act_as(nt_task(thread), &terms));
}
EXPORT_SYMBOL_GPL(PsImpersonateClient);

/**
 * PsRevertToSelf - let the calling thread be itself again
 *
 * Whomever it acts as and however often: straight to the primary.  An override of
 * somebody else's that the thread is inside of is left alone.
 *
 * Context: process context.
 */
VOID PsRevertToSelf(void)
{
	ntimp_revert();
}
EXPORT_SYMBOL_GPL(PsRevertToSelf);

/**
 * PsRevertThreadToSelf - let a thread be itself again
 * @thread: the thread; the caller holds a reference on it
 *
 * A thread that can't be reached, see ntimp_revert_task(), goes on; the kernel log
 * tells.
 *
 * Context: process context, may sleep: for another thread no longer than
 * NTIMP_REMOTE_TIMEOUT.
 */
VOID PsRevertThreadToSelf(PETHREAD thread)
{
	int err = ntimp_revert_task(nt_task(thread));

	if (err)
		pr_err_ratelimited("thread %d could not revert: error %d\n",
				   task_pid_nr(nt_task(thread)), err);
}
EXPORT_SYMBOL_GPL(PsRevertThreadToSelf);

/**
 * PsIsThreadImpersonating - does a thread act as somebody else?
 * @thread: the thread; the caller holds a reference on it
 *
 * Context: any.
 * Return: whether it does, or is inside an override of whoever's.
 */
BOOLEAN PsIsThreadImpersonating(PETHREAD thread)
{
	return rcu_access_pointer(nt_task(thread)->cred) !=
	       rcu_access_pointer(nt_task(thread)->real_cred);
}
EXPORT_SYMBOL_GPL(PsIsThreadImpersonating);

/**
 * PsAssignImpersonationToken - let a thread act as a token says, or be itself
 * @thread: the thread; the caller holds a reference on it
 * @token: an impersonation token; NULL: stop impersonating.  On NT a handle of one:
 *	here the token itself.
 *
 * Context: process context, may sleep, as PsImpersonateClient().
 * Return: as PsImpersonateClient() at the token's own level;
 * STATUS_BAD_TOKEN_TYPE: a primary token.
 */
NTSTATUS PsAssignImpersonationToken(PETHREAD thread, HANDLE token)
{
	if (token && nt_token_from(token)->type == TokenPrimary)
		return STATUS_BAD_TOKEN_TYPE;
	return PsImpersonateClient(thread, token, FALSE, FALSE,
				   token ? nt_token_from(token)->level : SecurityAnonymous);
}
EXPORT_SYMBOL_GPL(PsAssignImpersonationToken);
