// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who impersonates is captured as the client, and at most at the level at which
 * the client is impersonated.
 */
#include "harness.h"

#include "actor.h"
#include "client.h"
#include "device.h"
#include "identity.h"

FIXTURE(capture_ceiling)
{
	int dev;
	int ctx;
};

FIXTURE_VARIANT(capture_ceiling)
{
	__u32 worn;
};

FIXTURE_VARIANT_ADD(capture_ceiling, impersonation) { NTIMP_LEVEL_IMPERSONATION };
FIXTURE_VARIANT_ADD(capture_ceiling, delegation) { NTIMP_LEVEL_DELEGATION };

FIXTURE_SETUP(capture_ceiling)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, 1001, 1001, 0, NULL, variant->worn);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(capture_ceiling)
{
	EXPECT_EQ(0, device_revert(self->dev));
	close(self->ctx);
	close(self->dev);
}

/* What a source gave at a level, with the client impersonated at another. */
static bool is_right(int ctx, __u32 worn, __u32 level)
{
	if (level > worn)
		return ctx == -EPERM;
	if (level == NTIMP_LEVEL_ANONYMOUS)
		return context_is_of(ctx, 65534, 65534);
	return context_is_of(ctx, 1001, 1001);
}

TEST_F(capture_ceiling, self)
{
	ASSERT_EQ(0, context_impersonate(self->ctx));
	for (__u32 level = NTIMP_LEVEL_ANONYMOUS; level <= NTIMP_LEVEL_DELEGATION; level++) {
		EXPECT_TRUE(is_right(capture_self(self->dev, level), variant->worn, level))
			TH_LOG("level %u", level);
	}
}

TEST_F(capture_ceiling, own_thread_by_number)
{
	ASSERT_EQ(0, context_impersonate(self->ctx));
	for (__u32 level = NTIMP_LEVEL_ANONYMOUS; level <= NTIMP_LEVEL_DELEGATION; level++) {
		EXPECT_TRUE(is_right(capture_thread(self->dev, thread_id(), level),
				     variant->worn, level))
			TH_LOG("level %u", level);
	}
}

static int impersonate(void *ctx)
{
	return context_impersonate(*(int *)ctx);
}

TEST_F(capture_ceiling, other_thread)
{
	struct actor actor;

	ASSERT_EQ(0, actor_start(&actor));
	ASSERT_EQ(0, actor_call(&actor, impersonate, &self->ctx));
	for (__u32 level = NTIMP_LEVEL_ANONYMOUS; level <= NTIMP_LEVEL_DELEGATION; level++) {
		EXPECT_TRUE(is_right(capture_thread(self->dev, actor.tid, level),
				     variant->worn, level))
			TH_LOG("level %u", level);
	}
	actor_stop(&actor);
}

static int impersonate_and_wait(const struct child *parent, void *ctx)
{
	child_send(parent, impersonate(ctx));
	return child_receive(parent);
}

TEST_F(capture_ceiling, other_process)
{
	struct child child;

	ASSERT_EQ(0, child_start(&child, NULL, impersonate_and_wait, &self->ctx));
	ASSERT_EQ(0, child_receive(&child));
	for (__u32 level = NTIMP_LEVEL_ANONYMOUS; level <= NTIMP_LEVEL_DELEGATION; level++) {
		EXPECT_TRUE(is_right(capture_thread(self->dev, child.pid, level),
				     variant->worn, level))
			TH_LOG("level %u", level);
	}
	child_finish(&child);
}

/* A chain: client, first server, second server. */
TEST_F(capture_ceiling, peer)
{
	struct listener listener;
	int conn;

	ASSERT_EQ(0, listener_open(&listener, SOCK_STREAM));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_LE(0, listener_connect(&listener));
	ASSERT_EQ(0, device_revert(self->dev));
	conn = listener_accept(&listener);
	for (__u32 level = NTIMP_LEVEL_ANONYMOUS; level <= NTIMP_LEVEL_DELEGATION; level++) {
		EXPECT_TRUE(is_right(capture_peer(self->dev, conn, level), variant->worn, level))
			TH_LOG("level %u", level);
	}
}

/* The second server's client is the first server's, and is worn as such. */
TEST_F(capture_ceiling, peer_is_worn)
{
	struct listener listener;
	int conn, ctx;

	ASSERT_EQ(0, listener_open(&listener, SOCK_STREAM));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_LE(0, listener_connect(&listener));
	ASSERT_EQ(0, device_revert(self->dev));
	conn = listener_accept(&listener);
	ctx = capture_peer(self->dev, conn, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, ctx);
	ASSERT_EQ(0, context_impersonate(ctx));
	EXPECT_TRUE(acts_as(1001, 1001));
	EXPECT_EQ(-EPERM, capture_self(self->dev, NTIMP_LEVEL_DELEGATION));
}

TEST_F(capture_ceiling, captured_while_impersonating_is_worn)
{
	int again;

	ASSERT_EQ(0, context_impersonate(self->ctx));
	again = capture_self(self->dev, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, again);
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(acts_as(0, 0));
	ASSERT_EQ(0, context_impersonate(again));
	EXPECT_TRUE(acts_as(1001, 1001));
	/* Worn at a lower level than before, the lower one counts. */
	EXPECT_EQ(-EPERM, capture_self(self->dev, NTIMP_LEVEL_DELEGATION));
	EXPECT_LE(0, capture_self(self->dev, NTIMP_LEVEL_IMPERSONATION));
}

/* What another identity is worn at says nothing about a context at hand. */
TEST_F(capture_ceiling, context_at_hand)
{
	int high = capture_ids(self->dev, 1002, 1002, 0, NULL, NTIMP_LEVEL_DELEGATION);

	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_TRUE(context_is_of(capture_context(self->dev, high, NTIMP_LEVEL_DELEGATION),
				  1002, 1002));
	EXPECT_LE(0, capture_anonymous(self->dev));
}

TEST_F(capture_ceiling, no_ceiling_after_revert)
{
	struct identity seen;

	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_EQ(0, device_revert(self->dev));
	ASSERT_EQ(0, context_identity(capture_self(self->dev, NTIMP_LEVEL_DELEGATION), &seen));
	EXPECT_TRUE(identity_is(&seen, 0, 0, 0, NULL));
}

/* The capabilities are those that are worn, not those that the client has. */
static int impersonate_caps(void *arg)
{
	struct ntimp_info info = { .size = sizeof(info) };
	int dev = device_open(), ctx = *(int *)arg;
	int err = context_impersonate(ctx);

	if (!err)
		err = context_query(capture_self(dev, NTIMP_LEVEL_IMPERSONATION), &info);
	if (err)
		return err;
	return info.cap_permitted == CAP_BIT(CAP_SETUID) &&
	       info.cap_effective == CAP_BIT(CAP_SETUID);
}

TEST_F(capture_ceiling, capabilities)
{
	uint64_t caps = CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_CHOWN);
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS);
	int ctx = capture_ids_caps(self->dev, 1001, 1001, caps, variant->worn);

	ASSERT_LE(0, ctx);
	EXPECT_EQ(1, child_run(&server, impersonate_caps, &ctx));
}

TEST_HARNESS_MAIN
