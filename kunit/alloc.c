// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation fails once: each entry point of the core is called with its
 * first allocation failing, then with its second, and so on until it succeeds.
 * A failure says -ENOMEM and leaves thread, client and module as they were.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/rcupdate.h>

#include "../ntimp/compat.h"
#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "../ntimp/quota.h"
#include "../ntimp/remote.h"
#include "../ntimp/wearers.h"
#include "alloc.h"
#include "contexts.h"
#include "persona.h"
#include "pins.h"
#include "rows.h"
#include "suites.h"

#define TRIES	64	/* no entry point allocates so often */

static const struct ntimp_qos qos = { .level = NTIMP_LEVEL_IMPERSONATION };

static int drop_context(struct ntimp_context *ctx)
{
	int err = PTR_ERR_OR_ZERO(ctx);

	ntimp_context_put(ctx);
	return err;
}

static int drop_cred(const struct cred *cred)
{
	if (IS_ERR(cred))
		return PTR_ERR(cred);
	put_cred(cred);
	return 0;
}

static int call_capture_self(const struct scene *scene)
{
	return drop_context(ntimp_capture_self(&qos));
}

static int call_capture_task(const struct scene *scene)
{
	return drop_context(ntimp_capture_task(current, &qos));
}

static int call_capture_ids(const struct scene *scene)
{
	return drop_context(ntimp_capture_ids(scene->client->uid, scene->client->gid,
					      scene->groups, compat_cap_from_u64(0), &qos));
}

static int call_capture_anonymous(const struct scene *scene)
{
	return drop_context(ntimp_capture_anonymous(&qos));
}

static int call_duplicate(const struct scene *scene)
{
	return drop_context(ntimp_context_duplicate(scene->ctx, &qos));
}

static int call_capture_dynamic(const struct scene *scene)
{
	const struct ntimp_qos dynamic = {
		.level = NTIMP_LEVEL_IMPERSONATION, .tracking = NTIMP_TRACKING_DYNAMIC,
	};

	return drop_context(ntimp_capture_self(&dynamic));
}

static int call_context_create(const struct scene *scene)
{
	return drop_context(ntimp_context_create(NTIMP_SOURCE_IDS, &qos, get_cred(scene->client)));
}

/* Whose first context it is. */
static int call_quota_charge(const struct scene *scene)
{
	struct ntimp_quota *quota = ntimp_quota_charge(scene->client);

	if (IS_ERR(quota))
		return PTR_ERR(quota);
	ntimp_quota_uncharge(quota);
	return 0;
}

static int call_context_apply(const struct scene *scene)
{
	return drop_cred(ntimp_context_apply(scene->ctx));
}

static int call_context_apply_dispatched(const struct scene *scene)
{
	return drop_cred(ntimp_context_apply_dispatched(scene->ctx));
}

static int call_wearers_find(const struct scene *scene)
{
	struct ntimp_wearers_list list;
	const struct cred *worn;
	int err;

	/* Somebody has to be found. */
	worn = override_creds(scene->applied);
	err = ntimp_wearers_find(scene->ctx, &list);
	revert_creds(worn);
	if (!err)
		ntimp_wearers_free(&list);
	return err;
}

static int call_cred_apply(const struct scene *scene)
{
	return drop_cred(ntimp_cred_apply(current_real_cred(), scene->client, qos.level));
}

static int call_cred_from_ids(const struct scene *scene)
{
	return drop_cred(ntimp_cred_from_ids(scene->client->uid, scene->client->gid,
					     scene->groups, compat_cap_from_u64(0)));
}

static int call_impersonate(const struct scene *scene)
{
	int err = ntimp_impersonate(scene->ctx);

	if (!err)
		ntimp_revert();
	return err;
}

/* The target's part is to do as call_impersonate(), so only the caller's is left. */
static int call_request(const struct scene *scene)
{
	struct ntimp_request *request = ntimp_request_create(NULL, 0);

	if (IS_ERR(request))
		return PTR_ERR(request);
	ntimp_request_run(&request->work);
	return ntimp_request_await(request, 0);
}

static const struct entry entry_rows[] = {
	{ "capture self", call_capture_self, 2 },
	{ "capture task", call_capture_task, 2 },
	{ "capture ids", call_capture_ids, 3 },
	{ "capture anonymous", call_capture_anonymous, 4 },
	{ "capture dynamic", call_capture_dynamic, 3 },
	{ "duplicate", call_duplicate, 1 },
	{ "context create", call_context_create, 2 },
	{ "quota charge", call_quota_charge, 1 },
	{ "context apply", call_context_apply, 3 },
	{ "context apply dispatched", call_context_apply_dispatched, 3 },
	{ "wearers find", call_wearers_find, 1, true },
	{ "cred apply", call_cred_apply, 2 },
	{ "cred from ids", call_cred_from_ids, 1 },
	{ "impersonate", call_impersonate, 3 },
	{ "request of another thread", call_request, 1 },
};

ROWS(entry);

static struct scene *scene_prepare(struct kunit *test)
{
	static const struct persona client = {
		.uid = 1001, .gid = 1001, .ngroups = 2, .groups = { 5, 6 },
	};
	struct scene *scene = kunit_kzalloc(test, sizeof(*scene), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, scene);
	scene->ctx = persona_context(test, &client, NTIMP_LEVEL_IMPERSONATION);
	scene->client = persona_cred(test, &client);
	scene->groups = scene->client->group_info;
	return scene;
}

/* Everything that a failure must leave alone. */
struct state {
	const struct cred *primary;
	long primary_usage;
	long client_usage;
	long ctx_client_usage;
	int groups_usage;
	unsigned int usage;
	unsigned int handles;
	unsigned int applied;
	int pins;
};

static struct state state_of(struct kunit *test, const struct scene *scene)
{
	/* Creds are let go of after a grace period, and with them what they refer to. */
	rcu_barrier();
	return (struct state) {
		.primary = current_cred(),
		.primary_usage = cred_usage(current_real_cred()),
		.client_usage = cred_usage(scene->client),
		.ctx_client_usage = cred_usage(scene->ctx->client),
		.groups_usage = atomic_read((atomic_t *)&scene->groups->usage),
		.usage = refcount_read(&scene->ctx->usage),
		.handles = refcount_read(&scene->ctx->handles),
		.applied = scene->ctx->nr_applied,
		.pins = pins(test),
	};
}

static void expect_same_state(struct kunit *test, const struct state *before,
			      const struct state *after, int nth)
{
	KUNIT_EXPECT_PTR_EQ_MSG(test, before->primary, after->primary, "allocation %d", nth);
	KUNIT_EXPECT_EQ_MSG(test, before->primary_usage, after->primary_usage,
			    "allocation %d", nth);
	KUNIT_EXPECT_EQ_MSG(test, before->client_usage, after->client_usage,
			    "allocation %d", nth);
	KUNIT_EXPECT_EQ_MSG(test, before->ctx_client_usage, after->ctx_client_usage,
			    "allocation %d", nth);
	KUNIT_EXPECT_EQ_MSG(test, before->groups_usage, after->groups_usage,
			    "allocation %d", nth);
	KUNIT_EXPECT_EQ_MSG(test, before->usage, after->usage, "allocation %d", nth);
	KUNIT_EXPECT_EQ_MSG(test, before->handles, after->handles, "allocation %d", nth);
	KUNIT_EXPECT_EQ_MSG(test, before->applied, after->applied, "allocation %d", nth);
	KUNIT_EXPECT_EQ_MSG(test, before->pins, after->pins, "allocation %d", nth);
}

#ifdef CONFIG_FAULT_INJECTION
/* Call it with allocation @nth failing: was there one to fail? */
static bool call_failing(const struct entry *entry, const struct scene *scene,
			 unsigned int nth, int *err)
{
	bool failed;

	current->fail_nth = nth;
	*err = entry->call(scene);
	failed = !current->fail_nth;
	current->fail_nth = 0;
	return failed;
}
#else
static bool call_failing(const struct entry *entry, const struct scene *scene,
			 unsigned int nth, int *err)
{
	*err = entry->call(scene);
	return false;
}
#endif

/*
 * Debugging objects allocates for itself in the middle of everything, and does
 * without when it fails: no failure of the call's own.
 */
static bool absorbed(int err)
{
	return !err && IS_ENABLED(CONFIG_DEBUG_OBJECTS);
}

/* What was retired holds on to the server's primary until it is swept. */
static void await_sweep(const struct state *before)
{
	while (cred_usage(current_real_cred()) != before->primary_usage)
		schedule_timeout_uninterruptible(1);
}

void fails_once(struct kunit *test)
{
	const struct entry *entry = test->param_value;
	int err, nth, failures = 0;

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		kunit_skip(test, "needs CONFIG_FAILSLAB");

	for (nth = 1; nth <= TRIES; nth++) {
		/* A call that succeeded would have left something to be found. */
		struct scene *scene = scene_prepare(test);
		struct state before, after;

		if (entry->applied)
			scene->applied = context_apply(test, scene->ctx);
		before = state_of(test, scene);
		if (!call_failing(entry, scene, nth, &err))
			break;
		if (absorbed(err)) {
			if (entry->retires)
				await_sweep(&before);
			continue;
		}
		after = state_of(test, scene);
		failures++;
		KUNIT_EXPECT_EQ_MSG(test, -ENOMEM, err, "allocation %d", nth);
		expect_same_state(test, &before, &after, nth);
	}
	KUNIT_EXPECT_EQ(test, 0, err);
	KUNIT_EXPECT_LE_MSG(test, nth, TRIES, "never succeeded");
	KUNIT_EXPECT_GE_MSG(test, failures, entry->allocations,
			    "is ignore-gfp-wait of failslab in debugfs N?");
}

/* Cached, it can't fail at all: nothing is allocated. */
static void cached_impersonation_allocates_nothing(struct kunit *test)
{
	static const struct entry impersonate = { "impersonate", call_impersonate };
	const struct scene *scene = scene_prepare(test);
	int err;

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		kunit_skip(test, "needs CONFIG_FAILSLAB");
	KUNIT_ASSERT_EQ(test, 0, call_impersonate(scene));
	KUNIT_EXPECT_FALSE(test, call_failing(&impersonate, scene, 1, &err));
	KUNIT_EXPECT_EQ(test, 0, err);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(fails_once, entry_gen_params),
	KUNIT_CASE(cached_impersonation_allocates_nothing),
	{}
};

struct kunit_suite ntimp_alloc_suite = {
	.name = "alloc",
	.test_cases = cases,
};
