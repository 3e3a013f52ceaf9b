// SPDX-License-Identifier: GPL-2.0-only
/* Which threads wear a context, and who is told. */
#include "harness.h"
#include <sched.h>
#include <sys/syscall.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"

#define CLIENT	1001
#define LEVEL	NTIMP_LEVEL_IMPERSONATION
#define ROOM	64
#define THREADS	20

FIXTURE(wearers)
{
	int dev;
	int ctx;
	int other;
};

FIXTURE_SETUP(wearers)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, CLIENT, CLIENT, 0, NULL, LEVEL);
	ASSERT_LE(0, self->ctx);
	self->other = capture_ids(self->dev, 1002, 1002, 0, NULL, LEVEL);
	ASSERT_LE(0, self->other);
}

FIXTURE_TEARDOWN(wearers)
{
	EXPECT_EQ(0, device_revert(self->dev));
	close(self->other);
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

/* How many there are, and whether this thread is one of them. */
static int count(int ctx)
{
	return context_wearers(ctx, NULL, 0);
}

static bool is_listed(int ctx, pid_t tid)
{
	int32_t tids[ROOM];
	int n = context_wearers(ctx, tids, ROOM);

	for (int i = 0; i < n; i++)
		if (tids[i] == tid)
			return true;
	return false;
}

TEST_F(wearers, nobody)
{
	int32_t tid;

	EXPECT_EQ(0, count(self->ctx));
	EXPECT_EQ(0, context_wearers(self->ctx, &tid, 1));
	/* Not even when it was worn before. */
	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, count(self->ctx));
}

TEST_F(wearers, the_caller)
{
	int copy = capture_context(self->dev, self->ctx, LEVEL);

	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(1, count(self->ctx));
	EXPECT_TRUE(is_listed(self->ctx, thread_id()));
	/* Neither another context nor a duplicate. */
	EXPECT_EQ(0, count(self->other));
	EXPECT_EQ(0, count(copy));
	ASSERT_EQ(0, context_impersonate(copy));
	EXPECT_EQ(0, count(self->ctx));
	EXPECT_EQ(1, count(copy));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, count(copy));
	EXPECT_EQ(0, close(copy));
}

/* pthread_join() returns while the thread has yet to revert. */
static void stop(struct actor *actor)
{
	pid_t tid = actor->tid;

	actor_stop(actor);
	while (!syscall(SYS_tgkill, getpid(), tid, 0))
		sched_yield();
}

TEST_F(wearers, threads)
{
	struct actor actors[THREADS];

	for (int i = 0; i < THREADS; i++) {
		ASSERT_EQ(0, actor_start(&actors[i]));
		EXPECT_EQ(0, actor_call(&actors[i], impersonate,
					i % 2 ? &self->ctx : &self->other));
	}
	EXPECT_EQ(THREADS / 2, count(self->ctx));
	EXPECT_EQ(THREADS / 2, count(self->other));
	for (int i = 0; i < THREADS; i++) {
		EXPECT_EQ(i % 2, is_listed(self->ctx, actors[i].tid));
		EXPECT_EQ(!(i % 2), is_listed(self->other, actors[i].tid));
	}
	/* One reverts, one changes, one ends. */
	EXPECT_EQ(0, actor_call(&actors[1], revert, &self->dev));
	EXPECT_EQ(0, actor_call(&actors[3], impersonate, &self->other));
	stop(&actors[5]);
	EXPECT_EQ(THREADS / 2 - 3, count(self->ctx));
	EXPECT_EQ(THREADS / 2 + 1, count(self->other));
	EXPECT_FALSE(is_listed(self->ctx, actors[1].tid));
	for (int i = 0; i < THREADS; i++)
		if (i != 5)
			stop(&actors[i]);
	EXPECT_EQ(0, count(self->ctx));
}

TEST_F(wearers, too_little_room)
{
	struct actor actors[4];
	int32_t tids[4] = { -1, -1, -1, -1 };
	struct ntimp_wearers wearers = {
		.size = sizeof(wearers), .tids = (uintptr_t)tids, .ntids = 3,
	};

	for (int i = 0; i < 4; i++) {
		ASSERT_EQ(0, actor_start(&actors[i]));
		EXPECT_EQ(0, actor_call(&actors[i], impersonate, &self->ctx));
	}
	EXPECT_EQ(-ERANGE, device_ioctl(self->ctx, NTIMP_CTX_WEARERS, (uintptr_t)&wearers));
	EXPECT_EQ(4, wearers.ntids);
	for (int i = 0; i < 4; i++)
		EXPECT_EQ(-1, tids[i]);
	EXPECT_EQ(0, device_ioctl(self->ctx, NTIMP_CTX_WEARERS, (uintptr_t)&wearers));
	for (int i = 0; i < 4; i++)
		EXPECT_LT(0, tids[i]);
	for (int i = 0; i < 4; i++)
		actor_stop(&actors[i]);
}

TEST_F(wearers, wrong_arguments)
{
	int32_t tids[1];
	const struct ntimp_wearers wrong[] = {
		{ .flags = 1 }, { .flags = 1U << 31 }, { .reserved = 1 },
		{ .tids = (uintptr_t)tids }, { .ntids = 1 },
	};
	struct ntimp_wearers unreadable = {
		.size = sizeof(unreadable), .tids = 1, .ntids = 1,
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct ntimp_wearers wearers = wrong[i];

		wearers.size = sizeof(wearers);
		EXPECT_EQ(-EINVAL, device_ioctl(self->ctx, NTIMP_CTX_WEARERS, (uintptr_t)&wearers))
			TH_LOG("row %zu", i);
	}
	EXPECT_EQ(0, device_ioctl(self->ctx, NTIMP_CTX_WEARERS, (uintptr_t)&unreadable));
	unreadable.ntids = 1;
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(-EFAULT, device_ioctl(self->ctx, NTIMP_CTX_WEARERS, (uintptr_t)&unreadable));
}

/* Revoked ones above all, and dynamic ones whose client has become another. */
TEST_F(wearers, of_what_has_ended)
{
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(0, context_revoke(self->ctx, 0));
	EXPECT_TRUE(is_listed(self->ctx, thread_id()));
	ASSERT_EQ(0, context_impersonate(self->other));
	EXPECT_EQ(0, context_expire(self->other, 0));
	EXPECT_EQ(0, count(self->ctx));
	EXPECT_TRUE(is_listed(self->other, thread_id()));
}

static int drop_groups_when_told(const struct child *parent, void *arg)
{
	int err = child_receive(parent);

	(void)arg;
	child_send(parent, err ?: persona_set_groups(0, NULL));
	return child_receive(parent);
}

TEST_F(wearers, of_a_former_client)
{
	const gid_t groups[] = { 50 };
	struct persona user = {
		.uid = CLIENT, .gid = CLIENT, .groups = groups, .ngroups = 1,
		.permitted = CAPS_SETIDS, .effective = CAPS_SETIDS,
	};
	struct identity seen;
	struct child client;
	int ctx;

	ASSERT_EQ(0, child_start(&client, &user, drop_groups_when_told, NULL));
	ctx = capture_thread_qos(self->dev, client.pid, (struct ntimp_qos){
		.level = LEVEL, .tracking = NTIMP_TRACKING_DYNAMIC,
	});
	ASSERT_LE(0, ctx);
	ASSERT_EQ(0, context_impersonate(ctx));
	ASSERT_EQ(0, child_send(&client, 0));
	ASSERT_EQ(0, child_receive(&client));
	EXPECT_EQ(0, context_update(ctx));

	/* The thread wears what the client was, and queries say so. */
	EXPECT_TRUE(is_listed(ctx, thread_id()));
	ASSERT_EQ(0, device_worn_identity(self->dev, 0, &seen));
	EXPECT_EQ(1, seen.ngroups);
	ASSERT_EQ(0, identity_subjective(&seen));
	EXPECT_EQ(1, seen.ngroups);
	ASSERT_EQ(0, context_identity(ctx, &seen));
	EXPECT_EQ(0, seen.ngroups);

	ASSERT_EQ(0, context_impersonate(ctx));
	EXPECT_TRUE(is_listed(ctx, thread_id()));
	ASSERT_EQ(0, device_worn_identity(self->dev, 0, &seen));
	EXPECT_EQ(0, seen.ngroups);
	ASSERT_EQ(0, identity_subjective(&seen));
	EXPECT_EQ(0, seen.ngroups);
	EXPECT_EQ(0, device_revert(self->dev));
	ASSERT_EQ(0, child_send(&client, 0));
	EXPECT_EQ(0, child_finish(&client));
}

static int wear_and_wait(const struct child *parent, void *ctx)
{
	child_send(parent, impersonate(ctx));
	return child_receive(parent) < 0 ? 0 : -EPROTO;
}

static int count_of(void *ctx)
{
	return count(*(int *)ctx);
}

/* Who may not look at a thread doesn't learn that it is there. */
TEST_F(wearers, of_another_process)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS);
	struct persona same = PERSONA_USER(1000), stranger = PERSONA_CAPS(1005, CAPS_SETIDS);
	struct persona tracer = PERSONA_CAPS(1005, CAPS_SETIDS | CAP_BIT(CAP_SYS_PTRACE));
	struct child child;

	ASSERT_EQ(0, child_start(&child, &server, wear_and_wait, &self->ctx));
	ASSERT_EQ(0, child_receive(&child));
	EXPECT_EQ(1, count(self->ctx));
	EXPECT_TRUE(is_listed(self->ctx, child.pid));
	EXPECT_EQ(0, child_run(&same, count_of, &self->ctx));
	EXPECT_EQ(0, child_run(&stranger, count_of, &self->ctx));
	EXPECT_EQ(1, child_run(&tracer, count_of, &self->ctx));
	EXPECT_EQ(0, child_finish(&child));
	EXPECT_EQ(0, count(self->ctx));
}

static int count_and_wear(void *ctx)
{
	if (count(*(int *)ctx) || impersonate(ctx))
		return -EPROTO;
	/* In here it is thread 1. */
	return is_listed(*(int *)ctx, 1) ? count(*(int *)ctx) : -EPROTO;
}

static int in_pid_namespace(void *ctx)
{
	return unshare(CLONE_NEWPID) ? -errno : child_run(NULL, count_and_wear, ctx);
}

/* Threads without a number are not there. */
TEST_F(wearers, in_a_pid_namespace)
{
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(1, child_run(NULL, in_pid_namespace, &self->ctx));
}

TEST_HARNESS_MAIN
