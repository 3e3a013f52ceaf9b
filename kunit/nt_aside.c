// SPDX-License-Identifier: GPL-2.0-only
/*
 * Identities that are put aside and taken back by NT's routines: cases of the
 * conformance table by their numbers, and what else can come between.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/ntimp.h>

#include <linux/nt/ntstatus.h>

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
static const struct persona plain = { .uid = SERVER, .gid = SERVER };
static const struct persona alice = { .uid = ALICE, .gid = ALICE };
static const struct persona bob = { .uid = BOB, .gid = BOB };

static void wear(struct kunit *test, struct nt_token *token)
{
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), token, TRUE, FALSE, 2));
}

static BOOLEAN disable(SE_IMPERSONATION_STATE *state)
{
	memset(state, 0x5a, sizeof(*state));
	return PsDisableImpersonation(PsGetCurrentThread(), state);
}

static void restore(SE_IMPERSONATION_STATE *state)
{
	PsRestoreImpersonation(PsGetCurrentThread(), state);
}

static void expect_itself(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, PsIsThreadImpersonating(PsGetCurrentThread()));
	KUNIT_EXPECT_PTR_EQ(test, current_real_cred(), current_cred());
}

static void expect_acts(struct kunit *test, unsigned int uid, PACCESS_TOKEN token,
			unsigned int usage)
{
	SECURITY_IMPERSONATION_LEVEL level = 7;

	KUNIT_EXPECT_EQ(test, uid, acts_as_uid());
	KUNIT_EXPECT_PTR_EQ(test, token, token_now(&level));
	KUNIT_EXPECT_EQ(test, SecurityImpersonation, level);
	KUNIT_EXPECT_EQ(test, usage, token_usage(token));
}

static void case_054_disable(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2);
	SE_IMPERSONATION_STATE state;
	int before = pins(test);

	wear(test, a);
	KUNIT_ASSERT_TRUE(test, disable(&state));
	expect_itself(test);
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)a, state.Token);
	KUNIT_EXPECT_EQ(test, TRUE, state.CopyOnOpen);
	KUNIT_EXPECT_EQ(test, FALSE, state.EffectiveOnly);
	KUNIT_EXPECT_EQ(test, SecurityImpersonation, state.Level);
	KUNIT_EXPECT_EQ(test, 2U, token_usage(a));
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	restore(&state);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static void case_055_disable_nothing(struct kunit *test)
{
	static const SE_IMPERSONATION_STATE none = {};
	SE_IMPERSONATION_STATE state;

	KUNIT_EXPECT_FALSE(test, disable(&state));
	KUNIT_EXPECT_NULL(test, state.Token);
	KUNIT_EXPECT_EQ(test, 0, memcmp(&none, &state, sizeof(state)));
	restore(&state);
	expect_itself(test);
}

static void case_056_restore(struct kunit *test)
{
	SECURITY_IMPERSONATION_LEVEL level = 7;
	BOOLEAN copy_on_open = 7, effective_only = 7;
	struct nt_token *a = token_made(test, &alice, 3);
	SE_IMPERSONATION_STATE state;
	const struct cred *worn;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), a, FALSE, TRUE, 2));
	worn = current_cred();
	KUNIT_ASSERT_TRUE(test, disable(&state));
	restore(&state);
	KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)a,
			    PsReferenceImpersonationToken(PsGetCurrentThread(), &copy_on_open,
							  &effective_only, &level));
	KUNIT_EXPECT_EQ(test, FALSE, copy_on_open);
	KUNIT_EXPECT_EQ(test, TRUE, effective_only);
	KUNIT_EXPECT_EQ(test, SecurityImpersonation, level);
	KUNIT_EXPECT_EQ(test, 3U, token_usage(a));
	PsDereferenceImpersonationToken(a);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
}

static void case_057_another_meanwhile(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2), *b = token_made(test, &bob, 2);
	SE_IMPERSONATION_STATE state;
	int before = pins(test);

	wear(test, a);
	KUNIT_ASSERT_TRUE(test, disable(&state));
	wear(test, b);
	expect_acts(test, BOB, b, 2);
	restore(&state);
	expect_acts(test, ALICE, a, 2);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(b));
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static void case_058_restore_nothing(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2);

	wear(test, a);
	restore(NULL);
	expect_itself(test);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
}

/* --- what the table doesn't have ------------------------------------------------ */

static void nested(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2), *b = token_made(test, &bob, 2);
	SE_IMPERSONATION_STATE outer, inner;
	int before = pins(test);

	wear(test, a);
	KUNIT_ASSERT_TRUE(test, disable(&outer));
	wear(test, b);
	KUNIT_ASSERT_TRUE(test, disable(&inner));
	expect_itself(test);
	KUNIT_EXPECT_EQ(test, before + 2, pins(test));
	restore(&inner);
	expect_acts(test, BOB, b, 2);
	restore(&outer);
	expect_acts(test, ALICE, a, 2);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(b));
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static void nested_with_one_token(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2);
	SE_IMPERSONATION_STATE outer, inner;
	int before = pins(test);

	wear(test, a);
	KUNIT_ASSERT_TRUE(test, disable(&outer));
	wear(test, a);
	KUNIT_EXPECT_EQ(test, 3U, token_usage(a));
	KUNIT_ASSERT_TRUE(test, disable(&inner));
	restore(&inner);
	expect_acts(test, ALICE, a, 3);
	restore(&outer);
	expect_acts(test, ALICE, a, 2);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static void out_of_order(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2), *b = token_made(test, &bob, 2);
	SE_IMPERSONATION_STATE first, second;
	int before = pins(test);

	wear(test, a);
	KUNIT_ASSERT_TRUE(test, disable(&first));
	wear(test, b);
	KUNIT_ASSERT_TRUE(test, disable(&second));
	restore(&first);
	expect_acts(test, ALICE, a, 2);
	restore(&second);
	expect_acts(test, BOB, b, 2);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(b));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

/* What one primary was permitted another is not: it is asked anew. */
static void another_primary_may_too(struct kunit *test)
{
	static const struct persona other = { .uid = 2000, .gid = 2000, .permitted = CAPS_SETIDS };
	struct nt_token *a = token_made(test, &alice, 2);
	SE_IMPERSONATION_STATE state;
	int before = pins(test);

	persona_become(test, &server);
	wear(test, a);
	KUNIT_ASSERT_TRUE(test, disable(&state));
	persona_become(test, &other);
	restore(&state);
	expect_acts(test, ALICE, a, 2);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static void another_primary_may_not(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2);
	SE_IMPERSONATION_STATE state;
	int before = pins(test);

	persona_become(test, &server);
	wear(test, a);
	KUNIT_ASSERT_TRUE(test, disable(&state));
	persona_become(test, &plain);
	restore(&state);
	KUNIT_EXPECT_TRUE(test, ntimp_only_identifies());
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

/* Root's name for a server that isn't root any more: not even that. */
static void another_primary_may_never(struct kunit *test)
{
	struct nt_token *root = token_made(test, &(struct persona) { .uid = 0 }, 2);
	SECURITY_IMPERSONATION_LEVEL level = 7;
	SE_IMPERSONATION_STATE state;

	wear(test, root);
	KUNIT_ASSERT_TRUE(test, disable(&state));
	persona_become(test, &server);
	restore(&state);
	KUNIT_EXPECT_TRUE(test, ntimp_only_identifies());
	KUNIT_EXPECT_NOT_NULL(test, token_now(&level));
	KUNIT_EXPECT_EQ(test, SecurityAnonymous, level);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(root));
	PsRevertToSelf();
}

static int act_disable(void *state)
{
	return PsDisableImpersonation(PsGetCurrentThread(), state) ? 0 : -EIO;
}

/* The state is lost, and with it the driver's reference, which it drops itself. */
static void exit_while_disabled(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2);
	struct actor *actor = actor_start(test, NULL);
	struct wish wish = { .token = a, .level = 2 };
	SE_IMPERSONATION_STATE state;
	int before = pins(test);

	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_wish, &wish));
	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_disable, &state));
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	actor_exit(actor);
	KUNIT_EXPECT_EQ(test, before, pins(test));
	KUNIT_EXPECT_EQ(test, 2U, token_usage(a));
	PsDereferenceImpersonationToken(state.Token);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
}

/* What was put on from user space is put aside as well. */
static void identity_of_device(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	SE_IMPERSONATION_STATE state;
	const struct cred *worn;
	int before = pins(test);

	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	worn = current_cred();
	KUNIT_ASSERT_TRUE(test, disable(&state));
	expect_itself(test);
	KUNIT_EXPECT_EQ(test, TRUE, state.CopyOnOpen);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(state.Token));
	restore(&state);
	KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, before, pins(test));
	KUNIT_EXPECT_EQ(test, 1U, refcount_read(&ctx->handles));
}

/* Another user of the core's puts aside what NT's routines put on, and gives it back. */
static void put_aside_by_the_core(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2), *b = token_made(test, &bob, 2);
	struct ntimp_aside aside;
	int before = pins(test);

	wear(test, a);
	KUNIT_ASSERT_TRUE(test, ntimp_disable(&aside));
	expect_itself(test);
	KUNIT_EXPECT_EQ(test, 2U, token_usage(a));
	wear(test, b);
	expect_acts(test, BOB, b, 2);
	KUNIT_EXPECT_TRUE(test, ntimp_restore(&aside));
	expect_acts(test, ALICE, a, 2);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(b));

	KUNIT_ASSERT_TRUE(test, ntimp_disable(&aside));
	ntimp_forget(&aside);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(case_054_disable),
	KUNIT_CASE(case_055_disable_nothing),
	KUNIT_CASE(case_056_restore),
	KUNIT_CASE(case_057_another_meanwhile),
	KUNIT_CASE(case_058_restore_nothing),
	KUNIT_CASE(nested),
	KUNIT_CASE(nested_with_one_token),
	KUNIT_CASE(out_of_order),
	KUNIT_CASE(another_primary_may_too),
	KUNIT_CASE(another_primary_may_not),
	KUNIT_CASE(another_primary_may_never),
	KUNIT_CASE(exit_while_disabled),
	KUNIT_CASE(identity_of_device),
	KUNIT_CASE(put_aside_by_the_core),
	{}
};

struct kunit_suite ntimp_nt_aside_suite = {
	.name = "nt_aside",
	.test_cases = cases,
};
