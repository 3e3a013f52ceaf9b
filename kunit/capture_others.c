// SPDX-License-Identifier: GPL-2.0-only
/* Capture of other threads, of peers, and of those who impersonate somebody. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "actor.h"
#include "contexts.h"
#include "persona.h"
#include "rows.h"
#include "sockets.h"
#include "suites.h"

#define NR_LEVELS	(NTIMP_LEVEL_DELEGATION + 1)

static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona alice = { .uid = 1001, .gid = 1001 };
static const struct persona bob = { .uid = 1002, .gid = 1002 };
static const struct ntimp_qos plain = { .level = NTIMP_LEVEL_IMPERSONATION };

static void expect_client(struct kunit *test, const struct cred *client, struct ntimp_context *ctx)
{
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(ctx), "error %ld", PTR_ERR(ctx));
	KUNIT_EXPECT_PTR_EQ(test, client, ctx->client);
	ntimp_context_put(ctx);
}

/* --- tasks ------------------------------------------------------------------- */

enum worn { ITSELF, CLIENT, FOREIGN };

struct task_row {
	const char *name;
	struct persona looker;
	enum worn worn;
	int err;
};

#define CAP_PTRACE		CAP_BIT(CAP_SYS_PTRACE)
#define CAPS_LOOK		(CAPS_SETIDS | CAP_PTRACE)

/* The task's primary is user 2000. */
static const struct task_row task_rows[] = {
	{ "itself", { .uid = 1000, .permitted = CAPS_LOOK }, ITSELF },
	{ "its client", { .uid = 1000, .permitted = CAPS_LOOK }, CLIENT },
	{ "in an override", { .uid = 1000, .permitted = CAPS_LOOK }, FOREIGN, -EBUSY },
	{ "by its user", { .uid = 2000, .permitted = CAPS_LOOK }, ITSELF },
	{ "by its user without capabilities", { .uid = 2000 }, ITSELF, -EPERM },
	{ "by its client", { .uid = 1001 }, CLIENT, -EPERM },
	{ "by root without capabilities", { .uid = 0 }, ITSELF, -EPERM },
	{ "without CAP_SYS_PTRACE", { .uid = 1000, .permitted = CAPS_SETIDS }, ITSELF, -EPERM },
	{ "without CAP_SETUID",
	  { .uid = 1000, .permitted = CAP_BIT(CAP_SETGID) | CAP_PTRACE }, ITSELF, -EPERM },
	{ "without CAP_SETGID",
	  { .uid = 1000, .permitted = CAP_BIT(CAP_SETUID) | CAP_PTRACE }, ITSELF, -EPERM },
	{ "in an override, without rights", { .uid = 1000 }, FOREIGN, -EPERM },
};

ROWS(task);

static void task_is_captured(struct kunit *test)
{
	const struct task_row *row = test->param_value;
	struct ntimp_context *worn = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct persona owner = { .uid = 2000, .permitted = CAPS_SETIDS };
	const struct cred *primary = persona_cred(test, &owner);
	const struct cred *foreign = persona_cred(test, &bob), *client = primary;
	struct actor *actor = actor_start(test, primary);
	struct ntimp_context *ctx;
	long usage;

	if (row->worn == CLIENT) {
		KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_impersonate, worn));
		client = rcu_access_pointer(actor->task->cred);
		KUNIT_ASSERT_PTR_NE(test, primary, client);
	} else if (row->worn == FOREIGN) {
		actor_do(actor, act_wear, (void *)foreign);
	}

	persona_become(test, &row->looker);
	usage = cred_usage(client);
	ctx = ntimp_capture_task(actor->task, &plain);
	KUNIT_EXPECT_EQ(test, row->err, PTR_ERR_OR_ZERO(ctx));
	KUNIT_EXPECT_EQ(test, row->err ? usage : usage + 1, cred_usage(client));
	if (!IS_ERR(ctx)) {
		KUNIT_EXPECT_EQ(test, (int)NTIMP_SOURCE_THREAD, (int)ctx->source);
		expect_client(test, client, ctx);
	}
	KUNIT_EXPECT_EQ(test, usage, cred_usage(client));
	if (row->worn == FOREIGN)
		actor_do(actor, act_wear, NULL);
}

/* Nobody needs a right to know itself. */
static void own_task_is_captured(struct kunit *test)
{
	const struct cred *primary = persona_become(test, &bob);
	const struct cred *foreign = persona_cred(test, &alice), *worn;
	struct ntimp_context *self, *task;

	expect_client(test, primary, ntimp_capture_self(&plain));
	expect_client(test, primary, ntimp_capture_task(current, &plain));

	/* In an override too, where with others it would be a guess. */
	worn = override_creds(foreign);
	self = ntimp_capture_self(&plain);
	task = ntimp_capture_task(current, &plain);
	revert_creds(worn);
	expect_client(test, foreign, self);
	expect_client(test, foreign, task);
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(foreign));
}

/* --- peers ------------------------------------------------------------------- */

struct socket_row {
	const char *name;
	int family;
	int type;
	bool pair;
	int err;
};

static const struct socket_row socket_rows[] = {
	{ "stream", AF_UNIX, SOCK_STREAM, false, -ENOTCONN },
	{ "datagram", AF_UNIX, SOCK_DGRAM, false, -ENOTCONN },
	{ "seqpacket", AF_UNIX, SOCK_SEQPACKET, false, -ENOTCONN },
	{ "stream pair", AF_UNIX, SOCK_STREAM, true },
	{ "datagram pair", AF_UNIX, SOCK_DGRAM, true },
	{ "seqpacket pair", AF_UNIX, SOCK_SEQPACKET, true },
	{ "TCP", AF_INET, SOCK_STREAM, false, -EOPNOTSUPP },
	{ "UDP", AF_INET, SOCK_DGRAM, false, -EOPNOTSUPP },
	{ "UDP, IPv6", AF_INET6, SOCK_DGRAM, false, -EOPNOTSUPP },
	{ "netlink", AF_NETLINK, SOCK_RAW, false, -EOPNOTSUPP },
};

ROWS(socket);

static void socket_is_captured(struct kunit *test)
{
	const struct socket_row *row = test->param_value;
	const struct cred *primary = persona_become(test, &alice);
	struct ntimp_context *ctx;
	struct socket *sock;

	sock = row->pair ? sockets_pair(test, row->type)
			 : sockets_make(test, row->family, row->type);
	ctx = ntimp_capture_peer(sock, &plain);
	KUNIT_EXPECT_EQ(test, row->err, PTR_ERR_OR_ZERO(ctx));
	if (!IS_ERR(ctx)) {
		KUNIT_EXPECT_EQ(test, (int)NTIMP_SOURCE_PEER, (int)ctx->source);
		expect_client(test, primary, ctx);
	}
}

/* Who listened and who connected; not who accepted, asks, or what became of them. */
static void peer_is_who_connected(struct kunit *test)
{
	struct socket *listener, *connected, *accepted;
	const struct cred *who_listened, *who_connected;
	long listened, connecting;

	who_listened = persona_become(test, &server);
	listener = sockets_listen(test);
	who_connected = persona_become(test, &alice);
	connected = sockets_connect(test, listener);
	persona_become(test, &bob);
	accepted = sockets_accept(test, listener);
	listened = cred_usage(who_listened);
	connecting = cred_usage(who_connected);

	expect_client(test, who_listened, ntimp_capture_peer(listener, &plain));
	expect_client(test, who_listened, ntimp_capture_peer(connected, &plain));
	expect_client(test, who_connected, ntimp_capture_peer(accepted, &plain));
	KUNIT_EXPECT_EQ(test, listened, cred_usage(who_listened));
	KUNIT_EXPECT_EQ(test, connecting, cred_usage(who_connected));
}

/* --- who impersonates ------------------------------------------------------------ */

static struct ntimp_context *self(struct kunit *test, const struct ntimp_qos *qos)
{
	return ntimp_capture_self(qos);
}

static struct ntimp_context *own_task(struct kunit *test, const struct ntimp_qos *qos)
{
	return ntimp_capture_task(current, qos);
}

static struct ntimp_context *pair(struct kunit *test, const struct ntimp_qos *qos)
{
	return ntimp_capture_peer(sockets_pair(test, SOCK_STREAM), qos);
}

static struct ntimp_context *connection(struct kunit *test, const struct ntimp_qos *qos)
{
	struct socket *listener = sockets_listen(test);

	sockets_connect(test, listener);
	return ntimp_capture_peer(sockets_accept(test, listener), qos);
}

struct level_row {
	const char *name;
	struct ntimp_context *(*capture)(struct kunit *test, const struct ntimp_qos *qos);
	unsigned int worn;
	int err[NR_LEVELS];
};

static const struct level_row level_rows[] = {
	{ "self, anonymous", self, 0, { -EPERM, -EPERM, -EPERM, -EPERM } },
	{ "self, identification", self, 1, { -EPERM, -EPERM, -EPERM, -EPERM } },
	{ "task, anonymous", own_task, 0, { -EPERM, -EPERM, -EPERM, -EPERM } },
	{ "task, identification", own_task, 1, { -EPERM, -EPERM, -EPERM, -EPERM } },
	{ "self, impersonation", self, 2, { 0, 0, 0, -EPERM } },
	{ "self, delegation", self, 3, { 0, 0, 0, 0 } },
	{ "task, impersonation", own_task, 2, { 0, 0, 0, -EPERM } },
	{ "task, delegation", own_task, 3, { 0, 0, 0, 0 } },
	{ "pair, impersonation", pair, 2, { 0, 0, 0, -EPERM } },
	{ "pair, delegation", pair, 3, { 0, 0, 0, 0 } },
	{ "connection, impersonation", connection, 2, { 0, 0, 0, -EPERM } },
	{ "connection, delegation", connection, 3, { 0, 0, 0, 0 } },
};

ROWS(level);

/* A server of the second rank meets the client, and never more of it than the first did. */
static void client_is_captured_and_never_rises(struct kunit *test)
{
	const struct level_row *row = test->param_value;
	struct ntimp_context *first = persona_context(test, &alice, row->worn), *second;
	const struct cred *primary = persona_become(test, &server), *worn;
	unsigned int level;

	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(first));
	worn = current_cred();
	for (level = 0; level < NR_LEVELS; level++) {
		const struct ntimp_qos qos = { .level = level };

		second = row->capture(test, &qos);
		KUNIT_EXPECT_EQ_MSG(test, row->err[level], PTR_ERR_OR_ZERO(second),
				    "level %u", level);
		if (IS_ERR(second))
			continue;
		KUNIT_EXPECT_PTR_EQ(test, worn, second->client);
		KUNIT_EXPECT_EQ(test, 1001U, __kuid_val(second->client->fsuid));
		KUNIT_EXPECT_EQ(test, level, second->qos.level);
		ntimp_context_put(second);
	}
	KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
}

/* Third rank: an applied cred was made of an applied cred. */
static void ranks_go_on(struct kunit *test)
{
	struct ntimp_context *first = persona_context(test, &alice, NTIMP_LEVEL_DELEGATION);
	const struct ntimp_qos high = { .level = NTIMP_LEVEL_DELEGATION };
	struct ntimp_context *second, *third, *risen;

	persona_become(test, &server);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(first));
	second = ntimp_capture_self(&plain);
	KUNIT_ASSERT_FALSE(test, IS_ERR(second));
	KUNIT_EXPECT_EQ(test, 0, ntimp_impersonate(second));
	third = ntimp_capture_self(&plain);
	risen = ntimp_capture_self(&high);
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());

	KUNIT_EXPECT_EQ(test, 0, PTR_ERR_OR_ZERO(third));
	KUNIT_EXPECT_EQ(test, (long)-EPERM, PTR_ERR(risen));
	ntimp_context_put(risen);
	ntimp_context_put(third);
	ntimp_context_put(second);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(task_is_captured, task_gen_params),
	KUNIT_CASE(own_task_is_captured),
	KUNIT_CASE_PARAM(socket_is_captured, socket_gen_params),
	KUNIT_CASE(peer_is_who_connected),
	KUNIT_CASE_PARAM(client_is_captured_and_never_rises, level_gen_params),
	KUNIT_CASE(ranks_go_on),
	{}
};

struct kunit_suite ntimp_capture_others_suite = {
	.name = "capture_others",
	.test_cases = cases,
};
