// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts with which a client consents to be acted for, and that this means
 * nothing as long as the administrator doesn't let it.
 */
#include "harness.h"

#include "child.h"
#include "client.h"
#include "device.h"
#include "identity.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

static const struct ntimp_qos consent = { .level = LEVEL, .flags = NTIMP_QOS_CONSENT };
static const struct ntimp_qos plain = { .level = LEVEL };

FIXTURE(qos_consent)
{
	int dev;
	int ctx;	/* of a user who consents */
};

static int hand_over(const struct child *parent, void *arg)
{
	return child_send_fd(parent, capture_self_qos(*(int *)arg, consent));
}

FIXTURE_SETUP(qos_consent)
{
	struct persona user = PERSONA_USER(1001);
	struct child client;

	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, child_start(&client, &user, hand_over, &self->dev));
	self->ctx = child_receive_fd(&client);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, child_finish(&client));
}

FIXTURE_TEARDOWN(qos_consent)
{
	EXPECT_EQ(0, device_revert(self->dev));
	close(self->ctx);
	close(self->dev);
}

static int serve(void *ctx)
{
	return context_impersonate(*(int *)ctx);
}

TEST_F(qos_consent, means_nothing_by_default)
{
	struct ntimp_version version = { .size = sizeof(version) };
	struct persona server = PERSONA_USER(1000);

	ASSERT_EQ(0, device_version(self->dev, &version));
	EXPECT_EQ(0, version.params & NTIMP_PARAM_CONSENT);
	EXPECT_EQ(-EPERM, child_run(&server, serve, &self->ctx));
}

/* Nor does it keep anybody from what he may anyway. */
TEST_F(qos_consent, takes_nothing_away)
{
	struct persona itself = PERSONA_USER(1001);
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS);

	EXPECT_EQ(0, child_run(&itself, serve, &self->ctx));
	EXPECT_EQ(0, child_run(&server, serve, &self->ctx));
	EXPECT_EQ(0, child_run(NULL, serve, &self->ctx));
}

TEST_F(qos_consent, is_shown)
{
	struct ntimp_info info = { .size = sizeof(info) };

	ASSERT_EQ(0, context_query(self->ctx, &info));
	EXPECT_EQ(NTIMP_QOS_CONSENT, info.qos.flags);
	EXPECT_EQ(NTIMP_SOURCE_SELF, info.source);
}

static __u16 flags_of(int ctx)
{
	struct ntimp_info info = { .size = sizeof(info) };

	return context_query(ctx, &info) ? 0xffff : info.qos.flags;
}

/* What is handed on may lose it, and cannot get it back. */
TEST_F(qos_consent, of_duplicates)
{
	int with = capture_context_qos(self->dev, self->ctx, consent);
	int without = capture_context_qos(self->dev, self->ctx, plain);

	EXPECT_EQ(NTIMP_QOS_CONSENT, flags_of(with));
	EXPECT_EQ(0, flags_of(without));
	EXPECT_EQ(-EPERM, capture_context_qos(self->dev, without, consent));
	EXPECT_LE(0, capture_context_qos(self->dev, with, consent));
	EXPECT_EQ(0, close(with));
	EXPECT_EQ(0, close(without));
}

/* A server cannot consent for its client, also where both are the same. */
TEST_F(qos_consent, not_while_impersonating)
{
	int itself = capture_self(self->dev, LEVEL);

	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(-EPERM, capture_self_qos(self->dev, consent));
	EXPECT_LE(0, capture_self_qos(self->dev, plain));
	ASSERT_EQ(0, context_impersonate(itself));
	EXPECT_EQ(-EPERM, capture_self_qos(self->dev, consent));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_LE(0, capture_self_qos(self->dev, consent));
}

/* Nor for anybody whom it captures otherwise, be it root. */
TEST_F(qos_consent, of_other_sources)
{
	struct ntimp_capture capture = { .size = sizeof(capture), .qos = consent };
	struct client client;

	ASSERT_EQ(0, client_start(&client, &PERSONA_USER(1001)));
	EXPECT_EQ(-EINVAL, capture_thread_qos(self->dev, client.child.pid, consent));
	EXPECT_EQ(-EINVAL, capture_thread_qos(self->dev, getpid(), consent));
	capture.source = NTIMP_SOURCE_PEER;
	capture.fd = client.conn;
	EXPECT_EQ(-EINVAL, device_capture(self->dev, &capture));
	EXPECT_EQ(0, client_finish(&client));

	capture.fd = 0;
	capture.source = NTIMP_SOURCE_IDS;
	EXPECT_EQ(-EINVAL, device_capture(self->dev, &capture));
	capture.source = NTIMP_SOURCE_ANONYMOUS;
	EXPECT_EQ(-EINVAL, device_capture(self->dev, &capture));
}

FIXTURE(qos_dispatch)
{
	int dev;
};

FIXTURE_SETUP(qos_dispatch)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(qos_dispatch)
{
	close(self->dev);
}

static const struct ntimp_qos dispatch = { .level = LEVEL, .flags = NTIMP_QOS_DISPATCH };

struct making {
	int dev;
	int source;	/* a context or a socket */
};

static int dispatch_self(void *arg)
{
	int ctx = capture_self_qos(*(int *)arg, dispatch);

	return ctx < 0 ? ctx : 0;
}

static int dispatch_root(void *arg)
{
	struct ntimp_capture capture = {
		.size = sizeof(capture), .source = NTIMP_SOURCE_IDS, .qos = dispatch,
	};
	int ctx = device_capture(*(int *)arg, &capture);

	return ctx < 0 ? ctx : 0;
}

/* Who may not act as the client can't let a worker do it. */
TEST_F(qos_dispatch, by_who_may_act_as_the_client)
{
	struct persona user = PERSONA_USER(1000), server = PERSONA_CAPS(1000, CAPS_SETIDS);

	EXPECT_EQ(0, child_run(&user, dispatch_self, &self->dev));
	EXPECT_EQ(0, child_run(&server, dispatch_self, &self->dev));
	EXPECT_EQ(-EPERM, child_run(&server, dispatch_root, &self->dev));
	EXPECT_EQ(0, child_run(NULL, dispatch_root, &self->dev));
}

static int peer_dispatched(void *arg)
{
	const struct making *making = arg;
	struct ntimp_capture capture = {
		.size = sizeof(capture), .source = NTIMP_SOURCE_PEER, .qos = dispatch,
		.fd = making->source,
	};
	int ctx = device_capture(making->dev, &capture);

	return ctx < 0 ? ctx : 0;
}

TEST_F(qos_dispatch, of_a_peer)
{
	struct persona user = PERSONA_USER(1000), server = PERSONA_CAPS(1000, CAPS_SETIDS);
	struct making making = { .dev = self->dev };
	struct client client;

	ASSERT_EQ(0, client_start(&client, &PERSONA_USER(1001)));
	making.source = client.conn;
	EXPECT_EQ(-EPERM, child_run(&user, peer_dispatched, &making));
	EXPECT_EQ(0, child_run(&server, peer_dispatched, &making));
	EXPECT_EQ(0, client_finish(&client));
}

TEST_F(qos_dispatch, is_no_right_to_wear)
{
	struct persona user = PERSONA_USER(1000);
	struct ntimp_capture capture = {
		.size = sizeof(capture), .source = NTIMP_SOURCE_IDS, .qos = dispatch,
		.uid = 1001, .gid = 1001,
	};
	int without, ctx;

	ctx = device_capture(self->dev, &capture);
	ASSERT_LE(0, ctx);
	EXPECT_EQ(-EPERM, child_run(&user, serve, &ctx));
	EXPECT_LE(0, capture_context_qos(self->dev, ctx, dispatch));
	without = capture_context_qos(self->dev, ctx, plain);
	EXPECT_LE(0, without);
	EXPECT_EQ(-EPERM, capture_context_qos(self->dev, without, dispatch));
}

TEST_HARNESS_MAIN
