// SPDX-License-Identifier: GPL-2.0-only
/* What is done for the client is done with its rights, and the thread stays what it is. */
#include "harness.h"
#include <fcntl.h>
#include <sys/stat.h>

#include "broker.h"
#include "device.h"
#include "persona.h"
#include "scratch.h"
#include "wearing.h"

FIXTURE(broker_files)
{
	struct wearing wearing;
	struct scratch scratch;
	int ctx;
	int dir;
};

FIXTURE_VARIANT(broker_files)
{
	__u32 flags;
};

FIXTURE_VARIANT_ADD(broker_files, here) { 0 };
FIXTURE_VARIANT_ADD(broker_files, worker) { NTIMP_CALL_WORKER };

FIXTURE_SETUP(broker_files)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, scratch_open(&self->scratch));
	self->ctx = self->wearing.ctx;
	self->dir = self->scratch.fd;
	ASSERT_EQ(0, file_make(&self->scratch, "server", 0, 0, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "client", CLIENT, CLIENT, 0600));
}

FIXTURE_TEARDOWN(broker_files)
{
	EXPECT_TRUE(wearing_over(&self->wearing));
	scratch_close(&self->scratch);
	wearing_end(&self->wearing);
}

TEST_F(broker_files, open)
{
	EXPECT_EQ(0, broker_try(self->ctx, variant->flags, self->dir, "client", O_RDWR));
	EXPECT_EQ(-EACCES, broker_try(self->ctx, variant->flags, self->dir, "server", O_RDONLY));
	EXPECT_EQ(-ENOENT, broker_try(self->ctx, variant->flags, self->dir, "none", O_RDONLY));
	EXPECT_EQ(0, broker_try(self->ctx, variant->flags, self->dir, "new", O_RDWR | O_CREAT));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "new", CLIENT, CLIENT));
}

TEST_F(broker_files, access)
{
	EXPECT_EQ(0, broker_access(self->ctx, variant->flags, self->dir, "client", R_OK | W_OK, 0));
	EXPECT_EQ(-EACCES, broker_access(self->ctx, variant->flags, self->dir, "client", X_OK, 0));
	EXPECT_EQ(-EACCES, broker_access(self->ctx, variant->flags, self->dir, "server", R_OK, 0));
	EXPECT_EQ(0, broker_access(self->ctx, variant->flags, self->dir, "server", F_OK, 0));
}

TEST_F(broker_files, mkdir)
{
	struct stat st;

	EXPECT_EQ(0, broker_mkdir(self->ctx, variant->flags, self->dir, "dir", 0777));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "dir", CLIENT, CLIENT));
	ASSERT_EQ(0, fstatat(self->dir, "dir", &st, 0));
	EXPECT_EQ(0755, st.st_mode & 07777);
	EXPECT_EQ(-EEXIST, broker_mkdir(self->ctx, variant->flags, self->dir, "dir", 0777));
	EXPECT_EQ(-EACCES, broker_mkdir(self->ctx, variant->flags, AT_FDCWD, "/etc/dir", 0777));
}

TEST_F(broker_files, unlink)
{
	ASSERT_EQ(0, mkdirat(self->dir, "dir", 0755));
	/* The directory is sticky. */
	EXPECT_EQ(-EPERM, broker_unlink(self->ctx, variant->flags, self->dir, "server", 0));
	EXPECT_EQ(-EPERM, broker_unlink(self->ctx, variant->flags, self->dir, "dir",
					AT_REMOVEDIR));
	EXPECT_EQ(-ENOTDIR, broker_unlink(self->ctx, variant->flags, self->dir, "client",
					  AT_REMOVEDIR));
	EXPECT_EQ(0, broker_unlink(self->ctx, variant->flags, self->dir, "client", 0));
	EXPECT_EQ(-1, faccessat(self->dir, "client", F_OK, 0));
	ASSERT_EQ(0, broker_mkdir(self->ctx, variant->flags, self->dir, "own", 0755));
	EXPECT_EQ(-EISDIR, broker_unlink(self->ctx, variant->flags, self->dir, "own", 0));
	EXPECT_EQ(0, broker_unlink(self->ctx, variant->flags, self->dir, "own", AT_REMOVEDIR));
}

TEST_F(broker_files, rename)
{
	struct stat st;

	EXPECT_EQ(-EPERM, broker_rename(self->ctx, variant->flags, self->dir, "server", "x", 0));
	EXPECT_EQ(-EPERM, broker_rename(self->ctx, variant->flags, self->dir, "client", "server",
					0));
	EXPECT_EQ(0, broker_rename(self->ctx, variant->flags, self->dir, "client", "moved", 0));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "moved", CLIENT, CLIENT));
	ASSERT_EQ(0, file_make(&self->scratch, "client", CLIENT, CLIENT, 0400));
	EXPECT_EQ(-EEXIST, broker_rename(self->ctx, variant->flags, self->dir, "client", "moved",
					 RENAME_NOREPLACE));
	EXPECT_EQ(0, broker_rename(self->ctx, variant->flags, self->dir, "client", "moved",
				   RENAME_EXCHANGE));
	EXPECT_EQ(0, broker_access(self->ctx, variant->flags, self->dir, "client", W_OK, 0));
	EXPECT_EQ(-EACCES, broker_access(self->ctx, variant->flags, self->dir, "moved", W_OK, 0));
	EXPECT_EQ(-EINVAL, broker_rename(self->ctx, variant->flags, self->dir, "client", "moved",
					 RENAME_EXCHANGE | RENAME_NOREPLACE));
	/* A device, which anybody may make. */
	EXPECT_EQ(0, broker_rename(self->ctx, variant->flags, self->dir, "client", "new",
				   RENAME_WHITEOUT));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "new", CLIENT, CLIENT));
	ASSERT_EQ(0, fstatat(self->dir, "client", &st, AT_SYMLINK_NOFOLLOW));
	EXPECT_TRUE(S_ISCHR(st.st_mode));
}

TEST_F(broker_files, chmod)
{
	struct stat st;

	EXPECT_EQ(-EPERM, broker_chmod(self->ctx, variant->flags, self->dir, "server", 0666));
	ASSERT_EQ(0, symlinkat("client", self->dir, "link"));
	EXPECT_EQ(0, broker_chmod(self->ctx, variant->flags, self->dir, "link", 04711));
	ASSERT_EQ(0, fstatat(self->dir, "client", &st, 0));
	EXPECT_EQ(04711, st.st_mode & 07777);
}

TEST_HARNESS_MAIN
