// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server in a Landlock domain stays in it, whomever it wears; a client's
 * domain is the client's.
 */
#include "harness.h"
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "child.h"
#include "device.h"
#include "identity.h"
#include "scratch.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

FIXTURE(confine_landlock)
{
	int dev;
	int ctx;
	struct scratch scratch;
};

FIXTURE_SETUP(confine_landlock)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, file_make(&self->scratch, "file", 1001, 1001, 0644));
	self->ctx = capture_ids(self->dev, 1001, 1001, 0, NULL, LEVEL);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(confine_landlock)
{
	scratch_close(&self->scratch);
	close(self->ctx);
	close(self->dev);
}

/* From now on the calling thread opens no file for reading, anywhere. */
static int forbid_reading(void)
{
	struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE,
	};
	int ruleset = syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	int err = 0;

	if (ruleset < 0)
		return -errno;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_landlock_restrict_self, ruleset, 0))
		err = -errno;
	close(ruleset);
	return err;
}

static int read_file(const FIXTURE_DATA(confine_landlock) *self)
{
	return file_try(&self->scratch, "file", O_RDONLY);
}

static int write_file(const FIXTURE_DATA(confine_landlock) *self)
{
	return file_try(&self->scratch, "file", O_WRONLY);
}

TEST_F(confine_landlock, server_in_a_domain)
{
	EXPECT_EQ(0, read_file(self));
	ASSERT_EQ(0, forbid_reading());
	EXPECT_EQ(-EACCES, read_file(self));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(-EACCES, read_file(self));
	/* Not because of the client's ids, which allow both. */
	EXPECT_EQ(0, write_file(self));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(-EACCES, read_file(self));
}

/* The context has been used before, and what was made for that is at hand. */
TEST_F(confine_landlock, server_that_enters_a_domain)
{
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(0, read_file(self));
	ASSERT_EQ(0, device_revert(self->dev));
	ASSERT_EQ(0, forbid_reading());
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(-EACCES, read_file(self));
	EXPECT_EQ(0, write_file(self));
	ASSERT_EQ(0, device_revert(self->dev));
}

/* Half in, half out would be neither. */
TEST_F(confine_landlock, no_domain_is_entered_while_impersonating)
{
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(-EPERM, forbid_reading());
	EXPECT_EQ(0, read_file(self));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, read_file(self));
}

static int be_confined_client(const struct child *parent, void *arg)
{
	const FIXTURE_DATA(confine_landlock) *self = arg;
	int err = forbid_reading();

	if (!err && read_file(self) != -EACCES)
		err = -EPROTO;
	return err ? err : child_send_fd(parent, capture_self(self->dev, LEVEL));
}

TEST_F(confine_landlock, client_in_a_domain)
{
	struct persona user = PERSONA_USER(1001);
	struct child child;
	int ctx;

	ASSERT_EQ(0, child_start(&child, &user, be_confined_client, self));
	ctx = child_receive_fd(&child);
	ASSERT_LE(0, ctx);
	ASSERT_EQ(0, child_finish(&child));
	ASSERT_EQ(0, context_impersonate(ctx));
	EXPECT_TRUE(acts_as(1001, 1001));
	EXPECT_EQ(0, read_file(self));
	ASSERT_EQ(0, device_revert(self->dev));
}

/* Both confined: it is the server's domain that counts, which allows writing. */
TEST_F(confine_landlock, both_in_domains)
{
	struct persona user = PERSONA_USER(1001);
	struct child child;
	int ctx;

	ASSERT_EQ(0, child_start(&child, &user, be_confined_client, self));
	ctx = child_receive_fd(&child);
	ASSERT_EQ(0, child_finish(&child));
	ASSERT_EQ(0, forbid_reading());
	ASSERT_EQ(0, context_impersonate(ctx));
	EXPECT_EQ(-EACCES, read_file(self));
	EXPECT_EQ(0, write_file(self));
	ASSERT_EQ(0, device_revert(self->dev));
}

TEST_HARNESS_MAIN
