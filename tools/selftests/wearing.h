/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A server that acts as a client, and what must hold of it whatever it is
 * refused: it is still that client, wholly, and for others still itself.
 */
#ifndef SELFTEST_WEARING_H
#define SELFTEST_WEARING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "identity.h"

#define CLIENT	1001	/* user and group of the client */
#define OTHER	1002	/* and of somebody who is neither */

/* All that the server has, but for what makes a file's mode meaningless. */
#define CAPS_CAPABLE	(CAPS_ALL & ~(CAP_BIT(CAP_DAC_OVERRIDE) | CAP_BIT(CAP_DAC_READ_SEARCH)))

/**
 * struct wearing - a server and its client
 * @dev: /dev/ntimp
 * @ctx: the client's context
 * @id: its number
 * @server_file: may be opened by the server, root, alone
 * @client_file: may be opened by the client alone (and by root)
 * @primary: the server as others see it, before it acts as the client
 * @self: as whom the server acts when it acts as itself
 * @caps: what the client can do
 */
struct wearing {
	int dev;
	int ctx;
	int64_t id;
	int server_file;
	int client_file;
	struct identity primary;
	struct identity self;
	uint64_t caps;
};

/* Get ready: the client has @caps, as far as the server has them.  0 or -errno. */
int wearing_prepare(struct wearing *wearing, uint64_t caps);
/* The calling thread acts as the client.  0 or -errno. */
int wearing_start(const struct wearing *wearing);
/* And as itself again. */
int wearing_stop(const struct wearing *wearing);
void wearing_end(struct wearing *wearing);

/* The calling thread acts as the client, in all respects.  Says what does not hold. */
bool wearing_intact(const struct wearing *wearing);
/* The calling thread is the server it was before, in all respects. */
bool wearing_over(const struct wearing *wearing);

/* Open what a descriptor stands for anew, as whom the thread acts: 0 or -errno. */
int reopen(int fd);

#endif /* SELFTEST_WEARING_H */
