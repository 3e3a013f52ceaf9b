/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls that a thread can't make while it impersonates: a program includes this
 * once, and adds a row for each call with REFUSAL().
 *
 * A client without capabilities could be refused by the kernel's own rules.
 * One who has them is refused by a guard alone.
 */
#ifndef SELFTEST_REFUSALS_H
#define SELFTEST_REFUSALS_H

#include "harness.h"
#include "device.h"
#include "persona.h"
#include "wearing.h"

FIXTURE(refusal) {
	struct wearing wearing;
};

/*
 * @prepare: what the server does before it impersonates, or NULL; 0 or -errno
 * @call: the call: a value >= 0, or -errno
 * @worn: what it has to give while impersonating
 * @primary: what it has to give after the revert
 */
FIXTURE_VARIANT(refusal) {
	int (*prepare)(void);
	int (*call)(void);
	int worn;
	int primary;
};

#define REFUSAL(name, ...) \
	FIXTURE_VARIANT_ADD(refusal, name) { __VA_ARGS__ }

FIXTURE_SETUP(refusal)
{
	if (variant->prepare)
		ASSERT_EQ(0, variant->prepare());
}

FIXTURE_TEARDOWN(refusal)
{
	wearing_end(&self->wearing);
}

static void refusal_check(struct __test_metadata *_metadata, struct wearing *wearing,
			  const FIXTURE_VARIANT(refusal) *variant, uint64_t caps)
{
	ASSERT_EQ(0, wearing_prepare(wearing, caps));
	ASSERT_TRUE(wearing_over(wearing));

	ASSERT_EQ(0, wearing_start(wearing));
	ASSERT_TRUE(wearing_intact(wearing));
	EXPECT_EQ(variant->worn, variant->call());
	EXPECT_TRUE(wearing_intact(wearing));
	/* Nothing that the first call has left behind lets a second one through. */
	EXPECT_EQ(variant->worn, variant->call());
	EXPECT_TRUE(wearing_intact(wearing));

	ASSERT_EQ(0, wearing_stop(wearing));
	EXPECT_TRUE(wearing_over(wearing));
	EXPECT_EQ(variant->primary, variant->call());
}

TEST_F(refusal, plain_client)
{
	refusal_check(_metadata, &self->wearing, variant, CAPS_NONE);
}

TEST_F(refusal, capable_client)
{
	refusal_check(_metadata, &self->wearing, variant, CAPS_CAPABLE);
}

#endif /* SELFTEST_REFUSALS_H */
