// SPDX-License-Identifier: GPL-2.0-only
/*
 * As whom a thread acts, however it came to that: by NT's routines, by the core's,
 * from user space, or inside an override of somebody else's.
 *
 * Where that can't be told the answer is nobody, never that the thread is itself:
 * who asks would take its primary token then.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/ntimp.h>
#include <linux/sched.h>

#include "../context.h"
#include "../cred.h"
#include "../gate.h"
#include "effective.h"
#include "impersonation.h"
#include "token.h"

/* Of a dynamic context it is the last snapshot, which can be less than is worn. */
static struct nt_token *token_of_view(const struct ntimp_view *view)
{
	const struct ntimp_qos qos = {
		.level		= view->level,
		.effective_only	= view->ctx->qos.effective_only,
	};

	return nt_token_create(TokenImpersonation, view->level,
			       ntimp_context_derive(view->ctx, &qos));
}

/* Only a thread itself can look at what isn't in the table of worn creds. */
static struct nt_token *token_of_override(struct task_struct *task)
{
	struct ntimp_qos qos = {};

	if (task == current)
		qos.level = min_t(unsigned int, NTIMP_LEVEL_IMPERSONATION,
				  ntimp_cred_level_ceiling(current_cred()));
	if (qos.level < NTIMP_LEVEL_IMPERSONATION)
		return nt_token_nobody(TokenImpersonation);
	return nt_token_create(TokenImpersonation, qos.level, ntimp_capture_self(&qos));
}

static struct nt_token *token_of_worn(struct task_struct *task)
{
	struct ntimp_view view;
	struct nt_token *token;

	switch (ntimp_view_task(task, &view)) {
	case 0:
		token = token_of_view(&view);
		ntimp_view_end(&view);
		return token;
	case -ENOENT:
		return NULL;
	default:
		return token_of_override(task);
	}
}

/**
 * nt_terms_get - as whom does a thread act?
 * @task: the thread; the caller holds a reference on it
 * @terms: filled if it acts as somebody, with a reference on the token for the
 *	caller
 *
 * What wasn't put on by NT's routines may not be handed out (CopyOnOpen), and each
 * time makes another token.
 *
 * Context: process context, may sleep.
 * Return: 1; 0: it is itself; -EPERM: the calling thread may not look at it, of
 * another process, see ntimp_gate_look(); -EKEYREVOKED, -EKEYEXPIRED: as somebody whose context
 * has ended; -EDQUOT; -ENOMEM.
 */
int nt_terms_get(struct task_struct *task, struct nt_terms *terms)
{
	struct nt_token *token;
	int err;

	if (rcu_access_pointer(task->cred) == rcu_access_pointer(task->real_cred))
		return 0;
	err = ntimp_gate_look_for("look", task);
	if (err)
		return err;
	if (nt_impersonation_look(task, terms))
		return 1;
	token = token_of_worn(task);
	if (IS_ERR_OR_NULL(token))
		return PTR_ERR(token);
	*terms = (struct nt_terms) {
		.token		= token,
		.copy_on_open	= true,
		.effective_only	= token->ctx->qos.effective_only,
		.level		= token->level,
	};
	return 1;
}
