// SPDX-License-Identifier: GPL-2.0-only
/* Operations for a client: what is refused before anything is done, and what is left alone. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fcntl.h>

#include "../ntimp/broker.h"
#include "../ntimp/callthrough.h"
#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "../ntimp/worker.h"
#include "actor.h"
#include "contexts.h"
#include "persona.h"
#include "rows.h"
#include "suites.h"

static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona alice = { .uid = 1001, .gid = 1001 };
static const struct persona bob = { .uid = 1002, .gid = 1002 };

struct call_row {
	const char *name;
	struct ntimp_call call;
};

/* The path is never looked at. */
#define CALL(_op, ...)	{ .op = (_op), .dirfd = AT_FDCWD, ##__VA_ARGS__ }

static const struct call_row call_rows[] = {
	{ "no operation", CALL(0) },
	{ "operation after the last", CALL(NTIMP_OP_CHMOD + 1) },
	{ "operation of many bits", CALL(U32_MAX) },
	{ "unknown flag", CALL(NTIMP_OP_OPEN, .flags = 2) },
	{ "open with a second path", CALL(NTIMP_OP_OPEN, .path2 = 1) },
	{ "access with a second path", CALL(NTIMP_OP_ACCESS, .path2 = 1) },
	{ "access with an unknown mode", CALL(NTIMP_OP_ACCESS, .mode = 8) },
	{ "access with AT_REMOVEDIR's other bit", CALL(NTIMP_OP_ACCESS, .how = 1) },
	{ "access with resolve", CALL(NTIMP_OP_ACCESS, .resolve = 1) },
	{ "mkdir with how", CALL(NTIMP_OP_MKDIR, .how = 1) },
	{ "mkdir with a type", CALL(NTIMP_OP_MKDIR, .mode = 040000) },
	{ "unlink with a mode", CALL(NTIMP_OP_UNLINK, .mode = 1) },
	{ "unlink with unknown flags", CALL(NTIMP_OP_UNLINK, .how = 1) },
	{ "rename with a mode", CALL(NTIMP_OP_RENAME, .mode = 1) },
	{ "rename with unknown flags", CALL(NTIMP_OP_RENAME, .how = 8) },
	{ "chmod with how", CALL(NTIMP_OP_CHMOD, .how = AT_SYMLINK_NOFOLLOW) },
	{ "chmod with a mode of many bits", CALL(NTIMP_OP_CHMOD, .mode = BIT_ULL(32)) },
};

ROWS(call);

static void malformed_calls_are_refused(struct kunit *test)
{
	const struct call_row *row = test->param_value;
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);

	KUNIT_EXPECT_EQ(test, -EINVAL, ntimp_broker_call(ctx, &row->call));
	KUNIT_EXPECT_EQ(test, 0U, ctx->nr_applied);
}

static const struct ntimp_call exists = CALL(NTIMP_OP_ACCESS);

/* With a level, a server and a thread that fit the next thing is the path, which is bad. */
static void who_may_is_judged_first(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_context *low = persona_context(test, &alice, NTIMP_LEVEL_IDENTIFICATION);
	const struct persona weak = { .uid = 1000, .gid = 1000 };

	persona_become(test, &weak);
	KUNIT_EXPECT_EQ(test, -EACCES, ntimp_broker_call(low, &exists));
	KUNIT_EXPECT_EQ(test, -EPERM, ntimp_broker_call(ctx, &exists));
}

static void thread_stays_what_it_is(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_context *other = persona_context(test, &bob, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *primary = persona_become(test, &server), *worn;

	KUNIT_EXPECT_EQ(test, -EFAULT, ntimp_broker_call(ctx, &exists));
	KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(other));
	worn = current_cred();
	KUNIT_EXPECT_EQ(test, -EFAULT, ntimp_broker_call(ctx, &exists));
	KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
}

static void foreign_override_is_left_alone(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *foreign = persona_cred(test, &bob);

	persona_become(test, &server);
	act_wear((void *)foreign);
	KUNIT_EXPECT_EQ(test, -EBUSY, ntimp_broker_call(ctx, &exists));
	KUNIT_EXPECT_PTR_EQ(test, foreign, current_cred());
	act_wear(NULL);
}

static long note_cred(void *arg)
{
	*(const struct cred **)arg = current_cred();
	return 42;
}

/* Runs, and nests: everything is counted as before. */
static void runs_under_a_cred(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *primary = persona_become(test, &server);
	const struct cred *cred = context_apply(test, ctx), *seen = NULL;
	long usage = cred_usage(cred), of_primary = cred_usage(primary);

	KUNIT_EXPECT_EQ(test, 42L, ntimp_cred_run(cred, note_cred, &seen));
	KUNIT_EXPECT_PTR_EQ(test, cred, seen);
	KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
	KUNIT_EXPECT_EQ(test, usage, cred_usage(cred));
	KUNIT_EXPECT_EQ(test, of_primary, cred_usage(primary));
}

/* There is no process to make a worker in. */
static void threads_of_the_system_have_no_worker(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *cred = context_apply(test, ctx), *seen = NULL;

	KUNIT_ASSERT_TRUE(test, current->flags & PF_KTHREAD);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, ntimp_worker_run(cred, note_cred, &seen));
	KUNIT_EXPECT_NULL(test, seen);
}

struct open_row {
	const char *name;
	struct ntimp_call call;
	long err;
};

static const struct open_row open_rows[] = {
	{ "bad flags", CALL(NTIMP_OP_OPEN, .how = BIT_ULL(40)), -EINVAL },
	{ "a mode without O_CREAT", CALL(NTIMP_OP_OPEN, .mode = 0600), -EINVAL },
	{ "unknown resolve", CALL(NTIMP_OP_OPEN, .resolve = BIT_ULL(40)), -EINVAL },
	{ "bad address", CALL(NTIMP_OP_OPEN, .path = 1), -EFAULT },
};

ROWS(open);

/* Kernels which have no function for all of it open in parts, and nobody can tell. */
static void opens_alike_at_once_and_in_parts(struct kunit *test)
{
	const struct open_row *row = test->param_value;
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	unsigned long target = ntimp_callthrough_do_sys_openat2.target;
	const struct cred *primary = persona_become(test, &server);
	const struct cred *cred = context_apply(test, ctx);

	KUNIT_ASSERT_NE(test, 0UL, target);
	KUNIT_EXPECT_EQ(test, row->err, ntimp_broker_call(ctx, &row->call));
	KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
	ntimp_callthrough_do_sys_openat2.target = 0;
	KUNIT_EXPECT_TRUE(test, ntimp_broker_works());
	KUNIT_EXPECT_EQ(test, row->err, ntimp_broker_call(ctx, &row->call));
	KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
	ntimp_callthrough_do_sys_openat2.target = target;
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(cred));
}

static struct kunit_case broker_cases[] = {
	KUNIT_CASE_PARAM(opens_alike_at_once_and_in_parts, open_gen_params),
	KUNIT_CASE_PARAM(malformed_calls_are_refused, call_gen_params),
	KUNIT_CASE(who_may_is_judged_first),
	KUNIT_CASE(thread_stays_what_it_is),
	KUNIT_CASE(foreign_override_is_left_alone),
	KUNIT_CASE(runs_under_a_cred),
	KUNIT_CASE(threads_of_the_system_have_no_worker),
	{}
};

struct kunit_suite ntimp_broker_suite = {
	.name = "broker",
	.test_cases = broker_cases,
};
