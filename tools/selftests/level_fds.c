// SPDX-License-Identifier: GPL-2.0-only
/*
 * Below Impersonation a descriptor gives what it was opened for, and none of what
 * would be judged by whoever uses it.
 */
#include "levels.h"
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/fanotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "scratch.h"

static struct scratch scratch;
static int file, fanotify, netns, terminal, filesystem;
static union {
	struct file_handle handle;
	char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
} named = { .handle.handle_bytes = MAX_HANDLE_SZ };

static int level_prepare(void)
{
	int err = scratch_open(&scratch), mount;

	if (!err)
		err = file_make(&scratch, "file", NOBODY, NOBODY, 0666);
	if (err)
		return err;
	file = openat(scratch.fd, "file", O_RDONLY | O_CLOEXEC);
	fanotify = fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDONLY);
	netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	filesystem = syscall(SYS_fsopen, "tmpfs", 1);
	if (file < 0 || fanotify < 0 || netns < 0 || terminal < 0 || filesystem < 0 ||
	    ioctl(terminal, TIOCSPTLCK, &(int){ 0 }) ||
	    name_to_handle_at(scratch.fd, "file", &named.handle, &mount, 0))
		return -errno;
	return 0;
}

static void level_cleanup(void)
{
	scratch_close(&scratch);
}

static const struct timespec then[2];

/* The owner's rights: the file is nobody's. */
CALL(fchmod, fchmod(file, 0666))
CALL(fchown, fchown(file, NOBODY, NOBODY))
CALL(fchownat_empty, fchownat(file, "", NOBODY, NOBODY, AT_EMPTY_PATH))
CALL(futimens, futimens(file, then))
CALL(futimens_now, futimens(file, NULL))
CALL(fsetxattr, syscall(SYS_fsetxattr, file, "trusted.x", "", 0, 0))
CALL(fremovexattr, syscall(SYS_fremovexattr, file, "trusted.x"))
CALL(lease, fcntl(file, F_SETLEASE, F_RDLCK) ?: fcntl(file, F_SETLEASE, F_UNLCK))
CALL(noatime, fcntl(file, F_SETFL, O_NOATIME) ?: fcntl(file, F_SETFL, 0))
ROW(fchmod, -EACCES, 0);
ROW(fchown, -EACCES, 0);
ROW(fchownat_empty, -EACCES, 0);
ROW(futimens, -EACCES, 0);
ROW(futimens_now, -EACCES, 0);
ROW(fsetxattr, -EACCES, -EPERM);
ROW(fremovexattr, -EACCES, -EPERM);
ROW(lease, -EACCES, 0);
ROW(noatime, -EPERM, 0);

/* More descriptors. */
OPENS(open_below, openat(scratch.fd, "file", O_RDONLY | O_CLOEXEC))
OPENS(open_itself, openat(scratch.fd, ".", O_PATH | O_CLOEXEC))
OPENS(open_by_handle_at, open_by_handle_at(scratch.fd, &named.handle, O_RDONLY))
OPENS(terminal_peer, ioctl(terminal, TIOCGPTPEER, O_RDWR | O_NOCTTY))
OPENS(namespace_owner, ioctl(netns, NS_GET_USERNS))
CALL(fanotify_mark, fanotify_mark(fanotify, FAN_MARK_ADD, FAN_OPEN, scratch.fd, NULL))
CALL(execveat, syscall(SYS_execveat, file, "", NULL, NULL, AT_EMPTY_PATH))
ROW(open_below, -EACCES, 0);
ROW(open_itself, -EACCES, 0);
ROW(open_by_handle_at, -EPERM, -EPERM);
ROW(terminal_peer, -EACCES, 0);
ROW(namespace_owner, -EACCES, 0);
ROW(fanotify_mark, -EACCES, 0);
ROW(execveat, -EACCES, -EACCES);	/* no mode to execute it */

/* For these the kernel wants capabilities of whoever uses the descriptor. */
CALL(fsmount, syscall(SYS_fsmount, filesystem, 1, 0))
CALL(fsconfig, syscall(SYS_fsconfig, filesystem, 6, NULL, NULL, 0))
static const __u64 no_attributes[4];

CALL(mount_setattr, syscall(SYS_mount_setattr, scratch.fd, "", AT_EMPTY_PATH, no_attributes, 32))
CALL(setns, setns(netns, CLONE_NEWNET))
ROW(fsmount, -EPERM, -EPERM);
ROW(fsconfig, -EPERM, -EPERM);
ROW(mount_setattr, -EPERM, -EPERM);
ROW(setns, -EPERM, -EPERM);

TEST_HARNESS_MAIN
