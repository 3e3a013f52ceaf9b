// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server that changes between two uses of one context: what was allowed and
 * made for it before counts no more.
 */
#include "harness.h"

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"
#include "worncaps.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION
#define SERVERS	40	/* more than a context keeps creds for */

#define CAPS_CLIENT	(CAPS_SETIDS | CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_KILL))

FIXTURE(wear_changed)
{
	int dev;
	int ctx;
};

FIXTURE_SETUP(wear_changed)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids_caps(self->dev, 1001, 1001, CAPS_CLIENT, LEVEL);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(wear_changed)
{
	close(self->ctx);
	close(self->dev);
}

/* Wear and be oneself again: the capabilities worn go to @caps. */
static int use(const FIXTURE_DATA(wear_changed) *self, uint64_t *caps)
{
	int err = context_impersonate(self->ctx);

	if (err)
		return err;
	if (!acts_as(1001, 1001))
		err = -EPROTO;
	if (!err)
		err = worn_caps(caps);
	if (device_revert(self->dev))
		err = -EPROTO;
	return err;
}

TEST_F(wear_changed, gives_up_its_rights)
{
	struct persona later = PERSONA_USER(1000);
	uint64_t caps;

	EXPECT_EQ(0, use(self, &caps));
	EXPECT_EQ(CAPS_CLIENT, caps);
	ASSERT_EQ(0, persona_take(&later));
	EXPECT_EQ(-EPERM, use(self, &caps));
	EXPECT_TRUE(acts_as(1000, 1000));
}

/* As a daemon does that keeps root in its saved id. */
TEST_F(wear_changed, gives_up_root_for_a_while)
{
	uint64_t caps;

	EXPECT_EQ(0, use(self, &caps));
	ASSERT_EQ(0, persona_set_uids(-1, 1000, -1));
	EXPECT_EQ(-EPERM, use(self, &caps));
	ASSERT_EQ(0, persona_set_uids(-1, 0, -1));
	EXPECT_EQ(0, use(self, &caps));
	EXPECT_EQ(CAPS_CLIENT, caps);
	ASSERT_EQ(0, persona_set_uids(-1, 1000, -1));
	EXPECT_EQ(-EPERM, use(self, &caps));
}

TEST_F(wear_changed, gives_up_one_right_for_a_while)
{
	uint64_t caps;

	EXPECT_EQ(0, use(self, &caps));
	ASSERT_EQ(0, persona_set_caps(CAPS_ALL, CAPS_ALL & ~CAP_BIT(CAP_SETGID), CAPS_NONE));
	EXPECT_EQ(-EPERM, use(self, &caps));
	ASSERT_EQ(0, persona_set_caps(CAPS_ALL, CAPS_ALL, CAPS_NONE));
	EXPECT_EQ(0, use(self, &caps));
}

TEST_F(wear_changed, gives_up_a_capability_for_good)
{
	uint64_t caps, kept = CAPS_ALL & ~CAP_BIT(CAP_KILL);

	EXPECT_EQ(0, use(self, &caps));
	EXPECT_EQ(CAPS_CLIENT, caps);
	ASSERT_EQ(0, persona_set_caps(kept, kept, CAPS_NONE));
	EXPECT_EQ(0, use(self, &caps));
	EXPECT_EQ(CAPS_CLIENT & ~CAP_BIT(CAP_KILL), caps);
	kept &= ~CAP_BIT(CAP_CHOWN);
	ASSERT_EQ(0, persona_set_caps(kept, kept, CAPS_NONE));
	EXPECT_EQ(0, use(self, &caps));
	EXPECT_EQ(CAPS_SETIDS, caps);
}

/* Allowed because it was itself, it is itself no more. */
static int change_groups(void *arg)
{
	const FIXTURE_DATA(wear_changed) *self = arg;
	struct persona server = PERSONA_USER(1000);
	const gid_t group = 2000;
	int same = -1, err;

	/* Rights to change its groups, which it doesn't wear itself with. */
	server.permitted = CAP_BIT(CAP_SETGID);
	server.effective = CAP_BIT(CAP_SETGID);
	err = persona_take(&server);
	if (!err)
		same = capture_self(self->dev, LEVEL);
	if (same < 0)
		return -EPROTO;
	err = context_impersonate(same);
	if (err || device_revert(self->dev) || persona_set_groups(1, &group))
		return -EPROTO;
	if (context_impersonate(same) != -EPERM)
		return -EPROTO;
	if (persona_set_groups(0, NULL))
		return -EPROTO;
	return context_impersonate(same);
}

TEST_F(wear_changed, changes_its_groups)
{
	EXPECT_EQ(0, child_run(NULL, change_groups, self));
}

struct use_in_thread {
	const FIXTURE_DATA(wear_changed) *self;
	uint64_t caps;
};

static int use_in_thread(void *arg)
{
	struct use_in_thread *it = arg;

	return use(it->self, &it->caps);
}

static int take_in_thread(void *who)
{
	return persona_take(who);
}

/* Threads of one process with different rights, in turns. */
TEST_F(wear_changed, threads_with_different_rights)
{
	struct persona lower = PERSONA_CAPS(1000, CAPS_SETIDS), none = PERSONA_USER(1000);
	struct use_in_thread it = { .self = self };
	struct actor with, without;
	uint64_t caps;

	ASSERT_EQ(0, actor_start(&with));
	ASSERT_EQ(0, actor_start(&without));
	ASSERT_EQ(0, actor_call(&with, take_in_thread, &lower));
	ASSERT_EQ(0, actor_call(&without, take_in_thread, &none));
	for (int i = 0; i < 5; i++) {
		EXPECT_EQ(0, use(self, &caps));
		EXPECT_EQ(CAPS_CLIENT, caps);
		EXPECT_EQ(0, actor_call(&with, use_in_thread, &it));
		EXPECT_EQ(CAPS_SETIDS, it.caps);
		EXPECT_EQ(-EPERM, actor_call(&without, use_in_thread, &it));
	}
	actor_stop(&with);
	actor_stop(&without);
}

static int wear_and_wait(const struct child *parent, void *arg)
{
	const FIXTURE_DATA(wear_changed) *self = arg;
	uint64_t caps;
	int err = context_impersonate(self->ctx);

	child_send(parent, err);
	child_receive(parent);
	if (!err)
		err = worn_caps(&caps);
	if (!err && (caps != CAPS_SETIDS || !acts_as(1001, 1001)))
		err = -EPROTO;
	return err;
}

/* More servers than a context remembers, all at the same time. */
TEST_F(wear_changed, many_servers_at_once)
{
	struct child servers[SERVERS];

	for (int i = 0; i < SERVERS; i++) {
		struct persona server = PERSONA_CAPS(3000 + i, CAPS_SETIDS);

		ASSERT_EQ(0, child_start(&servers[i], &server, wear_and_wait, self));
		EXPECT_EQ(0, child_receive(&servers[i]));
	}
	for (int i = 0; i < SERVERS; i++) {
		EXPECT_TRUE(is_seen_as(servers[i].pid, 3000 + i, 3000 + i));
		EXPECT_EQ(context_id(self->ctx), device_worn_id(self->dev, servers[i].pid));
	}
	for (int i = 0; i < SERVERS; i++) {
		EXPECT_EQ(0, child_finish(&servers[i]))
			TH_LOG("server %d", i);
	}
}

TEST_HARNESS_MAIN
