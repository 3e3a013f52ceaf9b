// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pairs of calls on 1 to 4 processors at a time, on one context and on one for each, and
 * pairs of calls that do nothing: what the machine itself can do.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <unistd.h>

#include "client.h"
#include "device.h"
#include "families.h"
#include "figure.h"
#include "raw.h"
#include "team.h"

#define PROCESSORS	4
#define PAIRS		100000
#define TRIES		3
#define GROUPS		16
/**
 * struct processors - on what the threads work, each with its number
 * @dev: /dev/ntimp
 * @ctx: a context each, or the same for all
 */
struct processors {
	int dev[PROCESSORS];
	int ctx[PROCESSORS];
};

/*
 * With a table of descriptors of its own a thread's calls don't count the users of the
 * file, which the kernel does in one place for all processors.
 */
static int begin(void)
{
	return unshare(CLONE_FILES);
}

static int do_pairs(int number, void *arg)
{
	const struct processors *each = arg;
	int failed = begin();

	for (int i = 0; i < PAIRS; i++)
		failed |= raw_ioctl(each->ctx[number], NTIMP_CTX_IMPERSONATE, 0) ||
			  raw_ioctl(each->dev[number], NTIMP_REVERT, 0);
	return failed;
}

static int do_nulls(int number, void *arg)
{
	const struct processors *each = arg;
	int failed = begin();

	for (int i = 0; i < PAIRS; i++)
		failed |= raw_ioctl(each->ctx[number], NO_SUCH_CALL, 0) != -ENOTTY ||
			  raw_ioctl(each->dev[number], NO_SUCH_CALL, 0) != -ENOTTY;
	return failed;
}

/* Pairs in a second by each thread, the best of some tries. */
static int figure_on(const char *name, int threads, int (*work)(int number, void *arg),
		     struct processors *each)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		struct team team = {
			.threads = threads, .pinned = true, .work = work, .arg = each,
		};

		if (team_run(&team))
			return figure_failed(name, threads, 0);
		least = team.ticks < least ? team.ticks : least;
	}
	return figure_put(name, threads, "1/s", PAIRS * 1e9 / least);
}

int bench_processors(void)
{
	struct processors separate, shared;
	int processors = sysconf(_SC_NPROCESSORS_ONLN), failed = 0;

	processors = processors < PROCESSORS ? processors : PROCESSORS;
	for (int i = 0; i < PROCESSORS; i++) {
		separate.dev[i] = device_open();
		shared.dev[i] = separate.dev[i];
		separate.ctx[i] = client_context(separate.dev[i], CLIENT + i, GROUPS);
		shared.ctx[i] = i ? dup(shared.ctx[0]) : separate.ctx[0];
		if (separate.ctx[i] < 0 || shared.ctx[i] < 0)
			return figure_failed("processors", i, separate.ctx[i]);
	}
	for (int threads = 1; threads <= processors; threads++)
		failed |= figure_on("per_cpu_null_separate", threads, do_nulls, &separate) |
			  figure_on("per_cpu_null_shared", threads, do_nulls, &shared) |
			  figure_on("per_cpu_separate", threads, do_pairs, &separate) |
			  figure_on("per_cpu_shared", threads, do_pairs, &shared);
	for (int i = 0; i < PROCESSORS; i++) {
		close(separate.dev[i]);
		close(separate.ctx[i]);
		close(shared.ctx[i]);
	}
	return failed;
}
