// SPDX-License-Identifier: GPL-2.0-only
/* The applied cred: whose keyrings it has, and what it holds while it lives. */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/rcupdate.h>
#include <uapi/linux/keyctl.h>

#include "../ntimp/cred.h"
#include "parts.h"
#include "rows.h"
#include "suites.h"

/*
 * Who has a session, process and thread keyring, and authority for request_key();
 * and whose the applied cred has, in this order: the server's, the client's or none.
 */
struct keys_row {
	const char *name;
	unsigned int level;
	const char *server;
	const char *client;
	const char *expected;
};

static const struct keys_row keys_rows[] = {
	{ "both, Anonymous", 0, "spta", "spta", "----" },
	{ "both, Identification", 1, "spta", "spta", "----" },
	{ "both, Impersonation", 2, "spta", "spta", "SSSS" },
	{ "both, Delegation", 3, "spta", "spta", "CSSS" },
	{ "only the server, Anonymous", 0, "spta", "", "----" },
	{ "only the server, Identification", 1, "spta", "", "----" },
	{ "only the server, Impersonation", 2, "spta", "", "SSSS" },
	{ "only the server, Delegation", 3, "spta", "", "-SSS" },
	{ "only the client, Anonymous", 0, "", "spta", "----" },
	{ "only the client, Identification", 1, "", "spta", "----" },
	{ "only the client, Impersonation", 2, "", "spta", "----" },
	{ "only the client, Delegation", 3, "", "spta", "C---" },
	{ "neither, Impersonation", 2, "", "", "----" },
	{ "neither, Delegation", 3, "", "", "----" },
	{ "the server a session, the client the others", 2, "s", "pta", "S---" },
	{ "the server a session, the client the others, Delegation", 3, "s", "pta", "----" },
	{ "the client a session, the server the others", 2, "pta", "s", "-SSS" },
	{ "the client a session, the server the others, Delegation", 3, "pta", "s", "CSSS" },
	{ "the server a process keyring", 2, "p", "sta", "-S--" },
	{ "the server a thread keyring", 2, "t", "spa", "--S-" },
	{ "the server an authority", 2, "a", "spt", "---S" },
	{ "the server an authority, Delegation", 3, "a", "spt", "C--S" },
};

ROWS(keys);

static const struct key *whose(char who, const struct key *servers, const struct key *clients)
{
	if (who == '-')
		return NULL;
	return who == 'S' ? servers : clients;
}

static void keys_are_the_servers(struct kunit *test)
{
	const struct keys_row *row = test->param_value;
	struct cred *server = persona_cred(test, &(struct persona) { .uid = 3001 });
	struct cred *client = persona_cred(test, &(struct persona) { .uid = 1001 });
	const struct cred *applied;

	own_keyrings(test, server, row->server);
	own_keyrings(test, client, row->client);
	applied = applied_cred(test, server, client, row->level);

	KUNIT_EXPECT_PTR_EQ(test, (const struct key *)applied->session_keyring,
			    whose(row->expected[0], server->session_keyring,
				  client->session_keyring));
	KUNIT_EXPECT_PTR_EQ(test, (const struct key *)applied->process_keyring,
			    whose(row->expected[1], server->process_keyring,
				  client->process_keyring));
	KUNIT_EXPECT_PTR_EQ(test, (const struct key *)applied->thread_keyring,
			    whose(row->expected[2], server->thread_keyring,
				  client->thread_keyring));
	KUNIT_EXPECT_PTR_EQ(test, (const struct key *)applied->request_key_auth,
			    whose(row->expected[3], server->request_key_auth,
				  client->request_key_auth));
}

/* Into which keyring requested keys go: a choice that prctl-like calls of a process make. */
static void default_keyring_is_the_servers(struct kunit *test)
{
	static const struct {
		unsigned char server, client;
	} rows[] = {
		{ KEY_REQKEY_DEFL_DEFAULT, KEY_REQKEY_DEFL_USER_KEYRING },
		{ KEY_REQKEY_DEFL_THREAD_KEYRING, KEY_REQKEY_DEFL_DEFAULT },
		{ KEY_REQKEY_DEFL_SESSION_KEYRING, KEY_REQKEY_DEFL_PROCESS_KEYRING },
		{ KEY_REQKEY_DEFL_USER_KEYRING, KEY_REQKEY_DEFL_USER_KEYRING },
	};
	struct cred *server = persona_cred(test, &(struct persona) { .uid = 3001 });
	struct cred *client = persona_cred(test, &(struct persona) { .uid = 1001 });
	unsigned int level;
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		server->jit_keyring = rows[i].server;
		client->jit_keyring = rows[i].client;
		for (level = 0; level < LEVELS; level++)
			KUNIT_EXPECT_EQ_MSG(test, rows[i].server,
					    applied_cred(test, server, client, level)->jit_keyring,
					    "row %d, level %u", i, level);
	}
}

/* How many more references there are while an applied cred lives. */
struct refs_row {
	const char *name;
	unsigned int level;
	struct refs server;
	struct refs client;
};

#define SERVERS	{ .count = {						\
	[PART_SESSION] = 1, [PART_PROCESS] = 1, [PART_THREAD] = 1, [PART_AUTH] = 1, } }
#define CLIENTS	{ .count = {						\
	[PART_USER] = 1, [PART_USER_NS] = 1, [PART_UCOUNTS] = 1, [PART_GROUPS] = 1, } }

/* Nobody's accounts are the server's; the groups are none of either. */
#define NOBODYS	{ .count = { [PART_USER] = 1, [PART_USER_NS] = 1, [PART_UCOUNTS] = 1, } }

static const struct refs_row refs_rows[] = {
	{ "Anonymous", 0, NOBODYS, {} },
	{ "Identification", 1, NOBODYS, {} },
	{ "Impersonation", 2, SERVERS, CLIENTS },
	{ "Delegation", 3,
	  { .count = { [PART_PROCESS] = 1, [PART_THREAD] = 1, [PART_AUTH] = 1, } },
	  { .count = { [PART_USER] = 1, [PART_USER_NS] = 1, [PART_UCOUNTS] = 1,
		       [PART_GROUPS] = 1, [PART_SESSION] = 1, } } },
};

ROWS(refs);

static const struct refs none;

/* What is left over of the two copies, and the applied cred itself, go after a grace period. */
static void applied_holds_each_part_once(struct kunit *test)
{
	const struct refs_row *row = test->param_value;
	const struct cred *server = loner_cred(test, 5002);
	const struct cred *client = loner_cred(test, 5001);
	struct refs servers = refs_read(server), clients = refs_read(client);
	const struct cred *applied[2];
	int i;

	for (i = 0; i < ARRAY_SIZE(applied); i++) {
		applied[i] = ntimp_cred_apply(server, client, row->level);
		KUNIT_ASSERT_FALSE(test, IS_ERR(applied[i]));
		rcu_barrier();
		KUNIT_EXPECT_EQ(test, 1L, cred_usage(applied[i]));
		refs_expect(test, "server", server, &servers, &row->server);
		refs_expect(test, "client", client, &clients, &row->client);
		put_cred(applied[i]);
		rcu_barrier();
		refs_expect(test, "server", server, &servers, &none);
		refs_expect(test, "client", client, &clients, &none);
	}
}

/* A server that is its own client: each part once, whoever it is from. */
static void applied_of_oneself_holds_each_part_once(struct kunit *test)
{
	static const struct refs once = { .count = {
		[PART_USER] = 1, [PART_USER_NS] = 1, [PART_UCOUNTS] = 1, [PART_GROUPS] = 1,
		[PART_SESSION] = 1, [PART_PROCESS] = 1, [PART_THREAD] = 1, [PART_AUTH] = 1,
	} };
	const struct cred *self = loner_cred(test, 5001);
	struct refs before = refs_read(self);
	const struct cred *applied;
	unsigned int level;

	for (level = LOW_LEVELS; level < LEVELS; level++) {
		applied = ntimp_cred_apply(self, self, level);
		KUNIT_ASSERT_FALSE(test, IS_ERR(applied));
		rcu_barrier();
		refs_expect(test, "thread", self, &before, &once);
		put_cred(applied);
		rcu_barrier();
		refs_expect(test, "thread", self, &before, &none);
	}
}

/* What an applied cred has outlives whom it is from. */
static void applied_outlives_both(struct kunit *test)
{
	struct cred *server = loner_cred(test, 5002);
	struct cred *client = loner_cred(test, 5001);
	const struct cred *worn, *servers, *clients, *applied;
	struct refs before, after;

	/* Copies whose last reference can be dropped before the case is over. */
	worn = override_creds(server);
	servers = prepare_creds();
	revert_creds(worn);
	worn = override_creds(client);
	clients = prepare_creds();
	revert_creds(worn);
	KUNIT_ASSERT_NOT_NULL(test, servers);
	KUNIT_ASSERT_NOT_NULL(test, clients);
	before = refs_read(client);

	applied = applied_cred(test, servers, clients, NTIMP_LEVEL_IMPERSONATION);
	put_cred(servers);
	put_cred(clients);
	rcu_barrier();

	/* The applied cred has taken the copy's place, but for the keyrings. */
	after = (struct refs) { .count = {
		[PART_SESSION] = -1, [PART_PROCESS] = -1, [PART_THREAD] = -1, [PART_AUTH] = -1,
	} };
	refs_expect(test, "client", client, &before, &after);
	KUNIT_EXPECT_PTR_EQ(test, client->user, applied->user);
	KUNIT_EXPECT_PTR_EQ(test, client->ucounts, applied->ucounts);
	KUNIT_EXPECT_PTR_EQ(test, client->user_ns, applied->user_ns);
	KUNIT_EXPECT_PTR_EQ(test, client->group_info, applied->group_info);
	KUNIT_EXPECT_PTR_EQ(test, server->session_keyring, applied->session_keyring);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(keys_are_the_servers, keys_gen_params),
	KUNIT_CASE(default_keyring_is_the_servers),
	KUNIT_CASE_PARAM(applied_holds_each_part_once, refs_gen_params),
	KUNIT_CASE(applied_of_oneself_holds_each_part_once),
	KUNIT_CASE(applied_outlives_both),
	{}
};

struct kunit_suite ntimp_cred_keys_suite = {
	.name = "cred_keys",
	.test_cases = cases,
};
