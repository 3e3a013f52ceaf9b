// SPDX-License-Identifier: GPL-2.0-only
/* Threads that have ended, or end while they are asked. */
#include "harness.h"
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "actor.h"
#include "child.h"
#include "demand.h"
#include "device.h"
#include "wearing.h"
#include "whereabouts.h"

FIXTURE(remote_gone) {
	struct wearing wearing;
	struct actor actor;
};

FIXTURE_SETUP(remote_gone)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, actor_start(&self->actor));
}

FIXTURE_TEARDOWN(remote_gone)
{
	wearing_end(&self->wearing);
}

TEST_F(remote_gone, thread_that_has_ended)
{
	actor_stop(&self->actor);
	ASSERT_EQ(0, thread_await_end(self->actor.tid));
	EXPECT_EQ(-ESRCH, context_impersonate_thread(self->wearing.ctx, self->actor.tid));
	EXPECT_EQ(-ESRCH, device_revert_thread(self->wearing.dev, self->actor.tid));
}

/* Attaches to a thread of its parent, which then can't be forgotten when it ends. */
static int keep_zombie(const struct child *parent, void *arg)
{
	pid_t tid = *(pid_t *)arg;

	child_send(parent, ptrace(PTRACE_SEIZE, tid, NULL, NULL) ? -errno : 0);
	child_receive(parent);
	return waitpid(tid, NULL, __WALL) == tid ? 0 : -errno;
}

TEST_F(remote_gone, zombie)
{
	struct child tracer;

	ASSERT_EQ(0, child_start(&tracer, NULL, keep_zombie, &self->actor.tid));
	ASSERT_EQ(0, child_receive(&tracer));
	ASSERT_EQ(0, context_impersonate_thread(self->wearing.ctx, self->actor.tid));
	actor_stop(&self->actor);
	ASSERT_EQ(0, thread_await_state(self->actor.tid, 'Z'));
	EXPECT_EQ(-ESRCH, context_impersonate_thread(self->wearing.ctx, self->actor.tid));
	EXPECT_EQ(-ESRCH, device_revert_thread(self->wearing.dev, self->actor.tid));
	EXPECT_EQ(-ENOENT, device_worn_id(self->wearing.dev, self->actor.tid));
	ASSERT_EQ(0, child_send(&tracer, 0));
	EXPECT_EQ(0, child_finish(&tracer));
}

/* --- a process whose first thread has ended ------------------------------------ */

static const struct wearing *served;

static int is_client(void *arg)
{
	(void)arg;
	return acts_as(CLIENT, CLIENT) ? 0 : -EPROTO;
}

/* Its result is how the process ends. */
static void *outlive(void *arg)
{
	const struct wearing *wearing = served;
	struct actor other;
	int err = thread_await_state(getpid(), 'Z') ?: actor_start(&other);

	(void)arg;
	if (!err && context_impersonate_thread(wearing->ctx, getpid()) != -ESRCH)
		err = -EPROTO;
	if (!err && device_revert_thread(wearing->dev, getpid()) != -ESRCH)
		err = -EPROTO;
	err = err ?: context_impersonate_thread(wearing->ctx, other.tid);
	err = err ?: actor_call(&other, is_client, NULL);
	err = err ?: device_revert_thread(wearing->dev, other.tid);
	_exit(err ? 1 : 0);
}

/* Others live on, and can still be reached, though the process looks dead. */
TEST_F(remote_gone, leader_of_a_process)
{
	pid_t pid = fork();
	int status;

	ASSERT_LE(0, pid);
	if (!pid) {
		pthread_t thread;

		served = &self->wearing;
		if (pthread_create(&thread, NULL, outlive, NULL))
			_exit(2);
		/* Not by pthread_exit(), which would unwind the harness. */
		syscall(SYS_exit, 0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	actor_stop(&self->actor);
}

/* --- while it ends -------------------------------------------------------------- */

/* Stops a thread of its parent in exit, before it takes its identity off. */
static int stop_at_exit(const struct child *parent, void *arg)
{
	pid_t tid = *(pid_t *)arg;
	int status, err = 0;

	if (ptrace(PTRACE_SEIZE, tid, NULL, (void *)PTRACE_O_TRACEEXIT))
		err = -errno;
	child_send(parent, err);
	if (waitpid(tid, &status, __WALL) != tid ||
	    status >> 8 != (SIGTRAP | PTRACE_EVENT_EXIT << 8))
		err = -EPROTO;
	child_send(parent, err);
	child_receive(parent);
	if (ptrace(PTRACE_CONT, tid, NULL, NULL) || waitpid(tid, &status, __WALL) != tid)
		return -errno;
	return err;
}

static int end(void *arg)
{
	(void)arg;
	syscall(SYS_exit, 0);
	return 0;
}

/* Asked before, it comes to it when it is over, and says so. */
TEST_F(remote_gone, asked_before_the_end)
{
	struct demand demand = { &self->wearing, self->actor.tid };
	struct actor caller;
	struct child tracer;

	ASSERT_EQ(0, actor_start(&caller));
	ASSERT_EQ(0, child_start(&tracer, NULL, stop_at_exit, &self->actor.tid));
	ASSERT_EQ(0, child_receive(&tracer));
	actor_tell(&self->actor, end, NULL);
	ASSERT_EQ(0, child_receive(&tracer));
	actor_tell(&caller, demand_client, &demand);
	ASSERT_EQ(0, thread_await_call(caller.tid, SYS_ioctl));
	ASSERT_EQ(0, child_send(&tracer, 0));
	EXPECT_EQ(0, child_finish(&tracer));
	EXPECT_EQ(-ESRCH, actor_await(&caller));
	actor_stop(&caller);
}

TEST_HARNESS_MAIN
