// SPDX-License-Identifier: GPL-2.0-only
/*
 * With the parameter allow_root_clients a server that isn't root acts as a
 * client that is: as user 0, but never with more capabilities than its own.
 */
#include "harness.h"
#include <fcntl.h>

#include "child.h"
#include "device.h"
#include "identity.h"
#include "scratch.h"
#include "worncaps.h"

FIXTURE(gate_root_allowed)
{
	int dev;
	int ctx;
	struct scratch scratch;
};

FIXTURE_SETUP(gate_root_allowed)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	/* This process is root, with all capabilities. */
	self->ctx = capture_self(self->dev, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, scratch_open(&self->scratch));
}

FIXTURE_TEARDOWN(gate_root_allowed)
{
	scratch_close(&self->scratch);
	close(self->ctx);
	close(self->dev);
}

TEST_F(gate_root_allowed, is_said)
{
	struct ntimp_version version = { .size = sizeof(version) };

	ASSERT_EQ(0, device_version(self->dev, &version));
	EXPECT_EQ(NTIMP_PARAM_ALLOW_ROOT_CLIENTS, version.params);
}

/* Which is why the gate may keep its answers. */
TEST_F(gate_root_allowed, is_fixed)
{
	EXPECT_EQ(-1, open("/sys/module/ntimp/parameters/allow_root_clients", O_WRONLY));
	EXPECT_EQ(EACCES, errno);
}

static int serve(void *arg)
{
	const FIXTURE_DATA(gate_root_allowed) *self = arg;
	int err = context_impersonate(self->ctx);
	uint64_t caps;

	if (err)
		return err;
	if (!acts_as(0, 0) || !is_seen_as(thread_id(), 1000, 1000))
		return -EPROTO;
	err = worn_caps(&caps);
	if (err)
		return err;
	if (caps != CAPS_SETIDS)
		return -ERANGE;
	/* User 0 without CAP_DAC_OVERRIDE is a user like others. */
	if (file_try(&self->scratch, "private", O_RDONLY) != -EACCES ||
	    file_try(&self->scratch, "own", O_RDONLY))
		return -EPROTO;
	return file_create(&self->scratch, "made");
}

TEST_F(gate_root_allowed, with_the_capabilities_of_the_server)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS);

	ASSERT_EQ(0, file_make(&self->scratch, "private", 1001, 1001, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "own", 0, 0, 0600));
	EXPECT_EQ(0, child_run(&server, serve, self));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "made", 0, 0));
}

/* The parameter opens one door, not the gate. */
TEST_F(gate_root_allowed, but_not_without_rights)
{
	const uint64_t too_few[] = {
		CAPS_NONE, CAP_BIT(CAP_SETUID), CAP_BIT(CAP_SETGID), CAPS_ALL & ~CAPS_SETIDS,
	};

	for (size_t i = 0; i < ARRAY_SIZE(too_few); i++) {
		struct persona server = PERSONA_CAPS(1000, too_few[i]);

		EXPECT_EQ(-EPERM, child_run(&server, serve, self));
	}
}

TEST_HARNESS_MAIN
