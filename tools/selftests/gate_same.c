// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server without any right may act as a client that is exactly itself, with
 * no capability more.  One id that differs is one too many.
 */
#include "harness.h"

#include "child.h"
#include "device.h"
#include "identity.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

static const gid_t server_groups[] = { 60, 2000 };
static const gid_t one_more[] = { 60, 2000, 3000 };
static const gid_t one_less[] = { 60 };
static const gid_t one_other[] = { 60, 2001 };

struct ids {
	uid_t uids[4];
	gid_t gids[4];
	const gid_t *groups;
	size_t ngroups;
};

#define UIDS	{ 1000, 1001, 1002, 1000 }
#define GIDS	{ 2000, 2001, 2002, 2001 }
#define GROUPS	.groups = server_groups, .ngroups = ARRAY_SIZE(server_groups)

static const struct ids server_ids = { .uids = UIDS, .gids = GIDS, GROUPS };

FIXTURE(gate_same)
{
	int dev;
	int ctx;
};

FIXTURE_VARIANT(gate_same)
{
	struct ids client;
	int result;
};

FIXTURE_VARIANT_ADD(gate_same, all)
{
	.client = { .uids = UIDS, .gids = GIDS, GROUPS },
	.result = 0,
};

FIXTURE_VARIANT_ADD(gate_same, but_uid)
{
	.client = { .uids = { 1004, 1001, 1002, 1000 }, .gids = GIDS, GROUPS },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_same, but_euid)
{
	.client = { .uids = { 1000, 1002, 1002, 1000 }, .gids = GIDS, GROUPS },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_same, but_suid)
{
	.client = { .uids = { 1000, 1001, 1003, 1000 }, .gids = GIDS, GROUPS },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_same, but_fsuid)
{
	.client = { .uids = { 1000, 1001, 1002, 1003 }, .gids = GIDS, GROUPS },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_same, but_gid)
{
	.client = { .uids = UIDS, .gids = { 2004, 2001, 2002, 2001 }, GROUPS },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_same, but_egid)
{
	.client = { .uids = UIDS, .gids = { 2000, 2004, 2002, 2001 }, GROUPS },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_same, but_sgid)
{
	.client = { .uids = UIDS, .gids = { 2000, 2001, 2003, 2001 }, GROUPS },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_same, but_fsgid)
{
	.client = { .uids = UIDS, .gids = { 2000, 2001, 2002, 2003 }, GROUPS },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_same, but_one_group_more)
{
	.client = {
		.uids = UIDS, .gids = GIDS,
		.groups = one_more, .ngroups = ARRAY_SIZE(one_more),
	},
	.result = -EPERM,
};

/* Fewer groups may open more: a mode of 0707 shuts the group out. */
FIXTURE_VARIANT_ADD(gate_same, but_one_group_less)
{
	.client = {
		.uids = UIDS, .gids = GIDS,
		.groups = one_less, .ngroups = ARRAY_SIZE(one_less),
	},
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_same, but_one_other_group)
{
	.client = {
		.uids = UIDS, .gids = GIDS,
		.groups = one_other, .ngroups = ARRAY_SIZE(one_other),
	},
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_same, but_no_groups)
{
	.client = { .uids = UIDS, .gids = GIDS },
	.result = -EPERM,
};

static int become(const struct ids *ids)
{
	struct persona who = PERSONA_ROOT;
	int err;

	who.groups = ids->groups;
	who.ngroups = ids->ngroups;
	err = persona_take(&who);
	return err ? err : persona_split(ids->uids, ids->gids);
}

struct capture_as {
	int dev;
	const struct ids *ids;
};

static int capture_as(const struct child *parent, void *arg)
{
	struct capture_as *it = arg;
	int err = become(it->ids);

	return err ? err : child_send_fd(parent, capture_self(it->dev, LEVEL));
}

FIXTURE_SETUP(gate_same)
{
	struct capture_as it = { .ids = &variant->client };
	struct child child;

	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	it.dev = self->dev;
	ASSERT_EQ(0, child_start(&child, NULL, capture_as, &it));
	self->ctx = child_receive_fd(&child);
	ASSERT_LE(0, self->ctx);
	EXPECT_EQ(0, child_finish(&child));
}

FIXTURE_TEARDOWN(gate_same)
{
	close(self->ctx);
	close(self->dev);
}

static int serve(void *arg)
{
	int ctx = *(int *)arg, dev = device_open(), result;
	struct identity before, worn;
	int err = become(&server_ids);

	if (err || identity_subjective(&before))
		return -EPROTO;
	result = context_impersonate(ctx);
	/* Allowed or not, it acts as itself: that is the rule. */
	if (identity_subjective(&worn) || !identity_equal(&before, &worn))
		return -EPROTO;
	if (device_worn_id(dev, 0) != (result ? -ENOENT : context_id(ctx)))
		return -EPROTO;
	if (device_revert(dev) || identity_subjective(&worn) || !identity_equal(&before, &worn))
		return -EPROTO;
	return result;
}

TEST_F(gate_same, serve)
{
	EXPECT_EQ(variant->result, child_run(NULL, serve, &self->ctx));
}

FIXTURE(gate_same_caps)
{
	int dev;
	struct child client;
	int ctx;
};

FIXTURE_VARIANT(gate_same_caps)
{
	struct persona client;
	struct persona server;
	int result;
};

FIXTURE_VARIANT_ADD(gate_same_caps, none)
{
	.client = { .uid = 1000, .gid = 1000 },
	.server = { .uid = 1000, .gid = 1000 },
	.result = 0,
};

FIXTURE_VARIANT_ADD(gate_same_caps, one_less)
{
	.client = { .uid = 1000, .gid = 1000 },
	.server = { .uid = 1000, .gid = 1000, .permitted = CAP_BIT(CAP_KILL) },
	.result = 0,
};

FIXTURE_VARIANT_ADD(gate_same_caps, the_same)
{
	.client = {
		.uid = 1000, .gid = 1000,
		.permitted = CAP_BIT(CAP_KILL), .effective = CAP_BIT(CAP_KILL),
	},
	.server = { .uid = 1000, .gid = 1000, .permitted = CAP_BIT(CAP_KILL) },
	.result = 0,
};

FIXTURE_VARIANT_ADD(gate_same_caps, one_more)
{
	.client = { .uid = 1000, .gid = 1000, .permitted = CAP_BIT(CAP_KILL) },
	.server = { .uid = 1000, .gid = 1000 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_same_caps, another_one)
{
	.client = { .uid = 1000, .gid = 1000, .permitted = CAP_BIT(CAP_KILL) },
	.server = {
		.uid = 1000, .gid = 1000,
		.permitted = CAP_BIT(CAP_CHOWN), .effective = CAP_BIT(CAP_CHOWN),
	},
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_same_caps, root_without)
{
	.client = { .uid = 0 },
	.server = { .uid = 0 },
	.result = 0,
};

FIXTURE_VARIANT_ADD(gate_same_caps, root_more)
{
	.client = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.server = { .uid = 0 },
	.result = -EPERM,
};

static int capture_me(const struct child *parent, void *dev)
{
	return child_send_fd(parent, capture_self(*(int *)dev, LEVEL));
}

FIXTURE_SETUP(gate_same_caps)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, child_start(&self->client, &variant->client, capture_me, &self->dev));
	self->ctx = child_receive_fd(&self->client);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(gate_same_caps)
{
	EXPECT_EQ(0, child_finish(&self->client));
	close(self->ctx);
	close(self->dev);
}

static int wear(void *ctx)
{
	return context_impersonate(*(int *)ctx);
}

TEST_F(gate_same_caps, serve)
{
	EXPECT_EQ(variant->result, child_run(&variant->server, wear, &self->ctx));
}

/*
 * A server that has CAP_SETUID and CAP_SETGID permitted may wear itself with
 * both effective.  They are those of whom it wears: neither gate looks at them.
 */
static int serve_with_worn_rights(void *arg)
{
	int dev = *(int *)arg;
	int other = capture_ids(dev, 1001, 1001, 0, NULL, LEVEL);
	int same = capture_self(dev, LEVEL);
	int err = persona_set_caps(CAPS_SETIDS, CAPS_NONE, CAPS_NONE);

	if (err || other < 0 || same < 0)
		return -EPROTO;
	err = context_impersonate(same);
	if (err)
		return err;
	if (capture_ids(dev, 1001, 1001, 0, NULL, LEVEL) != -EPERM)
		return -EPROTO;
	if (context_impersonate(other) != -EPERM)
		return -EPROTO;
	return device_worn_id(dev, 0) == context_id(same) ? 0 : -EPROTO;
}

FIXTURE(gate_primary)
{
	int dev;
};

FIXTURE_SETUP(gate_primary)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(gate_primary)
{
	close(self->dev);
}

TEST_F(gate_primary, worn_rights_do_not_count)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS);

	EXPECT_EQ(0, child_run(&server, serve_with_worn_rights, &self->dev));
}

TEST_HARNESS_MAIN
