// SPDX-License-Identifier: GPL-2.0-only
/* Another thread's identity is changed while it waits for files and sockets. */
#include "waits.h"
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>

static int make_sockets(struct scene *scene)
{
	return value(socketpair(AF_UNIX, SOCK_STREAM, 0, scene->ends));
}

WAITING(read, .call = call_read, .number = SYS_read, .wake = write_byte, .result = 'x');

static int call_recv(struct scene *scene)
{
	char byte = 0;
	int ret = value(recv(scene->ends[0], &byte, 1, 0));

	return ret == 1 ? byte : ret;
}

WAITING(recv, .prepare = make_sockets, .call = call_recv, .number = SYS_recvfrom,
	.wake = write_byte, .result = 'x');

static int listen_there(struct scene *scene)
{
	const struct sockaddr anywhere = { .sa_family = AF_UNIX };

	scene->ends[0] = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(scene->ends[0], &anywhere, sizeof(anywhere.sa_family)))
		return -errno;
	return value(listen(scene->ends[0], 1));
}

static int call_accept(struct scene *scene)
{
	return value(accept(scene->ends[0], NULL, NULL));
}

WAITING(accept, .prepare = listen_there, .call = call_accept, .number = SYS_accept,
	.result = -EINTR);

static int call_poll(struct scene *scene)
{
	struct pollfd fd = { .fd = scene->ends[0], .events = POLLIN };

	return value(poll(&fd, 1, -1));
}

WAITING(poll, .call = call_poll, .number = SYS_poll, .again = SYS_restart_syscall,
	.wake = write_byte, .result = 1);

static int call_ppoll(struct scene *scene)
{
	const struct timespec long_time = { .tv_sec = 10000 };
	struct pollfd fd = { .fd = scene->ends[0], .events = POLLIN };

	return value(ppoll(&fd, 1, &long_time, NULL));
}

WAITING(ppoll, .call = call_ppoll, .number = SYS_ppoll, .wake = write_byte, .result = 1);

static int call_select(struct scene *scene)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(scene->ends[0], &set);
	return value(syscall(SYS_select, scene->ends[0] + 1, &set, NULL, NULL, NULL));
}

WAITING(select, .call = call_select, .number = SYS_select, .wake = write_byte, .result = 1);

static int make_epoll(struct scene *scene)
{
	struct epoll_event event = { .events = EPOLLIN };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, scene->ends[0], &event))
		return -errno;
	scene->word = epoll;
	return 0;
}

static int call_epoll(struct scene *scene)
{
	struct epoll_event event;

	return value(syscall(SYS_epoll_wait, scene->word, &event, 1, -1));
}

/* It always returns when a signal comes, handled or not. */
WAITING(epoll_wait, .prepare = make_epoll, .call = call_epoll, .number = SYS_epoll_wait,
	.wake = write_byte, .result = 1, .interrupts = true);

static int lock_file(struct scene *scene)
{
	char path[32];
	int fd = memfd_create("lock", 0);

	if (fd < 0 || flock(fd, LOCK_EX))
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	scene->ends[0] = open(path, O_RDWR | O_CLOEXEC);
	scene->ends[1] = fd;
	return value(scene->ends[0]);
}

static int call_flock(struct scene *scene)
{
	return value(flock(scene->ends[0], LOCK_EX));
}

static int unlock_file(struct scene *scene)
{
	return value(flock(scene->ends[1], LOCK_UN));
}

WAITING(flock, .prepare = lock_file, .call = call_flock, .number = SYS_flock, .wake = unlock_file);

TEST_HARNESS_MAIN
