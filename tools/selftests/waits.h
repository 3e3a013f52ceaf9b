/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Another thread is made the client, itself, and the client again while it waits
 * in a system call: these succeed at once, and it goes on to wait as if nothing
 * had happened.  A program includes this once, and adds a row for each call with
 * WAITING().
 */
#ifndef SELFTEST_WAITS_H
#define SELFTEST_WAITS_H

#include "harness.h"
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/syscall.h>

#include "actor.h"
#include "device.h"
#include "persona.h"
#include "wearing.h"
#include "whereabouts.h"

#define ROUNDS	3	/* client, itself, client */

/* What the thread waits for. */
struct scene {
	int (*call)(struct scene *scene);
	int ends[2];
	uint32_t word;
	atomic_bool woken;
	int interruptions;
	const struct wearing *wearing;
};

FIXTURE(remote_wait) {
	struct wearing wearing;
	struct actor actor;
	struct scene scene;
};

/*
 * @prepare: what the test does first, or NULL
 * @call: what the thread does: a value >= 0, or -errno
 * @number: the system call that it sleeps in
 * @again: the one in which it sleeps when it was begun again, if another
 * @wake: let it end, or NULL: by a signal
 * @result: of @call in the end
 * @interrupts: each change of identity makes it return EINTR
 */
FIXTURE_VARIANT(remote_wait) {
	int (*prepare)(struct scene *scene);
	int (*call)(struct scene *scene);
	long number;
	long again;
	int (*wake)(struct scene *scene);
	int result;
	bool interrupts;
};

#define WAITING(name, ...) \
	FIXTURE_VARIANT_ADD(remote_wait, name) { __VA_ARGS__ }

static int value(long ret)
{
	return ret < 0 ? -errno : (int)ret;
}

static int write_byte(struct scene *scene)
{
	return value(write(scene->ends[1], "x", 1));
}

static int call_read(struct scene *scene)
{
	char byte = 0;
	int ret = value(read(scene->ends[0], &byte, 1));

	return ret == 1 ? byte : ret;
}

static void handle(int sig)
{
	(void)sig;
}

FIXTURE_SETUP(remote_wait)
{
	/* Without SA_RESTART. */
	const struct sigaction action = { .sa_handler = handle };

	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, pipe2(self->scene.ends, O_CLOEXEC));
	self->scene.wearing = &self->wearing;
	self->scene.call = variant->call;
	if (variant->prepare)
		ASSERT_LE(0, variant->prepare(&self->scene));
	ASSERT_EQ(0, actor_start(&self->actor));
}

FIXTURE_TEARDOWN(remote_wait)
{
	actor_stop(&self->actor);
	wearing_end(&self->wearing);
}

/* Whatever else is an error, the thread has to be the client in the end. */
static int call_and_look(void *arg)
{
	struct scene *scene = arg;
	int ret;

	for (;;) {
		ret = scene->call(scene);
		if (ret != -EINTR || scene->woken)
			break;
		scene->interruptions++;
	}
	return wearing_intact(scene->wearing) ? ret : -EPROTO;
}

TEST_F(remote_wait, client_itself_and_client)
{
	struct wearing *wearing = &self->wearing;
	long number = variant->number;
	pid_t tid = self->actor.tid;
	int err;

	actor_tell(&self->actor, call_and_look, &self->scene);
	for (int round = 0; round < ROUNDS; round++) {
		ASSERT_EQ(0, thread_await_call(tid, number));
		if (round % 2) {
			ASSERT_EQ(0, device_revert_thread(wearing->dev, tid));
			EXPECT_EQ(-ENOENT, device_worn_id(wearing->dev, tid));
		} else {
			ASSERT_EQ(0, context_impersonate_thread(wearing->ctx, tid));
			EXPECT_EQ(wearing->id, device_worn_id(wearing->dev, tid));
		}
		if (variant->again)
			number = variant->again;
	}
	ASSERT_EQ(0, thread_await_call(tid, number));
	EXPECT_TRUE(wearing_over(wearing));

	self->scene.woken = true;
	err = variant->wake ? variant->wake(&self->scene) :
			      -pthread_kill(self->actor.thread, SIGUSR1);
	ASSERT_LE(0, err);
	EXPECT_EQ(variant->result, actor_await(&self->actor));
	EXPECT_EQ(variant->interrupts ? ROUNDS : 0, self->scene.interruptions);
}

#endif /* SELFTEST_WAITS_H */
