// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject contexts by NT's routines, and client contexts of them: cases of the
 * conformance table, by their numbers.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/pid.h>
#include <linux/sched.h>

#include <linux/nt/ntstatus.h>
#include <linux/nt/security.h>

#include "../ntimp/context.h"
#include "actor.h"
#include "contexts.h"
#include "cpus.h"
#include "nt_tokens.h"
#include "persona.h"
#include "suites.h"

#define ALICE	1001
#define BOB	1002

static const struct persona alice = { .uid = ALICE, .gid = ALICE, .permitted = CAPS_SETIDS };
static const struct persona bob = { .uid = BOB, .gid = BOB };
static const struct persona plain = { .uid = 1000, .gid = 1000 };

/**
 * struct scene - a subject
 * @client: a thread of alice's
 * @primary: its primary token; the reference is the case's
 * @worn: bob's token; the reference is the case's
 * @subject: what is captured
 */
struct scene {
	struct actor *client;
	struct nt_token *primary;
	struct nt_token *worn;
	SECURITY_SUBJECT_CONTEXT subject;
};

static int scene_init(struct kunit *test)
{
	struct scene *scene = kunit_kzalloc(test, sizeof(*scene), GFP_KERNEL);

	cpus_stay(test);
	KUNIT_ASSERT_NOT_NULL(test, scene);
	test->priv = scene;
	scene->client = client_start(test, &alice);
	scene->primary = primary_of(test, scene->client);
	scene->worn = token_made(test, &bob, NTIMP_LEVEL_DELEGATION);
	return 0;
}

static void client_impersonates(struct kunit *test, unsigned int level, bool effective_only)
{
	struct scene *scene = test->priv;
	struct wish wish = {
		.token = scene->worn, .level = level, .effective_only = effective_only,
	};

	KUNIT_ASSERT_EQ(test, 0, actor_do(scene->client, act_wish, &wish));
}

static void captured(struct kunit *test)
{
	struct scene *scene = test->priv;

	SeCaptureSubjectContextEx(thread_of(scene->client), (PEPROCESS)thread_of(scene->client),
				  &scene->subject);
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)scene->primary, scene->subject.PrimaryToken);
	KUNIT_EXPECT_EQ(test, 2U, token_usage(scene->primary));
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)(ULONG_PTR)task_tgid_nr(scene->client->task),
			    scene->subject.ProcessAuditId);
}

static void released(struct kunit *test)
{
	struct scene *scene = test->priv;
	bool impersonates = scene->subject.ClientToken;

	SeReleaseSubjectContext(&scene->subject);
	KUNIT_EXPECT_NULL(test, scene->subject.PrimaryToken);
	KUNIT_EXPECT_NULL(test, scene->subject.ClientToken);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(scene->primary));
	KUNIT_EXPECT_EQ(test, impersonates ? 2U : 1U, token_usage(scene->worn));
}

static NTSTATUS create(struct kunit *test, unsigned int level, BOOLEAN tracking,
		       SECURITY_CLIENT_CONTEXT *ctx)
{
	struct scene *scene = test->priv;
	SECURITY_QUALITY_OF_SERVICE qos = {
		.Length = sizeof(qos),
		.ImpersonationLevel = level,
		.ContextTrackingMode = tracking,
	};

	return SeCreateClientSecurityFromSubjectContext(&scene->subject, &qos, FALSE, ctx);
}

static unsigned int user_of(struct kunit *test, PACCESS_TOKEN token)
{
	return __kuid_val(keep_cred(test, nt_token_client(nt_token_from(token)))->uid);
}

static void case_023_of_primary(struct kunit *test)
{
	struct scene *scene = test->priv;
	SECURITY_CLIENT_CONTEXT ctx = {};

	captured(test);
	KUNIT_EXPECT_NULL(test, scene->subject.ClientToken);
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)scene->primary,
			    SeQuerySubjectContextToken(&scene->subject));
	scene->subject.ImpersonationLevel = SecurityAnonymous;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, create(test, 2, FALSE, &ctx));
	KUNIT_EXPECT_EQ(test, (unsigned int)ALICE, user_of(test, ctx.ClientToken));
	KUNIT_EXPECT_EQ(test, 2U, token_usage(scene->primary));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(ctx.ClientToken));
	SeDeleteClientSecurity(&ctx);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, create(test, 3, TRUE, &ctx));
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)scene->primary, ctx.ClientToken);
	KUNIT_EXPECT_EQ(test, 3U, token_usage(scene->primary));
	SeDeleteClientSecurity(&ctx);
	released(test);
}

static void case_024_of_who_only_identifies(struct kunit *test)
{
	struct scene *scene = test->priv;
	SECURITY_CLIENT_CONTEXT ctx = {};

	client_impersonates(test, 1, false);
	captured(test);
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)scene->worn, scene->subject.ClientToken);
	KUNIT_EXPECT_EQ(test, SecurityIdentification, scene->subject.ImpersonationLevel);
	KUNIT_EXPECT_EQ(test, 3U, token_usage(scene->worn));
	KUNIT_EXPECT_EQ(test, STATUS_BAD_IMPERSONATION_LEVEL, create(test, 1, FALSE, &ctx));
	KUNIT_EXPECT_NULL(test, ctx.ClientToken);
	KUNIT_EXPECT_EQ(test, 3U, token_usage(scene->worn));
	released(test);
}

static void case_025_effective_only_is_not_passed_on(struct kunit *test)
{
	struct scene *scene = test->priv;
	SECURITY_CLIENT_CONTEXT ctx = {};

	client_impersonates(test, 2, true);
	captured(test);
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)scene->worn,
			    SeQuerySubjectContextToken(&scene->subject));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, create(test, 2, TRUE, &ctx));
	KUNIT_EXPECT_EQ(test, FALSE, ctx.DirectAccessEffectiveOnly);
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)scene->worn, ctx.ClientToken);
	KUNIT_EXPECT_EQ(test, 4U, token_usage(scene->worn));
	SeDeleteClientSecurity(&ctx);
	released(test);
}

static void case_026_of_locked_context(struct kunit *test)
{
	struct scene *scene = test->priv;
	SECURITY_CLIENT_CONTEXT ctx = {};
	unsigned int impersonating;

	for (impersonating = 0; impersonating < 2; impersonating++) {
		if (impersonating)
			client_impersonates(test, 2, false);
		captured(test);
		SeLockSubjectContext(&scene->subject);
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, create(test, 1, FALSE, &ctx));
		KUNIT_EXPECT_EQ(test, impersonating ? BOB : ALICE,
				(int)user_of(test, ctx.ClientToken));
		SeDeleteClientSecurity(&ctx);
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, create(test, 2, TRUE, &ctx));
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, SeImpersonateClientEx(&ctx, NULL));
		PsRevertToSelf();
		SeDeleteClientSecurity(&ctx);
		SeUnlockSubjectContext(&scene->subject);
		released(test);
	}
}

/* --- what the table doesn't have ------------------------------------------------ */

static void current_thread(struct kunit *test)
{
	SECURITY_SUBJECT_CONTEXT *subject = &((struct scene *)test->priv)->subject;
	struct nt_token *token = token_made(test, &bob, NTIMP_LEVEL_IMPERSONATION);
	PACCESS_TOKEN primary = keep_token(test, PsReferencePrimaryToken(PsGetCurrentProcess()));

	SeCaptureSubjectContext(subject);
	KUNIT_EXPECT_NULL(test, subject->ClientToken);
	KUNIT_EXPECT_PTR_EQ(test, primary, subject->PrimaryToken);
	SeReleaseSubjectContext(subject);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE, 2));
	SeCaptureSubjectContext(subject);
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)token, subject->ClientToken);
	KUNIT_EXPECT_EQ(test, SecurityImpersonation, subject->ImpersonationLevel);
	KUNIT_EXPECT_PTR_EQ(test, primary, subject->PrimaryToken);
	KUNIT_EXPECT_EQ(test, 3U, token_usage(token));
	KUNIT_EXPECT_EQ(test, 2U, token_usage(primary));
	SeReleaseSubjectContext(subject);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(primary));
}

static void of_process_alone(struct kunit *test)
{
	struct scene *scene = test->priv;

	client_impersonates(test, 2, false);
	SeCaptureSubjectContextEx(NULL, (PEPROCESS)thread_of(scene->client), &scene->subject);
	KUNIT_EXPECT_NULL(test, scene->subject.ClientToken);
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)scene->primary, scene->subject.PrimaryToken);
	KUNIT_EXPECT_EQ(test, 2U, token_usage(scene->worn));
	SeReleaseSubjectContext(&scene->subject);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(scene->primary));
}

/* A client that narrows itself is not seen to, while somebody looks. */
static int act_narrow(void *cred)
{
	return commit_creds((struct cred *)get_cred(cred));
}

static void lock_keeps_tokens(struct kunit *test)
{
	static const struct persona narrowed = { .uid = ALICE, .gid = ALICE };
	struct scene *scene = test->priv;
	const struct cred *less = persona_cred(test, &narrowed), *who;
	LUID modified;

	captured(test);
	modified = scene->primary->modified_id;
	SeLockSubjectContext(&scene->subject);
	KUNIT_ASSERT_EQ(test, 0, actor_do(scene->client, act_narrow, (void *)less));
	who = nt_token_client(scene->primary);
	KUNIT_EXPECT_PTR_EQ(test, scene->primary->primary, who);
	put_cred(who);
	KUNIT_EXPECT_TRUE(test, RtlEqualLuid(&modified, &scene->primary->modified_id));
	SeUnlockSubjectContext(&scene->subject);

	who = nt_token_client(scene->primary);
	KUNIT_EXPECT_PTR_EQ(test, less, who);
	put_cred(who);
	KUNIT_EXPECT_FALSE(test, RtlEqualLuid(&modified, &scene->primary->modified_id));
	SeReleaseSubjectContext(&scene->subject);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(scene->primary));
}

/* Never the caller's own token in place of one that can't be had. */
static void stranger_is_nobody(struct kunit *test)
{
	SECURITY_CLIENT_CONTEXT ctx = {};
	struct scene *scene = test->priv;
	struct nt_token *nobody = nt_token_nobody(TokenPrimary);
	unsigned int usage = token_usage(nobody);

	client_impersonates(test, 2, false);
	persona_become(test, &plain);
	SeCaptureSubjectContextEx(thread_of(scene->client), (PEPROCESS)thread_of(scene->client),
				  &scene->subject);
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)nobody, scene->subject.PrimaryToken);
	KUNIT_EXPECT_NOT_NULL(test, scene->subject.ClientToken);
	KUNIT_EXPECT_EQ(test, SecurityAnonymous, scene->subject.ImpersonationLevel);
	KUNIT_EXPECT_EQ(test, usage + 1, token_usage(nobody));
	KUNIT_EXPECT_EQ(test, STATUS_BAD_IMPERSONATION_LEVEL, create(test, 0, FALSE, &ctx));
	SeReleaseSubjectContext(&scene->subject);
	KUNIT_EXPECT_EQ(test, usage, token_usage(nobody));
	nt_token_put(nobody);
}

/* Each allocation in turn: the tokens are the true ones, or nobody's. */
static void no_memory_is_nobody(struct kunit *test)
{
	struct scene *scene = test->priv;
	struct nt_token *nobody = keep_token(test, nt_token_nobody(TokenPrimary));
	struct actor *other;
	unsigned int nth, nobodies = 0;
	bool failed, was_nobody;

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		kunit_skip(test, "needs CONFIG_FAILSLAB");
	for (nth = 1; nth < 64; nth++) {
		other = client_start(test, &alice);
		fail_nth(nth);
		SeCaptureSubjectContextEx(thread_of(other), (PEPROCESS)thread_of(other),
					  &scene->subject);
		failed = fail_nth_over();
		was_nobody = scene->subject.PrimaryToken == nobody;
		nobodies += was_nobody;
		KUNIT_EXPECT_NULL(test, scene->subject.ClientToken);
		SeReleaseSubjectContext(&scene->subject);
		if (!failed || !was_nobody)
			break;
	}
	KUNIT_EXPECT_FALSE(test, was_nobody);
	/* Debugging objects does without, and then it is over. */
	KUNIT_EXPECT_GE(test, nobodies, IS_ENABLED(CONFIG_DEBUG_OBJECTS) ? 1U : 4U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(case_023_of_primary),
	KUNIT_CASE(case_024_of_who_only_identifies),
	KUNIT_CASE(case_025_effective_only_is_not_passed_on),
	KUNIT_CASE(case_026_of_locked_context),
	KUNIT_CASE(current_thread),
	KUNIT_CASE(of_process_alone),
	KUNIT_CASE(lock_keeps_tokens),
	KUNIT_CASE(stranger_is_nobody),
	KUNIT_CASE(no_memory_is_nobody),
	{}
};

struct kunit_suite ntimp_nt_subject_suite = {
	.name = "nt_subject",
	.init = scene_init,
	.suite_init = actor_hold_memory,
	.suite_exit = actor_drop_memory,
	.test_cases = cases,
};
