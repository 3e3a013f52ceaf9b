// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a client to what a server wears to act as it: looks at the client again,
 * asks the gate, and makes the applied cred, or finds the one that was made.
 */
#include <kunit/visibility.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "audit.h"
#include "context.h"
#include "cred.h"
#include "gate.h"
#include "track.h"

/* Where the client can't be followed, the last snapshot of it stands. */
static void context_follow(struct ntimp_context *ctx)
{
	const struct cred *client;

	lockdep_assert_held(&ctx->apply_lock);
	client = ntimp_track_look(ctx->tracker);
	if (client)
		ntimp_context_replace_client(ctx, client);
}

/**
 * ntimp_context_follow - look at the client of a dynamic context again
 * @ctx: the context; the caller has a handle on it
 *
 * Context: process context, may sleep.
 * Return: 0; -ESTALE: the last snapshot of it stands.
 */
int ntimp_context_follow(struct ntimp_context *ctx)
{
	bool stale;

	mutex_lock(&ctx->apply_lock);
	context_follow(ctx);
	stale = ctx->tracker->stale;
	mutex_unlock(&ctx->apply_lock);
	return stale ? -ESTALE : 0;
}

/*
 * The CPU for which a cred is applied.  Each has its own, because putting a cred on
 * counts a reference, and a count that all CPUs write is what switches would wait
 * for; none has where a lock is taken anyway.  A CPU that goes offline leaves what
 * it has to the next one of that number.
 *
 * Where there is no memory for a place to find it, the first CPU's will do.
 */
static int context_cpu(struct ntimp_context *ctx, enum ntimp_pass pass)
{
	int cpu = raw_smp_processor_id();
	struct ntimp_applied __rcu **recents;

	lockdep_assert_held(&ctx->apply_lock);
	if (ctx->tracker ||
	    (pass != NTIMP_PASS_RIGHT && pass != NTIMP_PASS_CONSENT))
		return NTIMP_NO_CPU;
	if (ctx->home == NTIMP_NO_CPU)
		WRITE_ONCE(ctx->home, cpu);
	if (cpu == ctx->home || ctx->recents)
		return cpu;

	recents = kcalloc(nr_cpu_ids, sizeof(*recents), GFP_KERNEL_ACCOUNT);
	if (!recents)
		return ctx->home;
	/* Empty, before it is seen: pairs with ntimp_context_recent_of(). */
	smp_store_release(&ctx->recents, recents);
	return cpu;
}

#define ANY_CPU	(-2)

static struct ntimp_applied *applied_find(struct ntimp_context *ctx,
					  const struct cred *server,
					  enum ntimp_pass pass, int cpu)
{
	struct ntimp_applied *applied;

	lockdep_assert_held(&ctx->apply_lock);
	list_for_each_entry(applied, &ctx->applied, of_context)
		if (applied->server == server && applied->pass == pass &&
		    (applied->cpu == cpu || cpu == ANY_CPU))
			return applied;
	return NULL;
}

/*
 * The gate's answer depends on nothing but two creds, both fixed, so it can be
 * told from what was applied after it.
 */
static int gate_answer(struct ntimp_context *ctx, const struct cred *server)
{
	struct ntimp_applied *applied;

	lockdep_assert_held(&ctx->apply_lock);
	list_for_each_entry(applied, &ctx->applied, of_context)
		if (applied->server == server)
			return applied->pass == NTIMP_PASS_RIGHT ? 0 : -EPERM;
	return ntimp_gate(server, ctx->client);
}

/* An enum ntimp_pass, or -EPERM; @ready is what the caller agrees to. */
static int context_pass(struct ntimp_context *ctx, const struct cred *server,
			enum ntimp_pass ready)
{
	if (ctx->qos.level < NTIMP_LEVEL_IMPERSONATION ||
	    !gate_answer(ctx, server))
		return NTIMP_PASS_RIGHT;
	if (ctx->qos.flags & NTIMP_QOS_CONSENT &&
	    !ntimp_gate_consented(server, ctx->client))
		return NTIMP_PASS_CONSENT;
	if (ready == NTIMP_PASS_DOWNGRADED ||
	    (ready == NTIMP_PASS_DISPATCH && ctx->qos.flags & NTIMP_QOS_DISPATCH))
		return ready;
	return -EPERM;
}

static struct ntimp_applied *applied_create(struct ntimp_context *ctx,
					    const struct cred *server,
					    enum ntimp_pass pass, int cpu)
{
	unsigned int level = pass == NTIMP_PASS_DOWNGRADED ?
			     NTIMP_LEVEL_IDENTIFICATION : ctx->qos.level;
	struct ntimp_applied *applied;
	const struct cred *cred;

	applied = kzalloc(sizeof(*applied), GFP_KERNEL_ACCOUNT);
	if (!applied)
		return ERR_PTR(-ENOMEM);

	cred = ntimp_cred_apply(server, ctx->client, level);
	if (IS_ERR(cred)) {
		kfree(applied);
		return ERR_CAST(cred);
	}

	applied->cred = cred;
	applied->server = get_cred(server);
	applied->client = get_cred(ctx->client);
	applied->pass = pass;
	applied->cpu = cpu;
	applied->ctx = ctx;
	refcount_inc(&ctx->usage);
	return applied;
}

static struct ntimp_applied *applied_add(struct ntimp_context *ctx,
					 const struct cred *server,
					 enum ntimp_pass pass, int cpu)
{
	struct ntimp_applied *applied = applied_create(ctx, server, pass, cpu);
	int err;

	if (IS_ERR(applied))
		return applied;
	err = ntimp_applied_publish(applied);
	if (err) {
		ntimp_applied_free(applied);
		return ERR_PTR(err);
	}
	return applied;
}

static struct ntimp_applied *applied_for(struct ntimp_context *ctx,
					 const struct cred *server,
					 enum ntimp_pass ready)
{
	int pass = context_pass(ctx, server, ready);
	struct ntimp_applied *applied;
	int cpu;

	if (pass < 0)
		return ERR_PTR(pass);
	cpu = context_cpu(ctx, pass);
	applied = applied_find(ctx, server, pass, cpu);
	if (applied) {
		ntimp_context_set_recent(ctx, applied);
		return applied;
	}

	applied = applied_add(ctx, server, pass, cpu);
	/* Slower than one of its own, but as good: until there is memory again. */
	if (applied == ERR_PTR(-ENOMEM))
		applied = applied_find(ctx, server, pass, ANY_CPU) ?: applied;
	return applied;
}

static const struct cred *recent_cred(struct ntimp_context *ctx,
				      const struct cred *server)
{
	struct ntimp_applied *applied;
	const struct cred *cred = NULL;

	rcu_read_lock();
	applied = ntimp_context_recent(ctx, server);
	if (applied)
		cred = get_cred(applied->cred);
	rcu_read_unlock();
	return cred;
}

static const struct cred *context_apply(struct ntimp_context *ctx,
					enum ntimp_pass ready)
{
	const struct cred *server = current_real_cred();
	const struct cred *cred = recent_cred(ctx, server), *client = NULL;
	enum ntimp_reason reason = NTIMP_REASON_NONE;
	struct ntimp_applied *applied;
	int err;

	if (cred)
		return cred;
	mutex_lock(&ctx->apply_lock);
	err = ntimp_lease_check(ctx->lease);
	if (err) {
		reason = NTIMP_REASON_ENDED;
		applied = ERR_PTR(err);
	} else {
		if (ctx->tracker)
			context_follow(ctx);
		applied = applied_for(ctx, server, ready);
		if (applied == ERR_PTR(-EPERM))
			reason = ntimp_gate_reason(server, ctx->client);
	}
	if (reason)
		client = get_cred(ctx->client);
	cred = IS_ERR(applied) ? ERR_CAST(applied) : get_cred(applied->cred);
	mutex_unlock(&ctx->apply_lock);

	/* Can take long, and is nothing that other threads should wait for. */
	if (reason)
		ntimp_refuse("impersonate", reason, ctx, client);
	put_cred(client);
	return cred;
}

/**
 * ntimp_context_explain - would a server be let act as a client, and why (not)?
 * @ctx: the context; the caller has a handle on it
 * @server: the server's primary
 * @explain: pass and reason are filled
 *
 * Says the same as ntimp_context_apply() would, after the same look at the client
 * of a dynamic context, but for what the thread itself adds: whether consent
 * counts, which it doesn't with no_new_privs, is said for the current one.
 *
 * Context: process context, may sleep.
 */
void ntimp_context_explain(struct ntimp_context *ctx, const struct cred *server,
			   struct ntimp_explain *explain)
{
	int pass = -EPERM;

	mutex_lock(&ctx->apply_lock);
	if (ntimp_lease_check(ctx->lease)) {
		explain->reason = NTIMP_REASON_ENDED;
	} else {
		if (ctx->tracker)
			context_follow(ctx);
		explain->reason = ntimp_gate_reason(server, ctx->client);
		pass = context_pass(ctx, server, NTIMP_PASS_RIGHT);
	}
	mutex_unlock(&ctx->apply_lock);

	if (pass < 0)
		explain->pass = NTIMP_EXPLAIN_REFUSED;
	else if (ctx->qos.level < NTIMP_LEVEL_IMPERSONATION)
		explain->pass = NTIMP_EXPLAIN_LEVEL;
	else
		explain->pass = pass == NTIMP_PASS_CONSENT ?
				NTIMP_EXPLAIN_CONSENT : NTIMP_EXPLAIN_RIGHT;
}

/**
 * ntimp_context_apply - the cred with which the current thread acts as a client
 * @ctx: the context; the caller has a handle on it
 *
 * Looks at the client of a dynamic context again, and asks the gate the first
 * time that a server uses the context.  Where there is no memory for a cred of this
 * CPU, another one's of the same server is good enough.
 *
 * Context: process context, may sleep.
 * Return: a cred, whose reference is the caller's; -EPERM: the gate refused;
 * -EKEYREVOKED, -EKEYEXPIRED: the context has ended; -ENOMEM; below
 * Impersonation, the errors of ntimp_identify_arm().
 */
const struct cred *ntimp_context_apply(struct ntimp_context *ctx)
{
	return context_apply(ctx, NTIMP_PASS_RIGHT);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_apply);

/**
 * ntimp_context_apply_downgraded - the same for a thread that is content with less
 * @ctx: the context; the caller has a handle on it
 *
 * Context: process context, may sleep.
 * Return: as ntimp_context_apply(), but where the gate refuses, a cred at level
 * Identification.
 */
const struct cred *ntimp_context_apply_downgraded(struct ntimp_context *ctx)
{
	return context_apply(ctx, NTIMP_PASS_DOWNGRADED);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_apply_downgraded);

/**
 * ntimp_context_apply_dispatched - the same for a call by a system worker
 * @ctx: the context; the caller has a handle on it
 *
 * The current thread must not wear it.
 *
 * Context: process context, may sleep.
 * Return: as ntimp_context_apply(), but where the gate refuses, the cred that it
 * refused, if the maker of the context has allowed that (NTIMP_QOS_DISPATCH).
 */
const struct cred *ntimp_context_apply_dispatched(struct ntimp_context *ctx)
{
	return context_apply(ctx, NTIMP_PASS_DISPATCH);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_apply_dispatched);
