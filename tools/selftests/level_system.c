// SPDX-License-Identifier: GPL-2.0-only
/* Below Impersonation a thread gets no access to the kernel, and none of root's. */
#include "levels.h"
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <linux/quota.h>
#include <linux/reboot.h>
#include <sched.h>
#include <sys/io.h>
#include <sys/klog.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>

#include "setting.h"

static struct rlimit files;

/* What a distribution keeps from all but root is to be open to nobody. */
static int level_prepare(void)
{
	int err = setting_write("/proc/sys/kernel/io_uring_disabled", "0");

	if (err && err != -ENOENT)
		return err;
	err = setting_write("/proc/sys/kernel/unprivileged_bpf_disabled", "0");
	if (!err)
		err = setting_write("/proc/sys/kernel/perf_event_paranoid", "-1");
	if (!err)
		err = setting_write("/proc/sys/kernel/dmesg_restrict", "0");
	if (!err && getrlimit(RLIMIT_NOFILE, &files))
		err = -errno;
	return err;
}

static void level_cleanup(void)
{
}

static union bpf_attr map = {
	.map_type = BPF_MAP_TYPE_ARRAY,
	.key_size = 4,
	.value_size = 4,
	.max_entries = 1,
};

static struct perf_event_attr event = {
	.type = PERF_TYPE_SOFTWARE,
	.size = sizeof(event),
	.config = PERF_COUNT_SW_DUMMY,
};

static int call_io_uring_setup(void)
{
	struct io_uring_params params = {};
	int fd = syscall(SYS_io_uring_setup, 1, &params);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

OPENS(bpf, syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof(map)))
OPENS(perf_event_open, syscall(SYS_perf_event_open, &event, 0, -1, -1, 0))
OPENS(userfaultfd, syscall(SYS_userfaultfd, 1))	/* its own memory, and user mode only */
CALL(syslog, klogctl(10, NULL, 0))
ROW(bpf, -EACCES, 0);
ROW(perf_event_open, -EACCES, 0);
ROW(userfaultfd, -EACCES, 0);
ROW(io_uring_setup, -EACCES, 0);
ROW(syslog, -EACCES, 0);

static struct timex clock_state = { .modes = ADJ_STATUS };

/* All these want a capability. */
CALL(sethostname, sethostname("x", 1))
CALL(setdomainname, setdomainname("x", 1))
CALL(settimeofday, settimeofday(&(struct timeval){ 0 }, NULL))
CALL(clock_settime, clock_settime(CLOCK_REALTIME, &(struct timespec){ 0 }))
CALL(adjtimex, adjtimex(&clock_state))
CALL(reboot, syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		     LINUX_REBOOT_CMD_CAD_OFF, NULL))
CALL(kexec_load, syscall(SYS_kexec_load, 0, 0, NULL, 0))
CALL(init_module, syscall(SYS_init_module, "", 0, ""))
CALL(finit_module, syscall(SYS_finit_module, 0, "", 0))
CALL(delete_module, syscall(SYS_delete_module, "missing", 0))
CALL(iopl, iopl(3))
CALL(ioperm, ioperm(0x80, 1, 1))
CALL(vhangup, vhangup())
CALL(acct_off, syscall(SYS_acct, NULL))
CALL(unshare_files, unshare(CLONE_NEWNS))
CALL(unshare_user, unshare(CLONE_NEWUSER))
CALL(setrlimit, setrlimit(RLIMIT_NOFILE, &(struct rlimit){ files.rlim_max, files.rlim_max + 1 }))
CALL(nice, setpriority(PRIO_PROCESS, 0, -5))
ROW(sethostname, -EPERM, -EPERM);
ROW(setdomainname, -EPERM, -EPERM);
ROW(settimeofday, -EPERM, -EPERM);
ROW(clock_settime, -EPERM, -EPERM);
ROW(adjtimex, -EPERM, -EPERM);
ROW(reboot, -EPERM, -EPERM);
ROW(kexec_load, -EPERM, -EPERM);
ROW(init_module, -EPERM, -EPERM);
ROW(finit_module, -EPERM, -EPERM);
ROW(delete_module, -EPERM, -EPERM);
ROW(iopl, -EPERM, -EPERM);
ROW(ioperm, -EPERM, -EPERM);
ROW(vhangup, -EPERM, -EPERM);
ROW(acct_off, -EPERM, -EPERM);
ROW(unshare_files, -EPERM, -EPERM);
ROW(unshare_user, -EPERM, -EPERM);
ROW(setrlimit, -EPERM, -EPERM);
ROW(nice, -EPERM, -EPERM);

TEST_HARNESS_MAIN
