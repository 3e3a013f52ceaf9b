// SPDX-License-Identifier: GPL-2.0-only
/*
 * Below Impersonation a thread goes on being part of its process, and asks what
 * everybody is told.
 */
#include "levels.h"
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/kcmp.h>
#include <linux/membarrier.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>

#include "scratch.h"

static struct scratch scratch;
static int self_pidfd, others_pid, word;
static char room[4096] __attribute__((aligned(4096)));
static char byte;
static const struct iovec vector = { .iov_base = &byte, .iov_len = 1 };

static int level_prepare(void)
{
	int err = scratch_open(&scratch);

	if (!err)
		err = file_make(&scratch, "file", 0, 0, 0600);
	if (err)
		return err;
	others_pid = getppid();
	self_pidfd = syscall(SYS_pidfd_open, getpid(), 0);
	return self_pidfd < 0 ? -errno : 0;
}

static void level_cleanup(void)
{
	scratch_close(&scratch);
}

/* At all levels the same. */
#define OWN(name)	ROW(name, 0, 0)

/* Signals within the process, and its other attributes. */
static int call_timer(void)
{
	struct sigevent none = { .sigev_notify = SIGEV_NONE };
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &none, &timer))
		return -errno;
	return timer_delete(timer) ? -errno : 0;
}

static int call_signal(void)
{
	const struct timespec soon = { .tv_sec = 60 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (sigprocmask(SIG_BLOCK, &set, NULL) || kill(getpid(), SIGUSR1) ||
	    sigtimedwait(&set, NULL, &soon) != SIGUSR1)
		return -errno;
	return 0;
}

CALL(tgkill, syscall(SYS_tgkill, getpid(), thread_id(), 0))
CALL(sigqueue, sigqueue(getpid(), 0, (union sigval){ 0 }))
CALL(pidfd_send_signal, syscall(SYS_pidfd_send_signal, self_pidfd, 0, NULL, 0))
CALL(nanosleep, nanosleep(&(struct timespec){ .tv_nsec = 1 }, NULL))
CALL(alarm, alarm(0))
CALL(futex, syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0))
CALL(prctl_name, prctl(PR_SET_NAME, "nobody"))
CALL(setrlimit, prlimit(0, RLIMIT_CORE, &(struct rlimit){ 0 }, NULL))
CALL(kcmp, syscall(SYS_kcmp, getpid(), getpid(), KCMP_VM, 0, 0))
CALL(process_vm_readv, process_vm_readv(getpid(), &vector, 1, &vector, 1, 0))
CALL(getcwd, syscall(SYS_getcwd, room, sizeof(room)))
CALL(umask, umask(022))
CALL(membarrier, syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0))
CALL(personality, syscall(SYS_personality, 0xffffffff))
CALL(brk, sbrk(4096) == (void *)-1 ? -1 : 0)
CALL(madvise, madvise(room, 1, MADV_NORMAL))
CALL(unshare, unshare(CLONE_FILES))
OWN(timer);
OWN(signal);
OWN(tgkill);
OWN(sigqueue);
OWN(pidfd_send_signal);
OWN(nanosleep);
OWN(alarm);
OWN(futex);
OWN(prctl_name);
OWN(setrlimit);
OWN(kcmp);
OWN(process_vm_readv);
OWN(getcwd);
OWN(umask);
OWN(membarrier);
OWN(personality);
OWN(brk);
OWN(madvise);
OWN(unshare);

/* What everybody is told of everybody. */
CALL(getpriority, getpriority(PRIO_PROCESS, others_pid))
CALL(ioprio_get, syscall(SYS_ioprio_get, 1, others_pid))
CALL(sched_getscheduler, sched_getscheduler(others_pid))
CALL(getpgid, getpgid(others_pid))
CALL(getsid, getsid(others_pid))
CALL(uname, uname((struct utsname *)room))
CALL(sysinfo, sysinfo((struct sysinfo *)room))
CALL(times, times((struct tms *)room))
CALL(getrandom, getrandom(room, 1, 0))
CALL(clock_gettime, clock_gettime(CLOCK_REALTIME, (struct timespec *)room))
OWN(getpriority);
OWN(ioprio_get);
OWN(sched_getscheduler);
OWN(getpgid);
OWN(getsid);
OWN(uname);
OWN(sysinfo);
OWN(times);
OWN(getrandom);
OWN(clock_gettime);

/* Threads and children, which begin as the primary: it may open the file. */
static int open_file(void)
{
	return file_try(&scratch, "file", O_RDWR);
}

static void *open_file_in_thread(void *unused)
{
	(void)unused;
	return (void *)(intptr_t)open_file();
}

static int call_thread(void)
{
	pthread_t thread;
	void *result;
	int err = pthread_create(&thread, NULL, open_file_in_thread, NULL);

	if (!err)
		err = pthread_join(thread, &result);
	return err ? -err : (intptr_t)result;
}

/* The result of a child that was made by a system call that returned @pid. */
static int result_of(pid_t pid)
{
	int ended;

	if (!pid)
		_exit(-open_file());
	if (pid < 0 || waitpid(pid, &ended, 0) != pid)
		return -errno;
	return WIFEXITED(ended) ? -WEXITSTATUS(ended) : -ECHILD;
}

static int call_fork(void)
{
	return result_of(fork());
}

/* With a descriptor of it, as against pidfd_open(2). */
static int call_clone3_pidfd(void)
{
	int pidfd = -1;
	struct clone_args args = {
		.flags = CLONE_PIDFD,
		.pidfd = (uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
	};
	int result = result_of(syscall(SYS_clone3, &args, sizeof(args)));

	return result ? result : close(pidfd);
}

/* A child of one's own is not somebody else, until it has become one by execve(2). */
static int call_setpgid(void)
{
	int wire_to_child[2], result;
	pid_t pid;

	if (pipe(wire_to_child))
		return -errno;
	pid = fork();
	if (!pid) {
		close(wire_to_child[1]);
		_exit(read(wire_to_child[0], &byte, 1) != 0);
	}
	result = setpgid(pid, pid) ? -errno : 0;
	close(wire_to_child[1]);
	close(wire_to_child[0]);
	return waitpid(pid, NULL, 0) == pid ? result : -errno;
}

OWN(thread);
OWN(fork);
OWN(clone3_pidfd);
OWN(setpgid);

TEST_HARNESS_MAIN
