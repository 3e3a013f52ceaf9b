// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nobody: the tokens for routines that can't fail and did, because NT has given
 * them no status to return.  There is less to be had from them than from anybody,
 * and no allocation between a caller and them.
 */
#include <kunit/visibility.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/ntimp.h>

#include "../context.h"
#include "token.h"

static struct nt_token *nobody[2];

/**
 * nt_token_nobody - a token of nobody's
 * @type: primary or impersonation; level Anonymous, whatever the type
 *
 * Context: any.
 * Return: the token, always the same, with a reference for the caller.
 */
struct nt_token *nt_token_nobody(TOKEN_TYPE type)
{
	return nt_token_get(nobody[type == TokenImpersonation]);
}
EXPORT_SYMBOL_IF_KUNIT(nt_token_nobody);

/* It is part of the module, and doesn't pin it. */
static struct nt_token *nobody_create(TOKEN_TYPE type)
{
	static const struct ntimp_qos qos = { .level = NTIMP_LEVEL_ANONYMOUS };
	struct ntimp_context *ctx = ntimp_capture_anonymous(&qos);
	struct nt_token *token;

	if (!IS_ERR(ctx))
		ntimp_context_uncount(ctx);
	token = nt_token_create(type, SecurityAnonymous, ctx);
	if (!IS_ERR(token))
		module_put(THIS_MODULE);
	return token;
}

static void nobody_free(struct nt_token *token)
{
	__module_get(THIS_MODULE);
	nt_token_put(token);
}

/**
 * nt_nobody_init - make nobody's tokens
 *
 * Context: process context, may sleep; the module is being loaded.
 * Return: 0; -ENOMEM, with nothing left behind.
 */
int nt_nobody_init(void)
{
	nobody[0] = nobody_create(TokenPrimary);
	if (IS_ERR(nobody[0]))
		return PTR_ERR(nobody[0]);
	nobody[1] = nobody_create(TokenImpersonation);
	if (IS_ERR(nobody[1])) {
		nobody_free(nobody[0]);
		return PTR_ERR(nobody[1]);
	}
	return 0;
}

/**
 * nt_nobody_exit - free nobody's tokens
 *
 * Context: process context; the module is being unloaded, so nobody has one.
 */
void nt_nobody_exit(void)
{
	nobody_free(nobody[0]);
	nobody_free(nobody[1]);
}
