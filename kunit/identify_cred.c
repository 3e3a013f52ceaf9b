// SPDX-License-Identifier: GPL-2.0-only
/* The applied cred below Impersonation: nobody, confined as the server is. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/securebits.h>
#include <linux/user_namespace.h>

#include "../ntimp/cred.h"
#include "parts.h"
#include "rows.h"
#include "suites.h"

#define OVERFLOW	65534
#define NO_ID		0xffffffff

struct who_row {
	const char *name;
	unsigned int level;
	struct persona server;
	struct persona client;
	unsigned int mark;
};

#define ALL_CAPS	.permitted = CAPS_ALL, .inheritable = CAPS_ALL
#define SOME_GROUPS	.ngroups = 3, .groups = { 0, 7, OVERFLOW }

static const struct who_row who_rows[] = {
	{ "users, Anonymous", 0, { .uid = 3001, .gid = 4001 }, { .uid = 1001, .gid = 2001 },
	  0x60000000 },
	{ "users, Identification", 1, { .uid = 3001, .gid = 4001 }, { .uid = 1001, .gid = 2001 },
	  0x68000000 },
	{ "root for a user", 1, { ALL_CAPS, SOME_GROUPS }, { .uid = 1001 }, 0x68000000 },
	{ "a user for root", 1, { .uid = 3001 }, { ALL_CAPS, SOME_GROUPS }, 0x68000000 },
	{ "root for root", 0, { ALL_CAPS, SOME_GROUPS }, { ALL_CAPS, SOME_GROUPS }, 0x60000000 },
	{ "nobody for nobody", 1, { .uid = OVERFLOW, .gid = OVERFLOW },
	  { .uid = OVERFLOW, .gid = OVERFLOW, SOME_GROUPS }, 0x68000000 },
	{ "securebits of both", 0, { .securebits = 0x0f }, { .securebits = 0xf0 }, 0x6000000f },
	{ "inactive capabilities", 1, { .permitted = CAPS_ALL, .inactive = CAPS_ALL },
	  { .permitted = CAPS_ALL, .inactive = CAPS_ALL }, 0x68000000 },
};

ROWS(who);

static const struct ids nobody = {
	NO_ID, NO_ID, NO_ID, NO_ID, NO_ID, NO_ID, OVERFLOW, OVERFLOW,
};

static void nobody_is_worn(struct kunit *test)
{
	const struct who_row *row = test->param_value;
	struct cred *server = persona_cred(test, &row->server);
	struct cred *client = persona_cred(test, &row->client);
	const struct cred *applied;

	own_keyrings(test, server, "spta");
	own_keyrings(test, client, "spta");
	applied = applied_cred(test, server, client, row->level);

	ids_expect(test, &nobody, applied);
	KUNIT_EXPECT_EQ(test, 0, applied->group_info->ngroups);
	caps_expect(test, &(struct caps) { .bounding = CAPS_ALL }, applied);
	KUNIT_EXPECT_NULL(test, applied->session_keyring);
	KUNIT_EXPECT_NULL(test, applied->process_keyring);
	KUNIT_EXPECT_NULL(test, applied->thread_keyring);
	KUNIT_EXPECT_NULL(test, applied->request_key_auth);
	KUNIT_EXPECT_PTR_EQ(test, server->user, applied->user);
	KUNIT_EXPECT_PTR_EQ(test, server->ucounts, applied->ucounts);
	KUNIT_EXPECT_PTR_EQ(test, server->user_ns, applied->user_ns);
	KUNIT_EXPECT_EQ(test, row->mark, applied->securebits);
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(applied));
}

/* Not even who owns a user namespace has rights to it by that. */
static void owns_no_namespace(struct kunit *test)
{
	const struct cred *owner = persona_cred(test, &(struct persona) {
		.uid = OVERFLOW, .gid = OVERFLOW });
	const struct cred *within = persona_user_ns(test, owner, 1000, 1000);
	const struct cred *server = persona_cred(test, &(struct persona) { ALL_CAPS });
	const struct cred *applied;
	unsigned int level;
	int cap;

	for (cap = 0; cap <= CAP_LAST_CAP; cap++) {
		KUNIT_ASSERT_TRUE(test, ntimp_cred_capable(owner, within->user_ns, cap));
		for (level = 0; level < LOW_LEVELS; level++) {
			applied = applied_cred(test, server, owner, level);
			KUNIT_EXPECT_FALSE(test, ntimp_cred_capable(applied, within->user_ns, cap));
		}
	}
}

/* A client of another user namespace does not bring it along. */
static void namespace_is_the_servers(struct kunit *test)
{
	static const enum relation relations[] = { CLIENT_BELOW, SERVER_BELOW, SIBLINGS };
	unsigned int level;
	int i;

	for (i = 0; i < ARRAY_SIZE(relations); i++) {
		struct pair within = pair_within(test, relations[i]);
		struct cred *server = persona_cred(test, &(struct persona) {
			.uid = 3001, .within = within.server });
		struct cred *client = persona_cred(test, &(struct persona) {
			.uid = 1001, .within = within.client });

		for (level = 0; level < LOW_LEVELS; level++)
			KUNIT_EXPECT_PTR_EQ(test, server->user_ns,
					    applied_cred(test, server, client, level)->user_ns);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(nobody_is_worn, who_gen_params),
	KUNIT_CASE(owns_no_namespace),
	KUNIT_CASE(namespace_is_the_servers),
	{}
};

struct kunit_suite ntimp_identify_cred_suite = {
	.name = "identify_cred",
	.test_cases = cases,
};
