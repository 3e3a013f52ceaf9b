// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread that can't be reached: the caller gives up after 5 seconds, or when it
 * is killed, and nothing comes of it later.  Until the thread goes on the module
 * is held.
 */
#include "harness.h"
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "actor.h"
#include "child.h"
#include "demand.h"
#include "device.h"
#include "module.h"
#include "wearing.h"
#include "whereabouts.h"

/* --- threads that can't be reached ------------------------------------------- */

/* A thread that waits for its child to go on, which waits for the test. */
struct vforker {
	struct actor actor;
	int ends[2];
};

static int vfork_and_wait(void *arg)
{
	struct vforker *forker = arg;
	char byte;
	pid_t pid = vfork();

	if (!pid)
		_exit(read(forker->ends[0], &byte, 1) != 1);
	return pid < 0 ? -errno : pid;
}

static int vforker_start(struct vforker *forker)
{
	int err = pipe(forker->ends) ? -errno : actor_start(&forker->actor);

	if (err)
		return err;
	actor_tell(&forker->actor, vfork_and_wait, forker);
	return thread_await_call(forker->actor.tid, SYS_vfork);
}

/* Let it go on, for as whom it does.  0 or -errno. */
static int vforker_release(struct vforker *forker)
{
	int status;
	pid_t pid;

	if (write(forker->ends[1], "x", 1) != 1)
		return -errno;
	pid = actor_await(&forker->actor);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -ECHILD;
	close(forker->ends[0]);
	close(forker->ends[1]);
	return status;
}

/* Stops a thread of its parent until it is told to let it go. */
static int trace(const struct child *parent, void *arg)
{
	pid_t tid = *(pid_t *)arg;
	int err = 0;

	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) || ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) ||
	    waitpid(tid, NULL, __WALL) != tid)
		err = -errno;
	child_send(parent, err);
	child_receive(parent);
	return err ?: ptrace(PTRACE_DETACH, tid, NULL, NULL) ? -errno : 0;
}

/* A server of its own, which says whether it is still the client when asked. */
static int serve(const struct child *parent, void *arg)
{
	const struct wearing *wearing = arg;

	child_send(parent, wearing_start(wearing));
	while (child_receive(parent) == 0)
		child_send(parent, wearing_intact(wearing) ? 0 : -EPROTO);
	return wearing_stop(wearing);
}

/* --- tests ------------------------------------------------------------------- */

FIXTURE(remote_stuck) {
	struct wearing wearing;
};

FIXTURE_SETUP(remote_stuck)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
}

FIXTURE_TEARDOWN(remote_stuck)
{
	wearing_end(&self->wearing);
}

static int is_server(void *wearing)
{
	return wearing_over(wearing) ? 0 : -EPROTO;
}

static int wait_in_call(const struct child *parent, void *demand)
{
	(void)parent;
	return demand_primary(demand);
}

/* All wait at the same time, because each takes 5 seconds. */
TEST_F(remote_stuck, given_up_for_good)
{
	struct wearing *wearing = &self->wearing;
	struct demand of_vforker, of_traced, of_stopped;
	struct child tracer, server, killed;
	struct actor callers[3], traced;
	struct vforker forker;
	int uses, status;

	ASSERT_EQ(0, vforker_start(&forker));
	ASSERT_EQ(0, actor_start(&traced));
	ASSERT_EQ(0, child_start(&tracer, NULL, trace, &traced.tid));
	ASSERT_EQ(0, child_receive(&tracer));
	ASSERT_EQ(0, thread_await_state(traced.tid, 't'));
	ASSERT_EQ(0, child_start(&server, NULL, serve, wearing));
	ASSERT_EQ(0, child_receive(&server));
	ASSERT_EQ(0, kill(server.pid, SIGSTOP));
	ASSERT_EQ(0, thread_await_state(server.pid, 'T'));
	uses = module_uses();

	of_vforker = (struct demand){ wearing, forker.actor.tid };
	of_traced = (struct demand){ wearing, traced.tid };
	of_stopped = (struct demand){ wearing, server.pid };
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(0, actor_start(&callers[i]));
	actor_tell(&callers[0], demand_client, &of_vforker);
	actor_tell(&callers[1], demand_client, &of_traced);
	actor_tell(&callers[2], demand_primary, &of_stopped);

	/* Another one that asks for the same can be killed meanwhile. */
	ASSERT_EQ(0, child_start(&killed, NULL, wait_in_call, &of_stopped));
	ASSERT_EQ(0, thread_await_call(killed.pid, SYS_ioctl));
	ASSERT_EQ(0, kill(killed.pid, SIGKILL));
	ASSERT_EQ(killed.pid, waitpid(killed.pid, &status, 0));
	EXPECT_EQ(SIGKILL, status);

	for (int i = 0; i < 3; i++)
		EXPECT_EQ(-ETIMEDOUT, actor_await(&callers[i]));
	/* What was asked is still there. */
	EXPECT_EQ(uses + 4, module_uses());

	ASSERT_EQ(0, vforker_release(&forker));
	EXPECT_EQ(0, actor_call(&forker.actor, is_server, wearing));
	ASSERT_EQ(0, child_send(&tracer, 0));
	EXPECT_EQ(0, child_finish(&tracer));
	EXPECT_EQ(0, actor_call(&traced, is_server, wearing));
	ASSERT_EQ(0, kill(server.pid, SIGCONT));
	ASSERT_EQ(0, child_send(&server, 0));
	EXPECT_EQ(0, child_receive(&server));
	EXPECT_EQ(0, module_await_uses(uses));

	EXPECT_EQ(0, child_finish(&server));
	for (int i = 0; i < 3; i++)
		actor_stop(&callers[i]);
	actor_stop(&traced);
	actor_stop(&forker.actor);
	close(killed.line);
}

/* When it goes on it must not run into a module that is gone. */
TEST_F(remote_stuck, module_is_held)
{
	struct wearing *wearing = &self->wearing;
	struct vforker forker;

	/* The child must not have copies of the descriptors. */
	wearing_end(wearing);
	ASSERT_EQ(0, vforker_start(&forker));
	ASSERT_EQ(0, wearing_prepare(wearing, CAPS_NONE));
	EXPECT_EQ(-ETIMEDOUT, context_impersonate_thread(wearing->ctx, forker.actor.tid));
	wearing_end(wearing);
	EXPECT_EQ(0, module_await_uses(1));
	EXPECT_EQ(-EWOULDBLOCK, module_unload());

	ASSERT_EQ(0, vforker_release(&forker));
	EXPECT_EQ(0, module_await_uses(0));
	EXPECT_EQ(0, module_unload());
	actor_stop(&forker.actor);
	ASSERT_EQ(0, module_load(""));
	ASSERT_EQ(0, wearing_prepare(wearing, CAPS_NONE));
}

TEST_HARNESS_MAIN
