// SPDX-License-Identifier: GPL-2.0-only
/* What the module says of itself. */
#include "harness.h"
#include <fcntl.h>
#include <sys/utsname.h>

#include "broker.h"
#include "child.h"
#include "device.h"

#define GUARD(name)	(1ULL << NTIMP_GUARD_##name)
#define GUARDS_ALL	((1ULL << (NTIMP_GUARD_EXIT + 1)) - 1)

FIXTURE(abi_version)
{
	int dev;
	struct ntimp_version version;
};

FIXTURE_SETUP(abi_version)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->version.size = sizeof(self->version);
	ASSERT_EQ(0, device_version(self->dev, &self->version));
}

FIXTURE_TEARDOWN(abi_version)
{
	close(self->dev);
}

TEST_F(abi_version, interface)
{
	EXPECT_EQ(NTIMP_ABI, self->version.abi);
	EXPECT_EQ(0, self->version.reserved);
	EXPECT_EQ(0, self->version.errata);
	EXPECT_EQ(0, self->version.params);
}

/* What is announced works, and what fails is not announced. */
TEST_F(abi_version, features)
{
	int ctx = capture_self(self->dev, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_capture dynamic = {
		.size = sizeof(dynamic),
		.source = NTIMP_SOURCE_SELF,
		.qos = {
			.level = NTIMP_LEVEL_IMPERSONATION,
			.tracking = NTIMP_TRACKING_DYNAMIC,
			.flags = NTIMP_QOS_CONSENT,
		},
	};

	EXPECT_EQ(NTIMP_FEATURE_IMPERSONATE | NTIMP_FEATURE_LOW_LEVELS | NTIMP_FEATURE_DYNAMIC |
		  NTIMP_FEATURE_CONSENT | NTIMP_FEATURE_REVOKE | NTIMP_FEATURE_EXPLAIN |
		  NTIMP_FEATURE_REMOTE |
		  NTIMP_FEATURE_BROKER,
		  self->version.features);
	EXPECT_EQ(0, broker_try(ctx, 0, AT_FDCWD, "/", O_RDONLY));
	EXPECT_EQ(0, context_impersonate(ctx));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_LE(0, device_capture(self->dev, &dynamic));
	EXPECT_EQ(0, device_ioctl(ctx, NTIMP_CTX_REVOKE, 0));
	EXPECT_EQ(-EKEYREVOKED, context_impersonate(ctx));
	EXPECT_EQ(0, context_impersonate(capture_anonymous(self->dev)));
	EXPECT_EQ(0, device_revert(self->dev));
}

/* Each guard is armed, or there is nothing to guard on this kernel. */
TEST_F(abi_version, guards)
{
	unsigned int major, minor;
	struct utsname kernel;

	ASSERT_EQ(0, uname(&kernel));
	ASSERT_EQ(2, sscanf(kernel.release, "%u.%u", &major, &minor));
	EXPECT_EQ(GUARDS_ALL, self->version.guards_armed | self->version.guards_absent);
	EXPECT_EQ(0, self->version.guards_armed & self->version.guards_absent);
	/* lsm_set_self_attr(2) came in 6.8. */
	EXPECT_EQ(major * 100 + minor < 608 ? GUARD(SETSELFATTR) : 0,
		  self->version.guards_absent);
}

TEST_F(abi_version, release)
{
	size_t len = strnlen(self->version.release, sizeof(self->version.release));
	char release[sizeof(self->version.release) + 1] = "";
	FILE *file;

	ASSERT_LT(0, len);
	ASSERT_GT(sizeof(self->version.release), len);
	for (size_t i = len; i < sizeof(self->version.release); i++)
		EXPECT_EQ(0, self->version.release[i]);

	file = fopen("/sys/module/ntimp/version", "re");
	ASSERT_NE(NULL, file);
	ASSERT_EQ(1, fscanf(file, "%32s", release));
	fclose(file);
	EXPECT_STREQ(release, self->version.release);
}

static int ask(void *dev)
{
	struct ntimp_version version = { .size = sizeof(version) };

	return device_version(*(int *)dev, &version);
}

TEST_F(abi_version, everybody_may_ask)
{
	struct persona user = PERSONA_USER(1000);

	EXPECT_EQ(0, child_run(&user, ask, &self->dev));
}

TEST_HARNESS_MAIN
