// SPDX-License-Identifier: GPL-2.0-only
/*
 * The current thread puts an identity on and takes it off.
 *
 * One slot, no stack: task->cred is the applied cred while impersonating and
 * the primary otherwise, and that is all the state there is.  Each thread that
 * impersonates pins the module, whose guards it relies on.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "compat.h"
#include "context.h"
#include "cred.h"
#include "thread.h"

static void thread_wear(const struct cred *cred)
{
	/* Replacing one identity by another keeps the pin of the first. */
	if (current_cred() == current_real_cred())
		__module_get(THIS_MODULE);
	compat_wear(cred);
}

static bool wear_recent(struct ntimp_context *ctx)
{
	const struct cred *cred;

	rcu_read_lock();
	cred = ntimp_context_recent(ctx, current_real_cred());
	if (cred)
		thread_wear(cred);
	rcu_read_unlock();
	return cred;
}

/**
 * ntimp_impersonate - let the current thread act as the client
 * @ctx: the context; the caller has a handle on it, and may drop it at once
 *
 * Lasts until ntimp_revert() or the end of the thread.  Replaces the identity
 * that the thread wears, if it does.  The first use of a context by a server
 * makes the applied cred; later ones only put it on.
 *
 * Context: process context, may sleep.
 * Return: 0; on failure the thread is what it was: -EPERM: the gate refused;
 * -EBUSY: the thread is inside an override of somebody else's; -ENOMEM; for a
 * level below Impersonation also the errors of ntimp_identify_arm().
 */
int ntimp_impersonate(struct ntimp_context *ctx)
{
	const struct cred *cred;

	if (current_cred() != current_real_cred() && !ntimp_impersonating())
		return -EBUSY;

	if (!wear_recent(ctx)) {
		cred = ntimp_context_apply(ctx);
		if (IS_ERR(cred))
			return PTR_ERR(cred);
		thread_wear(cred);
		put_cred(cred);
	}
	atomic_long_inc(&ctx->uses);
	return 0;
}
EXPORT_SYMBOL_GPL(ntimp_impersonate);

/**
 * ntimp_thread_become_primary - end the current thread's impersonation
 *
 * Takes no lock and allocates nothing, so it can't fail.
 *
 * Context: any but interrupts; ntimp_impersonating() is true.
 */
void ntimp_thread_become_primary(void)
{
	compat_wear(current_real_cred());
	module_put(THIS_MODULE);
}

/**
 * ntimp_revert - let the current thread be itself again
 *
 * Whatever it wore and however often: straight to the primary.
 *
 * Context: process context.
 * Return: 0, also if the thread wasn't impersonating; -EBUSY: it is inside an
 * override of somebody else's, which was left alone.
 */
int ntimp_revert(void)
{
	if (ntimp_impersonating())
		ntimp_thread_become_primary();
	else if (current_cred() != current_real_cred())
		return -EBUSY;
	return 0;
}
EXPORT_SYMBOL_GPL(ntimp_revert);
