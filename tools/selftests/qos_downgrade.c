// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the gate says no, a thread that agrees to that acts at level
 * Identification, and is told; one that doesn't gets nothing of it.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/prctl.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"
#include "scratch.h"

#define CLIENT		1001
#define SERVER		1000
#define LEVEL		NTIMP_LEVEL_IMPERSONATION
#define IDENTIFICATION	NTIMP_LEVEL_IDENTIFICATION

FIXTURE(qos_downgrade)
{
	int dev;
	int ctx;
	struct scratch scratch;
};

FIXTURE_SETUP(qos_downgrade)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, CLIENT, CLIENT, 0, NULL, LEVEL);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, file_make(&self->scratch, "anybody's", 0, 0, 0644));
}

FIXTURE_TEARDOWN(qos_downgrade)
{
	EXPECT_EQ(0, device_revert(self->dev));
	scratch_close(&self->scratch);
	close(self->ctx);
	close(self->dev);
}

static int open_something(const FIXTURE_DATA(qos_downgrade) *self)
{
	return file_try(&self->scratch, "anybody's", O_RDONLY);
}

/* The client is known, and nothing can be done in its name. */
static int is_downgraded(const FIXTURE_DATA(qos_downgrade) *self)
{
	struct ntimp_info info = { .size = sizeof(info) };

	if (device_query_thread(self->dev, &info))
		return -EPROTO;
	if (info.qos.level != IDENTIFICATION || info.uid != CLIENT ||
	    info.flags != NTIMP_INFO_IMPERSONATING)
		return -EPROTO;
	return open_something(self) == -EACCES ? 0 : -EPROTO;
}

static int serve_downgraded(void *arg)
{
	const FIXTURE_DATA(qos_downgrade) *self = arg;
	struct ntimp_info info = { .size = sizeof(info) };
	int level = context_downgraded(self->ctx), err;

	if (level != IDENTIFICATION)
		return level < 0 ? level : -ERANGE;
	err = is_downgraded(self);
	/* The context is what it was. */
	if (!err && (context_query(self->ctx, &info) || info.qos.level != LEVEL))
		err = -EPROTO;
	if (!err)
		err = device_revert(self->dev);
	return err ?: open_something(self);
}

TEST_F(qos_downgrade, refused)
{
	struct persona server = PERSONA_USER(SERVER);

	EXPECT_EQ(0, child_run(&server, serve_downgraded, self));
}

static int serve_unchanged(void *arg)
{
	const FIXTURE_DATA(qos_downgrade) *self = arg;
	int level = context_downgraded(self->ctx);

	if (level != LEVEL)
		return level < 0 ? level : -ERANGE;
	return acts_as(CLIENT, CLIENT) ? open_something(self) : -EPROTO;
}

TEST_F(qos_downgrade, not_refused)
{
	struct persona server = PERSONA_CAPS(SERVER, CAPS_SETIDS);

	EXPECT_EQ(0, child_run(&server, serve_unchanged, self));
	EXPECT_EQ(0, child_run(NULL, serve_unchanged, self));
}

/* What one call has made is not found by one that agrees to nothing. */
static int serve_strictly(void *arg)
{
	const FIXTURE_DATA(qos_downgrade) *self = arg;

	for (int i = 0; i < 3; i++) {
		if (context_impersonate(self->ctx) != -EPERM ||
		    context_downgraded(self->ctx) != IDENTIFICATION || is_downgraded(self))
			return -EPROTO;
		/* It stays what it is, and that is no more than it was. */
		if (context_impersonate(self->ctx) != -EPERM || is_downgraded(self))
			return -EPROTO;
		if (device_revert(self->dev) || open_something(self))
			return -EPROTO;
	}
	return 0;
}

TEST_F(qos_downgrade, strict_callers_get_nothing_of_it)
{
	struct persona server = PERSONA_USER(SERVER);

	EXPECT_EQ(0, child_run(&server, serve_strictly, self));
}

/* One context, a server that may and one that may not, in turn. */
TEST_F(qos_downgrade, servers_in_turn)
{
	struct persona strong = PERSONA_CAPS(SERVER, CAPS_SETIDS), weak = PERSONA_USER(SERVER);

	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(0, child_run(&weak, serve_downgraded, self));
		EXPECT_EQ(0, child_run(&strong, serve_unchanged, self));
		EXPECT_EQ(0, child_run(&weak, serve_strictly, self));
	}
}

/* Nobody makes more of it again. */
static int capture_itself(void *arg)
{
	const FIXTURE_DATA(qos_downgrade) *self = arg;

	if (context_downgraded(self->ctx) != IDENTIFICATION)
		return -EPROTO;
	for (__u32 level = NTIMP_LEVEL_IMPERSONATION; level <= NTIMP_LEVEL_DELEGATION; level++)
		if (capture_self(self->dev, level) != -EPERM)
			return -EPROTO;
	return 0;
}

TEST_F(qos_downgrade, does_not_rise)
{
	struct persona server = PERSONA_USER(SERVER);

	EXPECT_EQ(0, child_run(&server, capture_itself, self));
}

/* Denied from one moment to the next, and still able to be itself. */
TEST_F(qos_downgrade, by_revocation)
{
	int copy = capture_context(self->dev, self->ctx, LEVEL);

	ASSERT_EQ(0, context_impersonate(copy));
	EXPECT_EQ(0, open_something(self));
	EXPECT_EQ(0, context_revoke(self->ctx, NTIMP_REVOKE_DENY));
	EXPECT_EQ(-EACCES, open_something(self));
	EXPECT_EQ(-EKEYREVOKED, context_impersonate(copy));
	EXPECT_EQ(-EACCES, open_something(self));
	EXPECT_EQ(-EPERM, capture_self(self->dev, LEVEL));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, open_something(self));
}

static int try_open(void *self)
{
	return open_something(self);
}

static int impersonate(void *ctx)
{
	return context_impersonate(*(int *)ctx);
}

/* Revoked first, denied later: those who wear it are found even so. */
TEST_F(qos_downgrade, by_a_second_revocation)
{
	struct actor actor;

	ASSERT_EQ(0, actor_start(&actor));
	ASSERT_EQ(0, actor_call(&actor, impersonate, &self->ctx));
	EXPECT_EQ(0, context_revoke(self->ctx, 0));
	EXPECT_EQ(0, actor_call(&actor, try_open, self));
	EXPECT_EQ(0, context_revoke(self->ctx, NTIMP_REVOKE_DENY));
	EXPECT_EQ(-EACCES, actor_call(&actor, try_open, self));
	actor_stop(&actor);
}

TEST_HARNESS_MAIN
