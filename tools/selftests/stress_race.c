// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing leaks when it happens in several places at a time: processes killed at
 * any point of a change of identity, threads that share a context and end
 * together.
 */
#include "harness.h"
#include <pthread.h>
#include <sched.h>

#include "device.h"
#include "module.h"
#include "persona.h"
#include "slab.h"
#include "wearing.h"

#define SECONDS		1200	/* against a hang */
#define PROCESSES	4000
#define CREATORS	4
#define THREADS		1000	/* of each creator */
#define PARTS		10	/* progress is said so often */

FIXTURE(race) {
	struct wearing wearing;
	struct slab_census before;
	int second;	/* another context */
	int uses;
};

/* The first time is not counted: it fills what the kernel keeps. */
FIXTURE_SETUP(race)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_CAPABLE));
	self->second = capture_ids(self->wearing.dev, OTHER, OTHER, 0, NULL,
				   NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->second);
	ASSERT_EQ(0, wearing_start(&self->wearing));
	ASSERT_EQ(0, context_impersonate(self->second));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	self->uses = module_uses();
	ASSERT_LT(0, self->uses);
	ASSERT_EQ(0, slab_count(&self->before));
}

FIXTURE_TEARDOWN(race)
{
	EXPECT_TRUE(wearing_over(&self->wearing));
	EXPECT_EQ(0, module_await_uses(self->uses));
	EXPECT_EQ(0, slab_await(&self->before));
	close(self->second);
	wearing_end(&self->wearing);
}

/* Until killed: say when it has begun, then change identities all the time. */
static void change_for_ever(const FIXTURE_DATA(race) *self, int begun)
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
TEST_F_TIMEOUT(race, killed_at_any_point, SECONDS)
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
		if (i % (PROCESSES / PARTS))
			continue;
		printf("# %d of %d\n", i, PROCESSES);
		fflush(stdout);
	}
}

static void *impersonate_and_end(void *arg)
{
	return (void *)(intptr_t)context_impersonate(*(int *)arg);
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

TEST_F_TIMEOUT(race, threads_end_together, SECONDS)
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

FIXTURE(afterwards) {
};

FIXTURE_SETUP(afterwards)
{
}

FIXTURE_TEARDOWN(afterwards)
{
}

/* Whatever was forgotten above would be in use now. */
TEST_F(afterwards, module_can_be_unloaded)
{
	EXPECT_EQ(0, module_await_uses(0));
	EXPECT_EQ(0, module_unload());
	EXPECT_EQ(-ENOENT, module_uses());
	EXPECT_EQ(0, module_load(""));
	EXPECT_EQ(0, module_uses());
}

TEST_HARNESS_MAIN
