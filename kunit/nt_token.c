// SPDX-License-Identifier: GPL-2.0-only
/* Tokens: who they are, who shares them, and what becomes of them when things change. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/nt/object.h>
#include <linux/ntimp.h>

#include <linux/nt/ntstatus.h>

#include "../ntimp/compat.h"
#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "actor.h"
#include "contexts.h"
#include "nt_tokens.h"
#include "persona.h"
#include "pins.h"
#include "suites.h"

#define ALICE	1001
#define BOB	1002
#define SERVER	1000

static const struct persona server = { .uid = SERVER, .gid = SERVER, .permitted = CAPS_SETIDS };
static const struct persona mighty = { .uid = ALICE, .gid = ALICE, .permitted = CAPS_SETIDS };
static const struct persona alice = { .uid = ALICE, .gid = ALICE };
static const struct persona bob = { .uid = BOB, .gid = BOB };

static unsigned int user_of(struct nt_token *token)
{
	const struct cred *client = nt_token_client(token);
	unsigned int uid = __kuid_val(client->uid);

	put_cred(client);
	return uid;
}

static int act_become(void *cred)
{
	return commit_creds((struct cred *)get_cred(cred));
}

/* --- primary tokens -------------------------------------------------------------- */

static void primary_is_shared(struct kunit *test)
{
	struct actor *client = client_start(test, &alice);
	struct nt_token *token = primary_of(test, client), *again;
	const struct cred *primary = rcu_access_pointer(client->task->real_cred);
	long usage = cred_usage(primary);

	again = nt_token_from(PsReferencePrimaryToken((PEPROCESS)thread_of(client)));
	KUNIT_EXPECT_PTR_EQ(test, token, again);
	KUNIT_EXPECT_EQ(test, 2U, token_usage(token));
	KUNIT_EXPECT_EQ(test, usage, cred_usage(primary));
	KUNIT_EXPECT_EQ(test, TokenPrimary, SeTokenType(token));
	KUNIT_EXPECT_EQ(test, (unsigned int)ALICE, user_of(token));
	PsDereferencePrimaryToken(again);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
	KUNIT_EXPECT_EQ(test, 2, ObReferenceObject(token));
	KUNIT_EXPECT_EQ(test, 1, ObDereferenceObject(token));
}

static void primary_goes_with_last_reference(struct kunit *test)
{
	struct actor *client = client_start(test, &alice);
	const struct cred *primary = rcu_access_pointer(client->task->real_cred);
	long usage = cred_usage(primary);
	struct nt_token *token;
	LUID id;

	token = nt_token_from(PsReferencePrimaryToken((PEPROCESS)thread_of(client)));
	id = token->id;
	KUNIT_EXPECT_GT(test, cred_usage(primary), usage);
	PsDereferencePrimaryToken(token);
	KUNIT_EXPECT_EQ(test, usage, cred_usage(primary));
	KUNIT_EXPECT_FALSE(test, RtlEqualLuid(&id, &primary_of(test, client)->id));
}

/* Threads of one server have one cred, and each a token. */
static void primary_is_per_thread(struct kunit *test)
{
	const struct cred *cred = persona_cred(test, &alice);
	struct actor *one = actor_start(test, cred), *other = actor_start(test, cred);
	struct nt_token *of_one, *of_other;

	KUNIT_ASSERT_EQ(test, 0, actor_do(one, act_be_process, NULL));
	KUNIT_ASSERT_EQ(test, 0, actor_do(other, act_be_process, NULL));
	of_one = primary_of(test, one);
	of_other = primary_of(test, other);
	KUNIT_EXPECT_PTR_NE(test, of_one, of_other);
	KUNIT_EXPECT_PTR_EQ(test, of_one->primary, of_other->primary);
}

/* What a thread wears is no part of who it is. */
static void primary_is_whatever_is_worn(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2), *before, *during;

	before = keep_token(test, PsReferencePrimaryToken(PsGetCurrentProcess()));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), a, FALSE, FALSE, 2));
	during = keep_token(test, PsReferencePrimaryToken(PsGetCurrentProcess()));
	KUNIT_EXPECT_PTR_EQ(test, before, during);
	KUNIT_EXPECT_EQ(test, 0U, user_of(during));
	PsRevertToSelf();
}

static void primary_made_while_worn(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2), *token;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), a, FALSE, FALSE, 2));
	token = keep_token(test, PsReferencePrimaryToken(PsGetCurrentProcess()));
	KUNIT_EXPECT_PTR_EQ(test, current_real_cred(), token->primary);
	KUNIT_EXPECT_EQ(test, 0U, user_of(token));
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 0U, user_of(token));
}

static void another_primary_is_another_token(struct kunit *test)
{
	struct actor *client = client_start(test, &mighty);
	struct nt_token *token = primary_of(test, client), *later;
	LUID modified = token->modified_id;
	const struct cred *who;

	KUNIT_ASSERT_EQ(test, 0, actor_do(client, act_become, persona_cred(test, &alice)));
	later = primary_of(test, client);
	KUNIT_EXPECT_PTR_NE(test, token, later);
	/* It had more, so the former one follows it, and says that it changed. */
	who = keep_cred(test, nt_token_client(token));
	KUNIT_EXPECT_FALSE(test, cap_raised(who->cap_permitted, CAP_SETUID));
	KUNIT_EXPECT_FALSE(test, RtlEqualLuid(&modified, &token->modified_id));
}

/* A program that is set-user-id must not lead its server to root. */
static void client_with_more_is_not_followed(struct kunit *test)
{
	struct actor *client = client_start(test, &alice);
	struct nt_token *token = primary_of(test, client);
	LUID modified = token->modified_id;

	KUNIT_ASSERT_EQ(test, 0, actor_do(client, act_become,
					  persona_cred(test, &(struct persona) {
						.uid = 0, .permitted = CAPS_ALL })));
	KUNIT_EXPECT_EQ(test, (unsigned int)ALICE, user_of(token));
	KUNIT_EXPECT_TRUE(test, RtlEqualLuid(&modified, &token->modified_id));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE, 2));
	KUNIT_EXPECT_EQ(test, (unsigned int)ALICE, acts_as_uid());
	PsRevertToSelf();
}

/* The next time that the token is put on: not the thread that wears it now. */
static void narrowed_client_is_worn_anew(struct kunit *test)
{
	struct actor *client = client_start(test, &mighty);
	struct nt_token *token = primary_of(test, client);
	const struct cred *first;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE, 2));
	first = current_cred();
	KUNIT_EXPECT_TRUE(test, cap_raised(first->cap_effective, CAP_SETUID));
	KUNIT_ASSERT_EQ(test, 0, actor_do(client, act_become, persona_cred(test, &alice)));
	KUNIT_EXPECT_PTR_EQ(test, first, current_cred());
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE, 2));
	KUNIT_EXPECT_FALSE(test, cap_raised(current_cred()->cap_effective, CAP_SETUID));
	KUNIT_EXPECT_EQ(test, 2U, token_usage(token));
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

/* --- what is worn of a token -------------------------------------------------------- */

static void variants_are_kept(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, 3);
	struct ntimp_context *own, *one, *again, *other;

	own = nt_token_context(token, SecurityDelegation, false);
	KUNIT_EXPECT_PTR_EQ(test, token->ctx, own);
	one = nt_token_context(token, SecurityImpersonation, false);
	again = nt_token_context(token, SecurityImpersonation, false);
	other = nt_token_context(token, SecurityImpersonation, true);
	KUNIT_EXPECT_PTR_NE(test, own, one);
	KUNIT_EXPECT_PTR_EQ(test, one, again);
	KUNIT_EXPECT_PTR_NE(test, one, other);
	KUNIT_EXPECT_EQ(test, 2U, (unsigned int)one->qos.level);
	KUNIT_EXPECT_EQ(test, 1, (int)other->qos.effective_only);
	KUNIT_EXPECT_EQ(test, 3U, refcount_read(&one->handles));
	KUNIT_EXPECT_EQ(test, 2U, refcount_read(&own->handles));
	ntimp_context_put(own);
	ntimp_context_put(one);
	ntimp_context_put(again);
	ntimp_context_put(other);
	KUNIT_EXPECT_EQ(test, 1U, refcount_read(&token->ctx->handles));
}

static void token_never_rises(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, 1), *duplicate;
	SECURITY_IMPERSONATION_LEVEL level = 7;
	struct ntimp_context *ctx;

	ctx = nt_token_context(token, SecurityDelegation, false);
	KUNIT_EXPECT_PTR_EQ(test, token->ctx, ctx);
	ntimp_context_put(ctx);
	duplicate = nt_token_duplicate(token, SecurityImpersonation, false);
	KUNIT_EXPECT_EQ(test, -EPERM, (int)PTR_ERR_OR_ZERO(duplicate));
	nt_token_put(duplicate);

	/* Asked for too much the thread gets a copy, at Identification at most. */
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE, 2));
	KUNIT_EXPECT_PTR_NE(test, (PACCESS_TOKEN)token, token_now(&level));
	KUNIT_EXPECT_EQ(test, SecurityIdentification, level);
	KUNIT_EXPECT_TRUE(test, ntimp_only_identifies());
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
	PsRevertToSelf();
}

static void anonymous_token_stays_anonymous(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, 0);
	SECURITY_IMPERSONATION_LEVEL level = 7;
	unsigned int asked;

	for (asked = 0; asked <= 3; asked++) {
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
				PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE,
						    asked));
		KUNIT_EXPECT_NOT_NULL(test, token_now(&level));
		KUNIT_EXPECT_EQ(test, SecurityAnonymous, level);
		KUNIT_EXPECT_EQ(test, 0U, ntimp_cred_level_ceiling(current_cred()));
	}
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

static void revoked_token_is_of_no_use(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, 3);

	KUNIT_ASSERT_EQ(test, 0, ntimp_revoke(token->ctx, 0));
	KUNIT_EXPECT_EQ(test, STATUS_NO_SUCH_LOGON_SESSION,
			PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE, 3));
	KUNIT_EXPECT_EQ(test, STATUS_NO_SUCH_LOGON_SESSION,
			PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE, 2));
	KUNIT_EXPECT_FALSE(test, PsIsThreadImpersonating(PsGetCurrentThread()));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

/* Who wears it does so at Identification from then on, and NT's routines say so. */
static void revoked_token_is_denied(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, 2);
	SECURITY_IMPERSONATION_LEVEL level = 7;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE, 2));
	KUNIT_ASSERT_EQ(test, 0, ntimp_revoke(token->ctx, NTIMP_REVOKE_DENY));
	KUNIT_EXPECT_TRUE(test, ntimp_only_identifies());
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)token, token_now(&level));
	KUNIT_EXPECT_EQ(test, SecurityIdentification, level);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

/* --- what was not put on by NT's routines ---------------------------------------------- */

static void expect_token(struct kunit *test, unsigned int uid, unsigned int level)
{
	SECURITY_IMPERSONATION_LEVEL now = 7;
	BOOLEAN copy_on_open = 7, effective_only = 7;
	struct nt_token *token;

	token = nt_token_from(PsReferenceImpersonationToken(PsGetCurrentThread(), &copy_on_open,
							    &effective_only, &now));
	KUNIT_ASSERT_NOT_NULL(test, token);
	KUNIT_EXPECT_EQ(test, TRUE, copy_on_open);
	KUNIT_EXPECT_EQ(test, level, (unsigned int)now);
	KUNIT_EXPECT_EQ(test, TokenImpersonation, SeTokenType(token));
	KUNIT_EXPECT_EQ(test, uid, user_of(token));
	PsDereferenceImpersonationToken(token);
}

static void identity_of_device(struct kunit *test)
{
	unsigned int level;

	for (level = 0; level <= 3; level++) {
		struct ntimp_context *ctx = persona_context(test, &alice, level);

		KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
		expect_token(test, ALICE, level);
		KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
		KUNIT_EXPECT_EQ(test, 1U, refcount_read(&ctx->handles));
	}
}

/* Its context may be closed, as a descriptor is that was used and dropped. */
static void identity_of_closed_context(struct kunit *test)
{
	struct ntimp_context *ctx = context_of(test, persona_cred(test, &alice));

	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	ntimp_context_put(ctx);
	expect_token(test, ALICE, 2);
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
}

/* Never as the thread itself, which has more. */
static void identity_of_revoked_context(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);

	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	KUNIT_ASSERT_EQ(test, 0, ntimp_revoke(ctx, 0));
	expect_token(test, 65534, 0);
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
}

static void override_of_the_kernel(struct kunit *test)
{
	const struct cred *worn = override_creds(persona_cred(test, &bob));

	expect_token(test, BOB, 2);
	revert_creds(worn);
	KUNIT_EXPECT_FALSE(test, PsIsThreadImpersonating(PsGetCurrentThread()));
}

/* The thread is still impersonating, and NT's routines say whom. */
static void override_while_impersonating(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2), *b = token_made(test, &bob, 2);
	SECURITY_IMPERSONATION_LEVEL level = 7;
	SE_IMPERSONATION_STATE state;
	const struct cred *worn;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), a, FALSE, FALSE, 2));
	worn = override_creds(persona_cred(test, &bob));
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)a, token_now(&level));
	KUNIT_EXPECT_NE(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), b, FALSE, FALSE, 2));
	KUNIT_EXPECT_FALSE(test, PsDisableImpersonation(PsGetCurrentThread(), &state));
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 2U, token_usage(a));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(b));
	revert_creds(worn);
	KUNIT_EXPECT_EQ(test, (unsigned int)ALICE, acts_as_uid());
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
}

/* --- nobody ------------------------------------------------------------------------- */

static void nobody_is_nobody(struct kunit *test)
{
	struct nt_token *primary = keep_token(test, nt_token_nobody(TokenPrimary));
	struct nt_token *client = keep_token(test, nt_token_nobody(TokenImpersonation));
	SECURITY_IMPERSONATION_LEVEL level = 7;

	KUNIT_EXPECT_EQ(test, TokenPrimary, SeTokenType(primary));
	KUNIT_EXPECT_EQ(test, TokenImpersonation, SeTokenType(client));
	KUNIT_EXPECT_EQ(test, 65534U, user_of(primary));
	KUNIT_EXPECT_EQ(test, 0x3e6U, client->authentication_id.LowPart);
	persona_become(test, &server);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), primary, FALSE, FALSE, 3));
	KUNIT_EXPECT_TRUE(test, ntimp_only_identifies());
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)primary, token_now(&level));
	KUNIT_EXPECT_EQ(test, SecurityAnonymous, level);
	PsRevertToSelf();
}

/* What a driver loses is lost, and not unloaded. */
static void token_pins_module(struct kunit *test)
{
	struct actor *client = client_start(test, &alice);
	struct nt_token *token, *duplicate;
	int before = pins(test);

	token = nt_token_from(PsReferencePrimaryToken((PEPROCESS)thread_of(client)));
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	duplicate = nt_token_duplicate(token, SecurityImpersonation, false);
	KUNIT_EXPECT_EQ(test, before + 2, pins(test));
	nt_token_put(nt_token_get(token));
	nt_token_put(duplicate);
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	PsDereferencePrimaryToken(token);
	KUNIT_EXPECT_EQ(test, before, pins(test));
	nt_token_put(nt_token_nobody(TokenPrimary));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static void luids_are_never_given_away_twice(struct kunit *test)
{
	LUID first = nt_luid_new(), second = nt_luid_new();

	KUNIT_EXPECT_FALSE(test, RtlEqualLuid(&first, &second));
	/* NT's well-known ones are below. */
	KUNIT_EXPECT_GT(test, first.LowPart, 0xFFFFU);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(primary_is_shared),
	KUNIT_CASE(primary_goes_with_last_reference),
	KUNIT_CASE(primary_is_per_thread),
	KUNIT_CASE(primary_is_whatever_is_worn),
	KUNIT_CASE(primary_made_while_worn),
	KUNIT_CASE(another_primary_is_another_token),
	KUNIT_CASE(client_with_more_is_not_followed),
	KUNIT_CASE(narrowed_client_is_worn_anew),
	KUNIT_CASE(variants_are_kept),
	KUNIT_CASE(token_never_rises),
	KUNIT_CASE(anonymous_token_stays_anonymous),
	KUNIT_CASE(revoked_token_is_of_no_use),
	KUNIT_CASE(revoked_token_is_denied),
	KUNIT_CASE(identity_of_device),
	KUNIT_CASE(identity_of_closed_context),
	KUNIT_CASE(identity_of_revoked_context),
	KUNIT_CASE(override_of_the_kernel),
	KUNIT_CASE(override_while_impersonating),
	KUNIT_CASE(nobody_is_nobody),
	KUNIT_CASE(token_pins_module),
	KUNIT_CASE(luids_are_never_given_away_twice),
	{}
};

struct kunit_suite ntimp_nt_token_suite = {
	.name = "nt_token",
	.suite_init = actor_hold_memory,
	.suite_exit = actor_drop_memory,
	.test_cases = cases,
};
