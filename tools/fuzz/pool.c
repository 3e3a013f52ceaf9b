// SPDX-License-Identifier: GPL-2.0-only
/* Descriptors and threads to name in calls, see pool.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "pool.h"

int pool_context(struct worker *worker)
{
	return worker->shared->contexts[prng_below(worker->prng, CONTEXTS)];
}

int pool_own_context(struct worker *worker)
{
	return worker->own[prng_below(worker->prng, OWN_CONTEXTS)];
}

int pool_any(struct worker *worker)
{
	static const int wrong[] = { -1, AT_FDCWD, 0, 1, 2, 1023, 1024, 65536, INT_MAX, INT_MIN };
	struct prng *prng = worker->prng;

	switch (prng_below(prng, 6)) {
	case 0:
		return prng_pick(prng, wrong);
	case 1:
		return prng_pick(prng, worker->shared->bystanders);
	case 2:
		return worker->shared->dev;
	case 3:
		return worker->ends[prng_below(prng, 2)];
	default:
		return pool_context(worker);
	}
}

bool pool_is_ours(struct worker *worker, int fd)
{
	if (fd == worker->shared->dev)
		return true;
	for (int i = 0; i < OWN_CONTEXTS; i++)
		if (fd == worker->own[i])
			return fd >= 0;
	return false;
}

static int exchange(struct worker *worker, int fd)
{
	unsigned int place = prng_below(worker->prng, CONTEXTS);

	return atomic_exchange(&worker->shared->contexts[place], fd);
}

void pool_put(struct worker *worker, int fd)
{
	int old = exchange(worker, fd);

	if (old >= 0)
		close(old);
}

void pool_put_own(struct worker *worker, int fd)
{
	int *own = &worker->own[prng_below(worker->prng, OWN_CONTEXTS)];

	if (*own >= 0)
		close(*own);
	*own = fd;
}

int pool_close_one(struct worker *worker)
{
	return close(exchange(worker, -1)) ? -errno : 0;
}

pid_t pool_thread(struct worker *worker)
{
	static const pid_t others[] = { 0, -1, 1, 2, INT_MAX, INT_MIN, 4194304 };
	struct prng *prng = worker->prng;

	switch (prng_below(prng, 8)) {
	case 0:
		return prng_pick(prng, others);
	case 1:		/* one that has ended, or was never */
		return 1 + prng_below(prng, 32768);
	case 2:
	case 3:
		return worker->seat->tid;
	default:
		return worker->shared->seats[prng_below(prng, worker->shared->nr_seats)].tid;
	}
}
