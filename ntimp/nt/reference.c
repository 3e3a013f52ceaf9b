// SPDX-License-Identifier: GPL-2.0-only
/*
 * References on the tokens of threads.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/sched.h>

#include "effective.h"
#include "impersonation.h"
#include "thread.h"
#include "token.h"

/**
 * PsReferenceImpersonationToken - as whom does a thread act?
 * @thread: the thread; the caller holds a reference on it
 * @copy_on_open: filled, if it acts as somebody
 * @effective_only: likewise
 * @level: likewise
 *
 * Context: process context, may sleep.
 * Return: the token, for PsDereferenceImpersonationToken(); NULL: the thread is
 * itself; nobody's at level Anonymous where the true one can't be had: no memory, a
 * revoked context, another thread inside an override of somebody else's or one that
 * the calling thread may not look at.
 */
PACCESS_TOKEN PsReferenceImpersonationToken(PETHREAD thread, PBOOLEAN copy_on_open,
					    PBOOLEAN effective_only,
					    PSECURITY_IMPERSONATION_LEVEL level)
{
	struct nt_terms terms;
	int got = nt_terms_get(nt_task(thread), &terms);

	if (!got)
		return NULL;
	if (got < 0)
		terms = (struct nt_terms) {
			.token		= nt_token_nobody(TokenImpersonation),
			.copy_on_open	= true,
			.level		= SecurityAnonymous,
		};
	*copy_on_open = terms.copy_on_open;
	*effective_only = terms.effective_only;
	*level = terms.level;
	return terms.token;
}
EXPORT_SYMBOL_GPL(PsReferenceImpersonationToken);

/**
 * PsDereferenceImpersonationToken - drop a reference on a token
 * @token: the token, or NULL for nothing
 *
 * Context: any but interrupts.
 */
VOID PsDereferenceImpersonationToken(PACCESS_TOKEN token)
{
	nt_token_put(nt_token_from(token));
}
EXPORT_SYMBOL_GPL(PsDereferenceImpersonationToken);

/**
 * PsReferencePrimaryToken - who is a thread?
 * @process: the thread; the caller holds a reference on it
 *
 * Whatever it wears.
 *
 * Context: process context, may sleep.
 * Return: the token, for PsDereferencePrimaryToken(); nobody's at level Anonymous
 * where the true one can't be had: no memory, or the calling thread may not look at
 * @process.
 */
PACCESS_TOKEN PsReferencePrimaryToken(PEPROCESS process)
{
	struct nt_token *token = nt_token_primary((struct task_struct *)process);

	return IS_ERR(token) ? nt_token_nobody(TokenPrimary) : token;
}
EXPORT_SYMBOL_GPL(PsReferencePrimaryToken);

/**
 * PsDereferencePrimaryToken - drop a reference on a token
 * @token: the token
 *
 * Context: any but interrupts.
 */
VOID PsDereferencePrimaryToken(PACCESS_TOKEN token)
{
	nt_token_put(nt_token_from(token));
}
EXPORT_SYMBOL_GPL(PsDereferencePrimaryToken);
