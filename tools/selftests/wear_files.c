// SPDX-License-Identifier: GPL-2.0-only
/* What an impersonating thread does with files, it does as the client. */
#include "harness.h"
#include <fcntl.h>
#include <sys/stat.h>

#include "device.h"
#include "identity.h"
#include "scratch.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

/* The client, and groups of which it is in the first one only. */
#define CLIENT		1001
#define GROUP_IN	3000
#define GROUP_OUT	3001

static int capture_client(int dev)
{
	const gid_t groups[] = { GROUP_IN };

	return capture_ids(dev, CLIENT, CLIENT, ARRAY_SIZE(groups), groups, LEVEL);
}

FIXTURE(wear_files)
{
	int dev;
	int ctx;
	struct scratch scratch;
};

FIXTURE_SETUP(wear_files)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_client(self->dev);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, scratch_open(&self->scratch));
}

FIXTURE_TEARDOWN(wear_files)
{
	EXPECT_EQ(0, device_revert(self->dev));
	scratch_close(&self->scratch);
	close(self->ctx);
	close(self->dev);
}

TEST_F(wear_files, everything_made_belongs_to_the_client)
{
	int dir = self->scratch.fd;

	EXPECT_EQ(0, file_create(&self->scratch, "before"));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(0, file_create(&self->scratch, "file"));
	EXPECT_EQ(0, mkdirat(dir, "dir", 0700));
	EXPECT_EQ(0, mkfifoat(dir, "fifo", 0600));
	EXPECT_EQ(0, symlinkat("nowhere", dir, "link"));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, file_create(&self->scratch, "after"));

	EXPECT_TRUE(file_belongs_to(&self->scratch, "before", 0, 0));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "file", CLIENT, CLIENT));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "dir", CLIENT, CLIENT));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "fifo", CLIENT, CLIENT));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "link", CLIENT, CLIENT));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "after", 0, 0));
}

TEST_F(wear_files, cannot_make_where_the_client_cannot)
{
	ASSERT_EQ(0, mkdirat(self->scratch.fd, "closed", 0755));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(-EACCES, file_create(&self->scratch, "closed/file"));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, file_create(&self->scratch, "closed/file"));
	ASSERT_EQ(0, unlinkat(self->scratch.fd, "closed/file", 0));
}

TEST_F(wear_files, cannot_change_what_is_not_its_own)
{
	int dir = self->scratch.fd;

	ASSERT_EQ(0, file_make(&self->scratch, "server's", 0, 0, 0666));
	ASSERT_EQ(0, file_make(&self->scratch, "client's", CLIENT, CLIENT, 0666));
	ASSERT_EQ(0, context_impersonate(self->ctx));

	EXPECT_EQ(-1, fchmodat(dir, "server's", 0777, 0));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, fchownat(dir, "server's", CLIENT, CLIENT, 0));
	EXPECT_EQ(EPERM, errno);
	/* The directory is sticky. */
	EXPECT_EQ(-1, unlinkat(dir, "server's", 0));
	EXPECT_EQ(EPERM, errno);

	EXPECT_EQ(0, fchmodat(dir, "client's", 0600, 0));
	EXPECT_EQ(0, fchownat(dir, "client's", -1, GROUP_IN, 0));
	EXPECT_EQ(-1, fchownat(dir, "client's", -1, GROUP_OUT, 0));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, fchownat(dir, "client's", 0, -1, 0));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(0, unlinkat(dir, "client's", 0));
}

/* What is open stays open, as handles do on NT. */
TEST_F(wear_files, descriptors_stay_what_they_are)
{
	int server, client;
	char byte = 'x';

	ASSERT_EQ(0, file_make(&self->scratch, "server's", 0, 0, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "client's", CLIENT, CLIENT, 0600));
	server = openat(self->scratch.fd, "server's", O_RDWR);
	ASSERT_LE(0, server);

	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(1, write(server, &byte, 1));
	EXPECT_EQ(-EACCES, file_try(&self->scratch, "server's", O_RDWR));
	client = openat(self->scratch.fd, "client's", O_RDWR);
	ASSERT_LE(0, client);
	ASSERT_EQ(0, device_revert(self->dev));

	EXPECT_EQ(1, write(client, &byte, 1));
	EXPECT_EQ(1, pread(client, &byte, 1, 0));
}

/* access(2) asks with the real ids: the client's, too. */
TEST_F(wear_files, access_is_asked_for_the_client)
{
	int dir = self->scratch.fd;

	ASSERT_EQ(0, file_make(&self->scratch, "server's", 0, 0, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "client's", CLIENT, CLIENT, 0400));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(-1, faccessat(dir, "server's", R_OK, 0));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(0, faccessat(dir, "client's", R_OK, 0));
	EXPECT_EQ(-1, faccessat(dir, "client's", W_OK, 0));
	EXPECT_EQ(EACCES, errno);
	/* It has put on and off a copy of the identity. */
	EXPECT_EQ(context_id(self->ctx), device_worn_id(self->dev, 0));
	EXPECT_EQ(-EACCES, file_try(&self->scratch, "server's", O_RDWR));
}

FIXTURE(wear_modes)
{
	int dev;
	int ctx;
	struct scratch scratch;
};

FIXTURE_VARIANT(wear_modes)
{
	uid_t uid;
	gid_t gid;
	mode_t mode;
	int reads;
	int writes;
};

FIXTURE_VARIANT_ADD(wear_modes, owner) { CLIENT, 0, 0600, 0, 0 };
FIXTURE_VARIANT_ADD(wear_modes, owner_read_only) { CLIENT, 0, 0400, 0, -EACCES };
FIXTURE_VARIANT_ADD(wear_modes, owner_shut_out) { CLIENT, 0, 0077, -EACCES, -EACCES };
FIXTURE_VARIANT_ADD(wear_modes, group) { 0, CLIENT, 0060, 0, 0 };
FIXTURE_VARIANT_ADD(wear_modes, group_shut_out) { 0, CLIENT, 0707, -EACCES, -EACCES };
FIXTURE_VARIANT_ADD(wear_modes, further_group) { 0, GROUP_IN, 0040, 0, -EACCES };
FIXTURE_VARIANT_ADD(wear_modes, further_group_shut_out) { 0, GROUP_IN, 0707, -EACCES, -EACCES };
FIXTURE_VARIANT_ADD(wear_modes, foreign_group) { 0, GROUP_OUT, 0660, -EACCES, -EACCES };
FIXTURE_VARIANT_ADD(wear_modes, others) { 0, 0, 0006, 0, 0 };
FIXTURE_VARIANT_ADD(wear_modes, others_read_only) { 0, 0, 0604, 0, -EACCES };
FIXTURE_VARIANT_ADD(wear_modes, private) { 0, 0, 0600, -EACCES, -EACCES };
FIXTURE_VARIANT_ADD(wear_modes, nobody) { 0, 0, 0000, -EACCES, -EACCES };

FIXTURE_SETUP(wear_modes)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_client(self->dev);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, file_make(&self->scratch, "file", variant->uid, variant->gid, variant->mode));
}

FIXTURE_TEARDOWN(wear_modes)
{
	scratch_close(&self->scratch);
	close(self->ctx);
	close(self->dev);
}

TEST_F(wear_modes, open)
{
	/* The server is root and may do it all, before and after. */
	EXPECT_EQ(0, file_try(&self->scratch, "file", O_RDWR));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(variant->reads, file_try(&self->scratch, "file", O_RDONLY));
	EXPECT_EQ(variant->writes, file_try(&self->scratch, "file", O_WRONLY));
	EXPECT_EQ(variant->reads ?: variant->writes, file_try(&self->scratch, "file", O_RDWR));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, file_try(&self->scratch, "file", O_RDWR));
}

TEST_HARNESS_MAIN
