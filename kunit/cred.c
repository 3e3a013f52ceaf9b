// SPDX-License-Identifier: GPL-2.0-only
/* The applied cred: whose ids, groups, accounts and securebits it has. */
#include <kunit/test.h>
#include <linux/securebits.h>
#include <linux/user_namespace.h>

#include "../ntimp/cred.h"
#include "parts.h"
#include "rows.h"
#include "suites.h"

struct ids_row {
	const char *name;
	struct ids server;
	struct ids client;
};

/* Ids in the order user and group: real, effective, saved, for files. */
#define SERVER_IDS	{ 3001, 4001, 3001, 4001, 3001, 4001, 3001, 4001 }
#define CLIENT_IDS	{ 1001, 2001, 1001, 2001, 1001, 2001, 1001, 2001 }
#define ROOT_IDS	{ 0, 0, 0, 0, 0, 0, 0, 0 }
#define NOBODY_IDS	{ 65534, 65534, 65534, 65534, 65534, 65534, 65534, 65534 }
#define LAST		0xfffffffe
#define LAST_IDS	{ LAST, LAST, LAST, LAST, LAST, LAST, LAST, LAST }

static const struct ids_row ids_rows[] = {
	{ "all differ", { 3001, 4001, 3002, 4002, 3003, 4003, 3004, 4004 },
			{ 1001, 2001, 1002, 2002, 1003, 2003, 1004, 2004 } },
	{ "all differ, the other way", { 1001, 2001, 1002, 2002, 1003, 2003, 1004, 2004 },
				       { 3001, 4001, 3002, 4002, 3003, 4003, 3004, 4004 } },
	{ "none differs", SERVER_IDS, SERVER_IDS },
	{ "only the real user", SERVER_IDS,
	  { 1001, 4001, 3001, 4001, 3001, 4001, 3001, 4001 } },
	{ "only the effective user", SERVER_IDS,
	  { 3001, 4001, 1001, 4001, 3001, 4001, 3001, 4001 } },
	{ "only the saved user", SERVER_IDS,
	  { 3001, 4001, 3001, 4001, 1001, 4001, 3001, 4001 } },
	{ "only the user for files", SERVER_IDS,
	  { 3001, 4001, 3001, 4001, 3001, 4001, 1001, 4001 } },
	{ "only the real group", SERVER_IDS,
	  { 3001, 2001, 3001, 4001, 3001, 4001, 3001, 4001 } },
	{ "only the effective group", SERVER_IDS,
	  { 3001, 4001, 3001, 2001, 3001, 4001, 3001, 4001 } },
	{ "only the saved group", SERVER_IDS,
	  { 3001, 4001, 3001, 4001, 3001, 2001, 3001, 4001 } },
	{ "only the group for files", SERVER_IDS,
	  { 3001, 4001, 3001, 4001, 3001, 4001, 3001, 2001 } },
	{ "the server is root", ROOT_IDS, CLIENT_IDS },
	{ "the client is root", SERVER_IDS, ROOT_IDS },
	{ "the client is nobody", SERVER_IDS, NOBODY_IDS },
	{ "the highest there is", SERVER_IDS, LAST_IDS },
};

ROWS(ids);

/* Who the server is shows in none of them. */
static void ids_are_the_clients(struct kunit *test)
{
	const struct ids_row *row = test->param_value;
	struct cred *server = persona_cred(test, &(struct persona) {});
	struct cred *client = persona_cred(test, &(struct persona) {});
	unsigned int level;

	ids_set(server, &row->server);
	ids_set(client, &row->client);
	for (level = LOW_LEVELS; level < LEVELS; level++)
		ids_expect(test, &row->client, applied_cred(test, server, client, level));
	ids_expect(test, &row->server, server);
	ids_expect(test, &row->client, client);
}

struct groups_row {
	const char *name;
	struct persona server;
	struct persona client;
};

static const struct groups_row groups_rows[] = {
	{ "nobody has any", {}, {} },
	{ "only the client", {}, { .ngroups = 2, .groups = { 11, 12 } } },
	{ "only the server", { .ngroups = 2, .groups = { 21, 22 } }, {} },
	{ "others", { .ngroups = 2, .groups = { 21, 22 } },
		    { .ngroups = 2, .groups = { 11, 12 } } },
	{ "some in common", { .ngroups = 2, .groups = { 11, 12 } },
			    { .ngroups = 2, .groups = { 12, 13 } } },
	{ "the client has fewer", { .ngroups = 3, .groups = { 11, 12, 13 } },
				  { .ngroups = 1, .groups = { 12 } } },
	{ "the client has more", { .ngroups = 1, .groups = { 12 } },
				 { .ngroups = 3, .groups = { 11, 12, 13 } } },
	{ "the client is in root's", { .ngroups = 1, .groups = { 21 } },
				     { .ngroups = 1, .groups = { 0 } } },
	{ "eight", {}, { .ngroups = 8, .groups = { 1, 2, 3, 4, 5, 6, 7, 0xfffffffe } } },
};

ROWS(groups);

static void groups_are_the_clients(struct kunit *test)
{
	const struct groups_row *row = test->param_value;
	const struct cred *server = persona_cred(test, &row->server);
	const struct cred *client = persona_cred(test, &row->client);
	const struct group_info *groups;
	unsigned int level, i;

	for (level = LOW_LEVELS; level < LEVELS; level++) {
		groups = applied_cred(test, server, client, level)->group_info;
		KUNIT_ASSERT_EQ(test, (int)row->client.ngroups, groups->ngroups);
		for (i = 0; i < row->client.ngroups; i++)
			KUNIT_EXPECT_EQ_MSG(test, row->client.groups[i],
					    __kgid_val(groups->gid[i]), "number %u", i);
		/* Not one more copy for each server. */
		KUNIT_EXPECT_PTR_EQ(test, groups, client->group_info);
	}
}

struct accounts_row {
	const char *name;
	u32 server;
	u32 client;
	enum relation relation;
};

static const struct accounts_row accounts_rows[] = {
	{ "two users", 3001, 1001, SAME_NS },
	{ "one user", 1001, 1001, SAME_NS },
	{ "the server is root", 0, 1001, SAME_NS },
	{ "the client is root", 3001, 0, SAME_NS },
	{ "a client below", 3001, 1001, CLIENT_BELOW },
	{ "the same user below", 1001, 1001, CLIENT_BELOW },
	{ "a client above", 3001, 1001, SERVER_BELOW },
	{ "the same user above", 1001, 1001, SERVER_BELOW },
	{ "a client beside", 3001, 1001, SIBLINGS },
	{ "the same user beside", 1001, 1001, SIBLINGS },
};

ROWS(accounts);

/* The user namespace, and what is charged for the client's processes and files. */
static void accounts_are_the_clients(struct kunit *test)
{
	const struct accounts_row *row = test->param_value;
	struct pair within = pair_within(test, row->relation);
	struct cred *server, *client;
	const struct cred *applied;
	unsigned int level;

	server = persona_cred(test, &(struct persona) {
		.uid = row->server, .within = within.server });
	client = persona_cred(test, &(struct persona) {
		.uid = row->client, .within = within.client });
	own_accounts(test, server);
	own_accounts(test, client);
	KUNIT_ASSERT_EQ(test, row->relation == SAME_NS, server->user_ns == client->user_ns);
	KUNIT_ASSERT_EQ(test, row->server == row->client, server->user == client->user);
	KUNIT_ASSERT_EQ(test, row->relation == SAME_NS && row->server == row->client,
			server->ucounts == client->ucounts);

	for (level = LOW_LEVELS; level < LEVELS; level++) {
		applied = applied_cred(test, server, client, level);
		KUNIT_EXPECT_PTR_EQ(test, client->user_ns, applied->user_ns);
		KUNIT_EXPECT_PTR_EQ(test, client->user, applied->user);
		KUNIT_EXPECT_PTR_EQ(test, client->ucounts, applied->ucounts);
		KUNIT_EXPECT_EQ(test, row->client, __kuid_val(applied->user->uid));
		KUNIT_EXPECT_EQ(test, row->client, __kuid_val(applied->ucounts->uid));
		KUNIT_EXPECT_PTR_EQ(test, applied->user_ns, applied->ucounts->ns);
	}
}

struct securebits_row {
	const char *name;
	unsigned int server;
	unsigned int client;
	unsigned int level;
	unsigned int expected;
};

static const struct securebits_row securebits_rows[] = {
	{ "Anonymous", 0, 0, 0, 0x60000000 },
	{ "Identification", 0, 0, 1, 0x68000000 },
	{ "Impersonation", 0, 0, 2, 0x30000000 },
	{ "Delegation", 0, 0, 3, 0x38000000 },
	{ "the server's, Anonymous", 0xff, 0, 0, 0x600000ff },
	{ "the server's, Identification", 0xff, 0, 1, 0x680000ff },
	{ "the server's, Impersonation", 0xff, 0, 2, 0x300000ff },
	{ "the server's, Delegation", 0xff, 0, 3, 0x380000ff },
	{ "not the client's, Anonymous", 0, 0xff, 0, 0x60000000 },
	{ "not the client's, Identification", 0, 0xff, 1, 0x68000000 },
	{ "not the client's, Impersonation", 0, 0xff, 2, 0x30000000 },
	{ "not the client's, Delegation", 0, 0xff, 3, 0x38000000 },
	{ "each its own", 0x0f, 0xf0, 2, 0x3000000f },
	{ "each its own, the other way", 0xf0, 0x0f, 2, 0x300000f0 },
	{ "a client applied at Impersonation", 0x03, 0x300000f0, 2, 0x30000003 },
	{ "a client applied at Delegation, to Impersonation", 0x03, 0x380000f0, 2, 0x30000003 },
	{ "a client applied at Identification, to Anonymous", 0x03, 0x680000f0, 0, 0x60000003 },
	{ "a mark on the server", 0x780000ff, 0, 2, 0x300000ff },
};

ROWS(securebits);

static void securebits_are_the_servers_and_a_mark(struct kunit *test)
{
	const struct securebits_row *row = test->param_value;
	struct cred *server = persona_cred(test, &(struct persona) { .securebits = row->server });
	struct cred *client = persona_cred(test, &(struct persona) { .securebits = row->client });
	const struct cred *applied = applied_cred(test, server, client, row->level);

	KUNIT_EXPECT_EQ(test, row->expected, applied->securebits);
	KUNIT_EXPECT_EQ(test, row->level, ntimp_cred_level_ceiling(applied));
	KUNIT_EXPECT_TRUE(test, ntimp_cred_is_applied(applied));
	KUNIT_EXPECT_EQ(test, row->expected, copied_cred(test, applied)->securebits);
	KUNIT_EXPECT_EQ(test, row->server, server->securebits);
	KUNIT_EXPECT_EQ(test, row->client, client->securebits);
}

struct ceiling_row {
	const char *name;
	unsigned int securebits;
	bool applied;
	unsigned int ceiling;
};

static const struct ceiling_row ceiling_rows[] = {
	{ "no securebits", 0, false, NTIMP_LEVEL_DELEGATION },
	{ "all that user space can set", SECURE_ALL_BITS | SECURE_ALL_LOCKS, false,
	  NTIMP_LEVEL_DELEGATION },
	{ "a level of 1, but no mark", 0x08000000, false, NTIMP_LEVEL_DELEGATION },
	{ "a level of 3, but no mark", 0x18000000, false, NTIMP_LEVEL_DELEGATION },
	{ "a low level, but no mark", 0x40000000, false, NTIMP_LEVEL_DELEGATION },
	{ "the highest bit", 0x80000000, false, NTIMP_LEVEL_DELEGATION },
	{ "Anonymous", 0x60000000, true, NTIMP_LEVEL_ANONYMOUS },
	{ "Identification", 0x68000000, true, NTIMP_LEVEL_IDENTIFICATION },
	{ "Impersonation", 0x30000000, true, NTIMP_LEVEL_IMPERSONATION },
	{ "Delegation", 0x38000000, true, NTIMP_LEVEL_DELEGATION },
	{ "Anonymous and others", 0xe00000ff, true, NTIMP_LEVEL_ANONYMOUS },
	{ "Identification and others", 0xe80000ff, true, NTIMP_LEVEL_IDENTIFICATION },
	{ "Impersonation and others", 0xb00000ff, true, NTIMP_LEVEL_IMPERSONATION },
	{ "Delegation and others", 0xb80000ff, true, NTIMP_LEVEL_DELEGATION },
};

ROWS(ceiling);

static void mark_says_the_ceiling(struct kunit *test)
{
	const struct ceiling_row *row = test->param_value;
	const struct cred *cred = persona_cred(test, &(struct persona) {
		.securebits = row->securebits });

	KUNIT_EXPECT_EQ(test, row->applied, ntimp_cred_is_applied(cred));
	KUNIT_EXPECT_EQ(test, row->ceiling, ntimp_cred_level_ceiling(cred));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(ids_are_the_clients, ids_gen_params),
	KUNIT_CASE_PARAM(groups_are_the_clients, groups_gen_params),
	KUNIT_CASE_PARAM(accounts_are_the_clients, accounts_gen_params),
	KUNIT_CASE_PARAM(securebits_are_the_servers_and_a_mark, securebits_gen_params),
	KUNIT_CASE_PARAM(mark_says_the_ceiling, ceiling_gen_params),
	{}
};

struct kunit_suite ntimp_cred_suite = {
	.name = "cred",
	.test_cases = cases,
};
