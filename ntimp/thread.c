// SPDX-License-Identifier: GPL-2.0-only
/*
 * The current thread puts an identity on and takes it off.
 *
 * One slot, no stack: task->cred is the applied cred while impersonating and
 * the primary otherwise, and that is all the state there is.  Each thread that
 * impersonates pins the module, whose guards it relies on.
 *
 * What the first use of a context left for this CPU is put on without writing
 * anything that another CPU writes, too: the cred and the count of uses are this
 * CPU's, and so is the count of pins.  A thread that goes to another CPU in between
 * is not wrong there, only slower.
 */
#include <kunit/visibility.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/rcupdate.h>

#include "audit.h"
#include "compat.h"
#include "context.h"
#include "cred.h"
#include "departure.h"
#include "pin.h"
#include "thread.h"
#include "trace.h"

static __always_inline void thread_wear(const struct cred *cred)
{
	/* Replacing one identity by another keeps the pin of the first. */
	if (current_cred() == current_real_cred())
		ntimp_pin_get();
	else
		ntimp_departs(current_cred());
	compat_wear(cred);
}

static __always_inline bool wear_recent(struct ntimp_context *ctx)
{
	struct ntimp_applied *applied;

	rcu_read_lock();
	applied = ntimp_context_recent(ctx, current_real_cred());
	if (applied) {
		thread_wear(applied->cred);
		atomic_long_inc(&applied->uses);
	}
	rcu_read_unlock();
	return applied;
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
		atomic_long_inc(&ctx->uses);
	}
	/* Where the context doesn't keep the module for the thread. */
	if (unlikely(!ntimp_context_is_counted(ctx)))
		ntimp_pin_settle();
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
EXPORT_SYMBOL_IF_KUNIT(ntimp_impersonate_flags);

/**
 * ntimp_thread_become_primary - end the current thread's impersonation
 *
 * Takes no lock while a context is open, never one that is held by somebody who
 * sleeps, and allocates nothing, so it can't fail.
 *
 * Context: any but interrupts; ntimp_impersonating() is true.
 */
void ntimp_thread_become_primary(void)
{
	trace_revert(current);
	ntimp_departs(current_cred());
	compat_wear_off();
	ntimp_pin_put();
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_thread_become_primary);

/**
 * ntimp_thread_finish - be the primary after a function that ran as a client
 * @worn: what the thread wore when the function was called; the caller has a
 *	reference on it
 *
 * Also ends an override that the function forgot: nobody is left who would.
 * What that had put aside, our cred with its pin on the module, is lost then, and
 * so is a reference on the primary.
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
EXPORT_SYMBOL_IF_KUNIT(ntimp_thread_finish);

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
	compat_wear_off();
	return true;
}
EXPORT_SYMBOL_GPL(ntimp_disable);

static void aside_empty(struct ntimp_aside *aside)
{
	put_cred(aside->worn);
	put_cred(aside->primary);
	*aside = (struct ntimp_aside) {};
}

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
	if (!aside->worn || !may_restore(aside)) {
		ntimp_forget(aside);
		return false;
	}
	/*
	 * The pin goes with what is worn.  It is not dropped and taken anew: with
	 * no context open, pins may only become fewer.
	 */
	if (ntimp_impersonating()) {
		ntimp_departs(current_cred());
		ntimp_pin_put();
	}
	compat_wear(aside->worn);
	aside_empty(aside);
	return true;
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
	if (aside->worn != current_cred())
		ntimp_departs(aside->worn);
	aside_empty(aside);
	ntimp_pin_put();
}
EXPORT_SYMBOL_GPL(ntimp_forget);
