// SPDX-License-Identifier: GPL-2.0-only
/*
 * libntimp: the one descriptor that it keeps, in children and when somebody
 * closes it.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/stat.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"
#include "library.h"

FIXTURE(lib_device)
{
	int ctx;
};

FIXTURE_SETUP(lib_device)
{
	self->ctx = ntimp_capture_ids(1001, 1001, 0, NULL, NULL);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(lib_device)
{
	close(self->ctx);
}

/* The descriptor of the device, found as a program would that closes them all. */
static int find_device(void)
{
	struct stat device, st;

	if (stat(DEVICE_PATH, &device))
		return -errno;
	for (int fd = 3; fd < 1024; fd++) {
		if (!fstat(fd, &st) && S_ISCHR(st.st_mode) && st.st_rdev == device.st_rdev)
			return fd;
	}
	return -ENOENT;
}

static int wear_and_revert(void *ctx)
{
	int err = result(ntimp_impersonate(*(int *)ctx));

	if (err)
		return err;
	if (!acts_as(1001, 1001))
		return -EPROTO;
	err = result(ntimp_revert());
	if (err)
		return err;
	return acts_as(0, 0) ? 0 : -EPROTO;
}

TEST_F(lib_device, one_for_all)
{
	struct actor actor;
	int fd = find_device();

	ASSERT_LE(0, fd);
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	ASSERT_EQ(0, actor_start(&actor));
	EXPECT_EQ(0, actor_call(&actor, wear_and_revert, &self->ctx));
	EXPECT_EQ(0, wear_and_revert(&self->ctx));
	actor_stop(&actor);

	/* No second one was opened. */
	ASSERT_EQ(0, close(fd));
	EXPECT_EQ(-ENOENT, find_device());
}

TEST_F(lib_device, in_a_child)
{
	EXPECT_EQ(0, child_run(NULL, wear_and_revert, &self->ctx));
	EXPECT_EQ(0, wear_and_revert(&self->ctx));
}

/* The child starts as the server; the parent still is the client. */
TEST_F(lib_device, in_a_child_forked_while_impersonating)
{
	ASSERT_EQ(0, ntimp_impersonate(self->ctx));
	EXPECT_EQ(0, child_run(NULL, wear_and_revert, &self->ctx));
	EXPECT_TRUE(acts_as(1001, 1001));
	EXPECT_EQ(0, ntimp_revert());
}

TEST_F(lib_device, closed)
{
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, close(find_device()));
		EXPECT_EQ(0, wear_and_revert(&self->ctx));
	}
}

TEST_F(lib_device, closed_with_all_others)
{
	closefrom(3);
	self->ctx = ntimp_capture_ids(1001, 1001, 0, NULL, NULL);
	ASSERT_LE(0, self->ctx);
	EXPECT_EQ(0, wear_and_revert(&self->ctx));
}

TEST_F(lib_device, closed_while_impersonating)
{
	ASSERT_EQ(0, ntimp_impersonate(self->ctx));
	ASSERT_EQ(0, close(find_device()));
	EXPECT_EQ(0, ntimp_revert());
	EXPECT_TRUE(acts_as(0, 0));
}

/* The number is another file's now, which stays what it is. */
TEST_F(lib_device, number_used_again)
{
	int fd = find_device(), ends[2];
	struct ntimp_info info = {};
	char bytes[2];

	ASSERT_EQ(0, ntimp_impersonate(self->ctx));
	ASSERT_EQ(0, pipe(ends));
	ASSERT_EQ(fd, dup2(ends[1], fd));
	EXPECT_EQ(0, ntimp_revert());
	EXPECT_TRUE(acts_as(0, 0));
	EXPECT_EQ(-ENOENT, result(ntimp_query_thread(0, &info)));
	ASSERT_EQ(2, write(fd, "ok", 2));
	EXPECT_EQ(2, read(ends[0], bytes, 2));
	EXPECT_EQ(0, wear_and_revert(&self->ctx));
}

static int give_up_the_device(void *ctx)
{
	struct persona later = PERSONA_CAPS(1000, CAPS_SETIDS);

	/* The library has it open already, so its mode is of no importance. */
	if (chmod(DEVICE_PATH, 0600))
		return -errno;
	if (persona_take(&later))
		return -EPROTO;
	if (device_open() != -EACCES)
		return -EPROTO;
	return result(ntimp_impersonate(*(int *)ctx)) ?: result(ntimp_revert());
}

TEST_F(lib_device, kept_when_access_to_it_is_given_up)
{
	int err = child_run(NULL, give_up_the_device, &self->ctx);

	ASSERT_EQ(0, chmod(DEVICE_PATH, 0666));
	EXPECT_EQ(0, err);
}

FIXTURE(lib_device_first)
{
	int ctx;
};

FIXTURE_SETUP(lib_device_first)
{
	int dev = device_open();

	/* Without the library, which has nothing open yet. */
	self->ctx = capture_ids(dev, 1001, 1001, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, close(dev));
	ASSERT_EQ(-ENOENT, find_device());
}

FIXTURE_TEARDOWN(lib_device_first)
{
	close(self->ctx);
}

TEST_F(lib_device_first, opened_by_whoever_needs_it)
{
	EXPECT_EQ(0, wear_and_revert(&self->ctx));
	EXPECT_LE(0, find_device());
}

static int impersonate_without_access(void *ctx)
{
	struct persona later = PERSONA_CAPS(1000, CAPS_SETIDS);
	int err;

	if (chmod(DEVICE_PATH, 0600))
		return -errno;
	if (persona_take(&later))
		return -EPROTO;
	err = result(ntimp_impersonate(*(int *)ctx));
	return acts_as(1000, 1000) ? err : -EPROTO;
}

/* What could not be ended is not begun. */
TEST_F(lib_device_first, no_access_to_it)
{
	int err = child_run(NULL, impersonate_without_access, &self->ctx);

	ASSERT_EQ(0, chmod(DEVICE_PATH, 0666));
	EXPECT_EQ(-EACCES, err);
}

TEST_HARNESS_MAIN
