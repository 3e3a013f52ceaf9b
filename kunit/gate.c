// SPDX-License-Identifier: GPL-2.0-only
/* Who may act as whom, why others may not, and whatever the thread that asks is. */
#include <kunit/test.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/securebits.h>
#include <uapi/linux/ntimp.h>

#include "../ntimp/compat.h"
#include "../ntimp/gate.h"
#include "defer.h"
#include "persona.h"
#include "places.h"
#include "rows.h"
#include "suites.h"

/**
 * struct gate_row - one server and one client
 * @name: what is special
 * @expected: why the gate refuses, if it does
 * @server: the server, user 0 unless said otherwise
 * @server_odd: the one id that is another
 * @server_in: its user namespace
 * @client: the client
 * @client_odd: the one id that is another
 * @client_in: its user namespace
 * @allow_root: the administrator allows clients that are root
 */
struct gate_row {
	const char *name;
	enum ntimp_reason expected;
	struct persona server;
	struct odd_id server_odd;
	enum place server_in;
	struct persona client;
	struct odd_id client_odd;
	enum place client_in;
	bool allow_root;
};

#define S(...)		S_AS(1000, 1000, ##__VA_ARGS__)
#define S_AS(u, g, ...)	.server = { .uid = (u), .gid = (g), ##__VA_ARGS__ }
#define C(...)		C_AS(1001, 1001, ##__VA_ARGS__)
#define C_AS(u, g, ...)	.client = { .uid = (u), .gid = (g), ##__VA_ARGS__ }
#define CAPS(caps)	.permitted = (caps)
#define SETIDS		.permitted = CAPS_SETIDS
#define ALL		.permitted = CAPS_ALL
#define GROUPS(n, ...)	.ngroups = (n), .groups = { __VA_ARGS__ }

#define MAY		NTIMP_REASON_NONE
#define ROOT_CLIENT	NTIMP_REASON_ROOT_CLIENT
#define NO_SETID	NTIMP_REASON_NO_SETID
#define UNMAPPED	NTIMP_REASON_UNMAPPED

#define SETUID_ONLY	CAP_BIT(CAP_SETUID)
#define SETGID_ONLY	CAP_BIT(CAP_SETGID)
#define NO_ID		((u32)-1)

static const struct gate_row caps_rows[] = {
	{ "none", NO_SETID, S(), C() },
	{ "CAP_SETUID", NO_SETID, S(CAPS(SETUID_ONLY)), C() },
	{ "CAP_SETGID", NO_SETID, S(CAPS(SETGID_ONLY)), C() },
	{ "both", MAY, S(SETIDS), C() },
	{ "both, not effective", NO_SETID, S(SETIDS, .inactive = CAPS_SETIDS), C() },
	{ "both, CAP_SETUID not effective", NO_SETID, S(SETIDS, .inactive = SETUID_ONLY), C() },
	{ "both, CAP_SETGID not effective", NO_SETID, S(SETIDS, .inactive = SETGID_ONLY), C() },
	{ "both, inheritable only", NO_SETID, S(.inheritable = CAPS_SETIDS), C() },
	{ "both, ambient only", NO_SETID, S(.ambient = CAPS_SETIDS), C() },
	{ "both, not in the bounding set", MAY, S(SETIDS, .unbound = CAPS_SETIDS), C() },
	{ "all", MAY, S(ALL), C() },
	{ "all but both", NO_SETID, S(CAPS(CAPS_ALL & ~CAPS_SETIDS)), C() },
	{ "none, and the client has both", NO_SETID, S(), C(SETIDS) },
	{ "both, and the client has all", MAY, S(SETIDS), C(ALL) },
	{ "both, for a client in groups", MAY, S(SETIDS), C(GROUPS(2, 10, 20)) },
	{ "both, for the last user there can be", MAY, S(SETIDS), C_AS(4294967294U, 4294967294U) },
	{ "both, for a user that can't be", UNMAPPED, S(SETIDS), C(),
	  .client_odd = ODD(uid, NO_ID) },
	{ "both, for a group that can't be", UNMAPPED, S(SETIDS), C(),
	  .client_odd = ODD(gid, NO_ID) },
	{ "root without", NO_SETID, S_AS(0, 0), C() },
	{ "root with both", MAY, S_AS(0, 0, SETIDS), C() },
};

static const struct gate_row identity_rows[] = {
	{ "equal", MAY, S(), C_AS(1000, 1000) },
	{ "other user", NO_SETID, S(), C_AS(1001, 1000) },
	{ "other group", NO_SETID, S(), C_AS(1000, 1001) },
	{ "other real user", NO_SETID, S(), C_AS(1000, 1000), .client_odd = ODD(uid, 1001) },
	{ "other effective user", NO_SETID, S(), C_AS(1000, 1000), .client_odd = ODD(euid, 1001) },
	{ "other saved user", NO_SETID, S(), C_AS(1000, 1000), .client_odd = ODD(suid, 1001) },
	{ "other file system user", NO_SETID, S(), C_AS(1000, 1000),
	  .client_odd = ODD(fsuid, 1001) },
	{ "other real group", NO_SETID, S(), C_AS(1000, 1000), .client_odd = ODD(gid, 1001) },
	{ "other effective group", NO_SETID, S(), C_AS(1000, 1000), .client_odd = ODD(egid, 1001) },
	{ "other saved group", NO_SETID, S(), C_AS(1000, 1000), .client_odd = ODD(sgid, 1001) },
	{ "other file system group", NO_SETID, S(), C_AS(1000, 1000),
	  .client_odd = ODD(fsgid, 1001) },
	{ "both the same set-uid program", MAY, S(), .server_odd = ODD(euid, 1001),
	  C_AS(1000, 1000),
	  .client_odd = ODD(euid, 1001) },
	{ "effective user is the client", NO_SETID, S(), .server_odd = ODD(euid, 1001),
	  C_AS(1001, 1000) },

	{ "same groups", MAY, S(GROUPS(2, 10, 20)), C_AS(1000, 1000, GROUPS(2, 10, 20)) },
	{ "fewer groups", NO_SETID, S(GROUPS(2, 10, 20)), C_AS(1000, 1000, GROUPS(1, 10)) },
	{ "more groups", NO_SETID, S(GROUPS(1, 10)), C_AS(1000, 1000, GROUPS(2, 10, 20)) },
	{ "no groups", NO_SETID, S(GROUPS(1, 10)), C_AS(1000, 1000) },
	{ "groups of a server without", NO_SETID, S(), C_AS(1000, 1000, GROUPS(1, 10)) },
	{ "other groups", NO_SETID, S(GROUPS(2, 10, 20)), C_AS(1000, 1000, GROUPS(2, 10, 21)) },
	{ "other order of groups", NO_SETID, S(GROUPS(2, 10, 20)),
	  C_AS(1000, 1000, GROUPS(2, 20, 10)) },
	{ "same group twice", NO_SETID, S(GROUPS(1, 10)), C_AS(1000, 1000, GROUPS(2, 10, 10)) },
	{ "fewer groups, with both capabilities", MAY, S(SETIDS, GROUPS(2, 10, 20)),
	  C_AS(1000, 1000, GROUPS(1, 10)) },

	{ "equal capabilities", MAY, S(CAPS(BIT(1) | BIT(2))),
	  C_AS(1000, 1000, CAPS(BIT(1) | BIT(2))) },
	{ "fewer capabilities", MAY, S(CAPS(BIT(1) | BIT(2))), C_AS(1000, 1000, CAPS(BIT(2))) },
	{ "more capabilities", NO_SETID, S(CAPS(BIT(1))), C_AS(1000, 1000, CAPS(BIT(1) | BIT(2))) },
	{ "other capabilities", NO_SETID, S(CAPS(BIT(1))), C_AS(1000, 1000, CAPS(BIT(2))) },
	{ "more by one of both", NO_SETID, S(CAPS(CAPS_ALL & ~CAPS_SETIDS)),
	  C_AS(1000, 1000, CAPS(SETGID_ONLY)) },
	{ "more capabilities, high word", NO_SETID, S(),
	  C_AS(1000, 1000, CAPS(CAP_BIT(CAP_LAST_CAP))) },
	{ "more capabilities, not effective", NO_SETID, S(),
	  C_AS(1000, 1000, CAPS(BIT(1)), .inactive = BIT(1)) },
	{ "more capabilities, with both", MAY, S(SETIDS), C_AS(1000, 1000, ALL) },
	{ "more capabilities, inheritable", MAY, S(), C_AS(1000, 1000, .inheritable = CAPS_ALL) },
	{ "capabilities the server has not effective", MAY, S(CAPS(BIT(1)), .inactive = BIT(1)),
	  C_AS(1000, 1000, CAPS(BIT(1))) },
	{ "other bounding set", MAY, S(.unbound = CAPS_ALL), C_AS(1000, 1000) },
	{ "other securebits", MAY, S(), C_AS(1000, 1000, .securebits = SECBIT_NOROOT) },
};

static const struct gate_row root_rows[] = {
	{ "equal, without capabilities", MAY, S_AS(0, 0), C_AS(0, 0) },
	{ "more capabilities", NO_SETID, S_AS(0, 0), C_AS(0, 0, CAPS(BIT(1))) },
	{ "other group", NO_SETID, S_AS(0, 0), C_AS(0, 1001) },
	{ "other group, server with both", MAY, S_AS(0, 0, SETIDS), C_AS(0, 1001) },
	{ "server is not, with both", ROOT_CLIENT, S(SETIDS), C_AS(0, 0) },
	{ "server is not, with all", ROOT_CLIENT, S(ALL), C_AS(0, 0) },
	{ "server is not, without", ROOT_CLIENT, S(), C_AS(0, 0) },
	{ "client's real user", ROOT_CLIENT, S(ALL), C(), .client_odd = ODD(uid, 0) },
	{ "client's effective user", ROOT_CLIENT, S(ALL), C(), .client_odd = ODD(euid, 0) },
	{ "client's saved user", ROOT_CLIENT, S(ALL), C(), .client_odd = ODD(suid, 0) },
	{ "client's file system user", ROOT_CLIENT, S(ALL), C(), .client_odd = ODD(fsuid, 0) },
	{ "client's group", MAY, S(SETIDS), C_AS(1001, 0) },
	{ "one of the client's groups", MAY, S(SETIDS), C(GROUPS(1, 0)) },
	{ "server's real user", ROOT_CLIENT, S(ALL), .server_odd = ODD(uid, 0), C_AS(0, 0) },
	{ "server's effective user", MAY, S(ALL), .server_odd = ODD(euid, 0), C_AS(0, 0) },
	{ "server's saved user", ROOT_CLIENT, S(ALL), .server_odd = ODD(suid, 0), C_AS(0, 0) },
	{ "server's file system user", ROOT_CLIENT, S(ALL), .server_odd = ODD(fsuid, 0),
	  C_AS(0, 0) },
	{ "server's group", ROOT_CLIENT, S_AS(1000, 0, ALL), C_AS(0, 0) },
	{ "real users of both, equal", MAY, S(), .server_odd = ODD(uid, 0), C_AS(1000, 1000),
	  .client_odd = ODD(uid, 0) },
	{ "real users of both, other group", ROOT_CLIENT, S(ALL), .server_odd = ODD(uid, 0),
	  C_AS(1000, 1001), .client_odd = ODD(uid, 0) },

	{ "allowed, server with both", MAY, S(SETIDS), C_AS(0, 0), .allow_root = true },
	{ "allowed, server without", NO_SETID, S(), C_AS(0, 0), .allow_root = true },
	{ "allowed, server with CAP_SETUID", NO_SETID, S(CAPS(SETUID_ONLY)), C_AS(0, 0),
	  .allow_root = true },
	{ "allowed, server with CAP_SETGID", NO_SETID, S(CAPS(SETGID_ONLY)), C_AS(0, 0),
	  .allow_root = true },
	{ "allowed, client's saved user", MAY, S(SETIDS), C(), .client_odd = ODD(suid, 0),
	  .allow_root = true },
	{ "allowed, group that can't be", UNMAPPED, S(SETIDS), C_AS(0, 0),
	  .client_odd = ODD(sgid, NO_ID), .allow_root = true },
	{ "allowed, client is not", NO_SETID, S(), C(), .allow_root = true },
	{ "allowed, server is", NO_SETID, S_AS(0, 0), C_AS(0, 0, CAPS(BIT(1))),
	  .allow_root = true },
};

/* Who may act as clients of other user namespaces.  Ids are those of the initial one. */
static const struct gate_row child_rows[] = {
	{ "none", NO_SETID, S(), C_AS(101001, 101001), .client_in = OTHERS },
	{ "CAP_SETUID", NO_SETID, S(CAPS(SETUID_ONLY)), C_AS(101001, 101001), .client_in = OTHERS },
	{ "CAP_SETGID", NO_SETID, S(CAPS(SETGID_ONLY)), C_AS(101001, 101001), .client_in = OTHERS },
	{ "both", MAY, S(SETIDS), C_AS(101001, 101001), .client_in = OTHERS },
	{ "both, not effective", NO_SETID, S(SETIDS, .inactive = CAPS_SETIDS), C_AS(101001, 101001),
	  .client_in = OTHERS },
	{ "both, child of a child", MAY, S(SETIDS), C_AS(110500, 110500),
	  .client_in = OTHERS_CHILD },
	{ "same ids, none", NO_SETID, S_AS(1000, 1000), C_AS(1000, 1000), .client_in = SAME_IDS },
	{ "same ids, both", MAY, S_AS(1000, 1000, SETIDS), C_AS(1000, 1000),
	  .client_in = SAME_IDS },
	{ "owner, none", MAY, S(), C_AS(101001, 101001), .client_in = OWN },
	{ "owner, none, client with all", MAY, S(), C_AS(101001, 101001, ALL), .client_in = OWN },
	{ "owner by its group only", NO_SETID, S_AS(1002, 1000), C_AS(101001, 101001),
	  .client_in = OWN },
	{ "owner by its effective user only", MAY, S_AS(1002, 1002), .server_odd = ODD(euid, 1000),
	  C_AS(101001, 101001), .client_in = OWN },
	{ "owner but for its effective user", NO_SETID, S(), .server_odd = ODD(euid, 1002),
	  C_AS(101001, 101001), .client_in = OWN },
	{ "owner of the child's parent", MAY, S(), C_AS(110500, 110500), .client_in = OWN_CHILD },
	{ "owner of a child of others' child", NO_SETID, S_AS(101000, 101000), C_AS(110500, 110500),
	  .client_in = OTHERS_CHILD },

	{ "server in a child, client at home", NO_SETID, S_AS(101000, 101000, ALL),
	  .server_in = OWN,
	  C_AS(101001, 101001) },
	{ "server in a child, same client at home", NO_SETID, S_AS(101000, 101000, ALL),
	  .server_in = OWN, C_AS(101000, 101000) },
	{ "root in a child, root at home", NO_SETID, S_AS(0, 0, ALL), .server_in = SAME_IDS,
	  C_AS(0, 0) },
	{ "siblings", NO_SETID, S_AS(101000, 101000, ALL), .server_in = OWN, C_AS(101001, 101001),
	  .client_in = OWN_TOO },
	{ "siblings, same ids", NO_SETID, S_AS(101000, 101000, ALL), .server_in = OWN,
	  C_AS(101000, 101000), .client_in = OWN_TOO },
	{ "sibling of the owner's", NO_SETID, S(), .server_in = OWN, C_AS(101001, 101001),
	  .client_in = OWN_TOO },
	{ "grandchild to child", NO_SETID, S_AS(110000, 110000, ALL), .server_in = OWN_CHILD,
	  C_AS(110500, 110500), .client_in = OWN },
	{ "child to grandchild, both", MAY, S_AS(101000, 101000, SETIDS), .server_in = OWN,
	  C_AS(110500, 110500), .client_in = OWN_CHILD },
	{ "child to grandchild, none", NO_SETID, S_AS(101000, 101000), .server_in = OWN,
	  C_AS(110500, 110500), .client_in = OWN_CHILD },
	{ "child to grandchild, its owner", MAY, S_AS(100000, 100000), .server_in = OWN,
	  C_AS(110500, 110500), .client_in = OWN_CHILD },

	{ "same child, none", NO_SETID, S_AS(101000, 101000), .server_in = OWN,
	  C_AS(101001, 101001),
	  .client_in = OWN },
	{ "same child, both", MAY, S_AS(101000, 101000, SETIDS), .server_in = OWN,
	  C_AS(101001, 101001), .client_in = OWN },
	{ "same child, its owner, none", NO_SETID, S(), .server_in = OWN, C_AS(101001, 101001),
	  .client_in = OWN },
	{ "same child, equal", MAY, S_AS(101000, 101000), .server_in = OWN, C_AS(101000, 101000),
	  .client_in = OWN },
	{ "same child, more capabilities", NO_SETID, S_AS(101000, 101000), .server_in = OWN,
	  C_AS(101000, 101000, CAPS(BIT(1))), .client_in = OWN },
	{ "same child, equal, no number", MAY, S(), .server_in = EMPTY, C_AS(1000, 1000),
	  .client_in = EMPTY },
	{ "same child, others, no number", UNMAPPED, S(ALL), .server_in = EMPTY, C_AS(1001, 1001),
	  .client_in = EMPTY },
};

#define MAPPED(...)	S(SETIDS), C_AS(101001, 101001, GROUPS(2, 101002, 101003)), \
			.client_in = OTHERS, ##__VA_ARGS__

/* Servers have both capabilities; only ids 100000 to 165535 have numbers in the child. */
static const struct gate_row mapping_rows[] = {
	{ "all", MAY, MAPPED() },
	{ "the first id", MAY, S(SETIDS), C_AS(100000, 100000), .client_in = OTHERS },
	{ "the last id", MAY, S(SETIDS), C_AS(165535, 165535), .client_in = OTHERS },
	{ "user before the first", UNMAPPED, S(SETIDS), C_AS(99999, 100000), .client_in = OTHERS },
	{ "user after the last", UNMAPPED, S(SETIDS), C_AS(165536, 165535), .client_in = OTHERS },
	{ "group before the first", UNMAPPED, S(SETIDS), C_AS(100000, 99999), .client_in = OTHERS },
	{ "group after the last", UNMAPPED, S(SETIDS), C_AS(165535, 165536), .client_in = OTHERS },
	{ "not the real user", UNMAPPED, MAPPED(.client_odd = ODD(uid, 1001)) },
	{ "not the effective user", UNMAPPED, MAPPED(.client_odd = ODD(euid, 1001)) },
	{ "not the saved user", UNMAPPED, MAPPED(.client_odd = ODD(suid, 1001)) },
	{ "not the file system user", UNMAPPED, MAPPED(.client_odd = ODD(fsuid, 1001)) },
	{ "not the real group", UNMAPPED, MAPPED(.client_odd = ODD(gid, 1001)) },
	{ "not the effective group", UNMAPPED, MAPPED(.client_odd = ODD(egid, 1001)) },
	{ "not the saved group", UNMAPPED, MAPPED(.client_odd = ODD(sgid, 1001)) },
	{ "not the file system group", UNMAPPED, MAPPED(.client_odd = ODD(fsgid, 1001)) },
	{ "not the first of the groups", UNMAPPED, S(SETIDS),
	  C_AS(101001, 101001, GROUPS(3, 1001, 101002, 101003)), .client_in = OTHERS },
	{ "not one of the groups", UNMAPPED, S(SETIDS),
	  C_AS(101001, 101001, GROUPS(3, 101002, 166000, 101003)), .client_in = OTHERS },
	{ "not the last of the groups", UNMAPPED, S(SETIDS),
	  C_AS(101001, 101001, GROUPS(3, 101002, 101003, 166000)), .client_in = OTHERS },
	{ "none, child without ids", UNMAPPED, S(SETIDS), C(), .client_in = EMPTY },
	{ "none, owner of the child", UNMAPPED, S(), C(), .client_in = OWN },
	{ "in the parent only", UNMAPPED, S(SETIDS), C_AS(101001, 101001),
	  .client_in = OTHERS_CHILD },
	{ "in the server's child, not in its child", UNMAPPED, S_AS(101000, 101000, SETIDS),
	  .server_in = OWN, C_AS(101001, 101001), .client_in = OWN_CHILD },
	{ "the server has no number there", MAY, S_AS(200000, 200000, SETIDS), C_AS(101001, 101001),
	  .client_in = OTHERS },
};

/* 100000 is root in children, and 110000 in theirs. */
static const struct gate_row child_root_rows[] = {
	{ "of the server's child", ROOT_CLIENT, S_AS(101000, 101000, ALL), .server_in = OWN,
	  C_AS(100000, 100000), .client_in = OWN },
	{ "of the server's child, saved user", ROOT_CLIENT, S_AS(101000, 101000, ALL),
	  .server_in = OWN,
	  C_AS(101001, 101001), .client_odd = ODD(suid, 100000), .client_in = OWN },
	{ "of the server's child, by its group", MAY, S_AS(101000, 101000, SETIDS),
	  .server_in = OWN,
	  C_AS(101001, 100000), .client_in = OWN },
	{ "both", MAY, S_AS(100000, 100000, SETIDS), .server_in = OWN, C_AS(100000, 100001),
	  .client_in = OWN },
	{ "both, server without capabilities", NO_SETID, S_AS(100000, 100000), .server_in = OWN,
	  C_AS(100000, 100001), .client_in = OWN },
	{ "server is, client is not", MAY, S_AS(100000, 100000, SETIDS), .server_in = OWN,
	  C_AS(101001, 101001), .client_in = OWN },
	{ "server is root at home", MAY, S_AS(0, 0, SETIDS), .server_in = OWN, C_AS(100000, 100000),
	  .client_in = OWN },
	{ "server at home", MAY, S(SETIDS), C_AS(100000, 100000), .client_in = OWN },
	{ "server at home, the child's owner", MAY, S(), C_AS(100000, 100000), .client_in = OWN },
	{ "of the server's child, in a grandchild", MAY, S_AS(101000, 101000, SETIDS),
	  .server_in = OWN, C_AS(110000, 110000), .client_in = OWN_CHILD },
	{ "server is, for root at home", ROOT_CLIENT, S_AS(100000, 100000, ALL), C_AS(0, 0) },
	{ "root at home, in a child", ROOT_CLIENT, S(SETIDS), C_AS(0, 0), .client_in = SAME_IDS },
	{ "root at home, in a child, for its like", MAY, S_AS(0, 0, SETIDS), C_AS(0, 0),
	  .client_in = SAME_IDS },
	{ "root at home, a user in a child", ROOT_CLIENT, S_AS(101000, 101000, ALL),
	  .server_in = ROOT_INSIDE, C_AS(0, 0), .client_in = ROOT_INSIDE },
	{ "root at home, root in a child", ROOT_CLIENT, S_AS(100000, 100000, ALL),
	  .server_in = ROOT_INSIDE, C_AS(0, 0), .client_in = ROOT_INSIDE },
	{ "allowed, root at home, root in a child", MAY, S_AS(100000, 100000, ALL),
	  .server_in = ROOT_INSIDE, C_AS(0, 0), .client_in = ROOT_INSIDE, .allow_root = true },
	{ "allowed, of the server's child", MAY, S_AS(101000, 101000, SETIDS), .server_in = OWN,
	  C_AS(100000, 100000), .client_in = OWN, .allow_root = true },
	{ "allowed, root at home, in a child", MAY, S(SETIDS), C_AS(0, 0), .client_in = SAME_IDS,
	  .allow_root = true },
	{ "allowed, root at home, no number", UNMAPPED, S(SETIDS), C_AS(0, 0), .client_in = OTHERS,
	  .allow_root = true },
};

ROWS(caps);
ROWS(identity);
ROWS(root);
ROWS(child);
ROWS(mapping);
ROWS(child_root);

static void undo_allow_root(const void *was)
{
	ntimp_allow_root_clients = was;
}

static void expect(struct kunit *test, const struct cred *server, const struct cred *client,
		   const char *asker)
{
	const struct gate_row *row = test->param_value;
	const struct cred *worn = current_cred();

	KUNIT_EXPECT_EQ_MSG(test, row->expected, ntimp_gate_reason(server, client), "asked by %s",
			    asker);
	KUNIT_EXPECT_EQ_MSG(test, row->expected ? -EPERM : 0, ntimp_gate(server, client),
			    "asked by %s", asker);
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(server));
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(client));
	KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
}

/* Neither the thread's primary nor what it wears has a say. */
static void gate(struct kunit *test)
{
	const struct gate_row *row = test->param_value;
	const struct cred *server, *client, *root, *nobody;
	struct places places = {};

	server = place_cred(test, &places, row->server_in, &row->server, &row->server_odd);
	client = place_cred(test, &places, row->client_in, &row->client, &row->client_odd);
	root = persona_cred(test, &(struct persona) { ALL });
	nobody = persona_cred(test, &(struct persona) { .uid = 65534, .gid = 65534 });
	defer(test, undo_allow_root, ntimp_allow_root_clients ? test : NULL);
	ntimp_allow_root_clients = row->allow_root;

	expect(test, server, client, "root");
	compat_wear(nobody);
	expect(test, server, client, "root, who wears nobody");
	compat_wear_off();

	persona_become(test, &(struct persona) { .uid = 65534, .gid = 65534 });
	expect(test, server, client, "nobody");
	compat_wear(root);
	expect(test, server, client, "nobody, who wears root");
	compat_wear_off();
}

static void by_caps(struct kunit *test)
{
	gate(test);
}

static void by_identity(struct kunit *test)
{
	gate(test);
}

static void by_root(struct kunit *test)
{
	gate(test);
}

static void by_child(struct kunit *test)
{
	gate(test);
}

static void by_mapping(struct kunit *test)
{
	gate(test);
}

static void by_child_root(struct kunit *test)
{
	gate(test);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(by_caps, caps_gen_params),
	KUNIT_CASE_PARAM(by_identity, identity_gen_params),
	KUNIT_CASE_PARAM(by_root, root_gen_params),
	KUNIT_CASE_PARAM(by_child, child_gen_params),
	KUNIT_CASE_PARAM(by_mapping, mapping_gen_params),
	KUNIT_CASE_PARAM(by_child_root, child_root_gen_params),
	{}
};

struct kunit_suite ntimp_gate_suite = {
	.name = "gate",
	.test_cases = cases,
};
