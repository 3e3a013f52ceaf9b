// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run a command with a connected AF_UNIX socket as its standard input, the peer
 * being a process with the given ids.
 *
 * Usage: cli-test-peer UID:EUID:SUID GID COMMAND [ARG...]
 */
#include <err.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Autobind: the kernel chooses a name that nobody else has. */
static int listen_somewhere(struct sockaddr_un *name, socklen_t *length)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	sa_family_t family = AF_UNIX;

	if (fd < 0 || bind(fd, (struct sockaddr *)&family, sizeof(family)) || listen(fd, 1) ||
	    getsockname(fd, (struct sockaddr *)name, length))
		err(1, "listen");
	return fd;
}

static void connect_as(const char *uids, gid_t gid, const struct sockaddr_un *name,
		       socklen_t length)
{
	uid_t uid, euid, suid;
	int fd;

	if (sscanf(uids, "%u:%u:%u", &uid, &euid, &suid) != 3)
		errx(1, "not three uids: %s", uids);
	if (setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, euid, suid))
		err(1, "ids");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)name, length))
		err(1, "connect");
}

int main(int argc, char **argv)
{
	struct sockaddr_un name;
	socklen_t length = sizeof(name);
	int listener, connection, status;
	pid_t peer;

	if (argc < 4)
		errx(1, "usage: cli-test-peer UID:EUID:SUID GID COMMAND [ARG...]");
	listener = listen_somewhere(&name, &length);
	peer = fork();
	if (peer < 0)
		err(1, "fork");
	if (!peer) {
		connect_as(argv[1], (gid_t)atoi(argv[2]), &name, length);
		_exit(0);
	}
	/* Whoever it was is known from connect() on, and need not live longer. */
	if (waitpid(peer, &status, 0) < 0 || status)
		errx(1, "the peer could not connect");
	connection = accept(listener, NULL, NULL);
	if (connection < 0 || dup2(connection, STDIN_FILENO) < 0)
		err(1, "accept");
	close(connection);
	execvp(argv[3], argv + 3);
	err(1, "%s", argv[3]);
}
