// SPDX-License-Identifier: GPL-2.0-only
/*
 * The confinement of a thread can't be changed while it impersonates, with the
 * exception of seccomp, which is no part of credentials.
 */
#include "harness.h"
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/ntimp.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "refusals.h"

static int attribute_fd;

static int attribute_write(int fd)
{
	static const char label[] = "selftest";

	return write(fd, label, sizeof(label) - 1) < 0 ? -errno : 0;
}

static int attribute_open(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/thread-self/attr/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Opened by whom the thread acts as, or before by the server. */
#define ATTRIBUTE(name) \
	static int call_open_##name(void) \
	{ \
		int fd = attribute_open(#name); \
		int err = fd < 0 ? fd : attribute_write(fd); \
	\
		close(fd); \
		return err; \
	} \
	static int prepare_##name(void) \
	{ \
		attribute_fd = attribute_open(#name); \
		return attribute_fd < 0 ? attribute_fd : 0; \
	} \
	REFUSAL(attr_##name, .call = call_open_##name, .worn = -EBUSY, \
		.primary = -EINVAL); \
	REFUSAL(attr_##name##_opened_before, .prepare = prepare_##name, \
		.call = call_attribute, .worn = -EBUSY, .primary = -EINVAL)

static int call_attribute(void)
{
	return attribute_write(attribute_fd);
}

/* There is no such label, so the server gets as far as the LSM. */
ATTRIBUTE(current);
ATTRIBUTE(exec);
ATTRIBUTE(fscreate);
ATTRIBUTE(keycreate);
ATTRIBUTE(sockcreate);

static int ruleset;

/* A ruleset that would deny reading everything. */
static int prepare_landlock(void)
{
	struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE,
	};

	ruleset = syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (ruleset < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return 0;
}

static int call_landlock(void)
{
	return syscall(SYS_landlock_restrict_self, ruleset, 0) ? -errno : 0;
}

REFUSAL(landlock, .prepare = prepare_landlock, .call = call_landlock, .worn = -EPERM);

FIXTURE(confinement) {
	struct wearing wearing;
};

FIXTURE_SETUP(confinement)
{
	ASSERT_EQ(0, prepare_landlock());
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_CAPABLE));
}

FIXTURE_TEARDOWN(confinement)
{
	wearing_end(&self->wearing);
}

static int read_something(void)
{
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

TEST_F(confinement, refused_landlock_confines_nobody)
{
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_EQ(-EPERM, call_landlock());
	EXPECT_EQ(0, read_something());
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_EQ(0, read_something());
	ASSERT_EQ(0, call_landlock());
	EXPECT_EQ(-EACCES, read_something());
}

/* As in <linux/lsm.h>, which came with the call. */
struct lsm_label {
	uint64_t id;
	uint64_t flags;
	uint64_t len;
	uint64_t ctx_len;
	char ctx[8];
};

#define SYS_LSM_SET_SELF_ATTR	460
#define LSM_APPARMOR		104
#define LSM_CURRENT		100

static int set_self_attr(void)
{
	struct lsm_label label = {
		.id = LSM_APPARMOR,
		.len = sizeof(label),
		.ctx_len = sizeof(label.ctx),
		.ctx = "selftest",
	};

	return syscall(SYS_LSM_SET_SELF_ATTR, LSM_CURRENT, &label, sizeof(label), 0) ? -errno : 0;
}

TEST_F(confinement, label_cannot_be_set_by_system_call)
{
	struct ntimp_version version = { .size = sizeof(version) };
	int worn = -EBUSY;

	ASSERT_EQ(0, device_version(self->wearing.dev, &version));
	/* A kernel without the call has nothing to guard. */
	if (version.guards_absent & 1ULL << NTIMP_GUARD_SETSELFATTR)
		worn = -ENOSYS;
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_EQ(worn, set_self_attr());
	EXPECT_TRUE(wearing_intact(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_TRUE(wearing_over(&self->wearing));
	EXPECT_EQ(worn == -ENOSYS ? -ENOSYS : -EINVAL, set_self_attr());
}

/* A filter belongs to the thread, so it comes and stays whoever that is. */
TEST_F(confinement, seccomp_works)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	ASSERT_NE(NULL, filter);
	ASSERT_EQ(0, seccomp_rule_add(filter, SCMP_ACT_ERRNO(EXDEV), SCMP_SYS(getpgid), 0));
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_EQ(getpgrp(), getpgid(0));
	EXPECT_EQ(0, seccomp_load(filter));
	EXPECT_EQ(-1, getpgid(0));
	EXPECT_EQ(EXDEV, errno);
	EXPECT_TRUE(wearing_intact(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_TRUE(wearing_over(&self->wearing));
	EXPECT_EQ(-1, getpgid(0));
	EXPECT_EQ(EXDEV, errno);
	seccomp_release(filter);
}

TEST_HARNESS_MAIN
