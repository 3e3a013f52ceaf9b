// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads put an identity aside and take it back, by NT's routines.
 *
 * The driver keeps the reference on the token meanwhile, in a state of 16 bytes;
 * what the core needs to give the identity back is kept with the thread, and found
 * by the token.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/ntimp.h>
#include <linux/sched.h>

#include "../cred.h"
#include "../remote.h"
#include "effective.h"
#include "impersonation.h"
#include "thread.h"
#include "token.h"

/* In the thread.  What wasn't put on by NT's routines is put down first. */
static int put_aside(void *arg)
{
	struct nt_terms *terms = arg, worn;
	struct nt_impersonation *imp;

	if (!ntimp_impersonating())
		return -ENOENT;
	if (nt_impersonation_disable(terms))
		return 0;
	imp = nt_impersonation_alloc();
	if (!imp)
		return -ENOMEM;
	if (nt_terms_get(current, &worn) <= 0) {
		nt_impersonation_free(imp);
		return -ENOMEM;
	}
	nt_impersonation_begin(imp, &worn);
	return nt_impersonation_disable(terms) ? 0 : -ENOENT;
}

/**
 * PsDisableImpersonation - let a thread be itself for a while
 * @thread: the thread; the caller holds a reference on it
 * @state: filled, for PsRestoreImpersonation() in the end; its reference on the token
 *	is the thread's
 *
 * Context: process context, may sleep, as PsImpersonateClient().
 * Return: TRUE; FALSE, and @state is empty: the thread isn't impersonating, or goes
 * on as it was: inside an override of somebody else's, no memory (never if it
 * impersonates by NT's routines), or out of reach as for PsImpersonateClient().
 */
BOOLEAN PsDisableImpersonation(PETHREAD thread, PSE_IMPERSONATION_STATE state)
{
	struct nt_terms terms;

	*state = (SE_IMPERSONATION_STATE) {};
	nt_impersonation_watch();
	if (ntimp_call_task(nt_task(thread), put_aside, &terms))
		return FALSE;
	*state = (SE_IMPERSONATION_STATE) {
		.Token		= terms.token,
		.CopyOnOpen	= terms.copy_on_open,
		.EffectiveOnly	= terms.effective_only,
		.Level		= terms.level,
	};
	return TRUE;
}
EXPORT_SYMBOL_GPL(PsDisableImpersonation);

/* In the thread.  It was to be less than itself, and nobody asks whether it is. */
static int take_back(void *arg)
{
	struct nt_terms *terms = arg;

	if (!nt_impersonation_restore(terms->token)) {
		/* Another primary than then, or another thread: judged anew. */
		if (nt_thread_act_as(current, terms))
			nt_thread_deny(current);
		nt_token_put(terms->token);
	}
	terms->token = NULL;
	return 0;
}

/**
 * PsRestoreImpersonation - let a thread act as it did before
 * @thread: the thread; the caller holds a reference on it
 * @state: of PsDisableImpersonation(), which returned TRUE; its reference on the
 *	token is consumed; nothing happens if it is empty.  NULL: stop impersonating.
 *
 * Replaces whom the thread acts as.  If its primary has changed meanwhile this is as
 * PsImpersonateClient(), and if that refuses the thread acts as nobody.
 *
 * Context: process context, may sleep, as PsImpersonateClient(); allocates nothing
 * where the primary is the same.
 */
VOID PsRestoreImpersonation(PETHREAD thread, PSE_IMPERSONATION_STATE state)
{
	struct nt_terms terms;

	if (!state) {
		PsRevertThreadToSelf(thread);
		return;
	}
	if (!state->Token)
		return;
	terms = (struct nt_terms) {
		.token		= nt_token_from(state->Token),
		.copy_on_open	= state->CopyOnOpen,
		.effective_only	= state->EffectiveOnly,
		.level		= state->Level,
	};
	/* Out of reach it stays itself, and what it put aside goes with it. */
	if (ntimp_call_task(nt_task(thread), take_back, &terms))
		nt_token_put(terms.token);
}
EXPORT_SYMBOL_GPL(PsRestoreImpersonation);
