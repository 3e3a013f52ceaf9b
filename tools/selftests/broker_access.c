// SPDX-License-Identifier: GPL-2.0-only
/* Asking whether the client may is faccessat2(2) with AT_EACCESS. */
#include "harness.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "broker.h"
#include "device.h"
#include "persona.h"
#include "scratch.h"
#include "wearing.h"

FIXTURE(broker_access)
{
	struct wearing wearing;
	struct scratch scratch;
};

FIXTURE_VARIANT(broker_access)
{
	__u32 flags;
};

FIXTURE_VARIANT_ADD(broker_access, here) { 0 };
FIXTURE_VARIANT_ADD(broker_access, worker) { NTIMP_CALL_WORKER };

FIXTURE_SETUP(broker_access)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, mount("none", self->scratch.path, "tmpfs", 0, "mode=1777"));
	close(self->scratch.fd);
	self->scratch.fd = open(self->scratch.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_LE(0, self->scratch.fd);
	ASSERT_EQ(0, file_make(&self->scratch, "server", 0, 0, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "client", CLIENT, CLIENT, 0700));
	ASSERT_EQ(0, symlinkat("server", self->scratch.fd, "link"));
	ASSERT_EQ(0, mknodat(self->scratch.fd, "null", S_IFCHR | 0666, 0x103));
	ASSERT_EQ(0, fchmodat(self->scratch.fd, "null", 0666, 0));
}

FIXTURE_TEARDOWN(broker_access)
{
	EXPECT_TRUE(wearing_over(&self->wearing));
	close(self->scratch.fd);
	umount2(self->scratch.path, MNT_DETACH);
	rmdir(self->scratch.path);
	wearing_end(&self->wearing);
}

static int may(const FIXTURE_DATA(broker_access) *self,
	       const FIXTURE_VARIANT(broker_access) *variant, const char *path, int mode)
{
	return broker_access(self->wearing.ctx, variant->flags, self->scratch.fd, path, mode, 0);
}

static int remount(const FIXTURE_DATA(broker_access) *self, unsigned long flags)
{
	return mount("none", self->scratch.path, NULL, MS_REMOUNT | MS_BIND | flags, NULL) ?
		-errno : 0;
}

TEST_F(broker_access, links)
{
	const int dir = self->scratch.fd;

	EXPECT_EQ(-EACCES, may(self, variant, "link", R_OK));
	EXPECT_EQ(0, broker_access(self->wearing.ctx, variant->flags, dir, "link", R_OK,
				   AT_SYMLINK_NOFOLLOW));
}

TEST_F(broker_access, descriptors)
{
	const char *const names[] = { "client", "server" };
	const int expected[] = { 0, -EACCES };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		int fd = openat(self->scratch.fd, names[i], O_RDWR | O_CLOEXEC);

		EXPECT_EQ(expected[i], broker_access(self->wearing.ctx, variant->flags, fd, "",
						     R_OK | W_OK, AT_EMPTY_PATH));
		EXPECT_EQ(-ENOENT, broker_access(self->wearing.ctx, variant->flags, fd, "", R_OK,
						 0));
		EXPECT_EQ(-ENOTDIR, broker_access(self->wearing.ctx, variant->flags, fd, "x", R_OK,
						  AT_EMPTY_PATH));
		close(fd);
	}
	EXPECT_EQ(-EBADF, broker_access(self->wearing.ctx, variant->flags, -1, "", R_OK,
					AT_EMPTY_PATH));
	/* The working directory. */
	EXPECT_EQ(0, broker_access(self->wearing.ctx, variant->flags, AT_FDCWD, "", F_OK,
				   AT_EMPTY_PATH));
}

TEST_F(broker_access, nothing_is_executed)
{
	EXPECT_EQ(0, may(self, variant, "client", X_OK));
	ASSERT_EQ(0, remount(self, MS_NOEXEC));
	EXPECT_EQ(-EACCES, may(self, variant, "client", X_OK));
	EXPECT_EQ(0, may(self, variant, "client", R_OK | W_OK));
	/* A directory is searched. */
	EXPECT_EQ(0, may(self, variant, ".", X_OK));
}

TEST_F(broker_access, nothing_is_written)
{
	EXPECT_EQ(0, may(self, variant, "client", W_OK));
	ASSERT_EQ(0, remount(self, MS_RDONLY));
	EXPECT_EQ(-EROFS, may(self, variant, "client", W_OK));
	EXPECT_EQ(-EACCES, may(self, variant, "server", W_OK));
	EXPECT_EQ(0, may(self, variant, "client", R_OK));
	/* What is written to is not the file system. */
	EXPECT_EQ(0, may(self, variant, "null", W_OK));
}

/* A client may ask what it may not do otherwise: nothing is opened. */
TEST_F(broker_access, as_whom)
{
	const struct { __u64 how; } rows[] = { { 0 }, { AT_EACCESS } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT_EQ(0, broker_access(self->wearing.ctx, variant->flags, self->scratch.fd,
					   "client", R_OK, rows[i].how));
		EXPECT_EQ(-EACCES, broker_access(self->wearing.ctx, variant->flags,
						 self->scratch.fd, "server", R_OK, rows[i].how));
	}
}

TEST_HARNESS_MAIN
