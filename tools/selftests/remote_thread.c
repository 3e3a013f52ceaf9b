// SPDX-License-Identifier: GPL-2.0-only
/*
 * Another thread, or the caller itself, is made the client and itself again:
 * what comes of it when it runs, is interrupted, confined, or asked by many.
 */
#include "harness.h"
#include <seccomp.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "actor.h"
#include "device.h"
#include "module.h"
#include "persona.h"
#include "wearing.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

static struct wearing wearing;	/* for handlers */
static atomic_int begun, over, handled;

FIXTURE(remote_thread) {
	struct actor actor;
	int other;
};

FIXTURE_SETUP(remote_thread)
{
	ASSERT_EQ(0, wearing_prepare(&wearing, CAPS_NONE));
	self->other = capture_ids(wearing.dev, OTHER, OTHER, 0, NULL, LEVEL);
	ASSERT_LE(0, self->other);
	ASSERT_EQ(0, actor_start(&self->actor));
}

FIXTURE_TEARDOWN(remote_thread)
{
	actor_stop(&self->actor);
	close(self->other);
	wearing_end(&wearing);
}

static int is_client(void *arg)
{
	(void)arg;
	return wearing_intact(&wearing) ? 0 : -EPROTO;
}

static int is_server(void *arg)
{
	(void)arg;
	return wearing_over(&wearing) ? 0 : -EPROTO;
}

static int revert(void *arg)
{
	(void)arg;
	return wearing_stop(&wearing);
}

static int impersonate(void *ctx)
{
	return context_impersonate(*(int *)ctx);
}

/* Never in the kernel but for what the test asks of it. */
static void spin(void)
{
	begun = 1;
	while (!over)
		;
}

static int spin_and_look(void *is)
{
	int (*const *look)(void *arg) = is;

	spin();
	return (*look)(NULL);
}

static void await_beginning(void)
{
	while (!begun)
		usleep(1000);
}

static int become_user(void *arg)
{
	(void)arg;
	return persona_take(&PERSONA_USER(1000));
}

static int impersonate_thread(int ctx, pid_t tid, uint32_t flags)
{
	struct ntimp_thread thread = { .size = sizeof(thread), .flags = flags, .tid = tid };

	return device_ioctl(ctx, NTIMP_CTX_IMPERSONATE_THREAD, (uintptr_t)&thread);
}

TEST_F(remote_thread, in_user_mode)
{
	int (*look)(void *arg) = is_client;

	actor_tell(&self->actor, spin_and_look, &look);
	await_beginning();
	EXPECT_EQ(0, context_impersonate_thread(wearing.ctx, self->actor.tid));
	EXPECT_EQ(wearing.id, device_worn_id(wearing.dev, self->actor.tid));
	EXPECT_EQ(0, device_revert_thread(wearing.dev, self->actor.tid));
	EXPECT_EQ(-ENOENT, device_worn_id(wearing.dev, self->actor.tid));
	EXPECT_EQ(0, context_impersonate_thread(wearing.ctx, self->actor.tid));
	over = 1;
	EXPECT_EQ(0, actor_await(&self->actor));
	EXPECT_TRUE(wearing_over(&wearing));
}

TEST_F(remote_thread, itself)
{
	EXPECT_EQ(0, context_impersonate_thread(wearing.ctx, thread_id()));
	EXPECT_TRUE(wearing_intact(&wearing));
	EXPECT_EQ(-EBUSY, impersonate_thread(self->other, thread_id(),
					     NTIMP_IMPERSONATE_EXCLUSIVE));
	EXPECT_TRUE(wearing_intact(&wearing));
	EXPECT_EQ(0, device_revert_thread(wearing.dev, thread_id()));
	EXPECT_TRUE(wearing_over(&wearing));
	EXPECT_EQ(0, device_revert_thread(wearing.dev, thread_id()));
	EXPECT_TRUE(wearing_over(&wearing));
}

/* Whether the other one or the test has put it on, either can take it off. */
TEST_F(remote_thread, by_either)
{
	pid_t tid = self->actor.tid;

	EXPECT_EQ(0, context_impersonate_thread(wearing.ctx, tid));
	EXPECT_EQ(0, actor_call(&self->actor, is_client, NULL));
	EXPECT_EQ(0, actor_call(&self->actor, revert, NULL));
	EXPECT_EQ(-ENOENT, device_worn_id(wearing.dev, tid));

	EXPECT_EQ(0, actor_call(&self->actor, impersonate, &wearing.ctx));
	EXPECT_EQ(0, device_revert_thread(wearing.dev, tid));
	EXPECT_EQ(0, actor_call(&self->actor, is_server, NULL));
	EXPECT_EQ(0, device_revert_thread(wearing.dev, tid));
	EXPECT_EQ(0, actor_call(&self->actor, is_server, NULL));
}

/* The caller is told at which level the other one acts. */
TEST_F(remote_thread, downgrade)
{
	pid_t tid = self->actor.tid;

	EXPECT_EQ(NTIMP_LEVEL_IMPERSONATION,
		  impersonate_thread(wearing.ctx, tid, NTIMP_IMPERSONATE_DOWNGRADE));
	EXPECT_EQ(0, actor_call(&self->actor, is_client, NULL));
	EXPECT_EQ(0, device_revert_thread(wearing.dev, tid));
}

TEST_F(remote_thread, of_a_context_that_has_ended)
{
	int expired = capture_ids(wearing.dev, OTHER, OTHER, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	pid_t tid = self->actor.tid;

	ASSERT_LE(0, expired);
	ASSERT_EQ(0, context_revoke(self->other, 0));
	ASSERT_EQ(0, context_expire(expired, 0));
	EXPECT_EQ(-EKEYREVOKED, context_impersonate_thread(self->other, tid));
	EXPECT_EQ(-EKEYEXPIRED, context_impersonate_thread(expired, tid));
	EXPECT_EQ(0, actor_call(&self->actor, is_server, NULL));
	close(expired);
}

/* One slot: the second client replaces the first, unless that is not wanted. */
TEST_F(remote_thread, replaced_or_not)
{
	pid_t tid = self->actor.tid;

	EXPECT_EQ(0, impersonate_thread(self->other, tid, NTIMP_IMPERSONATE_EXCLUSIVE));
	EXPECT_EQ(-EBUSY, impersonate_thread(wearing.ctx, tid, NTIMP_IMPERSONATE_EXCLUSIVE));
	EXPECT_EQ(context_id(self->other), device_worn_id(wearing.dev, tid));
	EXPECT_EQ(0, impersonate_thread(wearing.ctx, tid, 0));
	EXPECT_EQ(0, actor_call(&self->actor, is_client, NULL));
	EXPECT_EQ(0, device_revert_thread(wearing.dev, tid));
	EXPECT_EQ(0, actor_call(&self->actor, is_server, NULL));
}

/* What the caller wears is neither asked nor changed. */
TEST_F(remote_thread, by_who_impersonates)
{
	ASSERT_EQ(0, wearing_start(&wearing));
	EXPECT_EQ(0, context_impersonate_thread(self->other, self->actor.tid));
	EXPECT_TRUE(wearing_intact(&wearing));
	EXPECT_EQ(context_id(self->other), device_worn_id(wearing.dev, self->actor.tid));
	EXPECT_EQ(0, device_revert_thread(wearing.dev, self->actor.tid));
	EXPECT_TRUE(wearing_intact(&wearing));
	EXPECT_EQ(0, wearing_stop(&wearing));
	EXPECT_EQ(0, actor_call(&self->actor, is_server, NULL));
}

/* The one of the thread, not the caller's. */
TEST_F(remote_thread, judged_on_its_own_primary)
{
	ASSERT_EQ(0, actor_call(&self->actor, become_user, NULL));
	EXPECT_EQ(-EPERM, context_impersonate_thread(wearing.ctx, self->actor.tid));
	EXPECT_EQ(-ENOENT, device_worn_id(wearing.dev, self->actor.tid));
	EXPECT_EQ(0, context_impersonate_thread(wearing.ctx, thread_id()));
	EXPECT_EQ(0, wearing_stop(&wearing));
}

static int impersonate_main(void *tid)
{
	return context_impersonate_thread(wearing.ctx, *(pid_t *)tid);
}

TEST_F(remote_thread, asked_by_one_with_less)
{
	pid_t tid = thread_id();

	ASSERT_EQ(0, actor_call(&self->actor, become_user, NULL));
	EXPECT_EQ(0, actor_call(&self->actor, impersonate_main, &tid));
	EXPECT_TRUE(wearing_intact(&wearing));
	EXPECT_EQ(0, wearing_stop(&wearing));
}

/* --- signals ----------------------------------------------------------------- */

static void handle_spinning(int sig)
{
	(void)sig;
	spin();
	handled = wearing_intact(&wearing) ? 1 : -1;
}

static int be_interrupted(void *arg)
{
	while (!handled)
		usleep(1000);
	return handled == 1 ? is_client(arg) : -EPROTO;
}

TEST_F(remote_thread, in_a_signal_handler)
{
	const struct sigaction action = { .sa_handler = handle_spinning };

	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	actor_tell(&self->actor, be_interrupted, NULL);
	ASSERT_EQ(0, syscall(SYS_tgkill, getpid(), self->actor.tid, SIGUSR1));
	await_beginning();
	EXPECT_EQ(0, context_impersonate_thread(wearing.ctx, self->actor.tid));
	over = 1;
	EXPECT_EQ(0, actor_await(&self->actor));
}

static void count_signal(int sig)
{
	(void)sig;
	handled++;
}

static int read_byte(void *ends)
{
	char byte = 0;

	return read(*(int *)ends, &byte, 1) == 1 ? byte : -EPROTO;
}

static int storm(void *target)
{
	pid_t tid = *(pid_t *)target;

	begun = 1;
	while (!over)
		if (syscall(SYS_tgkill, getpid(), tid, SIGUSR1))
			return -errno;
	return 0;
}

TEST_F(remote_thread, in_a_storm_of_signals)
{
	const struct sigaction action = { .sa_handler = count_signal, .sa_flags = SA_RESTART };
	struct actor sender;
	int ends[2];

	ASSERT_EQ(0, pipe(ends));
	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	ASSERT_EQ(0, actor_start(&sender));
	actor_tell(&self->actor, read_byte, &ends[0]);
	actor_tell(&sender, storm, &self->actor.tid);
	await_beginning();
	for (int i = 0; i < 200; i++) {
		ASSERT_EQ(0, context_impersonate_thread(wearing.ctx, self->actor.tid));
		ASSERT_EQ(wearing.id, device_worn_id(wearing.dev, self->actor.tid));
		ASSERT_EQ(0, device_revert_thread(wearing.dev, self->actor.tid));
		ASSERT_EQ(-ENOENT, device_worn_id(wearing.dev, self->actor.tid));
	}
	over = 1;
	EXPECT_EQ(0, actor_await(&sender));
	EXPECT_LT(0, handled);
	ASSERT_EQ(1, write(ends[1], "x", 1));
	EXPECT_EQ('x', actor_await(&self->actor));
	EXPECT_EQ(0, actor_call(&self->actor, is_server, NULL));
	actor_stop(&sender);
}

/* --- seccomp ----------------------------------------------------------------- */

static int forbid_ioctls(void *arg)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int err = filter ? 0 : -ENOMEM;

	(void)arg;
	err = err ?: seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(ioctl), 0);
	err = err ?: seccomp_load(filter);
	seccomp_release(filter);
	return err;
}

static int acts_as_client(void *arg)
{
	(void)arg;
	return acts_as(CLIENT, CLIENT) ? 0 : -EPROTO;
}

static int acts_as_server(void *arg)
{
	(void)arg;
	return acts_as(0, 0) ? 0 : -EPROTO;
}

/* A worker that can't even ask is looked after by another thread. */
TEST_F(remote_thread, without_ioctls)
{
	ASSERT_EQ(0, actor_call(&self->actor, forbid_ioctls, NULL));
	EXPECT_EQ(-EACCES, actor_call(&self->actor, impersonate, &wearing.ctx));
	EXPECT_EQ(0, context_impersonate_thread(wearing.ctx, self->actor.tid));
	EXPECT_EQ(0, actor_call(&self->actor, acts_as_client, NULL));
	EXPECT_EQ(-EACCES, actor_call(&self->actor, revert, NULL));
	EXPECT_EQ(0, device_revert_thread(wearing.dev, self->actor.tid));
	EXPECT_EQ(0, actor_call(&self->actor, acts_as_server, NULL));
}

/* --- many -------------------------------------------------------------------- */

struct demand {
	int ctx;
	pid_t tid;
};

static int demand_often(void *arg)
{
	const struct demand *demand = arg;
	int err = 0;

	for (int i = 0; i < 1000 && !err; i++)
		err = context_impersonate_thread(demand->ctx, demand->tid);
	return err;
}

/* Whoever comes last, it is one of the two, and nothing that was asked is left. */
TEST_F(remote_thread, asked_by_two_at_once)
{
	struct demand one = { wearing.ctx, self->actor.tid };
	struct demand two = { self->other, self->actor.tid };
	struct actor callers[2];
	int uses = module_uses();
	int64_t id;

	for (int i = 0; i < 2; i++)
		ASSERT_EQ(0, actor_start(&callers[i]));
	actor_tell(&callers[0], demand_often, &one);
	actor_tell(&callers[1], demand_often, &two);
	EXPECT_EQ(0, actor_await(&callers[0]));
	EXPECT_EQ(0, actor_await(&callers[1]));

	id = device_worn_id(wearing.dev, self->actor.tid);
	EXPECT_TRUE(id == wearing.id || id == context_id(self->other));
	EXPECT_EQ(0, module_await_uses(uses));
	EXPECT_EQ(0, device_revert_thread(wearing.dev, self->actor.tid));
	EXPECT_EQ(0, module_await_uses(uses));
	EXPECT_EQ(0, actor_call(&self->actor, is_server, NULL));
	for (int i = 0; i < 2; i++)
		actor_stop(&callers[i]);
}

TEST_HARNESS_MAIN
