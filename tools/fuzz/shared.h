/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all workers share, in memory that child processes share too: where the
 * contexts are that anybody may use or close, who the client of each is, and a
 * seat for each worker.  All of them have one table of descriptors.
 */
#ifndef FUZZ_SHARED_H
#define FUZZ_SHARED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "identity.h"
#include "prng.h"
#include "scratch.h"
#include "tally.h"

#define SEATS		64
#define CONTEXTS	32
#define BYSTANDERS	10
#define CLIENTS		16384	/* the latest ones */

/**
 * struct seat - a worker's place, which a successor takes when it ends
 * @tid: who sits there; 0: nobody does
 * @meddling: how often somebody else has begun to change as whom it acts
 * @meddled: and how often that has ended
 * @prng: goes on from worker to worker
 * @tally: what the workers did; like all that follows, of the worker alone
 * @calls: how many that is
 * @calls_left: how many are to come
 * @checks: how often a worker looked whether all is well
 * @strict: how often it knew as whom it has to act
 * @violations: how often all was not well
 * @workers: how many sat there
 * @ended_wearing: how many of them ended while they impersonated
 */
struct seat {
	_Atomic pid_t tid;
	_Atomic unsigned int meddling;
	_Atomic unsigned int meddled;
	struct prng prng;
	struct tally tally;
	unsigned long calls;
	unsigned long calls_left;
	unsigned long checks;
	unsigned long strict;
	unsigned long violations;
	unsigned long workers;
	unsigned long ended_wearing;
};

/**
 * struct client - who is behind a context
 * @id: number of the context; 0 while it is written
 * @identity: the client, with numbers of its own user namespace; effective: its
 *	capabilities at most
 */
struct client {
	_Atomic int64_t id;
	struct identity identity;
};

/**
 * struct shared - all of it
 * @dev: /dev/ntimp, never closed
 * @features: NTIMP_FEATURE_* of the module
 * @scratch: a directory
 * @roots_file: inode number of the file for root alone in it
 * @bystanders: descriptors that are neither, never closed
 * @contexts: descriptors, or -1; who takes one out may close it
 * @nr_seats: how many seats are taken
 * @ends_at: when the time is over, in seconds of CLOCK_MONOTONIC; 0: never
 * @seats: places
 * @clients: known ones
 */
struct shared {
	int dev;
	uint64_t features;
	struct scratch scratch;
	ino_t roots_file;
	int bystanders[BYSTANDERS];
	_Atomic int contexts[CONTEXTS];
	unsigned int nr_seats;
	time_t ends_at;
	struct seat seats[SEATS];
	struct client clients[CLIENTS];
};

/* NULL: no memory. */
struct shared *shared_create(void);
/* Devices, files and bystanders.  Needs the rights of root.  0 or -errno. */
int shared_open(struct shared *shared);
/* Nothing more is to begin. */
bool shared_time_is_over(const struct shared *shared);
/* Close all descriptors that are left. */
void shared_close(struct shared *shared);

/* The context of this number is one of this client. */
void client_learn(struct shared *shared, int64_t id, const struct identity *identity);
bool client_known(struct shared *shared, int64_t id, struct identity *identity);

/* Who sits there; NULL: nobody of ours. */
struct seat *seat_of(struct shared *shared, pid_t tid);

#endif /* FUZZ_SHARED_H */
