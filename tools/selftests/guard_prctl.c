// SPDX-License-Identifier: GPL-2.0-only
/*
 * What prctl(2) changes in credentials can't be changed while impersonating;
 * what belongs to the thread itself can.
 */
#include "harness.h"
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>

#include "refusals.h"

#define CALL(name, ...) \
	static int call_##name(void) \
	{ \
		return prctl(__VA_ARGS__) < 0 ? -errno : 0; \
	}

CALL(securebits, PR_SET_SECUREBITS, SECBIT_NOROOT)
CALL(bounding, PR_CAPBSET_DROP, CAP_SYS_BOOT)
CALL(keepcaps, PR_SET_KEEPCAPS, 1)
CALL(ambient_raise, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_BOOT, 0, 0)
CALL(ambient_lower, PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, CAP_SYS_BOOT, 0, 0)
CALL(ambient_clear, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)

/* Only what is inheritable can be made ambient. */
static int inherit(void)
{
	return persona_set_caps(CAPS_ALL, CAPS_ALL, CAP_BIT(CAP_SYS_BOOT));
}

/* And so that there is something to lose. */
static int make_ambient(void)
{
	int err = inherit();

	return err ? err : call_ambient_raise();
}

REFUSAL(securebits, .call = call_securebits, .worn = -EPERM);
REFUSAL(bounding, .call = call_bounding, .worn = -EPERM);
REFUSAL(keepcaps, .call = call_keepcaps, .worn = -EPERM);
REFUSAL(ambient_raise, .prepare = inherit, .call = call_ambient_raise, .worn = -EPERM);
REFUSAL(ambient_lower, .prepare = make_ambient, .call = call_ambient_lower, .worn = -EPERM);
REFUSAL(ambient_clear, .prepare = make_ambient, .call = call_ambient_clear, .worn = -EPERM);

FIXTURE(thread) {
	struct wearing wearing;
};

FIXTURE_SETUP(thread)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, wearing_start(&self->wearing));
}

FIXTURE_TEARDOWN(thread)
{
	wearing_end(&self->wearing);
}

/* No credentials hold these. */
TEST_F(thread, own_settings_can_be_changed)
{
	char name[16];

	EXPECT_EQ(0, prctl(PR_SET_NAME, "impersonator"));
	EXPECT_EQ(0, prctl(PR_GET_NAME, name));
	EXPECT_STREQ("impersonator", name);
	EXPECT_EQ(0, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	EXPECT_EQ(1, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	EXPECT_EQ(0, prctl(PR_SET_DUMPABLE, 0));
	EXPECT_EQ(0, prctl(PR_SET_DUMPABLE, 1));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_TRUE(wearing_over(&self->wearing));
}

/* The client's capabilities are worn, but none can be handed on by exec. */
TEST_F(thread, nothing_is_ambient)
{
	EXPECT_EQ(0, wearing_stop(&self->wearing));
	ASSERT_EQ(0, make_ambient());
	EXPECT_EQ(1, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_SYS_BOOT, 0, 0));
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_EQ(0, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_SYS_BOOT, 0, 0));
	EXPECT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_EQ(1, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_SYS_BOOT, 0, 0));
}

TEST_HARNESS_MAIN
