// SPDX-License-Identifier: GPL-2.0-only
/* Contexts made of contexts: the same client, never at more than before. */
#include "harness.h"
#include <fcntl.h>

#include "child.h"
#include "device.h"
#include "identity.h"

#define CHAIN	50

FIXTURE(capture_context)
{
	int dev;
	int source;
};

FIXTURE_VARIANT(capture_context)
{
	__u32 level;
};

FIXTURE_VARIANT_ADD(capture_context, anonymous) { NTIMP_LEVEL_ANONYMOUS };
FIXTURE_VARIANT_ADD(capture_context, identification) { NTIMP_LEVEL_IDENTIFICATION };
FIXTURE_VARIANT_ADD(capture_context, impersonation) { NTIMP_LEVEL_IMPERSONATION };
FIXTURE_VARIANT_ADD(capture_context, delegation) { NTIMP_LEVEL_DELEGATION };

FIXTURE_SETUP(capture_context)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->source = capture_ids(self->dev, 1000, 1000, 0, NULL, variant->level);
	ASSERT_LE(0, self->source);
}

FIXTURE_TEARDOWN(capture_context)
{
	close(self->source);
	close(self->dev);
}

static int level_of(int ctx)
{
	struct ntimp_info info = { .size = sizeof(info) };
	int err = context_query(ctx, &info);

	return err ? err : (int)info.qos.level;
}

TEST_F(capture_context, each_level)
{
	for (__u32 level = NTIMP_LEVEL_ANONYMOUS; level <= NTIMP_LEVEL_DELEGATION; level++) {
		int copy = capture_context(self->dev, self->source, level);

		if (level > variant->level) {
			EXPECT_EQ(-EPERM, copy) {
				TH_LOG("level %u", level);
			}
		} else {
			EXPECT_EQ((int)level, level_of(copy));
		}
	}
	EXPECT_EQ((int)variant->level, level_of(self->source));
}

static int copy_each_level(void *arg)
{
	const FIXTURE_DATA(capture_context) *self = arg;

	return capture_context(self->dev, self->source, NTIMP_LEVEL_ANONYMOUS) < 0;
}

/* The descriptor is all that is needed. */
TEST_F(capture_context, by_somebody_without_rights)
{
	struct persona user = PERSONA_USER(1001);

	EXPECT_EQ(0, child_run(&user, copy_each_level, self));
}

TEST_F(capture_context, is_another_context)
{
	int copy = capture_context(self->dev, self->source, variant->level);
	struct ntimp_info source = { .size = sizeof(source) }, info = { .size = sizeof(info) };

	ASSERT_EQ(0, context_query(self->source, &source));
	ASSERT_EQ(0, context_query(copy, &info));
	EXPECT_NE(source.id, info.id);
	EXPECT_EQ(NTIMP_SOURCE_IDS, source.source);
	EXPECT_EQ(NTIMP_SOURCE_CONTEXT, info.source);
	EXPECT_EQ(0, info.uses);
}

TEST_F(capture_context, chain)
{
	int ctx = self->source;
	uint32_t id;

	for (int i = 0; i < CHAIN; i++) {
		int copy = capture_context(self->dev, ctx, variant->level);

		ASSERT_LE(0, copy);
		/* Each one lives without the one that it was made of. */
		ASSERT_EQ(0, close(ctx));
		ctx = copy;
	}
	EXPECT_EQ((int)variant->level, level_of(ctx));
	id = variant->level > NTIMP_LEVEL_ANONYMOUS ? 1000 : 65534;
	EXPECT_TRUE(context_is_of(ctx, id, id));
	self->source = ctx;
}

/* What went down in a chain does not come up again. */
TEST_F(capture_context, down_and_up)
{
	int low = capture_context(self->dev, self->source, NTIMP_LEVEL_ANONYMOUS);

	EXPECT_EQ(NTIMP_LEVEL_ANONYMOUS, level_of(low));
	for (__u32 level = NTIMP_LEVEL_IDENTIFICATION; level <= NTIMP_LEVEL_DELEGATION; level++) {
		EXPECT_EQ(-EPERM, capture_context(self->dev, low, level))
			TH_LOG("level %u", level);
	}
}

static int copy_effective_only(int dev, int ctx, __u32 level, __u8 effective_only)
{
	struct ntimp_capture capture = {
		.size = sizeof(capture),
		.source = NTIMP_SOURCE_CONTEXT,
		.qos = { .level = level, .effective_only = effective_only },
		.fd = ctx,
	};

	return device_capture(dev, &capture);
}

TEST_F(capture_context, effective_only)
{
	int ctx = copy_effective_only(self->dev, self->source, variant->level, 1);

	ASSERT_LE(0, ctx);
	EXPECT_LE(0, copy_effective_only(self->dev, ctx, variant->level, 1));
	EXPECT_EQ(-EPERM, copy_effective_only(self->dev, ctx, variant->level, 0));
	EXPECT_EQ(-EPERM, copy_effective_only(self->dev, ctx, NTIMP_LEVEL_ANONYMOUS, 0));
}

static int become_and_capture(const struct child *parent, void *dev)
{
	return child_send_fd(parent, capture_self(*(int *)dev, NTIMP_LEVEL_DELEGATION));
}

TEST_F(capture_context, effective_only_hides_what_is_not_effective)
{
	struct persona client = PERSONA_CAPS(1000, CAP_BIT(CAP_CHOWN));
	struct identity seen;
	struct child child;
	int ctx, copy;

	client.permitted |= CAP_BIT(CAP_KILL);
	ASSERT_EQ(0, child_start(&child, &client, become_and_capture, &self->dev));
	ctx = child_receive_fd(&child);
	EXPECT_EQ(0, child_finish(&child));

	ASSERT_EQ(0, context_identity(ctx, &seen));
	EXPECT_EQ(CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_KILL), seen.permitted);
	EXPECT_EQ(CAP_BIT(CAP_CHOWN), seen.effective);

	copy = copy_effective_only(self->dev, ctx, NTIMP_LEVEL_DELEGATION, 1);
	ASSERT_EQ(0, context_identity(copy, &seen));
	EXPECT_EQ(CAP_BIT(CAP_CHOWN), seen.permitted);
	EXPECT_EQ(CAP_BIT(CAP_CHOWN), seen.effective);
}

TEST_F(capture_context, not_a_context)
{
	int ends[2];

	ASSERT_EQ(0, pipe(ends));
	EXPECT_EQ(-EBADF, capture_context(self->dev, -1, NTIMP_LEVEL_ANONYMOUS));
	EXPECT_EQ(-EBADF, capture_context(self->dev, 1000, NTIMP_LEVEL_ANONYMOUS));
	EXPECT_EQ(-EBADF, capture_context(self->dev, open("/", O_PATH), NTIMP_LEVEL_ANONYMOUS));
	EXPECT_EQ(-EINVAL, capture_context(self->dev, ends[0], NTIMP_LEVEL_ANONYMOUS));
	EXPECT_EQ(-EINVAL, capture_context(self->dev, self->dev, NTIMP_LEVEL_ANONYMOUS));
	EXPECT_EQ(-EINVAL, capture_context(self->dev, open("/", O_RDONLY),
					   NTIMP_LEVEL_ANONYMOUS));
}

TEST_HARNESS_MAIN
