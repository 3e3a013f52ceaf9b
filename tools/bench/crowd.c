// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads that share one context, many more than there are processors: each pair of
 * calls, with all that the scheduler does between them.
 */
#include <unistd.h>

#include "client.h"
#include "device.h"
#include "families.h"
#include "figure.h"
#include "raw.h"
#include "team.h"

#define PAIRS	1000
#define GROUPS	16

static const int thread_counts[] = { 1, 16, TEAM_MOST };

struct crowd {
	int dev;
	int ctx;
};

static int pairs(int number, void *arg)
{
	const struct crowd *crowd = arg;
	int failed = 0;

	(void)number;
	for (int i = 0; i < PAIRS; i++)
		failed |= raw_ioctl(crowd->ctx, NTIMP_CTX_IMPERSONATE, 0) ||
			  raw_ioctl(crowd->dev, NTIMP_REVERT, 0);
	return failed;
}

int bench_crowd(void)
{
	struct crowd crowd = { .dev = device_open() };
	int failed = 0;

	crowd.ctx = client_context(crowd.dev, CLIENT, GROUPS);
	if (crowd.ctx < 0)
		return figure_failed("crowd", 0, crowd.ctx);
	for (size_t i = 0; i < sizeof(thread_counts) / sizeof(*thread_counts); i++) {
		struct team team = { .threads = thread_counts[i], .work = pairs, .arg = &crowd };

		failed |= team_run(&team) ? figure_failed("crowd", team.threads, 0) :
			  figure_put("crowd", team.threads,
				     figure_counts_instructions() ? "instructions" : "ns",
				     (double)team.ticks / (team.threads * (double)PAIRS));
	}
	close(crowd.ctx);
	close(crowd.dev);
	return failed;
}
