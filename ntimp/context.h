/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contexts: who a client is, how far a server may go in its name, and the
 * creds applied for the servers that did.
 */
#ifndef _NTIMP_CONTEXT_H
#define _NTIMP_CONTEXT_H

#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/ntimp.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "lease.h"

struct ntimp_quota;
struct ntimp_tracker;

/**
 * enum ntimp_pass - what let a server pass the gate
 * @NTIMP_PASS_RIGHT: it may act as the client, or the level is below
 *	Impersonation
 * @NTIMP_PASS_CONSENT: the client's consent alone: not for threads with
 *	no_new_privs
 * @NTIMP_PASS_DOWNGRADED: nothing: it acts at level Identification, and must
 *	have agreed to that
 * @NTIMP_PASS_DISPATCH: nothing: a system worker acts, for calls that the maker
 *	of the context allowed
 */
enum ntimp_pass {
	NTIMP_PASS_RIGHT,
	NTIMP_PASS_CONSENT,
	NTIMP_PASS_DOWNGRADED,
	NTIMP_PASS_DISPATCH,
};

/* Of an applied cred that is found under the lock only, whatever the CPU. */
#define NTIMP_NO_CPU	(-1)

/**
 * struct ntimp_applied - what one server wears to act as one client
 * @cred: the applied cred; one reference.  Its mark tells the level.
 * @server: the server's primary that it was made for; one reference, so that
 *	the pointer can't come to mean another cred
 * @client: the client's cred that it was made of; one reference
 * @pass: what let the server pass
 * @cpu: the CPU that it was made for, so that its references are counted there;
 *	nothing goes wrong when a thread wears it elsewhere
 * @uses: how often it was put on without a lock, as far as not yet in ctx->uses
 * @ctx: the context; one reference of the usage kind
 * @of_context: in ctx->applied or in the list of retired ones; worn_lock
 * @of_lease: in ctx->lease->applied; worn_lock
 * @worn: in the table from creds to contexts; worn_lock
 * @retired: RCU state when it was retired: nobody can find it without a lock once
 *	that grace period is over
 */
struct ntimp_applied {
	const struct cred *cred;
	const struct cred *server;
	const struct cred *client;
	enum ntimp_pass pass;
	int cpu;
	atomic_long_t uses;
	struct ntimp_context *ctx;
	struct list_head of_context;
	struct list_head of_lease;
	struct hlist_node worn;
	unsigned long retired;
};

/**
 * struct ntimp_context - a client context
 * @usage: what keeps the memory: one for all handles together, one for each
 *	applied cred
 * @handles: descriptors and kernel users; at 0 the context is closed, and
 *	known only through threads that still wear it
 * @source: where the identity comes from
 * @qos: quality of service; fixed
 * @id: number of the context, never used twice
 * @auid: the login of the thread that it was captured from, if it was one; fixed
 * @lease: until when it can be used; one reference; fixed
 * @quota: whose contexts it is counted among, while it isn't closed; NULL for one
 *	that isn't counted, and doesn't keep the module, see pin.h; written before
 *	anybody else has the context
 * @tracker: the thread that is followed; NULL for a static context, whose
 *	@client is fixed; apply_lock
 * @client: the client's cred; one reference; written under apply_lock and
 *	worn_lock both
 * @uses: how often it was impersonated, but for the uses that applied creds count,
 *	see ntimp_context_uses()
 * @apply_lock: held while a cred is made for a new server, and while the client
 *	is looked at again.  Taken before worn_lock.
 * @home: the CPU that impersonated it first, or NTIMP_NO_CPU; set once, under
 *	apply_lock
 * @recent: the applied cred that @home used last, for a look without a lock; one
 *	that serves whoever isn't ready for less than the context's level; never
 *	of a dynamic context; written under apply_lock, and by the last put; freed
 *	no sooner than a grace period later
 * @recents: the same of all other CPUs, by number; NULL until one of them comes;
 *	set once, under apply_lock
 * @applied: all applied creds of @client; worn_lock
 * @nr_applied: how many there are, of all CPUs; worn_lock
 */
struct ntimp_context {
	refcount_t usage;
	refcount_t handles;
	enum ntimp_source source;
	struct ntimp_qos qos;
	u64 id;
	kuid_t auid;
	struct ntimp_lease *lease;
	struct ntimp_quota *quota;
	struct ntimp_tracker *tracker;
	const struct cred *client;
	atomic_long_t uses;
	struct mutex apply_lock; /* one server at a time */
	int home;
	struct ntimp_applied __rcu *recent;
	struct ntimp_applied __rcu **recents;
	struct list_head applied;
	unsigned int nr_applied;
};

struct ntimp_context *ntimp_context_create(enum ntimp_source source,
					   const struct ntimp_qos *qos,
					   const struct cred *client);
struct ntimp_context *ntimp_context_derive(struct ntimp_context *source,
					   const struct ntimp_qos *qos);
struct ntimp_context *ntimp_context_limit(struct ntimp_context *source,
					  const struct cred *client,
					  kernel_cap_t caps);
void ntimp_context_unuse(struct ntimp_context *ctx);
void ntimp_context_uncount(struct ntimp_context *ctx);

const struct cred *ntimp_context_apply(struct ntimp_context *ctx);
const struct cred *ntimp_context_apply_downgraded(struct ntimp_context *ctx);
const struct cred *ntimp_context_apply_dispatched(struct ntimp_context *ctx);
int ntimp_context_follow(struct ntimp_context *ctx);
void ntimp_context_explain(struct ntimp_context *ctx, const struct cred *server,
			   struct ntimp_explain *explain);

int ntimp_applied_publish(struct ntimp_applied *applied);
void ntimp_applied_free(struct ntimp_applied *applied);
void ntimp_context_set_recent(struct ntimp_context *ctx,
			      struct ntimp_applied *applied);
const struct cred *ntimp_context_client(struct ntimp_context *ctx);
void ntimp_context_replace_client(struct ntimp_context *ctx,
				  const struct cred *client);
void ntimp_context_retire(struct ntimp_context *ctx);
void ntimp_context_end(struct ntimp_lease *lease, bool deny);
long ntimp_context_uses(struct ntimp_context *ctx);
const struct cred *ntimp_worn_cred(const struct cred *subjective);
bool ntimp_context_is_worn(const struct ntimp_context *ctx,
			   const struct cred *subjective);
void ntimp_worn_exit(void);

/**
 * struct ntimp_view - a context as it is shown to who asks
 * @ctx: the context; one reference of the usage kind
 * @client: the client's cred; one reference
 * @level: enum ntimp_level
 */
struct ntimp_view {
	struct ntimp_context *ctx;
	const struct cred *client;
	unsigned int level;
};

struct ntimp_view ntimp_view_context(struct ntimp_context *ctx);
int ntimp_view_task(struct task_struct *task, struct ntimp_view *view);
void ntimp_view_end(const struct ntimp_view *view);

/**
 * ntimp_applied_serves - may the current thread wear it, agreeing to nothing?
 * @applied: an applied cred
 * @primary: the thread's primary
 *
 * Context: any.
 * Return: whether it may.
 */
static inline bool ntimp_applied_serves(const struct ntimp_applied *applied,
					const struct cred *primary)
{
	if (unlikely(applied->server != primary))
		return false;
	if (likely(applied->pass == NTIMP_PASS_RIGHT))
		return true;
	return applied->pass == NTIMP_PASS_CONSENT &&
	       !task_no_new_privs(current);
}

/**
 * ntimp_context_recent_of - where the applied cred is that a CPU used last
 * @ctx: the context
 * @cpu: the CPU
 *
 * Context: any.
 * Return: where it is; NULL: there is no place for that CPU (yet).
 */
static __always_inline struct ntimp_applied __rcu **
ntimp_context_recent_of(struct ntimp_context *ctx, int cpu)
{
	struct ntimp_applied __rcu **recents;

	if (likely(cpu == READ_ONCE(ctx->home)))
		return &ctx->recent;
	/* Ordered by the address: pairs with the release in context_cpu(). */
	recents = READ_ONCE(ctx->recents);
	return recents ? &recents[cpu] : NULL;
}

/**
 * ntimp_context_recent - the applied cred, if it can be worn without more ado
 * @ctx: the context
 * @primary: the primary of the current thread
 *
 * That of this CPU, or of one where the thread was just now.
 *
 * Context: inside rcu_read_lock(), which bounds the life of the result.
 * Return: what was applied, or NULL: ntimp_context_apply() is needed.
 */
static __always_inline struct ntimp_applied *
ntimp_context_recent(struct ntimp_context *ctx, const struct cred *primary)
{
	struct ntimp_applied __rcu **recent;
	struct ntimp_applied *applied;

	recent = ntimp_context_recent_of(ctx, raw_smp_processor_id());
	if (unlikely(!recent))
		return NULL;
	applied = rcu_dereference(*recent);
	if (likely(applied && ntimp_applied_serves(applied, primary) &&
		   !ntimp_lease_check(ctx->lease)))
		return applied;
	return NULL;
}

/**
 * ntimp_context_is_counted - does it keep the module while it isn't closed?
 * @ctx: the context
 *
 * Context: any.
 * Return: false for those that are part of the module, and what is made of them.
 */
static inline bool ntimp_context_is_counted(const struct ntimp_context *ctx)
{
	return ctx->quota;
}

/**
 * ntimp_context_is_closed - is no handle of a context left?
 * @ctx: the context
 *
 * Context: any.
 * Return: true once the last one was dropped.
 */
static inline bool ntimp_context_is_closed(const struct ntimp_context *ctx)
{
	return !refcount_read(&ctx->handles);
}

#endif /* _NTIMP_CONTEXT_H */
