// SPDX-License-Identifier: GPL-2.0-only
/* What lets a server pass, and that it serves nobody who didn't agree to it. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/sched.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "../ntimp/gate.h"
#include "../ntimp/track.h"
#include "../ntimp/wearers.h"
#include "actor.h"
#include "contexts.h"
#include "defer.h"
#include "persona.h"
#include "rows.h"
#include "suites.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

static const struct persona weak = { .uid = 1000, .gid = 1000 };
static const struct persona strong = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona alice = { .uid = 1001, .gid = 1001 };

static void undo_put(const void *ctx)
{
	ntimp_context_put((struct ntimp_context *)ctx);
}

static struct ntimp_context *context_with(struct kunit *test, unsigned int flags)
{
	const struct ntimp_qos qos = { .level = LEVEL, .flags = flags };
	struct ntimp_context *ctx;

	ctx = ntimp_context_create(NTIMP_SOURCE_SELF, &qos, get_cred(persona_cred(test, &alice)));
	KUNIT_ASSERT_FALSE(test, IS_ERR(ctx));
	defer(test, undo_put, ctx);
	return ctx;
}

static void undo_consent(const void *unused)
{
	ntimp_consent = false;
}

static void let_consent(struct kunit *test)
{
	defer(test, undo_consent, NULL);
	ntimp_consent = true;
}

/* The cred that a way gave, or NULL for -EPERM; no reference. */
static const struct cred *apply_by(struct kunit *test, struct ntimp_context *ctx,
				   const struct cred *(*apply)(struct ntimp_context *ctx))
{
	const struct cred *cred = apply(ctx);

	if (cred == ERR_PTR(-EPERM))
		return NULL;
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(cred), "error %ld", PTR_ERR(cred));
	return keep_cred(test, cred);
}

struct pass_row {
	const char *name;
	const struct persona *server;
	unsigned int flags;
	bool consent;
	bool no_new_privs;
	bool strict;
	bool dispatched;
};

#define CONSENT		NTIMP_QOS_CONSENT
#define DISPATCH	NTIMP_QOS_DISPATCH

static const struct pass_row pass_rows[] = {
	{ "nothing", &weak, 0, false, false, false, false },
	{ "right", &strong, 0, false, false, true, true },
	{ "right, no_new_privs", &strong, 0, false, true, true, true },
	{ "right and all flags", &strong, CONSENT | DISPATCH, true, true, true, true },
	{ "consent", &weak, CONSENT, true, false, true, true },
	{ "consent, off", &weak, CONSENT, false, false, false, false },
	{ "consent, no_new_privs", &weak, CONSENT, true, true, false, false },
	{ "consent, not given", &weak, 0, true, false, false, false },
	{ "dispatch", &weak, DISPATCH, false, false, false, true },
	{ "dispatch, no_new_privs", &weak, DISPATCH, false, true, false, true },
	{ "dispatch and consent", &weak, CONSENT | DISPATCH, true, false, true, true },
	{ "dispatch and consent, off", &weak, CONSENT | DISPATCH, false, false, false, true },
	{ "dispatch and consent, no_new_privs", &weak, CONSENT | DISPATCH, true, true, false,
	  true },
};

ROWS(pass);

/* Whichever comes first. */
static void strict_and_dispatched(struct kunit *test)
{
	const struct pass_row *row = test->param_value;
	const struct cred *primary, *strict, *dispatched;
	int i;

	if (row->consent)
		let_consent(test);
	if (row->no_new_privs)
		task_set_no_new_privs(current);

	for (i = 0; i < 2; i++) {
		struct ntimp_context *ctx = context_with(test, row->flags);

		primary = persona_become(test, row->server);
		dispatched = i ? apply_by(test, ctx, ntimp_context_apply_dispatched) : NULL;
		strict = apply_by(test, ctx, ntimp_context_apply);
		if (!i)
			dispatched = apply_by(test, ctx, ntimp_context_apply_dispatched);

		KUNIT_EXPECT_EQ(test, row->strict, !!strict);
		KUNIT_EXPECT_EQ(test, row->dispatched, !!dispatched);
		/* A right is a right: no second cred is made. */
		if (strict)
			KUNIT_EXPECT_PTR_EQ(test, strict, dispatched);
		KUNIT_EXPECT_PTR_EQ(test, strict, context_recent(ctx, primary));
		KUNIT_EXPECT_EQ(test, strict || dispatched ? 1 : 0, (int)ctx->nr_applied);
		KUNIT_EXPECT_PTR_EQ(test, strict, apply_by(test, ctx, ntimp_context_apply));
		KUNIT_EXPECT_PTR_EQ(test, dispatched,
				    apply_by(test, ctx, ntimp_context_apply_dispatched));
		KUNIT_EXPECT_EQ(test, row->strict ? 0 : -EPERM, ntimp_impersonate(ctx));
		KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	}
}

/* A promise that is made when the cred is there already. */
static void promise_is_kept(struct kunit *test)
{
	struct ntimp_context *ctx = context_with(test, CONSENT);
	const struct cred *primary = persona_become(test, &weak), *cred;

	let_consent(test);
	cred = context_apply(test, ctx);
	KUNIT_EXPECT_PTR_EQ(test, cred, context_recent(ctx, primary));
	task_set_no_new_privs(current);
	KUNIT_EXPECT_NULL(test, context_recent(ctx, primary));
	KUNIT_EXPECT_EQ(test, (long)-EPERM, PTR_ERR(ntimp_context_apply(ctx)));
	KUNIT_EXPECT_EQ(test, -EPERM, ntimp_impersonate(ctx));
	KUNIT_EXPECT_EQ(test, 1, (int)ctx->nr_applied);
}

/* What is worn without more ado stays where it is seen, however many others come. */
static void recent_is_not_retired(struct kunit *test)
{
	struct ntimp_context *ctx = context_with(test, DISPATCH);
	const struct cred *first = keep_cred(test, get_cred(persona_become(test, &strong)));
	const struct cred *cred = ntimp_context_apply(ctx);
	int i;

	KUNIT_ASSERT_FALSE(test, IS_ERR(cred));
	put_cred(cred);
	for (i = 0; i < 40; i++) {
		keep_cred(test, get_cred(persona_become(test, &weak)));
		put_cred(ntimp_context_apply_dispatched(ctx));
		KUNIT_EXPECT_PTR_EQ(test, cred, context_recent(ctx, first));
	}
	KUNIT_EXPECT_LE(test, ctx->nr_applied, 17U);
	KUNIT_ASSERT_EQ(test, 0, commit_creds((struct cred *)get_cred(first)));
	KUNIT_EXPECT_PTR_EQ(test, cred, context_apply(test, ctx));
}

static int act_be(void *cred)
{
	return commit_creds((struct cred *)get_cred(cred));
}

struct followed {
	struct ntimp_context *ctx;
	struct actor *client;
	const struct cred *first;
	const struct cred *less;
};

static struct followed dynamic_context(struct kunit *test)
{
	static const struct persona more = { .uid = 1001, .gid = 1001, .ngroups = 1,
					     .groups = { 5 } };
	const struct ntimp_qos qos = { .level = LEVEL, .tracking = NTIMP_TRACKING_DYNAMIC };
	struct followed dynamic = {
		.first = persona_cred(test, &more),
		.less = persona_cred(test, &alice),
	};

	dynamic.client = actor_start(test, dynamic.first);
	dynamic.ctx = ntimp_capture_task(dynamic.client->task, &qos);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(dynamic.ctx), "error %ld", PTR_ERR(dynamic.ctx));
	defer(test, undo_put, dynamic.ctx);
	return dynamic;
}

/* Looked at by each impersonate, whoever was served before. */
static void dynamic_is_never_recent(struct kunit *test)
{
	struct followed dynamic = dynamic_context(test);
	struct ntimp_context *ctx = dynamic.ctx;
	const struct cred *primary = persona_become(test, &strong), *cred;

	cred = context_apply(test, ctx);
	KUNIT_EXPECT_NULL(test, context_recent(ctx, primary));
	KUNIT_EXPECT_PTR_EQ(test, cred, context_apply(test, ctx));
	KUNIT_EXPECT_NULL(test, context_recent(ctx, primary));
	KUNIT_EXPECT_EQ(test, 1, (int)ctx->nr_applied);

	actor_do(dynamic.client, act_be, (void *)dynamic.less);
	KUNIT_EXPECT_PTR_NE(test, cred, context_apply(test, ctx));
	KUNIT_EXPECT_PTR_EQ(test, dynamic.less, ctx->client);
	KUNIT_EXPECT_EQ(test, 1, (int)ctx->nr_applied);
}

/* Who wears what the client was is shown as that, and knows what it is now. */
static void views_of_a_dynamic_context(struct kunit *test)
{
	struct followed dynamic = dynamic_context(test);
	struct ntimp_context *ctx = dynamic.ctx;
	struct ntimp_view view;
	long usage;

	persona_become(test, &strong);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	actor_do(dynamic.client, act_be, (void *)dynamic.less);
	KUNIT_EXPECT_EQ(test, 0, ntimp_update(ctx));

	usage = cred_usage(dynamic.first);
	KUNIT_ASSERT_EQ(test, 0, ntimp_view_task(current, &view));
	KUNIT_EXPECT_PTR_EQ(test, dynamic.first, view.client);
	KUNIT_EXPECT_PTR_EQ(test, ctx, view.ctx);
	KUNIT_EXPECT_EQ(test, (unsigned int)LEVEL, view.level);
	KUNIT_EXPECT_EQ(test, usage + 1, cred_usage(dynamic.first));
	ntimp_view_end(&view);
	KUNIT_EXPECT_EQ(test, usage, cred_usage(dynamic.first));
	KUNIT_EXPECT_TRUE(test, ntimp_context_is_worn(ctx, current_cred()));

	view = ntimp_view_context(ctx);
	KUNIT_EXPECT_PTR_EQ(test, dynamic.less, view.client);
	ntimp_view_end(&view);
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
}

static void stale_is_said(struct kunit *test)
{
	struct followed dynamic = dynamic_context(test);

	KUNIT_EXPECT_EQ(test, 0, ntimp_update(dynamic.ctx));
	actor_exit(dynamic.client);
	KUNIT_EXPECT_EQ(test, -ESTALE, ntimp_update(dynamic.ctx));
	persona_become(test, &strong);
	KUNIT_EXPECT_EQ(test, 0, ntimp_impersonate(dynamic.ctx));
	KUNIT_EXPECT_EQ(test, 1001U, __kuid_val(current_fsuid()));
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_TRUE(test, dynamic.ctx->tracker->stale);
}

static void static_has_nothing_to_look_at(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, -EINVAL, ntimp_update(context_with(test, 0)));
}

/* Found, counted, and let go of again. */
static void wearers_are_found(struct kunit *test)
{
	struct ntimp_context *ctx = context_with(test, 0), *other = context_with(test, 0);
	struct actor *actors[12];
	unsigned int usage[ARRAY_SIZE(actors)];
	struct ntimp_wearers_list list;
	int i, j, found;

	KUNIT_ASSERT_EQ(test, 0, ntimp_wearers_find(ctx, &list));
	KUNIT_EXPECT_EQ(test, 0U, list.count);
	ntimp_wearers_free(&list);

	for (i = 0; i < ARRAY_SIZE(actors); i++) {
		actors[i] = actor_start(test, NULL);
		KUNIT_ASSERT_EQ(test, 0, actor_do(actors[i], act_impersonate, i % 3 ? ctx : other));
		usage[i] = refcount_read(&actors[i]->task->usage);
	}
	KUNIT_ASSERT_EQ(test, 0, ntimp_wearers_find(ctx, &list));
	KUNIT_EXPECT_EQ(test, 8U, list.count);
	for (i = 0; i < ARRAY_SIZE(actors); i++) {
		for (j = 0, found = 0; j < list.count; j++)
			found += list.tasks[j] == actors[i]->task;
		KUNIT_EXPECT_EQ(test, i % 3 ? 1 : 0, found);
	}
	ntimp_wearers_free(&list);
	for (i = 0; i < ARRAY_SIZE(actors); i++)
		KUNIT_EXPECT_EQ(test, usage[i],
				(unsigned int)refcount_read(&actors[i]->task->usage));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(strict_and_dispatched, pass_gen_params),
	KUNIT_CASE(promise_is_kept),
	KUNIT_CASE(recent_is_not_retired),
	KUNIT_CASE(dynamic_is_never_recent),
	KUNIT_CASE(views_of_a_dynamic_context),
	KUNIT_CASE(stale_is_said),
	KUNIT_CASE(static_has_nothing_to_look_at),
	KUNIT_CASE(wearers_are_found),
	{}
};

struct kunit_suite ntimp_context_pass_suite = {
	.name = "context_pass",
	.test_cases = cases,
};
