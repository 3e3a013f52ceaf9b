// SPDX-License-Identifier: GPL-2.0-only
/* NTIMP_QUERY_THREAD: whom a thread impersonates, and who may ask. */
#include "harness.h"
#include <limits.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

static const gid_t client_groups[] = { 10, 20, 30 };

FIXTURE(query_thread)
{
	int dev;
	int ctx;
	struct actor actor;
};

FIXTURE_SETUP(query_thread)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, 1001, 1002, ARRAY_SIZE(client_groups), client_groups,
				LEVEL);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, actor_start(&self->actor));
}

FIXTURE_TEARDOWN(query_thread)
{
	actor_stop(&self->actor);
	close(self->ctx);
	close(self->dev);
}

static int impersonate(void *ctx)
{
	return context_impersonate(*(int *)ctx);
}

static int revert(void *dev)
{
	return device_revert(*(int *)dev);
}

/* Does a thread, asked for as @tid, wear this client and say so of @shown? */
static bool wears_client(int dev, pid_t tid, pid_t shown, int ctx)
{
	struct ntimp_info worn = { .size = sizeof(worn), .tid = tid };
	struct ntimp_info of_context = { .size = sizeof(of_context) };

	if (device_query_thread(dev, &worn) || context_query(ctx, &of_context))
		return false;
	if (worn.tid != shown || worn.flags != NTIMP_INFO_IMPERSONATING)
		return false;
	/* Everything else is the same as if the context was asked. */
	worn.tid = 0;
	worn.flags = 0;
	return !memcmp(&worn, &of_context, sizeof(worn));
}

TEST_F(query_thread, caller)
{
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, 0));
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, thread_id()));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_TRUE(wears_client(self->dev, 0, thread_id(), self->ctx));
	EXPECT_TRUE(wears_client(self->dev, thread_id(), thread_id(), self->ctx));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, 0));
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, thread_id()));
}

TEST_F(query_thread, other_thread)
{
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, self->actor.tid));
	ASSERT_EQ(0, actor_call(&self->actor, impersonate, &self->ctx));
	EXPECT_TRUE(wears_client(self->dev, self->actor.tid, self->actor.tid, self->ctx));
	/* The process is its first thread. */
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, getpid()));
	ASSERT_EQ(0, actor_call(&self->actor, revert, &self->dev));
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, self->actor.tid));
}

/* Who is asked about and who asks may both impersonate. */
TEST_F(query_thread, other_thread_while_impersonating)
{
	int other = capture_ids(self->dev, 1003, 1003, 0, NULL, LEVEL);

	ASSERT_EQ(0, actor_call(&self->actor, impersonate, &self->ctx));
	ASSERT_EQ(0, context_impersonate(other));
	EXPECT_TRUE(wears_client(self->dev, self->actor.tid, self->actor.tid, self->ctx));
	EXPECT_EQ(context_id(other), device_worn_id(self->dev, 0));
}

TEST_F(query_thread, groups)
{
	struct identity client;

	ASSERT_EQ(0, actor_call(&self->actor, impersonate, &self->ctx));
	ASSERT_EQ(0, device_worn_identity(self->dev, self->actor.tid, &client));
	EXPECT_EQ(1001, client.fsuid);
	EXPECT_EQ(1002, client.fsgid);
	ASSERT_EQ(ARRAY_SIZE(client_groups), client.ngroups);
	EXPECT_EQ(0, memcmp(client_groups, client.groups, sizeof(client_groups)));
}

TEST_F(query_thread, too_little_room_for_groups)
{
	gid_t group = 77;
	struct ntimp_info info = {
		.size = sizeof(info),
		.groups = (uintptr_t)&group,
		.ngroups = 1,
	};

	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(-ERANGE, device_query_thread(self->dev, &info));
	EXPECT_EQ(ARRAY_SIZE(client_groups), info.ngroups);
	ASSERT_EQ(0, device_revert(self->dev));
}

TEST_F(query_thread, not_a_number_of_a_thread)
{
	EXPECT_EQ(-EINVAL, device_worn_id(self->dev, -1));
	EXPECT_EQ(-EINVAL, device_worn_id(self->dev, -getpid()));
	EXPECT_EQ(-EINVAL, device_worn_id(self->dev, INT_MIN));
	EXPECT_EQ(-ESRCH, device_worn_id(self->dev, INT_MAX));
}

static int impersonate_and_wait(const struct child *parent, void *ctx)
{
	child_send(parent, impersonate(ctx));
	return child_receive(parent);
}

struct question {
	int dev;
	pid_t tid;
};

static int ask(void *arg)
{
	struct question *it = arg;
	int64_t id = device_worn_id(it->dev, it->tid);

	return id < 0 ? id : 0;
}

TEST_F(query_thread, other_process)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS), same = PERSONA_USER(1000);
	struct persona client = PERSONA_USER(1001);
	struct question question = { .dev = self->dev };
	struct child child;

	ASSERT_EQ(0, child_start(&child, &server, impersonate_and_wait, &self->ctx));
	ASSERT_EQ(0, child_receive(&child));
	question.tid = child.pid;
	EXPECT_TRUE(wears_client(self->dev, child.pid, child.pid, self->ctx));
	EXPECT_EQ(0, child_run(&server, ask, &question));
	EXPECT_EQ(-EPERM, child_run(&same, ask, &question));
	EXPECT_EQ(-EPERM, child_run(&client, ask, &question));
	child_finish(&child);
	EXPECT_EQ(-ESRCH, ask(&question));
}

/* What it wears gives the one who asks no right, and takes none from it. */
static int impersonate_and_ask(void *arg)
{
	const FIXTURE_DATA(query_thread) *self = arg;
	struct question question = { .dev = self->dev, .tid = getppid() };
	int err = ask(&question);

	if (err != -ENOENT)
		return -EPROTO;
	err = context_impersonate(self->ctx);
	return err ? err : ask(&question);
}

TEST_F(query_thread, judged_on_the_primary)
{
	EXPECT_EQ(-ENOENT, child_run(NULL, impersonate_and_ask, self));
}

TEST_HARNESS_MAIN
