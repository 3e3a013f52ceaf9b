// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing leaks when it happens in several places at a time: processes killed at
 * any point of a change of identity, threads that share a context and end
 * together.
 */
#include "stress.h"
#include <sched.h>

#define PROCESSES	scaled(4000)
#define CREATORS	4
#define THREADS		scaled(1000)	/* of each creator */

/* Until killed: say when it has begun, then change identities all the time. */
static void change_for_ever(const FIXTURE_DATA(stress) *self, int begun)
{
	char byte = 0;

	if (wearing_start(&self->wearing) || write(begun, &byte, 1) != 1)
		_exit(1);
	for (;;) {
		if (context_impersonate(self->second) || wearing_start(&self->wearing))
			_exit(2);
		if (wearing_stop(&self->wearing))
			_exit(3);
	}
}

/* At whatever point it is: the later the longer the parent did something else. */
TEST_F_TIMEOUT(stress, killed_at_any_point, SECONDS)
{
	int begun[2];

	ASSERT_EQ(0, pipe(begun));
	for (int i = 1; i <= PROCESSES; i++) {
		int status;
		pid_t pid;
		char byte;

		pid = fork();
		ASSERT_LE(0, pid);
		if (!pid)
			change_for_ever(self, begun[1]);
		ASSERT_EQ(1, read(begun[0], &byte, 1));
		for (int spent = 0; spent < i % 64; spent++)
			sched_yield();
		ASSERT_EQ(0, kill(pid, SIGKILL));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_EQ(SIGKILL, status);
		progress(i, PROCESSES);
	}
}

/* The last thread that could not be made, or could not impersonate: -errno. */
static void *create(void *arg)
{
	intptr_t err = 0;

	for (int i = 0; i < THREADS; i++) {
		pthread_t thread;
		void *result;
		int failed = pthread_create(&thread, NULL, impersonate_and_end, arg);

		if (failed) {
			err = -failed;
			continue;
		}
		pthread_join(thread, &result);
		err = (intptr_t)result ?: err;
	}
	return (void *)err;
}

TEST_F_TIMEOUT(stress, threads_end_together, SECONDS)
{
	pthread_t creators[CREATORS];

	for (int i = 0; i < CREATORS; i++)
		ASSERT_EQ(0, pthread_create(&creators[i], NULL, create, &self->wearing.ctx));
	for (int i = 0; i < CREATORS; i++) {
		void *err;

		ASSERT_EQ(0, pthread_join(creators[i], &err));
		EXPECT_EQ(NULL, err);
	}
}

TEST_HARNESS_MAIN
