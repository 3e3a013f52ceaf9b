// SPDX-License-Identifier: GPL-2.0-only
/* Access checks: who may do what, by security descriptor. */
#include <kunit/test.h>
#include <linux/cred.h>

#include "../ntimp/nt/access.h"
#include "../ntimp/nt/privilege.h"
#include "contexts.h"
#include "nt_sids.h"
#include "nt_tokens.h"
#include "persona.h"
#include "rows.h"
#include "suites.h"

/* Rights to the object, and what the generic ones are for it. */
#define R		0x0001U
#define W		0x0002U
#define X		0x0004U
#define Z		0x0008U		/* in none of the generic ones but all */
#define RC		READ_CONTROL
#define GR		(R | RC | SYNCHRONIZE)
#define GW		(W | RC | SYNCHRONIZE)
#define GX		(X | RC | SYNCHRONIZE)
#define GA		(STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | R | W | X | Z)
#define MOST		MAXIMUM_ALLOWED
#define ASS		ACCESS_SYSTEM_SECURITY

static GENERIC_MAPPING mapping = { GR, GW, GX, GA };

/* Who asks. */
static const struct persona personas[] = {
	[ALICE]	= { .uid = 1001, .gid = 1001, .ngroups = 2, .groups = { 100, 200 } },
	[ROOT]	= { .uid = 0, .gid = 0, .permitted = CAPS_ALL },
	[NOBODY] = { .uid = 65534, .gid = 65534 },
	[BOB]	= { .uid = 1002, .gid = 1002,
		    .permitted = CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_FOWNER) |
				 CAP_BIT(CAP_AUDIT_CONTROL) },
};

#define ACES_MAX	5

enum dacl_kind { LISTED, NO_DACL, NULL_DACL };

struct access_row {
	const char *name;
	enum sid_name who;	/* ALICE, if not said */
	struct loss loss;
	enum sid_name owner;
	enum dacl_kind dacl;
	struct ace_row aces[ACES_MAX];
	ACCESS_MASK desired;
	ACCESS_MASK previous;
	NTSTATUS status;
	ACCESS_MASK granted;
	u64 used;		/* privileges, bits by number */
};

#define GRANTS(_desired, _granted)	\
	.desired = (_desired), .status = STATUS_SUCCESS, .granted = (_granted)
#define REFUSES(_desired, _status)	\
	.desired = (_desired), .status = STATUS_##_status

static const struct access_row access_rows[] = {
	/* Lists that are no lists */
	{ "no list", .dacl = NO_DACL, GRANTS(R | W, R | W) },
	{ "no list, generic", .dacl = NO_DACL, GRANTS(GENERIC_WRITE, GW) },
	{ "no list, maximum", .dacl = NO_DACL, GRANTS(MOST, GA) },
	{ "no list, nobody", .who = NOBODY, .dacl = NO_DACL, GRANTS(R, R) },
	{ "NULL list", .dacl = NULL_DACL, GRANTS(R | WRITE_DAC, R | WRITE_DAC) },
	{ "NULL list, maximum", .dacl = NULL_DACL, GRANTS(MOST | W, GA) },
	{ "NULL list, system security", .dacl = NULL_DACL, REFUSES(ASS, PRIVILEGE_NOT_HELD) },
	{ "empty list", REFUSES(R, ACCESS_DENIED) },
	{ "empty list, maximum", REFUSES(MOST, ACCESS_DENIED) },
	{ "empty list, maximum, some before", .previous = R, GRANTS(MOST, R) },
	{ "empty list, root", .who = ROOT, REFUSES(R, ACCESS_DENIED) },

	/* Nothing asked for */
	{ "nothing", .aces = { ALLOW(EVERYONE, GA) }, REFUSES(0, ACCESS_DENIED) },
	{ "nothing, some before", .previous = W, GRANTS(0, W) },
	{ "nothing, generic before", .previous = GENERIC_READ, GRANTS(0, GR) },
	{ "before doesn't count for what is asked for", .previous = R, REFUSES(R, ACCESS_DENIED) },
	{ "before is kept", .aces = { ALLOW(ALICE, R) }, .previous = X, GRANTS(R, R | X) },

	/* Whose entry it is */
	{ "the user's", .aces = { ALLOW(ALICE, R) }, GRANTS(R, R) },
	{ "another user's", .aces = { ALLOW(BOB, R) }, REFUSES(R, ACCESS_DENIED) },
	{ "the group's", .aces = { ALLOW(ALICES, R) }, GRANTS(R, R) },
	{ "a supplementary group's, first", .aces = { ALLOW(USERS, R) }, GRANTS(R, R) },
	{ "a supplementary group's, last", .aces = { ALLOW(STAFF, R) }, GRANTS(R, R) },
	{ "another group's", .aces = { ALLOW(OTHERS_GROUP, R) }, REFUSES(R, ACCESS_DENIED) },
	{ "everyone's", .aces = { ALLOW(EVERYONE, R) }, GRANTS(R, R) },
	{ "the authenticated's", .aces = { ALLOW(AUTHENTICATED, R) }, GRANTS(R, R) },
	{ "the anonymous's", .aces = { ALLOW(ANONYMOUS, R) }, REFUSES(R, ACCESS_DENIED) },
	{ "the system's", .aces = { ALLOW(SYSTEM, R) }, REFUSES(R, ACCESS_DENIED) },
	{ "a domain user's of that number", .aces = { ALLOW(OF_A_DOMAIN, R) },
	  REFUSES(R, ACCESS_DENIED) },
	{ "the system's, root", .who = ROOT, .aces = { ALLOW(SYSTEM, R) }, GRANTS(R, R) },
	{ "the administrators', root", .who = ROOT, .aces = { ALLOW(ADMINS, R) }, GRANTS(R, R) },
	{ "the user's, root", .who = ROOT, .aces = { ALLOW(ROOT, R) }, GRANTS(R, R) },
	{ "root has no right of its own", .who = ROOT, .aces = { ALLOW(ALICE, R) },
	  REFUSES(R, ACCESS_DENIED) },
	{ "the anonymous's, nobody", .who = NOBODY, .aces = { ALLOW(ANONYMOUS, R) }, GRANTS(R, R) },
	{ "everyone's, nobody", .who = NOBODY, .aces = { ALLOW(EVERYONE, R) },
	  REFUSES(R, ACCESS_DENIED) },
	{ "the authenticated's, nobody", .who = NOBODY, .aces = { ALLOW(AUTHENTICATED, R) },
	  REFUSES(R, ACCESS_DENIED) },
	{ "the number's, nobody", .who = NOBODY, .aces = { ALLOW(NOBODY, R) },
	  REFUSES(R, ACCESS_DENIED) },
	{ "denied to everyone, nobody", .who = NOBODY,
	  .aces = { DENY(EVERYONE, R), ALLOW(ANONYMOUS, R) }, REFUSES(R, ACCESS_DENIED) },

	/* Order */
	{ "denied, then allowed", .aces = { DENY(ALICE, R), ALLOW(ALICE, R) },
	  REFUSES(R, ACCESS_DENIED) },
	{ "allowed, then denied", .aces = { ALLOW(ALICE, R), DENY(ALICE, R) }, GRANTS(R, R) },
	{ "group denied, then user allowed", .aces = { DENY(USERS, R), ALLOW(ALICE, R) },
	  REFUSES(R, ACCESS_DENIED) },
	{ "another right denied", .aces = { DENY(ALICE, W), ALLOW(ALICE, R) }, GRANTS(R, R) },
	{ "one of two denied", .aces = { DENY(ALICE, W), ALLOW(ALICE, R | W) },
	  REFUSES(R | W, ACCESS_DENIED) },
	{ "one of two allowed", .aces = { ALLOW(ALICE, R) }, REFUSES(R | W, ACCESS_DENIED) },
	{ "two entries together", .aces = { ALLOW(ALICE, R), ALLOW(USERS, W) },
	  GRANTS(R | W, R | W) },
	{ "denied between two allowed",
	  .aces = { ALLOW(ALICE, R), DENY(EVERYONE, R | W), ALLOW(ALICE, W) },
	  REFUSES(R | W, ACCESS_DENIED) },
	{ "denied to another", .aces = { DENY(BOB, R), ALLOW(ALICE, R) }, GRANTS(R, R) },
	{ "maximum, in order",
	  .aces = { ALLOW(ALICE, R), DENY(USERS, R | W), ALLOW(EVERYONE, R | W | X) },
	  GRANTS(MOST, R | X) },
	{ "maximum and one that is there", .aces = { ALLOW(ALICE, R | X) },
	  GRANTS(MOST | X, R | X) },
	{ "maximum and one that isn't", .aces = { ALLOW(ALICE, R) },
	  REFUSES(MOST | W, ACCESS_DENIED) },
	{ "maximum, some before", .aces = { ALLOW(ALICE, R) }, .previous = W, GRANTS(MOST, R | W) },
	{ "maximum, all denied", .aces = { DENY(ALICE, GA), ALLOW(ALICE, GA) },
	  REFUSES(MOST, ACCESS_DENIED) },

	/* Generic rights */
	{ "generic asked for", .aces = { ALLOW(ALICE, GR) }, GRANTS(GENERIC_READ, GR) },
	{ "generic in the list", .aces = { ALLOW(ALICE, GENERIC_READ) }, GRANTS(R, R) },
	{ "generic in both", .aces = { ALLOW(ALICE, GENERIC_ALL) },
	  GRANTS(GENERIC_EXECUTE | GENERIC_WRITE, GX | GW) },
	{ "generic asked for, in part", .aces = { ALLOW(ALICE, R) },
	  REFUSES(GENERIC_READ, ACCESS_DENIED) },
	{ "generic denied", .aces = { DENY(ALICE, GENERIC_WRITE), ALLOW(ALICE, GENERIC_ALL) },
	  REFUSES(W, ACCESS_DENIED) },
	{ "generic denied, another right",
	  .aces = { DENY(ALICE, GENERIC_WRITE), ALLOW(ALICE, GENERIC_ALL) }, GRANTS(X, X) },
	{ "generic all, maximum", .aces = { ALLOW(ALICE, GENERIC_ALL) }, GRANTS(MOST, GA) },
	{ "system security in the list", .aces = { ALLOW(ALICE, GA | ASS | MOST) },
	  GRANTS(MOST, GA) },
	{ "system security in the list, asked for", .aces = { ALLOW(ALICE, GA | ASS) },
	  REFUSES(ASS | R, PRIVILEGE_NOT_HELD) },

	/* Kinds of entries */
	{ "for heirs only", .aces = { { .flags = INHERIT_ONLY_ACE | OBJECT_INHERIT_ACE,
					.mask = R, .sid = ALICE } },
	  REFUSES(R, ACCESS_DENIED) },
	{ "denied to heirs only", .aces = { { .type = ACCESS_DENIED_ACE_TYPE,
					      .flags = INHERIT_ONLY_ACE | CONTAINER_INHERIT_ACE,
					      .mask = R, .sid = ALICE }, ALLOW(ALICE, R) },
	  GRANTS(R, R) },
	{ "inherited", .aces = { { .flags = INHERITED_ACE, .mask = R, .sid = ALICE } },
	  GRANTS(R, R) },
	{ "for heirs too", .aces = { { .flags = OBJECT_INHERIT_ACE, .mask = R, .sid = ALICE } },
	  GRANTS(R, R) },
	{ "an audit", .aces = { { .type = SYSTEM_AUDIT_ACE_TYPE, .mask = R, .sid = ALICE } },
	  REFUSES(R, ACCESS_DENIED) },
	{ "allowed on a condition", .aces = { { .type = ACCESS_ALLOWED_CALLBACK_ACE_TYPE,
						.mask = R, .sid = ALICE } },
	  REFUSES(R, ACCESS_DENIED) },
	{ "denied on a condition", .aces = { { .type = ACCESS_DENIED_CALLBACK_ACE_TYPE,
					       .mask = R, .sid = ALICE }, ALLOW(ALICE, R) },
	  REFUSES(R, ACCESS_DENIED) },
	{ "allowed for an object", .aces = { { .type = ACCESS_ALLOWED_OBJECT_ACE_TYPE,
					       .mask = R, .sid = ALICE } },
	  GRANTS(R, R) },
	{ "allowed for a kind of object", .aces = { { .type = ACCESS_ALLOWED_OBJECT_ACE_TYPE,
						      .mask = R, .sid = ALICE, .object = 1 } },
	  REFUSES(R, ACCESS_DENIED) },
	{ "allowed for an object, for heirs of a kind",
	  .aces = { { .type = ACCESS_ALLOWED_OBJECT_ACE_TYPE, .mask = R, .sid = ALICE,
		      .object = 2 } }, GRANTS(R, R) },
	{ "denied for a kind of object", .aces = { { .type = ACCESS_DENIED_OBJECT_ACE_TYPE,
						     .mask = R, .sid = ALICE, .object = 3 },
						   ALLOW(ALICE, R) },
	  REFUSES(R, ACCESS_DENIED) },
	{ "of an unknown type", .aces = { { .type = 0x42, .mask = R, .sid = ALICE } },
	  REFUSES(R, ACCESS_DENIED) },

	/* The owner */
	{ "the owner reads and changes the list", .owner = ALICE,
	  GRANTS(READ_CONTROL | WRITE_DAC, READ_CONTROL | WRITE_DAC) },
	{ "the owner has no more", .owner = ALICE, REFUSES(READ_CONTROL | R, ACCESS_DENIED) },
	{ "the owner, maximum", .owner = ALICE, .aces = { ALLOW(EVERYONE, R) },
	  GRANTS(MOST, R | READ_CONTROL | WRITE_DAC) },
	{ "the owner is denied", .owner = ALICE, .aces = { DENY(ALICE, GA) },
	  GRANTS(WRITE_DAC, WRITE_DAC) },
	{ "the owner doesn't become another one", .owner = ALICE,
	  REFUSES(WRITE_OWNER, ACCESS_DENIED) },
	{ "another owner", .owner = BOB, REFUSES(WRITE_DAC, ACCESS_DENIED) },
	{ "a group owns", .owner = USERS, GRANTS(WRITE_DAC, WRITE_DAC) },
	{ "administrators own, root", .who = ROOT, .owner = ADMINS, GRANTS(WRITE_DAC, WRITE_DAC) },
	{ "nobody's number owns, nobody", .who = NOBODY, .owner = NOBODY,
	  REFUSES(WRITE_DAC, ACCESS_DENIED) },
	{ "no owner", REFUSES(WRITE_DAC, ACCESS_DENIED) },
	{ "owners' rights take away", .owner = ALICE, .aces = { ALLOW(OWNERS, R) },
	  REFUSES(WRITE_DAC, ACCESS_DENIED) },
	{ "owners' rights grant", .owner = ALICE, .aces = { ALLOW(OWNERS, R) }, GRANTS(R, R) },
	{ "owners' rights deny", .owner = ALICE, .aces = { DENY(OWNERS, R), ALLOW(ALICE, R) },
	  REFUSES(R, ACCESS_DENIED) },
	{ "owners' rights for heirs only", .owner = ALICE,
	  .aces = { { .flags = INHERIT_ONLY_ACE, .mask = R, .sid = OWNERS } },
	  GRANTS(WRITE_DAC, WRITE_DAC) },
	{ "owners' rights of another owner", .owner = BOB, .aces = { ALLOW(OWNERS, R) },
	  REFUSES(R, ACCESS_DENIED) },
	{ "owners' rights without an owner", .aces = { ALLOW(OWNERS, R) },
	  REFUSES(R, ACCESS_DENIED) },

	/* Privileges */
	{ "to take ownership", .who = BOB, .owner = ALICE, GRANTS(WRITE_OWNER, WRITE_OWNER),
	  .used = BIT_ULL(SE_TAKE_OWNERSHIP_PRIVILEGE) },
	{ "to take ownership, with a right that isn't there", .who = BOB, .owner = ALICE,
	  REFUSES(WRITE_OWNER | R, ACCESS_DENIED) },
	{ "to take ownership, with a right that is", .who = BOB, .aces = { ALLOW(BOB, R) },
	  GRANTS(WRITE_OWNER | R, WRITE_OWNER | R),
	  .used = BIT_ULL(SE_TAKE_OWNERSHIP_PRIVILEGE) },
	{ "to take ownership, not asked for", .who = BOB, .aces = { ALLOW(BOB, R) },
	  GRANTS(MOST, R) },
	{ "to take ownership, deleted", .who = BOB,
	  .loss = { .delete = BIT_ULL(SE_TAKE_OWNERSHIP_PRIVILEGE) },
	  REFUSES(WRITE_OWNER, ACCESS_DENIED) },
	{ "to see audits", .who = BOB, GRANTS(ASS, ASS), .used = BIT_ULL(SE_SECURITY_PRIVILEGE) },
	{ "to see audits, and to take ownership", .who = BOB,
	  GRANTS(ASS | WRITE_OWNER, ASS | WRITE_OWNER),
	  .used = BIT_ULL(SE_SECURITY_PRIVILEGE) | BIT_ULL(SE_TAKE_OWNERSHIP_PRIVILEGE) },
	{ "to see audits, not held", REFUSES(ASS, PRIVILEGE_NOT_HELD) },
	{ "to see audits, in a restricted token", .who = BOB, .loss = { .restrict_to = { ALICE } },
	  GRANTS(ASS, ASS), .used = BIT_ULL(SE_SECURITY_PRIVILEGE) },

	/* Disabled SIDs */
	{ "disabled group, allowed", .loss = { .disable = { USERS } },
	  .aces = { ALLOW(USERS, R) }, REFUSES(R, ACCESS_DENIED) },
	{ "disabled group, denied", .loss = { .disable = { USERS } },
	  .aces = { DENY(USERS, R), ALLOW(ALICE, R) }, REFUSES(R, ACCESS_DENIED) },
	{ "disabled group, another one allowed", .loss = { .disable = { USERS } },
	  .aces = { ALLOW(STAFF, R) }, GRANTS(R, R) },
	{ "disabled user, allowed", .loss = { .disable = { ALICE } },
	  .aces = { ALLOW(ALICE, R) }, REFUSES(R, ACCESS_DENIED) },
	{ "disabled user, owns", .owner = ALICE, .loss = { .disable = { ALICE } },
	  REFUSES(READ_CONTROL, ACCESS_DENIED) },
	{ "disabled user, denied as owner", .owner = ALICE, .loss = { .disable = { ALICE } },
	  .aces = { DENY(OWNERS, R), ALLOW(EVERYONE, R) }, REFUSES(R, ACCESS_DENIED) },
	{ "disabled well-known SID", .loss = { .disable = { EVERYONE } },
	  .aces = { ALLOW(EVERYONE, R) }, REFUSES(R, ACCESS_DENIED) },
	{ "somebody else's SID disabled", .loss = { .disable = { BOB } },
	  .aces = { DENY(BOB, R), ALLOW(ALICE, R) }, GRANTS(R, R) },
	{ "administrators disabled, root", .who = ROOT, .loss = { .flags = LUA_TOKEN },
	  .aces = { ALLOW(ADMINS, R) }, REFUSES(R, ACCESS_DENIED) },

	/* Restricted tokens */
	{ "restricted, one agrees", .loss = { .restrict_to = { USERS } },
	  .aces = { ALLOW(ALICE, R) }, REFUSES(R, ACCESS_DENIED) },
	{ "restricted, both agree", .loss = { .restrict_to = { USERS } },
	  .aces = { ALLOW(ALICE, R), ALLOW(USERS, R) }, GRANTS(R, R) },
	{ "restricted, only the other one", .loss = { .restrict_to = { BOB } },
	  .aces = { ALLOW(BOB, R) }, REFUSES(R, ACCESS_DENIED) },
	{ "restricted to somebody else, both agree", .loss = { .restrict_to = { BOB } },
	  .aces = { ALLOW(BOB, R), ALLOW(ALICE, R | W) }, GRANTS(R, R) },
	{ "restricted, denied to the other one", .loss = { .restrict_to = { BOB } },
	  .aces = { DENY(BOB, R), ALLOW(EVERYONE, R), ALLOW(BOB, R) },
	  REFUSES(R, ACCESS_DENIED) },
	{ "restricted, maximum", .loss = { .restrict_to = { BOB } },
	  .aces = { ALLOW(BOB, R | X), ALLOW(ALICE, R | W) }, GRANTS(MOST, R) },
	{ "restricted, owner", .owner = ALICE, .loss = { .restrict_to = { BOB } },
	  REFUSES(WRITE_DAC, ACCESS_DENIED) },
	{ "restricted to the owner", .owner = ALICE, .loss = { .restrict_to = { ALICE } },
	  GRANTS(WRITE_DAC, WRITE_DAC) },
	{ "restricted, no list", .dacl = NO_DACL, .loss = { .restrict_to = { BOB } },
	  GRANTS(R, R) },
	{ "write-restricted, reads", .loss = { .flags = WRITE_RESTRICTED, .restrict_to = { BOB } },
	  .aces = { ALLOW(ALICE, R | W) }, GRANTS(R, R) },
	{ "write-restricted, executes",
	  .loss = { .flags = WRITE_RESTRICTED, .restrict_to = { BOB } },
	  .aces = { ALLOW(ALICE, X | SYNCHRONIZE) }, GRANTS(X | SYNCHRONIZE, X | SYNCHRONIZE) },
	{ "write-restricted, writes",
	  .loss = { .flags = WRITE_RESTRICTED, .restrict_to = { BOB } },
	  .aces = { ALLOW(ALICE, R | W) }, REFUSES(W, ACCESS_DENIED) },
	{ "write-restricted, something else",
	  .loss = { .flags = WRITE_RESTRICTED, .restrict_to = { BOB } },
	  .aces = { ALLOW(ALICE, GA) }, REFUSES(Z, ACCESS_DENIED) },
	{ "write-restricted, writes, both agree",
	  .loss = { .flags = WRITE_RESTRICTED, .restrict_to = { BOB } },
	  .aces = { ALLOW(ALICE, R | W), ALLOW(BOB, W) }, GRANTS(W | R, W | R) },
	{ "write-restricted, maximum",
	  .loss = { .flags = WRITE_RESTRICTED, .restrict_to = { BOB } },
	  .aces = { ALLOW(ALICE, R | W | X | DELETE) }, GRANTS(MOST, R | X) },
	{ "WRITE_RESTRICTED to nothing", .loss = { .flags = WRITE_RESTRICTED },
	  .aces = { ALLOW(ALICE, W) }, GRANTS(W, W) },
};

ROWS(access);

static SECURITY_DESCRIPTOR *descriptor_of(struct kunit *test, const struct access_row *row)
{
	SECURITY_DESCRIPTOR *descriptor = kunit_kzalloc(test, sizeof(*descriptor), GFP_KERNEL);
	PACL dacl = NULL;

	KUNIT_ASSERT_NOT_NULL(test, descriptor);
	RtlCreateSecurityDescriptor(descriptor, SECURITY_DESCRIPTOR_REVISION);
	RtlSetOwnerSecurityDescriptor(descriptor, sid_of(row->owner), FALSE);
	if (row->dacl == LISTED)
		dacl = acl_make(test, row->aces, ACES_MAX);
	RtlSetDaclSecurityDescriptor(descriptor, row->dacl != NO_DACL, dacl, FALSE);
	return descriptor;
}

static void expect_access(struct kunit *test, const struct access_row *row,
			  const struct nt_holder *holder,
			  const SECURITY_DESCRIPTOR *descriptor)
{
	const struct nt_access access = {
		.descriptor = descriptor,
		.desired = row->desired,
		.previous = row->previous,
		.mapping = &mapping,
	};
	ACCESS_MASK granted = ~0U;
	u64 used = ~0ULL;

	KUNIT_EXPECT_EQ(test, row->status, nt_access_check(holder, &access, &granted, &used));
	KUNIT_EXPECT_EQ(test, row->granted, granted);
	if (!row->status)
		KUNIT_EXPECT_EQ(test, row->used, used);
}

static void access_is_as_the_list_says(struct kunit *test)
{
	const struct access_row *row = test->param_value;
	enum sid_name who = row->who ?: ALICE;
	struct nt_holder holder = holder_make(test, &personas[who]);
	SECURITY_DESCRIPTOR *absolute = descriptor_of(test, row), *relative;
	ULONG length = 0;

	holder.filter = filter_make(test, &holder, &row->loss);
	expect_access(test, row, &holder, absolute);

	KUNIT_ASSERT_EQ(test, STATUS_BUFFER_TOO_SMALL,
			RtlAbsoluteToSelfRelativeSD(absolute, NULL, &length));
	relative = kunit_kmalloc(test, length, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, relative);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RtlAbsoluteToSelfRelativeSD(absolute, relative, &length));
	KUNIT_EXPECT_TRUE(test, RtlValidRelativeSecurityDescriptor(relative, length, 0));
	expect_access(test, row, &holder, relative);
}

static SECURITY_DESCRIPTOR *for_alice(struct kunit *test)
{
	static const struct access_row row = {
		.name = "", .owner = BOB, .aces = { ALLOW(ALICE, R) },
	};

	return descriptor_of(test, &row);
}

static void expect_check(struct kunit *test, PSECURITY_SUBJECT_CONTEXT subject,
			 PSECURITY_DESCRIPTOR descriptor, ACCESS_MASK desired,
			 KPROCESSOR_MODE mode, NTSTATUS expected, ACCESS_MASK rights)
{
	PPRIVILEGE_SET privileges = (PPRIVILEGE_SET)1;
	ACCESS_MASK granted = ~0U;
	NTSTATUS status = 1;

	KUNIT_EXPECT_EQ(test, !expected,
			SeAccessCheck(descriptor, subject, FALSE, desired, 0, &privileges,
				      &mapping, mode, &granted, &status));
	KUNIT_EXPECT_EQ(test, expected, status);
	KUNIT_EXPECT_EQ(test, rights, granted);
	KUNIT_EXPECT_NULL(test, privileges);
}

static SECURITY_SUBJECT_CONTEXT subject_at(struct kunit *test, enum sid_name client,
					   SECURITY_IMPERSONATION_LEVEL level)
{
	SECURITY_SUBJECT_CONTEXT subject = {
		.PrimaryToken = token_make(test, &personas[ROOT], TokenPrimary, 0),
	};

	if (client != NO_SID) {
		subject.ClientToken = token_make(test, &personas[client], TokenImpersonation,
						 level);
		subject.ImpersonationLevel = level;
	}
	return subject;
}

/* As on NT where a handle is used; the primary token of a subject may be judged, too. */
static void case_072_access_check_of_low_levels(struct kunit *test)
{
	SECURITY_SUBJECT_CONTEXT anonymous = subject_at(test, ALICE, SecurityAnonymous);
	SECURITY_SUBJECT_CONTEXT primary = subject_at(test, NO_SID, 0);
	unsigned int before = token_usage(anonymous.ClientToken);

	expect_check(test, &anonymous, for_alice(test), R, UserMode,
		     STATUS_BAD_IMPERSONATION_LEVEL, 0);
	KUNIT_EXPECT_EQ(test, before, token_usage(anonymous.ClientToken));
	/* The primary is root here, whom the list doesn't know. */
	expect_check(test, &primary, for_alice(test), R, UserMode, STATUS_ACCESS_DENIED, 0);
	primary.PrimaryToken = token_make(test, &personas[ALICE], TokenPrimary, 0);
	expect_check(test, &primary, for_alice(test), R, UserMode, STATUS_SUCCESS, R);
}

static void case_086_access_check_at_identification(struct kunit *test)
{
	SECURITY_SUBJECT_CONTEXT subject = subject_at(test, ALICE, SecurityIdentification);

	expect_check(test, &subject, for_alice(test), R, UserMode,
		     STATUS_BAD_IMPERSONATION_LEVEL, 0);
	expect_check(test, &subject, NULL, R, UserMode, STATUS_ACCESS_DENIED, 0);
	expect_check(test, &subject, for_alice(test), W, KernelMode, STATUS_SUCCESS, W);
}

static void client_counts_and_not_the_primary(struct kunit *test)
{
	SECURITY_SUBJECT_CONTEXT subject = subject_at(test, ALICE, SecurityImpersonation);
	unsigned int primary = token_usage(subject.PrimaryToken);
	unsigned int client = token_usage(subject.ClientToken);

	expect_check(test, &subject, for_alice(test), R, UserMode, STATUS_SUCCESS, R);
	expect_check(test, &subject, for_alice(test), W, UserMode, STATUS_ACCESS_DENIED, 0);
	expect_check(test, &subject, for_alice(test), 0, UserMode, STATUS_ACCESS_DENIED, 0);
	expect_check(test, &subject, NULL, R, UserMode, STATUS_ACCESS_DENIED, 0);
	KUNIT_EXPECT_EQ(test, primary, token_usage(subject.PrimaryToken));
	KUNIT_EXPECT_EQ(test, client, token_usage(subject.ClientToken));
}

/* Nothing is looked at, not even the descriptor. */
static void kernel_may_do_everything(struct kunit *test)
{
	SECURITY_SUBJECT_CONTEXT subject = subject_at(test, ALICE, SecurityAnonymous);

	expect_check(test, &subject, NULL, W, KernelMode, STATUS_SUCCESS, W);
	expect_check(test, &subject, NULL, MOST, KernelMode, STATUS_SUCCESS, GA);
	expect_check(test, &subject, NULL, MOST | ASS, KernelMode, STATUS_SUCCESS, GA | ASS);
	expect_check(test, &subject, NULL, 0, KernelMode, STATUS_SUCCESS, 0);
}

static void lock_makes_no_difference(struct kunit *test)
{
	SECURITY_SUBJECT_CONTEXT subject = subject_at(test, ALICE, SecurityImpersonation);
	ACCESS_MASK granted = 0;
	NTSTATUS status = 1;

	KUNIT_EXPECT_TRUE(test, SeAccessCheck(for_alice(test), &subject, TRUE, R, X, NULL,
					      &mapping, UserMode, &granted, &status));
	KUNIT_EXPECT_EQ(test, R | X, granted);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, status);
}

static void privileges_that_were_used_are_told(struct kunit *test)
{
	SECURITY_SUBJECT_CONTEXT subject = subject_at(test, BOB, SecurityImpersonation);
	PPRIVILEGE_SET privileges = NULL;
	LUID_AND_ATTRIBUTES *privilege;
	ACCESS_MASK granted = 0;
	NTSTATUS status = 1;

	KUNIT_EXPECT_TRUE(test, SeAccessCheck(for_alice(test), &subject, FALSE, WRITE_OWNER | ASS,
					      0, &privileges, &mapping, UserMode, &granted,
					      &status));
	KUNIT_EXPECT_EQ(test, WRITE_OWNER | ASS, granted);
	KUNIT_ASSERT_NOT_NULL(test, privileges);
	privilege = privileges->Privilege;
	KUNIT_EXPECT_EQ(test, 2U, privileges->PrivilegeCount);
	KUNIT_EXPECT_EQ(test, (ULONG)SE_SECURITY_PRIVILEGE, privilege[0].Luid.LowPart);
	KUNIT_EXPECT_EQ(test, (ULONG)SE_TAKE_OWNERSHIP_PRIVILEGE, privilege[1].Luid.LowPart);
	KUNIT_EXPECT_EQ(test, SE_PRIVILEGE_USED_FOR_ACCESS, privilege[0].Attributes);
	KUNIT_EXPECT_EQ(test, SE_PRIVILEGE_USED_FOR_ACCESS, privilege[1].Attributes);
	SeFreePrivileges(privileges);
}

static void malformed_descriptors_grant_nothing(struct kunit *test)
{
	SECURITY_SUBJECT_CONTEXT subject = subject_at(test, ALICE, SecurityImpersonation);
	SECURITY_DESCRIPTOR *descriptor = for_alice(test);
	SID owner = *(SID *)sid_of(ANONYMOUS);

	descriptor->Dacl->AceCount++;
	expect_check(test, &subject, descriptor, R, UserMode, STATUS_INVALID_SECURITY_DESCR, 0);
	descriptor->Dacl->AceCount--;
	expect_check(test, &subject, descriptor, R, UserMode, STATUS_SUCCESS, R);

	owner.SubAuthorityCount = SID_MAX_SUB_AUTHORITIES + 1;
	descriptor->Owner = &owner;
	expect_check(test, &subject, descriptor, R, UserMode, STATUS_INVALID_SECURITY_DESCR, 0);
	descriptor->Owner = NULL;
	descriptor->Revision = 2;
	expect_check(test, &subject, descriptor, R, UserMode, STATUS_INVALID_SECURITY_DESCR, 0);
}

static void nothing_is_audited(struct kunit *test)
{
	SECURITY_SUBJECT_CONTEXT subject = subject_at(test, ALICE, SecurityImpersonation);
	SECURITY_DESCRIPTOR *descriptor = for_alice(test);

	KUNIT_EXPECT_FALSE(test, SeAuditingFileEvents(TRUE, descriptor));
	KUNIT_EXPECT_FALSE(test, SeAuditingFileOrGlobalEvents(TRUE, descriptor, &subject));
	KUNIT_EXPECT_FALSE(test, SeAuditingFileEventsWithContext(TRUE, descriptor, &subject));
	KUNIT_EXPECT_FALSE(test, SeAuditingHardLinkEvents(TRUE, descriptor));
	KUNIT_EXPECT_FALSE(test, SeAuditingHardLinkEventsWithContext(TRUE, descriptor, &subject));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(access_is_as_the_list_says, access_gen_params),
	KUNIT_CASE(case_072_access_check_of_low_levels),
	KUNIT_CASE(case_086_access_check_at_identification),
	KUNIT_CASE(client_counts_and_not_the_primary),
	KUNIT_CASE(kernel_may_do_everything),
	KUNIT_CASE(lock_makes_no_difference),
	KUNIT_CASE(privileges_that_were_used_are_told),
	KUNIT_CASE(malformed_descriptors_grant_nothing),
	KUNIT_CASE(nothing_is_audited),
	{}
};

struct kunit_suite ntimp_nt_access_suite = {
	.name = "nt_access",
	.test_cases = cases,
};
