// SPDX-License-Identifier: GPL-2.0-only
/* Contexts: what they are made of, and the creds applied for each server. */
#include <kunit/test.h>
#include <linux/err.h>

#include "../ntimp/compat.h"
#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "contexts.h"
#include "persona.h"
#include "rows.h"
#include "suites.h"

#define NR_LEVELS	(NTIMP_LEVEL_DELEGATION + 1)

static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona other_server = { .uid = 2000, .gid = 2000, .permitted = CAPS_SETIDS };
static const struct persona weak_server = { .uid = 3000, .gid = 3000 };
static const struct persona alice = { .uid = 1001, .gid = 1001 };

/* Be somebody, whose primary outlives that. */
static const struct cred *become_kept(struct kunit *test, const struct persona *persona)
{
	return keep_cred(test, get_cred(persona_become(test, persona)));
}

static void become_again(struct kunit *test, const struct cred *primary)
{
	KUNIT_ASSERT_EQ(test, 0, commit_creds((struct cred *)get_cred(primary)));
}

/* --- making ----------------------------------------------------------------- */

struct ceiling_row {
	const char *name;
	bool applied;
	unsigned int level;
	bool copied;
	int err[NR_LEVELS];
};

static const struct ceiling_row ceiling_rows[] = {
	{ "nobody's impersonation", false, 0, false, { 0, 0, 0, 0 } },
	{ "anonymous", true, 0, false, { -EPERM, -EPERM, -EPERM, -EPERM } },
	{ "identification", true, 1, false, { -EPERM, -EPERM, -EPERM, -EPERM } },
	{ "impersonation", true, 2, false, { 0, 0, 0, -EPERM } },
	{ "delegation", true, 3, false, { 0, 0, 0, 0 } },
	{ "copy of nobody's", false, 0, true, { 0, 0, 0, 0 } },
	{ "copy of anonymous", true, 0, true, { -EPERM, -EPERM, -EPERM, -EPERM } },
	{ "copy of identification", true, 1, true, { -EPERM, -EPERM, -EPERM, -EPERM } },
	{ "copy of impersonation", true, 2, true, { 0, 0, 0, -EPERM } },
	{ "copy of delegation", true, 3, true, { 0, 0, 0, 0 } },
};

ROWS(ceiling);

static const struct cred *ceiling_client(struct kunit *test, const struct ceiling_row *row)
{
	const struct cred *cred = get_cred(persona_cred(test, &alice));
	const struct cred *former = cred;

	if (row->applied) {
		cred = ntimp_cred_apply(persona_cred(test, &server), former, row->level);
		put_cred(former);
		KUNIT_ASSERT_FALSE(test, IS_ERR(cred));
		keep_cred(test, get_cred(cred));
	}
	if (row->copied) {
		const struct cred *worn = override_creds(cred);

		former = cred;
		cred = prepare_creds();
		revert_creds(worn);
		put_cred(former);
		KUNIT_ASSERT_NOT_NULL(test, cred);
		keep_cred(test, get_cred(cred));
	}
	return cred;
}

/* The reference is consumed, whatever comes of it. */
static void never_rises(struct kunit *test)
{
	const struct ceiling_row *row = test->param_value;
	const struct cred *client = ceiling_client(test, row);
	long usage = cred_usage(client);
	struct ntimp_context *ctx;
	unsigned int level;

	for (level = 0; level < NR_LEVELS; level++) {
		const struct ntimp_qos qos = { .level = level };

		ctx = ntimp_context_create(NTIMP_SOURCE_PEER, &qos, get_cred(client));
		KUNIT_EXPECT_EQ_MSG(test, row->err[level], PTR_ERR_OR_ZERO(ctx), "level %u", level);
		KUNIT_EXPECT_EQ_MSG(test, row->err[level] ? usage : usage + 1, cred_usage(client),
				    "level %u", level);
		ntimp_context_put(ctx);
		KUNIT_EXPECT_EQ_MSG(test, usage, cred_usage(client), "level %u", level);
	}
	put_cred(client);
}

struct error_row {
	const char *name;
	long error;
};

static const struct error_row error_rows[] = {
	{ "ENOMEM", -ENOMEM },
	{ "EBUSY", -EBUSY },
	{ "ENOTCONN", -ENOTCONN },
	{ "EOPNOTSUPP", -EOPNOTSUPP },
};

ROWS(error);

static void create_hands_errors_on(struct kunit *test)
{
	const struct error_row *row = test->param_value;
	const struct ntimp_qos qos = { .level = NTIMP_LEVEL_IMPERSONATION };

	KUNIT_EXPECT_EQ(test, row->error,
			PTR_ERR(ntimp_context_create(NTIMP_SOURCE_THREAD, &qos,
						     ERR_PTR(row->error))));
}

static void put_of_an_error_does_nothing(struct kunit *test)
{
	const struct error_row *row = test->param_value;
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);

	ntimp_context_put(ERR_PTR(row->error));
	ntimp_context_put(NULL);
	KUNIT_EXPECT_EQ(test, 1, (int)refcount_read(&ctx->handles));
	KUNIT_EXPECT_EQ(test, 1, (int)refcount_read(&ctx->usage));
}

static void create_keeps_what_it_is_given(struct kunit *test)
{
	const struct cred *client = persona_cred(test, &alice);
	struct ntimp_context *ctx;
	int i;

	for (i = NTIMP_SOURCE_SELF; i <= NTIMP_SOURCE_CONTEXT; i++) {
		const struct ntimp_qos qos = { .level = i % NR_LEVELS, .effective_only = i % 2 };

		ctx = ntimp_context_create(i, &qos, get_cred(client));
		KUNIT_ASSERT_FALSE(test, IS_ERR(ctx));
		KUNIT_EXPECT_EQ(test, i, (int)ctx->source);
		KUNIT_EXPECT_EQ(test, i % NR_LEVELS, (int)ctx->qos.level);
		KUNIT_EXPECT_EQ(test, i % 2, (int)ctx->qos.effective_only);
		KUNIT_EXPECT_PTR_EQ(test, client, ctx->client);
		KUNIT_EXPECT_EQ(test, 1, (int)refcount_read(&ctx->usage));
		KUNIT_EXPECT_EQ(test, 1, (int)refcount_read(&ctx->handles));
		KUNIT_EXPECT_EQ(test, 0L, ntimp_context_uses(ctx));
		KUNIT_EXPECT_EQ(test, 0, (int)ctx->nr_applied);
		KUNIT_EXPECT_FALSE(test, ntimp_context_is_closed(ctx));
		ntimp_context_put(ctx);
	}
}

static void ids_are_never_used_twice(struct kunit *test)
{
	struct ntimp_context *kept = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *client = persona_cred(test, &alice);
	u64 last = kept->id;
	int i;

	KUNIT_EXPECT_NE(test, 0ULL, last);
	for (i = 0; i < 100; i++) {
		struct ntimp_context *ctx = context_of(test, client);

		KUNIT_EXPECT_GT(test, ctx->id, last);
		last = ctx->id;
		ntimp_context_put(ctx);
	}
}

static void handles_share_one_use(struct kunit *test)
{
	const struct cred *client = persona_cred(test, &alice);
	struct ntimp_context *ctx = context_of(test, client);

	KUNIT_EXPECT_EQ(test, 2L, cred_usage(client));
	KUNIT_EXPECT_PTR_EQ(test, ctx, ntimp_context_get(ctx));
	KUNIT_EXPECT_PTR_EQ(test, ctx, ntimp_context_get(ctx));
	KUNIT_EXPECT_EQ(test, 3, (int)refcount_read(&ctx->handles));
	KUNIT_EXPECT_EQ(test, 1, (int)refcount_read(&ctx->usage));
	ntimp_context_put(ctx);
	ntimp_context_put(ctx);
	KUNIT_EXPECT_EQ(test, 1, (int)refcount_read(&ctx->handles));
	KUNIT_EXPECT_FALSE(test, ntimp_context_is_closed(ctx));
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(client));
	ntimp_context_put(ctx);
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(client));
}

/* --- applying ---------------------------------------------------------------- */

static void one_server_one_cred(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *primary = persona_become(test, &server);
	long client_usage = cred_usage(ctx->client);
	const struct cred *cred;

	KUNIT_EXPECT_NULL(test, context_recent(ctx, primary));
	cred = context_apply(test, ctx);
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(cred));
	KUNIT_EXPECT_EQ(test, 3L, cred_usage(primary));
	KUNIT_EXPECT_EQ(test, client_usage + 1, cred_usage(ctx->client));
	KUNIT_EXPECT_EQ(test, 2, (int)refcount_read(&ctx->usage));

	KUNIT_EXPECT_PTR_EQ(test, cred, context_apply(test, ctx));
	KUNIT_EXPECT_PTR_EQ(test, cred, context_recent(ctx, primary));
	KUNIT_EXPECT_EQ(test, 3L, cred_usage(cred));
	KUNIT_EXPECT_EQ(test, 3L, cred_usage(primary));
	KUNIT_EXPECT_EQ(test, 2, (int)refcount_read(&ctx->usage));
	KUNIT_EXPECT_EQ(test, 1, (int)ctx->nr_applied);
	/* To apply is not to use. */
	KUNIT_EXPECT_EQ(test, 0L, ntimp_context_uses(ctx));
}

static void other_server_other_cred(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *first = become_kept(test, &server), *second;
	const struct cred *of_first = context_apply(test, ctx), *of_second;

	second = become_kept(test, &other_server);
	KUNIT_EXPECT_NULL(test, context_recent(ctx, second));
	of_second = context_apply(test, ctx);
	KUNIT_EXPECT_PTR_NE(test, of_first, of_second);
	KUNIT_EXPECT_PTR_EQ(test, of_second, context_recent(ctx, second));
	KUNIT_EXPECT_NULL(test, context_recent(ctx, first));
	KUNIT_EXPECT_EQ(test, 2, (int)ctx->nr_applied);
	KUNIT_EXPECT_EQ(test, 3, (int)refcount_read(&ctx->usage));

	become_again(test, first);
	KUNIT_EXPECT_PTR_EQ(test, of_first, context_apply(test, ctx));
	KUNIT_EXPECT_PTR_EQ(test, of_first, context_recent(ctx, first));
	KUNIT_EXPECT_NULL(test, context_recent(ctx, second));
	KUNIT_EXPECT_EQ(test, 2, (int)ctx->nr_applied);
}

/* Looks the same, but is another: the answer was for one primary. */
static void equal_server_other_cred(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *cred;

	become_kept(test, &server);
	cred = context_apply(test, ctx);
	persona_become(test, &server);
	KUNIT_EXPECT_NULL(test, context_recent(ctx, current_real_cred()));
	KUNIT_EXPECT_PTR_NE(test, cred, context_apply(test, ctx));
}

static void refusal_is_not_kept(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *weak = become_kept(test, &weak_server), *strong, *cred;
	long usage = cred_usage(weak);
	int i;

	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, (long)-EPERM, PTR_ERR(ntimp_context_apply(ctx)));
	KUNIT_EXPECT_NULL(test, context_recent(ctx, weak));
	KUNIT_EXPECT_EQ(test, 0, (int)ctx->nr_applied);
	KUNIT_EXPECT_EQ(test, 1, (int)refcount_read(&ctx->usage));
	KUNIT_EXPECT_EQ(test, usage, cred_usage(weak));

	strong = become_kept(test, &server);
	cred = context_apply(test, ctx);
	/* The answer to one server is none to another. */
	become_again(test, weak);
	KUNIT_EXPECT_EQ(test, (long)-EPERM, PTR_ERR(ntimp_context_apply(ctx)));
	KUNIT_EXPECT_NULL(test, context_recent(ctx, weak));
	KUNIT_EXPECT_PTR_EQ(test, cred, context_recent(ctx, strong));
	KUNIT_EXPECT_EQ(test, 1, (int)ctx->nr_applied);
}

struct room_row {
	const char *name;
	unsigned int servers;
	unsigned int worn;
	unsigned int left;
};

/* NTIMP_APPLIED_MAX is 16: the 17th server finds no room. */
static const struct room_row room_rows[] = {
	{ "15 servers", 15, 0, 15 },
	{ "16 servers", 16, 0, 16 },
	{ "17 servers, none worn", 17, 0, 1 },
	{ "17 servers, 1 worn", 17, 1, 2 },
	{ "17 servers, 15 worn", 17, 15, 16 },
	{ "17 servers, 16 worn", 17, 16, 17 },
	{ "18 servers, none worn", 18, 0, 2 },
	{ "18 servers, 16 worn", 18, 16, 17 },
	{ "40 servers, all worn", 40, 40, 40 },
};

ROWS(room);

static void room_is_made(struct kunit *test)
{
	const struct room_row *row = test->param_value;
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *worn[40], *servers[40], *cred;
	unsigned int i;

	for (i = 0; i < row->servers; i++) {
		servers[i] = become_kept(test, &server);
		cred = ntimp_context_apply(ctx);
		KUNIT_ASSERT_FALSE(test, IS_ERR(cred));
		if (i < row->worn) {
			worn[i] = cred;
			keep_cred(test, cred);
		} else {
			put_cred(cred);
		}
		KUNIT_EXPECT_PTR_EQ(test, cred, context_recent(ctx, servers[i]));
	}
	KUNIT_EXPECT_EQ(test, row->left, ctx->nr_applied);

	for (i = 0; i < row->worn; i++) {
		KUNIT_EXPECT_EQ(test, 2L, cred_usage(worn[i]));
		become_again(test, servers[i]);
		KUNIT_EXPECT_PTR_EQ(test, worn[i], context_apply(test, ctx));
	}
	KUNIT_EXPECT_EQ(test, row->left, ctx->nr_applied);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(never_rises, ceiling_gen_params),
	KUNIT_CASE_PARAM(create_hands_errors_on, error_gen_params),
	KUNIT_CASE_PARAM(put_of_an_error_does_nothing, error_gen_params),
	KUNIT_CASE(create_keeps_what_it_is_given),
	KUNIT_CASE(ids_are_never_used_twice),
	KUNIT_CASE(handles_share_one_use),
	KUNIT_CASE(one_server_one_cred),
	KUNIT_CASE(other_server_other_cred),
	KUNIT_CASE(equal_server_other_cred),
	KUNIT_CASE(refusal_is_not_kept),
	KUNIT_CASE_PARAM(room_is_made, room_gen_params),
	{}
};

struct kunit_suite ntimp_context_suite = {
	.name = "context",
	.test_cases = cases,
};
