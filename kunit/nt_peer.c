// SPDX-License-Identifier: GPL-2.0-only
/*
 * What NT's table has of the clients of pipes and ports, by their numbers.
 *
 * A pipe whose client is captured once, when it connects, is an AF_UNIX socket here;
 * one whose client is captured at each message is a server that makes a client context
 * of the client's thread at each message.
 */
#include <kunit/test.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/ntifs.h>

#include "../ntimp/compat.h"
#include "../ntimp/context.h"
#include "actor.h"
#include "contexts.h"
#include "defer.h"
#include "persona.h"
#include "rows.h"
#include "sockets.h"
#include "suites.h"
#include "nt_tokens.h"

#define CAPS	(CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_SYS_TIME))

static const struct persona client = { .uid = 1001, .gid = 1001, .permitted = CAPS };

static const struct persona disabled = {
	.uid = 1001, .gid = 1001, .permitted = CAPS, .inactive = CAPS,
};

static const struct persona other = { .uid = 1002, .gid = 1002 };

static SECURITY_QUALITY_OF_SERVICE qos_of(UCHAR tracking, BOOLEAN effective_only)
{
	return (SECURITY_QUALITY_OF_SERVICE) {
		.Length			= sizeof(SECURITY_QUALITY_OF_SERVICE),
		.ImpersonationLevel	= SecurityImpersonation,
		.ContextTrackingMode	= tracking,
		.EffectiveOnly		= effective_only,
	};
}

/* --- sockets ----------------------------------------------------------------- */

/**
 * struct call - a client that connects
 * @to: the server's socket
 * @address: of that
 * @length: of @address
 * @from: its own
 */
struct call {
	struct socket *to;
	struct sockaddr_storage address;
	int length;
	struct socket *from;
};

static int act_connect(void *part)
{
	struct call *call = part;

	return kernel_connect(call->from, (struct sockaddr *)&call->address, call->length, 0);
}

/* The server's end of a connection that @actor has made. */
static struct socket *connect_by(struct kunit *test, struct actor *actor)
{
	struct call call = {
		.to = sockets_listen(test), .from = sockets_make(test, AF_UNIX, SOCK_STREAM),
	};

	call.length = kernel_getsockname(call.to, (struct sockaddr *)&call.address);
	KUNIT_ASSERT_GT(test, call.length, 0);
	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_connect, &call));
	return sockets_accept(test, call.to);
}

static PACCESS_TOKEN peer(struct kunit *test, struct socket *sock)
{
	SECURITY_QUALITY_OF_SERVICE qos = qos_of(SECURITY_STATIC_TRACKING, FALSE);
	PACCESS_TOKEN token;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, NtimpReferencePeerToken(sock, &qos, &token));
	return keep_token(test, token);
}

static void impersonate(struct kunit *test, PACCESS_TOKEN token)
{
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE,
					    SecurityImpersonation));
}

static u64 caps_now(void)
{
	return compat_cap_to_u64(current_cred()->cap_effective);
}

static int act_be(void *cred)
{
	return commit_creds((struct cred *)get_cred(cred));
}

static void become(struct kunit *test, struct actor *actor, const struct persona *persona)
{
	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_be, persona_cred(test, persona)));
}

/* Nobody has connected. */
static void case_092_nobody_to_impersonate(struct kunit *test)
{
	SECURITY_QUALITY_OF_SERVICE qos = qos_of(SECURITY_STATIC_TRACKING, FALSE);
	struct socket *sock = sockets_make(test, AF_UNIX, SOCK_STREAM);
	PACCESS_TOKEN token = test;

	KUNIT_EXPECT_EQ(test, STATUS_CANNOT_IMPERSONATE,
			NtimpReferencePeerToken(sock, &qos, &token));
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)test, token);
}

/* It can be as much less as it likes. */
static void case_093_static_keeps_what_was(struct kunit *test)
{
	struct actor *actor = client_start(test, &client);
	PACCESS_TOKEN token = peer(test, connect_by(test, actor));

	impersonate(test, token);
	KUNIT_EXPECT_EQ(test, 1001U, acts_as_uid());
	KUNIT_EXPECT_EQ(test, CAPS, caps_now());
	PsRevertToSelf();

	become(test, actor, &disabled);
	impersonate(test, token);
	KUNIT_EXPECT_EQ(test, 1001U, acts_as_uid());
	KUNIT_EXPECT_EQ(test, CAPS, caps_now());
	KUNIT_EXPECT_EQ(test, 2U, token_usage(token));
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

static void case_099_client_is_gone(struct kunit *test)
{
	struct actor *actor = client_start(test, &client);
	struct socket *sock = connect_by(test, actor);
	PACCESS_TOKEN token;

	actor_exit(actor);
	token = peer(test, sock);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
	impersonate(test, token);
	KUNIT_EXPECT_EQ(test, 1001U, acts_as_uid());
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

static void case_100_level(struct kunit *test)
{
	struct actor *actor = client_start(test, &client);
	PACCESS_TOKEN token = peer(test, connect_by(test, actor));
	SECURITY_IMPERSONATION_LEVEL level;

	KUNIT_EXPECT_EQ(test, TokenImpersonation, SeTokenType(token));
	KUNIT_EXPECT_EQ(test, SecurityImpersonation, SeTokenImpersonationLevel(token));
	impersonate(test, token);
	KUNIT_EXPECT_PTR_EQ(test, token, token_now(&level));
	KUNIT_EXPECT_EQ(test, SecurityImpersonation, level);
	PsRevertToSelf();
}

/*
 * A port is disconnected when its client goes.  A socket that was connected knows its
 * peer for as long as it is there; one whose client never came never does.
 */
static void case_105_connection_is_gone(struct kunit *test)
{
	struct actor *actor = client_start(test, &client);
	struct socket *sock = connect_by(test, actor);
	PACCESS_TOKEN token;

	actor_exit(actor);
	KUNIT_ASSERT_EQ(test, 0, kernel_sock_shutdown(sock, SHUT_RDWR));
	token = peer(test, sock);
	impersonate(test, token);
	KUNIT_EXPECT_EQ(test, 1001U, acts_as_uid());
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

struct refused_row {
	const char *name;
	int family;
	SECURITY_IMPERSONATION_LEVEL level;
	NTSTATUS status;
};

static const struct refused_row refused_rows[] = {
	{ "no such level", AF_UNIX, SecurityDelegation + 1, STATUS_INVALID_PARAMETER },
	{ "negative level", AF_UNIX, (SECURITY_IMPERSONATION_LEVEL)-1, STATUS_INVALID_PARAMETER },
	{ "not of this machine", AF_INET, SecurityImpersonation, STATUS_NOT_SUPPORTED },
};

ROWS(refused);

static void refused(struct kunit *test)
{
	const struct refused_row *row = test->param_value;
	SECURITY_QUALITY_OF_SERVICE qos = qos_of(SECURITY_STATIC_TRACKING, FALSE);
	struct socket *sock = sockets_make(test, row->family, SOCK_STREAM);
	PACCESS_TOKEN token = test;

	qos.ImpersonationLevel = row->level;
	KUNIT_EXPECT_EQ(test, row->status, NtimpReferencePeerToken(sock, &qos, &token));
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)test, token);
}

/* Who connects as a client passes on no more than it has; tracking falls back. */
static void peer_that_impersonated(struct kunit *test)
{
	SECURITY_QUALITY_OF_SERVICE qos = qos_of(SECURITY_DYNAMIC_TRACKING, FALSE);
	struct ntimp_context *ctx = persona_context(test, &other, NTIMP_LEVEL_IMPERSONATION);
	struct actor *actor = actor_start(test, NULL);
	struct socket *sock;
	PACCESS_TOKEN token = test;

	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_impersonate, ctx));
	sock = connect_by(test, actor);
	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_revert, NULL));

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, NtimpReferencePeerToken(sock, &qos, &token));
	keep_token(test, token);
	impersonate(test, token);
	KUNIT_EXPECT_EQ(test, 1002U, acts_as_uid());
	PsRevertToSelf();

	qos.ImpersonationLevel = SecurityDelegation;
	KUNIT_EXPECT_EQ(test, STATUS_BAD_IMPERSONATION_LEVEL,
			NtimpReferencePeerToken(sock, &qos, &token));
}

static void out_of_memory(struct kunit *test)
{
	SECURITY_QUALITY_OF_SERVICE qos = qos_of(SECURITY_STATIC_TRACKING, FALSE);
	struct actor *actor = client_start(test, &client);
	struct socket *sock = connect_by(test, actor);
	PACCESS_TOKEN token = test;
	unsigned int nth;

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		kunit_skip(test, "needs CONFIG_FAILSLAB");
	for (nth = 1; nth <= 16; nth++) {
		NTSTATUS status;

		fail_nth(nth);
		status = NtimpReferencePeerToken(sock, &qos, &token);
		if (!fail_nth_over()) {
			KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, status);
			break;
		}
		if (status == STATUS_SUCCESS && IS_ENABLED(CONFIG_DEBUG_OBJECTS)) {
			ObDereferenceObject(token);
			token = test;
			continue;
		}
		KUNIT_EXPECT_EQ(test, STATUS_NO_MEMORY, status);
		KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)test, token);
	}
	KUNIT_EXPECT_GE(test, nth, 3U);
	KUNIT_ASSERT_PTR_NE(test, (PACCESS_TOKEN)test, token);
	keep_token(test, token);
}

/* --- a context at each message ------------------------------------------------ */

/* What a transport does for each message: one context, used, and given up. */
static void message(struct kunit *test, struct actor *actor, SECURITY_QUALITY_OF_SERVICE qos,
		    void (*expect)(struct kunit *test))
{
	SECURITY_CLIENT_CONTEXT context = {0};

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			SeCreateClientSecurity(thread_of(actor), &qos, FALSE, &context));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, SeImpersonateClientEx(&context, NULL));
	SeDeleteClientSecurity(&context);
	expect(test);
	SeStopImpersonatingClient();
}

static void expect_enabled(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1001U, acts_as_uid());
	KUNIT_EXPECT_EQ(test, CAPS, caps_now());
}

static void expect_disabled(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1001U, acts_as_uid());
	KUNIT_EXPECT_EQ(test, 0ULL, caps_now());
}

/* One context, of a client that is followed. */
static void case_094_dynamic_sees_what_is(struct kunit *test)
{
	SECURITY_QUALITY_OF_SERVICE qos = qos_of(SECURITY_DYNAMIC_TRACKING, FALSE);
	struct actor *actor = client_start(test, &client);
	SECURITY_CLIENT_CONTEXT context = {0};
	unsigned int usage;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			SeCreateClientSecurity(thread_of(actor), &qos, FALSE, &context));
	usage = token_usage(context.ClientToken);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, SeImpersonateClientEx(&context, NULL));
	expect_enabled(test);
	SeStopImpersonatingClient();

	become(test, actor, &disabled);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, SeImpersonateClientEx(&context, NULL));
	expect_disabled(test);
	SeStopImpersonatingClient();
	KUNIT_EXPECT_EQ(test, usage, token_usage(context.ClientToken));
	SeDeleteClientSecurity(&context);
}

/* The privileges of a token: which are there, and which of them enabled. */
static void privileges_of(struct kunit *test, PACCESS_TOKEN token, ULONG privilege,
			  bool *there, bool *enabled)
{
	PTOKEN_PRIVILEGES all;
	PLUID_AND_ATTRIBUTES each;

	*there = *enabled = false;
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			SeQueryInformationToken(token, TokenPrivileges, (PVOID *)&all));
	for (each = all->Privileges; each < all->Privileges + all->PrivilegeCount; each++) {
		if (each->Luid.LowPart != privilege)
			continue;
		*there = true;
		*enabled = each->Attributes & SE_PRIVILEGE_ENABLED;
	}
	ExFreePool(all);
}

/* What a pipe without quality of service has, and what another one has. */
static void expect_disabled_privileges(struct kunit *test, bool effective_only, bool expected)
{
	SECURITY_QUALITY_OF_SERVICE qos = qos_of(SECURITY_STATIC_TRACKING, effective_only);
	struct actor *actor = client_start(test, &disabled);
	SECURITY_CLIENT_CONTEXT context = {0};
	bool there, enabled;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			SeCreateClientSecurity(thread_of(actor), &qos, FALSE, &context));
	privileges_of(test, context.ClientToken, SE_SYSTEMTIME_PRIVILEGE, &there, &enabled);
	KUNIT_EXPECT_EQ(test, expected, there);
	KUNIT_EXPECT_FALSE(test, enabled);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(context.ClientToken));
	SeDeleteClientSecurity(&context);
	message(test, actor, qos, expect_disabled);
}

static void case_095_effective_only_has_none(struct kunit *test)
{
	expect_disabled_privileges(test, true, false);
}

static void case_096_otherwise_all_disabled(struct kunit *test)
{
	expect_disabled_privileges(test, false, true);
}

static void expect_other(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1002U, acts_as_uid());
}

static void expect_root(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0U, acts_as_uid());
}

/* The client acts as another when it sends the first message, and is itself then. */
static void case_097_client_reverts_between_messages(struct kunit *test)
{
	SECURITY_QUALITY_OF_SERVICE qos = qos_of(SECURITY_DYNAMIC_TRACKING, FALSE);
	struct ntimp_context *ctx = persona_context(test, &other, NTIMP_LEVEL_IMPERSONATION);
	struct actor *actor = actor_start(test, NULL);

	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_be_process, NULL));
	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_impersonate, ctx));
	message(test, actor, qos, expect_other);
	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_revert, NULL));
	message(test, actor, qos, expect_root);
}

static void case_098_static_keeps_whom_it_acted_as(struct kunit *test)
{
	SECURITY_QUALITY_OF_SERVICE qos = qos_of(SECURITY_STATIC_TRACKING, FALSE);
	struct ntimp_context *ctx = persona_context(test, &other, NTIMP_LEVEL_IMPERSONATION);
	struct actor *actor = actor_start(test, NULL);
	SECURITY_CLIENT_CONTEXT context = {0};

	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_be_process, NULL));
	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_impersonate, ctx));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			SeCreateClientSecurity(thread_of(actor), &qos, FALSE, &context));
	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_revert, NULL));

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, SeImpersonateClientEx(&context, NULL));
	expect_other(test);
	SeStopImpersonatingClient();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(context.ClientToken));
	SeDeleteClientSecurity(&context);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(case_092_nobody_to_impersonate),
	KUNIT_CASE(case_093_static_keeps_what_was),
	KUNIT_CASE(case_094_dynamic_sees_what_is),
	KUNIT_CASE(case_095_effective_only_has_none),
	KUNIT_CASE(case_096_otherwise_all_disabled),
	KUNIT_CASE(case_097_client_reverts_between_messages),
	KUNIT_CASE(case_098_static_keeps_whom_it_acted_as),
	KUNIT_CASE(case_099_client_is_gone),
	KUNIT_CASE(case_100_level),
	KUNIT_CASE(case_105_connection_is_gone),
	KUNIT_CASE_PARAM(refused, refused_gen_params),
	KUNIT_CASE(peer_that_impersonated),
	KUNIT_CASE(out_of_memory),
	{}
};

struct kunit_suite ntimp_nt_peer_suite = {
	.name = "nt_peer",
	.suite_init = actor_hold_memory,
	.suite_exit = actor_drop_memory,
	.test_cases = cases,
};
