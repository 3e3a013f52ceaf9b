// SPDX-License-Identifier: GPL-2.0-only
/*
 * For a guest with plugin/lines.c, which counts the cache lines that more than one
 * processor writes: threads on as many processors as there are, on one context and on
 * one for each, and calls that do nothing on the same descriptors.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client.h"
#include "device.h"
#include "families.h"
#include "figure.h"
#include "lines.h"
#include "raw.h"
#include "team.h"

#define PROCESSORS	4
#define ROUNDS		500
#define GROUPS		16
/**
 * struct lines - on what the threads work, each with its number
 * @dev: /dev/ntimp, one for all
 * @ctx: a context each, or the same for all
 * @other: another one for all
 * @together: they begin and end each phase together
 */
struct lines {
	int dev;
	int ctx[PROCESSORS];
	int other;
	pthread_barrier_t together;
};

static int do_nulls(const struct lines *lines, int number)
{
	return raw_ioctl(lines->ctx[number], NO_SUCH_CALL, 0) != -ENOTTY ||
	       raw_ioctl(lines->dev, NO_SUCH_CALL, 0) != -ENOTTY;
}

static int do_pair(const struct lines *lines, int number)
{
	return raw_ioctl(lines->ctx[number], NTIMP_CTX_IMPERSONATE, 0) ||
	       raw_ioctl(lines->dev, NTIMP_REVERT, 0);
}

static int do_replace(const struct lines *lines, int number)
{
	return raw_ioctl(lines->ctx[number], NTIMP_CTX_IMPERSONATE, 0) ||
	       raw_ioctl(lines->other, NTIMP_CTX_IMPERSONATE, 0);
}

/* In the order of their numbers; the runner knows them by these names. */
static const struct phase {
	const char *name;
	int (*work)(const struct lines *lines, int number);
	int shared;
} phases[] = {
	{ "null_shared", do_nulls, 1 },
	{ "pair_shared", do_pair, 1 },
	{ "replace_shared", do_replace, 1 },
	{ "null_separate", do_nulls, 0 },
	{ "pair_separate", do_pair, 0 },
};

#define NR_PHASES	((int)(sizeof(phases) / sizeof(*phases)))

static void mark(unsigned long address)
{
	*(volatile char *)address = 1;
}

static int work(int number, void *arg)
{
	struct lines *all = arg;
	int failed = 0;

	for (int phase = 0; phase < NR_PHASES; phase++) {
		struct lines lines = *all;

		if (phases[phase].shared)
			lines.ctx[number] = lines.ctx[0];
		failed |= phases[phase].work(&lines, number);
		pthread_barrier_wait(&all->together);
		mark(LINES_BEGIN(phase));
		for (int i = 0; i < ROUNDS; i++)
			failed |= phases[phase].work(&lines, number);
		mark(LINES_END);
		pthread_barrier_wait(&all->together);
		failed |= raw_ioctl(lines.dev, NTIMP_REVERT, 0);
	}
	return failed;
}

static int run(struct lines *lines, int processors)
{
	struct team team = { .threads = processors, .pinned = true, .work = work, .arg = lines };
	int failed = 0;

	pthread_barrier_init(&lines->together, NULL, processors);
	if (team_run(&team))
		return figure_failed("lines", processors, 0);
	pthread_barrier_destroy(&lines->together);
	mark(LINES_REPORT);
	for (int phase = 0; phase < NR_PHASES; phase++)
		failed |= figure_put(phases[phase].name, FIGURE_PLAIN, "phase", phase);
	return failed | figure_put("lines_rounds", FIGURE_PLAIN, "rounds", ROUNDS) |
	       figure_put("lines_processors", FIGURE_PLAIN, "processors", processors);
}

int bench_lines(void)
{
	struct lines lines = { .dev = device_open() };
	int processors = sysconf(_SC_NPROCESSORS_ONLN), failed;
	void *page = mmap((void *)LINES_PAGE, getpagesize(), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_POPULATE, -1, 0);

	processors = processors < PROCESSORS ? processors : PROCESSORS;
	if (page != (void *)LINES_PAGE || processors < 2)
		return figure_failed("lines", processors, errno);
	for (int i = 0; i < processors; i++)
		lines.ctx[i] = client_context(lines.dev, CLIENT, GROUPS);
	lines.other = client_context(lines.dev, OTHER, GROUPS);
	if (lines.other < 0)
		return figure_failed("lines", processors, lines.other);
	failed = run(&lines, processors);
	for (int i = 0; i < processors; i++)
		close(lines.ctx[i]);
	close(lines.other);
	close(lines.dev);
	return failed;
}
