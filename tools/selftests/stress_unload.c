// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module comes and goes while others make processes, start programs and
 * change their ids: they never notice, and it is never in the way of itself.
 */
#include "harness.h"
#include <sys/syscall.h>

#include "device.h"
#include "module.h"
#include "persona.h"
#include "scale.h"
#include "slab.h"
#include "wearing.h"

#define SECONDS	1200	/* against a hang */
#define CYCLES	scaled(200)
#define KINDS	3

/* What the workers have done, in memory that they share with the test. */
struct worker {
	pid_t pid;
	volatile long turns;
	volatile int err;
};

FIXTURE(unload) {
	struct worker *workers;
	struct slab_census before;
};

static int turn_fork(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(7);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return status == W_EXITCODE(7, 0) ? 0 : -ECHILD;
}

static int turn_exec(void)
{
	int status;
	pid_t pid = vfork();

	if (!pid) {
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return status ? -ECHILD : 0;
}

static int turn_setid(void)
{
	struct identity seen;
	int err = persona_set_uids(CLIENT, CLIENT, 0) ?: identity_subjective(&seen);

	if (!err && seen.euid != CLIENT)
		err = -EPROTO;
	return err ?: persona_set_uids(0, 0, 0);
}

static int (*const turns[KINDS])(void) = { turn_fork, turn_exec, turn_setid };

/* The pause is for the machine's sake: dozens of turns fit into a cycle with it. */
static void worker_run(struct worker *worker, int (*turn)(void))
{
	while (!worker->err) {
		worker->err = turn();
		worker->turns++;
		usleep(20000);
	}
	_exit(1);
}

FIXTURE_SETUP(unload)
{
	self->workers = mmap(NULL, sizeof(*self->workers) * KINDS, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->workers);
	/* Whether it is loaded or not depends on the guest. */
	if (module_uses() >= 0)
		ASSERT_EQ(0, module_unload());
	ASSERT_EQ(0, slab_count(&self->before));
	for (int i = 0; i < KINDS; i++) {
		pid_t pid = fork();

		ASSERT_LE(0, pid);
		if (!pid)
			worker_run(&self->workers[i], turns[i]);
		self->workers[i].pid = pid;
	}
}

FIXTURE_TEARDOWN(unload)
{
	for (int i = 0; i < KINDS; i++) {
		EXPECT_EQ(0, kill(self->workers[i].pid, SIGKILL));
		EXPECT_EQ(self->workers[i].pid, waitpid(self->workers[i].pid, NULL, 0));
		EXPECT_EQ(0, self->workers[i].err);
		printf("# worker %d: %ld turns\n", i, self->workers[i].turns);
	}
	EXPECT_EQ(0, slab_await(&self->before));
	EXPECT_EQ(0, module_load(""));
}

/* Use it, and leave it used up: 0 or -errno. */
static int use(void)
{
	int dev = device_open();
	int ctx, err;

	if (dev < 0)
		return dev;
	ctx = capture_ids(dev, CLIENT, CLIENT, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	err = ctx < 0 ? ctx : context_impersonate(ctx);
	if (!err && !acts_as(CLIENT, CLIENT))
		err = -EPROTO;
	err = err ?: turn_fork();
	err = err ?: device_revert(dev);
	close(ctx);
	close(dev);
	return err;
}

TEST_F_TIMEOUT(unload, while_others_work, SECONDS)
{
	for (int i = 1; i <= CYCLES; i++) {
		long before[KINDS];

		for (int kind = 0; kind < KINDS; kind++)
			before[kind] = self->workers[kind].turns;
		ASSERT_EQ(0, module_load(""));
		ASSERT_EQ(0, use());
		/* Each has gone on while the guards were armed. */
		for (int kind = 0; kind < KINDS; kind++)
			while (self->workers[kind].turns == before[kind] &&
			       !self->workers[kind].err)
				usleep(1000);
		ASSERT_EQ(0, module_unload());
		ASSERT_EQ(-ENOENT, module_uses());
		if (!(i % 20)) {
			printf("# %d of %d\n", i, CYCLES);
			fflush(stdout);
		}
	}
}

TEST_HARNESS_MAIN
