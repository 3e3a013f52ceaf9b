// SPDX-License-Identifier: GPL-2.0-only
/*
 * There is one place for a client, not a stack: the next one replaces the last
 * one, one revert undoes all, and what fails changes nothing.
 */
#include "harness.h"
#include <fcntl.h>

#include "device.h"
#include "identity.h"
#include "persona.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION
#define MANY	100

FIXTURE(wear_replace)
{
	int dev;
	int alice;
	int bob;
	struct identity server;
};

FIXTURE_SETUP(wear_replace)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->alice = capture_ids(self->dev, 1001, 1001, 0, NULL, LEVEL);
	ASSERT_LE(0, self->alice);
	self->bob = capture_ids(self->dev, 1002, 1002, 0, NULL, LEVEL);
	ASSERT_LE(0, self->bob);
	ASSERT_EQ(0, identity_subjective(&self->server));
}

FIXTURE_TEARDOWN(wear_replace)
{
	close(self->alice);
	close(self->bob);
	close(self->dev);
}

static bool acts_as_server(const struct identity *server)
{
	struct identity seen;

	return !identity_subjective(&seen) && identity_equal(server, &seen);
}

TEST_F(wear_replace, once)
{
	ASSERT_EQ(0, context_impersonate(self->alice));
	EXPECT_TRUE(acts_as(1001, 1001));
	EXPECT_EQ(context_id(self->alice), device_worn_id(self->dev, 0));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(acts_as_server(&self->server));
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, 0));
}

TEST_F(wear_replace, one_by_another)
{
	ASSERT_EQ(0, context_impersonate(self->alice));
	ASSERT_EQ(0, context_impersonate(self->bob));
	EXPECT_TRUE(acts_as(1002, 1002));
	EXPECT_EQ(context_id(self->bob), device_worn_id(self->dev, 0));
	ASSERT_EQ(0, context_impersonate(self->alice));
	EXPECT_TRUE(acts_as(1001, 1001));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(acts_as_server(&self->server));
}

TEST_F(wear_replace, one_by_itself)
{
	ASSERT_EQ(0, context_impersonate(self->alice));
	ASSERT_EQ(0, context_impersonate(self->alice));
	EXPECT_TRUE(acts_as(1001, 1001));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(acts_as_server(&self->server));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(acts_as_server(&self->server));
}

TEST_F(wear_replace, one_revert_for_all)
{
	for (int i = 0; i < MANY; i++) {
		ASSERT_EQ(0, context_impersonate(i % 2 ? self->alice : self->bob))
			TH_LOG("time %d", i);
	}
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(acts_as_server(&self->server));
	EXPECT_TRUE(is_seen_as(getpid(), 0, 0));
}

/* The next one is judged and made for the server, not for the last client. */
TEST_F(wear_replace, ids_groups_and_capabilities_all_at_once)
{
	const gid_t groups[] = { 5, 6, 7 };
	int many = capture_ids(self->dev, 1003, 1004, ARRAY_SIZE(groups), groups, LEVEL);
	struct identity seen;

	ASSERT_LE(0, many);
	ASSERT_EQ(0, context_impersonate(self->alice));
	ASSERT_EQ(0, context_impersonate(many));
	ASSERT_EQ(0, identity_subjective(&seen));
	EXPECT_TRUE(identity_is(&seen, 1003, 1004, ARRAY_SIZE(groups), groups));
	ASSERT_EQ(0, context_impersonate(self->alice));
	EXPECT_TRUE(acts_as(1001, 1001));
	EXPECT_EQ(0, device_revert(self->dev));
}

/* Counted per context, successes only. */
TEST_F(wear_replace, uses_are_counted)
{
	struct ntimp_info info = { .size = sizeof(info) };

	ASSERT_EQ(0, context_query(self->alice, &info));
	EXPECT_EQ(0, info.uses);
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, context_impersonate(self->alice));
		ASSERT_EQ(0, context_impersonate(self->bob));
		EXPECT_EQ(0, device_revert(self->dev));
	}
	EXPECT_EQ(-EINVAL, device_ioctl(self->alice, NTIMP_CTX_IMPERSONATE, 4));
	info = (struct ntimp_info){ .size = sizeof(info) };
	ASSERT_EQ(0, context_query(self->alice, &info));
	EXPECT_EQ(3, info.uses);
}

FIXTURE(wear_failure)
{
	int dev;
	int alice;
	/* What is done instead of a right impersonate. */
	int fd;
	unsigned long flags;
};

FIXTURE_VARIANT(wear_failure)
{
	enum {
		FAIL_GATE,
		FAIL_FLAGS,
		FAIL_DEVICE,
		FAIL_FILE,
		FAIL_BAD_FD,
	} how;
	int result;
};

FIXTURE_VARIANT_ADD(wear_failure, gate) { FAIL_GATE, -EPERM };
FIXTURE_VARIANT_ADD(wear_failure, flags) { FAIL_FLAGS, -EINVAL };
FIXTURE_VARIANT_ADD(wear_failure, device) { FAIL_DEVICE, -ENOTTY };
FIXTURE_VARIANT_ADD(wear_failure, file) { FAIL_FILE, -ENOTTY };
FIXTURE_VARIANT_ADD(wear_failure, bad_fd) { FAIL_BAD_FD, -EBADF };

/* A server that isn't root, so that there is whom it may not wear. */
FIXTURE_SETUP(wear_failure)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS);

	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->alice = capture_ids(self->dev, 1001, 1001, 0, NULL, LEVEL);
	ASSERT_LE(0, self->alice);
	switch (variant->how) {
	case FAIL_GATE:
		self->fd = capture_self(self->dev, LEVEL);
		break;
	case FAIL_FLAGS:
		self->fd = capture_ids(self->dev, 1002, 1002, 0, NULL, LEVEL);
		self->flags = 4;
		break;
	case FAIL_DEVICE:
		self->fd = device_open();
		break;
	case FAIL_FILE:
		self->fd = open("/dev/null", O_RDWR);
		break;
	case FAIL_BAD_FD:
		self->fd = dup(self->dev);
		ASSERT_EQ(0, close(self->fd));
		break;
	}
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, persona_take(&server));
}

FIXTURE_TEARDOWN(wear_failure)
{
	close(self->alice);
	close(self->dev);
}

TEST_F(wear_failure, leaves_the_server)
{
	struct identity before, after;

	ASSERT_EQ(0, identity_subjective(&before));
	EXPECT_EQ(variant->result, device_ioctl(self->fd, NTIMP_CTX_IMPERSONATE, self->flags));
	ASSERT_EQ(0, identity_subjective(&after));
	EXPECT_TRUE(identity_equal(&before, &after));
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, 0));
	EXPECT_TRUE(is_seen_as(getpid(), 1000, 1000));
}

TEST_F(wear_failure, leaves_the_client)
{
	ASSERT_EQ(0, context_impersonate(self->alice));
	EXPECT_EQ(variant->result, device_ioctl(self->fd, NTIMP_CTX_IMPERSONATE, self->flags));
	EXPECT_TRUE(acts_as(1001, 1001));
	EXPECT_EQ(context_id(self->alice), device_worn_id(self->dev, 0));
	EXPECT_TRUE(is_seen_as(getpid(), 1000, 1000));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(acts_as(1000, 1000));
}

TEST_HARNESS_MAIN
