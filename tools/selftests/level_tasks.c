// SPDX-License-Identifier: GPL-2.0-only
/*
 * Below Impersonation a thread does nothing to other processes.  EPERM is the
 * kernel's own: the thread has no ids that those of a process could equal.
 */
#include "levels.h"
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "child.h"

static struct child victim;
static int pidfd, wire[2];
static char secret = 's';

/* Tell, whenever asked, whether it got a SIGIO since. */
static int be_victim(const struct child *parent, void *unused)
{
	const struct timespec no_time = {};
	sigset_t sigio;

	(void)unused;
	sigemptyset(&sigio);
	sigaddset(&sigio, SIGIO);
	if (sigprocmask(SIG_BLOCK, &sigio, NULL) || child_send(parent, 0))
		return -errno;
	while (child_receive(parent) != -EPIPE)
		child_send(parent, sigtimedwait(&sigio, NULL, &no_time) == SIGIO);
	return 0;
}

/* Nobody's process, and so nobody may do all this to it. */
static int level_prepare(void)
{
	int err = child_start(&victim, &PERSONA_USER(NOBODY), be_victim, NULL);

	if (!err)
		err = child_receive(&victim);
	if (err)
		return err;
	pidfd = syscall(SYS_pidfd_open, victim.pid, 0);
	return pidfd < 0 || pipe2(wire, O_CLOEXEC) ? -errno : 0;
}

static void level_cleanup(void)
{
	close(pidfd);
	child_finish(&victim);
}

static siginfo_t info = { .si_code = SI_QUEUE };

CALL(kill, kill(victim.pid, 0))
CALL(kill_continue, kill(victim.pid, SIGCONT))
CALL(tkill, syscall(SYS_tkill, victim.pid, 0))
CALL(tgkill, syscall(SYS_tgkill, victim.pid, victim.pid, 0))
CALL(sigqueue, sigqueue(victim.pid, 0, (union sigval){ 0 }))
CALL(rt_tgsigqueueinfo, syscall(SYS_rt_tgsigqueueinfo, victim.pid, victim.pid, 0, &info))
CALL(pidfd_send_signal, syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0))
CALL(kill_init, kill(1, 0))
ROW(kill, -EPERM, 0);
ROW(kill_continue, -EACCES, 0);	/* allowed to all of a session */
ROW(tkill, -EPERM, 0);
ROW(tgkill, -EPERM, 0);
ROW(sigqueue, -EPERM, 0);
ROW(rt_tgsigqueueinfo, -EPERM, 0);
ROW(pidfd_send_signal, -EPERM, 0);
ROW(kill_init, -EPERM, -EPERM);

/* A signal for input: who asked for it is kept, and may it be sent to whom. */
static int call_sigio(void)
{
	char byte = 'x';

	if (fcntl(wire[0], F_SETOWN, victim.pid) || fcntl(wire[0], F_SETFL, O_ASYNC) ||
	    write(wire[1], &byte, 1) != 1 || read(wire[0], &byte, 1) != 1)
		return -errno;
	if (child_send(&victim, 0))
		return -EPROTO;
	return child_receive(&victim) == 1 ? 0 : -ESRCH;
}

ROW(sigio, -ESRCH, 0);

static const struct sched_param none;

struct scheduling {
	__u32 size, policy;
	__u64 flags;
	__s32 nice;
	__u32 priority;
	__u64 runtime, deadline, period;
};

static struct scheduling batch = { .size = sizeof(batch), .policy = SCHED_BATCH };

static int call_sched_setaffinity(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	return sched_setaffinity(victim.pid, sizeof(set), &set) ? -errno : 0;
}

CALL(setpriority, setpriority(PRIO_PROCESS, victim.pid, 5))
CALL(ioprio_set, syscall(SYS_ioprio_set, 1, victim.pid, 3 << 13))
CALL(sched_setscheduler, sched_setscheduler(victim.pid, SCHED_BATCH, &none))
CALL(sched_setparam, sched_setparam(victim.pid, &none))
CALL(sched_setattr, syscall(SYS_sched_setattr, victim.pid, &batch, 0))
CALL(prlimit, prlimit(victim.pid, RLIMIT_NOFILE, NULL, &(struct rlimit){ 0 }))
ROW(setpriority, -EPERM, 0);
ROW(ioprio_set, -EPERM, 0);
ROW(sched_setscheduler, -EPERM, 0);
ROW(sched_setparam, -EPERM, 0);
ROW(sched_setattr, -EPERM, 0);
ROW(sched_setaffinity, -EPERM, 0);
ROW(prlimit, -EPERM, 0);

/* Seize it, look at it stopped, and let it go. */
static int call_ptrace(void)
{
	if (ptrace(PTRACE_SEIZE, victim.pid, NULL, NULL))
		return -errno;
	if (ptrace(PTRACE_INTERRUPT, victim.pid, NULL, NULL) ||
	    waitpid(victim.pid, NULL, __WALL) != victim.pid ||
	    ptrace(PTRACE_DETACH, victim.pid, NULL, NULL))
		return -EPROTO;
	return 0;
}

static char copied;
static const struct iovec here = { .iov_base = &copied, .iov_len = 1 };
static const struct iovec there = { .iov_base = &secret, .iov_len = 1 };
static void *pages[1];
static unsigned long nodes = 1;
static int status;

CALL(process_vm_readv, process_vm_readv(victim.pid, &here, 1, &there, 1, 0))
CALL(process_vm_writev, process_vm_writev(victim.pid, &here, 1, &there, 1, 0))
CALL(move_pages, syscall(SYS_move_pages, victim.pid, 1, pages, NULL, &status, 0))
CALL(migrate_pages, syscall(SYS_migrate_pages, victim.pid, 8, &nodes, &nodes))
CALL(process_madvise, syscall(SYS_process_madvise, pidfd, &there, 1, 20, 0))
CALL(kcmp, syscall(SYS_kcmp, getpid(), victim.pid, KCMP_VM, 0, 0))
CALL(get_robust_list, syscall(SYS_get_robust_list, victim.pid, &pages[0], &nodes))
OPENS(pidfd_getfd, syscall(SYS_pidfd_getfd, pidfd, 0, 0))
ROW(ptrace, -EACCES, 0);
ROW(process_vm_readv, -EPERM, 0);
ROW(process_vm_writev, -EPERM, 0);
ROW(move_pages, -EPERM, 0);
ROW(migrate_pages, -EPERM, 0);
ROW(process_madvise, -EACCES, -EPERM);
ROW(kcmp, -EPERM, 0);
ROW(get_robust_list, -EPERM, 0);
ROW(pidfd_getfd, -EPERM, 0);

OPENS(pidfd_open, syscall(SYS_pidfd_open, victim.pid, 0))
OPENS(pidfd_open_self, syscall(SYS_pidfd_open, getpid(), 0))
CALL(setns, setns(pidfd, CLONE_NEWNET))
ROW(pidfd_open, -EACCES, 0);
ROW(pidfd_open_self, -EACCES, 0);
ROW(setns, -EPERM, -EPERM);

TEST_HARNESS_MAIN
