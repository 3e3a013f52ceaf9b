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

/**
 * struct ntimp_applied - what one server wears to act as one client
 * @cred: the applied cred; one reference
 * @server: the server's primary that it was made for; one reference, so that
 *	the pointer can't come to mean another cred
 * @ctx: the context; one reference of the usage kind
 * @of_context: in ctx->applied or in the list of retired ones; worn_lock
 * @worn: in the table from creds to contexts; worn_lock
 * @retired: RCU state when it was retired: nobody can find it in ctx->recent
 *	once that grace period is over
 */
struct ntimp_applied {
	const struct cred *cred;
	const struct cred *server;
	struct ntimp_context *ctx;
	struct list_head of_context;
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
 * @client: the client's cred; one reference; fixed
 * @uses: how often it was impersonated
 * @apply_lock: held while a cred is made for a new server.  Taken before
 *	worn_lock.
 * @recent: the applied cred used last, for a look without a lock; written
 *	under apply_lock, and by the last put; freed no sooner than a grace
 *	period later
 * @applied: all applied creds; worn_lock
 * @nr_applied: how many; worn_lock
 */
struct ntimp_context {
	refcount_t usage;
	refcount_t handles;
	enum ntimp_source source;
	struct ntimp_qos qos;
	u64 id;
	const struct cred *client;
	atomic_long_t uses;
	struct mutex apply_lock; /* one server at a time */
	struct ntimp_applied __rcu *recent;
	struct list_head applied;
	unsigned int nr_applied;
};

struct ntimp_context *ntimp_context_create(enum ntimp_source source,
					   const struct ntimp_qos *qos,
					   const struct cred *client);
const struct cred *ntimp_context_apply(struct ntimp_context *ctx);
const struct cred *ntimp_worn_cred(const struct cred *subjective);
struct ntimp_context *ntimp_context_of_task(struct task_struct *task);
void ntimp_context_unuse(struct ntimp_context *ctx);
void ntimp_context_exit(void);

/**
 * ntimp_context_recent - the applied cred, if it was made for this server
 * @ctx: the context
 * @primary: the server's primary
 *
 * Context: inside rcu_read_lock(), which bounds the life of the result.
 * Return: the cred, or NULL: ntimp_context_apply() is needed.
 */
static inline const struct cred *
ntimp_context_recent(struct ntimp_context *ctx, const struct cred *primary)
{
	struct ntimp_applied *applied = rcu_dereference(ctx->recent);

	if (likely(applied && applied->server == primary))
		return applied->cred;
	return NULL;
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
