// SPDX-License-Identifier: GPL-2.0-only
/*
 * Very many contexts: what one more costs, each in memory, to use one, and to find out
 * which one a thread wears.
 */
#define _GNU_SOURCE
#include "client.h"
#include "device.h"
#include "families.h"
#include "figure.h"
#include "kmemory.h"
#include "pile.h"
#include "raw.h"

#define MANY	10000
#define MILLION	1000000
#define GROUPS	16
/* Far apart, so that the same ones don't come again soon; no divisor of the counts. */
#define STRIDE	7919

static int any_of(const struct pile *pile, int run)
{
	return pile->fds[(unsigned int)run * STRIDE % pile->count];
}

static int do_pair(int run, void *arg)
{
	const struct pile *pile = arg;

	return raw_ioctl(any_of(pile, run), NTIMP_CTX_IMPERSONATE, 0) |
	       raw_ioctl(pile->dev, NTIMP_REVERT, 0);
}

/* Whom the thread wears: the worst that a look by the cred can meet. */
static int do_lookup(int run, void *arg)
{
	const struct pile *pile = arg;
	struct ntimp_info info = { .size = sizeof(info) };

	return raw_ioctl(any_of(pile, run), NTIMP_CTX_IMPERSONATE, 0) |
	       raw_ioctl(pile->dev, NTIMP_QUERY_THREAD, (unsigned long)&info) |
	       raw_ioctl(pile->dev, NTIMP_REVERT, 0);
}

static struct ntimp_capture one_client(void)
{
	return (struct ntimp_capture){
		.source = NTIMP_SOURCE_IDS,
		.uid = CLIENT,
		.gid = CLIENT,
		.groups = (uintptr_t)client_groups(),
		.ngroups = GROUPS,
	};
}

static const char *per_context(void)
{
	return figure_counts_instructions() ? "instructions" : "ns";
}

static int figures_at(int count)
{
	struct kmemory before, captured, used;
	uint64_t start, made, worn;
	struct pile pile;
	int err, failed;

	err = pile_begin(&pile, count) ?: kmemory_count(&before);
	start = figure_now();
	err = err ?: pile_add(&pile, one_client(), count);
	made = figure_now();
	err = err ?: kmemory_count(&captured);
	worn = figure_now();
	err = err ?: pile_use(&pile);
	worn = figure_now() - worn;
	err = err ?: kmemory_count(&used);
	if (err)
		return figure_failed("contexts", count, err);

	failed = figure_put("contexts_capture", count, per_context(),
			    (double)(made - start) / count) |
		 figure_put("contexts_first_use", count, per_context(), (double)worn / count);
	/* The statistics know no less than thousands. */
	if (count > 1)
		failed |= figure_put("contexts_bytes", count, "bytes",
				     (captured.rest - before.rest) / count) |
			  figure_put("contexts_bytes_used", count, "bytes",
				     (used.rest - before.rest) / count);
	failed |= figure_of("contexts_pair", count, do_pair, &pile) |
		  figure_of("contexts_lookup", count, do_lookup, &pile);
	pile_end(&pile);
	return failed;
}

int bench_contexts(void)
{
	return figures_at(1) | figures_at(MANY);
}

int bench_million(void)
{
	return figures_at(1) | figures_at(MANY) | figures_at(MILLION);
}
