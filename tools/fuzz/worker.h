/* SPDX-License-Identifier: GPL-2.0-only */
/* A thread that makes random calls, and what it knows of itself. */
#ifndef FUZZ_WORKER_H
#define FUZZ_WORKER_H

#include <liburing.h>
#include <stdbool.h>

#include "arena.h"
#include "role.h"
#include "shared.h"

#define OWN_CONTEXTS	4

/**
 * struct worker - a worker; what is not shared is touched by itself alone
 * @shared: what it shares with others
 * @seat: where it sits
 * @number: of the seat
 * @role: who it is
 * @prng: of the seat
 * @primary: itself, as others see it
 * @self: itself, as it acts when it doesn't impersonate
 * @acting: as whom it acts.  effective: what it can do at most
 * @acting_id: number of the context that it wears; 0: none; -1: not known
 * @acting_level: at this level
 * @acting_user_ns: and the client is in this user namespace; 0: not known
 * @own_user_ns: the one that it is in itself
 * @sure: all this is known and nobody has meddled since
 * @seen: number of meddlings when it was learnt
 * @own: contexts which nobody else may close, or -1
 * @ends: of a socketpair, made by itself
 * @ends_known: it is known as whom: @ends_maker
 * @ends_maker: that
 * @ring: an io_uring
 * @arena: memory for arguments
 * @kind: what it is about, for messages
 */
struct worker {
	struct shared *shared;
	struct seat *seat;
	unsigned int number;
	const struct role *role;
	struct prng *prng;
	struct identity primary;
	struct identity self;
	struct identity acting;
	int64_t acting_id;
	unsigned int acting_level;
	uint32_t acting_user_ns;
	uint32_t own_user_ns;
	bool sure;
	unsigned int seen;
	int own[OWN_CONTEXTS];
	int ends[2];
	bool ends_known;
	struct identity ends_maker;
	struct io_uring ring;
	struct arena arena;
	const char *kind;
};

/*
 * The calling thread, root, sits down and works until it has made its share of
 * calls or is to be replaced, maybe while it impersonates.  0; or -errno, if it
 * could not begin.
 */
int worker_run(struct shared *shared, unsigned int seat, const struct role *role);

/* Something that must hold does not: says so. */
void worker_violation(struct worker *worker, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* FUZZ_WORKER_H */
