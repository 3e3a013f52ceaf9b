// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts whose maker lets a system worker act for whoever holds them
 * (NTIMP_QOS_DISPATCH): good for that, and for nothing else.
 */
#include "harness.h"
#include <fcntl.h>

#include "broker.h"
#include "child.h"
#include "device.h"
#include "persona.h"
#include "scratch.h"
#include "wearing.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

static const struct ntimp_qos dispatch = { .level = LEVEL, .flags = NTIMP_QOS_DISPATCH };
static const struct ntimp_qos plain = { .level = LEVEL };

FIXTURE(broker_dispatch)
{
	int dev;
	struct scratch scratch;
	int ctx;
};

static int capture_client(int dev, struct ntimp_qos qos)
{
	const struct ntimp_capture capture = {
		.size = sizeof(capture),
		.source = NTIMP_SOURCE_IDS,
		.qos = qos,
		.uid = CLIENT,
		.gid = CLIENT,
	};

	return device_capture(dev, &capture);
}

FIXTURE_SETUP(broker_dispatch)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, file_make(&self->scratch, "client", CLIENT, CLIENT, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "server", 0, 0, 0600));
	self->ctx = capture_client(self->dev, dispatch);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(broker_dispatch)
{
	EXPECT_EQ(0, device_revert(self->dev));
	close(self->ctx);
	scratch_close(&self->scratch);
	close(self->dev);
}

/* What a holder without rights tries, and what it gets. */
struct attempt {
	const FIXTURE_DATA(broker_dispatch) *self;
	int ctx;
	__u32 flags;
	const char *name;
};

static int attempt_open(void *arg)
{
	const struct attempt *attempt = arg;

	return broker_try(attempt->ctx, attempt->flags, attempt->self->scratch.fd, attempt->name,
			  O_RDWR);
}

static int attempt_wear(void *arg)
{
	const struct attempt *attempt = arg;

	return context_impersonate(attempt->ctx);
}

static int as_holder(int (*fn)(void *arg), const FIXTURE_DATA(broker_dispatch) *self, int ctx,
		     __u32 flags, const char *name)
{
	struct attempt attempt = { .self = self, .ctx = ctx, .flags = flags, .name = name };
	struct persona holder = PERSONA_USER(OTHER);

	return child_run(&holder, fn, &attempt);
}

TEST_F(broker_dispatch, a_worker_alone)
{
	EXPECT_EQ(-EPERM, as_holder(attempt_wear, self, self->ctx, 0, NULL));
	EXPECT_EQ(-EPERM, as_holder(attempt_open, self, self->ctx, 0, "client"));
	EXPECT_EQ(0, as_holder(attempt_open, self, self->ctx, NTIMP_CALL_WORKER, "client"));
	EXPECT_EQ(-EACCES, as_holder(attempt_open, self, self->ctx, NTIMP_CALL_WORKER, "server"));
}

/* One holder, in this order: what the worker wore is not kept for the thread. */
static int worker_then_wear(void *arg)
{
	struct attempt *attempt = arg;
	int err = attempt_open(attempt);

	if (err)
		return err;
	attempt->flags = 0;
	if (attempt_open(attempt) != -EPERM || attempt_wear(attempt) != -EPERM)
		return -EACCES;
	return device_worn_id(attempt->self->dev, 0) == -ENOENT ? 7 : -EBUSY;
}

TEST_F(broker_dispatch, leaves_nothing_to_wear)
{
	EXPECT_EQ(7, as_holder(worker_then_wear, self, self->ctx, NTIMP_CALL_WORKER, "client"));
}

TEST_F(broker_dispatch, not_unless_the_maker_lets_it)
{
	int ctx = capture_client(self->dev, plain);

	ASSERT_LE(0, ctx);
	EXPECT_EQ(-EPERM, as_holder(attempt_open, self, ctx, NTIMP_CALL_WORKER, "client"));
	close(ctx);
}

/* The way out that NT names for a client which nobody but the system may be. */
TEST_F(broker_dispatch, root_that_lets_it)
{
	const struct ntimp_capture capture = {
		.size = sizeof(capture), .source = NTIMP_SOURCE_SELF, .qos = dispatch,
	};
	int ctx = device_capture(self->dev, &capture);

	ASSERT_LE(0, ctx);
	EXPECT_EQ(0, as_holder(attempt_open, self, ctx, NTIMP_CALL_WORKER, "server"));
	/* As root, but with the capabilities of the holder: none. */
	EXPECT_EQ(-EACCES, as_holder(attempt_open, self, ctx, NTIMP_CALL_WORKER, "client"));
	EXPECT_EQ(-EPERM, as_holder(attempt_open, self, ctx, 0, "server"));
	EXPECT_EQ(-EPERM, as_holder(attempt_wear, self, ctx, 0, NULL));
	close(ctx);
}

TEST_F(broker_dispatch, ends_with_the_context)
{
	ASSERT_EQ(0, context_revoke(self->ctx, 0));
	EXPECT_EQ(-EKEYREVOKED,
		  as_holder(attempt_open, self, self->ctx, NTIMP_CALL_WORKER, "client"));
	EXPECT_EQ(-EKEYREVOKED, broker_try(self->ctx, 0, self->scratch.fd, "client", O_RDWR));
}

TEST_F(broker_dispatch, ends_with_its_time)
{
	ASSERT_EQ(0, context_expire(self->ctx, 0));
	EXPECT_EQ(-EKEYEXPIRED,
		  as_holder(attempt_open, self, self->ctx, NTIMP_CALL_WORKER, "client"));
	EXPECT_EQ(-EKEYEXPIRED, broker_try(self->ctx, 0, self->scratch.fd, "client", O_RDWR));
}

TEST_HARNESS_MAIN
