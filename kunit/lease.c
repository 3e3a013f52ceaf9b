// SPDX-License-Identifier: GPL-2.0-only
/* Leases: when they end, and what that does to what is worn. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/timekeeping.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "actor.h"
#include "contexts.h"
#include "defer.h"
#include "parts.h"
#include "persona.h"
#include "places.h"
#include "rows.h"
#include "suites.h"

#define HOUR	(3600LL * NSEC_PER_SEC)

static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona alice = { .uid = 1001, .gid = 1001 };

struct shorten_row {
	const char *name;
	u64 lifetimes[3];	/* one after the other; the last one is not 0 but for "at once" */
	int err;
	s64 left;		/* at most, and more than an hour less; 0: for ever, or nothing */
};

static const struct shorten_row shorten_rows[] = {
	{ "for ever", { U64_MAX, U64_MAX, U64_MAX }, 0, 0 },
	{ "as long as the clock can count", { S64_MAX, S64_MAX, S64_MAX }, 0, 0 },
	{ "two hours", { 2 * HOUR, 2 * HOUR, 2 * HOUR }, 0, 2 * HOUR },
	{ "brought forward", { 9 * HOUR, 5 * HOUR, 2 * HOUR }, 0, 2 * HOUR },
	{ "not put off", { 2 * HOUR, 5 * HOUR, 9 * HOUR }, 0, 2 * HOUR },
	{ "not put off for ever", { 2 * HOUR, U64_MAX, S64_MAX }, 0, 2 * HOUR },
	{ "at once", { 0, 0, 0 }, -EKEYEXPIRED, 0 },
	{ "at once, after all", { 5 * HOUR, 0, 2 * HOUR }, -EKEYEXPIRED, 0 },
};

ROWS(shorten);

static void shortened(struct kunit *test)
{
	const struct shorten_row *row = test->param_value;
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	s64 left;
	int i;

	KUNIT_EXPECT_EQ(test, 0, ntimp_lease_check(ctx->lease));
	KUNIT_EXPECT_EQ(test, 0ULL, ntimp_lease_left(ctx->lease));
	for (i = 0; i < ARRAY_SIZE(row->lifetimes); i++)
		KUNIT_EXPECT_EQ(test, 0, ntimp_expire(ctx, row->lifetimes[i]));

	KUNIT_EXPECT_EQ(test, row->err, ntimp_lease_check(ctx->lease));
	left = ntimp_lease_left(ctx->lease);
	KUNIT_EXPECT_LE(test, left, row->left);
	if (row->left)
		KUNIT_EXPECT_GT(test, left, row->left - HOUR);
}

/* The clock itself ends it, to the nanosecond. */
static void deadline_is_a_moment(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	s64 now = ktime_get_boottime_ns();

	atomic64_set(&ctx->lease->deadline, now);
	KUNIT_EXPECT_EQ(test, -EKEYEXPIRED, ntimp_lease_check(ctx->lease));
	KUNIT_EXPECT_EQ(test, 0ULL, ntimp_lease_left(ctx->lease));
	atomic64_set(&ctx->lease->deadline, now + HOUR);
	KUNIT_EXPECT_EQ(test, 0, ntimp_lease_check(ctx->lease));
	atomic64_set(&ctx->lease->deadline, S64_MIN);
	KUNIT_EXPECT_EQ(test, -EKEYEXPIRED, ntimp_lease_check(ctx->lease));
}

static void revoked_is_not_expired(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);

	KUNIT_EXPECT_EQ(test, 0, ntimp_expire(ctx, 0));
	KUNIT_EXPECT_EQ(test, 0, ntimp_revoke(ctx, 0));
	KUNIT_EXPECT_EQ(test, -EKEYREVOKED, ntimp_lease_check(ctx->lease));
	KUNIT_EXPECT_EQ(test, 0, ntimp_expire(ctx, HOUR));
	KUNIT_EXPECT_EQ(test, -EKEYREVOKED, ntimp_lease_check(ctx->lease));
	KUNIT_EXPECT_EQ(test, 0ULL, ntimp_lease_left(ctx->lease));
}

static void unknown_flags_revoke_nothing(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	unsigned int bit;

	for (bit = 1; bit < 32; bit++)
		KUNIT_EXPECT_EQ(test, -EINVAL, ntimp_revoke(ctx, BIT(bit)));
	KUNIT_EXPECT_EQ(test, -EINVAL, ntimp_revoke(ctx, NTIMP_REVOKE_DENY | BIT(1)));
	KUNIT_EXPECT_EQ(test, 0, ntimp_lease_check(ctx->lease));
}

enum way { REVOKED, EXPIRED };

struct ended_row {
	const char *name;
	enum way way;
	int err;
};

static const struct ended_row ended_rows[] = {
	{ "revoked", REVOKED, -EKEYREVOKED },
	{ "expired", EXPIRED, -EKEYEXPIRED },
};

ROWS(ended);

static void end(struct kunit *test, struct ntimp_context *ctx)
{
	const struct ended_row *row = test->param_value;

	KUNIT_ASSERT_EQ(test, 0, row->way == REVOKED ? ntimp_revoke(ctx, 0) : ntimp_expire(ctx, 0));
}

/* By each of the ways to a cred, whether one is made already or not. */
static void nobody_gets_a_cred(struct kunit *test)
{
	const struct ended_row *row = test->param_value;
	const struct ntimp_qos qos = { .level = NTIMP_LEVEL_IMPERSONATION };
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *primary;
	int i;

	for (i = 0; i < 2; i++) {
		ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
		primary = persona_become(test, &(struct persona) { .permitted = CAPS_ALL });
		if (i)
			context_apply(test, ctx);
		KUNIT_EXPECT_EQ(test, i, !!context_recent(ctx, primary));
		end(test, ctx);
		KUNIT_EXPECT_NULL(test, context_recent(ctx, primary));
		KUNIT_EXPECT_EQ(test, row->err, PTR_ERR(ntimp_context_apply(ctx)));
		KUNIT_EXPECT_EQ(test, row->err, PTR_ERR(ntimp_context_apply_downgraded(ctx)));
		KUNIT_EXPECT_EQ(test, row->err, PTR_ERR(ntimp_context_apply_dispatched(ctx)));
		KUNIT_EXPECT_EQ(test, row->err, ntimp_impersonate(ctx));
		KUNIT_EXPECT_EQ(test, row->err, ntimp_impersonate_downgraded(ctx));
		KUNIT_EXPECT_EQ(test, row->err, ntimp_update(ctx));
		KUNIT_EXPECT_EQ(test, row->err, PTR_ERR(ntimp_context_duplicate(ctx, &qos)));
		KUNIT_EXPECT_FALSE(test, ntimp_impersonating());
		KUNIT_EXPECT_EQ(test, 0L, ntimp_context_uses(ctx));
	}
}

static void duplicates_share_it(struct kunit *test)
{
	const struct ended_row *row = test->param_value;
	const struct ntimp_qos qos = { .level = NTIMP_LEVEL_IMPERSONATION };
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_context *other = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_context *copy = ntimp_context_duplicate(ctx, &qos);

	KUNIT_ASSERT_FALSE(test, IS_ERR(copy));
	KUNIT_EXPECT_PTR_EQ(test, ctx->lease, copy->lease);
	KUNIT_EXPECT_PTR_NE(test, ctx->lease, other->lease);
	KUNIT_EXPECT_EQ(test, 2, (int)refcount_read(&ctx->lease->usage));
	end(test, copy);
	KUNIT_EXPECT_EQ(test, row->err, ntimp_lease_check(ctx->lease));
	KUNIT_EXPECT_EQ(test, 0, ntimp_lease_check(other->lease));
	ntimp_context_put(copy);
	KUNIT_EXPECT_EQ(test, 1, (int)refcount_read(&ctx->lease->usage));
}

static unsigned int level_of(const struct cred *cred)
{
	return ntimp_cred_level_ceiling(cred);
}

/* What threads wear is lowered, also what no context knows of any more. */
static void deny_lowers_all_of_a_family(struct kunit *test)
{
	const struct ntimp_qos qos = { .level = NTIMP_LEVEL_DELEGATION };
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_DELEGATION);
	struct ntimp_context *other = persona_context(test, &alice, NTIMP_LEVEL_DELEGATION);
	struct ntimp_context *copy = ntimp_context_duplicate(ctx, &qos);
	const struct cred *of_ctx, *of_copy, *of_other;
	struct ids ids = { 1001, 1001, 1001, 1001, 1001, 1001, 1001, 1001 };

	KUNIT_ASSERT_FALSE(test, IS_ERR(copy));
	persona_become(test, &server);
	of_ctx = context_apply(test, ctx);
	of_copy = context_apply(test, copy);
	of_other = context_apply(test, other);
	ntimp_context_put(copy);

	ntimp_context_end(ctx->lease, false);
	KUNIT_EXPECT_EQ(test, 3U, level_of(of_ctx));
	ntimp_context_end(ctx->lease, true);
	KUNIT_EXPECT_EQ(test, 1U, level_of(of_ctx));
	KUNIT_EXPECT_EQ(test, 1U, level_of(of_copy));
	KUNIT_EXPECT_EQ(test, 3U, level_of(of_other));
	KUNIT_EXPECT_EQ(test, NTIMP_SECUREBIT_APPLIED | NTIMP_SECUREBIT_LOW_LEVEL |
			1U << NTIMP_SECUREBITS_LEVEL_SHIFT, of_ctx->securebits);
	KUNIT_EXPECT_EQ(test, 0U, of_other->securebits & NTIMP_SECUREBIT_LOW_LEVEL);
	ids_expect(test, &ids, of_ctx);
}

/* They go on, and are able to be themselves again. */
static void denied_threads_revert(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct actor *actor = actor_start(test, NULL);

	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_impersonate, ctx));
	ntimp_context_end(ctx->lease, true);
	KUNIT_EXPECT_EQ(test, -EKEYREVOKED, actor_do(actor, act_impersonate, ctx));
	KUNIT_EXPECT_TRUE(test, ntimp_context_is_worn(ctx, rcu_access_pointer(actor->task->cred)));
	KUNIT_EXPECT_EQ(test, 0, actor_do(actor, act_revert, NULL));
	KUNIT_EXPECT_FALSE(test, ntimp_context_is_worn(ctx, rcu_access_pointer(actor->task->cred)));
}

struct lower_row {
	const char *name;
	unsigned int level;
	unsigned int lowered;
};

static const struct lower_row lower_rows[] = {
	{ "anonymous", 0, 0 },
	{ "identification", 1, 1 },
	{ "impersonation", 2, 1 },
	{ "delegation", 3, 1 },
};

ROWS(lower);

static void lowering_never_raises(struct kunit *test)
{
	static const struct persona strict = { .uid = 1000, .securebits = SECBIT_NOROOT };
	const struct lower_row *row = test->param_value;
	const struct cred *cred = applied_cred(test, persona_cred(test, &strict),
					       persona_cred(test, &alice), row->level);
	int i;

	for (i = 0; i < 2; i++) {
		ntimp_cred_lower(cred);
		KUNIT_EXPECT_EQ(test, row->lowered, level_of(cred));
		KUNIT_EXPECT_EQ(test, SECBIT_NOROOT | NTIMP_SECUREBIT_APPLIED |
				NTIMP_SECUREBIT_LOW_LEVEL |
				row->lowered << NTIMP_SECUREBITS_LEVEL_SHIFT, cred->securebits);
	}
}

struct rights_row {
	const char *name;
	struct persona maker;
	enum place maker_in;
	struct persona who;
	struct odd_id who_odd;
	enum place who_in;
	int err;
};

#define USER(id, ...)	{ .uid = (id), ##__VA_ARGS__ }
#define SETIDS		.permitted = CAPS_SETIDS

static const struct rights_row rights_rows[] = {
	{ "maker", USER(1001), .who = USER(1001), .err = 0 },
	{ "maker of another group", USER(1001), .who = { .uid = 1001, .gid = 5 }, .err = 0 },
	{ "another", USER(1001), .who = USER(1002), .err = -EPERM },
	{ "effective user only", USER(1001), .who = USER(1002), .who_odd = ODD(euid, 1001),
	  .err = 0 },
	{ "all but the effective user", USER(1001), .who = USER(1001), .who_odd = ODD(euid, 1002),
	  .err = -EPERM },
	{ "both capabilities", USER(1001), .who = USER(1002, SETIDS), .err = 0 },
	{ "one", USER(1001), .who = USER(1002, .permitted = CAP_BIT(CAP_SETUID)), .err = -EPERM },
	{ "both, not effective", USER(1001), .who = USER(1002, SETIDS, .inactive = CAPS_SETIDS),
	  .err = -EPERM },
	{ "root without", USER(1001), .who = {}, .err = -EPERM },
	{ "maker in a child, seen from outside", USER(1001), OWN_TOO, USER(1001), .err = -EPERM },
	{ "maker outside, seen from a child", USER(1001), HOME, USER(1001), .who_in = OTHERS,
	  .err = -EPERM },
	{ "maker in a child, both outside", USER(101001), OTHERS, USER(1001, SETIDS), .err = 0 },
	{ "both in the child", USER(101001), OTHERS, USER(101002, SETIDS), .who_in = OTHERS,
	  .err = 0 },
	{ "both in a sibling", USER(101001), OTHERS, USER(101001, SETIDS), .who_in = OWN,
	  .err = -EPERM },
	{ "owner of the child", USER(101001), OTHERS, USER(2000), .err = 0 },
};

ROWS(rights);

static void rights_are_asked(struct kunit *test)
{
	const struct rights_row *row = test->param_value;
	struct places places = {};
	const struct cred *maker, *who, *worn;
	struct ntimp_context *ctx;

	maker = place_cred(test, &places, row->maker_in, &row->maker, &(struct odd_id) {});
	who = place_cred(test, &places, row->who_in, &row->who, &row->who_odd);
	KUNIT_ASSERT_EQ(test, 0, commit_creds((struct cred *)get_cred(maker)));
	ctx = context_of(test, persona_cred(test, &alice));
	KUNIT_ASSERT_EQ(test, 0, commit_creds((struct cred *)get_cred(who)));

	KUNIT_EXPECT_EQ(test, row->err, ntimp_expire(ctx, HOUR));
	KUNIT_EXPECT_EQ(test, !row->err, !!ntimp_lease_left(ctx->lease));
	KUNIT_EXPECT_EQ(test, row->err, ntimp_revoke(ctx, 0));
	KUNIT_EXPECT_EQ(test, row->err ? 0 : -EKEYREVOKED, ntimp_lease_check(ctx->lease));
	/* What the thread wears has no say. */
	worn = override_creds(maker);
	KUNIT_EXPECT_EQ(test, row->err, ntimp_revoke(ctx, 0));
	revert_creds(worn);
	ntimp_context_put(ctx);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(shortened, shorten_gen_params),
	KUNIT_CASE(deadline_is_a_moment),
	KUNIT_CASE(revoked_is_not_expired),
	KUNIT_CASE(unknown_flags_revoke_nothing),
	KUNIT_CASE_PARAM(nobody_gets_a_cred, ended_gen_params),
	KUNIT_CASE_PARAM(duplicates_share_it, ended_gen_params),
	KUNIT_CASE(deny_lowers_all_of_a_family),
	KUNIT_CASE(denied_threads_revert),
	KUNIT_CASE_PARAM(lowering_never_raises, lower_gen_params),
	KUNIT_CASE_PARAM(rights_are_asked, rights_gen_params),
	{}
};

struct kunit_suite ntimp_lease_suite = {
	.name = "lease",
	.test_cases = cases,
};
