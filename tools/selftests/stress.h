/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of large numbers begin and end with: a census, and whoever
 * impersonates in between.
 */
#ifndef SELFTEST_STRESS_H
#define SELFTEST_STRESS_H

#include "harness.h"
#include <pthread.h>

#include "device.h"
#include "module.h"
#include "persona.h"
#include "scale.h"
#include "slab.h"
#include "wearing.h"

#define SECONDS		1200	/* against a hang */
#define PARTS		10	/* progress is said so often */

FIXTURE(stress) {
	struct wearing wearing;
	struct slab_census before;
	int second;	/* another context */
	int uses;
};

/* The first time is not counted: it fills what the kernel keeps. */
FIXTURE_SETUP(stress)
{
	if (!slab_is_counted())
		SKIP(return, "this kernel does not count its objects");
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_CAPABLE));
	self->second = capture_ids(self->wearing.dev, OTHER, OTHER, 0, NULL,
				   NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->second);
	ASSERT_EQ(0, wearing_start(&self->wearing));
	ASSERT_EQ(0, context_impersonate(self->second));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	self->uses = module_uses();
	ASSERT_LT(0, self->uses);
	ASSERT_EQ(0, slab_count(&self->before));
}

FIXTURE_TEARDOWN(stress)
{
	EXPECT_TRUE(wearing_over(&self->wearing));
	EXPECT_EQ(0, module_await_uses(self->uses));
	/* With the contexts end the applied creds that they keep for each server. */
	close(self->second);
	wearing_end(&self->wearing);
	EXPECT_EQ(0, slab_await(&self->before));
}

static void progress(int done, int all)
{
	if (done % (all < PARTS ? 1 : all / PARTS))
		return;
	printf("# %d of %d\n", done, all);
	fflush(stdout);
}

static void *impersonate_and_end(void *arg)
{
	return (void *)(intptr_t)context_impersonate(*(int *)arg);
}

/* Fixtures take their turns in this order: all tests of the first are over. */
FIXTURE(afterwards) {
};

FIXTURE_SETUP(afterwards)
{
}

FIXTURE_TEARDOWN(afterwards)
{
}

/* Whatever was forgotten would be in use now. */
TEST_F(afterwards, module_can_be_unloaded)
{
	EXPECT_EQ(0, module_await_uses(0));
	EXPECT_EQ(0, module_unload());
	EXPECT_EQ(-ENOENT, module_uses());
	EXPECT_EQ(0, module_load(""));
	EXPECT_EQ(0, module_uses());
}

#endif /* SELFTEST_STRESS_H */
