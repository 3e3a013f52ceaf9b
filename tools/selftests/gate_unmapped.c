// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client with an id that has no number in its own user namespace could not
 * have been set by any server with rights there, and is not worn by any.
 */
#include "harness.h"

#include "child.h"
#include "device.h"
#include "identity.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION
#define MAP	"0 100000 1000"
#define AS_IS	((uid_t)-1)	/* for setresuid(2) and setresgid(2) */

static const gid_t outside_group[] = { 777 };

FIXTURE(gate_unmapped)
{
	int dev;
};

FIXTURE_VARIANT(gate_unmapped)
{
	/* Which of its ids the client leaves as they were outside. */
	bool keeps_uid;
	bool keeps_saved_uid;
	bool keeps_gid;
	bool keeps_saved_gid;
	bool keeps_group;
	int result;
};

FIXTURE_VARIANT_ADD(gate_unmapped, none) { .result = 0 };
FIXTURE_VARIANT_ADD(gate_unmapped, uid) { .keeps_uid = true, .result = -EPERM };
FIXTURE_VARIANT_ADD(gate_unmapped, saved_uid) { .keeps_saved_uid = true, .result = -EPERM };
FIXTURE_VARIANT_ADD(gate_unmapped, gid) { .keeps_gid = true, .result = -EPERM };
FIXTURE_VARIANT_ADD(gate_unmapped, saved_gid) { .keeps_saved_gid = true, .result = -EPERM };
FIXTURE_VARIANT_ADD(gate_unmapped, group) { .keeps_group = true, .result = -EPERM };

FIXTURE_SETUP(gate_unmapped)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(gate_unmapped)
{
	close(self->dev);
}

static int become(const FIXTURE_VARIANT(gate_unmapped) *variant)
{
	uid_t uid = variant->keeps_uid ? AS_IS : 5;
	gid_t gid = variant->keeps_gid ? AS_IS : 5;
	uid_t saved_uid = variant->keeps_saved_uid ? AS_IS : uid;
	gid_t saved_gid = variant->keeps_saved_gid ? AS_IS : gid;
	int err = persona_set_groups(ARRAY_SIZE(outside_group), outside_group);

	if (!err)
		err = userns_enter(MAP, MAP);
	if (!err && !variant->keeps_group)
		err = persona_set_groups(0, NULL);
	if (!err)
		err = persona_set_gids(gid, gid, saved_gid);
	if (!err)
		err = persona_set_uids(uid, uid, saved_uid);
	return err;
}

struct capture_as {
	const FIXTURE_VARIANT(gate_unmapped) *variant;
	int dev;
};

static int capture_as(const struct child *parent, void *arg)
{
	struct capture_as *it = arg;
	int err = become(it->variant);

	return err ? err : child_send_fd(parent, capture_self(it->dev, LEVEL));
}

static int wear(void *ctx)
{
	return context_impersonate(*(int *)ctx);
}

TEST_F(gate_unmapped, serve)
{
	struct capture_as it = { variant, self->dev };
	struct child child;
	int ctx;

	ASSERT_EQ(0, child_start(&child, NULL, capture_as, &it));
	ctx = child_receive_fd(&child);
	ASSERT_LE(0, ctx);
	ASSERT_EQ(0, child_finish(&child));
	/* By a server which may do everything everywhere. */
	EXPECT_EQ(variant->result, child_run(NULL, wear, &ctx));
}

TEST_HARNESS_MAIN
