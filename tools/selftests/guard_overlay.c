// SPDX-License-Identifier: GPL-2.0-only
/*
 * overlayfs puts on credentials of its own, those of whoever mounted it, in
 * the middle of a call.  Both overrides keep out of each other's way: the
 * client's rights are judged, and the thread is the client afterwards.
 */
#include "harness.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "persona.h"
#include "scratch.h"
#include "wearing.h"

FIXTURE(overlay) {
	struct wearing wearing;
	struct scratch scratch;		/* the directory that holds all */
	struct scratch merged;		/* the overlay */
};

static int make_dir(const struct scratch *scratch, const char *name)
{
	return mkdirat(scratch->fd, name, 0700) || fchmodat(scratch->fd, name, 01777, 0) ?
		-errno : 0;
}

static int dir_open(const struct scratch *in, const char *name, struct scratch *dir)
{
	snprintf(dir->path, sizeof(dir->path), "%.24s/%.6s", in->path, name);
	dir->fd = open(dir->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir->fd < 0 ? -errno : 0;
}

static int mount_overlay(const struct scratch *scratch)
{
	char options[256], target[64];

	snprintf(options, sizeof(options), "lowerdir=%s/lower,upperdir=%s/upper,workdir=%s/work",
		 scratch->path, scratch->path, scratch->path);
	snprintf(target, sizeof(target), "%s/merged", scratch->path);
	return mount("overlay", target, "overlay", 0, options) ? -errno : 0;
}

/* In a mount namespace that ends with the test, and the mounts with it. */
FIXTURE_SETUP(overlay)
{
	struct scratch lower;

	ASSERT_EQ(0, system("grep -qw overlay /proc/filesystems || modprobe overlay"));
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, scratch_mount(&self->scratch, "mode=1777"));

	ASSERT_EQ(0, make_dir(&self->scratch, "lower"));
	ASSERT_EQ(0, make_dir(&self->scratch, "upper"));
	ASSERT_EQ(0, make_dir(&self->scratch, "work"));
	ASSERT_EQ(0, make_dir(&self->scratch, "merged"));
	ASSERT_EQ(0, dir_open(&self->scratch, "lower", &lower));
	ASSERT_EQ(0, file_make(&lower, "server", 0, 0, 0600));
	ASSERT_EQ(0, file_make(&lower, "client", CLIENT, CLIENT, 0600));
	close(lower.fd);
	ASSERT_EQ(0, mount_overlay(&self->scratch));
	ASSERT_EQ(0, dir_open(&self->scratch, "merged", &self->merged));
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, wearing_start(&self->wearing));
}

FIXTURE_TEARDOWN(overlay)
{
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_TRUE(wearing_over(&self->wearing));
	close(self->merged.fd);
	umount2(self->scratch.path, MNT_DETACH);
	rmdir(self->scratch.path);
}

TEST_F(overlay, reading)
{
	EXPECT_EQ(0, file_try(&self->merged, "client", O_RDONLY));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_EQ(-EACCES, file_try(&self->merged, "server", O_RDONLY));
	EXPECT_EQ(0, file_try(&self->merged, ".", O_RDONLY | O_DIRECTORY));
}

/* The file is copied by the one who mounted, and stays the client's. */
TEST_F(overlay, writing_copies_up)
{
	EXPECT_EQ(0, file_try(&self->merged, "client", O_RDWR));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_TRUE(file_belongs_to(&self->merged, "client", CLIENT, CLIENT));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "upper/client", CLIENT, CLIENT));
	EXPECT_EQ(-EACCES, file_try(&self->merged, "server", O_RDWR));
}

TEST_F(overlay, making)
{
	EXPECT_EQ(0, file_create(&self->merged, "new"));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_TRUE(file_belongs_to(&self->merged, "new", CLIENT, CLIENT));
	EXPECT_EQ(0, mkdirat(self->merged.fd, "dir", 0755));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_TRUE(file_belongs_to(&self->merged, "dir", CLIENT, CLIENT));
	EXPECT_EQ(0, symlinkat("client", self->merged.fd, "link"));
	EXPECT_TRUE(file_belongs_to(&self->merged, "link", CLIENT, CLIENT));
}

/* The directory is sticky, so each may only move and remove what is its own. */
TEST_F(overlay, moving_and_removing)
{
	EXPECT_EQ(0, renameat(self->merged.fd, "client", self->merged.fd, "moved"));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_EQ(0, unlinkat(self->merged.fd, "moved", 0));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_EQ(-1, unlinkat(self->merged.fd, "server", 0));
	EXPECT_EQ(EPERM, errno);
}

TEST_F(overlay, changing_attributes)
{
	int fd;

	EXPECT_EQ(0, fchmodat(self->merged.fd, "client", 0640, 0));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_EQ(-1, fchmodat(self->merged.fd, "server", 0666, 0));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, fchownat(self->merged.fd, "client", 0, 0, 0));
	EXPECT_EQ(EPERM, errno);
	fd = openat(self->merged.fd, "client", O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, fsetxattr(fd, "trusted.selftest", "x", 1, 0));
	EXPECT_EQ(EPERM, errno);
	close(fd);
}

TEST_HARNESS_MAIN
