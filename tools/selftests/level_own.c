// SPDX-License-Identifier: GPL-2.0-only
/* Below Impersonation a thread goes on using what it has open. */
#include "levels.h"
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/landlock.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

#include "client.h"
#include "scratch.h"

static struct scratch scratch;
static struct listener listener;
static int file, wire[2], stream[2], datagram[2];
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
	queue = mq_open("/selftest", O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600, NULL);
	/* As many as a row accepts. */
	if (listener_connect(&listener) < 0 || listener_connect(&listener) < 0)
		return -ECONNREFUSED;
	shm = shmget(IPC_PRIVATE, 4096, 0600);
	shared = shmat(shm, NULL, 0);
	mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (file < 0 || queue == (mqd_t)-1 ||
	    shared == (void *)-1 || mapped == MAP_FAILED || mq_unlink("/selftest") ||
	    shmctl(shm, IPC_RMID, NULL) || pipe2(wire, O_CLOEXEC) ||
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
CALL(sendfile, sendfile(wire[1], file, &(off_t){ 0 }, 1) == 1 ? read(wire[0], &byte, 1) : -1)
CALL(splice, splice(file, &(off64_t){ 0 }, wire[1], NULL, 1, 0) == 1 ? read(wire[0], &byte, 1) : -1)
CALL(copy_file_range, copy_file_range(file, &(off64_t){ 0 }, file, &(off64_t){ 1 }, 1, 0))
CALL(flock, flock(file, LOCK_EX))
CALL(lock, fcntl(file, F_SETLK, &(struct flock){ .l_type = F_WRLCK }))
OPENS(dup, dup(file))
OPENS(dupfd, fcntl(file, F_DUPFD_CLOEXEC, 10))
CALL(fstat, syscall(SYS_fstat, file, &status))
CALL(fstatat_empty, syscall(SYS_newfstatat, file, "", &status, AT_EMPTY_PATH))
CALL(statx_empty, statx(file, "", AT_EMPTY_PATH, STATX_ALL, &statx_status))
CALL(fstatfs, fstatfs(file, &statfs_status))
CALL(getdents, lseek(scratch.fd, 0, SEEK_SET) ?: syscall(SYS_getdents64, scratch.fd, room, 1024))
CALL(fgetxattr, syscall(SYS_fgetxattr, file, "trusted.x", NULL, 0))
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
ROW(fgetxattr, -ENODATA, -ENODATA);
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

TEST_HARNESS_MAIN
