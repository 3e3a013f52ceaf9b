// SPDX-License-Identifier: GPL-2.0-only
/* Creds of clients of whom only ids are known. */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/rcupdate.h>

#include "../ntimp/compat.h"
#include "../ntimp/cred.h"
#include "parts.h"
#include "rows.h"
#include "suites.h"

#define KILL	CAP_BIT(CAP_KILL)
#define CHOWN	CAP_BIT(CAP_CHOWN)

struct logon_row {
	const char *name;
	u32 uid;
	u32 gid;
	unsigned int ngroups;
	u32 groups[PERSONA_GROUPS_MAX];
	u64 caps;
};

static const struct logon_row logon_rows[] = {
	{ "a user", 1001, 2001 },
	{ "a user in groups", 1001, 2001, 3, { 11, 12, 13 } },
	{ "a user in many groups", 1001, 2001, 8, { 1, 2, 3, 4, 5, 6, 7, 0xfffffffe } },
	{ "a user with a capability", 1001, 2001, 0, {}, KILL },
	{ "a user with all capabilities", 1001, 2001, 1, { 11 }, CAPS_ALL },
	{ "root", 0, 0, 1, { 0 } },
	{ "root with all capabilities", 0, 0, 0, {}, CAPS_ALL },
	{ "nobody", 65534, 65534 },
	{ "the highest there is", 0xfffffffe, 0xfffffffe },
	{ "the maker", 3001, 4001, 1, { 21 }, KILL },
};

ROWS(logon);

static const struct persona maker = {
	.uid = 3001,
	.gid = 4001,
	.ngroups = 1,
	.groups = { 21 },
	.permitted = CAPS_SETIDS | KILL | CHOWN,
	.inactive = CHOWN,
	.inheritable = CHOWN | KILL,
	.ambient = KILL,
	.unbound = CAP_BIT(CAP_SYSLOG),
	.securebits = 0x5a,
};

static const struct cred *logon(struct kunit *test, const struct logon_row *row,
				struct group_info *groups)
{
	const struct cred *cred;

	cred = ntimp_cred_from_ids(KUIDT_INIT(row->uid), KGIDT_INIT(row->gid), groups,
				   compat_cap_from_u64(row->caps));
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(cred), "error %ld", PTR_ERR(cred));
	return keep_cred(test, cred);
}

static void logon_expect(struct kunit *test, const struct logon_row *row,
			 const struct group_info *groups, const struct cred *cred)
{
	const struct ids ids = {
		.uid = row->uid, .euid = row->uid, .suid = row->uid, .fsuid = row->uid,
		.gid = row->gid, .egid = row->gid, .sgid = row->gid, .fsgid = row->gid,
	};
	const struct caps caps = {
		.permitted = row->caps,
		.effective = row->caps,
		.bounding = CAPS_ALL & ~CAP_BIT(CAP_SYSLOG),
	};

	ids_expect(test, &ids, cred);
	caps_expect(test, &caps, cred);
	KUNIT_EXPECT_PTR_EQ(test, groups, (const struct group_info *)cred->group_info);
	KUNIT_EXPECT_NULL(test, cred->session_keyring);
	KUNIT_EXPECT_NULL(test, cred->process_keyring);
	KUNIT_EXPECT_NULL(test, cred->thread_keyring);
	KUNIT_EXPECT_NULL(test, cred->request_key_auth);

	/* There is no living client to charge. */
	KUNIT_EXPECT_PTR_EQ(test, current_real_cred()->user, cred->user);
	KUNIT_EXPECT_PTR_EQ(test, current_real_cred()->ucounts, cred->ucounts);
	KUNIT_EXPECT_PTR_EQ(test, current_real_cred()->user_ns, cred->user_ns);

	KUNIT_EXPECT_EQ(test, 0x5aU, cred->securebits);
	KUNIT_EXPECT_FALSE(test, ntimp_cred_is_applied(cred));
	KUNIT_EXPECT_PTR_NE(test, current_real_cred()->security, cred->security);
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(cred));
}

static const struct cred *become_maker(struct kunit *test, u32 uid)
{
	struct persona within = maker;
	struct cred *cred;

	within.uid = uid;
	within.within = persona_user_ns(test, current_real_cred(), 3000, 2000);
	cred = persona_cred(test, &within);
	own_accounts(test, cred);
	own_keyrings(test, cred, "spta");
	KUNIT_ASSERT_EQ(test, 0, commit_creds((struct cred *)get_cred(cred)));
	return cred;
}

static void ids_make_a_cred(struct kunit *test)
{
	const struct logon_row *row = test->param_value;
	struct group_info *groups = groups_make(test, row->groups, row->ngroups);

	become_maker(test, 3001);
	logon_expect(test, row, groups, logon(test, row, groups));
}

/* Who the maker acts as has no part in it: not as accounts, nor as confinement. */
static void ids_are_made_by_the_primary(struct kunit *test)
{
	const struct logon_row *row = test->param_value;
	struct group_info *groups = groups_make(test, row->groups, row->ngroups);
	const struct cred *client = loner_cred(test, 5001);
	struct refs clients = refs_read(client);
	const struct cred *worn, *applied, *cred;

	become_maker(test, 3001);
	applied = applied_cred(test, current_real_cred(), client, NTIMP_LEVEL_DELEGATION);
	worn = override_creds(applied);
	cred = ntimp_cred_from_ids(KUIDT_INIT(row->uid), KGIDT_INIT(row->gid), groups,
				   compat_cap_from_u64(row->caps));
	KUNIT_EXPECT_PTR_EQ(test, applied, current_cred());
	revert_creds(worn);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(cred), "error %ld", PTR_ERR(cred));
	keep_cred(test, cred);

	logon_expect(test, row, groups, cred);
	rcu_barrier();
	refs_expect(test, "client", client, &clients, &(struct refs) { .count = {
		[PART_USER] = 1, [PART_USER_NS] = 1, [PART_UCOUNTS] = 1, [PART_GROUPS] = 1,
		[PART_SESSION] = 1 } });
}

/* Of keyrings nothing is kept, of the rest one reference. */
static void ids_hold_each_part_once(struct kunit *test)
{
	static const struct refs none, once = { .count = {
		[PART_USER] = 1, [PART_USER_NS] = 1, [PART_UCOUNTS] = 1,
	} };
	/* No other case has a thread with the maker's id, which might still be exiting. */
	static const struct logon_row row = { "", 1001, 2001, 1, { 11 } };
	struct group_info *groups = groups_make(test, row.groups, row.ngroups);
	const struct cred *self = become_maker(test, 6001);
	struct refs before;
	const struct cred *cred;
	long usage;

	rcu_barrier();
	before = refs_read(self);
	usage = atomic_read((const atomic_t *)&groups->usage);

	cred = ntimp_cred_from_ids(KUIDT_INIT(1001), KGIDT_INIT(2001), groups,
				   compat_cap_from_u64(KILL));
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(cred), "error %ld", PTR_ERR(cred));
	refs_expect(test, "maker", self, &before, &once);
	KUNIT_EXPECT_EQ(test, usage + 1, atomic_read((const atomic_t *)&groups->usage));

	put_cred(cred);
	rcu_barrier();
	refs_expect(test, "maker", self, &before, &none);
	KUNIT_EXPECT_EQ(test, usage, atomic_read((const atomic_t *)&groups->usage));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(ids_make_a_cred, logon_gen_params),
	KUNIT_CASE_PARAM(ids_are_made_by_the_primary, logon_gen_params),
	KUNIT_CASE(ids_hold_each_part_once),
	{}
};

struct kunit_suite ntimp_cred_ids_suite = {
	.name = "cred_ids",
	.test_cases = cases,
};
