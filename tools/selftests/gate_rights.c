// SPDX-License-Identifier: GPL-2.0-only
/* Which rights of a server let it act as another user. */
#include "harness.h"

#include "child.h"
#include "device.h"
#include "identity.h"
#include "scratch.h"

static const gid_t client_groups[] = { 3000, 3001 };

/* What the server does, and what it has to know for that. */
struct service {
	int dev;
	int ctx;
	int expected;
	struct scratch *scratch;
};

FIXTURE(gate_rights)
{
	struct service service;
	struct scratch scratch;
};

FIXTURE_VARIANT(gate_rights)
{
	struct persona server;
	int result;
};

FIXTURE_VARIANT_ADD(gate_rights, root)
{
	.server = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.result = 0,
};

FIXTURE_VARIANT_ADD(gate_rights, root_with_both_only)
{
	.server = { .permitted = CAPS_SETIDS, .effective = CAPS_SETIDS },
	.result = 0,
};

FIXTURE_VARIANT_ADD(gate_rights, root_without_capabilities)
{
	.server = { .uid = 0 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_rights, user_with_both_only)
{
	.server = {
		.uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS, .effective = CAPS_SETIDS,
	},
	.result = 0,
};

FIXTURE_VARIANT_ADD(gate_rights, user_with_all)
{
	.server = {
		.uid = 1000, .gid = 1000, .permitted = CAPS_ALL, .effective = CAPS_ALL,
	},
	.result = 0,
};

FIXTURE_VARIANT_ADD(gate_rights, user_with_setuid_only)
{
	.server = {
		.uid = 1000, .gid = 1000,
		.permitted = CAP_BIT(CAP_SETUID), .effective = CAP_BIT(CAP_SETUID),
	},
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_rights, user_with_setgid_only)
{
	.server = {
		.uid = 1000, .gid = 1000,
		.permitted = CAP_BIT(CAP_SETGID), .effective = CAP_BIT(CAP_SETGID),
	},
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_rights, user_with_all_but_setuid)
{
	.server = {
		.uid = 1000, .gid = 1000,
		.permitted = CAPS_ALL, .effective = CAPS_ALL & ~CAP_BIT(CAP_SETUID),
	},
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_rights, user_with_all_but_setgid)
{
	.server = {
		.uid = 1000, .gid = 1000,
		.permitted = CAPS_ALL, .effective = CAPS_ALL & ~CAP_BIT(CAP_SETGID),
	},
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_rights, user_with_both_not_effective)
{
	.server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_rights, user_with_both_inheritable_only)
{
	.server = { .uid = 1000, .gid = 1000, .inheritable = CAPS_SETIDS },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_rights, user)
{
	.server = { .uid = 1000, .gid = 1000 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_rights, the_client_itself_with_other_groups)
{
	.server = { .uid = 1001, .gid = 1001 },
	.result = -EPERM,
};

FIXTURE_SETUP(gate_rights)
{
	ASSERT_EQ(0, scratch_open(&self->scratch));
	self->service.scratch = &self->scratch;
	self->service.expected = variant->result;
	self->service.dev = device_open();
	ASSERT_LE(0, self->service.dev);
	self->service.ctx = capture_ids(self->service.dev, 1001, 1001, ARRAY_SIZE(client_groups),
					client_groups, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->service.ctx);
}

FIXTURE_TEARDOWN(gate_rights)
{
	close(self->service.ctx);
	close(self->service.dev);
	scratch_close(&self->scratch);
}

/* Before, during and after: 0 if all is as it has to be. */
static int serve(void *arg)
{
	struct service *it = arg;
	struct identity before, primary, worn, after;
	int result;

	if (identity_subjective(&before) || identity_objective(thread_id(), &primary))
		return -EPROTO;
	result = context_impersonate(it->ctx);
	if (result != it->expected)
		return result ?: -ENOTRECOVERABLE;

	if (identity_subjective(&worn))
		return -EPROTO;
	if (result ? !identity_equal(&before, &worn) :
		     !identity_is(&worn, 1001, 1001, ARRAY_SIZE(client_groups), client_groups))
		return -EPROTO;
	if (file_create(it->scratch, "made"))
		return -EACCES;
	if (identity_objective(thread_id(), &after) || !identity_equal(&primary, &after))
		return -EPROTO;

	if (device_revert(it->dev) || identity_subjective(&after) ||
	    !identity_equal(&before, &after))
		return -EPROTO;
	return 0;
}

TEST_F(gate_rights, serve)
{
	uid_t owner = variant->result ? variant->server.uid : 1001;

	EXPECT_EQ(0, child_run(&variant->server, serve, &self->service));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "made", owner, owner));
}

/* Whom it wears, without any right, doesn't keep it from wearing the next one. */
static int serve_one_after_the_other(void *arg)
{
	struct service *it = arg;
	int next = capture_ids(it->dev, 1002, 1002, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	int err = context_impersonate(it->ctx);

	if (err)
		return err;
	err = context_impersonate(next);
	return err ? err : !acts_as(1002, 1002);
}

TEST_F(gate_rights, serve_one_after_the_other)
{
	EXPECT_EQ(variant->result, child_run(&variant->server, serve_one_after_the_other,
					     &self->service));
}

TEST_HARNESS_MAIN
