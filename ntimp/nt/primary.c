// SPDX-License-Identifier: GPL-2.0-only
/*
 * Primary tokens: who a thread is, whatever it wears.
 *
 * As on NT everybody who asks gets the same object, as long as anybody has it and
 * the thread has the same primary cred.  With another one (after setuid(2), say)
 * it is another token, and the former one follows the thread only where the core
 * lets a dynamic context follow its client.
 *
 * primary_lock protects the table, which holds no references: a token leaves it
 * with its last one.
 */
#include <kunit/visibility.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/ntimp.h>
#include <linux/pid.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>

#include "../context.h"
#include "../gate.h"
#include "../limits.h"
#include "../track.h"
#include "token.h"

static DEFINE_SPINLOCK(primary_lock);
static DEFINE_HASHTABLE(primaries, NTIMP_NT_PRIMARY_HASH_BITS);

static struct nt_token *primary_find(const struct pid *thread, const struct cred *primary)
{
	struct nt_token *token;

	lockdep_assert_held(&primary_lock);
	hash_for_each_possible(primaries, token, of_primary, (unsigned long)primary)
		if (token->primary == primary && token->thread == thread)
			return nt_token_get(token);
	return NULL;
}

static struct nt_token *primary_find_task(struct task_struct *task)
{
	const struct cred *primary = get_task_cred(task);
	struct pid *thread = get_task_pid(task, PIDTYPE_PID);
	struct nt_token *token;

	spin_lock(&primary_lock);
	token = primary_find(thread, primary);
	spin_unlock(&primary_lock);
	put_pid(thread);
	put_cred(primary);
	return token;
}

static struct nt_token *primary_create(struct task_struct *task)
{
	static const struct ntimp_qos qos = {
		.level		= NTIMP_LEVEL_DELEGATION,
		.tracking	= NTIMP_TRACKING_DYNAMIC,
	};
	/* On NT the field means nothing for a primary token, and is 0. */
	struct nt_token *token = nt_token_create(TokenPrimary, SecurityAnonymous,
						 ntimp_capture_primary(task, &qos));

	if (IS_ERR(token))
		return token;
	token->thread = get_pid(token->ctx->tracker->thread);
	token->primary = get_cred(token->ctx->tracker->first);
	return token;
}

/* If somebody else was faster, that one's. */
static struct nt_token *primary_publish(struct nt_token *token)
{
	struct nt_token *other;

	spin_lock(&primary_lock);
	other = primary_find(token->thread, token->primary);
	if (!other)
		hash_add(primaries, &token->of_primary, (unsigned long)token->primary);
	spin_unlock(&primary_lock);
	if (!other)
		return token;
	nt_token_put(token);
	return other;
}

/**
 * nt_token_primary - the primary token of a thread
 * @task: the thread; the caller holds a reference on it
 *
 * Context: process context, may sleep.
 * Return: the token, whose reference is the caller's; -EPERM: the current thread
 * may not look at @task; -EDQUOT; -ENOMEM.
 */
struct nt_token *nt_token_primary(struct task_struct *task)
{
	int err = ntimp_gate_look_for("look", task);
	struct nt_token *token;

	if (err)
		return ERR_PTR(err);
	token = primary_find_task(task);
	if (token)
		return token;
	token = primary_create(task);
	return IS_ERR(token) ? token : primary_publish(token);
}
EXPORT_SYMBOL_IF_KUNIT(nt_token_primary);

/**
 * nt_token_primary_put - drop a reference on a thread's primary token
 * @token: the token
 *
 * Context: any but interrupts.
 * Return: whether it was the last one: nobody finds the token any more, and the
 * caller frees what it has besides thread and cred.
 */
bool nt_token_primary_put(struct nt_token *token)
{
	bool last;

	if (refcount_dec_not_one(&token->usage))
		return false;
	/* With the lock, or somebody could find it meanwhile. */
	spin_lock(&primary_lock);
	last = refcount_dec_and_test(&token->usage);
	if (last)
		hash_del(&token->of_primary);
	spin_unlock(&primary_lock);
	if (!last)
		return false;
	put_pid(token->thread);
	put_cred(token->primary);
	return true;
}
