// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads that end in the moment in which they are asked: either they did it, or
 * there was no such thread, and nothing of either is left.
 */
#include "stress.h"
#include <stdatomic.h>

#define THREADS	scaled(10000)

/* A thread that says which it is, and ends at once or after a while. */
struct mayfly {
	_Atomic pid_t tid;
	int turns;
	int ctx;	/* to end impersonating; -1: not */
};

static void *live_and_end(void *arg)
{
	struct mayfly *fly = arg;
	volatile int turns = fly->turns;

	fly->tid = thread_id();
	while (turns)
		turns--;
	return fly->ctx < 0 ? NULL : impersonate_and_end(&fly->ctx);
}

/* How often it was in time, and how often too late. */
struct score {
	int in_time;
	int late;
};

static void race(struct __test_metadata *_metadata, struct score *score, int turns, int ctx,
		 int (*ask)(int fd, pid_t tid), int fd)
{
	struct mayfly fly = { .turns = turns, .ctx = ctx };
	pthread_t thread;
	void *err;
	int ret;

	ASSERT_EQ(0, pthread_create(&thread, NULL, live_and_end, &fly));
	while (!fly.tid)
		;
	ret = ask(fd, fly.tid);
	ASSERT_TRUE(!ret || ret == -ESRCH)
		TH_LOG("result %d", ret);
	if (ret)
		score->late++;
	else
		score->in_time++;
	ASSERT_EQ(0, pthread_join(thread, &err));
	ASSERT_EQ(NULL, err);
}

static void race_often(struct __test_metadata *_metadata, int ctx,
		       int (*ask)(int fd, pid_t tid), int fd)
{
	struct score score = {};

	/* From those who end at once to those who take their time. */
	for (int i = 1; i <= THREADS; i++) {
		race(_metadata, &score, i % 100 * 200, ctx, ask, fd);
		progress(i, THREADS);
	}
	printf("# in time %d, too late %d\n", score.in_time, score.late);
}

TEST_F_TIMEOUT(stress, end_while_asked_to_impersonate, SECONDS)
{
	race_often(_metadata, -1, context_impersonate_thread, self->wearing.ctx);
}

TEST_F_TIMEOUT(stress, end_impersonating_while_asked_for_another, SECONDS)
{
	race_often(_metadata, self->second, context_impersonate_thread, self->wearing.ctx);
}

TEST_F_TIMEOUT(stress, end_impersonating_while_asked_to_revert, SECONDS)
{
	race_often(_metadata, self->wearing.ctx, device_revert_thread, self->wearing.dev);
}

TEST_HARNESS_MAIN
