// SPDX-License-Identifier: GPL-2.0-only
/* A cred for each CPU: made when it is first used there, and in all respects one of them. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/rcupdate.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "../ntimp/limits.h"
#include "actor.h"
#include "contexts.h"
#include "cpus.h"
#include "persona.h"
#include "suites.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona alice = {
	.uid = 1001, .gid = 1001, .ngroups = 3, .groups = { 5, 6, 7 },
};

/* Impersonate there, and stay there: what is worn, for as long as the case. */
static const struct cred *wear_on(struct kunit *test, int nth, struct ntimp_context *ctx)
{
	cpus_go(test, nth);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	return keep_cred(test, get_current_cred());
}

static void one_cpu_one_cred(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, LEVEL);
	const struct cred *worn;
	int i;

	persona_become(test, &server);
	KUNIT_EXPECT_EQ(test, NTIMP_NO_CPU, ctx->home);
	worn = wear_on(test, 1, ctx);
	KUNIT_EXPECT_EQ(test, cpus_nth(test, 1), ctx->home);
	for (i = 0; i < 10; i++) {
		KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
		KUNIT_EXPECT_EQ(test, 0, ntimp_impersonate(ctx));
		KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
	}
	KUNIT_EXPECT_EQ(test, 1, (int)ctx->nr_applied);
	KUNIT_EXPECT_NULL(test, (void *)ctx->recents);
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
}

static void each_cpu_has_its_own(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, LEVEL);
	const struct cred *primary = persona_become(test, &server);
	const struct cred *first = wear_on(test, 0, ctx), *second = wear_on(test, 1, ctx);
	long client = cred_usage(ctx->client);

	KUNIT_EXPECT_PTR_NE(test, first, second);
	KUNIT_EXPECT_PTR_EQ(test, second, current_cred());
	KUNIT_EXPECT_EQ(test, 2, (int)ctx->nr_applied);
	/* The context's and the case's, and the thread's. */
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(first));
	KUNIT_EXPECT_EQ(test, 3L, cred_usage(second));

	/* Nobody can tell them apart, and nothing big was copied. */
	KUNIT_EXPECT_EQ(test, first->securebits, second->securebits);
	KUNIT_EXPECT_TRUE(test, uid_eq(first->fsuid, second->fsuid));
	KUNIT_EXPECT_TRUE(test, gid_eq(first->fsgid, second->fsgid));
	KUNIT_EXPECT_PTR_EQ(test, ctx->client->group_info, first->group_info);
	KUNIT_EXPECT_PTR_EQ(test, ctx->client->group_info, second->group_info);
	KUNIT_EXPECT_PTR_EQ(test, first->user, second->user);
	KUNIT_EXPECT_PTR_EQ(test, first->ucounts, second->ucounts);
	KUNIT_EXPECT_PTR_EQ(test, first->user_ns, second->user_ns);

	/* Each is found by its CPU, and both by whoever asks. */
	KUNIT_EXPECT_PTR_EQ(test, second, context_recent(ctx, primary));
	cpus_go(test, 0);
	KUNIT_EXPECT_PTR_EQ(test, first, context_recent(ctx, primary));
	KUNIT_EXPECT_TRUE(test, ntimp_context_is_worn(ctx, first));
	KUNIT_EXPECT_TRUE(test, ntimp_context_is_worn(ctx, second));
	KUNIT_EXPECT_PTR_EQ(test, first, ntimp_worn_cred(first));
	put_cred(first);
	KUNIT_EXPECT_PTR_EQ(test, second, ntimp_worn_cred(second));
	put_cred(second);

	/* The next time nothing is made. */
	KUNIT_EXPECT_EQ(test, 0, ntimp_impersonate(ctx));
	KUNIT_EXPECT_PTR_EQ(test, first, current_cred());
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, 2, (int)ctx->nr_applied);
	KUNIT_EXPECT_EQ(test, client, cred_usage(ctx->client));
	KUNIT_EXPECT_EQ(test, 3L, ntimp_context_uses(ctx));
}

/* Wherever it was put on, it is taken off anywhere. */
static void goes_with_the_thread(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, LEVEL);
	const struct cred *primary = persona_become(test, &server);
	const struct cred *first = wear_on(test, 0, ctx);
	long usage = cred_usage(primary);

	cpus_go(test, 1);
	KUNIT_EXPECT_PTR_EQ(test, first, current_cred());
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(first));
	KUNIT_EXPECT_EQ(test, usage, cred_usage(primary));
	KUNIT_EXPECT_EQ(test, 1, (int)ctx->nr_applied);
}

static void revocation_finds_all(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, LEVEL);
	const struct cred *first, *second;

	persona_become(test, &server);
	first = wear_on(test, 0, ctx);
	second = wear_on(test, 1, ctx);
	ntimp_context_end(ctx->lease, true);
	KUNIT_EXPECT_EQ(test, (unsigned int)NTIMP_LEVEL_IDENTIFICATION,
			ntimp_cred_level_ceiling(first));
	KUNIT_EXPECT_EQ(test, (unsigned int)NTIMP_LEVEL_IDENTIFICATION,
			ntimp_cred_level_ceiling(second));
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, -EKEYREVOKED, ntimp_impersonate(ctx));
	cpus_go(test, 0);
	KUNIT_EXPECT_EQ(test, -EKEYREVOKED, ntimp_impersonate(ctx));
}

static void await_usage(struct kunit *test, const struct cred *cred, long usage)
{
	int i;

	for (i = 0; i < 1000 && cred_usage(cred) != usage; i++) {
		synchronize_rcu();
		msleep(20);
	}
	KUNIT_EXPECT_EQ(test, usage, cred_usage(cred));
}

static void all_go_with_the_context(struct kunit *test)
{
	const struct cred *client = persona_cred(test, &alice);
	struct ntimp_context *ctx = context_of(test, client);
	const struct cred *worn;
	struct ntimp_view view;

	persona_become(test, &server);
	cpus_go(test, 0);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	cpus_go(test, 1);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	worn = current_cred();
	/* The case's, the context's, and one for each cred made of it. */
	KUNIT_EXPECT_EQ(test, 4L, cred_usage(client));
	ntimp_context_put(ctx);
	await_usage(test, client, 3);

	KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
	KUNIT_ASSERT_EQ(test, 0, ntimp_view_task(current, &view));
	KUNIT_EXPECT_PTR_EQ(test, ctx, view.ctx);
	KUNIT_EXPECT_EQ(test, 3L, ntimp_context_uses(view.ctx));
	ntimp_view_end(&view);
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	await_usage(test, client, 1);
}

/* Servers that come and go on one CPU don't take the room of another. */
static void room_is_each_cpus(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, LEVEL);
	const struct cred *primary = keep_cred(test, get_cred(persona_become(test, &server)));
	const struct cred *second = wear_on(test, 1, ctx);
	int i;

	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	cpus_go(test, 0);
	for (i = 0; i < 3 * NTIMP_APPLIED_MAX; i++) {
		persona_become(test, &server);
		KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
		KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
		KUNIT_EXPECT_LE(test, ctx->nr_applied, NTIMP_APPLIED_MAX + 1U);
	}
	KUNIT_ASSERT_EQ(test, 0, commit_creds((struct cred *)get_cred(primary)));
	cpus_go(test, 1);
	KUNIT_EXPECT_PTR_EQ(test, second, context_recent(ctx, primary));
}

#ifdef CONFIG_FAULT_INJECTION
static int impersonate_failing(struct ntimp_context *ctx, unsigned int nth, bool *failed)
{
	int err;

	current->fail_nth = nth;
	err = ntimp_impersonate(ctx);
	*failed = !current->fail_nth;
	current->fail_nth = 0;
	return err;
}
#else
static int impersonate_failing(struct ntimp_context *ctx, unsigned int nth, bool *failed)
{
	*failed = false;
	return ntimp_impersonate(ctx);
}
#endif

/* Where there is no memory for one of its own, a CPU makes do with another one's. */
static void falls_back_to_a_shared_one(struct kunit *test)
{
	struct ntimp_context *ctx;
	const struct cred *first;
	unsigned int nth, failures = 0;
	bool failed;

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		kunit_skip(test, "needs CONFIG_FAILSLAB");

	persona_become(test, &server);
	for (nth = 1; nth < 64; nth++) {
		ctx = persona_context(test, &alice, LEVEL);
		first = wear_on(test, 0, ctx);
		KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
		cpus_go(test, 1);
		KUNIT_ASSERT_EQ_MSG(test, 0, impersonate_failing(ctx, nth, &failed),
				    "allocation %u", nth);
		if (!failed)
			break;
		/* Debugging objects allocates for itself, and does without when it fails. */
		if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS) || current_cred() == first) {
			failures++;
			KUNIT_EXPECT_PTR_EQ(test, first, current_cred());
			KUNIT_EXPECT_EQ(test, 3L, cred_usage(first));
			KUNIT_EXPECT_EQ(test, 1, (int)ctx->nr_applied);
		}
		KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
		KUNIT_EXPECT_EQ(test, 2L, ntimp_context_uses(ctx));
	}
	KUNIT_EXPECT_LT(test, nth, 64U);
	/* A place to find it, or what describes it, and two copies. */
	KUNIT_EXPECT_LE(test, 3U, failures);
	KUNIT_EXPECT_PTR_NE(test, first, current_cred());
	KUNIT_EXPECT_EQ(test, 2, (int)ctx->nr_applied);
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
}

/* What is found under a lock anyway isn't made twice. */
static void lower_levels_of_the_refused_share(struct kunit *test)
{
	static const struct persona root = { .uid = 0 };
	struct ntimp_context *ctx = persona_context(test, &root, LEVEL);
	const struct cred *first;

	persona_become(test, &server);
	cpus_go(test, 0);
	KUNIT_ASSERT_EQ(test, (int)NTIMP_LEVEL_IDENTIFICATION, ntimp_impersonate_downgraded(ctx));
	first = current_cred();
	cpus_go(test, 1);
	KUNIT_ASSERT_EQ(test, (int)NTIMP_LEVEL_IDENTIFICATION, ntimp_impersonate_downgraded(ctx));
	KUNIT_EXPECT_PTR_EQ(test, first, current_cred());
	KUNIT_EXPECT_EQ(test, 1, (int)ctx->nr_applied);
	KUNIT_EXPECT_EQ(test, NTIMP_NO_CPU, ctx->home);
	KUNIT_EXPECT_NULL(test, (void *)ctx->recents);
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
}

static struct kunit_case cases[] = {
	KUNIT_CASE(one_cpu_one_cred),
	KUNIT_CASE(each_cpu_has_its_own),
	KUNIT_CASE(goes_with_the_thread),
	KUNIT_CASE(revocation_finds_all),
	KUNIT_CASE(all_go_with_the_context),
	KUNIT_CASE(room_is_each_cpus),
	KUNIT_CASE(falls_back_to_a_shared_one),
	KUNIT_CASE(lower_levels_of_the_refused_share),
	{}
};

struct kunit_suite ntimp_context_cpus_suite = {
	.name = "context_cpus",
	.test_cases = cases,
};
