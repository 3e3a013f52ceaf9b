/* SPDX-License-Identifier: MIT */
#ifndef NTIMP_EXAMPLES_CONNECTION_H
#define NTIMP_EXAMPLES_CONNECTION_H

#include <sys/types.h>

/**
 * struct connection - a client
 * @stream: the socket
 * @ctx: who the client is, as it was when it connected; -1: could not be found out
 * @error: why, if @ctx is -1
 * @uid: the client's user, for messages
 * @next: list of all connections
 * @previous: list of all connections
 */
struct connection {
	int stream;
	int ctx;
	int error;
	uid_t uid;
	struct connection *next;
	struct connection *previous;
};

/* A socket at path, for any user to connect to.  -1 and errno on failure. */
int listen_at(const char *path);

/* NULL and errno on failure. */
struct connection *connection_accept(int listener);

void connection_close(struct connection *connection);
void connection_close_all(void);
size_t connection_count(void);
size_t connection_count_of(uid_t uid);

#endif /* NTIMP_EXAMPLES_CONNECTION_H */
