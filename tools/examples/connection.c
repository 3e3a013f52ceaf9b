// SPDX-License-Identifier: MIT
/*
 * Connections: how clients come, who they are, and that none is forgotten.
 *
 * A client's identity is captured once, when it connects; the kernel vouches
 * for it, and it stays what it was even if the client changes its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <ntimp.h>

#include "connection.h"

/* How long a client may leave a thread waiting in the middle of a message. */
#define STALL_SECONDS	30

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct connection *all;	/* under lock */
static size_t count;		/* under lock */

/* What an earlier server left behind can be removed; one that lives cannot. */
static int remove_stale(const struct sockaddr_un *address)
{
	int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int refused;

	if (probe < 0)
		return -1;
	refused = connect(probe, (const struct sockaddr *)address, sizeof(*address)) &&
		  errno == ECONNREFUSED;
	close(probe);
	if (!refused) {
		errno = EADDRINUSE;
		return -1;
	}
	return unlink(address->sun_path);
}

int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener, error;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(address.sun_path, path);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listener < 0)
		return -1;
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) &&
	    (errno != EADDRINUSE || remove_stale(&address) ||
	     bind(listener, (struct sockaddr *)&address, sizeof(address))))
		goto fail;
	/* Who may connect is everybody; who may do what is decided per request. */
	if (chmod(path, 0666) || listen(listener, SOMAXCONN)) {
		error = errno;
		unlink(path);
		errno = error;
		goto fail;
	}
	return listener;
fail:
	error = errno;
	close(listener);
	errno = error;
	return -1;
}

static void capture_client(struct connection *connection)
{
	struct ntimp_info info = { 0 };

	connection->ctx = ntimp_capture_peer(connection->stream, NULL);
	if (connection->ctx < 0)
		connection->error = errno;
	connection->uid = connection->ctx < 0 || ntimp_query(connection->ctx, &info) ?
			  (uid_t)-1 : info.euid;
}

struct connection *connection_accept(int listener)
{
	const struct timeval stall = { .tv_sec = STALL_SECONDS };
	struct connection *connection;
	int error, stream = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (stream < 0)
		return NULL;
	connection = calloc(1, sizeof(*connection));
	if (!connection ||
	    setsockopt(stream, SOL_SOCKET, SO_RCVTIMEO, &stall, sizeof(stall)) ||
	    setsockopt(stream, SOL_SOCKET, SO_SNDTIMEO, &stall, sizeof(stall))) {
		error = errno;
		free(connection);
		close(stream);
		errno = error;
		return NULL;
	}
	connection->stream = stream;
	capture_client(connection);

	pthread_mutex_lock(&lock);
	connection->next = all;
	if (all)
		all->previous = connection;
	all = connection;
	count++;
	pthread_mutex_unlock(&lock);
	return connection;
}

void connection_close(struct connection *connection)
{
	pthread_mutex_lock(&lock);
	if (connection->next)
		connection->next->previous = connection->previous;
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		all = connection->next;
	count--;
	pthread_mutex_unlock(&lock);

	if (connection->ctx >= 0)
		close(connection->ctx);
	close(connection->stream);
	free(connection);
}

void connection_close_all(void)
{
	while (all)
		connection_close(all);
}

size_t connection_count(void)
{
	size_t now;

	pthread_mutex_lock(&lock);
	now = count;
	pthread_mutex_unlock(&lock);
	return now;
}

size_t connection_count_of(uid_t uid)
{
	const struct connection *connection;
	size_t now = 0;

	pthread_mutex_lock(&lock);
	for (connection = all; connection; connection = connection->next)
		now += connection->uid == uid;
	pthread_mutex_unlock(&lock);
	return now;
}
