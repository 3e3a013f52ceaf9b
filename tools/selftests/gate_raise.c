// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server that isn't root never acts as a client that is, whatever the
 * server's capabilities and whichever of the client's user ids it is.
 */
#include "harness.h"

#include "child.h"
#include "device.h"
#include "identity.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

FIXTURE(gate_raise)
{
	int dev;
	int ctx;
};

FIXTURE_VARIANT(gate_raise)
{
	uid_t uids[4];
	gid_t gids[4];
	/* For a server that isn't root, and has all capabilities. */
	int result;
};

FIXTURE_VARIANT_ADD(gate_raise, uid)
{
	.uids = { 0, 1001, 1001, 1001 }, .gids = { 1001, 1001, 1001, 1001 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_raise, euid)
{
	.uids = { 1001, 0, 1001, 1001 }, .gids = { 1001, 1001, 1001, 1001 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_raise, suid)
{
	.uids = { 1001, 1001, 0, 1001 }, .gids = { 1001, 1001, 1001, 1001 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_raise, fsuid)
{
	.uids = { 1001, 1001, 1001, 0 }, .gids = { 1001, 1001, 1001, 1001 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_raise, none)
{
	.uids = { 1001, 1001, 1001, 1001 }, .gids = { 1001, 1001, 1001, 1001 },
	.result = 0,
};

/* Group 0 is a group like others. */
FIXTURE_VARIANT_ADD(gate_raise, group_only)
{
	.uids = { 1001, 1001, 1001, 1001 }, .gids = { 0, 0, 0, 0 },
	.result = 0,
};

struct capture_as {
	const FIXTURE_VARIANT(gate_raise) *ids;
	int dev;
};

static int capture_as(const struct child *parent, void *arg)
{
	struct capture_as *it = arg;
	int err = persona_split(it->ids->uids, it->ids->gids);

	return err ? err : child_send_fd(parent, capture_self(it->dev, LEVEL));
}

FIXTURE_SETUP(gate_raise)
{
	struct capture_as it = { .ids = variant };
	struct child child;

	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	it.dev = self->dev;
	ASSERT_EQ(0, child_start(&child, NULL, capture_as, &it));
	self->ctx = child_receive_fd(&child);
	ASSERT_LE(0, self->ctx);
	EXPECT_EQ(0, child_finish(&child));
}

FIXTURE_TEARDOWN(gate_raise)
{
	close(self->ctx);
	close(self->dev);
}

static int wear(void *ctx)
{
	return context_impersonate(*(int *)ctx);
}

TEST_F(gate_raise, server_that_is_not_root)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_ALL);

	EXPECT_EQ(variant->result, child_run(&server, wear, &self->ctx));
}

TEST_F(gate_raise, server_with_setuid_and_setgid)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS);

	EXPECT_EQ(variant->result, child_run(&server, wear, &self->ctx));
}

TEST_F(gate_raise, server_that_is_root)
{
	EXPECT_EQ(0, child_run(NULL, wear, &self->ctx));
}

static int wear_as(uid_t uid, uid_t euid, uid_t suid, int ctx)
{
	int err = persona_set_uids(uid, euid, suid);

	if (!err)
		err = persona_set_caps(CAPS_SETIDS, CAPS_SETIDS, CAPS_NONE);
	return err ? -EPROTO : context_impersonate(ctx);
}

/* It is the effective user that counts; this server could be root at will. */
static int wear_with_saved_root(void *ctx)
{
	return wear_as(0, 1000, 0, *(int *)ctx);
}

TEST_F(gate_raise, server_that_gave_up_root_for_now)
{
	EXPECT_EQ(variant->result, child_run(NULL, wear_with_saved_root, &self->ctx));
}

static int wear_with_effective_root(void *ctx)
{
	return wear_as(1000, 0, 1000, *(int *)ctx);
}

TEST_F(gate_raise, server_whose_effective_user_is_root)
{
	EXPECT_EQ(0, child_run(NULL, wear_with_effective_root, &self->ctx));
}

/* Made of numbers, it is root all the same, with and without capabilities. */
TEST_F(gate_raise, client_of_numbers)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_ALL);
	int ctx = capture_ids(self->dev, variant->uids[0], variant->gids[0], 0, NULL, LEVEL);
	bool root = variant->uids[0] == 0;

	ASSERT_LE(0, ctx);
	EXPECT_EQ(root ? -EPERM : 0, child_run(&server, wear, &ctx));
	EXPECT_EQ(0, child_run(NULL, wear, &ctx));
	ctx = capture_ids_caps(self->dev, variant->uids[0], variant->gids[0], CAPS_SETIDS, LEVEL);
	ASSERT_LE(0, ctx);
	EXPECT_EQ(root ? -EPERM : 0, child_run(&server, wear, &ctx));
}

TEST_HARNESS_MAIN
