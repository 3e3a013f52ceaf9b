// SPDX-License-Identifier: GPL-2.0-only
/* Below Impersonation a thread reaches no file by a path. */
#include "levels.h"
#include <fcntl.h>
#include <linux/openat2.h>
#include <mqueue.h>
#include <sys/inotify.h>
#include <sys/fanotify.h>
#include <sys/mount.h>
#include <sys/quota.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <utime.h>

#include "scratch.h"

static struct scratch scratch;
static int home, notify, fanotify;

/* Nobody's file, in a directory that is nobody's too. */
static int level_prepare(void)
{
	int err = scratch_open(&scratch);

	if (err)
		return err;
	home = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	notify = inotify_init1(IN_CLOEXEC);
	fanotify = fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDONLY);
	umask(0);
	if (home < 0 || notify < 0 || fanotify < 0 || fchdir(scratch.fd) || mkdir("dir", 0777) ||
	    chown("dir", NOBODY, NOBODY) || symlink("file", "symlink"))
		return -errno;
	err = file_make(&scratch, "dir/file", NOBODY, NOBODY, 0666);
	return err ? err : file_make(&scratch, "file", NOBODY, NOBODY, 0777);
}

static void level_cleanup(void)
{
	unlink("dir/file");
	rmdir("dir");
	unlink("file");
	unlink("symlink");
	fchdir(home);
	scratch_close(&scratch);
}

static const struct open_how how = { .flags = O_RDONLY | O_CLOEXEC };

OPENS(open, open("file", O_RDWR | O_CLOEXEC))
OPENS(open_path, open("file", O_PATH | O_CLOEXEC))
OPENS(open_root, open("/", O_RDONLY | O_CLOEXEC))
OPENS(open_root_path, open("/", O_PATH | O_CLOEXEC))
OPENS(open_dot, open(".", O_PATH | O_CLOEXEC))
OPENS(openat, openat(scratch.fd, "dir/file", O_RDONLY | O_CLOEXEC))
OPENS(openat2, syscall(SYS_openat2, scratch.fd, "file", &how, sizeof(how)))
OPENS(creat, creat("file", 0666))
OPENS(tmpfile, open("dir", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600))
ROW(open, -EACCES, 0);
ROW(open_path, -EACCES, 0);
ROW(open_root, -EACCES, 0);
ROW(open_root_path, -EACCES, 0);
ROW(open_dot, -EACCES, 0);
ROW(openat, -EACCES, 0);
ROW(openat2, -EACCES, 0);
ROW(creat, -EACCES, 0);
ROW(tmpfile, -EACCES, 0);

/* What the kernel says of a name that isn't there would be an answer, too. */
OPENS(open_missing, open("missing", O_RDONLY | O_CLOEXEC))
CALL(unlink_missing, unlink("missing"))
ROW(open_missing, -EACCES, -ENOENT);
ROW(unlink_missing, -EACCES, -ENOENT);

static struct stat status;
static struct statx statx_status;
static struct statfs statfs_status;
static char target[8];

CALL(stat, stat("file", &status))
CALL(stat_root, stat("/", &status))
CALL(stat_device, stat("/dev/null", &status))
CALL(lstat, lstat("symlink", &status))
CALL(fstatat, fstatat(scratch.fd, "file", &status, 0))
CALL(fstatat_empty_path, fstatat(scratch.fd, "file", &status, AT_EMPTY_PATH))
CALL(statx, statx(scratch.fd, "file", 0, STATX_ALL, &statx_status))
CALL(statfs, statfs("dir", &statfs_status))
CALL(access, access("file", F_OK))
CALL(faccessat, faccessat(scratch.fd, "file", R_OK, AT_EACCESS))
CALL(readlink, readlink("symlink", target, sizeof(target)))
ROW(stat, -EACCES, 0);
ROW(stat_root, -EACCES, 0);
ROW(stat_device, -EACCES, 0);
ROW(lstat, -EACCES, 0);
ROW(fstatat, -EACCES, 0);
ROW(fstatat_empty_path, -EACCES, 0);
ROW(statx, -EACCES, 0);
ROW(statfs, -EACCES, 0);
ROW(access, -EACCES, 0);
ROW(faccessat, -EACCES, 0);
ROW(readlink, -EACCES, 0);

CALL(chdir, chdir("."))
CALL(chroot, chroot("."))
ROW(chdir, -EACCES, 0);
ROW(chroot, -EACCES, -EPERM);

/* Each makes and takes away, or is the other one's opposite. */
CALL(mkdir, mkdir("dir/new", 0777) ?: rmdir("dir/new"))
CALL(rmdir, rmdir("dir/missing"))
CALL(mknod, mknod("dir/new", S_IFIFO | 0666, 0) ?: unlink("dir/new"))
CALL(link, link("file", "dir/new") ?: unlink("dir/new"))
CALL(link_open, linkat(AT_FDCWD, "file", scratch.fd, "dir/new", AT_SYMLINK_FOLLOW) ?:
		unlink("dir/new"))
CALL(symlink, symlink("file", "dir/new") ?: unlink("dir/new"))
CALL(unlink, unlink("dir/missing"))
CALL(rename, rename("dir/file", "dir/new") ?: rename("dir/new", "dir/file"))
CALL(renameat2, renameat2(scratch.fd, "dir/file", scratch.fd, "dir/new", RENAME_NOREPLACE) ?:
		rename("dir/new", "dir/file"))
ROW(mkdir, -EACCES, 0);
ROW(rmdir, -EACCES, -ENOENT);
ROW(mknod, -EACCES, 0);
ROW(link, -EACCES, 0);
ROW(link_open, -EACCES, 0);
ROW(symlink, -EACCES, 0);
ROW(unlink, -EACCES, -ENOENT);
ROW(rename, -EACCES, 0);
ROW(renameat2, -EACCES, 0);

static const struct timespec now[2] = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW } };
static const struct timespec then[2];
static const struct timeval long_ago[2];
static const struct utimbuf once;

CALL(chmod, chmod("file", 0777))
CALL(fchmodat, fchmodat(scratch.fd, "file", 0777, 0))
CALL(chown, chown("file", NOBODY, NOBODY))
CALL(lchown, lchown("symlink", NOBODY, NOBODY))
CALL(fchownat, fchownat(scratch.fd, "file", NOBODY, NOBODY, 0))
CALL(truncate, truncate("file", 0))
CALL(utime, utime("file", &once))
CALL(utimes, utimes("file", long_ago))
CALL(futimesat, futimesat(scratch.fd, "file", long_ago))
CALL(utimensat, utimensat(scratch.fd, "file", then, 0))
CALL(utimensat_now, utimensat(scratch.fd, "file", now, 0))
ROW(chmod, -EACCES, 0);
ROW(fchmodat, -EACCES, 0);
ROW(chown, -EACCES, 0);
ROW(lchown, -EACCES, -EPERM);	/* root's */
ROW(fchownat, -EACCES, 0);
ROW(truncate, -EACCES, 0);
ROW(utime, -EACCES, 0);
ROW(utimes, -EACCES, 0);
ROW(futimesat, -EACCES, 0);
ROW(utimensat, -EACCES, 0);
ROW(utimensat_now, -EACCES, 0);

CALL(setxattr, syscall(SYS_setxattr, "file", "trusted.x", "", 0, 0))
CALL(lsetxattr, syscall(SYS_lsetxattr, "symlink", "trusted.x", "", 0, 0))
CALL(getxattr, syscall(SYS_getxattr, "file", "trusted.x", NULL, 0))
CALL(lgetxattr, syscall(SYS_lgetxattr, "symlink", "trusted.x", NULL, 0))
CALL(listxattr, syscall(SYS_listxattr, "file", NULL, 0))
CALL(llistxattr, syscall(SYS_llistxattr, "symlink", NULL, 0))
CALL(removexattr, syscall(SYS_removexattr, "file", "trusted.x"))
CALL(lremovexattr, syscall(SYS_lremovexattr, "symlink", "trusted.x"))
ROW(setxattr, -EACCES, -EPERM);
ROW(lsetxattr, -EACCES, -EPERM);
ROW(getxattr, -EACCES, -ENODATA);
ROW(lgetxattr, -EACCES, -ENODATA);
ROW(listxattr, -EACCES, 0);
ROW(llistxattr, -EACCES, 0);
ROW(removexattr, -EACCES, -EPERM);
ROW(lremovexattr, -EACCES, -EPERM);

static int call_inotify_add_watch(void)
{
	int watch = inotify_add_watch(notify, "dir", IN_CREATE);

	return watch < 0 ? -errno : inotify_rm_watch(notify, watch);
}

CALL(fanotify_mark, fanotify_mark(fanotify, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, "dir"))

static int call_name_to_handle_at(void)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} named = { .handle.handle_bytes = MAX_HANDLE_SZ };
	int mount;

	return name_to_handle_at(scratch.fd, "file", &named.handle, &mount, 0) ? -errno : 0;
}

ROW(inotify_add_watch, -EACCES, 0);
ROW(fanotify_mark, -EACCES, 0);
ROW(name_to_handle_at, -EACCES, 0);

/* Nobody would be refused these by rights that the kernel asks for later on. */
CALL(execve, execl("file", "file", NULL))
CALL(execveat, syscall(SYS_execveat, scratch.fd, "file", NULL, NULL, 0))
CALL(mount, mount("none", "dir", "tmpfs", 0, NULL))
CALL(umount, umount2("dir", 0))
OPENS(open_tree, syscall(SYS_open_tree, scratch.fd, "file", 0))
CALL(quotactl, quotactl(QCMD(Q_GETFMT, USRQUOTA), "file", 0, (char *)&status))
ROW(execve, -EACCES, -EPERM);
ROW(execveat, -EACCES, -EPERM);
ROW(mount, -EACCES, -EPERM);
ROW(umount, -EACCES, -EPERM);
ROW(open_tree, -EACCES, 0);
ROW(quotactl, -EACCES, -ENOTBLK);

/* And these earlier. */
static const __u64 no_attributes[4];

CALL(open_tree_clone, syscall(SYS_open_tree, scratch.fd, "file", 1))
CALL(move_mount, syscall(SYS_move_mount, scratch.fd, "dir", scratch.fd, "dir", 0))
CALL(fspick, syscall(SYS_fspick, scratch.fd, "dir", 0))
CALL(mount_setattr, syscall(SYS_mount_setattr, scratch.fd, "dir", 0, no_attributes, 32))
CALL(pivot_root, syscall(SYS_pivot_root, "dir", "dir"))
CALL(swapon, swapon("file", 0))
CALL(swapoff, swapoff("file"))
CALL(acct, syscall(SYS_acct, "file"))
ROW(open_tree_clone, -EPERM, -EPERM);
ROW(move_mount, -EPERM, -EPERM);
ROW(fspick, -EPERM, -EPERM);
ROW(mount_setattr, -EPERM, -EPERM);
ROW(pivot_root, -EPERM, -EPERM);
ROW(swapon, -EPERM, -EPERM);
ROW(swapoff, -EPERM, -EPERM);
ROW(acct, -EPERM, -EPERM);

static int call_mq_open(void)
{
	mqd_t queue = mq_open("/selftest", O_RDWR | O_CREAT | O_CLOEXEC, 0666, NULL);

	if (queue == (mqd_t)-1)
		return -errno;
	mq_close(queue);
	return mq_unlink("/selftest") ? -errno : 0;
}

CALL(mq_unlink, mq_unlink("/missing"))
ROW(mq_open, -EACCES, 0);
ROW(mq_unlink, -EACCES, -ENOENT);

static int reopen_below(const char *directory, int fd)
{
	char path[64];
	int again;

	snprintf(path, sizeof(path), "%s/%d", directory, fd);
	again = open(path, O_RDONLY | O_CLOEXEC);
	if (again < 0)
		return -errno;
	close(again);
	return 0;
}

static int call_proc_fd(void)
{
	return reopen_below("/proc/self/fd", scratch.fd);
}

static int call_dev_fd(void)
{
	return reopen_below("/dev/fd", scratch.fd);
}

ROW(proc_fd, -EACCES, 0);
ROW(dev_fd, -EACCES, 0);

/* Errors of the path itself say nothing about files. */
OPENS(bad_address, open((const char *)1, O_RDONLY))
OPENS(empty_path, open("", O_RDONLY))
ROW(bad_address, -EFAULT, -EFAULT);
ROW(empty_path, -ENOENT, -ENOENT);

TEST_HARNESS_MAIN
