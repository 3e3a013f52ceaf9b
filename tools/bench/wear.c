// SPDX-License-Identifier: GPL-2.0-only
/* Impersonate, revert, replace, and what they can at best cost: calls that do nothing. */
#include <errno.h>
#include <unistd.h>

#include "client.h"
#include "device.h"
#include "families.h"
#include "figure.h"
#include "raw.h"

/**
 * struct wear - on what an operation works
 * @dev: /dev/ntimp
 * @ctx: one or two contexts, that take turns
 */
struct wear {
	int dev;
	int ctx[2];
};

static int do_getppid(int run, void *arg)
{
	(void)run;
	(void)arg;
	return raw_call(SYS_getppid, 0, 0, 0, 0) < 0;
}

static int do_null(int run, void *arg)
{
	const struct wear *wear = arg;

	(void)run;
	return raw_ioctl(wear->dev, NO_SUCH_CALL, 0) != -ENOTTY;
}

static int do_two_nulls(int run, void *arg)
{
	return do_null(run, arg) | do_null(run, arg);
}

static int do_idle_revert(int run, void *arg)
{
	const struct wear *wear = arg;

	(void)run;
	return raw_ioctl(wear->dev, NTIMP_REVERT, 0);
}

static int do_pair(int run, void *arg)
{
	const struct wear *wear = arg;

	return raw_ioctl(wear->ctx[run % 2], NTIMP_CTX_IMPERSONATE, 0) |
	       raw_ioctl(wear->dev, NTIMP_REVERT, 0);
}

static int do_replace(int run, void *arg)
{
	const struct wear *wear = arg;

	return raw_ioctl(wear->ctx[run % 2], NTIMP_CTX_IMPERSONATE, 0);
}

static int do_query(int run, void *arg)
{
	const struct wear *wear = arg;
	struct ntimp_info info = { .size = sizeof(info) };

	(void)run;
	return raw_ioctl(wear->ctx[0], NTIMP_CTX_QUERY, (unsigned long)&info);
}

static int floor_figures(struct wear *wear)
{
	return figure_of("getppid", FIGURE_PLAIN, do_getppid, NULL) |
	       figure_whole_of("null_ioctl", FIGURE_PLAIN, do_null, wear) |
	       figure_whole_of("two_null_ioctls", FIGURE_PLAIN, do_two_nulls, wear) |
	       figure_of("idle_revert", FIGURE_PLAIN, do_idle_revert, wear);
}

static int figures_with(int dev, size_t ngroups)
{
	struct wear one = { .dev = dev }, two = { .dev = dev };
	int failed;

	one.ctx[0] = client_context(dev, CLIENT, ngroups);
	one.ctx[1] = one.ctx[0];
	two.ctx[0] = one.ctx[0];
	two.ctx[1] = client_context(dev, OTHER, ngroups);
	if (one.ctx[0] < 0 || two.ctx[1] < 0)
		return figure_failed("pair", ngroups, one.ctx[0]);
	failed = figure_whole_of("pair", ngroups, do_pair, &one) |
		 figure_of("pair_alternating", ngroups, do_pair, &two) |
		 figure_whole_of("replace", ngroups, do_replace, &two);
	if (device_revert(dev))
		failed = figure_failed("revert", ngroups, 0);
	failed |= figure_of("query", ngroups, do_query, &one);
	close(two.ctx[0]);
	close(two.ctx[1]);
	return failed;
}

int bench_wear(void)
{
	struct wear wear = { .dev = device_open() };
	int failed;

	if (wear.dev < 0)
		return figure_failed(DEVICE_PATH, 0, wear.dev);
	failed = floor_figures(&wear);
	for (int i = 0; i < GROUP_COUNTS; i++)
		failed |= figures_with(wear.dev, group_counts[i]);
	close(wear.dev);
	return failed;
}
