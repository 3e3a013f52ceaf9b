// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of contexts: as long as they have handles (descriptors, kernel users),
 * and in memory for as long as anything that was made of them.
 */
#include <kunit/visibility.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "audit.h"
#include "context.h"
#include "cred.h"
#include "gate.h"
#include "identify.h"
#include "pin.h"
#include "quota.h"
#include "track.h"

static atomic64_t last_id;

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
	ntimp_track_end(ctx->tracker);
	put_cred(ctx->client);
	ntimp_lease_put(ctx->lease);
	kfree(ctx->recents);
	kfree(ctx);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_unuse);

/* A context never rises. */
static bool may_be_captured(const struct cred *client, unsigned int level)
{
	unsigned int ceiling = ntimp_cred_level_ceiling(client);

	return level <= ceiling && ceiling >= NTIMP_LEVEL_IMPERSONATION;
}

/* Consumes the references on client and lease, also on failure. */
static struct ntimp_context *context_create(enum ntimp_source source,
					    const struct ntimp_qos *qos,
					    const struct cred *client,
					    struct ntimp_lease *lease)
{
	struct ntimp_context *ctx;
	struct ntimp_quota *quota;
	int err;

	if (!may_be_captured(client, qos->level)) {
		err = ntimp_refuse("capture", NTIMP_REASON_LEVEL, NULL, client);
		goto put_parts;
	}

	quota = ntimp_quota_charge(current_real_cred());
	err = PTR_ERR_OR_ZERO(quota);
	if (err)
		goto put_parts;

	err = -ENOMEM;
	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL_ACCOUNT);
	if (!ctx)
		goto uncharge;

	refcount_set(&ctx->usage, 1);
	refcount_set(&ctx->handles, 1);
	ctx->source = source;
	ctx->qos = *qos;
	ctx->id = atomic64_inc_return(&last_id);
	ctx->auid = INVALID_UID;
	ctx->lease = lease;
	ctx->quota = quota;
	ctx->client = client;
	mutex_init(&ctx->apply_lock);
	ctx->home = NTIMP_NO_CPU;
	INIT_LIST_HEAD(&ctx->applied);
	ntimp_pin_open();
	return ctx;

uncharge:
	ntimp_quota_uncharge(quota);
put_parts:
	ntimp_lease_put(lease);
	put_cred(client);
	return ERR_PTR(err);
}

/**
 * ntimp_context_create - make a context
 * @source: where the identity comes from
 * @qos: quality of service, checked by the caller
 * @client: the client's cred; its reference is consumed, also on failure.
 *	May be an ERR_PTR(), which is then the result.
 *
 * Whoever made it can end it: the current thread's primary.
 *
 * Context: process context, may sleep.
 * Return: a context with one handle, the caller's; -EPERM: the client's cred
 * was itself applied below the level asked for, or below Impersonation;
 * -EDQUOT: the user has too many; -ENOMEM; @client's error.
 */
struct ntimp_context *ntimp_context_create(enum ntimp_source source,
					   const struct ntimp_qos *qos,
					   const struct cred *client)
{
	struct ntimp_lease *lease;

	if (IS_ERR(client))
		return ERR_CAST(client);
	lease = ntimp_lease_create(current_real_cred());
	if (!lease) {
		put_cred(client);
		return ERR_PTR(-ENOMEM);
	}
	return context_create(source, qos, client, lease);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_create);

/**
 * ntimp_context_uncount - let a context not keep the module
 * @ctx: just made, and the caller's alone
 *
 * For those that are part of the module, and no user's.  What is made of it
 * doesn't, either: who has a handle on that has to keep the module himself.
 *
 * Context: process context; the caller keeps the module.
 */
void ntimp_context_uncount(struct ntimp_context *ctx)
{
	ntimp_quota_uncharge(ctx->quota);
	ctx->quota = NULL;
	ntimp_pin_close();
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_uncount);

/* Of the same origin; consumes the reference on the client, also on failure. */
static struct ntimp_context *context_inherit(const struct ntimp_context *source,
					     const struct ntimp_qos *qos,
					     const struct cred *client)
{
	struct ntimp_context *ctx;

	ctx = context_create(NTIMP_SOURCE_CONTEXT, qos, client,
			     ntimp_lease_get(source->lease));
	if (IS_ERR(ctx))
		return ctx;
	ctx->auid = source->auid;
	if (!ntimp_context_is_counted(source))
		ntimp_context_uncount(ctx);
	return ctx;
}

/**
 * ntimp_context_derive - make a context of the same client
 * @source: a context; the caller has a handle on it
 * @qos: quality of service, checked by the caller
 *
 * It ends together with @source, and by the same hands.
 *
 * Context: process context, may sleep.
 * Return: a context with one handle, the caller's; -EKEYREVOKED, -EKEYEXPIRED:
 * @source has ended; -EDQUOT: the user has too many; -ENOMEM.
 */
struct ntimp_context *ntimp_context_derive(struct ntimp_context *source,
					   const struct ntimp_qos *qos)
{
	int err = ntimp_lease_check(source->lease);

	if (err)
		return ERR_PTR(err);
	return context_inherit(source, qos, ntimp_context_client(source));
}

/**
 * ntimp_context_limit - make a context of the same client with fewer capabilities
 * @source: a context; the caller has a handle on it
 * @client: who is or was its client
 * @caps: the only ones that are left
 *
 * It is static, of the same level, and ends together with @source, by the same
 * hands.  It has neither the client's consent nor the maker's leave for workers.
 *
 * Context: process context, may sleep.
 * Return: a context with one handle, the caller's; -EKEYREVOKED, -EKEYEXPIRED:
 * @source has ended; -EDQUOT: the user has too many; -ENOMEM.
 */
struct ntimp_context *ntimp_context_limit(struct ntimp_context *source,
					  const struct cred *client,
					  kernel_cap_t caps)
{
	const struct ntimp_qos qos = {
		.level		= source->qos.level,
		.effective_only	= source->qos.effective_only,
	};
	const struct cred *limited;
	int err = ntimp_lease_check(source->lease);

	if (err)
		return ERR_PTR(err);
	limited = ntimp_cred_limit(client, caps);
	if (IS_ERR(limited))
		return ERR_CAST(limited);
	return context_inherit(source, &qos, limited);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_context_limit);

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
	struct ntimp_quota *quota;

	if (IS_ERR_OR_NULL(ctx) || !refcount_dec_and_test(&ctx->handles))
		return;

	quota = ctx->quota;
	ntimp_context_retire(ctx);
	ntimp_context_unuse(ctx);
	if (quota) {
		ntimp_quota_uncharge(quota);
		ntimp_pin_close();
	}
}
EXPORT_SYMBOL_GPL(ntimp_context_put);

/**
 * ntimp_update - look at the client of a dynamic context again
 * @ctx: the context; the caller has a handle on it
 *
 * As each ntimp_impersonate() does by itself.
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL: @ctx is static; -ESTALE: the client has ended, executed a
 * program, is more than it was when it was captured, or is inside an override of
 * somebody else's, so the last snapshot of it stands; -EKEYREVOKED,
 * -EKEYEXPIRED: @ctx has ended.
 */
int ntimp_update(struct ntimp_context *ctx)
{
	int err = ntimp_lease_check(ctx->lease);

	if (err)
		return err;
	if (!ctx->tracker)
		return -EINVAL;
	return ntimp_context_follow(ctx);
}
EXPORT_SYMBOL_GPL(ntimp_update);

static int may_end(struct ntimp_context *ctx)
{
	const struct cred *client;
	int err = ntimp_gate_end(current_real_cred(), ctx->lease->maker,
				 ctx->lease->user_ns);

	if (err) {
		client = ntimp_context_client(ctx);
		err = ntimp_refuse("end", NTIMP_REASON_NOT_MAKER, ctx, client);
		put_cred(client);
	}
	return err;
}

/**
 * ntimp_revoke - let nobody impersonate a context any more
 * @ctx: the context; the caller has a handle on it
 * @flags: NTIMP_REVOKE_*
 *
 * Ends all contexts that are duplicates of one another together.  Threads that
 * wear one go on wearing it: with NTIMP_REVOKE_DENY at level Identification at
 * most, from this moment on.
 *
 * Context: process context, may sleep.
 * Return: 0, also if it was revoked before; -EINVAL: unknown flags; -EPERM: the
 * current thread's primary is another user than the maker's, and lacks
 * CAP_SETUID or CAP_SETGID in the maker's user namespace; with
 * NTIMP_REVOKE_DENY, the errors of arming the hooks that deny, and nothing has
 * changed.
 */
int ntimp_revoke(struct ntimp_context *ctx, unsigned int flags)
{
	int err;

	if (flags & ~NTIMP_REVOKE_DENY)
		return -EINVAL;
	err = may_end(ctx);
	if (!err && flags & NTIMP_REVOKE_DENY)
		err = ntimp_identify_arm();
	if (!err)
		ntimp_context_end(ctx->lease, flags & NTIMP_REVOKE_DENY);
	return err;
}
EXPORT_SYMBOL_GPL(ntimp_revoke);

/**
 * ntimp_expire - let nobody impersonate a context any more, after some time
 * @ctx: the context; the caller has a handle on it
 * @lifetime: nanoseconds from now, time in which the machine sleeps included
 *
 * Holds for all contexts that are duplicates of one another together.  The end
 * is only ever brought forward.
 *
 * Context: process context, may sleep.
 * Return: 0; -EPERM: as ntimp_revoke().
 */
int ntimp_expire(struct ntimp_context *ctx, u64 lifetime)
{
	int err = may_end(ctx);

	if (!err)
		ntimp_lease_shorten(ctx->lease, lifetime);
	return err;
}
EXPORT_SYMBOL_GPL(ntimp_expire);

/**
 * ntimp_view_context - a context, as it is shown
 * @ctx: the context; the caller has a reference on it
 *
 * Context: process context.
 * Return: for ntimp_view_end().
 */
struct ntimp_view ntimp_view_context(struct ntimp_context *ctx)
{
	refcount_inc(&ctx->usage);
	return (struct ntimp_view) {
		.ctx	= ctx,
		.client	= ntimp_context_client(ctx),
		.level	= ctx->qos.level,
	};
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_view_context);

/**
 * ntimp_view_end - let go of what was shown
 * @view: from ntimp_view_context() or ntimp_view_task()
 *
 * Context: any.
 */
void ntimp_view_end(const struct ntimp_view *view)
{
	put_cred(view->client);
	ntimp_context_unuse(view->ctx);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_view_end);
