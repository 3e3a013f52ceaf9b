// SPDX-License-Identifier: GPL-2.0-only
/* Queries: what tokens tell of their clients, at any level; and what they are good for. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/user_namespace.h>

#include "../ntimp/nt/acl.h"
#include "contexts.h"
#include "nt_sids.h"
#include "nt_tokens.h"
#include "persona.h"
#include "rows.h"
#include "suites.h"

static const struct persona alice = {
	.uid = 1001, .gid = 1001, .ngroups = 4, .groups = { 100, 200, 200, 1001 },
	.permitted = CAP_BIT(CAP_SYS_TIME) | CAP_BIT(CAP_SYS_BOOT),
	.inactive = CAP_BIT(CAP_SYS_BOOT),
};

static const struct persona root = { .uid = 0, .gid = 0, .permitted = CAPS_ALL };
static const struct persona nobody = { .uid = 65534, .gid = 65534 };

static void *query(struct kunit *test, PACCESS_TOKEN token, TOKEN_INFORMATION_CLASS class)
{
	void *information = NULL;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			SeQueryInformationToken(token, class, &information));
	KUNIT_ASSERT_NOT_NULL(test, information);
	return information;
}

/* --- whom a SID means ---------------------------------------------------------------- */

struct member_row {
	const char *name;
	const struct persona *who;
	enum sid_name sid;
	enum nt_membership membership;
};

static const struct member_row member_rows[] = {
	{ "user", &alice, ALICE, NT_MEMBER },
	{ "another user", &alice, BOB, NT_NOT_A_MEMBER },
	{ "root isn't asked for", &alice, ROOT, NT_NOT_A_MEMBER },
	{ "primary group", &alice, ALICES, NT_MEMBER },
	{ "first group", &alice, USERS, NT_MEMBER },
	{ "group that is listed twice", &alice, STAFF, NT_MEMBER },
	{ "another group", &alice, OTHERS_GROUP, NT_NOT_A_MEMBER },
	{ "group below all", &alice, WHEEL, NT_NOT_A_MEMBER },
	{ "everyone", &alice, EVERYONE, NT_MEMBER },
	{ "authenticated", &alice, AUTHENTICATED, NT_MEMBER },
	{ "anonymous", &alice, ANONYMOUS, NT_NOT_A_MEMBER },
	{ "system", &alice, SYSTEM, NT_NOT_A_MEMBER },
	{ "administrators", &alice, ADMINS, NT_NOT_A_MEMBER },
	{ "of a domain", &alice, OF_A_DOMAIN, NT_NOT_A_MEMBER },
	{ "owners' rights", &alice, OWNERS, NT_NOT_A_MEMBER },
	{ "root, user", &root, ROOT, NT_MEMBER },
	{ "root, group", &root, WHEEL, NT_MEMBER },
	{ "root, another user", &root, ALICE, NT_NOT_A_MEMBER },
	{ "root, everyone", &root, EVERYONE, NT_MEMBER },
	{ "root, authenticated", &root, AUTHENTICATED, NT_MEMBER },
	{ "root, system", &root, SYSTEM, NT_MEMBER },
	{ "root, administrators", &root, ADMINS, NT_MEMBER },
	{ "nobody, number", &nobody, NOBODY, NT_DENY_ONLY },
	{ "nobody, everyone", &nobody, EVERYONE, NT_DENY_ONLY },
	{ "nobody, authenticated", &nobody, AUTHENTICATED, NT_NOT_A_MEMBER },
	{ "nobody, anonymous", &nobody, ANONYMOUS, NT_MEMBER },
	{ "nobody, system", &nobody, SYSTEM, NT_NOT_A_MEMBER },
};

ROWS(member);

static void membership_is_by_id(struct kunit *test)
{
	const struct member_row *row = test->param_value;
	struct nt_holder holder = holder_make(test, row->who);

	KUNIT_EXPECT_EQ(test, row->membership,
			nt_holder_membership(&holder, sid_of(row->sid)));
}

static void ids_for_files_count(struct kunit *test)
{
	struct cred *cred = persona_cred(test, &root);
	struct nt_holder holder = { .client = cred };

	cred->fsuid = KUIDT_INIT(1001);
	cred->fsgid = KGIDT_INIT(1001);
	KUNIT_EXPECT_EQ(test, NT_MEMBER, nt_holder_membership(&holder, sid_of(ALICE)));
	KUNIT_EXPECT_EQ(test, NT_MEMBER, nt_holder_membership(&holder, sid_of(ALICES)));
	KUNIT_EXPECT_EQ(test, NT_NOT_A_MEMBER, nt_holder_membership(&holder, sid_of(ROOT)));
	KUNIT_EXPECT_EQ(test, NT_NOT_A_MEMBER, nt_holder_membership(&holder, sid_of(SYSTEM)));
	KUNIT_EXPECT_EQ(test, NT_NOT_A_MEMBER, nt_holder_membership(&holder, sid_of(ADMINS)));
}

/* Nobody's files are an invalid user's: of those there are none. */
static void invalid_ids_are_nobody(struct kunit *test)
{
	struct cred *cred = persona_cred(test, &alice);
	struct nt_holder holder = { .client = cred };
	struct nt_sid sid;

	cred->fsuid = INVALID_UID;
	cred->fsgid = INVALID_GID;
	nt_holder_user(&holder, &sid);
	KUNIT_EXPECT_TRUE(test, RtlEqualSid(&sid, sid_of(ANONYMOUS)));
	nt_holder_primary_group(&holder, &sid);
	KUNIT_EXPECT_TRUE(test, RtlValidSid(&sid));
	KUNIT_EXPECT_EQ(test, NT_DENY_ONLY, nt_holder_membership(&holder, sid_of(EVERYONE)));
}

static void root_of_another_namespace_is_no_system(struct kunit *test)
{
	const struct cred *below = persona_user_ns(test, current_real_cred(), 0, 65536);
	const struct persona inside = { .permitted = CAPS_ALL, .within = below };
	PACCESS_TOKEN token = token_make(test, &inside, TokenImpersonation, 2);
	struct nt_holder holder = holder_make(test, &inside);
	ULONG session = 0, level = 0;

	KUNIT_EXPECT_EQ(test, NT_MEMBER, nt_holder_membership(&holder, sid_of(ROOT)));
	KUNIT_EXPECT_EQ(test, NT_NOT_A_MEMBER, nt_holder_membership(&holder, sid_of(SYSTEM)));
	KUNIT_EXPECT_EQ(test, NT_NOT_A_MEMBER, nt_holder_membership(&holder, sid_of(ADMINS)));
	KUNIT_EXPECT_FALSE(test, SeTokenIsAdmin(token));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, SeQuerySessionIdToken(token, &session));
	KUNIT_EXPECT_EQ(test, below->user_ns->ns.inum, session);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			SeQueryInformationToken(token, TokenIntegrityLevel, (PVOID *)&level));
	KUNIT_EXPECT_EQ(test, SECURITY_MANDATORY_MEDIUM_RID, level);
}

/* --- what is told --------------------------------------------------------------------- */

static void expect_user(struct kunit *test, PACCESS_TOKEN token, enum sid_name name,
			ULONG attributes)
{
	PTOKEN_USER user = query(test, token, TokenUser);
	PTOKEN_OWNER owner = query(test, token, TokenOwner);

	KUNIT_EXPECT_TRUE(test, RtlEqualSid(user->User.Sid, sid_of(name)));
	KUNIT_EXPECT_EQ(test, attributes, user->User.Attributes);
	KUNIT_EXPECT_TRUE(test, RtlEqualSid(owner->Owner, sid_of(name)));
	ExFreePool(user);
	ExFreePool(owner);
}

static void expect_groups(struct kunit *test, PACCESS_TOKEN token,
			  const enum sid_name *names, const ULONG *attributes)
{
	PTOKEN_GROUPS groups = query(test, token, TokenGroups);
	SID_AND_ATTRIBUTES *group = groups->Groups;
	ULONG i;

	for (i = 0; i < groups->GroupCount && names[i] != NO_SID; i++) {
		KUNIT_EXPECT_TRUE_MSG(test, RtlEqualSid(group[i].Sid, sid_of(names[i])),
				      "group %u", i);
		KUNIT_EXPECT_EQ_MSG(test, attributes[i], group[i].Attributes, "group %u", i);
	}
	KUNIT_EXPECT_EQ(test, i, groups->GroupCount);
	KUNIT_EXPECT_EQ(test, NO_SID, names[i]);
	ExFreePool(groups);
}

#define ON	(SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED)
#define DENYING	SE_GROUP_USE_FOR_DENY_ONLY

/* Each once, the primary one first. */
static void groups_are_told(struct kunit *test)
{
	static const enum sid_name of_alice[] = {
		ALICES, USERS, STAFF, EVERYONE, AUTHENTICATED, NO_SID };
	static const enum sid_name of_root[] = {
		WHEEL, EVERYONE, AUTHENTICATED, SYSTEM, ADMINS, NO_SID };
	static const ULONG on[] = { ON, ON, ON, ON, ON };
	static const ULONG on_root[] = { ON, ON, ON, ON, ON | SE_GROUP_OWNER };

	expect_groups(test, token_make(test, &alice, TokenImpersonation, 2), of_alice, on);
	expect_groups(test, token_make(test, &root, TokenImpersonation, 2), of_root, on_root);
}

static void many_groups_are_told(struct kunit *test)
{
	struct cred *cred = persona_cred(test, &alice);
	unsigned int i, count = 5000;
	struct group_info *groups = groups_alloc(count);
	PTOKEN_GROUPS told;
	SID_AND_ATTRIBUTES *group;
	kgid_t gid;

	KUNIT_ASSERT_NOT_NULL(test, groups);
	for (i = 0; i < count; i++)
		groups->gid[i] = KGIDT_INIT(2000 + i);
	set_groups(cred, groups);
	put_group_info(groups);

	told = query(test, token_of(test, context_of(test, cred)), TokenGroups);
	KUNIT_EXPECT_EQ(test, count + 3, told->GroupCount);
	group = told->Groups;
	KUNIT_EXPECT_TRUE(test, NtimpGidFromSid(group[count].Sid, &gid));
	KUNIT_EXPECT_EQ(test, 2000 + count - 1, __kgid_val(gid));
	ExFreePool(told);
}

static void nobody_is_told(struct kunit *test)
{
	PACCESS_TOKEN token = token_make(test, &nobody, TokenImpersonation, 2);
	ULONG level = ~0U;

	expect_user(test, token, ANONYMOUS, 0);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			SeQueryInformationToken(token, TokenIntegrityLevel, (PVOID *)&level));
	KUNIT_EXPECT_EQ(test, SECURITY_MANDATORY_UNTRUSTED_RID, level);
	KUNIT_EXPECT_FALSE(test, SeTokenIsAdmin(token));
}

static void expect_privileges(struct kunit *test, PACCESS_TOKEN token,
			      const ULONG *numbers, const ULONG *attributes)
{
	PTOKEN_PRIVILEGES privileges = query(test, token, TokenPrivileges);
	LUID_AND_ATTRIBUTES *privilege = privileges->Privileges;
	ULONG i;

	for (i = 0; i < privileges->PrivilegeCount && numbers[i]; i++) {
		KUNIT_EXPECT_EQ(test, numbers[i], privilege[i].Luid.LowPart);
		KUNIT_EXPECT_EQ(test, 0, privilege[i].Luid.HighPart);
		KUNIT_EXPECT_EQ(test, attributes[i], privilege[i].Attributes);
	}
	KUNIT_EXPECT_EQ(test, i, privileges->PrivilegeCount);
	KUNIT_EXPECT_EQ(test, 0U, numbers[i]);
	ExFreePool(privileges);
}

#define ENABLED	(SE_PRIVILEGE_ENABLED | SE_PRIVILEGE_ENABLED_BY_DEFAULT)

static const ULONG alices_privileges[] = { 12, 19, 23, 24, 33, 34, 35, 0 };
static const ULONG alices_attributes[] = { ENABLED, 0, ENABLED, 0, ENABLED, ENABLED, ENABLED };
static const ULONG alices_effective[] = { 12, 23, 33, 34, 35, 0 };
static const ULONG all_enabled[] = { ENABLED, ENABLED, ENABLED, ENABLED, ENABLED };

static void case_070_anonymous_level_is_no_secret(struct kunit *test)
{
	PACCESS_TOKEN token = token_make(test, &alice, TokenImpersonation, SecurityAnonymous);

	expect_user(test, token, ALICE, 0);
	expect_privileges(test, token, alices_privileges, alices_attributes);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

static void case_082_no_level_of_a_primary_token(struct kunit *test)
{
	PACCESS_TOKEN primary = token_make(test, &alice, TokenPrimary, 0);
	PACCESS_TOKEN client = token_make(test, &alice, TokenImpersonation, 3);
	void *information = (void *)1;
	SECURITY_IMPERSONATION_LEVEL *level;

	KUNIT_EXPECT_EQ(test, STATUS_INVALID_INFO_CLASS,
			SeQueryInformationToken(primary, TokenImpersonationLevel, &information));
	KUNIT_EXPECT_NULL(test, information);
	level = query(test, client, TokenImpersonationLevel);
	KUNIT_EXPECT_EQ(test, SecurityDelegation, *level);
	ExFreePool(level);
}

static void case_083_classes_that_are_not_told(struct kunit *test)
{
	static const int classes[] = {
		TokenOrigin, TokenGroupsAndPrivileges, TokenRestrictedSids, TokenSandBoxInert,
		TokenSessionReference, TokenAuditPolicy, TokenElevationType, TokenLinkedToken,
		TokenElevation, TokenHasRestrictions, TokenAccessInformation,
		TokenVirtualizationAllowed, TokenVirtualizationEnabled, TokenUIAccess,
		TokenMandatoryPolicy, TokenLogonSid, MaxTokenInfoClass, 0, -1, 1000,
	};
	PACCESS_TOKEN token = token_make(test, &alice, TokenImpersonation, 2);
	int i;

	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		void *information = (void *)1;

		KUNIT_EXPECT_EQ_MSG(test, STATUS_INVALID_INFO_CLASS,
				    SeQueryInformationToken(token, classes[i], &information),
				    "class %d", classes[i]);
		KUNIT_EXPECT_NULL(test, information);
	}
}

static void expect_default_dacl(struct kunit *test, PACCESS_TOKEN token)
{
	PTOKEN_DEFAULT_DACL dacl = query(test, token, TokenDefaultDacl);
	static const enum sid_name names[] = { ALICE, SYSTEM };
	ULONG i;

	KUNIT_EXPECT_TRUE(test, RtlValidAcl(dacl->DefaultDacl));
	KUNIT_ASSERT_EQ(test, 2, (int)dacl->DefaultDacl->AceCount);
	for (i = 0; i < 2; i++) {
		ACCESS_ALLOWED_ACE *ace = NULL;

		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
				RtlGetAce(dacl->DefaultDacl, i, (PVOID *)&ace));
		KUNIT_EXPECT_EQ(test, ACCESS_ALLOWED_ACE_TYPE, (int)ace->Header.AceType);
		KUNIT_EXPECT_EQ(test, GENERIC_ALL, ace->Mask);
		KUNIT_EXPECT_TRUE(test, RtlEqualSid(&ace->SidStart, sid_of(names[i])));
	}
	ExFreePool(dacl);
}

static void expect_statistics(struct kunit *test, struct nt_token *token)
{
	PTOKEN_STATISTICS statistics = query(test, token, TokenStatistics);
	LUID authentication_id;

	KUNIT_EXPECT_TRUE(test, RtlEqualLuid(&statistics->TokenId, &token->id));
	KUNIT_EXPECT_TRUE(test, RtlEqualLuid(&statistics->ModifiedId, &token->modified_id));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			SeQueryAuthenticationIdToken(token, &authentication_id));
	KUNIT_EXPECT_TRUE(test, RtlEqualLuid(&statistics->AuthenticationId, &authentication_id));
	KUNIT_EXPECT_TRUE(test, RtlEqualLuid(&authentication_id, &token->authentication_id));
	KUNIT_EXPECT_EQ(test, token->type, statistics->TokenType);
	KUNIT_EXPECT_EQ(test, token->level, statistics->ImpersonationLevel);
	KUNIT_EXPECT_EQ(test, 5U, statistics->GroupCount);
	KUNIT_EXPECT_EQ(test, 7U, statistics->PrivilegeCount);
	KUNIT_EXPECT_EQ(test, S64_MAX, statistics->ExpirationTime.QuadPart);
	ExFreePool(statistics);
}

static void expect_rest(struct kunit *test, struct nt_token *token)
{
	PTOKEN_PRIMARY_GROUP group = query(test, token, TokenPrimaryGroup);
	PTOKEN_SOURCE source = query(test, token, TokenSource);
	TOKEN_TYPE *type = query(test, token, TokenType);
	struct { ULONG value, behind; } slot = { ~0U, 0x12345678 };

	KUNIT_EXPECT_TRUE(test, RtlEqualSid(group->PrimaryGroup, sid_of(ALICES)));
	KUNIT_EXPECT_EQ(test, 0, memcmp(source, &token->source, sizeof(*source)));
	KUNIT_EXPECT_EQ(test, token->type, *type);
	ExFreePool(group);
	ExFreePool(source);
	ExFreePool(type);

	/* Not a byte more than the number. */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			SeQueryInformationToken(token, TokenSessionId, (PVOID *)&slot.value));
	KUNIT_EXPECT_EQ(test, 0U, slot.value);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			SeQueryInformationToken(token, TokenIntegrityLevel, (PVOID *)&slot.value));
	KUNIT_EXPECT_EQ(test, SECURITY_MANDATORY_MEDIUM_RID, slot.value);
	KUNIT_EXPECT_EQ(test, 0x12345678U, slot.behind);
}

static void case_084_classes_that_are_told(struct kunit *test)
{
	PACCESS_TOKEN tokens[] = {
		token_make(test, &alice, TokenPrimary, 0),
		token_make(test, &alice, TokenImpersonation, SecurityImpersonation),
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(tokens); i++) {
		expect_user(test, tokens[i], ALICE, 0);
		expect_privileges(test, tokens[i], alices_privileges, alices_attributes);
		expect_default_dacl(test, tokens[i]);
		expect_statistics(test, tokens[i]);
		expect_rest(test, tokens[i]);
		KUNIT_EXPECT_EQ(test, 1U, token_usage(tokens[i]));
	}
}

static void no_memory_is_told(struct kunit *test)
{
	static const TOKEN_INFORMATION_CLASS classes[] = {
		TokenUser, TokenGroups, TokenPrivileges, TokenOwner, TokenPrimaryGroup,
		TokenDefaultDacl, TokenSource, TokenType, TokenImpersonationLevel, TokenStatistics,
	};
	PACCESS_TOKEN token = token_make(test, &alice, TokenImpersonation, 2);
	int i;

	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		void *information = (void *)1;
		NTSTATUS status;

		fail_nth(1);
		status = SeQueryInformationToken(token, classes[i], &information);
		KUNIT_EXPECT_TRUE(test, fail_nth_over());
		KUNIT_EXPECT_EQ(test, STATUS_INSUFFICIENT_RESOURCES, status);
		KUNIT_EXPECT_NULL(test, information);
	}
}

static void administrators_are_root(struct kunit *test)
{
	PACCESS_TOKEN primary = token_make(test, &root, TokenPrimary, 0);

	KUNIT_EXPECT_TRUE(test, SeTokenIsAdmin(primary));
	KUNIT_EXPECT_TRUE(test, SeTokenIsAdmin(token_make(test, &root, TokenImpersonation, 0)));
	KUNIT_EXPECT_FALSE(test, SeTokenIsAdmin(token_make(test, &alice, TokenPrimary, 0)));
	KUNIT_EXPECT_FALSE(test, SeTokenIsRestricted(primary));
	KUNIT_EXPECT_FALSE(test, SeTokenIsWriteRestricted(primary));
}

/* --- what tokens are good for, by level ------------------------------------------------- */

static void impersonate_at(struct kunit *test, struct nt_token *token,
			   SECURITY_IMPERSONATION_LEVEL level)
{
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE, level));
}

static long open_root(void)
{
	struct file *file = filp_open("/", O_RDONLY | O_DIRECTORY, 0);

	if (IS_ERR(file))
		return PTR_ERR(file);
	filp_close(file, NULL);
	return 0;
}

static void case_064_own_token_can_be_had(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, SecurityImpersonation);
	SECURITY_IMPERSONATION_LEVEL level = SecurityAnonymous;

	impersonate_at(test, token, SecurityImpersonation);
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)token, token_now(&level));
	KUNIT_EXPECT_EQ(test, SecurityImpersonation, level);
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

static void case_065_null_token_reverts(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, SecurityImpersonation);

	impersonate_at(test, token, SecurityImpersonation);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			PsAssignImpersonationToken(PsGetCurrentThread(), NULL));
	KUNIT_EXPECT_FALSE(test, PsIsThreadImpersonating(PsGetCurrentThread()));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

static void case_067_low_levels_open_nothing(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, SecurityImpersonation);

	KUNIT_ASSERT_EQ(test, 0L, open_root());
	impersonate_at(test, token, SecurityAnonymous);
	KUNIT_EXPECT_EQ(test, -EACCES, open_root());
	impersonate_at(test, token, SecurityIdentification);
	KUNIT_EXPECT_EQ(test, -EACCES, open_root());
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 0L, open_root());
}

static void case_068_impersonation_opens(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, SecurityImpersonation);

	impersonate_at(test, token, SecurityImpersonation);
	KUNIT_EXPECT_EQ(test, 0L, open_root());
	KUNIT_EXPECT_EQ(test, 1001U, acts_as_uid());
	PsRevertToSelf();
}

static void case_069_level_does_not_rise(struct kunit *test)
{
	SECURITY_QUALITY_OF_SERVICE qos = { sizeof(qos), SecurityIdentification };
	SECURITY_SUBJECT_CONTEXT subject = {
		.ClientToken = token_make(test, &alice, TokenImpersonation, SecurityAnonymous),
		.ImpersonationLevel = SecurityAnonymous,
		.PrimaryToken = token_make(test, &root, TokenPrimary, 0),
	};
	SECURITY_CLIENT_CONTEXT ctx;

	KUNIT_EXPECT_EQ(test, STATUS_BAD_IMPERSONATION_LEVEL,
			SeCreateClientSecurityFromSubjectContext(&subject, &qos, FALSE, &ctx));
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EPERM),
			    nt_token_duplicate(subject.ClientToken, SecurityIdentification,
					       false));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(subject.ClientToken));
}

static void case_074_primary_may_be_delegated(struct kunit *test)
{
	SECURITY_QUALITY_OF_SERVICE qos = { sizeof(qos), SecurityDelegation };
	SECURITY_SUBJECT_CONTEXT subject = {
		.PrimaryToken = token_make(test, &alice, TokenPrimary, 0),
	};
	SECURITY_CLIENT_CONTEXT ctx;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			SeCreateClientSecurityFromSubjectContext(&subject, &qos, FALSE, &ctx));
	KUNIT_EXPECT_EQ(test, TokenImpersonation, SeTokenType(ctx.ClientToken));
	KUNIT_EXPECT_EQ(test, SecurityDelegation, SeTokenImpersonationLevel(ctx.ClientToken));
	SeDeleteClientSecurity(&ctx);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(subject.PrimaryToken));
}

static void case_076_effective_only_drops_what_is_disabled(struct kunit *test)
{
	PACCESS_TOKEN token = token_make(test, &alice, TokenPrimary, 0), all, effective;

	all = keep_token(test, nt_token_duplicate(token, SecurityImpersonation, false));
	effective = keep_token(test, nt_token_duplicate(token, SecurityImpersonation, true));
	expect_privileges(test, all, alices_privileges, alices_attributes);
	expect_privileges(test, effective, alices_effective, all_enabled);
}

static void case_077_effective_only_keeps_the_user(struct kunit *test)
{
	PACCESS_TOKEN token = token_make(test, &alice, TokenPrimary, 0);

	token = keep_token(test, nt_token_duplicate(token, SecurityImpersonation, true));
	expect_user(test, token, ALICE, 0);
}

static void case_079_anonymous_can_be_impersonated(struct kunit *test)
{
	static const struct ntimp_qos qos = { .level = NTIMP_LEVEL_IMPERSONATION };
	struct nt_token *token = token_of(test, ntimp_capture_anonymous(&qos));

	impersonate_at(test, token, SecurityImpersonation);
	KUNIT_EXPECT_EQ(test, 65534U, acts_as_uid());
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 0U, acts_as_uid());
	expect_user(test, token, ANONYMOUS, 0);
}

/* There is no routine that compares; what is told is the same. */
static void case_090_duplicates_are_equal(struct kunit *test)
{
	static const enum sid_name groups[] = {
		ALICES, USERS, STAFF, EVERYONE, AUTHENTICATED, NO_SID };
	static const ULONG on[] = { ON, ON, ON, ON, ON };
	static const ULONG left[] = { 19, 23, 24, 33, 35, 0 };
	static const ULONG attributes[] = { 0, ENABLED, 0, ENABLED, ENABLED };
	PACCESS_TOKEN token = token_make(test, &alice, TokenImpersonation, 2), other;

	other = keep_token(test, nt_token_duplicate(token, SecurityImpersonation, false));
	expect_groups(test, other, groups, on);
	expect_privileges(test, other, alices_privileges, alices_attributes);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			SeFilterToken(token, 0, NULL,
				      privileges_of(test, BIT_ULL(SE_SYSTEMTIME_PRIVILEGE)), NULL,
				      &other));
	keep_token(test, other);
	expect_groups(test, other, groups, on);
	expect_privileges(test, other, left, attributes);
}

static void disabled_sids_are_told(struct kunit *test)
{
	static const struct loss loss = { .disable = { ALICE, STAFF, EVERYONE } };
	static const enum sid_name groups[] = {
		ALICES, USERS, STAFF, EVERYONE, AUTHENTICATED, NO_SID };
	static const ULONG attributes[] = { ON, ON, DENYING, DENYING, ON };
	PACCESS_TOKEN token = token_make(test, &alice, TokenImpersonation, 2), filtered;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			SeFilterToken(token, 0, groups_list(test, loss.disable, 0), NULL, NULL,
				      &filtered));
	keep_token(test, filtered);
	expect_groups(test, filtered, groups, attributes);
	expect_user(test, filtered, ALICE, DENYING);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(membership_is_by_id, member_gen_params),
	KUNIT_CASE(ids_for_files_count),
	KUNIT_CASE(invalid_ids_are_nobody),
	KUNIT_CASE(root_of_another_namespace_is_no_system),
	KUNIT_CASE(groups_are_told),
	KUNIT_CASE(many_groups_are_told),
	KUNIT_CASE(nobody_is_told),
	KUNIT_CASE(case_064_own_token_can_be_had),
	KUNIT_CASE(case_065_null_token_reverts),
	KUNIT_CASE(case_067_low_levels_open_nothing),
	KUNIT_CASE(case_068_impersonation_opens),
	KUNIT_CASE(case_069_level_does_not_rise),
	KUNIT_CASE(case_070_anonymous_level_is_no_secret),
	KUNIT_CASE(case_074_primary_may_be_delegated),
	KUNIT_CASE(case_076_effective_only_drops_what_is_disabled),
	KUNIT_CASE(case_077_effective_only_keeps_the_user),
	KUNIT_CASE(case_079_anonymous_can_be_impersonated),
	KUNIT_CASE(case_082_no_level_of_a_primary_token),
	KUNIT_CASE(case_083_classes_that_are_not_told),
	KUNIT_CASE(case_084_classes_that_are_told),
	KUNIT_CASE(case_090_duplicates_are_equal),
	KUNIT_CASE(no_memory_is_told),
	KUNIT_CASE(administrators_are_root),
	KUNIT_CASE(disabled_sids_are_told),
	{}
};

struct kunit_suite ntimp_nt_query_suite = {
	.name = "nt_query",
	.test_cases = cases,
};
