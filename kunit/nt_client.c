// SPDX-License-Identifier: GPL-2.0-only
/*
 * Client contexts by NT's routines: cases of the conformance table, by their numbers.
 * The client is another thread; the server is the case's, root unless it becomes
 * somebody else.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>

#include <linux/nt/ntstatus.h>
#include <linux/nt/security.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "actor.h"
#include "contexts.h"
#include "cpus.h"
#include "nt_tokens.h"
#include "persona.h"
#include "pins.h"
#include "suites.h"

#define ALICE	1001
#define BOB	1002
#define TIMES	10000

static const struct persona alice = { .uid = ALICE, .gid = ALICE, .permitted = CAPS_SETIDS };
static const struct persona bob = { .uid = BOB, .gid = BOB };
static const struct persona plain = { .uid = 1000, .gid = 1000 };

/**
 * struct scene - a client, and what is made of it
 * @client: a thread of alice's
 * @primary: its primary token; the reference is the case's
 * @worn: bob's token, which the client impersonates; the reference is the case's
 * @ctx: what is made
 */
struct scene {
	struct actor *client;
	struct nt_token *primary;
	struct nt_token *worn;
	SECURITY_CLIENT_CONTEXT ctx;
};

static int scene_init(struct kunit *test)
{
	struct scene *scene = kunit_kzalloc(test, sizeof(*scene), GFP_KERNEL);

	cpus_stay(test);
	KUNIT_ASSERT_NOT_NULL(test, scene);
	test->priv = scene;
	scene->client = client_start(test, &alice);
	scene->primary = primary_of(test, scene->client);
	KUNIT_ASSERT_EQ(test, 1U, token_usage(scene->primary));
	KUNIT_ASSERT_PTR_EQ(test, rcu_access_pointer(scene->client->task->real_cred),
			    scene->primary->primary);
	return 0;
}

/* The client impersonates bob. */
static void client_impersonates(struct kunit *test, unsigned int level, bool effective_only)
{
	struct scene *scene = test->priv;
	struct wish wish = { .level = level, .effective_only = effective_only };

	scene->worn = token_made(test, &bob, NTIMP_LEVEL_DELEGATION);
	wish.token = scene->worn;
	KUNIT_ASSERT_EQ(test, 0, actor_do(scene->client, act_wish, &wish));
	KUNIT_ASSERT_EQ(test, 2U, token_usage(scene->worn));
}

static NTSTATUS create(struct kunit *test, unsigned int level, BOOLEAN tracking,
		       BOOLEAN effective_only, BOOLEAN remote)
{
	struct scene *scene = test->priv;
	SECURITY_QUALITY_OF_SERVICE qos = {
		.Length = 0,
		.ImpersonationLevel = level,
		.ContextTrackingMode = tracking,
		.EffectiveOnly = effective_only,
	};

	return SeCreateClientSecurity(thread_of(scene->client), &qos, remote, &scene->ctx);
}

/* Made, with these references, and let go of. */
static void created(struct kunit *test, unsigned int level, BOOLEAN tracking,
		    BOOLEAN effective_only, BOOLEAN remote)
{
	struct scene *scene = test->priv;
	const SECURITY_CLIENT_CONTEXT *ctx = &scene->ctx;
	const struct nt_token *source = scene->worn ?: scene->primary;
	unsigned int usage = token_usage((PACCESS_TOKEN)source);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			create(test, level, tracking, effective_only, remote));
	KUNIT_EXPECT_EQ(test, 12U, ctx->SecurityQos.Length);
	KUNIT_EXPECT_EQ(test, level, (unsigned int)ctx->SecurityQos.ImpersonationLevel);
	KUNIT_EXPECT_EQ(test, tracking, ctx->SecurityQos.ContextTrackingMode);
	KUNIT_EXPECT_EQ(test, effective_only, ctx->SecurityQos.EffectiveOnly);
	KUNIT_EXPECT_EQ(test, remote, ctx->ServerIsRemote);
	KUNIT_EXPECT_EQ(test, tracking, ctx->DirectlyAccessClientToken);
	if (tracking) {
		KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)source, ctx->ClientToken);
		KUNIT_EXPECT_EQ(test, usage + 1, token_usage(ctx->ClientToken));
	} else {
		KUNIT_EXPECT_PTR_NE(test, (PACCESS_TOKEN)source, ctx->ClientToken);
		KUNIT_EXPECT_EQ(test, 1U, token_usage(ctx->ClientToken));
		KUNIT_EXPECT_EQ(test, usage, token_usage((PACCESS_TOKEN)source));
		KUNIT_EXPECT_EQ(test, TokenImpersonation, SeTokenType(ctx->ClientToken));
		KUNIT_EXPECT_EQ(test, level,
				(unsigned int)SeTokenImpersonationLevel(ctx->ClientToken));
	}
}

static void deleted(struct kunit *test)
{
	struct scene *scene = test->priv;

	SeDeleteClientSecurity(&scene->ctx);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(scene->primary));
	if (scene->worn)
		KUNIT_EXPECT_EQ(test, 2U, token_usage(scene->worn));
}

static void refused(struct kunit *test, NTSTATUS status, unsigned int level, BOOLEAN tracking,
		    BOOLEAN remote)
{
	struct scene *scene = test->priv;

	KUNIT_EXPECT_EQ(test, status, create(test, level, tracking, FALSE, remote));
	KUNIT_EXPECT_NULL(test, scene->ctx.ClientToken);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(scene->primary));
	if (scene->worn)
		KUNIT_EXPECT_EQ(test, 2U, token_usage(scene->worn));
}

#define BIL	STATUS_BAD_IMPERSONATION_LEVEL

static void case_001_static_local(struct kunit *test)
{
	created(test, 2, FALSE, FALSE, FALSE);
	deleted(test);
}

static void case_002_dynamic_local(struct kunit *test)
{
	struct scene *scene = test->priv;

	created(test, 2, TRUE, FALSE, FALSE);
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)scene->primary, scene->ctx.ClientToken);
	KUNIT_EXPECT_EQ(test, TokenPrimary, SeTokenType(scene->ctx.ClientToken));
	deleted(test);
}

static void case_003_static_identification(struct kunit *test)
{
	created(test, 1, FALSE, FALSE, FALSE);
	deleted(test);
}

static void case_004_static_anonymous(struct kunit *test)
{
	created(test, 0, FALSE, FALSE, FALSE);
	deleted(test);
}

static void case_005_no_such_level(struct kunit *test)
{
	refused(test, STATUS_INVALID_PARAMETER, 4, FALSE, FALSE);
	refused(test, STATUS_INVALID_PARAMETER, -1, FALSE, FALSE);
	refused(test, STATUS_INVALID_PARAMETER, 4, TRUE, TRUE);
}

static void case_006_static_remote(struct kunit *test)
{
	created(test, 2, FALSE, FALSE, TRUE);
	deleted(test);
}

static void case_007_static_delegation_remote(struct kunit *test)
{
	created(test, 3, FALSE, FALSE, TRUE);
	deleted(test);
}

static void case_008_dynamic_effective_only(struct kunit *test)
{
	struct scene *scene = test->priv;

	created(test, 2, TRUE, TRUE, FALSE);
	KUNIT_EXPECT_EQ(test, TRUE, scene->ctx.DirectAccessEffectiveOnly);
	deleted(test);
	created(test, 2, TRUE, FALSE, FALSE);
	KUNIT_EXPECT_EQ(test, FALSE, scene->ctx.DirectAccessEffectiveOnly);
	deleted(test);
}

static void case_009_of_impersonating_client(struct kunit *test)
{
	struct scene *scene = test->priv;
	const struct cred *who;

	client_impersonates(test, 2, false);
	created(test, 2, FALSE, FALSE, FALSE);
	who = keep_cred(test, nt_token_client(scene->ctx.ClientToken));
	KUNIT_EXPECT_EQ(test, (unsigned int)BOB, __kuid_val(who->uid));
	deleted(test);
}

static void case_010_above_what_client_has(struct kunit *test)
{
	client_impersonates(test, 2, false);
	refused(test, BIL, 3, FALSE, FALSE);
	refused(test, BIL, 3, TRUE, FALSE);
	refused(test, BIL, 3, FALSE, TRUE);
	refused(test, BIL, 3, TRUE, TRUE);
}

static void case_011_below_what_client_has(struct kunit *test)
{
	client_impersonates(test, 2, false);
	created(test, 1, FALSE, FALSE, FALSE);
	deleted(test);
}

static void case_012_client_only_identifies(struct kunit *test)
{
	client_impersonates(test, 1, false);
	refused(test, BIL, 1, FALSE, FALSE);
	refused(test, BIL, 1, TRUE, FALSE);
}

static void case_013_client_only_identifies_anonymous(struct kunit *test)
{
	client_impersonates(test, 1, false);
	refused(test, BIL, 0, FALSE, FALSE);
	refused(test, BIL, 0, TRUE, FALSE);
}

static void case_014_client_is_anonymous(struct kunit *test)
{
	client_impersonates(test, 0, false);
	refused(test, BIL, 0, FALSE, FALSE);
	refused(test, BIL, 0, TRUE, FALSE);
}

static void case_015_impersonating_client_remote(struct kunit *test)
{
	client_impersonates(test, 2, false);
	refused(test, BIL, 2, FALSE, TRUE);
}

static void case_016_delegating_client_remote(struct kunit *test)
{
	client_impersonates(test, 3, false);
	created(test, 3, FALSE, FALSE, TRUE);
	deleted(test);
}

static void case_017_delegating_client_remote_below(struct kunit *test)
{
	client_impersonates(test, 3, false);
	created(test, 2, FALSE, FALSE, TRUE);
	deleted(test);
}

static void case_018_effective_only_of_both(struct kunit *test)
{
	struct scene *scene = test->priv;

	client_impersonates(test, 2, true);
	created(test, 2, TRUE, FALSE, FALSE);
	KUNIT_EXPECT_EQ(test, TRUE, scene->ctx.DirectAccessEffectiveOnly);
	deleted(test);
}

/* Each of them is looked at by created(). */
static void case_019_quality_of_service_is_kept(struct kunit *test)
{
	unsigned int bits;

	for (bits = 0; bits < 32; bits++) {
		created(test, bits & 3, !!(bits & 4), !!(bits & 8), !!(bits & 16));
		deleted(test);
	}
}

static void case_020_dynamic_remote_control(struct kunit *test)
{
	static const TOKEN_CONTROL none = {};
	struct scene *scene = test->priv;
	const TOKEN_CONTROL *control = &scene->ctx.ClientTokenControl;

	created(test, 2, TRUE, FALSE, TRUE);
	KUNIT_EXPECT_TRUE(test, RtlEqualLuid(&control->TokenId, &scene->primary->id));
	KUNIT_EXPECT_TRUE(test, RtlEqualLuid(&control->ModifiedId, &scene->primary->modified_id));
	KUNIT_EXPECT_EQ(test, (ULONG)ALICE, control->AuthenticationId.LowPart);
	KUNIT_EXPECT_STREQ(test, "ntimp", control->TokenSource.SourceName);
	deleted(test);

	created(test, 2, TRUE, FALSE, FALSE);
	KUNIT_EXPECT_EQ(test, 0, memcmp(control, &none, sizeof(none)));
	deleted(test);
	created(test, 2, FALSE, FALSE, TRUE);
	KUNIT_EXPECT_EQ(test, 0, memcmp(control, &none, sizeof(none)));
	deleted(test);
}

/* refused() counts. */
static void case_021_failure_takes_no_reference(struct kunit *test)
{
	client_impersonates(test, 2, false);
	refused(test, BIL, 3, FALSE, FALSE);
	refused(test, BIL, 2, FALSE, TRUE);
	refused(test, STATUS_INVALID_PARAMETER, 7, TRUE, FALSE);
}

static void case_022_static_keeps_no_reference(struct kunit *test)
{
	struct scene *scene = test->priv;

	created(test, 2, FALSE, FALSE, FALSE);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(scene->primary));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(scene->ctx.ClientToken));
	deleted(test);
}

static void case_027_delete_drops_one_reference(struct kunit *test)
{
	struct scene *scene = test->priv;
	PACCESS_TOKEN token;

	created(test, 2, FALSE, FALSE, FALSE);
	token = keep_token(test, nt_token_get(scene->ctx.ClientToken));
	KUNIT_EXPECT_EQ(test, 2U, token_usage(token));
	SeDeleteClientSecurity(&scene->ctx);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
	KUNIT_EXPECT_PTR_EQ(test, token, scene->ctx.ClientToken);
}

static void case_028_current_thread(struct kunit *test)
{
	struct scene *scene = test->priv;
	int before;

	created(test, 2, FALSE, FALSE, FALSE);
	before = pins(test);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, SeImpersonateClientEx(&scene->ctx, NULL));
	KUNIT_EXPECT_EQ(test, (unsigned int)ALICE, acts_as_uid());
	KUNIT_EXPECT_EQ(test, 2U, token_usage(scene->ctx.ClientToken));
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	SeStopImpersonatingClient();
	KUNIT_EXPECT_EQ(test, 0U, acts_as_uid());
	KUNIT_EXPECT_EQ(test, 1U, token_usage(scene->ctx.ClientToken));
	KUNIT_EXPECT_EQ(test, before, pins(test));
	deleted(test);
}

static void case_029_deleted_at_once(struct kunit *test)
{
	SECURITY_IMPERSONATION_LEVEL level;
	struct scene *scene = test->priv;
	PACCESS_TOKEN token;

	created(test, 2, FALSE, FALSE, FALSE);
	token = scene->ctx.ClientToken;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, SeImpersonateClientEx(&scene->ctx, NULL));
	deleted(test);
	KUNIT_EXPECT_EQ(test, (unsigned int)ALICE, acts_as_uid());
	KUNIT_EXPECT_PTR_EQ(test, token, token_now(&level));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
	SeStopImpersonatingClient();
	KUNIT_EXPECT_EQ(test, 0U, acts_as_uid());
}

static void expect_terms(struct kunit *test, PACCESS_TOKEN token, BOOLEAN effective_only,
			 unsigned int level)
{
	SECURITY_IMPERSONATION_LEVEL now = 7;
	BOOLEAN copy_on_open = 7, effective = 7;
	PACCESS_TOKEN got = PsReferenceImpersonationToken(PsGetCurrentThread(), &copy_on_open,
							  &effective, &now);

	KUNIT_EXPECT_PTR_EQ(test, token, got);
	KUNIT_EXPECT_EQ(test, TRUE, copy_on_open);
	KUNIT_EXPECT_EQ(test, effective_only, effective);
	KUNIT_EXPECT_EQ(test, level, (unsigned int)now);
	/* The context's, the thread's and this one. */
	KUNIT_EXPECT_EQ(test, SeTokenType(token) == TokenPrimary ? 4U : 3U, token_usage(got));
	PsDereferenceImpersonationToken(got);
}

static void case_030_terms_of_context(struct kunit *test)
{
	struct scene *scene = test->priv;
	unsigned int level;

	for (level = 0; level <= 3; level++) {
		created(test, level, FALSE, level & 1, FALSE);
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, SeImpersonateClientEx(&scene->ctx, NULL));
		expect_terms(test, scene->ctx.ClientToken, level & 1, level);
		SeStopImpersonatingClient();
		deleted(test);
	}
}

static void case_031_effective_only_of_direct(struct kunit *test)
{
	struct scene *scene = test->priv;

	created(test, 2, TRUE, FALSE, FALSE);
	scene->ctx.DirectAccessEffectiveOnly = TRUE;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, SeImpersonateClientEx(&scene->ctx, NULL));
	expect_terms(test, scene->ctx.ClientToken, TRUE, 2);
	SeStopImpersonatingClient();
	deleted(test);
}

static void case_032_effective_only_of_copy(struct kunit *test)
{
	struct scene *scene = test->priv;

	created(test, 2, FALSE, FALSE, FALSE);
	scene->ctx.DirectAccessEffectiveOnly = TRUE;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, SeImpersonateClientEx(&scene->ctx, NULL));
	expect_terms(test, scene->ctx.ClientToken, FALSE, 2);
	SeStopImpersonatingClient();
	deleted(test);
}

static int act_impersonate_client(void *ctx)
{
	return NT_SUCCESS(SeImpersonateClientEx(ctx, PsGetCurrentThread())) ? 0 : -EIO;
}

/* Threads of the kernel, as here, can do it for themselves only. */
static void case_033_server_thread(struct kunit *test)
{
	struct actor *server = actor_start(test, NULL), *other = actor_start(test, NULL);
	struct scene *scene = test->priv;

	created(test, 2, FALSE, FALSE, FALSE);
	KUNIT_EXPECT_EQ(test, STATUS_NOT_SUPPORTED,
			SeImpersonateClientEx(&scene->ctx, thread_of(server)));
	KUNIT_EXPECT_FALSE(test, PsIsThreadImpersonating(thread_of(server)));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(scene->ctx.ClientToken));

	KUNIT_EXPECT_EQ(test, 0, actor_do(server, act_impersonate_client, &scene->ctx));
	KUNIT_EXPECT_TRUE(test, PsIsThreadImpersonating(thread_of(server)));
	KUNIT_EXPECT_FALSE(test, PsIsThreadImpersonating(thread_of(other)));
	KUNIT_EXPECT_FALSE(test, PsIsThreadImpersonating(PsGetCurrentThread()));
	KUNIT_EXPECT_EQ(test, 2U, token_usage(scene->ctx.ClientToken));
	actor_exit(server);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(scene->ctx.ClientToken));
	deleted(test);
}

/* Each allocation in turn. */
static void case_034_no_memory_keeps_identity(struct kunit *test)
{
	struct nt_token *old = token_made(test, &bob, NTIMP_LEVEL_IMPERSONATION);
	SECURITY_IMPERSONATION_LEVEL level;
	struct scene *scene = test->priv;
	unsigned int nth, failures = 0;
	NTSTATUS status;
	bool failed;

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		kunit_skip(test, "needs CONFIG_FAILSLAB");
	created(test, 2, FALSE, FALSE, FALSE);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), old, FALSE, FALSE, 2));
	for (nth = 1; nth < 64; nth++) {
		const struct cred *worn = current_cred();

		fail_nth(nth);
		status = SeImpersonateClientEx(&scene->ctx, NULL);
		failed = fail_nth_over();
		if (!failed || status == STATUS_SUCCESS)
			break;
		failures++;
		KUNIT_EXPECT_EQ(test, STATUS_NO_MEMORY, status);
		KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
		KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)old, token_now(&level));
		KUNIT_EXPECT_EQ(test, 2U, token_usage(old));
		KUNIT_EXPECT_EQ(test, 1U, token_usage(scene->ctx.ClientToken));
	}
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, status);
	/* Debugging objects does without, and then it is over. */
	KUNIT_EXPECT_GE(test, failures, IS_ENABLED(CONFIG_DEBUG_OBJECTS) ? 1U : 4U);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(old));
	KUNIT_EXPECT_EQ(test, (unsigned int)ALICE, acts_as_uid());
	SeStopImpersonatingClient();
	deleted(test);
}

/* NT would go on as the server; here the thread is nobody, who may do nothing. */
static void case_035_no_memory_without_status(struct kunit *test)
{
	SECURITY_IMPERSONATION_LEVEL level = 7;
	struct scene *scene = test->priv;
	int before;

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		kunit_skip(test, "needs CONFIG_FAILSLAB");
	created(test, 2, FALSE, FALSE, FALSE);
	before = pins(test);
	fail_nth(1);
	SeImpersonateClient(&scene->ctx, NULL);
	KUNIT_EXPECT_TRUE(test, fail_nth_over());
	KUNIT_EXPECT_TRUE(test, ntimp_impersonating());
	KUNIT_EXPECT_TRUE(test, ntimp_only_identifies());
	KUNIT_EXPECT_EQ(test, 65534U, acts_as_uid());
	KUNIT_EXPECT_EQ(test, 0U, ntimp_cred_level_ceiling(current_cred()));
	KUNIT_EXPECT_NOT_NULL(test, token_now(&level));
	KUNIT_EXPECT_EQ(test, SecurityAnonymous, level);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(scene->ctx.ClientToken));
	SeStopImpersonatingClient();
	KUNIT_EXPECT_EQ(test, before, pins(test));
	deleted(test);
}

/* --- what the table doesn't have ------------------------------------------------ */

static void without_status_success(struct kunit *test)
{
	struct scene *scene = test->priv;

	created(test, 2, FALSE, FALSE, FALSE);
	SeImpersonateClient(&scene->ctx, PsGetCurrentThread());
	KUNIT_EXPECT_EQ(test, (unsigned int)ALICE, acts_as_uid());
	KUNIT_EXPECT_EQ(test, 2U, token_usage(scene->ctx.ClientToken));
	SeStopImpersonatingClient();
	deleted(test);
}

/* NULL is how drivers note that there is no context: NT would revert. */
static void not_created(struct kunit *test)
{
	SECURITY_CLIENT_CONTEXT none = { .SecurityQos.ImpersonationLevel = 2 };
	struct nt_token *token = token_made(test, &bob, NTIMP_LEVEL_IMPERSONATION);

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE, 2));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, SeImpersonateClientEx(&none, NULL));
	KUNIT_EXPECT_EQ(test, (unsigned int)BOB, acts_as_uid());
	KUNIT_EXPECT_EQ(test, 2U, token_usage(token));
	SeImpersonateClient(&none, NULL);
	KUNIT_EXPECT_TRUE(test, ntimp_only_identifies());
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
	PsRevertToSelf();
}

/* The raise that NT's documentation calls extremely unsafe. */
static void root_client_without_status(struct kunit *test)
{
	struct nt_token *root = token_made(test, &(struct persona) { .uid = 0 },
					   NTIMP_LEVEL_IMPERSONATION);
	SECURITY_CLIENT_CONTEXT ctx = {
		.SecurityQos.ImpersonationLevel = 2,
		.ClientToken = root,
	};

	persona_become(test, &alice);
	KUNIT_EXPECT_EQ(test, STATUS_ACCESS_DENIED, SeImpersonateClientEx(&ctx, NULL));
	KUNIT_EXPECT_EQ(test, (unsigned int)ALICE, acts_as_uid());
	SeImpersonateClient(&ctx, NULL);
	KUNIT_EXPECT_TRUE(test, ntimp_only_identifies());
	KUNIT_EXPECT_EQ(test, 1U, token_usage(root));
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, (unsigned int)ALICE, acts_as_uid());
}

/* As when NtImpersonateThread() lacks the right to the client. */
static void case_104_client_may_not_be_looked_at(struct kunit *test)
{
	struct scene *scene = test->priv;

	persona_become(test, &plain);
	refused(test, STATUS_ACCESS_DENIED, 2, FALSE, FALSE);
	refused(test, STATUS_ACCESS_DENIED, 2, TRUE, FALSE);
	client_impersonates(test, 2, false);
	refused(test, STATUS_ACCESS_DENIED, 2, FALSE, FALSE);
	KUNIT_EXPECT_NULL(test, scene->ctx.ClientToken);
	KUNIT_EXPECT_FALSE(test, PsIsThreadImpersonating(PsGetCurrentThread()));
}

static void dead_client(struct kunit *test, BOOLEAN tracking, unsigned int times)
{
	struct scene *scene = test->priv;
	unsigned int i, failed = 0;
	int before;

	created(test, 2, tracking, FALSE, FALSE);
	actor_exit(scene->client);
	before = pins(test);
	for (i = 0; i < times; i++) {
		if (SeImpersonateClientEx(&scene->ctx, NULL) || acts_as_uid() != ALICE)
			failed++;
		SeStopImpersonatingClient();
		if (acts_as_uid())
			failed++;
	}
	KUNIT_EXPECT_EQ(test, 0U, failed);
	KUNIT_EXPECT_EQ(test, before, pins(test));
	KUNIT_EXPECT_EQ(test, tracking ? 2U : 1U, token_usage(scene->ctx.ClientToken));
	deleted(test);
}

static void case_106_dead_client_dynamic(struct kunit *test)
{
	dead_client(test, TRUE, 1);
}

static void dead_client_often(struct kunit *test)
{
	dead_client(test, FALSE, TIMES);
}

static void dead_client_dynamic_often(struct kunit *test)
{
	dead_client(test, TRUE, TIMES);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(case_001_static_local),
	KUNIT_CASE(case_002_dynamic_local),
	KUNIT_CASE(case_003_static_identification),
	KUNIT_CASE(case_004_static_anonymous),
	KUNIT_CASE(case_005_no_such_level),
	KUNIT_CASE(case_006_static_remote),
	KUNIT_CASE(case_007_static_delegation_remote),
	KUNIT_CASE(case_008_dynamic_effective_only),
	KUNIT_CASE(case_009_of_impersonating_client),
	KUNIT_CASE(case_010_above_what_client_has),
	KUNIT_CASE(case_011_below_what_client_has),
	KUNIT_CASE(case_012_client_only_identifies),
	KUNIT_CASE(case_013_client_only_identifies_anonymous),
	KUNIT_CASE(case_014_client_is_anonymous),
	KUNIT_CASE(case_015_impersonating_client_remote),
	KUNIT_CASE(case_016_delegating_client_remote),
	KUNIT_CASE(case_017_delegating_client_remote_below),
	KUNIT_CASE(case_018_effective_only_of_both),
	KUNIT_CASE(case_019_quality_of_service_is_kept),
	KUNIT_CASE(case_020_dynamic_remote_control),
	KUNIT_CASE(case_021_failure_takes_no_reference),
	KUNIT_CASE(case_022_static_keeps_no_reference),
	KUNIT_CASE(case_027_delete_drops_one_reference),
	KUNIT_CASE(case_028_current_thread),
	KUNIT_CASE(case_029_deleted_at_once),
	KUNIT_CASE(case_030_terms_of_context),
	KUNIT_CASE(case_031_effective_only_of_direct),
	KUNIT_CASE(case_032_effective_only_of_copy),
	KUNIT_CASE(case_033_server_thread),
	KUNIT_CASE(case_034_no_memory_keeps_identity),
	KUNIT_CASE(case_035_no_memory_without_status),
	KUNIT_CASE(without_status_success),
	KUNIT_CASE(not_created),
	KUNIT_CASE(root_client_without_status),
	KUNIT_CASE(case_104_client_may_not_be_looked_at),
	KUNIT_CASE(case_106_dead_client_dynamic),
	KUNIT_CASE(dead_client_often),
	KUNIT_CASE(dead_client_dynamic_often),
	{}
};

struct kunit_suite ntimp_nt_client_suite = {
	.name = "nt_client",
	.init = scene_init,
	.suite_init = actor_hold_memory,
	.suite_exit = actor_drop_memory,
	.test_cases = cases,
};
