// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>

#include "figure.h"
#include "team.h"

struct member {
	struct team *team;
	int number;
	pthread_barrier_t *start;
	pthread_t thread;
	int failed;
};

static int pin(int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

static void *member_main(void *arg)
{
	struct member *member = arg;
	struct team *team = member->team;

	if (team->pinned)
		member->failed = pin(member->number);
	pthread_barrier_wait(member->start);
	member->failed |= team->work(member->number, team->arg);
	return NULL;
}

int team_run(struct team *team)
{
	struct member members[TEAM_MOST] = {};
	pthread_barrier_t start;
	int failed = 0, begun;

	pthread_barrier_init(&start, NULL, team->threads + 1);
	for (begun = 0; begun < team->threads; begun++) {
		members[begun].team = team;
		members[begun].number = begun;
		members[begun].start = &start;
		/* The others would wait for it for ever. */
		if (pthread_create(&members[begun].thread, NULL, member_main, &members[begun]))
			return -1;
	}
	team->ticks = figure_now();
	pthread_barrier_wait(&start);
	while (begun--) {
		pthread_join(members[begun].thread, NULL);
		failed |= members[begun].failed;
	}
	team->ticks = figure_now() - team->ticks;
	pthread_barrier_destroy(&start);
	return failed ? -1 : 0;
}
