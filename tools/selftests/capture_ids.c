// SPDX-License-Identifier: GPL-2.0-only
/* Contexts made of numbers: who may make them, and of which numbers. */
#include "harness.h"

#include "child.h"
#include "device.h"
#include "identity.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION
#define INVALID	((uid_t)-1)

FIXTURE(capture_ids)
{
	int dev;
};

FIXTURE_SETUP(capture_ids)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(capture_ids)
{
	close(self->dev);
}

TEST_F(capture_ids, exactly_the_numbers_given)
{
	const uint32_t ids[] = { 0, 1, 1000, 65534, 65535, 65536, 0xfffffffe };

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		uid_t uid = ids[i];
		gid_t gid = ids[ARRAY_SIZE(ids) - 1 - i];
		int ctx = capture_ids(self->dev, uid, gid, 0, NULL, LEVEL);

		EXPECT_LE(0, ctx);
		EXPECT_TRUE(context_is_of(ctx, uid, gid));
	}
}

TEST_F(capture_ids, invalid_numbers)
{
	const gid_t groups[] = { 1, INVALID, 3 };

	EXPECT_EQ(-EINVAL, capture_ids(self->dev, INVALID, 1000, 0, NULL, LEVEL));
	EXPECT_EQ(-EINVAL, capture_ids(self->dev, 1000, INVALID, 0, NULL, LEVEL));
	EXPECT_EQ(-EINVAL, capture_ids(self->dev, INVALID, INVALID, 0, NULL, LEVEL));
	EXPECT_EQ(-EINVAL, capture_ids(self->dev, 1000, 1000, ARRAY_SIZE(groups), groups, LEVEL));
	EXPECT_EQ(-EINVAL, capture_ids(self->dev, 1000, 1000, 1, &groups[1], LEVEL));
}

TEST_F(capture_ids, invalid_numbers_while_impersonating)
{
	ASSERT_EQ(0, context_impersonate(capture_ids(self->dev, 1000, 1000, 0, NULL, LEVEL)));
	EXPECT_EQ(-EINVAL, capture_ids(self->dev, INVALID, 1000, 0, NULL, LEVEL));
	EXPECT_EQ(0, device_revert(self->dev));
}

/* Judged on the primary, which has the rights that the client lacks. */
TEST_F(capture_ids, while_impersonating)
{
	int ctx;

	ASSERT_EQ(0, context_impersonate(capture_ids(self->dev, 1000, 1000, 0, NULL, LEVEL)));
	ctx = capture_ids(self->dev, 1001, 1001, 0, NULL, LEVEL);
	EXPECT_LE(0, ctx);
	EXPECT_EQ(0, context_impersonate(ctx));
	EXPECT_TRUE(acts_as(1001, 1001));
	EXPECT_EQ(0, device_revert(self->dev));
}

static uint64_t last_cap(void)
{
	FILE *file = fopen("/proc/sys/kernel/cap_last_cap", "re");
	unsigned int last = 0;

	if (!file || fscanf(file, "%u", &last) != 1)
		last = 0;
	if (file)
		fclose(file);
	return last;
}

TEST_F(capture_ids, no_capability_unless_given)
{
	struct identity client;
	int ctx = capture_ids(self->dev, 0, 0, 0, NULL, LEVEL);

	ASSERT_EQ(0, context_identity(ctx, &client));
	EXPECT_EQ(CAPS_NONE, client.permitted);
	EXPECT_EQ(CAPS_NONE, client.effective);
	ctx = capture_ids_caps(self->dev, 0, 0, CAPS_NONE, LEVEL);
	ASSERT_EQ(0, context_identity(ctx, &client));
	EXPECT_EQ(CAPS_NONE, client.permitted);
	EXPECT_EQ(CAPS_NONE, client.effective);
}

TEST_F(capture_ids, capabilities_given)
{
	uint64_t last = last_cap();
	struct identity client;
	int ctx;

	ASSERT_LE(CAP_CHECKPOINT_RESTORE, last);
	for (uint64_t cap = 0; cap <= last; cap++) {
		ctx = capture_ids_caps(self->dev, 1000, 1000, CAP_BIT(cap), LEVEL);
		ASSERT_EQ(0, context_identity(ctx, &client));
		EXPECT_EQ(CAP_BIT(cap), client.permitted);
		EXPECT_EQ(CAP_BIT(cap), client.effective);
		ASSERT_EQ(0, close(ctx));
	}
}

TEST_F(capture_ids, capabilities_beyond_the_last_one)
{
	for (uint64_t cap = last_cap() + 1; cap < 64; cap++) {
		EXPECT_EQ(-EINVAL, capture_ids_caps(self->dev, 1000, 1000, CAP_BIT(cap), LEVEL))
			TH_LOG("capability %d", (int)cap);
	}
	EXPECT_EQ(-EINVAL, capture_ids_caps(self->dev, 1000, 1000, CAPS_ALL, LEVEL));
}

TEST_F(capture_ids, capabilities_without_the_flag)
{
	struct ntimp_capture capture = {
		.size = sizeof(capture),
		.source = NTIMP_SOURCE_IDS,
		.qos.level = LEVEL,
		.uid = 1000,
		.gid = 1000,
		.caps = CAP_BIT(CAP_CHOWN),
	};

	EXPECT_EQ(-EINVAL, device_capture(self->dev, &capture));
}

static int capture_in_userns(void *arg)
{
	int dev = *(int *)arg;
	int err = userns_enter("0 100000 1000\n5000 200000 1", "0 100000 1000\n6000 200000 1");
	const gid_t good[] = { 1, 999, 6000 }, bad[] = { 1, 1000 };
	struct identity client;
	int ctx;

	if (err)
		return err;
	if (capture_ids(dev, 1000, 0, 0, NULL, LEVEL) != -EINVAL ||
	    capture_ids(dev, 100000, 0, 0, NULL, LEVEL) != -EINVAL ||
	    capture_ids(dev, 6000, 0, 0, NULL, LEVEL) != -EINVAL ||
	    capture_ids(dev, 0, 5000, 0, NULL, LEVEL) != -EINVAL ||
	    capture_ids(dev, 0, 0, ARRAY_SIZE(bad), bad, LEVEL) != -EINVAL)
		return -EPROTO;
	ctx = capture_ids(dev, 5000, 999, ARRAY_SIZE(good), good, LEVEL);
	if (ctx < 0)
		return ctx;
	if (context_identity(ctx, &client) ||
	    !identity_is(&client, 5000, 999, ARRAY_SIZE(good), good))
		return -EPROTO;
	return 0;
}

/* Numbers are those of the caller's user namespace, and have to be mapped. */
TEST_F(capture_ids, in_a_user_namespace)
{
	EXPECT_EQ(0, child_run(NULL, capture_in_userns, &self->dev));
}

FIXTURE(capture_ids_rights)
{
	int dev;
};

FIXTURE_VARIANT(capture_ids_rights)
{
	struct persona maker;
	int result;
};

FIXTURE_VARIANT_ADD(capture_ids_rights, root)
{
	.maker = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.result = 0,
};

FIXTURE_VARIANT_ADD(capture_ids_rights, root_without_capabilities)
{
	.maker = { .uid = 0 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(capture_ids_rights, user)
{
	.maker = { .uid = 1000, .gid = 1000 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(capture_ids_rights, without_setuid)
{
	.maker = {
		.uid = 1000, .gid = 1000,
		.permitted = CAPS_ALL, .effective = CAPS_ALL & ~CAP_BIT(CAP_SETUID),
	},
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(capture_ids_rights, without_setgid)
{
	.maker = {
		.uid = 1000, .gid = 1000,
		.permitted = CAPS_ALL, .effective = CAPS_ALL & ~CAP_BIT(CAP_SETGID),
	},
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(capture_ids_rights, both_and_nothing_else)
{
	.maker = {
		.uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS, .effective = CAPS_SETIDS,
	},
	.result = 0,
};

FIXTURE_VARIANT_ADD(capture_ids_rights, both_not_effective)
{
	.maker = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS },
	.result = -EPERM,
};

FIXTURE_SETUP(capture_ids_rights)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(capture_ids_rights)
{
	close(self->dev);
}

static int make(void *dev)
{
	int ctx = capture_ids(*(int *)dev, 1001, 1001, 0, NULL, LEVEL);

	return ctx < 0 ? ctx : 0;
}

TEST_F(capture_ids_rights, make)
{
	EXPECT_EQ(variant->result, child_run(&variant->maker, make, &self->dev));
}

/* Nobody: no right is needed to be it. */
static int make_anonymous(void *dev)
{
	int ctx = capture_anonymous(*(int *)dev);

	return ctx < 0 ? ctx : 0;
}

TEST_F(capture_ids_rights, make_anonymous)
{
	EXPECT_EQ(0, child_run(&variant->maker, make_anonymous, &self->dev));
}

static int make_with_caps(void *arg)
{
	const uint64_t caps = CAPS_SETIDS | CAP_BIT(CAP_CHOWN);
	int dev = *(int *)arg, ctx;

	ctx = capture_ids_caps(dev, 1001, 1001, caps | CAP_BIT(CAP_KILL), LEVEL);
	if (ctx != -EPERM)
		return -EPROTO;
	ctx = capture_ids_caps(dev, 1001, 1001, caps, LEVEL);
	return ctx < 0 ? ctx : 0;
}

/* At most what the maker has permitted, whether effective or not. */
TEST_F(capture_ids, capabilities_of_the_maker)
{
	struct persona maker = PERSONA_CAPS(1000, CAPS_SETIDS);

	maker.permitted |= CAP_BIT(CAP_CHOWN);
	EXPECT_EQ(0, child_run(&maker, make_with_caps, &self->dev));
}

TEST_HARNESS_MAIN
