// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of contexts and of their applied creds.
 *
 * A context lives as long as it has handles (descriptors, kernel users).  An
 * applied cred has to be findable for longer, as long as a thread wears it,
 * but wearing must cost nothing: threads hold no reference on the context.
 * So when a context is closed, or makes room, its applied creds are retired:
 * they stay in the table until a sweep sees that nobody else refers to the
 * cred (a thread, or a file opened by one).
 *
 * worn_lock protects the table and all lists of applied creds.
 */
#include <kunit/visibility.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/hashtable.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "context.h"
#include "cred.h"
#include "gate.h"
#include "limits.h"

static DEFINE_SPINLOCK(worn_lock);
static DEFINE_HASHTABLE(worn_table, NTIMP_WORN_HASH_BITS);
static LIST_HEAD(retired);
static atomic64_t last_id;

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
 * ntimp_context_unuse - drop a usage reference, see struct ntimp_context
 * @ctx: the context
 *
 * Context: any.
 */
void ntimp_context_unuse(struct ntimp_context *ctx)
{
	if (!refcount_dec_and_test(&ctx->usage))
		return;
	put_cred(ctx->client);
	kfree(ctx);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_unuse);

/* Has left all lists and the table, and no reader can know of it. */
static void applied_free(struct ntimp_applied *applied)
{
	put_cred(applied->cred);
	put_cred(applied->server);
	ntimp_context_unuse(applied->ctx);
	kfree(applied);
}

static void applied_retire(struct ntimp_applied *applied)
{
	lockdep_assert_held(&worn_lock);
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

static void sweep_retired(struct work_struct *work)
{
	struct ntimp_applied *applied, *next;
	LIST_HEAD(unused);
	bool again;

	spin_lock(&worn_lock);
	list_for_each_entry_safe(applied, next, &retired, of_context) {
		if (!poll_state_synchronize_rcu(applied->retired) ||
		    !applied_is_unused(applied))
			continue;
		hash_del(&applied->worn);
		list_move(&applied->of_context, &unused);
	}
	again = !list_empty(&retired);
	spin_unlock(&worn_lock);

	list_for_each_entry_safe(applied, next, &unused, of_context)
		applied_free(applied);
	if (again)
		queue_delayed_work(system_wq, &sweep, NTIMP_SWEEP_PERIOD);
}

/**
 * ntimp_context_create - make a context
 * @source: where the identity comes from
 * @qos: quality of service, checked by the caller
 * @client: the client's cred; its reference is consumed, also on failure.
 *	May be an ERR_PTR(), which is then the result.
 *
 * Context: process context, may sleep.
 * Return: a context with one handle, the caller's; -EPERM: the client's cred
 * was itself applied below the level asked for, or below Impersonation;
 * -ENOMEM; @client's error.
 */
struct ntimp_context *ntimp_context_create(enum ntimp_source source,
					   const struct ntimp_qos *qos,
					   const struct cred *client)
{
	struct ntimp_context *ctx;
	unsigned int ceiling;
	int err;

	if (IS_ERR(client))
		return ERR_CAST(client);

	/* A context never rises. */
	err = -EPERM;
	ceiling = ntimp_cred_level_ceiling(client);
	if (qos->level > ceiling || ceiling < NTIMP_LEVEL_IMPERSONATION)
		goto put_client;

	err = -ENOMEM;
	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL_ACCOUNT);
	if (!ctx)
		goto put_client;

	refcount_set(&ctx->usage, 1);
	refcount_set(&ctx->handles, 1);
	ctx->source = source;
	ctx->qos = *qos;
	ctx->id = atomic64_inc_return(&last_id);
	ctx->client = client;
	mutex_init(&ctx->apply_lock);
	INIT_LIST_HEAD(&ctx->applied);
	return ctx;

put_client:
	put_cred(client);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_create);

/**
 * ntimp_context_get - take a handle on a context
 * @ctx: a context on which the caller has a handle
 *
 * Context: any.
 * Return: @ctx
 */
struct ntimp_context *ntimp_context_get(struct ntimp_context *ctx)
{
	refcount_inc(&ctx->handles);
	return ctx;
}
EXPORT_SYMBOL_GPL(ntimp_context_get);

/**
 * ntimp_context_put - drop a handle on a context
 * @ctx: the context, or NULL or an ERR_PTR() for nothing
 *
 * Threads that wear it go on wearing it.
 *
 * Context: process context.
 */
void ntimp_context_put(struct ntimp_context *ctx)
{
	struct ntimp_applied *applied, *next;

	if (IS_ERR_OR_NULL(ctx) || !refcount_dec_and_test(&ctx->handles))
		return;

	spin_lock(&worn_lock);
	RCU_INIT_POINTER(ctx->recent, NULL);
	list_for_each_entry_safe(applied, next, &ctx->applied, of_context)
		applied_retire(applied);
	spin_unlock(&worn_lock);
	ntimp_context_unuse(ctx);
}
EXPORT_SYMBOL_GPL(ntimp_context_put);

static struct ntimp_applied *applied_find(struct ntimp_context *ctx,
					  const struct cred *server)
{
	struct ntimp_applied *applied;

	lockdep_assert_held(&worn_lock);
	list_for_each_entry(applied, &ctx->applied, of_context)
		if (applied->server == server)
			return applied;
	return NULL;
}

static struct ntimp_applied *applied_create(struct ntimp_context *ctx,
					    const struct cred *server)
{
	struct ntimp_applied *applied;
	const struct cred *cred;

	applied = kzalloc(sizeof(*applied), GFP_KERNEL_ACCOUNT);
	if (!applied)
		return ERR_PTR(-ENOMEM);

	cred = ntimp_cred_apply(server, ctx->client, ctx->qos.level);
	if (IS_ERR(cred)) {
		kfree(applied);
		return ERR_CAST(cred);
	}

	applied->cred = cred;
	applied->server = get_cred(server);
	applied->ctx = ctx;
	refcount_inc(&ctx->usage);
	return applied;
}

/* Room for a new server: creds that nobody wears can be made again. */
static void context_make_room(struct ntimp_context *ctx)
{
	struct ntimp_applied *applied, *next;

	lockdep_assert_held(&worn_lock);
	if (ctx->nr_applied < NTIMP_APPLIED_MAX)
		return;
	list_for_each_entry_safe(applied, next, &ctx->applied, of_context)
		if (applied_is_unused(applied))
			applied_retire(applied);
}

/**
 * ntimp_context_apply - the cred with which the current thread acts as a client
 * @ctx: the context; the caller has a handle on it
 *
 * Asks the gate the first time that a server uses the context; its answer
 * depends on nothing but the two creds, both fixed, and is kept with the
 * applied cred.
 *
 * Context: process context, may sleep.
 * Return: a cred, whose reference is the caller's; -EPERM: the gate refused;
 * -ENOMEM; for a level below Impersonation also the errors of
 * ntimp_identify_arm().
 */
const struct cred *ntimp_context_apply(struct ntimp_context *ctx)
{
	const struct cred *server = current_real_cred();
	struct ntimp_applied *applied;
	const struct cred *cred;
	int err;

	mutex_lock(&ctx->apply_lock);
	spin_lock(&worn_lock);
	applied = applied_find(ctx, server);
	spin_unlock(&worn_lock);
	if (applied)
		goto found;

	/* Below Impersonation there is nothing to gain from it. */
	err = 0;
	if (ctx->qos.level >= NTIMP_LEVEL_IMPERSONATION)
		err = ntimp_gate(server, ctx->client);
	if (err) {
		cred = ERR_PTR(err);
		goto unlock;
	}
	applied = applied_create(ctx, server);
	if (IS_ERR(applied)) {
		cred = ERR_CAST(applied);
		goto unlock;
	}

	spin_lock(&worn_lock);
	/* The former one must be out of sight before it can be retired. */
	rcu_assign_pointer(ctx->recent, applied);
	context_make_room(ctx);
	list_add(&applied->of_context, &ctx->applied);
	ctx->nr_applied++;
	hash_add(worn_table, &applied->worn, (unsigned long)applied->cred);
	spin_unlock(&worn_lock);
found:
	rcu_assign_pointer(ctx->recent, applied);
	cred = get_cred(applied->cred);
unlock:
	mutex_unlock(&ctx->apply_lock);
	return cred;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_apply);

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
 * ntimp_context_of_task - which context a task wears
 * @task: the task; the caller holds a reference on it
 *
 * Also one that was closed in the meantime, so what the caller gets is a usage
 * reference: good for looking at it.
 *
 * Context: process context.
 * Return: a context, to be dropped by ntimp_context_unuse(); -ENOENT: the task
 * isn't impersonating; -EBUSY: it is inside an override which isn't ours.
 */
struct ntimp_context *ntimp_context_of_task(struct task_struct *task)
{
	const struct cred *subjective = rcu_access_pointer(task->cred);
	struct ntimp_applied *applied;
	struct ntimp_context *ctx = ERR_PTR(-EBUSY);

	if (subjective == rcu_access_pointer(task->real_cred))
		return ERR_PTR(-ENOENT);

	spin_lock(&worn_lock);
	applied = worn_find(subjective);
	if (applied) {
		ctx = applied->ctx;
		refcount_inc(&ctx->usage);
	}
	spin_unlock(&worn_lock);
	return ctx;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_of_task);

/**
 * ntimp_context_exit - free what is retired
 *
 * For unloading: no context is open and no thread impersonates.
 *
 * Context: process context, may sleep.
 */
void ntimp_context_exit(void)
{
	struct ntimp_applied *applied, *next;

	cancel_delayed_work_sync(&sweep);
	synchronize_rcu();
	list_for_each_entry_safe(applied, next, &retired, of_context) {
		hash_del(&applied->worn);
		applied_free(applied);
	}
}
