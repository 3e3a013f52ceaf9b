// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernels that lack a function which a part of the module needs: that part says
 * so, and nothing else changes.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/sched/task.h>

#include "../ntimp/broker.h"
#include "../ntimp/callthrough.h"
#include "../ntimp/context.h"
#include "../ntimp/identify.h"
#include "../ntimp/lease.h"
#include "../ntimp/remote.h"
#include "contexts.h"
#include "persona.h"
#include "suites.h"

static const struct persona client = { .uid = 1001, .gid = 1001 };

static void other_threads(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &client, NTIMP_LEVEL_IMPERSONATION);
	unsigned long target = ntimp_callthrough_task_work_add.target;

	KUNIT_ASSERT_TRUE(test, ntimp_remote_available());
	ntimp_callthrough_task_work_add.target = 0;
	KUNIT_EXPECT_FALSE(test, ntimp_remote_available());
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, ntimp_impersonate_task(ctx, &init_task, 0));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, ntimp_revert_task(&init_task));
	/* The current thread needs nobody's help. */
	KUNIT_EXPECT_EQ(test, 0, ntimp_impersonate_task(ctx, current, 0));
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert_task(current));
	ntimp_callthrough_task_work_add.target = target;
}

static void file_operations(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &client, NTIMP_LEVEL_IMPERSONATION);
	unsigned long target = ntimp_callthrough_build_open_flags.target;
	const struct ntimp_call call = { .op = NTIMP_OP_OPEN };

	KUNIT_EXPECT_TRUE(test, callthrough_complete);
	KUNIT_ASSERT_TRUE(test, ntimp_broker_works());
	callthrough_complete = false;
	ntimp_callthrough_build_open_flags.target = 0;
	KUNIT_EXPECT_FALSE(test, ntimp_broker_works());
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, ntimp_broker_call(ctx, &call));
	ntimp_callthrough_build_open_flags.target = target;
	callthrough_complete = true;
}

static void low_levels(struct kunit *test)
{
	struct ntimp_context *low = persona_context(test, &client, NTIMP_LEVEL_IDENTIFICATION);
	struct ntimp_context *ctx = persona_context(test, &client, NTIMP_LEVEL_IMPERSONATION);
	bool armed = ntimp_identify_armed;

	ntimp_identify_armed = false;
	ntimp_identify_never = -EOPNOTSUPP;
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, ntimp_impersonate(low));
	KUNIT_EXPECT_PTR_EQ(test, current_real_cred(), current_cred());
	/* What can't deny doesn't revoke by halves. */
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, ntimp_revoke(ctx, NTIMP_REVOKE_DENY));
	KUNIT_EXPECT_EQ(test, 0, ntimp_lease_check(ctx->lease));
	KUNIT_EXPECT_EQ(test, 0, ntimp_impersonate(ctx));
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	ntimp_identify_never = 0;
	ntimp_identify_armed = armed;
}

static struct kunit_case cases[] = {
	KUNIT_CASE(other_threads),
	KUNIT_CASE(file_operations),
	KUNIT_CASE(low_levels),
	{}
};

struct kunit_suite ntimp_absent_suite = {
	.name = "absent",
	.test_cases = cases,
};
