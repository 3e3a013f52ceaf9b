// SPDX-License-Identifier: GPL-2.0-only
/* Contexts that threads wear: who finds them, and when they go away. */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/rcupdate.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "actor.h"
#include "contexts.h"
#include "persona.h"
#include "suites.h"

static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona alice = { .uid = 1001, .gid = 1001 };
static const struct persona bob = { .uid = 1002, .gid = 1002 };

static void only_ours_are_worn_creds(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *primary = persona_become(test, &server);
	const struct cred *cred = context_apply(test, ctx), *copy;
	long usage = cred_usage(primary);

	copy = copied_cred(test, cred);
	KUNIT_EXPECT_TRUE(test, ntimp_cred_is_applied(copy));
	KUNIT_EXPECT_NULL(test, ntimp_worn_cred(copy));
	KUNIT_EXPECT_NULL(test, ntimp_worn_cred(NULL));
	KUNIT_EXPECT_NULL(test, ntimp_worn_cred(primary));
	KUNIT_EXPECT_NULL(test, ntimp_worn_cred(ctx->client));
	KUNIT_EXPECT_EQ(test, usage, cred_usage(primary));
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(copy));

	KUNIT_EXPECT_PTR_EQ(test, cred, ntimp_worn_cred(cred));
	KUNIT_EXPECT_EQ(test, 3L, cred_usage(cred));
	put_cred(cred);
}

/* What a task wears, a usage reference. */
static struct ntimp_context *context_of_task(struct task_struct *task)
{
	struct ntimp_view view;
	int err = ntimp_view_task(task, &view);

	if (err)
		return ERR_PTR(err);
	put_cred(view.client);
	return view.ctx;
}

static void expect_of_current(struct kunit *test, struct ntimp_context *expected)
{
	struct ntimp_context *ctx = context_of_task(current);

	KUNIT_EXPECT_PTR_EQ(test, expected, ctx);
	if (!IS_ERR(ctx))
		ntimp_context_unuse(ctx);
}

static void worn_context_is_found(struct kunit *test)
{
	struct ntimp_context *a = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_context *b = persona_context(test, &bob, NTIMP_LEVEL_DELEGATION);
	const struct cred *of_a, *of_b;

	persona_become(test, &server);
	of_a = context_apply(test, a);
	of_b = context_apply(test, b);

	expect_of_current(test, ERR_PTR(-ENOENT));
	act_wear((void *)of_a);
	expect_of_current(test, a);
	KUNIT_EXPECT_EQ(test, 2, (int)refcount_read(&a->usage));
	act_wear((void *)of_b);
	expect_of_current(test, b);
	/* Somebody else's, though it is the client. */
	act_wear((void *)a->client);
	expect_of_current(test, ERR_PTR(-EBUSY));
	act_wear(NULL);
	expect_of_current(test, ERR_PTR(-ENOENT));
	KUNIT_EXPECT_EQ(test, 2, (int)refcount_read(&a->usage));
	KUNIT_EXPECT_EQ(test, 2, (int)refcount_read(&b->usage));
}

static void worn_context_is_found_in_another_thread(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *foreign = persona_cred(test, &bob);
	struct actor *actor = actor_start(test, NULL);
	struct ntimp_context *found;

	KUNIT_EXPECT_EQ(test, (long)-ENOENT, PTR_ERR(context_of_task(actor->task)));
	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_impersonate, ctx));
	expect_of_current(test, ERR_PTR(-ENOENT));
	found = context_of_task(actor->task);
	KUNIT_ASSERT_PTR_EQ(test, ctx, found);
	KUNIT_EXPECT_EQ(test, 3, (int)refcount_read(&ctx->usage));
	ntimp_context_unuse(found);
	KUNIT_EXPECT_EQ(test, 2, (int)refcount_read(&ctx->usage));

	actor_do(actor, act_revert, NULL);
	actor_do(actor, act_wear, (void *)foreign);
	KUNIT_EXPECT_EQ(test, (long)-EBUSY, PTR_ERR(context_of_task(actor->task)));
	actor_do(actor, act_wear, NULL);
	KUNIT_EXPECT_EQ(test, (long)-ENOENT, PTR_ERR(context_of_task(actor->task)));
}

static void closed_context_is_found_while_worn(struct kunit *test)
{
	const struct cred *client = persona_cred(test, &alice);
	struct ntimp_context *ctx = context_of(test, client), *found;
	const struct cred *primary = persona_become(test, &server);

	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	ntimp_context_put(ctx);
	found = context_of_task(current);
	KUNIT_EXPECT_PTR_EQ(test, ctx, found);
	if (found == ctx) {
		KUNIT_EXPECT_TRUE(test, ntimp_context_is_closed(ctx));
		KUNIT_EXPECT_EQ(test, 2, (int)refcount_read(&ctx->usage));
		KUNIT_EXPECT_NULL(test, context_recent(ctx, primary));
		KUNIT_EXPECT_EQ(test, 0, (int)ctx->nr_applied);
		KUNIT_EXPECT_EQ(test, 2L, cred_usage(current_cred()));
		KUNIT_EXPECT_EQ(test, 3L, cred_usage(client));
		ntimp_context_unuse(found);
	}
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
}

/* Nobody waits for the sweep but we, with patience. */
static void await_usage(struct kunit *test, const struct cred *cred, long usage)
{
	int i;

	for (i = 0; i < 1000 && cred_usage(cred) != usage; i++) {
		synchronize_rcu();
		msleep(20);
	}
	KUNIT_EXPECT_EQ(test, usage, cred_usage(cred));
}

/* What is retired later is looked at later: the worn one was, and stayed. */
static void sweep_frees_what_nobody_wears(struct kunit *test)
{
	const struct cred *client_a = persona_cred(test, &alice);
	const struct cred *client_b = persona_cred(test, &bob);
	struct ntimp_context *a = context_of(test, client_a), *b = context_of(test, client_b);
	const struct cred *primary = persona_become(test, &server);
	const struct cred *of_a = ntimp_context_apply(a), *of_b = ntimp_context_apply(b);

	KUNIT_ASSERT_FALSE(test, IS_ERR(of_a));
	KUNIT_ASSERT_FALSE(test, IS_ERR(of_b));
	put_cred(of_b);
	KUNIT_EXPECT_EQ(test, 4L, cred_usage(primary));

	ntimp_context_put(a);
	ntimp_context_put(b);
	await_usage(test, client_b, 1);
	KUNIT_EXPECT_EQ(test, 3L, cred_usage(primary));
	KUNIT_EXPECT_EQ(test, 3L, cred_usage(client_a));
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(of_a));
	KUNIT_EXPECT_PTR_EQ(test, of_a, ntimp_worn_cred(of_a));
	put_cred(of_a);

	put_cred(of_a);
	await_usage(test, client_a, 1);
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(primary));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(only_ours_are_worn_creds),
	KUNIT_CASE(worn_context_is_found),
	KUNIT_CASE(worn_context_is_found_in_another_thread),
	KUNIT_CASE(closed_context_is_found_while_worn),
	KUNIT_CASE(sweep_frees_what_nobody_wears),
	{}
};

struct kunit_suite ntimp_context_worn_suite = {
	.name = "context_worn",
	.test_cases = cases,
};
