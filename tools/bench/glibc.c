// SPDX-License-Identifier: GPL-2.0-only
/* The C library's setresuid(), which makes every thread of the process follow. */
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>

#include "client.h"
#include "families.h"
#include "figure.h"

#define THREADS_MOST	64

static const int thread_counts[] = { 0, 8, THREADS_MOST };

static int do_setresuid(int run, void *arg)
{
	(void)run;
	(void)arg;
	return setresuid(-1, CLIENT, -1) || setresuid(-1, 0, -1);
}

static void *idle(void *until)
{
	pthread_barrier_wait(until);
	pthread_barrier_wait(until);
	return NULL;
}

static int figure_with(int count)
{
	pthread_t threads[THREADS_MOST];
	pthread_barrier_t barrier;
	int started, failed = 0;

	pthread_barrier_init(&barrier, NULL, count + 1);
	for (started = 0; started < count; started++)
		if (pthread_create(&threads[started], NULL, idle, &barrier))
			return figure_failed("setresuid", count, 0);
	pthread_barrier_wait(&barrier);
	failed = figure_whole_of("setresuid", count, do_setresuid, NULL);
	pthread_barrier_wait(&barrier);
	while (started--)
		pthread_join(threads[started], NULL);
	pthread_barrier_destroy(&barrier);
	return failed;
}

int bench_glibc(void)
{
	int failed = 0;

	for (size_t i = 0; i < sizeof(thread_counts) / sizeof(*thread_counts); i++)
		failed |= figure_with(thread_counts[i]);
	return failed;
}
