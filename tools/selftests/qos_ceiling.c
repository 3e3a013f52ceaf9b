// SPDX-License-Identifier: GPL-2.0-only
/*
 * A chain of servers over sockets: each acts as who has connected to it, and
 * connects on as that.  The client is one and the same at its end, at no more
 * than the lowest level on the way.
 */
#include "harness.h"

#include "client.h"
#include "device.h"
#include "identity.h"

#define CLIENT	1001
#define HOPS	3

FIXTURE(qos_ceiling)
{
	int dev;
	struct listener listeners[HOPS];
	struct child servers[HOPS];
};

/*
 * @levels: at which each server acts as its client
 * @results: what capturing at that level gives: 0 or -errno.  After a failure the
 *	server goes on at @fallback.
 */
FIXTURE_VARIANT(qos_ceiling)
{
	__u32 levels[HOPS];
	int results[HOPS];
	__u32 fallback;
};

#define I	NTIMP_LEVEL_IMPERSONATION
#define D	NTIMP_LEVEL_DELEGATION

FIXTURE_VARIANT_ADD(qos_ceiling, impersonation) { { I, I, I }, { 0, 0, 0 }, I };
FIXTURE_VARIANT_ADD(qos_ceiling, delegation) { { D, D, D }, { 0, 0, 0 }, D };
FIXTURE_VARIANT_ADD(qos_ceiling, lower_and_lower) { { D, I, I }, { 0, 0, 0 }, I };
FIXTURE_VARIANT_ADD(qos_ceiling, last_is_lower) { { D, D, I }, { 0, 0, 0 }, I };
FIXTURE_VARIANT_ADD(qos_ceiling, second_goes_above) { { I, D, I }, { 0, -EPERM, 0 }, I };
FIXTURE_VARIANT_ADD(qos_ceiling, third_goes_above) { { I, I, D }, { 0, 0, -EPERM }, I };
FIXTURE_VARIANT_ADD(qos_ceiling, third_goes_above_second) { { D, I, D }, { 0, 0, -EPERM }, I };
FIXTURE_VARIANT_ADD(qos_ceiling, both_go_above) { { I, D, D }, { 0, -EPERM, -EPERM }, I };

struct hop {
	int dev;
	__u32 level;
	__u32 fallback;
	struct listener own;
	const struct listener *next;	/* NULL: the last one */
};

/*
 * Take one connection, act as who made it, connect on, and hold that until the
 * test ends.  Says what capturing gave, then 0 if all else went well.
 */
static int serve(const struct child *parent, void *arg)
{
	const struct hop *hop = arg;
	int conn = listener_accept(&hop->own), next = 0, ctx, err;

	ctx = capture_peer(hop->dev, conn, hop->level);
	child_send(parent, ctx < 0 ? ctx : 0);
	if (ctx < 0)
		ctx = capture_peer(hop->dev, conn, hop->fallback);
	err = ctx < 0 ? ctx : context_impersonate(ctx);
	if (!err && !acts_as(CLIENT, CLIENT))
		err = -EPROTO;
	/* A copy of a copy is no way up either. */
	if (!err && hop->level == I && capture_self(hop->dev, D) != -EPERM)
		err = -EPROTO;
	if (!err && hop->next) {
		next = listener_connect(hop->next);
		err = next < 0 ? next : 0;
	}
	if (!err)
		err = device_revert(hop->dev);
	child_send(parent, err);
	child_receive(parent);
	return 0;
}

FIXTURE_SETUP(qos_ceiling)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	for (int i = 0; i < HOPS; i++)
		ASSERT_EQ(0, listener_open(&self->listeners[i], SOCK_STREAM));
	for (int i = 0; i < HOPS; i++) {
		struct hop hop = {
			.dev = self->dev,
			.level = variant->levels[i],
			.fallback = variant->fallback,
			.own = self->listeners[i],
			.next = i + 1 < HOPS ? &self->listeners[i + 1] : NULL,
		};
		/* Each another user, to be no client of the next by itself. */
		struct persona who = PERSONA_CAPS(2000 + i, CAPS_SETIDS);

		ASSERT_EQ(0, child_start(&self->servers[i], &who, serve, &hop));
	}
}

FIXTURE_TEARDOWN(qos_ceiling)
{
	for (int i = 0; i < HOPS; i++) {
		EXPECT_EQ(0, child_finish(&self->servers[i]));
		close(self->listeners[i].fd);
	}
	close(self->dev);
}

static int connect_and_wait(const struct child *parent, void *listener)
{
	int fd = listener_connect(listener);

	child_send(parent, fd < 0 ? fd : 0);
	child_receive(parent);
	return 0;
}

TEST_F(qos_ceiling, chain)
{
	struct persona user = PERSONA_USER(CLIENT);
	struct child client;

	ASSERT_EQ(0, child_start(&client, &user, connect_and_wait, &self->listeners[0]));
	EXPECT_EQ(0, child_receive(&client));
	for (int i = 0; i < HOPS; i++) {
		EXPECT_EQ(variant->results[i], child_receive(&self->servers[i]))
			TH_LOG("server %d", i);
		EXPECT_EQ(0, child_receive(&self->servers[i]))
			TH_LOG("server %d", i);
	}
	EXPECT_EQ(0, child_finish(&client));
}

TEST_HARNESS_MAIN
