// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a context: its descriptors may be closed while it is worn, be
 * duplicated, inherited and handed to another process.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/socket.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"
#include "scratch.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

FIXTURE(wear_closed)
{
	int dev;
	int ctx;
	int64_t id;
	struct scratch scratch;
};

FIXTURE_SETUP(wear_closed)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	self->ctx = capture_ids(self->dev, 1001, 1001, 0, NULL, LEVEL);
	ASSERT_LE(0, self->ctx);
	self->id = context_id(self->ctx);
}

FIXTURE_TEARDOWN(wear_closed)
{
	EXPECT_EQ(0, device_revert(self->dev));
	scratch_close(&self->scratch);
	close(self->dev);
}

/* NTIMP_INFO_* of the context that a thread wears, or -errno. */
static int worn_flags(int dev, pid_t tid)
{
	struct ntimp_info info = { .size = sizeof(info), .tid = tid };
	int err = device_query_thread(dev, &info);

	return err ? err : (int)info.flags;
}

TEST_F(wear_closed, while_it_is_worn)
{
	struct identity client;

	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(NTIMP_INFO_IMPERSONATING, worn_flags(self->dev, 0));
	ASSERT_EQ(0, close(self->ctx));

	EXPECT_EQ(NTIMP_INFO_IMPERSONATING | NTIMP_INFO_CLOSED, worn_flags(self->dev, 0));
	EXPECT_EQ(self->id, device_worn_id(self->dev, 0));
	ASSERT_EQ(0, device_worn_identity(self->dev, 0, &client));
	EXPECT_TRUE(identity_is(&client, 1001, 1001, 0, NULL));
	EXPECT_TRUE(acts_as(1001, 1001));
	EXPECT_EQ(0, file_create(&self->scratch, "made"));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "made", 1001, 1001));

	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(acts_as(0, 0));
	EXPECT_EQ(-ENOENT, worn_flags(self->dev, 0));
}

/* What is worn can be captured again, though its context is closed. */
TEST_F(wear_closed, and_captured_again)
{
	int again;

	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_EQ(0, close(self->ctx));
	again = capture_self(self->dev, LEVEL);
	EXPECT_TRUE(context_is_of(again, 1001, 1001));
	EXPECT_NE(self->id, context_id(again));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, context_impersonate(again));
	EXPECT_TRUE(acts_as(1001, 1001));
}

TEST_F(wear_closed, and_replaced)
{
	int other = capture_ids(self->dev, 1002, 1002, 0, NULL, LEVEL);

	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_EQ(0, close(self->ctx));
	ASSERT_EQ(0, context_impersonate(other));
	EXPECT_TRUE(acts_as(1002, 1002));
	EXPECT_EQ(NTIMP_INFO_IMPERSONATING, worn_flags(self->dev, 0));
}

static int impersonate(void *ctx)
{
	return context_impersonate(*(int *)ctx);
}

static int revert(void *dev)
{
	return device_revert(*(int *)dev);
}

TEST_F(wear_closed, while_several_threads_wear_it)
{
	struct actor actors[3];

	for (size_t i = 0; i < ARRAY_SIZE(actors); i++) {
		ASSERT_EQ(0, actor_start(&actors[i]));
		ASSERT_EQ(0, actor_call(&actors[i], impersonate, &self->ctx));
	}
	ASSERT_EQ(0, close(self->ctx));
	for (size_t i = 0; i < ARRAY_SIZE(actors); i++) {
		EXPECT_EQ(NTIMP_INFO_IMPERSONATING | NTIMP_INFO_CLOSED,
			  worn_flags(self->dev, actors[i].tid));
	}
	for (size_t i = 0; i < ARRAY_SIZE(actors); i++) {
		EXPECT_EQ(0, actor_call(&actors[i], revert, &self->dev));
		EXPECT_EQ(-ENOENT, worn_flags(self->dev, actors[i].tid));
		actor_stop(&actors[i]);
	}
}

TEST_F(wear_closed, duplicated_descriptor)
{
	int copy = dup(self->ctx);

	EXPECT_EQ(self->id, context_id(copy));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_EQ(0, close(self->ctx));
	/* One is left, so it isn't closed. */
	EXPECT_EQ(NTIMP_INFO_IMPERSONATING, worn_flags(self->dev, 0));
	ASSERT_EQ(0, context_impersonate(copy));
	EXPECT_EQ(self->id, device_worn_id(self->dev, 0));
	ASSERT_EQ(0, close(copy));
	EXPECT_EQ(NTIMP_INFO_IMPERSONATING | NTIMP_INFO_CLOSED, worn_flags(self->dev, 0));
}

/* Another context of the same client has a life of its own. */
TEST_F(wear_closed, duplicated_context)
{
	int copy = capture_context(self->dev, self->ctx, LEVEL);

	ASSERT_EQ(0, context_impersonate(copy));
	ASSERT_EQ(0, close(copy));
	EXPECT_EQ(NTIMP_INFO_IMPERSONATING | NTIMP_INFO_CLOSED, worn_flags(self->dev, 0));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(NTIMP_INFO_IMPERSONATING, worn_flags(self->dev, 0));
}

static int wear_and_revert(void *arg)
{
	const FIXTURE_DATA(wear_closed) *self = arg;
	int err = context_impersonate(self->ctx);

	if (err)
		return err;
	if (!acts_as(1001, 1001) || device_worn_id(self->dev, 0) != self->id)
		return -EPROTO;
	return device_revert(self->dev);
}

TEST_F(wear_closed, inherited_by_a_child)
{
	EXPECT_EQ(0, child_run(NULL, wear_and_revert, self));
	/* The child's end closes its descriptor, not ours. */
	EXPECT_EQ(0, wear_and_revert(self));
}

static int wait_for_end(const struct child *parent, void *arg)
{
	(void)arg;
	return child_receive(parent);
}

TEST_F(wear_closed, kept_open_by_a_child)
{
	struct child child;

	ASSERT_EQ(0, child_start(&child, NULL, wait_for_end, NULL));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_EQ(0, close(self->ctx));
	EXPECT_EQ(NTIMP_INFO_IMPERSONATING, worn_flags(self->dev, 0));
	ASSERT_EQ(0, device_revert(self->dev));
	child_finish(&child);
}

/* A process started before the context was made: it has it over a socket only. */
static int receive_and_wear(const struct child *parent, void *arg)
{
	FIXTURE_DATA(wear_closed) *self = arg;

	self->ctx = child_receive_fd(parent);
	if (self->ctx < 0)
		return self->ctx;
	/* What it is and whose, is told to everybody. */
	if (!context_is_of(self->ctx, 1001, 1001))
		return -EPROTO;
	self->id = context_id(self->ctx);
	return wear_and_revert(self);
}

static int pass_to(const struct persona *receiver, FIXTURE_DATA(wear_closed) *self)
{
	struct child child;
	int err, ctx;

	err = child_start(&child, receiver, receive_and_wear, self);
	if (err)
		return err;
	ctx = capture_ids(self->dev, 1001, 1001, 0, NULL, LEVEL);
	err = child_send_fd(&child, ctx);
	/* In the meantime the socket alone holds it. */
	if (!err && close(ctx))
		err = -errno;
	if (err)
		return err;
	return child_finish(&child);
}

TEST_F(wear_closed, passed_to_one_who_may)
{
	struct persona receiver = PERSONA_CAPS(1000, CAPS_SETIDS);

	EXPECT_EQ(0, pass_to(&receiver, self));
	EXPECT_EQ(0, pass_to(NULL, self));
}

TEST_F(wear_closed, passed_to_one_who_may_not)
{
	struct persona receiver = PERSONA_USER(1000);

	EXPECT_EQ(-EPERM, pass_to(&receiver, self));
	receiver = PERSONA_CAPS(1000, CAP_BIT(CAP_SETUID));
	EXPECT_EQ(-EPERM, pass_to(&receiver, self));
}

/* Sent and never received, it is open as long as the message is there. */
TEST_F(wear_closed, passed_to_nobody)
{
	struct child nobody;
	int ends[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends));
	nobody.line = ends[0];
	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_EQ(0, child_send_fd(&nobody, self->ctx));
	ASSERT_EQ(0, close(self->ctx));
	EXPECT_EQ(NTIMP_INFO_IMPERSONATING, worn_flags(self->dev, 0));
	ASSERT_EQ(0, close(ends[0]));
	EXPECT_EQ(NTIMP_INFO_IMPERSONATING, worn_flags(self->dev, 0));
	ASSERT_EQ(0, close(ends[1]));
	EXPECT_EQ(NTIMP_INFO_IMPERSONATING | NTIMP_INFO_CLOSED, worn_flags(self->dev, 0));
	EXPECT_TRUE(acts_as(1001, 1001));
}

TEST_HARNESS_MAIN
