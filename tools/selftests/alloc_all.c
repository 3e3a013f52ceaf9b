// SPDX-License-Identifier: GPL-2.0-only
/*
 * No memory at all: every allocation of the thread fails.  To revert can't fail
 * even then, nor to impersonate a client that was impersonated before.
 */
#include "harness.h"

#include "device.h"
#include "fault.h"
#include "persona.h"
#include "wearing.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION
#define ROUNDS	100

FIXTURE(alloc_all) {
	struct wearing wearing;
	struct fault fault;
	int fresh;	/* a context that was never impersonated */
};

/* The client may turn the failures on and off, too. */
FIXTURE_SETUP(alloc_all)
{
	int err = fault_open(&self->fault);

	if (err == -ENOENT)
		SKIP(return, "this kernel has no CONFIG_FAILSLAB");
	ASSERT_EQ(0, err);
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAP_BIT(CAP_SYS_RESOURCE)));
	ASSERT_EQ(0, wearing_start(&self->wearing));
	ASSERT_TRUE(wearing_intact(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	self->fresh = capture_ids(self->wearing.dev, OTHER, OTHER, 0, NULL, LEVEL);
	ASSERT_LE(0, self->fresh);
}

FIXTURE_TEARDOWN(alloc_all)
{
	fault_close(&self->fault);
	close(self->fresh);
	wearing_end(&self->wearing);
}

TEST_F(alloc_all, revert_succeeds)
{
	int ret;

	ASSERT_EQ(0, wearing_start(&self->wearing));
	ASSERT_EQ(0, fault_fail_all(&self->fault, true));
	ret = wearing_stop(&self->wearing);
	ASSERT_EQ(0, fault_fail_all(&self->fault, false));
	EXPECT_EQ(0, ret);
	EXPECT_TRUE(wearing_over(&self->wearing));
}

TEST_F(alloc_all, known_client_can_be_impersonated)
{
	int ret = 0;

	ASSERT_EQ(0, fault_fail_all(&self->fault, true));
	for (int i = 0; !ret && i < ROUNDS; i++)
		ret = wearing_start(&self->wearing) ?: wearing_stop(&self->wearing);
	if (!ret)
		ret = wearing_start(&self->wearing);
	ASSERT_EQ(0, fault_fail_all(&self->fault, false));
	EXPECT_EQ(0, ret);
	EXPECT_TRUE(wearing_intact(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_TRUE(wearing_over(&self->wearing));
}

/* Which also says that allocations do fail. */
TEST_F(alloc_all, new_client_is_refused)
{
	int ret;

	ASSERT_EQ(0, fault_fail_all(&self->fault, true));
	ret = context_impersonate(self->fresh);
	ASSERT_EQ(0, fault_fail_all(&self->fault, false));
	EXPECT_EQ(-ENOMEM, ret);
	EXPECT_TRUE(wearing_over(&self->wearing));
	EXPECT_EQ(0, context_impersonate(self->fresh));
	EXPECT_TRUE(acts_as(OTHER, OTHER));
	ASSERT_EQ(0, device_revert(self->wearing.dev));
}

/* The identity that the thread has stays on, and is the one that it reverts from. */
TEST_F(alloc_all, new_client_does_not_replace_the_old_one)
{
	int ret, reverted;

	ASSERT_EQ(0, wearing_start(&self->wearing));
	ASSERT_EQ(0, fault_fail_all(&self->fault, true));
	ret = context_impersonate(self->fresh);
	ASSERT_EQ(0, fault_fail_all(&self->fault, false));
	EXPECT_EQ(-ENOMEM, ret);
	EXPECT_TRUE(wearing_intact(&self->wearing));
	ASSERT_EQ(0, fault_fail_all(&self->fault, true));
	reverted = wearing_stop(&self->wearing);
	ASSERT_EQ(0, fault_fail_all(&self->fault, false));
	EXPECT_EQ(0, reverted);
	EXPECT_TRUE(wearing_over(&self->wearing));
}

TEST_F(alloc_all, no_context_is_made)
{
	int ret;

	ASSERT_EQ(0, fault_fail_all(&self->fault, true));
	ret = capture_self(self->wearing.dev, LEVEL);
	ASSERT_EQ(0, fault_fail_all(&self->fault, false));
	EXPECT_EQ(-ENOMEM, ret);
	EXPECT_TRUE(wearing_over(&self->wearing));
}

TEST_HARNESS_MAIN
