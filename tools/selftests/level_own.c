// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a thread can go on doing below Impersonation: use what is open, and all
 * that is its process's own or everybody's.
 */
#include "levels.h"
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <linux/kcmp.h>
#include <linux/landlock.h>
#include <linux/membarrier.h>
#include <linux/sched.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>

#include "client.h"
#include "scratch.h"

static struct scratch scratch;
static struct listener listener;
static int file, other, wire[2], stream[2], datagram[2], self_pidfd, others_pid;
static mqd_t queue;
static void *shared;
static char *mapped;
static char byte;

static int level_prepare(void)
{
	int err = scratch_open(&scratch), shm;

	if (!err)
		err = file_make(&scratch, "file", 0, 0, 0600);
	if (!err)
		err = listener_open(&listener, SOCK_STREAM);
	if (err)
		return err;
	file = openat(scratch.fd, "file", O_RDWR | O_CLOEXEC);
	other = memfd_create("selftest", MFD_CLOEXEC);
	queue = mq_open("/selftest", O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600, NULL);
	/* As many as a row accepts. */
	if (listener_connect(&listener) < 0 || listener_connect(&listener) < 0)
		return -ECONNREFUSED;
	self_pidfd = syscall(SYS_pidfd_open, getpid(), 0);
	shm = shmget(IPC_PRIVATE, 4096, 0600);
	shared = shmat(shm, NULL, 0);
	mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	others_pid = getppid();
	if (file < 0 || other < 0 || queue == (mqd_t)-1 || self_pidfd < 0 ||
	    shared == (void *)-1 || mapped == MAP_FAILED || mq_unlink("/selftest") ||
	    shmctl(shm, IPC_RMID, NULL) || ftruncate(other, 4096) || pipe2(wire, O_CLOEXEC) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, stream) ||
	    socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, datagram))
		return -errno;
	return 0;
}

static void level_cleanup(void)
{
	scratch_close(&scratch);
}

/* At all levels the same. */
#define OWN(name)	ROW(name, 0, 0)

/* Open files, though their owner is root and nobody else may open them. */
static struct stat status;
static struct statx statx_status;
static struct statfs statfs_status;
static char room[1024];
static const struct iovec vector = { .iov_base = &byte, .iov_len = 1 };

CALL(read, pread(file, &byte, 1, 0))
CALL(write, pwrite(file, &byte, 1, 0))
CALL(readv, preadv(file, &vector, 1, 0))
CALL(writev, pwritev(file, &vector, 1, 0))
CALL(lseek, lseek(file, 0, SEEK_SET))
CALL(mapped, mapped[0]++ == -1 ? -1 : 0)
CALL(msync, msync(mapped, 4096, MS_SYNC))
CALL(truncate, ftruncate(file, 4096))
CALL(fallocate, fallocate(file, 0, 0, 4096))
CALL(fsync, fsync(file))
CALL(fdatasync, fdatasync(file))
CALL(sync_file_range, sync_file_range(file, 0, 1, 0))
CALL(syncfs, syncfs(file))
CALL(fadvise, posix_fadvise(file, 0, 0, POSIX_FADV_NORMAL) ? -1 : 0)
CALL(readahead, readahead(file, 0, 1) && errno != EINVAL ? -1 : 0)
CALL(sendfile, sendfile(wire[1], file, &(off_t){ 0 }, 1) == 1 ? read(wire[0], &byte, 1) : -1)
CALL(splice, splice(file, &(off64_t){ 0 }, wire[1], NULL, 1, 0) == 1 ? read(wire[0], &byte, 1) : -1)
CALL(copy_file_range, copy_file_range(file, &(off64_t){ 0 }, other, &(off64_t){ 0 }, 1, 0) < 0 &&
		      errno != EXDEV ? -1 : 0)
CALL(flock, flock(file, LOCK_EX))
CALL(lock, fcntl(file, F_SETLK, &(struct flock){ .l_type = F_WRLCK }))
OPENS(dup, dup(file))
OPENS(dupfd, fcntl(file, F_DUPFD_CLOEXEC, 10))
CALL(fstat, syscall(SYS_fstat, file, &status))
CALL(fstatat_empty, syscall(SYS_newfstatat, file, "", &status, AT_EMPTY_PATH))
CALL(statx_empty, statx(file, "", AT_EMPTY_PATH, STATX_ALL, &statx_status))
CALL(fstatfs, fstatfs(file, &statfs_status))
CALL(getdents, lseek(scratch.fd, 0, SEEK_SET) ?: syscall(SYS_getdents64, scratch.fd, room, 1024))
CALL(fgetxattr, syscall(SYS_fgetxattr, file, "user.x", NULL, 0) < 0 && errno != ENODATA &&
		errno != EOPNOTSUPP && errno != EACCES ? -1 : 0)
CALL(flistxattr, syscall(SYS_flistxattr, file, NULL, 0))
CALL(readable, poll(&(struct pollfd){ .fd = file, .events = POLLIN }, 1, 0))
OWN(read);
OWN(write);
OWN(readv);
OWN(writev);
OWN(lseek);
OWN(mapped);
OWN(msync);
OWN(truncate);
OWN(fallocate);
OWN(fsync);
OWN(fdatasync);
OWN(sync_file_range);
OWN(syncfs);
OWN(fadvise);
OWN(readahead);
OWN(sendfile);
OWN(splice);
OWN(copy_file_range);
OWN(flock);
OWN(lock);
OWN(dup);
OWN(dupfd);
OWN(fstat);
OWN(fstatat_empty);
OWN(statx_empty);
OWN(fstatfs);
OWN(getdents);
OWN(fgetxattr);
OWN(flistxattr);
OWN(readable);

/* Whether it may be searched is asked of nobody. */
CALL(fchdir, fchdir(scratch.fd))
OWN(fchdir);

/* Connected sockets and queues. */
OPENS(accept, accept(listener.fd, NULL, NULL))

static int call_pass_descriptor(void)
{
	struct child ends[2] = { { .line = stream[0] }, { .line = stream[1] } };
	int fd;

	if (child_send_fd(&ends[0], file))
		return -EPROTO;
	fd = child_receive_fd(&ends[1]);
	return fd < 0 ? fd : close(fd);
}

CALL(send, send(stream[0], "x", 1, 0) == 1 ? recv(stream[1], &byte, 1, 0) : -1)
CALL(send_datagram, send(datagram[0], "x", 1, 0) == 1 ? recv(datagram[1], &byte, 1, 0) : -1)
CALL(shutdown, shutdown(datagram[0], SHUT_RD))
CALL(getsockopt, getsockopt(stream[0], SOL_SOCKET, SO_TYPE, room, &(socklen_t){ 4 }))
CALL(mq_send, mq_send(queue, "x", 1, 0) ?: mq_receive(queue, room, 8192, NULL))
CALL(shared, (*(char *)shared)++ == -1 ? -1 : 0)
OWN(accept);
OWN(pass_descriptor);
OWN(send);
OWN(send_datagram);
OWN(shutdown);
OWN(getsockopt);
OWN(mq_send);
OWN(shared);

/* New ones that nobody else knows. */
static int call_pipe(void)
{
	int ends[2];

	if (pipe(ends))
		return -errno;
	close(ends[0]);
	return close(ends[1]);
}

static int call_memfd(void)
{
	int fd = memfd_create("own", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	void *at;

	if (fd < 0 || ftruncate(fd, 4096) || write(fd, "x", 1) != 1)
		return -errno;
	at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED || munmap(at, 4096) || fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE))
		return -errno;
	return close(fd);
}

OPENS(eventfd, eventfd(0, 0))
OPENS(epoll, epoll_create1(0))
OPENS(timerfd, timerfd_create(CLOCK_MONOTONIC, 0))
OPENS(inotify, inotify_init())
OPENS(fanotify, fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDONLY))
OPENS(landlock, syscall(SYS_landlock_create_ruleset,
			&(struct landlock_ruleset_attr){ LANDLOCK_ACCESS_FS_EXECUTE }, 8, 0))
OWN(pipe);
OWN(memfd);
OWN(eventfd);
OWN(epoll);
OWN(timerfd);
OWN(inotify);
OWN(fanotify);
OWN(landlock);

static int call_signalfd(void)
{
	sigset_t none;
	int fd;

	sigemptyset(&none);
	fd = signalfd(-1, &none, 0);
	return fd < 0 ? -errno : close(fd);
}

static int call_aio(void)
{
	aio_context_t context = 0;
	struct iocb request = {
		.aio_lio_opcode = IOCB_CMD_PREAD,
		.aio_fildes = file,
		.aio_buf = (uintptr_t)&byte,
		.aio_nbytes = 1,
	};
	struct iocb *requests[] = { &request };
	struct io_event event;
	int err = 0;

	if (syscall(SYS_io_setup, 1, &context))
		return -errno;
	if (syscall(SYS_io_submit, context, 1, requests) != 1 ||
	    syscall(SYS_io_getevents, context, 1, 1, &event, NULL) != 1)
		err = -errno;
	syscall(SYS_io_destroy, context);
	return err ? err : event.res == 1 ? 0 : (int)event.res;
}

OWN(signalfd);
OWN(aio);

/* Signals within the process, and its other attributes. */
static int call_timer(void)
{
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &(struct sigevent){ .sigev_notify = SIGEV_NONE }, &timer))
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
CALL(futex, syscall(SYS_futex, &status, FUTEX_WAKE, 1, NULL, NULL, 0))
CALL(prctl_name, prctl(PR_SET_NAME, "nobody"))
CALL(setrlimit, prlimit(0, RLIMIT_CORE, &(struct rlimit){ 0 }, NULL))
CALL(kcmp, syscall(SYS_kcmp, getpid(), getpid(), KCMP_VM, 0, 0))
CALL(process_vm_readv, process_vm_readv(getpid(), &vector, 1, &vector, 1, 0))
CALL(getcwd, syscall(SYS_getcwd, room, sizeof(room)))
CALL(umask, umask(022))
CALL(membarrier, syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0))
CALL(personality, syscall(SYS_personality, 0xffffffff))
CALL(brk, sbrk(4096) == (void *)-1 ? -1 : 0)
CALL(madvise, madvise(mapped, 4096, MADV_NORMAL))
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
