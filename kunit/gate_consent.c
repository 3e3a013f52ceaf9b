// SPDX-License-Identifier: GPL-2.0-only
/* Whom the client's own consent lets pass, and whose client has none to give. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/sched.h>

#include "../ntimp/gate.h"
#include "defer.h"
#include "persona.h"
#include "places.h"
#include "rows.h"
#include "suites.h"

struct consent_row {
	const char *name;
	int expected;
	struct persona server;
	struct odd_id server_odd;
	enum place server_in;
	struct persona client;
	struct odd_id client_odd;
	enum place client_in;
	bool off;		/* the parameter */
	bool no_new_privs;
	bool allow_root;
};

#define S(...)		.server = { .uid = 1000, .gid = 1000, ##__VA_ARGS__ }
#define C(...)		.client = { .uid = 1001, .gid = 1001, ##__VA_ARGS__ }
#define ALL		.permitted = CAPS_ALL
#define ROOT_CLIENT	.client = {}

static const struct consent_row consent_rows[] = {
	{ "a user", 0, S(), C() },
	{ "a user, off", -EPERM, S(), C(), .off = true },
	{ "a user, no_new_privs", -EPERM, S(), C(), .no_new_privs = true },
	{ "a user, off and no_new_privs", -EPERM, S(), C(), .off = true, .no_new_privs = true },
	{ "a server with all", 0, S(ALL), C() },
	{ "a client with all", 0, S(), C(ALL) },
	{ "a client in groups", 0, S(), C(.ngroups = 2, .groups = { 0, 5 }) },
	{ "root", -EPERM, S(), ROOT_CLIENT },
	{ "root, server with all", -EPERM, S(ALL), ROOT_CLIENT },
	{ "root, real user", -EPERM, S(), C(), .client_odd = ODD(uid, 0) },
	{ "root, effective user", -EPERM, S(), C(), .client_odd = ODD(euid, 0) },
	{ "root, saved user", -EPERM, S(), C(), .client_odd = ODD(suid, 0) },
	{ "root, file system user", -EPERM, S(), C(), .client_odd = ODD(fsuid, 0) },
	{ "root, by its group", 0, S(), C(), .client_odd = ODD(gid, 0) },
	{ "root to root", 0, .server = {}, ROOT_CLIENT },
	{ "root, allowed", 0, S(), ROOT_CLIENT, .allow_root = true },
	{ "root, allowed, off", -EPERM, S(), ROOT_CLIENT, .allow_root = true, .off = true },
	{ "root, allowed, no_new_privs", -EPERM, S(), ROOT_CLIENT, .allow_root = true,
	  .no_new_privs = true },
	{ "client in a child", 0, S(), .client = { .uid = 101001 }, .client_in = OWN },
	{ "root of a child, server at home", 0, S(), .client = { .uid = 100000 },
	  .client_in = OTHERS },
	{ "root of the server's child", -EPERM, .server = { .uid = 101000 }, .server_in = OWN,
	  .client = { .uid = 100000 }, .client_in = OWN },
	{ "server in a child", 0, .server = { .uid = 101000 }, .server_in = OWN, C() },
	{ "server in a child, client its root", -EPERM, .server = { .uid = 101000 },
	  .server_in = OWN, .client = { .uid = 100000 } },
	{ "root of a child, root at home", -EPERM, .server = { .uid = 100000, ALL },
	  .server_in = OWN, ROOT_CLIENT },
	{ "siblings", 0, .server = { .uid = 101000 }, .server_in = OWN,
	  .client = { .uid = 101001 }, .client_in = OWN_TOO },
	{ "siblings, no number", 0, .server = { .uid = 101000 }, .server_in = OWN, C(),
	  .client_in = EMPTY },
};

ROWS(consent);

static void undo_params(const void *allow_root)
{
	ntimp_allow_root_clients = allow_root;
	ntimp_consent = false;
}

static void consent(struct kunit *test)
{
	const struct consent_row *row = test->param_value;
	const struct cred *server, *client;
	struct places places = {};

	server = place_cred(test, &places, row->server_in, &row->server, &row->server_odd);
	client = place_cred(test, &places, row->client_in, &row->client, &row->client_odd);
	defer(test, undo_params, ntimp_allow_root_clients ? test : NULL);
	ntimp_allow_root_clients = row->allow_root;
	ntimp_consent = !row->off;
	/* This thread ends with the case. */
	if (row->no_new_privs)
		task_set_no_new_privs(current);

	KUNIT_EXPECT_EQ(test, row->expected, ntimp_gate_consented(server, client));
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(server));
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(client));
}

/* The gate itself knows nothing of it. */
static void gate_is_what_it_was(struct kunit *test)
{
	const struct cred *server = persona_cred(test, &(struct persona) { .uid = 1000 });
	const struct cred *client = persona_cred(test, &(struct persona) { .uid = 1001 });

	defer(test, undo_params, ntimp_allow_root_clients ? test : NULL);
	ntimp_consent = true;
	KUNIT_EXPECT_EQ(test, -EPERM, ntimp_gate(server, client));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(consent, consent_gen_params),
	KUNIT_CASE(gate_is_what_it_was),
	{}
};

struct kunit_suite ntimp_gate_consent_suite = {
	.name = "gate_consent",
	.test_cases = cases,
};
