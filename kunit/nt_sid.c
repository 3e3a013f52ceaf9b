// SPDX-License-Identifier: GPL-2.0-only
/* SIDs: NT's routines, the users and groups of Linux's, and the well-known ones. */
#include <kunit/test.h>
#include <linux/ntifs.h>
#include <linux/string.h>
#include <linux/uidgid.h>

#include "rows.h"
#include "suites.h"

/* Of as many bytes as the longest one has. */
#define MOST_BYTES	(8 + 15 * 4)
#define FILL		0xA5

struct bytes {
	u8 at[MOST_BYTES + 4];
};

static bool untouched(const struct bytes *bytes, int from)
{
	return !memchr_inv(bytes->at + from, FILL, sizeof(bytes->at) - from);
}

static void fill(struct bytes *bytes)
{
	memset(bytes, FILL, sizeof(*bytes));
}

/* S-1-5-32-544 and what differs from it in one place. */
#define ADMINS	{ 1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0 }

struct valid_row {
	const char *name;
	struct bytes sid;
	BOOLEAN valid;
};

static const struct valid_row valid_rows[] = {
	{ "administrators", { ADMINS }, TRUE },
	{ "no subauthority", { { 1, 0, 0, 0, 0, 0, 0, 5 } }, TRUE },
	{ "15 subauthorities", { { 1, 15 } }, TRUE },
	{ "16 subauthorities", { { 1, 16 } }, FALSE },
	{ "255 subauthorities", { { 1, 255 } }, FALSE },
	{ "revision 0", { { 0, 1 } }, FALSE },
	{ "revision 2", { { 2, 1 } }, FALSE },
	{ "any authority", { { 1, 1, 255, 255, 255, 255, 255, 255 } }, TRUE },
};

ROWS(valid);

static void valid(struct kunit *test)
{
	const struct valid_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, row->valid, RtlValidSid((PSID)&row->sid));
}

static void null_is_none(struct kunit *test)
{
	kuid_t uid = KUIDT_INIT(7);
	kgid_t gid = KGIDT_INIT(7);

	KUNIT_EXPECT_EQ(test, FALSE, RtlValidSid(NULL));
	KUNIT_EXPECT_EQ(test, FALSE, NtimpUidFromSid(NULL, &uid));
	KUNIT_EXPECT_EQ(test, FALSE, NtimpGidFromSid(NULL, &gid));
	KUNIT_EXPECT_NULL(test, RtlFreeSid(NULL));
}

struct same_row {
	const char *name;
	struct bytes one;
	struct bytes other;
	BOOLEAN same;
	BOOLEAN same_domain;
};

static const struct same_row same_rows[] = {
	{ "the same", { ADMINS }, { ADMINS }, TRUE, TRUE },
	{ "another RID", { ADMINS },
	  { { 1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x21, 2, 0, 0 } }, FALSE, TRUE },
	{ "another domain", { ADMINS },
	  { { 1, 2, 0, 0, 0, 0, 0, 5, 33, 0, 0, 0, 0x20, 2, 0, 0 } }, FALSE, FALSE },
	{ "another authority", { ADMINS },
	  { { 1, 2, 0, 0, 0, 0, 0, 4, 32, 0, 0, 0, 0x20, 2, 0, 0 } }, FALSE, FALSE },
	{ "another first byte of the authority", { ADMINS },
	  { { 1, 2, 1, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0 } }, FALSE, FALSE },
	{ "another revision", { ADMINS },
	  { { 2, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0 } }, FALSE, FALSE },
	{ "shorter", { ADMINS }, { { 1, 1, 0, 0, 0, 0, 0, 5, 32 } }, FALSE, FALSE },
	{ "longer, by a zero", { ADMINS },
	  { { 1, 3, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0 } }, FALSE, FALSE },
	{ "none of one", { { 1, 0, 0, 0, 0, 0, 0, 5 } }, { { 1, 0, 0, 0, 0, 0, 0, 5 } },
	  TRUE, TRUE },
	{ "none of another one", { { 1, 0, 0, 0, 0, 0, 0, 5 } }, { { 1, 0, 0, 0, 0, 0, 0, 3 } },
	  FALSE, FALSE },
	{ "one of an authority", { { 1, 1, 0, 0, 0, 0, 0, 5, 11 } },
	  { { 1, 1, 0, 0, 0, 0, 0, 5, 7 } }, FALSE, TRUE },
	{ "what follows doesn't count", { { 1, 1, 0, 0, 0, 0, 0, 5, 11, 0, 0, 0, 1 } },
	  { { 1, 1, 0, 0, 0, 0, 0, 5, 11, 0, 0, 0, 2 } }, TRUE, TRUE },
};

ROWS(same);

static void same(struct kunit *test)
{
	const struct same_row *row = test->param_value;
	PSID one = (PSID)&row->one, other = (PSID)&row->other;

	KUNIT_EXPECT_EQ(test, row->same, RtlEqualSid(one, other));
	KUNIT_EXPECT_EQ(test, row->same, RtlEqualSid(other, one));
	KUNIT_EXPECT_EQ(test, row->same_domain, RtlEqualPrefixSid(one, other));
	KUNIT_EXPECT_EQ(test, row->same_domain, RtlEqualPrefixSid(other, one));
}

static void lengths(struct kunit *test)
{
	struct bytes sid = { { 1 } };
	int count;

	for (count = 0; count <= SID_MAX_SUB_AUTHORITIES; count++) {
		sid.at[1] = count;
		KUNIT_EXPECT_EQ(test, 8 + 4 * count, (int)RtlLengthRequiredSid(count));
		KUNIT_EXPECT_EQ(test, 8 + 4 * count, (int)RtlLengthSid(&sid));
		KUNIT_EXPECT_EQ(test, 8 + 4 * count, SeLengthSid(&sid));
	}
	KUNIT_EXPECT_EQ(test, 68, (int)SECURITY_MAX_SID_SIZE);
}

static void made_piece_by_piece(struct kunit *test)
{
	static const u8 want[] = ADMINS;
	SID_IDENTIFIER_AUTHORITY authority = { SECURITY_NT_AUTHORITY };
	struct bytes sid;

	fill(&sid);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlInitializeSid(&sid, &authority, 2));
	KUNIT_EXPECT_TRUE(test, untouched(&sid, 8));
	KUNIT_EXPECT_EQ(test, 2, *RtlSubAuthorityCountSid(&sid));
	KUNIT_EXPECT_PTR_EQ(test, (u8 *)RtlSubAuthorityCountSid(&sid), &sid.at[1]);
	KUNIT_EXPECT_PTR_EQ(test, (u8 *)RtlIdentifierAuthoritySid(&sid), &sid.at[2]);
	KUNIT_EXPECT_PTR_EQ(test, (u8 *)RtlSubAuthoritySid(&sid, 0), &sid.at[8]);
	KUNIT_EXPECT_PTR_EQ(test, (u8 *)RtlSubAuthoritySid(&sid, 1), &sid.at[12]);
	KUNIT_EXPECT_PTR_EQ(test, (u8 *)RtlSubAuthoritySid(&sid, 14), &sid.at[64]);
	*RtlSubAuthoritySid(&sid, 0) = SECURITY_BUILTIN_DOMAIN_RID;
	*RtlSubAuthoritySid(&sid, 1) = DOMAIN_ALIAS_RID_ADMINS;
	KUNIT_EXPECT_EQ(test, 0, memcmp(&sid, want, sizeof(want)));
	KUNIT_EXPECT_TRUE(test, untouched(&sid, sizeof(want)));
}

static void too_many_subauthorities(struct kunit *test)
{
	SID_IDENTIFIER_AUTHORITY authority = { SECURITY_NT_AUTHORITY };
	struct bytes sid;
	PSID made = test;

	fill(&sid);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlInitializeSid(&sid, &authority, 16));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlInitializeSid(&sid, &authority, 255));
	KUNIT_EXPECT_TRUE(test, untouched(&sid, 0));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlInitializeSid(&sid, &authority, 15));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_SID,
			RtlAllocateAndInitializeSid(&authority, 9, 0, 1, 2, 3, 4, 5, 6, 7, &made));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_SID,
			RtlAllocateAndInitializeSid(&authority, 255, 0, 1, 2, 3, 4, 5, 6, 7,
						    &made));
	KUNIT_EXPECT_PTR_EQ(test, (void *)test, made);
}

static void allocated(struct kunit *test)
{
	SID_IDENTIFIER_AUTHORITY authority = { SECURITY_NT_AUTHORITY };
	PSID sid;
	int count, i;

	for (count = 0; count <= 8; count++) {
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
				RtlAllocateAndInitializeSid(&authority, count, 100, 101, 102, 103,
							    104, 105, 106, 107, &sid));
		KUNIT_EXPECT_EQ(test, TRUE, RtlValidSid(sid));
		KUNIT_EXPECT_EQ(test, 8 + 4 * count, (int)RtlLengthSid(sid));
		KUNIT_EXPECT_EQ(test, 0, memcmp(RtlIdentifierAuthoritySid(sid), &authority, 6));
		for (i = 0; i < count; i++)
			KUNIT_EXPECT_EQ(test, 100 + i, (int)*RtlSubAuthoritySid(sid, i));
		KUNIT_EXPECT_NULL(test, RtlFreeSid(sid));
	}
}

static void copied(struct kunit *test)
{
	struct bytes from = { ADMINS }, to;
	int length;

	for (length = 0; length < 16; length++) {
		fill(&to);
		KUNIT_EXPECT_EQ(test, STATUS_BUFFER_TOO_SMALL, RtlCopySid(length, &to, &from));
		KUNIT_EXPECT_TRUE(test, untouched(&to, 0));
	}
	for (length = 16; length < 18; length++) {
		fill(&to);
		KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlCopySid(length, &to, &from));
		KUNIT_EXPECT_EQ(test, 0, memcmp(&to, &from, 16));
		KUNIT_EXPECT_TRUE(test, untouched(&to, 16));
	}
}

struct id_row {
	const char *name;
	u32 id;
	u8 rid[4];
};

static const struct id_row id_rows[] = {
	{ "0", 0, { 0, 0, 0, 0 } },
	{ "1", 1, { 1, 0, 0, 0 } },
	{ "1000", 1000, { 0xE8, 0x03, 0, 0 } },
	{ "65534", 65534, { 0xFE, 0xFF, 0, 0 } },
	{ "0x12345678", 0x12345678, { 0x78, 0x56, 0x34, 0x12 } },
	{ "the highest one", 0xFFFFFFFE, { 0xFE, 0xFF, 0xFF, 0xFF } },
};

ROWS(id);

/* S-1-22-1-N or S-1-22-2-N */
static struct bytes unix_sid(u8 kind, const u8 rid[4])
{
	struct bytes sid = { { 1, 2, 0, 0, 0, 0, 0, 22, kind } };

	memcpy(sid.at + 12, rid, 4);
	return sid;
}

static void users(struct kunit *test)
{
	const struct id_row *row = test->param_value;
	struct bytes want = unix_sid(1, row->rid), sid;
	kuid_t uid = KUIDT_INIT(7);
	kgid_t gid = KGIDT_INIT(7);

	fill(&sid);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, NtimpSidFromUid(KUIDT_INIT(row->id), 16, &sid));
	KUNIT_EXPECT_EQ(test, 0, memcmp(&sid, &want, 16));
	KUNIT_EXPECT_TRUE(test, untouched(&sid, 16));
	KUNIT_EXPECT_EQ(test, FALSE, NtimpGidFromSid(&sid, &gid));
	KUNIT_EXPECT_EQ(test, 7, (int)__kgid_val(gid));
	KUNIT_EXPECT_EQ(test, TRUE, NtimpUidFromSid(&sid, &uid));
	KUNIT_EXPECT_EQ(test, row->id, __kuid_val(uid));
}

static void groups(struct kunit *test)
{
	const struct id_row *row = test->param_value;
	struct bytes want = unix_sid(2, row->rid), sid;
	kuid_t uid = KUIDT_INIT(7);
	kgid_t gid = KGIDT_INIT(7);

	fill(&sid);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, NtimpSidFromGid(KGIDT_INIT(row->id), 16, &sid));
	KUNIT_EXPECT_EQ(test, 0, memcmp(&sid, &want, 16));
	KUNIT_EXPECT_TRUE(test, untouched(&sid, 16));
	KUNIT_EXPECT_EQ(test, FALSE, NtimpUidFromSid(&sid, &uid));
	KUNIT_EXPECT_EQ(test, 7, (int)__kuid_val(uid));
	KUNIT_EXPECT_EQ(test, TRUE, NtimpGidFromSid(&sid, &gid));
	KUNIT_EXPECT_EQ(test, row->id, __kgid_val(gid));
}

static void ids_that_have_none(struct kunit *test)
{
	struct bytes sid;

	fill(&sid);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, NtimpSidFromUid(INVALID_UID, 16, &sid));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, NtimpSidFromGid(INVALID_GID, 16, &sid));
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_TOO_SMALL, NtimpSidFromUid(GLOBAL_ROOT_UID, 15, &sid));
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_TOO_SMALL, NtimpSidFromGid(GLOBAL_ROOT_GID, 15, &sid));
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_TOO_SMALL, NtimpSidFromUid(GLOBAL_ROOT_UID, 0, &sid));
	KUNIT_EXPECT_TRUE(test, untouched(&sid, 0));
}

struct nobody_row {
	const char *name;
	struct bytes sid;
};

static const struct nobody_row nobody_rows[] = {
	{ "the local system", { { 1, 1, 0, 0, 0, 0, 0, 5, 18 } } },
	{ "administrators", { ADMINS } },
	{ "no kind", { { 1, 1, 0, 0, 0, 0, 0, 22, 1 } } },
	{ "neither kind", { { 1, 2, 0, 0, 0, 0, 0, 22, 3, 0, 0, 0, 1 } } },
	{ "kind 0", { { 1, 2, 0, 0, 0, 0, 0, 22, 0, 0, 0, 0, 1 } } },
	{ "kind beyond a byte", { { 1, 2, 0, 0, 0, 0, 0, 22, 1, 1, 0, 0, 1 } } },
	{ "longer", { { 1, 3, 0, 0, 0, 0, 0, 22, 1, 0, 0, 0, 1 } } },
	{ "another authority", { { 1, 2, 0, 0, 0, 0, 0, 21, 1, 0, 0, 0, 1 } } },
	{ "another first byte of it", { { 1, 2, 1, 0, 0, 0, 0, 22, 1, 0, 0, 0, 1 } } },
	{ "another revision", { { 2, 2, 0, 0, 0, 0, 0, 22, 1, 0, 0, 0, 1 } } },
	{ "user -1", { { 1, 2, 0, 0, 0, 0, 0, 22, 1, 0, 0, 0, 255, 255, 255, 255 } } },
	{ "group -1", { { 1, 2, 0, 0, 0, 0, 0, 22, 2, 0, 0, 0, 255, 255, 255, 255 } } },
};

ROWS(nobody);

static void nobody(struct kunit *test)
{
	const struct nobody_row *row = test->param_value;
	kuid_t uid = KUIDT_INIT(7);
	kgid_t gid = KGIDT_INIT(7);

	KUNIT_EXPECT_EQ(test, FALSE, NtimpUidFromSid((PSID)&row->sid, &uid));
	KUNIT_EXPECT_EQ(test, FALSE, NtimpGidFromSid((PSID)&row->sid, &gid));
	KUNIT_EXPECT_EQ(test, 7, (int)__kuid_val(uid));
	KUNIT_EXPECT_EQ(test, 7, (int)__kgid_val(gid));
}

struct known_row {
	const char *name;
	size_t member;
	struct bytes sid;
};

#define KNOWN(_member, ...)						\
	{ #_member, offsetof(SE_EXPORTS, _member), { { 1, __VA_ARGS__ } } }
#define KNOWN_NT(_member, _rid)	KNOWN(_member, 1, 0, 0, 0, 0, 0, 5, _rid)
#define KNOWN_ALIAS(_member, _low)					\
	KNOWN(_member, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, _low, 2)
#define KNOWN_LABEL(_member, _high)					\
	KNOWN(_member, 1, 0, 0, 0, 0, 0, 16, 0, _high)

static const struct known_row known_rows[] = {
	KNOWN(SeNullSid, 1, 0, 0, 0, 0, 0, 0),
	KNOWN(SeWorldSid, 1, 0, 0, 0, 0, 0, 1),
	KNOWN(SeLocalSid, 1, 0, 0, 0, 0, 0, 2),
	KNOWN(SeCreatorOwnerSid, 1, 0, 0, 0, 0, 0, 3),
	KNOWN(SeCreatorGroupSid, 1, 0, 0, 0, 0, 0, 3, 1),
	KNOWN(SeOwnerRightsSid, 1, 0, 0, 0, 0, 0, 3, 4),
	KNOWN(SeNtAuthoritySid, 0, 0, 0, 0, 0, 0, 5),
	KNOWN_NT(SeDialupSid, 1),
	KNOWN_NT(SeNetworkSid, 2),
	KNOWN_NT(SeBatchSid, 3),
	KNOWN_NT(SeInteractiveSid, 4),
	KNOWN_NT(SeAnonymousLogonSid, 7),
	KNOWN_NT(SeAuthenticatedUsersSid, 11),
	KNOWN_NT(SeRestrictedSid, 12),
	KNOWN_NT(SeIUserSid, 17),
	KNOWN_NT(SeLocalSystemSid, 18),
	KNOWN_NT(SeLocalServiceSid, 19),
	KNOWN_NT(SeNetworkServiceSid, 20),
	KNOWN_ALIAS(SeAliasAdminsSid, 0x20),
	KNOWN_ALIAS(SeAliasUsersSid, 0x21),
	KNOWN_ALIAS(SeAliasGuestsSid, 0x22),
	KNOWN_ALIAS(SeAliasPowerUsersSid, 0x23),
	KNOWN_ALIAS(SeAliasAccountOpsSid, 0x24),
	KNOWN_ALIAS(SeAliasSystemOpsSid, 0x25),
	KNOWN_ALIAS(SeAliasPrintOpsSid, 0x26),
	KNOWN_ALIAS(SeAliasBackupOpsSid, 0x27),
	KNOWN_LABEL(SeUntrustedMandatorySid, 0),
	KNOWN_LABEL(SeLowMandatorySid, 0x10),
	KNOWN_LABEL(SeMediumMandatorySid, 0x20),
	KNOWN_LABEL(SeHighMandatorySid, 0x30),
	KNOWN_LABEL(SeSystemMandatorySid, 0x40),
};

ROWS(known);

static void known(struct kunit *test)
{
	const struct known_row *row = test->param_value;
	PSID sid = *(PSID *)((u8 *)SeExports + row->member);

	KUNIT_ASSERT_NOT_NULL(test, sid);
	KUNIT_EXPECT_EQ(test, TRUE, RtlValidSid(sid));
	KUNIT_EXPECT_EQ(test, 0, memcmp(sid, &row->sid, RtlLengthSid(sid)));
}

/* The numbers of the privileges, 2 to 35, without a gap. */
static void known_privileges(struct kunit *test)
{
	const LUID *in_order[] = {
		&SeExports->SeCreateTokenPrivilege, &SeExports->SeAssignPrimaryTokenPrivilege,
		&SeExports->SeLockMemoryPrivilege, &SeExports->SeIncreaseQuotaPrivilege,
		&SeExports->SeUnsolicitedInputPrivilege, &SeExports->SeTcbPrivilege,
		&SeExports->SeSecurityPrivilege, &SeExports->SeTakeOwnershipPrivilege,
		&SeExports->SeLoadDriverPrivilege, &SeExports->SeSystemProfilePrivilege,
		&SeExports->SeSystemtimePrivilege, &SeExports->SeProfileSingleProcessPrivilege,
		&SeExports->SeIncreaseBasePriorityPrivilege, &SeExports->SeCreatePagefilePrivilege,
		&SeExports->SeCreatePermanentPrivilege, &SeExports->SeBackupPrivilege,
		&SeExports->SeRestorePrivilege, &SeExports->SeShutdownPrivilege,
		&SeExports->SeDebugPrivilege, &SeExports->SeAuditPrivilege,
		&SeExports->SeSystemEnvironmentPrivilege, &SeExports->SeChangeNotifyPrivilege,
		&SeExports->SeRemoteShutdownPrivilege, &SeExports->SeUndockPrivilege,
		&SeExports->SeSyncAgentPrivilege, &SeExports->SeEnableDelegationPrivilege,
		&SeExports->SeManageVolumePrivilege, &SeExports->SeImpersonatePrivilege,
		&SeExports->SeCreateGlobalPrivilege, &SeExports->SeTrustedCredManAccessPrivilege,
		&SeExports->SeRelabelPrivilege, &SeExports->SeIncreaseWorkingSetPrivilege,
		&SeExports->SeTimeZonePrivilege, &SeExports->SeCreateSymbolicLinkPrivilege,
	};
	int i;

	KUNIT_EXPECT_EQ(test, 34, (int)ARRAY_SIZE(in_order));
	for (i = 0; i < ARRAY_SIZE(in_order); i++) {
		KUNIT_EXPECT_EQ(test, 2 + i, (int)in_order[i]->LowPart);
		KUNIT_EXPECT_EQ(test, 0, (int)in_order[i]->HighPart);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(valid, valid_gen_params),
	KUNIT_CASE(null_is_none),
	KUNIT_CASE_PARAM(same, same_gen_params),
	KUNIT_CASE(lengths),
	KUNIT_CASE(made_piece_by_piece),
	KUNIT_CASE(too_many_subauthorities),
	KUNIT_CASE(allocated),
	KUNIT_CASE(copied),
	KUNIT_CASE_PARAM(users, id_gen_params),
	KUNIT_CASE_PARAM(groups, id_gen_params),
	KUNIT_CASE(ids_that_have_none),
	KUNIT_CASE_PARAM(nobody, nobody_gen_params),
	KUNIT_CASE_PARAM(known, known_gen_params),
	KUNIT_CASE(known_privileges),
	{}
};

struct kunit_suite ntimp_nt_sid_suite = {
	.name = "nt_sid",
	.test_cases = cases,
};
