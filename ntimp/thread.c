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

#include "audit.h"
#include "compat.h"
#include "context.h"
#include "cred.h"
#include "thread.h"
#include "trace.h"

static void thread_wear(const struct cred *cred)
{
	/* Replacing one identity by another keeps the pin of the first. */
	if (current_cred() == current_real_cred())
		__module_get(THIS_MODULE);
	compat_wear(cred);
}

static __always_inline bool wear_recent(struct ntimp_context *ctx)
{
	const struct cred *cred;

	rcu_read_lock();
	cred = ntimp_context_recent(ctx, current_real_cred());
	if (cred)
		thread_wear(cred);
	rcu_read_unlock();
	return cred;
}

/* Compiled once for each @apply. */
static __always_inline int
thread_impersonate(struct ntimp_context *ctx,
		   const struct cred *(*apply)(struct ntimp_context *ctx))
{
	const struct cred *cred;

	if (current_cred() != current_real_cred() && !ntimp_impersonating())
		return -EBUSY;

	if (!wear_recent(ctx)) {
		cred = apply(ctx);
		if (IS_ERR(cred))
			return PTR_ERR(cred);
		thread_wear(cred);
		put_cred(cred);
	}
	atomic_long_inc(&ctx->uses);
	trace_impersonate(ctx);
	if (static_branch_unlikely(&ntimp_audit_successes))
		ntimp_record_impersonate(ctx);
	return 0;
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
 * -EBUSY: the thread is inside an override of somebody else's; -EKEYREVOKED,
 * -EKEYEXPIRED: the context has ended; -ENOMEM; for a level below Impersonation
 * also the errors of ntimp_identify_arm().
 */
int ntimp_impersonate(struct ntimp_context *ctx)
{
	return thread_impersonate(ctx, ntimp_context_apply);
}
EXPORT_SYMBOL_GPL(ntimp_impersonate);

/**
 * ntimp_impersonate_downgraded - act as the client, or only with its name
 * @ctx: the context; the caller has a handle on it, and may drop it at once
 *
 * As ntimp_impersonate(), but where the gate refuses the thread impersonates at
 * level Identification.
 *
 * Context: process context, may sleep.
 * Return: enum ntimp_level at which the thread acts; as ntimp_impersonate() on
 * failure, but not -EPERM.
 */
int ntimp_impersonate_downgraded(struct ntimp_context *ctx)
{
	int err = thread_impersonate(ctx, ntimp_context_apply_downgraded);

	return err ?: ntimp_cred_level_ceiling(current_cred());
}
EXPORT_SYMBOL_GPL(ntimp_impersonate_downgraded);

/**
 * ntimp_impersonate_flags - let the current thread act as the client, on terms
 * @ctx: the context; the caller has a handle on it, and may drop it at once
 * @flags: NTIMP_IMPERSONATE_*
 *
 * Context: process context, may sleep.
 * Return: 0, or with NTIMP_IMPERSONATE_DOWNGRADE the level at which the thread
 * acts; -EINVAL: unknown @flags; -EBUSY: with NTIMP_IMPERSONATE_EXCLUSIVE, the
 * thread impersonates already; the errors of ntimp_impersonate().
 */
int ntimp_impersonate_flags(struct ntimp_context *ctx, unsigned long flags)
{
	if (flags & ~(unsigned long)(NTIMP_IMPERSONATE_EXCLUSIVE |
				     NTIMP_IMPERSONATE_DOWNGRADE))
		return -EINVAL;
	if (flags & NTIMP_IMPERSONATE_EXCLUSIVE && ntimp_impersonating())
		return -EBUSY;
	if (flags & NTIMP_IMPERSONATE_DOWNGRADE)
		return ntimp_impersonate_downgraded(ctx);
	return ntimp_impersonate(ctx);
}

/**
 * ntimp_thread_become_primary - end the current thread's impersonation
 *
 * Takes no lock and allocates nothing, so it can't fail.
 *
 * Context: any but interrupts; ntimp_impersonating() is true.
 */
void ntimp_thread_become_primary(void)
{
	trace_revert(current);
	compat_wear(current_real_cred());
	module_put(THIS_MODULE);
}

/**
 * ntimp_thread_finish - be the primary after a function that ran as a client
 * @worn: what the thread wore when the function was called; the caller has a
 *	reference on it
 *
 * Also ends an override that the function forgot: nobody is left who would.
 * What that had put aside, our cred with its pin on the module, is lost then.
 *
 * Context: process context.
 * Return: 0; -EPROTO: the thread wore something else in the end.
 */
int ntimp_thread_finish(const struct cred *worn)
{
	const struct cred *left = current_cred();

	if (ntimp_impersonating())
		ntimp_thread_become_primary();
	else if (left != current_real_cred())
		revert_creds(get_cred(current_real_cred()));
	return left == worn ? 0 : -EPROTO;
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

/**
 * ntimp_disable - put the current thread's identity aside for a while
 * @aside: filled; ends with one ntimp_restore() or ntimp_forget()
 *
 * The thread is its primary then, may impersonate anybody meanwhile, and gets
 * exactly what it wore back.
 *
 * Context: process context.
 * Return: whether something was put aside; false if the thread isn't
 * impersonating, or is inside an override of somebody else's, which is left
 * alone.
 */
bool ntimp_disable(struct ntimp_aside *aside)
{
	*aside = (struct ntimp_aside) {};
	if (!ntimp_impersonating())
		return false;

	/* The thread's pin goes with what it wore. */
	aside->worn = get_current_cred();
	aside->primary = get_cred(current_real_cred());
	compat_wear(current_real_cred());
	return true;
}
EXPORT_SYMBOL_GPL(ntimp_disable);

/* The permission to wear it was this primary's. */
static bool may_restore(const struct ntimp_aside *aside)
{
	return aside->primary == current_real_cred() &&
	       (current_cred() == current_real_cred() || ntimp_impersonating());
}

/**
 * ntimp_restore - take back the identity that was put aside
 * @aside: from ntimp_disable() in the same thread; empty afterwards
 *
 * Replaces whatever the thread wears.  Allocates nothing and takes no lock.
 *
 * Context: process context.
 * Return: whether the thread wears it again; false if nothing was put aside, or
 * if the thread has another primary than then or is inside an override of
 * somebody else's: it is left as it is.
 */
bool ntimp_restore(struct ntimp_aside *aside)
{
	bool restored = aside->worn && may_restore(aside);

	if (restored)
		thread_wear(aside->worn);
	ntimp_forget(aside);
	return restored;
}
EXPORT_SYMBOL_GPL(ntimp_restore);

/**
 * ntimp_forget - give up the identity that was put aside
 * @aside: from ntimp_disable(); empty afterwards
 *
 * Context: process context.
 */
void ntimp_forget(struct ntimp_aside *aside)
{
	if (!aside->worn)
		return;
	put_cred(aside->worn);
	put_cred(aside->primary);
	*aside = (struct ntimp_aside) {};
	module_put(THIS_MODULE);
}
EXPORT_SYMBOL_GPL(ntimp_forget);
