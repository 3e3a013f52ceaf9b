// SPDX-License-Identifier: GPL-2.0-only
/*
 * Applied creds that threads may wear: found again, and let go of.
 *
 * An applied cred has to be findable for as long as a thread wears it, whatever
 * becomes of its context, but wearing must cost nothing: threads hold no
 * reference on either.  So when a context is closed, makes room, or follows its
 * client, its applied creds are retired: they stay in the table until a sweep
 * sees that nobody else refers to the cred (a thread, or a file opened by one).
 *
 * worn_lock protects the table and all lists of applied creds.
 */
#include <kunit/visibility.h>
#include <linux/errno.h>
#include <linux/hashtable.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "context.h"
#include "cred.h"
#include "limits.h"

static DEFINE_SPINLOCK(worn_lock);
static DEFINE_HASHTABLE(worn_table, NTIMP_WORN_HASH_BITS);
static LIST_HEAD(retired);

static void sweep_retired(struct work_struct *work);
static DECLARE_DELAYED_WORK(sweep, sweep_retired);

static struct ntimp_applied *worn_find(const struct cred *cred)
{
	struct ntimp_applied *applied;

	lockdep_assert_held(&worn_lock);
	hash_for_each_possible(worn_table, applied, worn, (unsigned long)cred)
		if (applied->cred == cred)
			return applied;
	return NULL;
}

/**
 * ntimp_applied_free - free an applied cred
 * @applied: in no list and not in the table, and no reader can know of it
 *
 * Context: process context.
 */
void ntimp_applied_free(struct ntimp_applied *applied)
{
	put_cred(applied->cred);
	put_cred(applied->server);
	put_cred(applied->client);
	ntimp_context_unuse(applied->ctx);
	kfree(applied);
}

/* Where its CPU finds it without a lock; NULL: nowhere. */
static struct ntimp_applied __rcu **recent_of(const struct ntimp_applied *applied)
{
	return applied->cpu == NTIMP_NO_CPU ? NULL :
	       ntimp_context_recent_of(applied->ctx, applied->cpu);
}

static bool applied_is_recent(const struct ntimp_applied *applied)
{
	struct ntimp_applied __rcu **recent = recent_of(applied);

	return recent && rcu_access_pointer(*recent) == applied;
}

/* Uses may be added afterwards, by whoever found it just before. */
static void applied_count_uses(struct ntimp_applied *applied)
{
	atomic_long_add(atomic_long_xchg(&applied->uses, 0),
			&applied->ctx->uses);
}

static void applied_retire(struct ntimp_applied *applied)
{
	lockdep_assert_held(&worn_lock);
	if (applied_is_recent(applied))
		RCU_INIT_POINTER(*recent_of(applied), NULL);
	applied_count_uses(applied);
	applied->ctx->nr_applied--;
	applied->retired = start_poll_synchronize_rcu();
	list_move_tail(&applied->of_context, &retired);
	queue_delayed_work(system_wq, &sweep, NTIMP_SWEEP_PERIOD);
}

/* Ours is the last reference: no thread wears it, no file was opened by it. */
static bool applied_is_unused(const struct ntimp_applied *applied)
{
	return atomic_long_read(&applied->cred->usage) == 1;
}

static void applied_forget(struct ntimp_applied *applied)
{
	hash_del(&applied->worn);
	list_del(&applied->of_lease);
}

static void sweep_retired(struct work_struct *work)
{
	struct ntimp_applied *applied, *next;
	bool again, out_of_sight;
	LIST_HEAD(unused);

	spin_lock(&worn_lock);
	list_for_each_entry_safe(applied, next, &retired, of_context) {
		out_of_sight = poll_state_synchronize_rcu(applied->retired);
		applied_count_uses(applied);
		if (!out_of_sight || !applied_is_unused(applied))
			continue;
		applied_forget(applied);
		list_move(&applied->of_context, &unused);
	}
	again = !list_empty(&retired);
	spin_unlock(&worn_lock);

	list_for_each_entry_safe(applied, next, &unused, of_context)
		ntimp_applied_free(applied);
	if (again)
		queue_delayed_work(system_wq, &sweep, NTIMP_SWEEP_PERIOD);
}

static void retire_all(struct ntimp_context *ctx)
{
	struct ntimp_applied *applied, *next;

	lockdep_assert_held(&worn_lock);
	list_for_each_entry_safe(applied, next, &ctx->applied, of_context)
		applied_retire(applied);
}

/**
 * ntimp_context_retire - nobody puts on any more what was applied so far
 * @ctx: the context, closed
 *
 * Context: process context.
 */
void ntimp_context_retire(struct ntimp_context *ctx)
{
	spin_lock(&worn_lock);
	retire_all(ctx);
	spin_unlock(&worn_lock);
}

/**
 * ntimp_context_replace_client - nobody acts as the former client any more
 * @ctx: the context; apply_lock is held
 * @client: the client's new cred; its reference is consumed
 *
 * Who does so already goes on.
 *
 * Context: process context.
 */
void ntimp_context_replace_client(struct ntimp_context *ctx,
				  const struct cred *client)
{
	lockdep_assert_held(&ctx->apply_lock);
	spin_lock(&worn_lock);
	swap(ctx->client, client);
	retire_all(ctx);
	spin_unlock(&worn_lock);
	put_cred(client);
}

/**
 * ntimp_context_client - the client's cred
 * @ctx: the context; the caller has a reference on it
 *
 * Context: process context.
 * Return: the cred, whose reference is the caller's.
 */
const struct cred *ntimp_context_client(struct ntimp_context *ctx)
{
	const struct cred *client;

	spin_lock(&worn_lock);
	client = get_cred(ctx->client);
	spin_unlock(&worn_lock);
	return client;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_client);

/**
 * ntimp_context_set_recent - let an applied cred be found without a lock
 * @ctx: the context; apply_lock is held
 * @applied: one of its applied creds; nothing happens if it was made for no CPU
 *
 * Context: any.
 */
void ntimp_context_set_recent(struct ntimp_context *ctx,
			      struct ntimp_applied *applied)
{
	struct ntimp_applied __rcu **recent = recent_of(applied);

	lockdep_assert_held(&ctx->apply_lock);
	if (recent)
		rcu_assign_pointer(*recent, applied);
}

static unsigned int count_of_cpu(const struct ntimp_context *ctx, int cpu)
{
	struct ntimp_applied *applied;
	unsigned int count = 0;

	lockdep_assert_held(&worn_lock);
	list_for_each_entry(applied, &ctx->applied, of_context)
		count += applied->cpu == cpu;
	return count;
}

/* Room for a new server: creds that nobody wears can be made again. */
static void context_make_room(struct ntimp_context *ctx, int cpu)
{
	struct ntimp_applied *applied, *next;

	lockdep_assert_held(&worn_lock);
	if (ctx->nr_applied < NTIMP_APPLIED_MAX ||
	    count_of_cpu(ctx, cpu) < NTIMP_APPLIED_MAX)
		return;
	list_for_each_entry_safe(applied, next, &ctx->applied, of_context)
		if (applied->cpu == cpu && applied_is_unused(applied) &&
		    !applied_is_recent(applied))
			applied_retire(applied);
}

/**
 * ntimp_applied_publish - let an applied cred be found
 * @applied: just made; its context's apply_lock is held
 *
 * Context: process context.
 * Return: 0; -EKEYREVOKED: its context was revoked meanwhile.
 */
int ntimp_applied_publish(struct ntimp_applied *applied)
{
	struct ntimp_context *ctx = applied->ctx;
	int err = 0;

	spin_lock(&worn_lock);
	/* Whoever denies what was applied must not miss this one. */
	if (ctx->lease->revoked) {
		err = -EKEYREVOKED;
		goto unlock;
	}
	/* The former one must be out of sight before it can be retired. */
	ntimp_context_set_recent(ctx, applied);
	context_make_room(ctx, applied->cpu);
	list_add(&applied->of_context, &ctx->applied);
	ctx->nr_applied++;
	list_add(&applied->of_lease, &ctx->lease->applied);
	hash_add(worn_table, &applied->worn, (unsigned long)applied->cred);
unlock:
	spin_unlock(&worn_lock);
	return err;
}

/**
 * ntimp_context_end - nobody can use contexts any more
 * @lease: their lease
 * @deny: also lower what threads wear to level Identification
 *
 * Context: process context.
 */
void ntimp_context_end(struct ntimp_lease *lease, bool deny)
{
	struct ntimp_applied *applied;

	spin_lock(&worn_lock);
	WRITE_ONCE(lease->revoked, true);
	/* After that, or it would look as if time was over. */
	atomic64_set_release(&lease->deadline, 0);
	if (deny)
		list_for_each_entry(applied, &lease->applied, of_lease)
			ntimp_cred_lower(applied->cred);
	spin_unlock(&worn_lock);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_end);

/**
 * ntimp_context_uses - how often a context was impersonated
 * @ctx: the context
 *
 * Context: process context.
 * Return: the number; one of a cred that is just being retired may be missing, for
 * as long as NTIMP_SWEEP_PERIOD.
 */
long ntimp_context_uses(struct ntimp_context *ctx)
{
	struct ntimp_applied *applied;
	long uses;

	spin_lock(&worn_lock);
	uses = atomic_long_read(&ctx->uses);
	list_for_each_entry(applied, &ctx->applied, of_context)
		uses += atomic_long_read(&applied->uses);
	spin_unlock(&worn_lock);
	return uses;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_uses);

/**
 * ntimp_worn_cred - get a cred, if it is one that we applied
 * @subjective: a pointer that is compared, but not followed
 *
 * Context: process context.
 * Return: the cred, whose reference is the caller's; NULL: not one of ours.
 */
const struct cred *ntimp_worn_cred(const struct cred *subjective)
{
	struct ntimp_applied *applied;
	const struct cred *cred;

	spin_lock(&worn_lock);
	applied = worn_find(subjective);
	cred = applied ? get_cred(applied->cred) : NULL;
	spin_unlock(&worn_lock);
	return cred;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_worn_cred);

/**
 * ntimp_context_is_worn - is a cred one that was applied of a context?
 * @ctx: the context
 * @subjective: a pointer that is compared, but not followed
 *
 * Context: any but interrupts.
 * Return: whether it is, whatever became of the context since.
 */
bool ntimp_context_is_worn(const struct ntimp_context *ctx,
			   const struct cred *subjective)
{
	struct ntimp_applied *applied;
	bool is;

	spin_lock(&worn_lock);
	applied = worn_find(subjective);
	is = applied && applied->ctx == ctx;
	spin_unlock(&worn_lock);
	return is;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_is_worn);

/**
 * ntimp_view_task - what a task wears, as it is shown
 * @task: the task; the caller holds a reference on it
 * @view: filled, for ntimp_view_end()
 *
 * The context may be closed, and a dynamic one can have another client now.
 *
 * Context: process context.
 * Return: 0; -ENOENT: the task isn't impersonating; -EBUSY: it is inside an
 * override which isn't ours.
 */
int ntimp_view_task(struct task_struct *task, struct ntimp_view *view)
{
	const struct cred *subjective = rcu_access_pointer(task->cred);
	struct ntimp_applied *applied;

	if (subjective == rcu_access_pointer(task->real_cred))
		return -ENOENT;

	spin_lock(&worn_lock);
	applied = worn_find(subjective);
	if (applied) {
		refcount_inc(&applied->ctx->usage);
		view->ctx = applied->ctx;
		view->client = get_cred(applied->client);
		view->level = ntimp_cred_level_ceiling(applied->cred);
	}
	spin_unlock(&worn_lock);
	return applied ? 0 : -EBUSY;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_view_task);

/**
 * ntimp_worn_exit - free what is retired
 *
 * For unloading: no context is open and no thread impersonates.
 *
 * Context: process context, may sleep.
 */
void ntimp_worn_exit(void)
{
	struct ntimp_applied *applied, *next;

	cancel_delayed_work_sync(&sweep);
	synchronize_rcu();
	list_for_each_entry_safe(applied, next, &retired, of_context) {
		applied_forget(applied);
		ntimp_applied_free(applied);
	}
}
