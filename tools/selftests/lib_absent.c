// SPDX-License-Identifier: GPL-2.0-only
/* libntimp without the module: every function says so and does nothing. */
#include "harness.h"
#include <sys/socket.h>
#include <sys/syscall.h>

#include "device.h"
#include "identity.h"
#include "library.h"

FIXTURE(lib_absent)
{
	int nothing;
};

FIXTURE_SETUP(lib_absent)
{
	ASSERT_EQ(-ENOENT, device_open());
}

FIXTURE_TEARDOWN(lib_absent)
{
	EXPECT_TRUE(acts_as(0, 0));
}

TEST_F(lib_absent, capture)
{
	int ends[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	EXPECT_EQ(-ENODEV, result(ntimp_capture_self(NULL)));
	EXPECT_EQ(-ENODEV, result(ntimp_capture_thread(thread_id(), NULL)));
	EXPECT_EQ(-ENODEV, result(ntimp_capture_pidfd(syscall(SYS_pidfd_open, getpid(), 0), NULL)));
	EXPECT_EQ(-ENODEV, result(ntimp_capture_peer(ends[0], NULL)));
	EXPECT_EQ(-ENODEV, result(ntimp_capture_ids(0, 0, 0, NULL, NULL)));
	EXPECT_EQ(-ENODEV, result(ntimp_capture_user("root", NULL)));
	EXPECT_EQ(-ENODEV, result(ntimp_capture_anonymous()));
	EXPECT_EQ(-ENODEV, result(ntimp_duplicate(0, NULL)));
}

TEST_F(lib_absent, wear)
{
	struct ntimp_info info = {};

	EXPECT_EQ(-ENODEV, result(ntimp_impersonate(0)));
	EXPECT_EQ(-ENODEV, result(ntimp_revert()));
	EXPECT_EQ(-ENODEV, result(ntimp_query_thread(0, &info)));
}

static int never(void *called)
{
	*(bool *)called = true;
	return 0;
}

TEST_F(lib_absent, scope)
{
	bool called = false;
	int refused = 0;

	EXPECT_EQ(-ENODEV, result(ntimp_run_as(0, never, &called)));
	NTIMP_SCOPE(0) {
		called = true;
	} else {
		refused = errno;
	}
	EXPECT_EQ(ENODEV, refused);
	EXPECT_FALSE(called);
}

TEST_HARNESS_MAIN
