// SPDX-License-Identifier: GPL-2.0-only
/* libntimp: impersonate, revert and query; what is left for a later version. */
#include "harness.h"
#include <fcntl.h>
#include <limits.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"
#include "library.h"

FIXTURE(lib_wear)
{
	int ctx;
};

FIXTURE_SETUP(lib_wear)
{
	self->ctx = ntimp_capture_ids(1001, 1001, 0, NULL, NULL);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(lib_wear)
{
	EXPECT_EQ(0, ntimp_revert());
	close(self->ctx);
}

TEST_F(lib_wear, impersonate_and_revert)
{
	struct ntimp_info info = {};

	EXPECT_EQ(-ENOENT, result(ntimp_query_thread(0, &info)));
	ASSERT_EQ(0, ntimp_impersonate(self->ctx));
	EXPECT_TRUE(acts_as(1001, 1001));
	EXPECT_TRUE(is_seen_as(thread_id(), 0, 0));
	ASSERT_EQ(0, ntimp_query_thread(0, &info));
	EXPECT_EQ(thread_id(), info.tid);
	EXPECT_EQ(context_id(self->ctx), info.id);
	EXPECT_EQ(NTIMP_INFO_IMPERSONATING, info.flags);
	ASSERT_EQ(0, ntimp_revert());
	EXPECT_TRUE(acts_as(0, 0));
	EXPECT_EQ(-ENOENT, result(ntimp_query_thread(0, &info)));
}

TEST_F(lib_wear, revert_without_impersonating)
{
	EXPECT_EQ(0, ntimp_revert());
	EXPECT_EQ(0, ntimp_revert());
}

static int impersonate_alone(void *ctx)
{
	return result(ntimp_impersonate(*(int *)ctx));
}

TEST_F(lib_wear, impersonate_errors)
{
	struct persona user = PERSONA_USER(1000);

	EXPECT_EQ(-EBADF, result(ntimp_impersonate(-1)));
	EXPECT_EQ(-ENOTTY, result(ntimp_impersonate(open("/dev/null", O_RDWR))));
	EXPECT_EQ(-EPERM, child_run(&user, impersonate_alone, &self->ctx));
	EXPECT_TRUE(acts_as(0, 0));
}

TEST_F(lib_wear, impersonate_below_impersonation)
{
	const struct ntimp_qos low = { .level = NTIMP_LEVEL_IDENTIFICATION };
	int ctx = ntimp_capture_ids(1001, 1001, 0, NULL, &low);
	struct ntimp_info info;

	ASSERT_EQ(0, ntimp_impersonate(ctx));
	EXPECT_TRUE(acts_as(65534, 65534));
	EXPECT_EQ(0, ntimp_query_thread(0, &info));
	EXPECT_EQ(1001, info.uid);
	EXPECT_EQ(NTIMP_LEVEL_IDENTIFICATION, info.qos.level);
	EXPECT_EQ(-1, open("/", O_RDONLY));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(0, ntimp_revert());
	EXPECT_TRUE(acts_as(0, 0));
}

TEST_F(lib_wear, query)
{
	const gid_t groups[] = { 10, 20 };
	int ctx = ntimp_capture_ids(1001, 1002, ARRAY_SIZE(groups), groups, NULL);
	gid_t seen[2] = {};
	struct ntimp_info info;

	/* What the library sets itself, the caller need not. */
	memset(&info, 0xff, sizeof(info));
	info.groups = 0;
	info.ngroups = 0;
	ASSERT_EQ(0, ntimp_query(ctx, &info));
	EXPECT_EQ(1001, info.uid);
	EXPECT_EQ(1002, info.gid);
	EXPECT_EQ(2, info.ngroups);

	info.groups = (uintptr_t)seen;
	info.ngroups = 1;
	EXPECT_EQ(-ERANGE, result(ntimp_query(ctx, &info)));
	EXPECT_EQ(2, info.ngroups);
	EXPECT_EQ(0, ntimp_query(ctx, &info));
	EXPECT_EQ(0, memcmp(groups, seen, sizeof(groups)));

	info.groups = 8;
	EXPECT_EQ(-EFAULT, result(ntimp_query(ctx, &info)));
	info.groups = 0;
	EXPECT_EQ(-EINVAL, result(ntimp_query(ctx, &info)));
	info.ngroups = 0;
	EXPECT_EQ(-EBADF, result(ntimp_query(-1, &info)));
	EXPECT_EQ(-ENOTTY, result(ntimp_query(open("/dev/null", O_RDONLY), &info)));
}

TEST_F(lib_wear, query_thread)
{
	struct ntimp_info info = {};
	struct actor actor;

	ASSERT_EQ(0, actor_start(&actor));
	EXPECT_EQ(-ENOENT, result(ntimp_query_thread(actor.tid, &info)));
	ASSERT_EQ(0, actor_call(&actor, impersonate_alone, &self->ctx));
	EXPECT_EQ(0, ntimp_query_thread(actor.tid, &info));
	EXPECT_EQ(actor.tid, info.tid);
	EXPECT_EQ(1001, info.uid);
	info.ngroups = 0;
	EXPECT_EQ(-EINVAL, result(ntimp_query_thread(-1, &info)));
	EXPECT_EQ(-ESRCH, result(ntimp_query_thread(INT_MAX, &info)));
	actor_stop(&actor);
}

static int act_as_client(void *arg)
{
	(void)arg;
	return acts_as(1001, 1001) ? 0 : -EPROTO;
}

static int act_as_server(void *arg)
{
	(void)arg;
	return acts_as(0, 0) ? 0 : -EPROTO;
}

TEST_F(lib_wear, other_thread)
{
	struct actor actor;

	ASSERT_EQ(0, actor_start(&actor));
	EXPECT_EQ(0, result(ntimp_impersonate_thread(self->ctx, actor.tid)));
	EXPECT_EQ(0, actor_call(&actor, act_as_client, NULL));
	EXPECT_TRUE(acts_as(0, 0));
	EXPECT_EQ(0, result(ntimp_revert_thread(actor.tid)));
	EXPECT_EQ(0, actor_call(&actor, act_as_server, NULL));
	actor_stop(&actor);

	EXPECT_EQ(-EINVAL, result(ntimp_impersonate_thread(self->ctx, 0)));
	EXPECT_EQ(-EINVAL, result(ntimp_revert_thread(0)));
	EXPECT_EQ(-ESRCH, result(ntimp_impersonate_thread(self->ctx, INT_MAX)));
	EXPECT_EQ(-ESRCH, result(ntimp_revert_thread(INT_MAX)));
	EXPECT_EQ(-EPERM, result(ntimp_impersonate_thread(self->ctx, 1)));
	EXPECT_EQ(-EBADF, result(ntimp_impersonate_thread(-1, thread_id())));
	EXPECT_EQ(-ENOTTY, result(ntimp_impersonate_thread(STDERR_FILENO, thread_id())));
}

TEST_HARNESS_MAIN
