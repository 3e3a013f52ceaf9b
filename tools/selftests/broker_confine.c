// SPDX-License-Identifier: GPL-2.0-only
/*
 * Neither the broker nor its worker is a way out of what confines the caller,
 * nor out of the place in which it is.
 */
#include "harness.h"
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "broker.h"
#include "device.h"
#include "persona.h"
#include "scratch.h"
#include "setting.h"
#include "wearing.h"

FIXTURE(broker_confine)
{
	int dev;
	int ctx;
	struct scratch scratch;
};

FIXTURE_VARIANT(broker_confine)
{
	__u32 flags;
};

FIXTURE_VARIANT_ADD(broker_confine, here) { 0 };
FIXTURE_VARIANT_ADD(broker_confine, worker) { NTIMP_CALL_WORKER };

FIXTURE_SETUP(broker_confine)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, CLIENT, CLIENT, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, scratch_mount(&self->scratch, "mode=1777"));
	ASSERT_EQ(0, file_make(&self->scratch, "file", CLIENT, CLIENT, 0644));
}

FIXTURE_TEARDOWN(broker_confine)
{
	close(self->scratch.fd);
	umount2(self->scratch.path, MNT_DETACH);
	close(self->ctx);
	close(self->dev);
}

static int try(const FIXTURE_DATA(broker_confine) *self,
	       const FIXTURE_VARIANT(broker_confine) *variant, const char *path, int how)
{
	return broker_try(self->ctx, variant->flags, AT_FDCWD, path, how);
}

TEST_F(broker_confine, root_directory)
{
	ASSERT_EQ(0, chroot(self->scratch.path));
	ASSERT_EQ(0, chdir("/"));
	EXPECT_EQ(0, try(self, variant, "/file", O_RDONLY));
	EXPECT_EQ(0, try(self, variant, "/../../../file", O_RDONLY));
	EXPECT_EQ(0, try(self, variant, "../../file", O_RDONLY));
	EXPECT_EQ(-ENOENT, try(self, variant, "/etc/passwd", O_RDONLY));
	EXPECT_EQ(-ENOENT, try(self, variant, "../../../../etc/passwd", O_RDONLY));
	ASSERT_EQ(0, symlink("/file", "/absolute"));
	EXPECT_EQ(0, try(self, variant, "absolute", O_RDONLY));
	EXPECT_EQ(-ENOENT, broker_mkdir(self->ctx, variant->flags, AT_FDCWD, "/etc/x", 0700));
}

TEST_F(broker_confine, working_directory)
{
	ASSERT_EQ(-ENOENT, try(self, variant, "file", O_RDONLY));
	ASSERT_EQ(0, chdir(self->scratch.path));
	EXPECT_EQ(0, try(self, variant, "file", O_RDONLY));
	EXPECT_EQ(0, broker_mkdir(self->ctx, variant->flags, AT_FDCWD, "dir", 0700));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "dir", CLIENT, CLIENT));
	/* One that the server has entered, and the client could not. */
	ASSERT_EQ(0, mkdir("closed", 0700));
	ASSERT_EQ(0, chdir("closed"));
	EXPECT_EQ(-EACCES, try(self, variant, "file", O_RDONLY));
}

/* What is mounted in the caller's mount namespace alone is seen, and nothing else. */
TEST_F(broker_confine, mounts)
{
	char inner[64];

	ASSERT_EQ(0, mkdirat(self->scratch.fd, "mnt", 0755));
	snprintf(inner, sizeof(inner), "%s/mnt", self->scratch.path);
	ASSERT_EQ(0, mount("none", inner, "tmpfs", MS_RDONLY, "mode=777"));
	EXPECT_EQ(-EROFS, broker_mkdir(self->ctx, variant->flags, self->scratch.fd, "mnt/x",
				       0700));
	EXPECT_EQ(-EBUSY, broker_unlink(capture_self(self->dev, NTIMP_LEVEL_IMPERSONATION),
					variant->flags, self->scratch.fd, "mnt", AT_REMOVEDIR));
	ASSERT_EQ(0, umount(inner));
	EXPECT_EQ(-EACCES, broker_mkdir(self->ctx, variant->flags, self->scratch.fd, "mnt/x",
					0700));
	EXPECT_EQ(-EXDEV, broker_rename(self->ctx, variant->flags, AT_FDCWD, "/tmp", inner, 0));
}

TEST_F(broker_confine, landlock)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR,
	};
	int ruleset = syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);

	EXPECT_EQ(0, broker_try(self->ctx, variant->flags, self->scratch.fd, "file", O_RDONLY));
	ASSERT_LE(0, ruleset);
	ASSERT_EQ(0, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	ASSERT_EQ(0, syscall(SYS_landlock_restrict_self, ruleset, 0));
	EXPECT_EQ(-EACCES, broker_try(self->ctx, variant->flags, self->scratch.fd, "file",
				      O_RDONLY));
	EXPECT_EQ(-EACCES, broker_mkdir(self->ctx, variant->flags, self->scratch.fd, "x", 0700));
	EXPECT_EQ(0, broker_try(self->ctx, variant->flags, self->scratch.fd, "file", O_WRONLY));
	close(ruleset);
}

/* The rules for devices are those of the caller's cgroup. */
TEST_F(broker_confine, device_cgroup)
{
	char path[128], pid[16];

	ASSERT_EQ(0, mkdirat(self->scratch.fd, "cgroup", 0755));
	snprintf(path, sizeof(path), "%s/cgroup", self->scratch.path);
	if (mount("none", path, "cgroup", 0, "devices"))
		SKIP(return, "no device cgroup");
	ASSERT_EQ(0, mkdirat(self->scratch.fd, "cgroup/selftest", 0755));
	ASSERT_EQ(0, mknodat(self->scratch.fd, "device", S_IFCHR | 0666, 0x103));
	ASSERT_EQ(0, fchmodat(self->scratch.fd, "device", 0666, 0));
	EXPECT_EQ(0, broker_try(self->ctx, variant->flags, self->scratch.fd, "device", O_RDWR));

	snprintf(path, sizeof(path), "%s/cgroup/selftest/devices.deny", self->scratch.path);
	ASSERT_EQ(0, setting_write(path, "c 1:3 w"));
	snprintf(path, sizeof(path), "%s/cgroup/selftest/cgroup.procs", self->scratch.path);
	snprintf(pid, sizeof(pid), "%d", getpid());
	ASSERT_EQ(0, setting_write(path, pid));
	EXPECT_EQ(-EPERM, broker_try(self->ctx, variant->flags, self->scratch.fd, "device",
				     O_RDWR));
	EXPECT_EQ(0, broker_try(self->ctx, variant->flags, self->scratch.fd, "device", O_RDONLY));
	EXPECT_EQ(-EPERM, broker_access(self->ctx, variant->flags, self->scratch.fd, "device",
					W_OK, 0));

	snprintf(path, sizeof(path), "%s/cgroup/cgroup.procs", self->scratch.path);
	ASSERT_EQ(0, setting_write(path, pid));
	EXPECT_EQ(0, unlinkat(self->scratch.fd, "cgroup/selftest", AT_REMOVEDIR));
}

/* Filters see the ioctl, as they see any; a worker makes no calls of its own. */
TEST_F(broker_confine, seccomp)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	ASSERT_NE(NULL, filter);
	ASSERT_EQ(0, seccomp_rule_add(filter, SCMP_ACT_ERRNO(EXDEV), SCMP_SYS(openat), 0));
	ASSERT_EQ(0, seccomp_load(filter));
	EXPECT_EQ(-EXDEV, file_try(&self->scratch, "file", O_RDONLY));
	EXPECT_EQ(0, broker_try(self->ctx, variant->flags, self->scratch.fd, "file", O_RDONLY));
	ASSERT_EQ(0, seccomp_rule_add(filter, SCMP_ACT_ERRNO(EXDEV), SCMP_SYS(ioctl), 1,
				      SCMP_A1(SCMP_CMP_EQ, NTIMP_CTX_CALL)));
	ASSERT_EQ(0, seccomp_load(filter));
	EXPECT_EQ(-EXDEV, broker_try(self->ctx, variant->flags, self->scratch.fd, "file",
				     O_RDONLY));
	seccomp_release(filter);
}

/* A client that is root brings no more than the server has. */
TEST_F(broker_confine, capabilities)
{
	const struct persona weak = {
		.permitted = CAPS_ALL & ~CAP_BIT(CAP_DAC_OVERRIDE) &
			     ~CAP_BIT(CAP_DAC_READ_SEARCH),
		.effective = CAPS_SETIDS,
	};
	int ctx = capture_self(self->dev, NTIMP_LEVEL_IMPERSONATION);

	ASSERT_LE(0, ctx);
	ASSERT_EQ(0, fchmodat(self->scratch.fd, "file", 0, 0));
	EXPECT_EQ(0, broker_try(ctx, variant->flags, self->scratch.fd, "file", O_RDONLY));
	ASSERT_EQ(0, persona_take(&weak));
	EXPECT_EQ(-EACCES, broker_try(ctx, variant->flags, self->scratch.fd, "file", O_RDONLY));
}

TEST_HARNESS_MAIN
