// SPDX-License-Identifier: GPL-2.0-only
/* libntimp where the system lacks something: open files, /proc. */
#include "harness.h"
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#include "child.h"
#include "library.h"
#include "setting.h"

#define FILE_MAX	"/proc/sys/fs/file-max"

FIXTURE(lib_scarce)
{
	char file_max[32];
};

FIXTURE_SETUP(lib_scarce)
{
	ASSERT_EQ(0, setting_read(FILE_MAX, self->file_max, sizeof(self->file_max)));
}

FIXTURE_TEARDOWN(lib_scarce)
{
	ASSERT_EQ(0, setting_write(FILE_MAX, self->file_max));
}

/* Of a user: CAP_SYS_ADMIN goes beyond the limit. */
static int capture_before_and_after(const struct child *parent, void *arg)
{
	int ctx = ntimp_capture_self(NULL);

	(void)arg;
	if (ctx < 0)
		return -EPROTO;
	close(ctx);
	child_send(parent, 0);
	child_receive(parent);
	return result(ntimp_capture_self(NULL));
}

TEST_F(lib_scarce, no_file_is_free)
{
	struct persona user = PERSONA_USER(1001);
	struct child child;

	ASSERT_EQ(0, child_start(&child, &user, capture_before_and_after, NULL));
	ASSERT_EQ(0, child_receive(&child));
	/* The count is a rough one, and may say that none is open. */
	ASSERT_EQ(0, setting_write(FILE_MAX, "0"));
	ASSERT_EQ(0, child_send(&child, 0));
	EXPECT_EQ(-ENFILE, child_finish(&child));
}

static int capture_without_proc(void *arg)
{
	int pidfd = syscall(SYS_pidfd_open, getpid(), 0);

	(void)arg;
	if (pidfd < 0 || unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) || umount2("/proc", MNT_DETACH))
		return -EPROTO;
	return result(ntimp_capture_pidfd(pidfd, NULL));
}

TEST_F(lib_scarce, proc_is_not_mounted)
{
	EXPECT_EQ(-ENOENT, child_run(NULL, capture_without_proc, NULL));
}

TEST_HARNESS_MAIN
