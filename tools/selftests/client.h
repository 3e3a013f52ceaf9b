/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clients of a server: AF_UNIX sockets with a name of the kernel's choice, and
 * processes which connect to them as somebody.
 */
#ifndef SELFTEST_CLIENT_H
#define SELFTEST_CLIENT_H

#include <sys/socket.h>
#include <sys/un.h>

#include "child.h"

/**
 * struct listener - a listening socket
 * @fd: the socket
 * @address: its name, in the abstract name space
 * @length: of @address
 */
struct listener {
	int fd;
	struct sockaddr_un address;
	socklen_t length;
};

/* @type is SOCK_STREAM or SOCK_SEQPACKET.  0 or -errno. */
int listener_open(struct listener *listener, int type);
/* Connect as whoever the calling thread acts as: a descriptor or -errno. */
int listener_connect(const struct listener *listener);
/* The server's end: a descriptor or -errno. */
int listener_accept(const struct listener *listener);

/**
 * struct client - a process that has connected
 * @child: the process
 * @conn: the server's end
 */
struct client {
	struct child child;
	int conn;
};

/* Make one that connects as @who and then waits for its end.  0 or -errno. */
int client_start(struct client *client, const struct persona *who);
/* End it.  0 or -errno. */
int client_finish(struct client *client);

#endif /* SELFTEST_CLIENT_H */
