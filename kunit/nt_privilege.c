// SPDX-License-Identifier: GPL-2.0-only
/* Privileges: which capabilities amount to them, and who has them. */
#include <kunit/test.h>
#include <linux/cred.h>

#include "../ntimp/nt/privilege.h"
#include "nt_sids.h"
#include "nt_tokens.h"
#include "persona.h"
#include "rows.h"
#include "suites.h"

#define SETIDS	(CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_SETGID))

struct privilege_row {
	const char *name;
	ULONG number;
	u64 caps;	/* 0: nobody has it, or everybody */
	bool everybodys;
};

static const struct privilege_row privilege_rows[] = {
	{ "SeCreateTokenPrivilege", 2, SETIDS },
	{ "SeAssignPrimaryTokenPrivilege", 3, SETIDS },
	{ "SeLockMemoryPrivilege", 4, CAP_BIT(CAP_IPC_LOCK) },
	{ "SeIncreaseQuotaPrivilege", 5, CAP_BIT(CAP_SYS_RESOURCE) },
	{ "SeMachineAccountPrivilege", 6 },
	{ "SeTcbPrivilege", 7, CAP_BIT(CAP_SYS_ADMIN) },
	{ "SeSecurityPrivilege", 8, CAP_BIT(CAP_AUDIT_CONTROL) },
	{ "SeTakeOwnershipPrivilege", 9, CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_FOWNER) },
	{ "SeLoadDriverPrivilege", 10, CAP_BIT(CAP_SYS_MODULE) },
	{ "SeSystemProfilePrivilege", 11, CAP_BIT(CAP_PERFMON) },
	{ "SeSystemtimePrivilege", 12, CAP_BIT(CAP_SYS_TIME) },
	{ "SeProfileSingleProcessPrivilege", 13, CAP_BIT(CAP_PERFMON) },
	{ "SeIncreaseBasePriorityPrivilege", 14, CAP_BIT(CAP_SYS_NICE) },
	{ "SeCreatePagefilePrivilege", 15, CAP_BIT(CAP_SYS_ADMIN) },
	{ "SeCreatePermanentPrivilege", 16 },
	{ "SeBackupPrivilege", 17, CAP_BIT(CAP_DAC_READ_SEARCH) },
	{ "SeRestorePrivilege", 18, CAP_BIT(CAP_DAC_OVERRIDE) },
	{ "SeShutdownPrivilege", 19, CAP_BIT(CAP_SYS_BOOT) },
	{ "SeDebugPrivilege", 20, CAP_BIT(CAP_SYS_PTRACE) },
	{ "SeAuditPrivilege", 21, CAP_BIT(CAP_AUDIT_WRITE) },
	{ "SeSystemEnvironmentPrivilege", 22, CAP_BIT(CAP_LINUX_IMMUTABLE) },
	{ "SeChangeNotifyPrivilege", 23, .everybodys = true },
	{ "SeRemoteShutdownPrivilege", 24, CAP_BIT(CAP_SYS_BOOT) },
	{ "SeUndockPrivilege", 25 },
	{ "SeSyncAgentPrivilege", 26 },
	{ "SeEnableDelegationPrivilege", 27 },
	{ "SeManageVolumePrivilege", 28, CAP_BIT(CAP_SYS_ADMIN) },
	{ "SeImpersonatePrivilege", 29, SETIDS },
	{ "SeCreateGlobalPrivilege", 30, CAP_BIT(CAP_IPC_OWNER) },
	{ "SeTrustedCredManAccessPrivilege", 31 },
	{ "SeRelabelPrivilege", 32, CAP_BIT(CAP_MAC_ADMIN) },
	{ "SeIncreaseWorkingSetPrivilege", 33, .everybodys = true },
	{ "SeTimeZonePrivilege", 34, CAP_BIT(CAP_SYS_TIME) },
	{ "SeCreateSymbolicLinkPrivilege", 35, .everybodys = true },
};

ROWS(privilege);

static struct nt_holder with_caps(struct kunit *test, u64 permitted, u64 inactive,
				  const struct cred *within)
{
	return holder_make(test, &(struct persona) {
		.uid = 1001, .gid = 1001, .permitted = permitted, .inactive = inactive,
		.within = within,
	});
}

static void expect_privilege(struct kunit *test, const struct nt_holder *holder, ULONG number,
			     bool held, bool enabled)
{
	KUNIT_EXPECT_EQ(test, held, !!(nt_privileges_held(holder) & BIT_ULL(number)));
	KUNIT_EXPECT_EQ(test, enabled, !!(nt_privileges_enabled(holder) & BIT_ULL(number)));
}

static void privilege_is_all_its_capabilities(struct kunit *test)
{
	const struct privilege_row *row = test->param_value;
	struct nt_holder none = with_caps(test, 0, 0, NULL);
	struct nt_holder just = with_caps(test, row->caps, 0, NULL);
	struct nt_holder others = with_caps(test, CAPS_ALL & ~row->caps, 0, NULL);
	struct nt_holder inactive = with_caps(test, CAPS_ALL, row->caps, NULL);
	const struct cred *below = persona_user_ns(test, current_real_cred(), 0, 65536);
	struct nt_holder elsewhere = with_caps(test, CAPS_ALL, 0, below);
	bool has = row->caps || row->everybodys;

	expect_privilege(test, &none, row->number, row->everybodys, row->everybodys);
	expect_privilege(test, &just, row->number, has, has);
	expect_privilege(test, &others, row->number, row->everybodys, row->everybodys);
	expect_privilege(test, &inactive, row->number, has, row->everybodys);
	expect_privilege(test, &elsewhere, row->number, row->everybodys, row->everybodys);

	inactive.effective_only = true;
	expect_privilege(test, &inactive, row->number, row->everybodys, row->everybodys);
	KUNIT_EXPECT_EQ(test, row->caps, nt_privilege_caps(BIT_ULL(row->number)));
}

static void one_of_two_capabilities_is_none(struct kunit *test)
{
	struct nt_holder half = with_caps(test, CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_CHOWN), 0, NULL);
	struct nt_holder inactive = with_caps(test, SETIDS, CAP_BIT(CAP_SETGID), NULL);

	expect_privilege(test, &half, SE_IMPERSONATE_PRIVILEGE, false, false);
	expect_privilege(test, &half, SE_TAKE_OWNERSHIP_PRIVILEGE, false, false);
	expect_privilege(test, &inactive, SE_IMPERSONATE_PRIVILEGE, true, false);
}

static void every_number_has_a_row(struct kunit *test)
{
	int i;

	KUNIT_EXPECT_EQ(test, (ULONG)ARRAY_SIZE(privilege_rows),
			(ULONG)SE_MAX_WELL_KNOWN_PRIVILEGE - SE_MIN_WELL_KNOWN_PRIVILEGE + 1);
	for (i = 0; i < ARRAY_SIZE(privilege_rows); i++)
		KUNIT_EXPECT_EQ(test, (ULONG)i + SE_MIN_WELL_KNOWN_PRIVILEGE,
				privilege_rows[i].number);
}

static void other_numbers_are_no_privileges(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0ULL, nt_privilege_bit((LUID) { 0, 0 }));
	KUNIT_EXPECT_EQ(test, 0ULL, nt_privilege_bit((LUID) { 1, 0 }));
	KUNIT_EXPECT_EQ(test, 4ULL, nt_privilege_bit((LUID) { 2, 0 }));
	KUNIT_EXPECT_EQ(test, BIT_ULL(35), nt_privilege_bit((LUID) { 35, 0 }));
	KUNIT_EXPECT_EQ(test, 0ULL, nt_privilege_bit((LUID) { 36, 0 }));
	KUNIT_EXPECT_EQ(test, 0ULL, nt_privilege_bit((LUID) { 64 + 29, 0 }));
	KUNIT_EXPECT_EQ(test, 0ULL, nt_privilege_bit((LUID) { ~0U, 0 }));
	KUNIT_EXPECT_EQ(test, 0ULL, nt_privilege_bit((LUID) { 29, 1 }));
	KUNIT_EXPECT_EQ(test, 0ULL, nt_privilege_bit((LUID) { 29, -1 }));
}

/* --- SePrivilegeCheck() ------------------------------------------------------------ */

#define ASKED_MAX	3

struct check_row {
	const char *name;
	ULONG count;
	ULONG asked[ASKED_MAX];
	ULONG control;
	bool has;
	unsigned int marked;	/* bits by place in @asked */
};

#define ALL_OF	PRIVILEGE_SET_ALL_NECESSARY
#define HELD	SE_SYSTEMTIME_PRIVILEGE
#define HELD2	SE_SHUTDOWN_PRIVILEGE
#define OFF	SE_DEBUG_PRIVILEGE	/* held, not enabled */
#define LACKED	SE_LOAD_DRIVER_PRIVILEGE

static const struct persona asked_of = {
	.uid = 1001, .gid = 1001,
	.permitted = CAP_BIT(CAP_SYS_TIME) | CAP_BIT(CAP_SYS_BOOT) | CAP_BIT(CAP_SYS_PTRACE),
	.inactive = CAP_BIT(CAP_SYS_PTRACE),
};

static const struct check_row check_rows[] = {
	{ "one that is held", 1, { HELD }, ALL_OF, true, 1 },
	{ "one that is lacked", 1, { LACKED }, ALL_OF, false, 0 },
	{ "one that isn't enabled", 1, { OFF }, ALL_OF, false, 0 },
	{ "one that is everybody's", 1, { SE_CHANGE_NOTIFY_PRIVILEGE }, ALL_OF, true, 1 },
	{ "one that doesn't exist", 1, { 77 }, ALL_OF, false, 0 },
	{ "all of two", 2, { HELD, HELD2 }, ALL_OF, true, 3 },
	{ "all of two, one is lacked", 2, { LACKED, HELD }, ALL_OF, false, 2 },
	{ "all of three, one isn't enabled", 3, { HELD, OFF, HELD2 }, ALL_OF, false, 5 },
	{ "any of two", 2, { LACKED, HELD }, 0, true, 2 },
	{ "any of two, both are held", 2, { HELD, HELD2 }, 0, true, 3 },
	{ "any of two that are lacked", 2, { LACKED, OFF }, 0, false, 0 },
	{ "the same twice", 2, { HELD, HELD }, ALL_OF, true, 3 },
	{ "all of none", 0, { 0 }, ALL_OF, true, 0 },
	{ "any of none", 0, { 0 }, 0, false, 0 },
};

ROWS(check);

struct asked {
	PRIVILEGE_SET set;
	LUID_AND_ATTRIBUTES rest[ASKED_MAX];
};

static void ask(struct asked *asked, const struct check_row *row)
{
	LUID_AND_ATTRIBUTES *privilege = asked->set.Privilege;
	ULONG i;

	*asked = (struct asked) {
		.set = { .PrivilegeCount = row->count, .Control = row->control },
	};
	for (i = 0; i < row->count; i++)
		privilege[i].Luid.LowPart = row->asked[i];
}

static void expect_marks(struct kunit *test, struct asked *asked, unsigned int marked)
{
	LUID_AND_ATTRIBUTES *privilege = asked->set.Privilege;
	ULONG i;

	for (i = 0; i < ASKED_MAX; i++)
		KUNIT_EXPECT_EQ(test, marked & BIT(i) ? SE_PRIVILEGE_USED_FOR_ACCESS : 0U,
				privilege[i].Attributes);
}

static SECURITY_SUBJECT_CONTEXT subject_at(struct kunit *test,
					   SECURITY_IMPERSONATION_LEVEL level)
{
	static const struct persona nobody_special = { .uid = 1002, .gid = 1002 };

	return (SECURITY_SUBJECT_CONTEXT) {
		.ClientToken = token_make(test, &asked_of, TokenImpersonation, level),
		.ImpersonationLevel = level,
		.PrimaryToken = token_make(test, &nobody_special, TokenPrimary, 0),
	};
}

static void client_is_checked(struct kunit *test)
{
	const struct check_row *row = test->param_value;
	SECURITY_SUBJECT_CONTEXT subject = subject_at(test, SecurityImpersonation);
	struct asked asked;

	ask(&asked, row);
	KUNIT_EXPECT_EQ(test, row->has, SePrivilegeCheck(&asked.set, &subject, UserMode));
	expect_marks(test, &asked, row->marked);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(subject.ClientToken));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(subject.PrimaryToken));
}

static void primary_is_checked_without_a_client(struct kunit *test)
{
	SECURITY_SUBJECT_CONTEXT subject = subject_at(test, SecurityImpersonation);
	PACCESS_TOKEN client = subject.ClientToken;
	struct asked asked;

	subject.ClientToken = NULL;
	/* The level means nothing then. */
	subject.ImpersonationLevel = SecurityAnonymous;
	ask(&asked, &check_rows[0]);
	KUNIT_EXPECT_FALSE(test, SePrivilegeCheck(&asked.set, &subject, UserMode));
	subject.PrimaryToken = client;
	KUNIT_EXPECT_TRUE(test, SePrivilegeCheck(&asked.set, &subject, UserMode));
}

/* On NT a check with a handle works at Identification; this routine's doesn't. */
static void case_071_privilege_check_by_level(struct kunit *test)
{
	SECURITY_IMPERSONATION_LEVEL level;

	for (level = SecurityAnonymous; level <= SecurityDelegation; level++) {
		SECURITY_SUBJECT_CONTEXT subject = subject_at(test, level);
		struct asked asked;

		ask(&asked, &check_rows[0]);
		KUNIT_EXPECT_EQ(test, level >= SecurityImpersonation,
				SePrivilegeCheck(&asked.set, &subject, UserMode));
		expect_marks(test, &asked, level >= SecurityImpersonation);
	}
}

static void case_085_kernel_has_all_privileges(struct kunit *test)
{
	SECURITY_SUBJECT_CONTEXT subject = subject_at(test, SecurityImpersonation);
	struct asked asked;

	ask(&asked, &check_rows[1]);
	KUNIT_EXPECT_TRUE(test, SePrivilegeCheck(&asked.set, &subject, KernelMode));
	expect_marks(test, &asked, 0);
	KUNIT_EXPECT_TRUE(test, SeSinglePrivilegeCheck((LUID) { LACKED }, KernelMode));
}

static void case_086_privilege_check_at_identification(struct kunit *test)
{
	SECURITY_SUBJECT_CONTEXT subject = subject_at(test, SecurityIdentification);
	struct asked asked;

	ask(&asked, &check_rows[0]);
	KUNIT_EXPECT_FALSE(test, SePrivilegeCheck(&asked.set, &subject, UserMode));
	KUNIT_EXPECT_FALSE(test, SePrivilegeCheck(&asked.set, &subject, KernelMode));
	expect_marks(test, &asked, 0);
}

static void single_check_is_of_whom_the_thread_acts_as(struct kunit *test)
{
	struct nt_token *client = token_made(test, &asked_of, SecurityImpersonation);
	PETHREAD thread = PsGetCurrentThread();

	KUNIT_EXPECT_TRUE(test, SeSinglePrivilegeCheck((LUID) { LACKED }, UserMode));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(thread, client, FALSE, FALSE, SecurityImpersonation));
	KUNIT_EXPECT_TRUE(test, SeSinglePrivilegeCheck((LUID) { HELD }, UserMode));
	KUNIT_EXPECT_FALSE(test, SeSinglePrivilegeCheck((LUID) { LACKED }, UserMode));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(thread, client, FALSE, FALSE,
					    SecurityIdentification));
	KUNIT_EXPECT_FALSE(test, SeSinglePrivilegeCheck((LUID) { HELD }, UserMode));
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(client));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(privilege_is_all_its_capabilities, privilege_gen_params),
	KUNIT_CASE(one_of_two_capabilities_is_none),
	KUNIT_CASE(every_number_has_a_row),
	KUNIT_CASE(other_numbers_are_no_privileges),
	KUNIT_CASE_PARAM(client_is_checked, check_gen_params),
	KUNIT_CASE(primary_is_checked_without_a_client),
	KUNIT_CASE(case_071_privilege_check_by_level),
	KUNIT_CASE(case_085_kernel_has_all_privileges),
	KUNIT_CASE(case_086_privilege_check_at_identification),
	KUNIT_CASE(single_check_is_of_whom_the_thread_acts_as),
	{}
};

struct kunit_suite ntimp_nt_privilege_suite = {
	.name = "nt_privilege",
	.test_cases = cases,
};
