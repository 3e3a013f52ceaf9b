// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each source which is a living thread gives exactly what that thread is: all
 * ids, groups and capabilities, whoever it is.
 */
#include "harness.h"
#include <sys/socket.h>

#include "actor.h"
#include "client.h"
#include "device.h"
#include "identity.h"

static const gid_t few_groups[] = { 5, 60, 2000 };

FIXTURE(capture_source)
{
	int dev;
};

FIXTURE_VARIANT(capture_source)
{
	struct persona who;
	/* Where the ids differ from each other. */
	bool split;
	uid_t uids[4];
	gid_t gids[4];
};

FIXTURE_VARIANT_ADD(capture_source, root)
{
	.who = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
};

FIXTURE_VARIANT_ADD(capture_source, root_without_capabilities)
{
	.who = { .uid = 0 },
};

FIXTURE_VARIANT_ADD(capture_source, user)
{
	.who = { .uid = 1000, .gid = 1000 },
};

FIXTURE_VARIANT_ADD(capture_source, user_with_groups)
{
	.who = {
		.uid = 1000, .gid = 100,
		.groups = few_groups, .ngroups = ARRAY_SIZE(few_groups),
	},
};

FIXTURE_VARIANT_ADD(capture_source, user_with_capabilities)
{
	.who = {
		.uid = 1000, .gid = 1000,
		.permitted = CAPS_SETIDS | CAP_BIT(CAP_CHOWN),
		.effective = CAP_BIT(CAP_CHOWN),
		.inheritable = CAP_BIT(CAP_CHOWN),
		.ambient = CAP_BIT(CAP_CHOWN),
	},
};

FIXTURE_VARIANT_ADD(capture_source, differing_ids)
{
	.who = {
		.permitted = CAPS_ALL, .effective = CAPS_ALL,
		.groups = few_groups, .ngroups = ARRAY_SIZE(few_groups),
	},
	.split = true,
	.uids = { 1001, 1002, 1003, 1004 },
	.gids = { 2001, 2002, 2003, 2004 },
};

FIXTURE_VARIANT_ADD(capture_source, largest_ids)
{
	.who = { .uid = 0xfffffffe, .gid = 0xfffffffe },
};

FIXTURE_SETUP(capture_source)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(capture_source)
{
	close(self->dev);
}

static int become(const FIXTURE_VARIANT(capture_source) *variant)
{
	int err = persona_take(&variant->who);

	if (!err && variant->split)
		err = persona_split(variant->uids, variant->gids);
	return err;
}

/* Is the client of @ctx what /proc shows of @tid? */
static bool is_client(int ctx, pid_t tid)
{
	struct identity client, thread;

	if (ctx < 0 || context_identity(ctx, &client) || identity_objective(tid, &thread))
		return false;
	/* A context tells no others. */
	thread.inheritable = 0;
	thread.bounding = 0;
	thread.ambient = 0;
	return identity_equal(&thread, &client);
}

struct become_and_check {
	const FIXTURE_VARIANT(capture_source) *variant;
	int dev;
};

static int check_self(void *arg)
{
	struct become_and_check *check = arg;
	int err = become(check->variant), ctx;

	if (err)
		return err;
	ctx = capture_self(check->dev, NTIMP_LEVEL_IMPERSONATION);
	return ctx < 0 ? ctx : is_client(ctx, getpid());
}

TEST_F(capture_source, self)
{
	struct become_and_check check = { variant, self->dev };

	EXPECT_EQ(1, child_run(NULL, check_self, &check));
}

static int become_in_thread(void *arg)
{
	return become(arg);
}

static int capture_self_in_thread(void *dev)
{
	return capture_self(*(int *)dev, NTIMP_LEVEL_IMPERSONATION);
}

/* The thread's own identity, not that of its process. */
TEST_F(capture_source, thread_of_the_same_process)
{
	struct actor actor;
	int ctx;

	ASSERT_EQ(0, actor_start(&actor));
	ASSERT_EQ(0, actor_call(&actor, become_in_thread, (void *)variant));
	ctx = capture_thread(self->dev, actor.tid, NTIMP_LEVEL_IMPERSONATION);
	EXPECT_LE(0, ctx);
	EXPECT_TRUE(is_client(ctx, actor.tid));
	ctx = actor_call(&actor, capture_self_in_thread, &self->dev);
	EXPECT_LE(0, ctx);
	EXPECT_TRUE(is_client(ctx, actor.tid));
	actor_stop(&actor);
}

static int become_and_wait(const struct child *parent, void *variant)
{
	child_send(parent, become(variant));
	return child_receive(parent);
}

TEST_F(capture_source, thread_of_another_process)
{
	struct child child;
	int ctx;

	ASSERT_EQ(0, child_start(&child, NULL, become_and_wait, (void *)variant));
	ASSERT_EQ(0, child_receive(&child));
	ctx = capture_thread(self->dev, child.pid, NTIMP_LEVEL_IMPERSONATION);
	EXPECT_LE(0, ctx);
	EXPECT_TRUE(is_client(ctx, child.pid));
	child_finish(&child);
}

struct become_and_connect {
	const FIXTURE_VARIANT(capture_source) *variant;
	struct listener listener;
};

static int become_and_connect(const struct child *server, void *arg)
{
	struct become_and_connect *it = arg;
	int err = become(it->variant);
	int fd = err ? err : listener_connect(&it->listener);

	child_send(server, fd < 0 ? fd : 0);
	return child_receive(server);
}

TEST_F(capture_source, peer)
{
	struct become_and_connect it = { .variant = variant };
	struct child child;
	int ctx;

	ASSERT_EQ(0, listener_open(&it.listener, SOCK_STREAM));
	ASSERT_EQ(0, child_start(&child, NULL, become_and_connect, &it));
	ASSERT_EQ(0, child_receive(&child));
	ctx = capture_peer(self->dev, listener_accept(&it.listener), NTIMP_LEVEL_IMPERSONATION);
	EXPECT_LE(0, ctx);
	EXPECT_TRUE(is_client(ctx, child.pid));
	child_finish(&child);
}

static int check_socketpair(void *arg)
{
	struct become_and_check *check = arg;
	int err = become(check->variant), ends[2], ctx;

	if (!err && socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		err = -errno;
	if (err)
		return err;
	ctx = capture_peer(check->dev, ends[1], NTIMP_LEVEL_IMPERSONATION);
	return ctx < 0 ? ctx : is_client(ctx, getpid());
}

TEST_F(capture_source, peer_by_socketpair)
{
	struct become_and_check check = { variant, self->dev };

	EXPECT_EQ(1, child_run(NULL, check_socketpair, &check));
}

TEST_F(capture_source, duplicate)
{
	struct actor actor;
	int ctx, copy;

	ASSERT_EQ(0, actor_start(&actor));
	ASSERT_EQ(0, actor_call(&actor, become_in_thread, (void *)variant));
	ctx = capture_thread(self->dev, actor.tid, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, ctx);
	copy = capture_context(self->dev, ctx, NTIMP_LEVEL_IMPERSONATION);
	EXPECT_LE(0, copy);
	ASSERT_EQ(0, close(ctx));
	EXPECT_TRUE(is_client(copy, actor.tid));
	actor_stop(&actor);
}

TEST_HARNESS_MAIN
