// SPDX-License-Identifier: GPL-2.0-only
/* Clients of a server, see client.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include "client.h"

static int listener_bind(struct listener *listener)
{
	const struct sockaddr_un any = { .sun_family = AF_UNIX };
	struct sockaddr *address = (struct sockaddr *)&listener->address;

	if (bind(listener->fd, (const struct sockaddr *)&any, sizeof(any.sun_family)))
		return -errno;
	listener->length = sizeof(listener->address);
	if (getsockname(listener->fd, address, &listener->length))
		return -errno;
	return listen(listener->fd, 8) ? -errno : 0;
}

int listener_open(struct listener *listener, int type)
{
	int err;

	listener->fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (listener->fd < 0)
		return -errno;
	err = listener_bind(listener);
	if (err)
		close(listener->fd);
	return err;
}

int listener_connect(const struct listener *listener)
{
	const struct sockaddr *address = (const struct sockaddr *)&listener->address;
	socklen_t size = sizeof(int);
	int fd, type, err;

	if (getsockopt(listener->fd, SOL_SOCKET, SO_TYPE, &type, &size))
		return -errno;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, address, listener->length))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int listener_accept(const struct listener *listener)
{
	int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int connect_and_wait(const struct child *server, void *listener)
{
	int fd = listener_connect(listener);

	child_send(server, fd < 0 ? fd : 0);
	child_receive(server);
	return 0;
}

int client_start(struct client *client, const struct persona *who)
{
	struct listener listener;
	int err = listener_open(&listener, SOCK_STREAM);

	if (err)
		return err;
	err = child_start(&client->child, who, connect_and_wait, &listener);
	if (!err) {
		err = child_receive(&client->child);
		client->conn = err ? err : listener_accept(&listener);
		if (client->conn < 0) {
			err = client->conn;
			child_finish(&client->child);
		}
	}
	close(listener.fd);
	return err;
}

int client_finish(struct client *client)
{
	close(client->conn);
	return child_finish(&client->child);
}
