// SPDX-License-Identifier: GPL-2.0-only
/*
 * An identity is worn by one thread: the others, and everybody who looks at the
 * thread, still meet the server.
 */
#include "harness.h"
#include <signal.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"
#include "scratch.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION
#define MANY	8

FIXTURE(wear_threads)
{
	int dev;
	struct scratch scratch;
	struct actor alice;
	struct actor bob;
	int alice_ctx;
	int bob_ctx;
};

FIXTURE_SETUP(wear_threads)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	self->alice_ctx = capture_ids(self->dev, 1001, 1001, 0, NULL, LEVEL);
	ASSERT_LE(0, self->alice_ctx);
	self->bob_ctx = capture_ids(self->dev, 1002, 1002, 0, NULL, LEVEL);
	ASSERT_LE(0, self->bob_ctx);
	ASSERT_EQ(0, actor_start(&self->alice));
	ASSERT_EQ(0, actor_start(&self->bob));
}

FIXTURE_TEARDOWN(wear_threads)
{
	actor_stop(&self->alice);
	actor_stop(&self->bob);
	scratch_close(&self->scratch);
	close(self->dev);
}

static int impersonate(void *ctx)
{
	return context_impersonate(*(int *)ctx);
}

static int revert(void *dev)
{
	return device_revert(*(int *)dev);
}

/* Who the thread acts as; -EPROTO if its ids are not all the same. */
static int acting_uid(void *arg)
{
	struct identity seen;

	(void)arg;
	if (identity_subjective(&seen) || !identity_is(&seen, seen.uid, seen.uid, 0, NULL))
		return -EPROTO;
	return seen.uid;
}

struct make_file {
	const struct scratch *scratch;
	const char *name;
};

static int make_file(void *arg)
{
	struct make_file *it = arg;

	return file_create(it->scratch, it->name);
}

TEST_F(wear_threads, two_clients_at_once)
{
	struct make_file alices = { &self->scratch, "alice's" };
	struct make_file bobs = { &self->scratch, "bob's" };

	ASSERT_EQ(0, actor_call(&self->alice, impersonate, &self->alice_ctx));
	ASSERT_EQ(0, actor_call(&self->bob, impersonate, &self->bob_ctx));
	EXPECT_EQ(1001, actor_call(&self->alice, acting_uid, NULL));
	EXPECT_EQ(1002, actor_call(&self->bob, acting_uid, NULL));
	EXPECT_TRUE(acts_as(0, 0));

	/* All three in one directory at the same time. */
	actor_tell(&self->alice, make_file, &alices);
	actor_tell(&self->bob, make_file, &bobs);
	EXPECT_EQ(0, file_create(&self->scratch, "server's"));
	EXPECT_EQ(0, actor_await(&self->alice));
	EXPECT_EQ(0, actor_await(&self->bob));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "alice's", 1001, 1001));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "bob's", 1002, 1002));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "server's", 0, 0));

	/* One goes back, the other stays. */
	EXPECT_EQ(0, actor_call(&self->alice, revert, &self->dev));
	EXPECT_EQ(0, actor_call(&self->alice, acting_uid, NULL));
	EXPECT_EQ(1002, actor_call(&self->bob, acting_uid, NULL));
}

TEST_F(wear_threads, one_context_for_two)
{
	ASSERT_EQ(0, actor_call(&self->alice, impersonate, &self->alice_ctx));
	ASSERT_EQ(0, actor_call(&self->bob, impersonate, &self->alice_ctx));
	EXPECT_EQ(0, actor_call(&self->alice, revert, &self->dev));
	EXPECT_EQ(0, actor_call(&self->alice, acting_uid, NULL));
	EXPECT_EQ(1001, actor_call(&self->bob, acting_uid, NULL));
	EXPECT_EQ(0, actor_call(&self->bob, revert, &self->dev));
	EXPECT_EQ(0, actor_call(&self->bob, acting_uid, NULL));
}

TEST_F(wear_threads, many_clients_at_once)
{
	struct actor actors[MANY];
	int ctx[MANY];

	for (int i = 0; i < MANY; i++) {
		ctx[i] = capture_ids(self->dev, 2000 + i, 2000 + i, 0, NULL, LEVEL);
		ASSERT_LE(0, ctx[i]);
		ASSERT_EQ(0, actor_start(&actors[i]));
	}
	for (int round = 0; round < MANY; round++) {
		for (int i = 0; i < MANY; i++)
			actor_tell(&actors[i], impersonate, &ctx[(i + round) % MANY]);
		for (int i = 0; i < MANY; i++) {
			EXPECT_EQ(0, actor_await(&actors[i]))
				TH_LOG("thread %d", i);
		}
		for (int i = 0; i < MANY; i++) {
			EXPECT_EQ(2000 + (i + round) % MANY,
				  actor_call(&actors[i], acting_uid, NULL));
		}
	}
	for (int i = 0; i < MANY; i++) {
		EXPECT_EQ(0, actor_call(&actors[i], revert, &self->dev));
		EXPECT_EQ(0, actor_call(&actors[i], acting_uid, NULL));
		actor_stop(&actors[i]);
	}
}

/* Ids, groups and capabilities, of the thread and of the process. */
TEST_F(wear_threads, others_see_the_server)
{
	struct identity thread, process, seen;

	ASSERT_EQ(0, identity_objective(self->alice.tid, &thread));
	ASSERT_EQ(0, identity_objective(getpid(), &process));
	ASSERT_EQ(0, actor_call(&self->alice, impersonate, &self->alice_ctx));
	ASSERT_EQ(0, identity_objective(self->alice.tid, &seen));
	EXPECT_TRUE(identity_equal(&thread, &seen));
	ASSERT_EQ(0, identity_objective(getpid(), &seen));
	EXPECT_TRUE(identity_equal(&process, &seen));
	EXPECT_EQ(0, actor_call(&self->alice, revert, &self->dev));
	ASSERT_EQ(0, identity_objective(self->alice.tid, &seen));
	EXPECT_TRUE(identity_equal(&thread, &seen));
}

/* Nor does it see itself as anybody else there. */
TEST_F(wear_threads, status_of_itself_shows_the_server)
{
	struct identity before, seen;

	ASSERT_EQ(0, identity_objective(thread_id(), &before));
	ASSERT_EQ(0, context_impersonate(self->alice_ctx));
	ASSERT_EQ(0, identity_objective(thread_id(), &seen));
	EXPECT_TRUE(identity_equal(&before, &seen));
	EXPECT_EQ(0, device_revert(self->dev));
}

static int signal_it(void *pid)
{
	return kill(*(pid_t *)pid, 0) ? -errno : 0;
}

/* The client can't reach a server that acts in its name. */
TEST_F(wear_threads, client_may_not_signal_the_server)
{
	struct persona alice = PERSONA_USER(1001);

	ASSERT_EQ(0, actor_call(&self->alice, impersonate, &self->alice_ctx));
	EXPECT_EQ(-EPERM, child_run(&alice, signal_it, &self->alice.tid));
}

static int wait_for_end(const struct child *parent, void *arg)
{
	(void)arg;
	return child_receive(parent);
}

TEST_F(wear_threads, signals_are_sent_as_the_client)
{
	struct persona alice = PERSONA_USER(1001), bob = PERSONA_USER(1002);
	struct child alices, bobs;

	ASSERT_EQ(0, child_start(&alices, &alice, wait_for_end, NULL));
	ASSERT_EQ(0, child_start(&bobs, &bob, wait_for_end, NULL));
	EXPECT_EQ(0, actor_call(&self->alice, signal_it, &bobs.pid));
	ASSERT_EQ(0, actor_call(&self->alice, impersonate, &self->alice_ctx));
	EXPECT_EQ(0, actor_call(&self->alice, signal_it, &alices.pid));
	EXPECT_EQ(-EPERM, actor_call(&self->alice, signal_it, &bobs.pid));
	child_finish(&alices);
	child_finish(&bobs);
}

/* A thread that ends as a client leaves nothing to the next one. */
TEST_F(wear_threads, ending_as_a_client)
{
	struct actor next;

	for (int i = 0; i < MANY; i++) {
		ASSERT_EQ(0, actor_start(&next));
		EXPECT_EQ(0, actor_call(&next, acting_uid, NULL));
		EXPECT_EQ(0, actor_call(&next, impersonate, &self->alice_ctx));
		actor_stop(&next);
	}
	EXPECT_TRUE(acts_as(0, 0));
	EXPECT_TRUE(is_seen_as(getpid(), 0, 0));
}

TEST_HARNESS_MAIN
