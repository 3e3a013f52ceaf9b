// SPDX-License-Identifier: GPL-2.0-only
/*
 * What NT knows of threads that impersonate: token, flags and level.
 *
 * The core knows what a thread wears by its creds alone.  What is put down here
 * goes with one applied cred, and the core tells when a thread departs from that,
 * however it does: then it is forgotten at once, with the reference on the token.
 * A thread can have several, if something has put one aside and nothing else wears
 * a second; the one that counts is the one whose cred the thread wears.
 *
 * The thread alone adds, disables and removes; others look.  imp_lock protects the
 * table and what is in it.
 */
#include <kunit/visibility.h>
#include <linux/cred.h>
#include <linux/hashtable.h>
#include <linux/minmax.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "../cred.h"
#include "../departure.h"
#include "../limits.h"
#include "impersonation.h"
#include "token.h"

struct static_key_false ntimp_departures_watched = STATIC_KEY_FALSE_INIT;
EXPORT_SYMBOL_IF_KUNIT(ntimp_departures_watched);

static DEFINE_SPINLOCK(imp_lock);
static DEFINE_HASHTABLE(impersonations, NTIMP_NT_THREAD_HASH_BITS);

/**
 * nt_impersonation_watch - have the core tell when threads leave an identity
 *
 * From the first use of the front on, until unload.  When this returns no thread
 * can miss to tell.
 *
 * Context: process context, may sleep.
 */
void nt_impersonation_watch(void)
{
	/* The key says that it is on while it is being turned on, still. */
	static bool watched;

	if (smp_load_acquire(&watched)) /* pairs with the release below */
		return;
	static_branch_enable(&ntimp_departures_watched);
	smp_store_release(&watched, true); /* after all code was changed */
}

/**
 * nt_impersonation_alloc - get ready to put down an identity
 *
 * Context: process context, may sleep.
 * Return: for nt_impersonation_begin() or nt_impersonation_free(); NULL: no memory.
 */
struct nt_impersonation *nt_impersonation_alloc(void)
{
	return kzalloc(sizeof(struct nt_impersonation), GFP_KERNEL_ACCOUNT);
}

/**
 * nt_impersonation_free - free what wasn't begun, or was removed
 * @imp: in no table; or NULL for nothing
 *
 * Context: any but interrupts.
 */
void nt_impersonation_free(struct nt_impersonation *imp)
{
	if (!imp)
		return;
	if (!imp->disabled)
		nt_token_put(imp->terms.token);
	if (imp->task)
		put_task_struct(imp->task);
	kfree(imp);
}

/**
 * nt_impersonation_begin - put down what the current thread has just put on
 * @imp: from nt_impersonation_alloc(); consumed
 * @terms: as whom it acts; the reference on the token is consumed
 *
 * Context: process context.
 */
void nt_impersonation_begin(struct nt_impersonation *imp, const struct nt_terms *terms)
{
	imp->task = get_task_struct(current);
	imp->terms = *terms;
	imp->worn = current_cred();
	spin_lock(&imp_lock);
	hash_add(impersonations, &imp->of_thread, (unsigned long)current);
	spin_unlock(&imp_lock);
}

/* That of one applied cred. */
static struct nt_impersonation *imp_find(const struct task_struct *task,
					 const struct cred *worn)
{
	struct nt_impersonation *imp;

	lockdep_assert_held(&imp_lock);
	hash_for_each_possible(impersonations, imp, of_thread, (unsigned long)task)
		if (imp->task == task && imp->worn == worn && !imp->disabled)
			return imp;
	return NULL;
}

/*
 * The one that counts.  Inside somebody else's override that is the last one: the
 * thread is still impersonating, and has less than as itself.
 */
static struct nt_impersonation *imp_find_active(struct task_struct *task)
{
	const struct cred *subjective = rcu_access_pointer(task->cred);
	struct nt_impersonation *imp = imp_find(task, subjective);

	if (imp || subjective == rcu_access_pointer(task->real_cred))
		return imp;
	/* The last one added is the first one found. */
	hash_for_each_possible(impersonations, imp, of_thread, (unsigned long)task)
		if (imp->task == task && !imp->disabled)
			return imp;
	return NULL;
}

/**
 * nt_impersonation_look - as whom does a thread act?
 * @task: the thread; the caller holds a reference on it
 * @terms: filled, with a reference on the token for the caller, if it acts
 *
 * Context: any but interrupts.
 * Return: false if it is itself, or wears what wasn't put on by NT's routines.
 */
bool nt_impersonation_look(struct task_struct *task, struct nt_terms *terms)
{
	struct nt_impersonation *imp;

	spin_lock(&imp_lock);
	imp = imp_find_active(task);
	if (imp) {
		*terms = imp->terms;
		nt_token_get(terms->token);
		/* A revocation can have lowered what is worn. */
		terms->level = min_t(unsigned int, terms->level,
				     ntimp_cred_level_ceiling(imp->worn));
	}
	spin_unlock(&imp_lock);
	return imp;
}

/**
 * ntimp_departure_from - the current thread leaves an identity, see departure.h
 * @worn: the applied cred
 *
 * Context: any but interrupts; tracepoints and ftrace among others.
 */
void ntimp_departure_from(const struct cred *worn)
{
	struct nt_impersonation *imp;

	spin_lock(&imp_lock);
	imp = imp_find(current, worn);
	if (imp)
		hash_del(&imp->of_thread);
	spin_unlock(&imp_lock);
	nt_impersonation_free(imp);
}

/**
 * ntimp_departure_from_life - the current thread exits, see departure.h
 *
 * What it had put aside was never taken back, and is lost with it.  A token that
 * went into an SE_IMPERSONATION_STATE is the driver's to dereference.
 *
 * Context: any but interrupts; tracepoints.
 */
void ntimp_departure_from_life(void)
{
	struct nt_impersonation *imp;
	struct hlist_node *next;
	HLIST_HEAD(left);

	spin_lock(&imp_lock);
	hash_for_each_possible_safe(impersonations, imp, next, of_thread,
				    (unsigned long)current) {
		if (imp->task != current)
			continue;
		hash_del(&imp->of_thread);
		hlist_add_head(&imp->of_thread, &left);
	}
	spin_unlock(&imp_lock);

	hlist_for_each_entry_safe(imp, next, &left, of_thread) {
		ntimp_forget(&imp->aside);
		nt_impersonation_free(imp);
	}
}

/**
 * nt_impersonation_disable - put aside as whom the current thread acts
 * @terms: filled; the reference on the token is the caller's then
 *
 * Context: process context.
 * Return: whether something was put aside; false if it wears nothing that was put
 * on by NT's routines.
 */
bool nt_impersonation_disable(struct nt_terms *terms)
{
	struct nt_impersonation *imp;

	spin_lock(&imp_lock);
	imp = imp_find(current, current_cred());
	if (imp) {
		imp->disabled = true;
		*terms = imp->terms;
	}
	spin_unlock(&imp_lock);
	if (imp)
		ntimp_disable(&imp->aside);
	return imp;
}

static struct nt_impersonation *imp_find_disabled(const struct nt_token *token)
{
	struct nt_impersonation *imp;

	lockdep_assert_held(&imp_lock);
	hash_for_each_possible(impersonations, imp, of_thread, (unsigned long)current)
		if (imp->task == current && imp->disabled && imp->terms.token == token)
			return imp;
	return NULL;
}

/**
 * nt_impersonation_restore - take back what the current thread has put aside
 * @token: of the terms that nt_impersonation_disable() filled; its reference is
 *	consumed, unless this fails
 *
 * Of several with the same token the one that was put on last.
 *
 * Context: process context.
 * Return: whether the thread acts as that client again; false if nothing of the
 * kind was put aside, or if the core doesn't give it back, see ntimp_restore():
 * it is lost then.
 */
bool nt_impersonation_restore(const struct nt_token *token)
{
	struct nt_impersonation *imp;
	bool restored;

	/* Nobody else touches what this thread has disabled. */
	spin_lock(&imp_lock);
	imp = imp_find_disabled(token);
	spin_unlock(&imp_lock);
	if (!imp)
		return false;
	restored = ntimp_restore(&imp->aside);

	spin_lock(&imp_lock);
	if (restored)
		imp->disabled = false;
	else
		hash_del(&imp->of_thread);
	spin_unlock(&imp_lock);
	if (!restored)
		nt_impersonation_free(imp);
	return restored;
}
