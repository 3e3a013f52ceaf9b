/* SPDX-License-Identifier: GPL-2.0-only */
/* Threads that do the same thing at the same time. */
#ifndef BENCH_TEAM_H
#define BENCH_TEAM_H

#include <stdbool.h>
#include <stdint.h>

#define TEAM_MOST	256

/**
 * struct team - what threads do
 * @threads: how many, up to TEAM_MOST
 * @pinned: each on a processor of its own
 * @work: what each of them does, with its number; 0, or anything else for a failure
 * @arg: handed to @work
 * @ticks: out: from the start of all to the end of the last one
 */
struct team {
	int threads;
	bool pinned;
	int (*work)(int number, void *arg);
	void *arg;
	uint64_t ticks;
};

/* 0, or -1. */
int team_run(struct team *team);

#endif /* BENCH_TEAM_H */
