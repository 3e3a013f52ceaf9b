// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first use of a context: by the first thread of a server, and by a thread of a
 * server whose other threads have used it.  The second time shows what was kept.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>

#include "client.h"
#include "device.h"
#include "families.h"
#include "figure.h"
#include "raw.h"

#define CONTEXTS	200
#define THREADS		64
#define GROUPS		16

/**
 * struct first - a thread's first two pairs
 * @dev: /dev/ntimp
 * @ctx: the context
 * @first: in ticks
 * @second: in ticks
 * @failed: not 0: one of them did
 */
struct first {
	int dev;
	int ctx;
	uint64_t first;
	uint64_t second;
	int failed;
};

static uint64_t pair_ticks(struct first *use)
{
	uint64_t started = figure_now();

	use->failed |= raw_ioctl(use->ctx, NTIMP_CTX_IMPERSONATE, 0) ||
		       raw_ioctl(use->dev, NTIMP_REVERT, 0);
	return figure_now() - started;
}

static void *use_twice(void *arg)
{
	struct first *use = arg;

	use->first = pair_ticks(use);
	use->second = pair_ticks(use);
	return NULL;
}

static int report(const char *first_name, const char *second_name, const struct first *uses,
		  int count)
{
	uint64_t first[CONTEXTS], second[CONTEXTS];

	for (int i = 0; i < count; i++) {
		if (uses[i].failed)
			return figure_failed(first_name, GROUPS, 0);
		first[i] = uses[i].first;
		second[i] = uses[i].second;
	}
	return figure_of_times(first_name, GROUPS, first, count) |
	       figure_of_times(second_name, GROUPS, second, count);
}

static int by_server(int dev)
{
	struct first uses[CONTEXTS] = {};

	for (int i = 0; i < CONTEXTS; i++) {
		uses[i].dev = dev;
		uses[i].ctx = client_context(dev, CLIENT + i, GROUPS);
		use_twice(&uses[i]);
	}
	for (int i = 0; i < CONTEXTS; i++)
		close(uses[i].ctx);
	return report("first_by_server", "second_by_server", uses, CONTEXTS);
}

static int by_thread(int dev)
{
	struct first uses[THREADS] = {}, own = { .dev = dev };
	int ctx = client_context(dev, CLIENT, GROUPS);
	pthread_t thread;

	own.ctx = ctx;
	use_twice(&own);
	for (int i = 0; i < THREADS; i++) {
		uses[i].dev = dev;
		uses[i].ctx = ctx;
		if (pthread_create(&thread, NULL, use_twice, &uses[i]) ||
		    pthread_join(thread, NULL))
			return figure_failed("first_by_thread", GROUPS, 0);
	}
	close(ctx);
	return report("first_by_thread", "second_by_thread", uses, THREADS);
}

int bench_first(void)
{
	int dev = device_open();
	int failed;

	if (dev < 0)
		return figure_failed(DEVICE_PATH, 0, dev);
	failed = by_server(dev) | by_thread(dev);
	close(dev);
	return failed;
}
