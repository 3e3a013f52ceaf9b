// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of tokens, and from a token to what a thread wears.
 *
 * A token holds a context of the core, and the core says how far that goes: the
 * level of a token is never above its context's.
 *
 * What a thread wears is always a static context, also of a client who is
 * followed: the client is looked at again first, and a duplicate that is of the
 * former one is made anew.  So a thread is never changed behind its back, which
 * NT doesn't do either as long as the token is locked.
 *
 * Each token pins the module: a driver that loses one must not make it possible to
 * unload what it leads to.
 */
#include <kunit/visibility.h>
#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/ntimp.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uidgid.h>

#include "../context.h"
#include "filter.h"
#include "token.h"

/* Above all that NT has given away before the first logon: its own are below. */
static atomic64_t last_luid = ATOMIC64_INIT(0xFFFF);

/**
 * nt_luid_new - a number that was never given away before
 *
 * Context: any.
 * Return: the number.
 */
LUID nt_luid_new(void)
{
	u64 luid = atomic64_inc_return(&last_luid);

	return (LUID){ .LowPart = luid, .HighPart = luid >> 32 };
}
EXPORT_SYMBOL_IF_KUNIT(nt_luid_new);

/*
 * One logon session for each user, since what Linux has of the kind follows no
 * identity: a cred doesn't tell the session of the thread that had it.
 */
static LUID logon_session(const struct ntimp_context *ctx)
{
	kuid_t user = ctx->client->euid;

	if (ctx->source == NTIMP_SOURCE_ANONYMOUS)
		return (LUID)ANONYMOUS_LOGON_LUID;
	if (uid_eq(user, GLOBAL_ROOT_UID))
		return (LUID)SYSTEM_LUID;
	return (LUID){ .LowPart = __kuid_val(user), .HighPart = 1 };
}

/**
 * nt_token_create - make a token
 * @type: primary or impersonation
 * @level: of an impersonation token; not above that of @ctx
 * @ctx: who it is, and nobody else knows it; its handle is consumed, also on
 *	failure.  May be an ERR_PTR(), which is then the result.
 *
 * Context: process context, may sleep.
 * Return: a token, whose reference is the caller's; -ENOMEM; @ctx's error.
 */
struct nt_token *nt_token_create(TOKEN_TYPE type, SECURITY_IMPERSONATION_LEVEL level,
				 struct ntimp_context *ctx)
{
	struct nt_token *token;

	if (IS_ERR(ctx))
		return ERR_CAST(ctx);
	token = kzalloc(sizeof(*token), GFP_KERNEL_ACCOUNT);
	if (!token) {
		ntimp_context_put(ctx);
		return ERR_PTR(-ENOMEM);
	}

	__module_get(THIS_MODULE);
	refcount_set(&token->usage, 1);
	token->type = type;
	token->level = level;
	token->ctx = ctx;
	token->id = nt_luid_new();
	token->modified_id = nt_luid_new();
	token->authentication_id = logon_session(ctx);
	strscpy(token->source.SourceName, "ntimp", sizeof(token->source.SourceName));
	init_rwsem(&token->lock);
	mutex_init(&token->variants_lock);
	return token;
}
EXPORT_SYMBOL_IF_KUNIT(nt_token_create);

/**
 * nt_token_get - take a reference on a token
 * @token: a token on which the caller has a reference
 *
 * Context: any.
 * Return: @token
 */
struct nt_token *nt_token_get(struct nt_token *token)
{
	refcount_inc(&token->usage);
	return token;
}
EXPORT_SYMBOL_IF_KUNIT(nt_token_get);

static void token_free(struct nt_token *token)
{
	unsigned int level, effective_only;

	for (level = 0; level < NT_TOKEN_LEVELS; level++)
		for (effective_only = 0; effective_only < 2; effective_only++)
			ntimp_context_put(token->variants[level][effective_only]);
	ntimp_context_put(token->ctx);
	nt_filter_put(token->filter);
	kfree(token);
	module_put(THIS_MODULE);
}

/**
 * nt_token_put - drop a reference on a token
 * @token: the token, or NULL or an ERR_PTR() for nothing
 *
 * Threads that wear it have a reference of their own.
 *
 * Context: any but interrupts.
 */
void nt_token_put(struct nt_token *token)
{
	if (IS_ERR_OR_NULL(token))
		return;
	if (token->primary ? nt_token_primary_put(token) :
			     refcount_dec_and_test(&token->usage))
		token_free(token);
}
EXPORT_SYMBOL_IF_KUNIT(nt_token_put);

/**
 * nt_token_refresh - look at the client again, if it is followed
 * @token: the token; the caller has a reference on it
 *
 * Nothing changes while somebody has locked it.  Where the client can't be
 * followed (see ntimp_update()) the last snapshot of it stands.
 *
 * Context: process context, may sleep.
 */
void nt_token_refresh(struct nt_token *token)
{
	const struct cred *before, *after;

	if (!token->ctx->tracker || !down_write_trylock(&token->lock))
		return;
	before = ntimp_context_client(token->ctx);
	ntimp_update(token->ctx);
	after = ntimp_context_client(token->ctx);
	if (before != after)
		token->modified_id = nt_luid_new();
	up_write(&token->lock);
	put_cred(before);
	put_cred(after);
}
EXPORT_SYMBOL_IF_KUNIT(nt_token_refresh);

/**
 * nt_token_client - who a token is
 * @token: the token; the caller has a reference on it
 *
 * Context: process context, may sleep.
 * Return: the client's cred, looked at again if it is followed; its reference is
 * the caller's.
 */
const struct cred *nt_token_client(struct nt_token *token)
{
	nt_token_refresh(token);
	return ntimp_context_client(token->ctx);
}
EXPORT_SYMBOL_IF_KUNIT(nt_token_client);

/**
 * nt_token_control - what tells whether a token is the one that it was
 * @token: the token; the caller has a reference on it
 * @control: filled, after the client was looked at again if it is followed
 *
 * Context: process context, may sleep.
 */
void nt_token_control(struct nt_token *token, TOKEN_CONTROL *control)
{
	nt_token_refresh(token);
	down_read(&token->lock);
	*control = (TOKEN_CONTROL) {
		.TokenId		= token->id,
		.AuthenticationId	= token->authentication_id,
		.ModifiedId		= token->modified_id,
		.TokenSource		= token->source,
	};
	up_read(&token->lock);
}

/* What was effective-only stays so: a context never rises. */
static struct ntimp_context *token_snapshot(const struct nt_token *token,
					    unsigned int level, bool effective_only)
{
	const struct ntimp_qos qos = {
		.level		= level,
		.effective_only	= effective_only || token->ctx->qos.effective_only,
	};

	return ntimp_context_duplicate(token->ctx, &qos);
}

static bool is_current(const struct nt_token *token, const struct ntimp_context *variant)
{
	const struct cred *client = ntimp_context_client(token->ctx);
	bool is = variant->client == client;

	put_cred(client);
	return is;
}

static struct ntimp_context *variant_get(struct nt_token *token, unsigned int level,
					 bool effective_only)
{
	struct ntimp_context **variant = &token->variants[level][effective_only];
	struct ntimp_context *made;

	lockdep_assert_held(&token->variants_lock);
	if (!*variant || !is_current(token, *variant)) {
		made = token_snapshot(token, level, effective_only);
		if (IS_ERR(made))
			return made;
		ntimp_context_put(*variant);
		*variant = made;
	}
	return ntimp_context_get(*variant);
}

/**
 * nt_token_context - what a thread wears to act as a token's client
 * @token: the token; the caller has a reference on it
 * @level: how far; no further than the token's context goes anyway
 * @effective_only: whether the client's disabled rights stay out of reach
 *
 * Context: process context, may sleep.
 * Return: a static context, whose handle is the caller's; -EKEYREVOKED,
 * -EKEYEXPIRED: the token's has ended; -EDQUOT; -ENOMEM.
 */
struct ntimp_context *nt_token_context(struct nt_token *token,
				       SECURITY_IMPERSONATION_LEVEL level,
				       bool effective_only)
{
	struct ntimp_context *ctx = token->ctx;
	unsigned int worn_level = min_t(unsigned int, level, ctx->qos.level);

	if (!ctx->tracker && worn_level == ctx->qos.level &&
	    effective_only <= ctx->qos.effective_only)
		return ntimp_context_get(ctx);

	nt_token_refresh(token);
	mutex_lock(&token->variants_lock);
	ctx = variant_get(token, worn_level, effective_only);
	mutex_unlock(&token->variants_lock);
	return ctx;
}
EXPORT_SYMBOL_IF_KUNIT(nt_token_context);

/**
 * nt_token_duplicate - make an impersonation token of the same client
 * @token: the token; the caller has a reference on it
 * @level: of the new one; not above what @token allows
 * @effective_only: whether the client's disabled rights stay out of reach
 *
 * Of a client who is followed it is a snapshot.
 *
 * Context: process context, may sleep.
 * Return: a token, whose reference is the caller's; -EPERM: @level is above that
 * of @token; -EKEYREVOKED, -EKEYEXPIRED: its context has ended; -EDQUOT; -ENOMEM.
 */
struct nt_token *nt_token_duplicate(struct nt_token *token,
				    SECURITY_IMPERSONATION_LEVEL level,
				    bool effective_only)
{
	struct nt_token *duplicate;

	nt_token_refresh(token);
	duplicate = nt_token_create(TokenImpersonation, level,
				    token_snapshot(token, level, effective_only));
	if (IS_ERR(duplicate))
		return duplicate;
	duplicate->authentication_id = token->authentication_id;
	duplicate->source = token->source;
	duplicate->filter = nt_filter_get(token->filter);
	return duplicate;
}
EXPORT_SYMBOL_IF_KUNIT(nt_token_duplicate);

/**
 * SeTokenType - is it a primary token?
 * @token: the token; the caller has a reference on it
 *
 * Context: any.
 * Return: TokenPrimary or TokenImpersonation.
 */
TOKEN_TYPE SeTokenType(PACCESS_TOKEN token)
{
	return nt_token_from(token)->type;
}
EXPORT_SYMBOL_GPL(SeTokenType);

/**
 * SeTokenImpersonationLevel - how far a token goes
 * @token: the token; the caller has a reference on it
 *
 * Context: any.
 * Return: its level; 0, which means nothing, for a primary token.
 */
SECURITY_IMPERSONATION_LEVEL SeTokenImpersonationLevel(PACCESS_TOKEN token)
{
	return nt_token_from(token)->level;
}
EXPORT_SYMBOL_GPL(SeTokenImpersonationLevel);
