// SPDX-License-Identifier: GPL-2.0-only
/* Processes which a test makes, see child.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

/* Tells a child's result from what it sends on the way. */
enum message_kind {
	MESSAGE_NUMBER,
	MESSAGE_RESULT,
};

struct message {
	enum message_kind kind;
	int number;
};

union control {
	struct cmsghdr align;
	char space[CMSG_SPACE(sizeof(int))];
};

static int message_send(int line, enum message_kind kind, int number, int fd)
{
	struct message message = { .kind = kind, .number = number };
	struct iovec iov = { .iov_base = &message, .iov_len = sizeof(message) };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };
	union control control = {};

	if (fd >= 0) {
		struct cmsghdr *rights;

		header.msg_control = &control;
		header.msg_controllen = sizeof(control);
		rights = CMSG_FIRSTHDR(&header);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(rights), &fd, sizeof(fd));
	}
	if (sendmsg(line, &header, MSG_NOSIGNAL) != sizeof(message))
		return -errno;
	return 0;
}

static int message_receive(int line, struct message *message, int *fd)
{
	struct iovec iov = { .iov_base = message, .iov_len = sizeof(*message) };
	union control control = {};
	struct msghdr header = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *rights;

	*fd = -1;
	if (recvmsg(line, &header, MSG_CMSG_CLOEXEC) != sizeof(*message))
		return -EPIPE;
	rights = CMSG_FIRSTHDR(&header);
	if (rights)
		memcpy(fd, CMSG_DATA(rights), sizeof(*fd));
	return 0;
}

int child_send(const struct child *other, int number)
{
	return message_send(other->line, MESSAGE_NUMBER, number, -1);
}

int child_send_fd(const struct child *other, int fd)
{
	return message_send(other->line, MESSAGE_NUMBER, 0, fd);
}

int child_receive(const struct child *other)
{
	struct message message;
	int fd;

	return message_receive(other->line, &message, &fd) ? -EPIPE : message.number;
}

int child_receive_fd(const struct child *other)
{
	struct message message;
	int fd;

	return message_receive(other->line, &message, &fd) || fd < 0 ? -EPIPE : fd;
}

static int child_main(const struct child *parent, const struct persona *who,
		      int (*fn)(const struct child *parent, void *arg), void *arg)
{
	int err = who ? persona_take(who) : 0;

	/* Forgotten when credentials change, so not earlier. */
	if (!err && prctl(PR_SET_PDEATHSIG, SIGKILL))
		err = -errno;
	/* 0: the parent is in another pid namespace. */
	if (!err && getppid() != parent->pid && getppid())
		err = -ESRCH;
	message_send(parent->line, MESSAGE_NUMBER, err, -1);
	return err ? err : fn(parent, arg);
}

int child_start(struct child *child, const struct persona *who,
		int (*fn)(const struct child *parent, void *arg), void *arg)
{
	struct child parent = { .pid = getpid() };
	int ends[2], err;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -ECHILD;
	child->line = ends[0];
	parent.line = ends[1];
	child->pid = fork();
	if (!child->pid) {
		close(ends[0]);
		err = child_main(&parent, who, fn, arg);
		_exit(message_send(parent.line, MESSAGE_RESULT, err, -1) ? 1 : 0);
	}

	err = child->pid < 0 ? -errno : 0;
	close(ends[1]);
	if (!err)
		err = child_receive(child);
	if (!err)
		return 0;

	fprintf(stderr, "# no child: %s\n", strerror(-err));
	close(child->line);
	if (child->pid > 0)
		waitpid(child->pid, NULL, 0);
	return -ECHILD;
}

int child_finish(struct child *child)
{
	int result = -ECHILD, status, fd;
	struct message message;

	shutdown(child->line, SHUT_WR);
	while (!message_receive(child->line, &message, &fd)) {
		if (fd >= 0)
			close(fd);
		if (message.kind == MESSAGE_RESULT)
			result = message.number;
	}
	close(child->line);
	if (waitpid(child->pid, &status, 0) != child->pid)
		return -errno;
	return WIFEXITED(status) ? result : -ECHILD;
}

struct plain_call {
	int (*fn)(void *arg);
	void *arg;
};

static int plain_call(const struct child *parent, void *arg)
{
	struct plain_call *call = arg;

	(void)parent;
	return call->fn(call->arg);
}

int child_run(const struct persona *who, int (*fn)(void *arg), void *arg)
{
	struct plain_call call = { .fn = fn, .arg = arg };
	struct child child;
	int err = child_start(&child, who, plain_call, &call);

	return err ? err : child_finish(&child);
}
