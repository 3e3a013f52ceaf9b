// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads that impersonate and revert by NT's routines: cases of the conformance
 * table, by their numbers.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/ntimp.h>

#include <linux/nt/ntstatus.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "../ntimp/gate.h"
#include "actor.h"
#include "contexts.h"
#include "defer.h"
#include "hooks.h"
#include "nt_tokens.h"
#include "persona.h"
#include "pins.h"
#include "suites.h"

#define ALICE	1001
#define BOB	1002
#define SERVER	1000
#define NOBODY	65534

static const struct persona server = { .uid = SERVER, .gid = SERVER, .permitted = CAPS_SETIDS };
static const struct persona plain = { .uid = SERVER, .gid = SERVER };
static const struct persona alice = { .uid = ALICE, .gid = ALICE };
static const struct persona bob = { .uid = BOB, .gid = BOB };

static NTSTATUS act_as(PACCESS_TOKEN token, unsigned int level)
{
	return PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE, level);
}

static void expect_itself(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, PsIsThreadImpersonating(PsGetCurrentThread()));
	KUNIT_EXPECT_PTR_EQ(test, current_real_cred(), current_cred());
}

/* As whom, how far, and the references on the token, the thread's among them. */
static void expect_acts(struct kunit *test, unsigned int uid, PACCESS_TOKEN token,
			unsigned int level, unsigned int usage)
{
	SECURITY_IMPERSONATION_LEVEL now = 7;

	KUNIT_EXPECT_TRUE(test, PsIsThreadImpersonating(PsGetCurrentThread()));
	KUNIT_EXPECT_EQ(test, uid, acts_as_uid());
	KUNIT_EXPECT_PTR_EQ(test, token, token_now(&now));
	KUNIT_EXPECT_EQ(test, level, (unsigned int)now);
	KUNIT_EXPECT_EQ(test, level, ntimp_cred_level_ceiling(current_cred()));
	KUNIT_EXPECT_EQ(test, usage, token_usage(token));
}

/* It got less: a copy of the token, which goes with the identity. */
static void expect_only_identifies(struct kunit *test, struct nt_token *token)
{
	SECURITY_IMPERSONATION_LEVEL level = 7;
	PACCESS_TOKEN copy = token_now(&level);

	KUNIT_EXPECT_NOT_NULL(test, copy);
	KUNIT_EXPECT_PTR_NE(test, (PACCESS_TOKEN)token, copy);
	KUNIT_EXPECT_EQ(test, SecurityIdentification, level);
	KUNIT_EXPECT_EQ(test, SecurityIdentification, SeTokenImpersonationLevel(copy));
	KUNIT_EXPECT_EQ(test, TokenImpersonation, SeTokenType(copy));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(copy));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
	KUNIT_EXPECT_TRUE(test, ntimp_only_identifies());
	KUNIT_EXPECT_EQ(test, (unsigned int)NOBODY, acts_as_uid());
}

static void case_036_stop_without_start(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, act_as(NULL, 2));
	expect_itself(test);
}

static void case_037_stop(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2);
	int before = pins(test);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(a, 2));
	expect_acts(test, ALICE, a, 2, 2);
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, act_as(NULL, 2));
	expect_itself(test);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static void case_038_replace(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2), *b = token_made(test, &bob, 2);
	int before = pins(test);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(a, 2));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(b, 2));
	expect_acts(test, BOB, b, 2, 2);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	/* By itself it is replaced as well. */
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(b, 2));
	expect_acts(test, BOB, b, 2, 2);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(b));
}

static void case_039_save_and_restore(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 3), *b = token_made(test, &bob, 2);
	SECURITY_IMPERSONATION_LEVEL level = 7;
	BOOLEAN copy_on_open = 7, effective_only = 7;
	PACCESS_TOKEN saved;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), a, FALSE, TRUE, 2));
	saved = PsReferenceImpersonationToken(PsGetCurrentThread(), &copy_on_open,
					      &effective_only, &level);
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)a, saved);
	KUNIT_EXPECT_EQ(test, 3U, token_usage(a));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, act_as(b, 2));
	KUNIT_EXPECT_EQ(test, 2U, token_usage(a));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), saved, copy_on_open,
					    effective_only, level));
	PsDereferenceImpersonationToken(saved);
	expect_acts(test, ALICE, a, 2, 2);
	KUNIT_EXPECT_EQ(test, FALSE, copy_on_open);
	KUNIT_EXPECT_EQ(test, TRUE, effective_only);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(b));
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
}

static void case_040_revert_is_to_primary(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2), *b = token_made(test, &bob, 2);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(a, 2));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(b, 2));
	PsRevertToSelf();
	expect_itself(test);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(b));
}

static void case_041_revert_twice(struct kunit *test)
{
	int before = pins(test);

	PsRevertToSelf();
	PsRevertToSelf();
	PsRevertThreadToSelf(PsGetCurrentThread());
	expect_itself(test);
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static void case_042_primary_token(struct kunit *test)
{
	struct actor *client = client_start(test, &alice);
	PACCESS_TOKEN token = primary_of(test, client);

	KUNIT_ASSERT_EQ(test, TokenPrimary, SeTokenType(token));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(token, 2));
	expect_acts(test, ALICE, token, 2, 2);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

static void case_043_foreign_token_without_right(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2);

	persona_become(test, &plain);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(a, 2));
	expect_only_identifies(test, a);
	PsRevertToSelf();
	expect_itself(test);
}

static void case_044_foreign_token_identification(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 1);

	persona_become(test, &plain);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(a, 1));
	expect_acts(test, NOBODY, a, 1, 2);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
}

static void case_045_foreign_token_anonymous(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2);

	persona_become(test, &plain);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(a, 0));
	expect_acts(test, NOBODY, a, 0, 2);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
}

static void case_046_foreign_token_with_right(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2);

	persona_become(test, &server);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(a, 2));
	expect_acts(test, ALICE, a, 2, 2);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
}

static void case_047_same_user(struct kunit *test)
{
	struct nt_token *same = token_made(test, &plain, 2);

	persona_become(test, &plain);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(same, 2));
	expect_acts(test, SERVER, same, 2, 2);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(same));
}

/* A process that has given up capabilities is what NT calls restricted. */
static void case_048_same_user_with_more(struct kunit *test)
{
	struct nt_token *more = token_made(test, &server, 2);

	persona_become(test, &plain);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(more, 2));
	expect_only_identifies(test, more);
	PsRevertToSelf();
}

/* On NT at level 2, if it was logged on in the same session: here that is no right. */
static void case_049_token_of_own_session(struct kunit *test)
{
	static const struct ntimp_qos qos = { .level = 2 };
	struct nt_token *logon;

	logon = token_of(test, ntimp_capture_ids(KUIDT_INIT(ALICE), KGIDT_INIT(ALICE),
						 groups_make(test, NULL, 0),
						 (kernel_cap_t) {}, &qos));
	persona_become(test, &plain);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(logon, 2));
	expect_only_identifies(test, logon);
	PsRevertToSelf();
}

/* On NT at level 2: here the overflow user is somebody, too. */
static void case_050_anonymous_logon(struct kunit *test)
{
	static const struct ntimp_qos qos = { .level = 2 };
	struct nt_token *anonymous = token_of(test, ntimp_capture_anonymous(&qos));

	persona_become(test, &plain);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(anonymous, 2));
	expect_only_identifies(test, anonymous);
	PsRevertToSelf();
}

static void undo_consent(const void *unused)
{
	ntimp_consent = false;
}

/* Whoever consented may change ids, and the thread acts as that one: no matter. */
static void case_051_primary_decides(struct kunit *test)
{
	static const struct persona mighty = {
		.uid = ALICE, .gid = ALICE, .permitted = CAPS_SETIDS,
	};
	static const struct ntimp_qos qos = { .level = 2, .flags = NTIMP_QOS_CONSENT };
	const struct cred *client = persona_cred(test, &mighty);
	struct nt_token *a, *b = token_made(test, &bob, 2);

	defer(test, undo_consent, NULL);
	ntimp_consent = true;
	a = token_of(test, ntimp_context_create(NTIMP_SOURCE_SELF, &qos, get_cred(client)));
	persona_become(test, &plain);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(a, 2));
	expect_acts(test, ALICE, a, 2, 2);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(b, 2));
	expect_only_identifies(test, b);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
	PsRevertToSelf();
}

static void case_052_downgraded_opens_nothing(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2);
	struct file *file;

	persona_become(test, &plain);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(a, 2));
	file = filp_open("/", O_RDONLY | O_DIRECTORY, 0);
	KUNIT_EXPECT_EQ(test, -EACCES, (int)PTR_ERR_OR_ZERO(file));
	PsRevertToSelf();
	file = filp_open("/", O_RDONLY | O_DIRECTORY, 0);
	KUNIT_EXPECT_EQ(test, 0, (int)PTR_ERR_OR_ZERO(file));
	if (!IS_ERR(file))
		filp_close(file, NULL);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
}

/* What limits of a job are for on NT: no administrator, whatever else it may. */
static void case_053_no_administrator(struct kunit *test)
{
	struct nt_token *root = token_made(test, &(struct persona) { .uid = 0 }, 3);
	struct nt_token *a = token_made(test, &alice, 2);
	const struct cred *worn;

	persona_become(test, &server);
	KUNIT_EXPECT_EQ(test, STATUS_ACCESS_DENIED, act_as(root, 2));
	expect_itself(test);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(a, 2));
	worn = current_cred();
	KUNIT_EXPECT_EQ(test, STATUS_ACCESS_DENIED, act_as(root, 3));
	KUNIT_EXPECT_EQ(test, STATUS_ACCESS_DENIED, act_as(root, 2));
	KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
	expect_acts(test, ALICE, a, 2, 2);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(root));
	/* The name of root is no secret. */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, act_as(root, 1));
	expect_acts(test, NOBODY, root, 1, 2);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(root));
}

/* --- looking ------------------------------------------------------------------- */

static void case_059_not_impersonating(struct kunit *test)
{
	SECURITY_IMPERSONATION_LEVEL level = 7;
	BOOLEAN copy_on_open = 7, effective_only = 8;

	KUNIT_EXPECT_NULL(test, PsReferenceImpersonationToken(PsGetCurrentThread(),
							      &copy_on_open, &effective_only,
							      &level));
	KUNIT_EXPECT_EQ(test, 7, (int)copy_on_open);
	KUNIT_EXPECT_EQ(test, 8, (int)effective_only);
	KUNIT_EXPECT_EQ(test, 7, (int)level);
	PsDereferenceImpersonationToken(NULL);
}

static void case_060_assign_nothing(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2);

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			PsAssignImpersonationToken(PsGetCurrentThread(), NULL));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			PsAssignImpersonationToken(PsGetCurrentThread(), a));
	expect_acts(test, ALICE, a, 2, 2);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			PsAssignImpersonationToken(PsGetCurrentThread(), NULL));
	expect_itself(test);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
}

static void case_061_assign_primary(struct kunit *test)
{
	PACCESS_TOKEN primary = keep_token(test, PsReferencePrimaryToken(PsGetCurrentProcess()));
	struct nt_token *a = token_made(test, &alice, 2);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(a, 2));
	KUNIT_EXPECT_EQ(test, STATUS_BAD_TOKEN_TYPE,
			PsAssignImpersonationToken(PsGetCurrentThread(), primary));
	expect_acts(test, ALICE, a, 2, 2);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(primary));
	PsRevertToSelf();
}

/* There is no handle to open: what the routine below it says. */
static void case_063_other_thread_has_no_token(struct kunit *test)
{
	struct actor *client = client_start(test, &server);
	struct nt_token *a = token_made(test, &alice, 2);
	struct wish wish = { .token = a, .level = 2 };
	SECURITY_IMPERSONATION_LEVEL level = 7;
	BOOLEAN copy_on_open = 7, effective_only = 7;

	KUNIT_EXPECT_NULL(test, PsReferenceImpersonationToken(thread_of(client), &copy_on_open,
							      &effective_only, &level));
	KUNIT_ASSERT_EQ(test, 0, actor_do(client, act_wish, &wish));
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)a,
			    PsReferenceImpersonationToken(thread_of(client), &copy_on_open,
							  &effective_only, &level));
	KUNIT_EXPECT_EQ(test, 3U, token_usage(a));
	PsDereferenceImpersonationToken(a);
	KUNIT_ASSERT_EQ(test, 0, actor_do(client, act_revert_to_self, NULL));
	KUNIT_EXPECT_NULL(test, PsReferenceImpersonationToken(thread_of(client), &copy_on_open,
							      &effective_only, &level));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
}

/* --- threads come and go --------------------------------------------------------- */

struct newborn {
	struct completion over;
	bool impersonates;
	unsigned int uid;
};

static int look_at_oneself(void *it)
{
	struct newborn *newborn = it;

	newborn->impersonates = PsIsThreadImpersonating(PsGetCurrentThread());
	newborn->uid = acts_as_uid();
	complete(&newborn->over);
	user_task_exit();
}

static void case_101_child_is_primary(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2);
	struct newborn newborn = { .impersonates = true };

	init_completion(&newborn.over);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, act_as(a, 2));
	user_task_run(test, look_at_oneself, &newborn, &newborn.over);
	KUNIT_EXPECT_FALSE(test, newborn.impersonates);
	KUNIT_EXPECT_EQ(test, 0U, newborn.uid);
	expect_acts(test, ALICE, a, 2, 2);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
}

static void case_102_exit_drops_reference(struct kunit *test)
{
	struct nt_token *a = token_made(test, &alice, 2);
	struct actor *actor = actor_start(test, NULL);
	struct wish wish = { .token = a, .level = 2 };
	int before = pins(test);

	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_wish, &wish));
	KUNIT_EXPECT_EQ(test, 2U, token_usage(a));
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	actor_exit(actor);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(a));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(case_036_stop_without_start),
	KUNIT_CASE(case_037_stop),
	KUNIT_CASE(case_038_replace),
	KUNIT_CASE(case_039_save_and_restore),
	KUNIT_CASE(case_040_revert_is_to_primary),
	KUNIT_CASE(case_041_revert_twice),
	KUNIT_CASE(case_042_primary_token),
	KUNIT_CASE(case_043_foreign_token_without_right),
	KUNIT_CASE(case_044_foreign_token_identification),
	KUNIT_CASE(case_045_foreign_token_anonymous),
	KUNIT_CASE(case_046_foreign_token_with_right),
	KUNIT_CASE(case_047_same_user),
	KUNIT_CASE(case_048_same_user_with_more),
	KUNIT_CASE(case_049_token_of_own_session),
	KUNIT_CASE(case_050_anonymous_logon),
	KUNIT_CASE(case_051_primary_decides),
	KUNIT_CASE(case_052_downgraded_opens_nothing),
	KUNIT_CASE(case_053_no_administrator),
	KUNIT_CASE(case_059_not_impersonating),
	KUNIT_CASE(case_060_assign_nothing),
	KUNIT_CASE(case_061_assign_primary),
	KUNIT_CASE(case_063_other_thread_has_no_token),
	KUNIT_CASE(case_101_child_is_primary),
	KUNIT_CASE(case_102_exit_drops_reference),
	{}
};

struct kunit_suite ntimp_nt_thread_suite = {
	.name = "nt_thread",
	.suite_init = actor_hold_memory,
	.suite_exit = actor_drop_memory,
	.test_cases = cases,
};
