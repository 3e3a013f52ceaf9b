// SPDX-License-Identifier: GPL-2.0-only
/* The applied cred: never more capability than the client uses and the server has. */
#include <kunit/test.h>

#include "parts.h"
#include "rows.h"
#include "suites.h"

#define CHOWN		CAP_BIT(CAP_CHOWN)
#define KILL		CAP_BIT(CAP_KILL)
#define SETUID		CAP_BIT(CAP_SETUID)
#define SYSLOG		CAP_BIT(CAP_SYSLOG)	/* in the high word */
#define LAST		CAP_BIT(CAP_LAST_CAP)
#define ALL		CAPS_ALL

/* All five sets are given in the order inheritable, permitted, effective, bounding, ambient. */
#define NONE		{ 0, 0, 0, ALL, 0 }
#define ACTIVE		{ 0, ALL, ALL, ALL, 0 }		/* all that are any use */
#define EVERY		{ ALL, ALL, ALL, ALL, ALL }

struct caps_row {
	const char *name;
	struct caps server;
	struct caps client;
	struct caps expected;
	enum relation relation;
};

static const struct caps_row caps_rows[] = {
	{ "nobody has any", NONE, NONE, NONE },
	{ "both have all", ACTIVE, ACTIVE, ACTIVE },
	{ "both have all in all sets", EVERY, EVERY, ACTIVE },
	{ "only the client has any", NONE, ACTIVE, NONE },
	{ "only the server has any", ACTIVE, NONE, NONE },
	{ "the client has more",
	  { 0, CHOWN, CHOWN, ALL, 0 }, { 0, CHOWN | KILL, CHOWN | KILL, ALL, 0 },
	  { 0, CHOWN, CHOWN, ALL, 0 } },
	{ "the server has more",
	  { 0, CHOWN | KILL, CHOWN | KILL, ALL, 0 }, { 0, CHOWN, CHOWN, ALL, 0 },
	  { 0, CHOWN, CHOWN, ALL, 0 } },
	{ "each has more",
	  { 0, CHOWN | SETUID, CHOWN | SETUID, ALL, 0 },
	  { 0, CHOWN | KILL, CHOWN | KILL, ALL, 0 }, { 0, CHOWN, CHOWN, ALL, 0 } },
	{ "nothing in common", { 0, CHOWN, CHOWN, ALL, 0 }, { 0, KILL, KILL, ALL, 0 }, NONE },
	{ "in the high word",
	  ACTIVE, { 0, SYSLOG, SYSLOG, ALL, 0 }, { 0, SYSLOG, SYSLOG, ALL, 0 } },
	{ "the last one", { 0, LAST, LAST, ALL, 0 }, ACTIVE, { 0, LAST, LAST, ALL, 0 } },
	{ "all but the last one",
	  ACTIVE, { 0, ALL & ~LAST, ALL & ~LAST, ALL, 0 },
	  { 0, ALL & ~LAST, ALL & ~LAST, ALL, 0 } },
	{ "both words, each has more",
	  { 0, CHOWN | SYSLOG | LAST, CHOWN | SYSLOG | LAST, ALL, 0 },
	  { 0, KILL | SYSLOG | CHOWN, KILL | SYSLOG | CHOWN, ALL, 0 },
	  { 0, CHOWN | SYSLOG, CHOWN | SYSLOG, ALL, 0 } },
	{ "the client's inactive ones",
	  ACTIVE, { 0, CHOWN | KILL, KILL, ALL, 0 }, { 0, KILL, KILL, ALL, 0 } },
	{ "the client's, all inactive", ACTIVE, { 0, ALL, 0, ALL, 0 }, NONE },
	{ "the server's inactive ones",
	  { 0, CHOWN | KILL, KILL, ALL, 0 }, ACTIVE,
	  { 0, CHOWN | KILL, CHOWN | KILL, ALL, 0 } },
	{ "the server's, all inactive",
	  { 0, ALL, 0, ALL, 0 }, { 0, CHOWN, CHOWN, ALL, 0 }, { 0, CHOWN, CHOWN, ALL, 0 } },
	{ "inactive on both sides",
	  { 0, CHOWN | KILL, KILL, ALL, 0 }, { 0, CHOWN | KILL, CHOWN, ALL, 0 },
	  { 0, CHOWN, CHOWN, ALL, 0 } },
	{ "the client's inheritable ones", ACTIVE, { CHOWN, 0, 0, ALL, 0 }, NONE },
	{ "the server's inheritable ones",
	  { CHOWN, ALL, ALL, ALL, 0 }, { 0, KILL, KILL, ALL, 0 }, { 0, KILL, KILL, ALL, 0 } },
	{ "the same inheritable ones", { CHOWN, 0, 0, ALL, 0 }, { CHOWN, 0, 0, ALL, 0 }, NONE },
	{ "the client's ambient ones",
	  ACTIVE, { CHOWN, CHOWN, CHOWN, ALL, CHOWN }, { 0, CHOWN, CHOWN, ALL, 0 } },
	{ "the server's ambient ones",
	  { CHOWN, CHOWN, CHOWN, ALL, CHOWN }, { 0, CHOWN, CHOWN, ALL, 0 },
	  { 0, CHOWN, CHOWN, ALL, 0 } },
	{ "the same ambient ones",
	  { KILL, KILL, KILL, ALL, KILL }, { KILL, KILL, KILL, ALL, KILL },
	  { 0, KILL, KILL, ALL, 0 } },
	{ "the client's bounds", NONE, { 0, 0, 0, CHOWN, 0 }, { 0, 0, 0, CHOWN, 0 } },
	{ "the server's bounds", { 0, 0, 0, CHOWN, 0 }, NONE, { 0, 0, 0, CHOWN, 0 } },
	{ "other bounds",
	  { 0, 0, 0, CHOWN | KILL, 0 }, { 0, 0, 0, CHOWN | SYSLOG, 0 }, { 0, 0, 0, CHOWN, 0 } },
	{ "bounds with nothing in common",
	  { 0, 0, 0, CHOWN, 0 }, { 0, 0, 0, KILL, 0 }, { 0, 0, 0, 0, 0 } },
	{ "capabilities outside the bounds",
	  { 0, KILL, KILL, CHOWN, 0 }, { 0, KILL, KILL, CHOWN, 0 },
	  { 0, KILL, KILL, CHOWN, 0 } },
	{ "a client below", ACTIVE, ACTIVE, NONE, CLIENT_BELOW },
	{ "a client below, all sets", EVERY, EVERY, NONE, CLIENT_BELOW },
	{ "a client above", ACTIVE, ACTIVE, NONE, SERVER_BELOW },
	{ "a client above, all sets", EVERY, EVERY, NONE, SERVER_BELOW },
	{ "a client beside", ACTIVE, ACTIVE, NONE, SIBLINGS },
	{ "a client beside, all sets", EVERY, EVERY, NONE, SIBLINGS },
	{ "a client below, one of each",
	  { 0, CHOWN, CHOWN, ALL, 0 }, { 0, CHOWN, CHOWN, ALL, 0 }, NONE, CLIENT_BELOW },
	{ "a client below, a server with none", NONE, ACTIVE, NONE, CLIENT_BELOW },
	{ "a client below, bounds",
	  { 0, 0, 0, CHOWN | KILL, 0 }, { 0, 0, 0, CHOWN | SYSLOG, 0 },
	  { 0, 0, 0, CHOWN, 0 }, CLIENT_BELOW },
	{ "a client above, bounds",
	  { 0, 0, 0, CHOWN | KILL, 0 }, { 0, 0, 0, CHOWN | SYSLOG, 0 },
	  { 0, 0, 0, CHOWN, 0 }, SERVER_BELOW },
};

ROWS(caps);

static void caps_are_in_common(struct kunit *test, u32 server_id, u32 client_id)
{
	const struct caps_row *row = test->param_value;
	struct pair within = pair_within(test, row->relation);
	struct cred *server, *client;
	unsigned int level;

	server = persona_cred(test, &(struct persona) {
		.uid = server_id, .within = within.server });
	client = persona_cred(test, &(struct persona) {
		.uid = client_id, .within = within.client });
	caps_set(server, &row->server);
	caps_set(client, &row->client);
	for (level = LOW_LEVELS; level < LEVELS; level++)
		caps_expect(test, &row->expected, applied_cred(test, server, client, level));
	caps_expect(test, &row->server, server);
	caps_expect(test, &row->client, client);
}

static void caps_of_users(struct kunit *test)
{
	caps_are_in_common(test, 3001, 1001);
}

/* To be root is no capability. */
static void caps_of_roots(struct kunit *test)
{
	caps_are_in_common(test, 0, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(caps_of_users, caps_gen_params),
	KUNIT_CASE_PARAM(caps_of_roots, caps_gen_params),
	{}
};

struct kunit_suite ntimp_cred_caps_suite = {
	.name = "cred_caps",
	.test_cases = cases,
};
