/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a thread is denied at levels Anonymous and Identification: a program
 * includes this once, says how its objects are prepared, and adds a row for
 * each call with ROW().
 *
 * Everything is prepared such that nobody, the overflow user without any groups
 * and capabilities, has the right to it.  That a call is denied is then the
 * level's doing alone, as the same call at level Impersonation shows.
 */
#ifndef SELFTEST_LEVELS_H
#define SELFTEST_LEVELS_H

#include "harness.h"

#include "device.h"
#include "identity.h"
#include "persona.h"

#define NOBODY	65534

/* As root; a row's call finds there what it needs.  0 or -errno. */
static int level_prepare(void);
/* And once more when the row is over. */
static void level_cleanup(void);

FIXTURE(level) {
	int dev;
	int anonymous;		/* a context of nobody */
	int identification;	/* of root, with all capabilities */
	int control;		/* of nobody, at level Impersonation */
};

/*
 * @call: the call: a value >= 0, or -errno; leaves nothing behind
 * @denied: what it has to give below Impersonation
 * @control: what it has to give at Impersonation
 */
FIXTURE_VARIANT(level) {
	int (*call)(void);
	int denied;
	int control;
};

#define ROW(name, ...) \
	FIXTURE_VARIANT_ADD(level, name) { call_##name, __VA_ARGS__ }

/* The outcome of a system call, and of one that opens a descriptor. */
#define CALL(name, expression) \
	static int call_##name(void) \
	{ \
		long ret = (expression); \
		\
		return ret < 0 ? -errno : 0; \
	}
#define OPENS(name, expression) \
	static int call_##name(void) \
	{ \
		int fd = (expression); \
		\
		if (fd < 0) \
			return -errno; \
		close(fd); \
		return 0; \
	}

FIXTURE_SETUP(level)
{
	ASSERT_EQ(0, level_prepare());
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->anonymous = capture_nobody(self->dev, NTIMP_LEVEL_ANONYMOUS);
	ASSERT_LE(0, self->anonymous);
	self->identification = capture_self(self->dev, NTIMP_LEVEL_IDENTIFICATION);
	ASSERT_LE(0, self->identification);
	self->control = capture_nobody(self->dev, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->control);
}

FIXTURE_TEARDOWN(level)
{
	close(self->control);
	close(self->identification);
	close(self->anonymous);
	close(self->dev);
	level_cleanup();
}

/*
 * Kernels that are configured for one purpose lack some calls.  The two that a
 * release is tested on have them all.
 */
static bool says_absent(int outcome, int expected)
{
	return outcome != expected && (outcome == -ENOSYS || outcome == -EAFNOSUPPORT);
}

static void level_check(struct __test_metadata *_metadata, int (*call)(void), int expected,
			int dev, int ctx)
{
	int outcome;

	ASSERT_EQ(0, context_impersonate(ctx));
	outcome = call();
	if (says_absent(outcome, expected)) {
		ASSERT_EQ(0, device_revert(dev));
		SKIP(return, "this kernel has no such call");
	}
	EXPECT_EQ(expected, outcome);
	/* Nothing that the first call has left behind lets a second one through. */
	EXPECT_EQ(expected, call());
	EXPECT_TRUE(acts_as(NOBODY, NOBODY));
	EXPECT_EQ(context_id(ctx), device_worn_id(dev, 0));
	ASSERT_EQ(0, device_revert(dev));
	EXPECT_TRUE(acts_as(0, 0));
}

TEST_F(level, anonymous)
{
	level_check(_metadata, variant->call, variant->denied, self->dev, self->anonymous);
}

TEST_F(level, identification)
{
	level_check(_metadata, variant->call, variant->denied, self->dev, self->identification);
}

TEST_F(level, control)
{
	level_check(_metadata, variant->call, variant->control, self->dev, self->control);
}

#endif /* SELFTEST_LEVELS_H */
