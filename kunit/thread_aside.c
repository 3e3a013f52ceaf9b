// SPDX-License-Identifier: GPL-2.0-only
/* Threads that put their identity aside and take it back, in every order. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "contexts.h"
#include "persona.h"
#include "pins.h"
#include "rows.h"
#include "suites.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona other_server = { .uid = 2000, .gid = 2000, .permitted = CAPS_SETIDS };
static const struct persona alice = { .uid = 1001, .gid = 1001 };
static const struct persona bob = { .uid = 1002, .gid = 1002 };

struct order_row {
	const char *name;
	/* a, b: impersonate; r: revert; d: put aside; t: take back; f: forget */
	const char *steps;
	bool result;	/* of the last d or t */
	char worn;	/* at the end: a, b or r */
	int pins;
	long a;		/* references on what is applied; the context has one, too */
	long b;
};

static const struct order_row order_rows[] = {
	{ "nothing put aside", "d", false, 'r', 0, 0, 0 },
	{ "nothing put aside and taken back", "dt", false, 'r', 0, 0, 0 },
	{ "nothing put aside, then on", "dat", false, 'a', 1, 2, 0 },
	{ "nothing put aside after off", "ard", false, 'r', 0, 1, 0 },
	{ "put aside", "ad", true, 'r', 1, 2, 0 },
	{ "put aside and taken back", "adt", true, 'a', 1, 2, 0 },
	{ "put aside and forgotten", "adf", true, 'r', 0, 1, 0 },
	{ "taken back, then off", "adtr", true, 'r', 0, 1, 0 },
	{ "taken back twice", "adtt", false, 'a', 1, 2, 0 },
	{ "forgotten, then taken back", "adft", false, 'r', 0, 1, 0 },
	{ "forgotten twice", "adff", true, 'r', 0, 1, 0 },
	{ "put aside twice", "addt", false, 'r', 0, 1, 0 },
	{ "off meanwhile", "adrt", true, 'a', 1, 2, 0 },
	{ "the same meanwhile", "adat", true, 'a', 1, 2, 0 },
	{ "another meanwhile", "adbt", true, 'a', 1, 2, 1 },
	{ "another meanwhile, not taken back yet", "adb", true, 'b', 2, 2, 2 },
	{ "another meanwhile, forgotten", "adbf", true, 'b', 1, 1, 2 },
	{ "another on and off meanwhile", "adbrt", true, 'a', 1, 2, 1 },
	{ "two meanwhile", "adbabt", true, 'a', 1, 2, 1 },
	{ "again and again", "adtdtdt", true, 'a', 1, 2, 0 },
	{ "taken back, then replaced", "adtb", true, 'b', 1, 1, 2 },
	{ "of the second", "abdat", true, 'b', 1, 1, 2 },
};

ROWS(order);

static long usage_of(const struct cred *applied)
{
	return applied ? cred_usage(applied) : 0;
}

static void every_order(struct kunit *test)
{
	const struct order_row *row = test->param_value;
	struct ntimp_context *a = persona_context(test, &alice, LEVEL);
	struct ntimp_context *b = persona_context(test, &bob, LEVEL);
	const struct cred *primary = persona_become(test, &server);
	const struct cred *of_a = NULL, *of_b = NULL, *expected;
	struct ntimp_aside aside = {};
	bool result = false;
	int before = pins(test);
	long primary_usage = cred_usage(primary);
	const char *step;

	for (step = row->steps; *step; step++) {
		switch (*step) {
		case 'a':
			KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(a));
			of_a = current_cred();
			break;
		case 'b':
			KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(b));
			of_b = current_cred();
			break;
		case 'r':
			KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
			break;
		case 'd':
			/* One at a time: who has more forgets nothing. */
			ntimp_forget(&aside);
			result = ntimp_disable(&aside);
			KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
			break;
		case 't':
			result = ntimp_restore(&aside);
			KUNIT_EXPECT_NULL(test, aside.worn);
			break;
		case 'f':
			ntimp_forget(&aside);
			break;
		}
		KUNIT_EXPECT_PTR_EQ(test, primary, current_real_cred());
	}

	expected = row->worn == 'a' ? of_a : row->worn == 'b' ? of_b : primary;
	KUNIT_EXPECT_EQ(test, row->result, result);
	KUNIT_EXPECT_PTR_EQ(test, expected, current_cred());
	KUNIT_EXPECT_EQ(test, row->worn != 'r', ntimp_impersonating());
	KUNIT_EXPECT_EQ(test, row->pins, pins(test) - before);
	KUNIT_EXPECT_EQ(test, row->a, usage_of(of_a));
	KUNIT_EXPECT_EQ(test, row->b, usage_of(of_b));

	ntimp_forget(&aside);
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, before, pins(test));
	KUNIT_EXPECT_EQ(test, primary_usage + !!of_a + !!of_b, cred_usage(primary));
}

/* What one primary was permitted another is not. */
static void another_primary_gets_nothing_back(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, LEVEL);
	const struct cred *first = keep_cred(test, get_cred(persona_become(test, &server)));
	const struct cred *worn, *second;
	struct ntimp_aside aside;
	int before = pins(test);

	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	worn = current_cred();
	KUNIT_ASSERT_TRUE(test, ntimp_disable(&aside));
	second = persona_become(test, &other_server);
	KUNIT_EXPECT_FALSE(test, ntimp_restore(&aside));
	KUNIT_EXPECT_PTR_EQ(test, second, current_cred());
	KUNIT_EXPECT_NULL(test, aside.worn);
	KUNIT_EXPECT_EQ(test, before, pins(test));
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(worn));
	/* The case's and the applied cred's. */
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(first));
}

/* What it was before, it is again, however that looks. */
static void same_primary_gets_it_back(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, LEVEL);
	const struct cred *first = keep_cred(test, get_cred(persona_become(test, &server)));
	const struct cred *worn;
	struct ntimp_aside aside;

	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	worn = current_cred();
	KUNIT_ASSERT_TRUE(test, ntimp_disable(&aside));
	persona_become(test, &other_server);
	KUNIT_ASSERT_EQ(test, 0, commit_creds((struct cred *)get_cred(first)));
	KUNIT_EXPECT_TRUE(test, ntimp_restore(&aside));
	KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
}

static void foreign_override_is_not_put_aside(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, LEVEL);
	const struct cred *foreign = persona_cred(test, &bob), *worn;
	struct ntimp_aside aside;
	int before = pins(test);

	persona_become(test, &server);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	worn = override_creds(foreign);
	KUNIT_EXPECT_FALSE(test, ntimp_disable(&aside));
	KUNIT_EXPECT_PTR_EQ(test, foreign, current_cred());
	KUNIT_EXPECT_FALSE(test, ntimp_restore(&aside));
	KUNIT_EXPECT_PTR_EQ(test, foreign, current_cred());
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	revert_creds(worn);
	KUNIT_EXPECT_TRUE(test, ntimp_impersonating());
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
}

/* Whoever made the override wants to find it again; then the thread is itself. */
static void foreign_override_is_not_replaced(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, LEVEL);
	const struct cred *foreign = persona_cred(test, &bob), *primary, *worn;
	struct ntimp_aside aside;
	int before = pins(test);

	primary = persona_become(test, &server);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	KUNIT_ASSERT_TRUE(test, ntimp_disable(&aside));
	worn = override_creds(foreign);
	KUNIT_EXPECT_FALSE(test, ntimp_restore(&aside));
	KUNIT_EXPECT_PTR_EQ(test, foreign, current_cred());
	revert_creds(worn);
	KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

/* What is put aside is no new use, and what has ended is not asked again. */
static void closed_and_revoked_is_taken_back(struct kunit *test)
{
	const struct cred *client = persona_cred(test, &alice), *worn;
	struct ntimp_context *ctx = context_of(test, client);
	struct ntimp_aside aside;
	struct ntimp_view view;

	persona_become(test, &server);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	worn = current_cred();
	KUNIT_ASSERT_TRUE(test, ntimp_disable(&aside));
	ntimp_context_end(ctx->lease, true);
	ntimp_context_put(ctx);
	KUNIT_EXPECT_TRUE(test, ntimp_restore(&aside));
	KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
	/* As little as those who wore it all the time. */
	KUNIT_EXPECT_EQ(test, (unsigned int)NTIMP_LEVEL_IDENTIFICATION,
			ntimp_cred_level_ceiling(current_cred()));
	KUNIT_ASSERT_EQ(test, 0, ntimp_view_task(current, &view));
	KUNIT_EXPECT_PTR_EQ(test, ctx, view.ctx);
	KUNIT_EXPECT_EQ(test, 1L, ntimp_context_uses(view.ctx));
	ntimp_view_end(&view);
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(every_order, order_gen_params),
	KUNIT_CASE(another_primary_gets_nothing_back),
	KUNIT_CASE(same_primary_gets_it_back),
	KUNIT_CASE(foreign_override_is_not_put_aside),
	KUNIT_CASE(foreign_override_is_not_replaced),
	KUNIT_CASE(closed_and_revoked_is_taken_back),
	{}
};

struct kunit_suite ntimp_thread_aside_suite = {
	.name = "thread_aside",
	.test_cases = cases,
};
