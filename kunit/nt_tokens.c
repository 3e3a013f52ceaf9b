// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/ntimp.h>

#include <linux/nt/ntstatus.h>

#include "../ntimp/context.h"
#include "actor.h"
#include "contexts.h"
#include "defer.h"
#include "nt_tokens.h"
#include "persona.h"

static void undo_token(const void *token)
{
	nt_token_put((struct nt_token *)token);
}

PACCESS_TOKEN keep_token(struct kunit *test, PACCESS_TOKEN token)
{
	defer(test, undo_token, token);
	return token;
}

struct nt_token *token_of(struct kunit *test, struct ntimp_context *ctx)
{
	struct nt_token *token;

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(ctx), "error %ld", PTR_ERR(ctx));
	token = nt_token_create(TokenImpersonation, ctx->qos.level, ctx);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(token), "error %ld", PTR_ERR(token));
	return keep_token(test, token);
}

struct nt_token *token_made(struct kunit *test, const struct persona *persona,
			    unsigned int level)
{
	const struct ntimp_qos qos = { .level = level };

	return token_of(test, ntimp_context_create(NTIMP_SOURCE_IDS, &qos,
						   get_cred(persona_cred(test, persona))));
}

struct actor *client_start(struct kunit *test, const struct persona *persona)
{
	struct actor *actor = actor_start(test, persona_cred(test, persona));

	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_be_process, NULL));
	return actor;
}

struct nt_token *primary_of(struct kunit *test, const struct actor *actor)
{
	return keep_token(test, PsReferencePrimaryToken((PEPROCESS)thread_of(actor)));
}

int act_wish(void *part)
{
	struct wish *wish = part;

	wish->status = PsImpersonateClient(PsGetCurrentThread(), wish->token,
					   wish->copy_on_open, wish->effective_only,
					   wish->level);
	return NT_SUCCESS(wish->status) ? 0 : -EIO;
}

int act_revert_to_self(void *unused)
{
	PsRevertToSelf();
	return 0;
}

PACCESS_TOKEN token_now(SECURITY_IMPERSONATION_LEVEL *level)
{
	BOOLEAN copy_on_open, effective_only;
	PACCESS_TOKEN token;

	token = PsReferenceImpersonationToken(PsGetCurrentThread(), &copy_on_open,
					      &effective_only, level);
	PsDereferenceImpersonationToken(token);
	return token;
}

#ifdef CONFIG_FAULT_INJECTION
void fail_nth(unsigned int nth)
{
	current->fail_nth = nth;
}

bool fail_nth_over(void)
{
	bool failed = !current->fail_nth;

	current->fail_nth = 0;
	return failed;
}
#else
void fail_nth(unsigned int nth)
{
}

bool fail_nth_over(void)
{
	return false;
}
#endif
