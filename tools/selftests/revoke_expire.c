// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts that end by themselves.  Nothing here waits: a deadline is in the
 * past or an hour ahead.
 */
#include "harness.h"

#include "child.h"
#include "device.h"
#include "identity.h"

#define CLIENT	1001
#define LEVEL	NTIMP_LEVEL_IMPERSONATION
#define HOUR	(3600 * 1000000000ULL)

FIXTURE(revoke_expire)
{
	int dev;
	int ctx;
};

FIXTURE_SETUP(revoke_expire)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, CLIENT, CLIENT, 0, NULL, LEVEL);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(revoke_expire)
{
	EXPECT_EQ(0, device_revert(self->dev));
	close(self->ctx);
	close(self->dev);
}

static int64_t lifetime(int ctx)
{
	struct ntimp_info info = { .size = sizeof(info) };
	int err = context_query(ctx, &info);

	return err ? err : (int64_t)info.lifetime;
}

static bool is_expired(int dev, int ctx)
{
	return context_impersonate(ctx) == -EKEYEXPIRED &&
	       context_downgraded(ctx) == -EKEYEXPIRED &&
	       context_update(ctx) == -EKEYEXPIRED &&
	       capture_context(dev, ctx, LEVEL) == -EKEYEXPIRED &&
	       context_flags(ctx) == NTIMP_INFO_EXPIRED && !lifetime(ctx) &&
	       context_is_of(ctx, CLIENT, CLIENT);
}

TEST_F(revoke_expire, at_once)
{
	EXPECT_EQ(0, lifetime(self->ctx));
	EXPECT_EQ(0, context_expire(self->ctx, 0));
	EXPECT_TRUE(is_expired(self->dev, self->ctx));
}

TEST_F(revoke_expire, at_once_after_use)
{
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(0, context_expire(self->ctx, 0));
	EXPECT_TRUE(acts_as(CLIENT, CLIENT));
	EXPECT_EQ(-EKEYEXPIRED, context_impersonate(self->ctx));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(is_expired(self->dev, self->ctx));
}

TEST_F(revoke_expire, later)
{
	int64_t left;

	EXPECT_EQ(0, context_expire(self->ctx, HOUR));
	left = lifetime(self->ctx);
	EXPECT_LT(0, left);
	EXPECT_GE(HOUR, left);
	EXPECT_GE(left, lifetime(self->ctx));
	EXPECT_EQ(0, context_flags(self->ctx));
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(0, context_impersonate(self->ctx));
		EXPECT_TRUE(acts_as(CLIENT, CLIENT));
		EXPECT_EQ(0, device_revert(self->dev));
	}
	EXPECT_EQ(-EINVAL, context_update(self->ctx));
}

/* Time passes by itself. */
TEST_F(revoke_expire, soon)
{
	int err;

	EXPECT_EQ(0, context_expire(self->ctx, 1000));
	while (!(err = context_impersonate(self->ctx)))
		EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(-EKEYEXPIRED, err);
	EXPECT_TRUE(is_expired(self->dev, self->ctx));
}

/* Only ever brought forward. */
TEST_F(revoke_expire, is_never_put_off)
{
	int64_t left;

	EXPECT_EQ(0, context_expire(self->ctx, 2 * HOUR));
	EXPECT_EQ(0, context_expire(self->ctx, HOUR));
	left = lifetime(self->ctx);
	EXPECT_GE(HOUR, left);
	EXPECT_EQ(0, context_expire(self->ctx, 100 * HOUR));
	EXPECT_EQ(0, context_expire(self->ctx, UINT64_MAX));
	EXPECT_GE(left, lifetime(self->ctx));
	EXPECT_EQ(0, context_expire(self->ctx, 0));
	EXPECT_EQ(0, context_expire(self->ctx, HOUR));
	EXPECT_TRUE(is_expired(self->dev, self->ctx));
}

/* What the clock can't count is for ever. */
TEST_F(revoke_expire, in_all_eternity)
{
	const uint64_t eternities[] = { INT64_MAX, INT64_MAX + 1ULL, UINT64_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(eternities); i++) {
		EXPECT_EQ(0, context_expire(self->ctx, eternities[i]));
		EXPECT_EQ(0, lifetime(self->ctx));
		EXPECT_EQ(0, context_flags(self->ctx));
		EXPECT_EQ(0, context_impersonate(self->ctx));
		EXPECT_EQ(0, device_revert(self->dev));
	}
	/* A little less than that isn't. */
	EXPECT_EQ(0, context_expire(self->ctx, INT64_MAX / 2));
	EXPECT_LT(0, lifetime(self->ctx));
}

TEST_F(revoke_expire, duplicates_inherit)
{
	int copy;

	EXPECT_EQ(0, context_expire(self->ctx, HOUR));
	copy = capture_context(self->dev, self->ctx, LEVEL);
	ASSERT_LE(0, copy);
	EXPECT_LT(0, lifetime(copy));
	EXPECT_GE(HOUR, lifetime(copy));
	/* And end together. */
	EXPECT_EQ(0, context_expire(copy, 0));
	EXPECT_TRUE(is_expired(self->dev, copy));
	EXPECT_TRUE(is_expired(self->dev, self->ctx));
	EXPECT_EQ(0, close(copy));
}

/* What was revoked is that, whatever the clock says. */
TEST_F(revoke_expire, and_revoked)
{
	int late = capture_ids(self->dev, CLIENT, CLIENT, 0, NULL, LEVEL);

	EXPECT_EQ(0, context_expire(self->ctx, 0));
	EXPECT_EQ(0, context_revoke(self->ctx, 0));
	EXPECT_EQ(-EKEYREVOKED, context_impersonate(self->ctx));
	EXPECT_EQ(NTIMP_INFO_REVOKED, context_flags(self->ctx));

	EXPECT_EQ(0, context_revoke(late, 0));
	EXPECT_EQ(0, context_expire(late, HOUR));
	EXPECT_EQ(0, context_expire(late, 0));
	EXPECT_EQ(-EKEYREVOKED, context_impersonate(late));
	EXPECT_EQ(NTIMP_INFO_REVOKED, context_flags(late));
}

TEST_F(revoke_expire, with_flags)
{
	for (int bit = 0; bit < 32; bit++) {
		struct ntimp_expire expire = {
			.size = sizeof(expire), .flags = 1U << bit,
		};

		EXPECT_EQ(-EINVAL, device_ioctl(self->ctx, NTIMP_CTX_EXPIRE, (uintptr_t)&expire))
			TH_LOG("bit %d", bit);
	}
	EXPECT_EQ(0, context_flags(self->ctx));
}

TEST_HARNESS_MAIN
