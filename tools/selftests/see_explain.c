// SPDX-License-Identifier: GPL-2.0-only
/* What the gate would say, and why; and that it says the same when it is asked. */
#include "harness.h"
#include <limits.h>
#include <sys/syscall.h>

#include "child.h"
#include "device.h"

#define CLIENT	1001

static int explain(int ctx, pid_t tid, struct ntimp_explain *answer)
{
	*answer = (struct ntimp_explain) { .size = sizeof(*answer), .tid = tid };
	return device_ioctl(ctx, NTIMP_CTX_EXPLAIN, (uintptr_t)answer);
}

FIXTURE(see_explain)
{
	int dev;
	int ctx;
};

/*
 * @server: who would impersonate
 * @uid: the client
 * @level: of the context
 * @pass, @reason: the answer
 * @result: of impersonating
 */
FIXTURE_VARIANT(see_explain)
{
	struct persona server;
	uid_t uid;
	uint32_t level;
	uint32_t pass;
	uint32_t reason;
	int result;
};

FIXTURE_VARIANT_ADD(see_explain, root)
{
	.server = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.uid = CLIENT, .level = NTIMP_LEVEL_IMPERSONATION,
	.pass = NTIMP_EXPLAIN_RIGHT, .reason = NTIMP_REASON_NONE, .result = 0,
};

FIXTURE_VARIANT_ADD(see_explain, user_with_both_capabilities)
{
	.server = { 1000, 1000, .permitted = CAPS_SETIDS, .effective = CAPS_SETIDS },
	.uid = CLIENT, .level = NTIMP_LEVEL_IMPERSONATION,
	.pass = NTIMP_EXPLAIN_RIGHT, .reason = NTIMP_REASON_NONE, .result = 0,
};

FIXTURE_VARIANT_ADD(see_explain, user_without)
{
	.server = { 1000, 1000 },
	.uid = CLIENT, .level = NTIMP_LEVEL_IMPERSONATION,
	.pass = NTIMP_EXPLAIN_REFUSED, .reason = NTIMP_REASON_NO_SETID, .result = -EPERM,
};

FIXTURE_VARIANT_ADD(see_explain, root_for_a_user)
{
	.server = { 1000, 1000, .permitted = CAPS_SETIDS, .effective = CAPS_SETIDS },
	.uid = 0, .level = NTIMP_LEVEL_IMPERSONATION,
	.pass = NTIMP_EXPLAIN_REFUSED, .reason = NTIMP_REASON_ROOT_CLIENT, .result = -EPERM,
};

/* The level lets it through: what the gate finds is told all the same. */
FIXTURE_VARIANT_ADD(see_explain, low_level)
{
	.server = { 1000, 1000 },
	.uid = CLIENT, .level = NTIMP_LEVEL_IDENTIFICATION,
	.pass = NTIMP_EXPLAIN_LEVEL, .reason = NTIMP_REASON_NO_SETID, .result = 0,
};

FIXTURE_SETUP(see_explain)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, variant->uid, variant->uid, 0, NULL, variant->level);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(see_explain)
{
	close(self->ctx);
	close(self->dev);
}

struct server {
	int dev;
	int ctx;
	uint32_t pass;
	uint32_t reason;
	int result;
};

/* Which step was wrong; 0: none. */
static int ask_and_try(void *arg)
{
	const struct server *server = arg;
	struct ntimp_explain answer;

	if (explain(server->ctx, 0, &answer))
		return 1;
	if (answer.size != sizeof(answer) || answer.flags || answer.tid || answer.reserved)
		return 2;
	if (answer.pass != server->pass)
		return 3;
	if (answer.reason != server->reason)
		return 4;
	/* Nothing was impersonated by asking. */
	if (device_worn_id(server->dev, 0) != -ENOENT)
		return 5;
	return context_impersonate(server->ctx) == server->result ? 0 : 6;
}

TEST_F(see_explain, is_what_happens)
{
	struct server server = { self->dev, self->ctx, variant->pass, variant->reason,
				 variant->result };

	EXPECT_EQ(0, child_run(&variant->server, ask_and_try, &server));
}

static int wait_for_end(const struct child *parent, void *unused)
{
	(void)unused;
	return child_receive(parent) < 0;
}

TEST_F(see_explain, of_another_thread)
{
	struct ntimp_explain answer;
	struct child server;

	ASSERT_EQ(0, child_start(&server, &variant->server, wait_for_end, NULL));
	EXPECT_EQ(0, explain(self->ctx, server.pid, &answer));
	EXPECT_EQ(server.pid, answer.tid);
	EXPECT_EQ(variant->pass, answer.pass);
	EXPECT_EQ(variant->reason, answer.reason);
	child_send(&server, 0);
	EXPECT_EQ(0, child_finish(&server));
}

TEST_F(see_explain, revoked)
{
	struct ntimp_explain answer;

	ASSERT_EQ(0, context_revoke(self->ctx, 0));
	EXPECT_EQ(0, explain(self->ctx, 0, &answer));
	EXPECT_EQ(NTIMP_EXPLAIN_REFUSED, answer.pass);
	EXPECT_EQ(NTIMP_REASON_ENDED, answer.reason);
}

FIXTURE(see_explain_args)
{
	int dev;
	int ctx;
};

FIXTURE_SETUP(see_explain_args)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, CLIENT, CLIENT, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(see_explain_args)
{
	close(self->ctx);
	close(self->dev);
}

TEST_F(see_explain_args, fields_are_zero)
{
	struct ntimp_explain answer = { .size = sizeof(answer) };
	uint32_t *const fields[] = { &answer.flags, &answer.pass, &answer.reason,
				     &answer.reserved };

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		*fields[i] = 1;
		EXPECT_EQ(-EINVAL, device_ioctl(self->ctx, NTIMP_CTX_EXPLAIN,
						(uintptr_t)&answer));
		*fields[i] = 0;
	}
	EXPECT_EQ(0, device_ioctl(self->ctx, NTIMP_CTX_EXPLAIN, (uintptr_t)&answer));
}

TEST_F(see_explain_args, threads)
{
	struct ntimp_explain answer;

	EXPECT_EQ(-EINVAL, explain(self->ctx, -1, &answer));
	EXPECT_EQ(-ESRCH, explain(self->ctx, INT_MAX, &answer));
	/* The device is no context. */
	EXPECT_EQ(-ENOTTY, explain(self->dev, 0, &answer));
}

static int drop_when_told(const struct child *parent, void *unused)
{
	(void)unused;
	if (child_receive(parent) < 0 || persona_set_caps(CAPS_NONE, CAPS_NONE, CAPS_NONE) ||
	    child_send(parent, 0))
		return 1;
	return child_receive(parent) < 0;
}

struct expected {
	int ctx;
	uint32_t pass;
	uint32_t reason;
};

static int is_explained(void *arg)
{
	const struct expected *expected = arg;
	struct ntimp_explain answer;

	return explain(expected->ctx, 0, &answer) || answer.pass != expected->pass ||
	       answer.reason != expected->reason;
}

/* What impersonating would see is looked at, not what was captured. */
TEST_F(see_explain_args, follows_a_dynamic_client)
{
	const struct ntimp_qos qos = {
		.level = NTIMP_LEVEL_IMPERSONATION, .tracking = NTIMP_TRACKING_DYNAMIC,
	};
	struct expected before = { -1, NTIMP_EXPLAIN_REFUSED, NTIMP_REASON_NO_SETID };
	struct expected after = { -1, NTIMP_EXPLAIN_RIGHT, NTIMP_REASON_NONE };
	struct child client;

	ASSERT_EQ(0, child_start(&client, &PERSONA_CAPS(1000, CAP_BIT(CAP_CHOWN)),
				 drop_when_told, NULL));
	before.ctx = capture_thread_qos(self->dev, client.pid, qos);
	ASSERT_LE(0, before.ctx);
	after.ctx = before.ctx;
	EXPECT_EQ(0, child_run(&PERSONA_USER(1000), is_explained, &before));
	child_send(&client, 0);
	ASSERT_EQ(0, child_receive(&client));
	EXPECT_EQ(0, child_run(&PERSONA_USER(1000), is_explained, &after));
	child_send(&client, 0);
	EXPECT_EQ(0, child_finish(&client));
	close(before.ctx);
}

static int explain_init(void *ctx)
{
	struct ntimp_explain answer;

	return explain(*(int *)ctx, 1, &answer) == -EPERM ? 0 : 1;
}

/* Who may not look at a thread isn't told what it may do. */
TEST_F(see_explain_args, of_whom_one_may_not_look_at)
{
	EXPECT_EQ(0, child_run(&PERSONA_USER(1000), explain_init, &self->ctx));
}

TEST_HARNESS_MAIN
