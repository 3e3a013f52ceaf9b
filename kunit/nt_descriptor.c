// SPDX-License-Identifier: GPL-2.0-only
/*
 * Security descriptors and access lists: making them, and measuring what came from
 * outside.  What is measured lies at the end of an allocation, so that a kernel with
 * KASAN sees each byte that is looked at behind it.
 */
#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/slab.h>

#include "nt_sids.h"
#include "rows.h"
#include "suites.h"

#define ROOM	512

static PACL empty_acl(struct kunit *test, ULONG length)
{
	PACL acl = kunit_kzalloc(test, ROOM, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, acl);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RtlCreateAcl(acl, length, ACL_REVISION));
	return acl;
}

/* --- access lists ------------------------------------------------------------------------- */

struct create_row {
	const char *name;
	ULONG length;
	ULONG revision;
	NTSTATUS status;
	USHORT size;
};

static const struct create_row create_rows[] = {
	{ "smallest", 8, 2, STATUS_SUCCESS, 8 },
	{ "rounded down", 15, 2, STATUS_SUCCESS, 12 },
	{ "for directories", 100, 4, STATUS_SUCCESS, 100 },
	{ "largest", 65535, 2, STATUS_SUCCESS, 65532 },
	{ "nothing", 0, 2, STATUS_BUFFER_TOO_SMALL },
	{ "too small", 7, 2, STATUS_BUFFER_TOO_SMALL },
	{ "too large", 65536, 2, STATUS_INVALID_PARAMETER },
	{ "far too large", U32_MAX, 2, STATUS_INVALID_PARAMETER },
	{ "revision 0", 8, 0, STATUS_INVALID_PARAMETER },
	{ "revision 1", 8, 1, STATUS_INVALID_PARAMETER },
	{ "revision 5", 8, 5, STATUS_INVALID_PARAMETER },
	{ "revision of many bits", 8, 258, STATUS_INVALID_PARAMETER },
};

ROWS(create);

static void lists_are_created(struct kunit *test)
{
	const struct create_row *row = test->param_value;
	ACL acl = { .Sbz1 = 0x55, .AclSize = 0x55 };

	KUNIT_EXPECT_EQ(test, row->status, RtlCreateAcl(&acl, row->length, row->revision));
	if (row->status) {
		KUNIT_EXPECT_EQ(test, 0x55, (int)acl.AclSize);
		return;
	}
	KUNIT_EXPECT_EQ(test, row->size, acl.AclSize);
	KUNIT_EXPECT_EQ(test, 0, acl.AceCount + acl.Sbz1 + acl.Sbz2);
	KUNIT_EXPECT_EQ(test, row->revision, (ULONG)acl.AclRevision);
}

/* An entry for a user has 24 bytes. */
static void entries_are_added_until_it_is_full(struct kunit *test)
{
	PACL acl = empty_acl(test, 8 + 2 * 24 + 20);
	ACCESS_ALLOWED_ACE *ace = NULL;

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RtlAddAccessAllowedAce(acl, ACL_REVISION, 1, sid_of(ALICE)));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RtlAddAccessDeniedAce(acl, ACL_REVISION_DS, 2, sid_of(BOB)));
	KUNIT_EXPECT_EQ(test, STATUS_ALLOTTED_SPACE_EXCEEDED,
			RtlAddAccessAllowedAce(acl, ACL_REVISION, 4, sid_of(ALICE)));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RtlAddAccessAllowedAceEx(acl, ACL_REVISION, OBJECT_INHERIT_ACE, 4,
						 sid_of(EVERYONE)));
	KUNIT_EXPECT_EQ(test, 3, (int)acl->AceCount);
	KUNIT_EXPECT_EQ(test, ACL_REVISION_DS, (int)acl->AclRevision);
	KUNIT_EXPECT_TRUE(test, RtlValidAcl(acl));

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RtlGetAce(acl, 1, (PVOID *)&ace));
	KUNIT_EXPECT_EQ(test, ACCESS_DENIED_ACE_TYPE, (int)ace->Header.AceType);
	KUNIT_EXPECT_EQ(test, 24, (int)ace->Header.AceSize);
	KUNIT_EXPECT_EQ(test, 2U, ace->Mask);
	KUNIT_EXPECT_TRUE(test, RtlEqualSid(&ace->SidStart, sid_of(BOB)));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RtlGetAce(acl, 2, (PVOID *)&ace));
	KUNIT_EXPECT_EQ(test, OBJECT_INHERIT_ACE, (int)ace->Header.AceFlags);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlGetAce(acl, 3, (PVOID *)&ace));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlGetAce(acl, U32_MAX, (PVOID *)&ace));
}

static void bad_entries_are_not_added(struct kunit *test)
{
	PACL acl = empty_acl(test, ROOM);
	SID bad = { .Revision = SID_REVISION,
		    .SubAuthorityCount = SID_MAX_SUB_AUTHORITIES + 1 };

	KUNIT_EXPECT_EQ(test, STATUS_INVALID_SID, RtlAddAccessAllowedAce(acl, 2, 1, &bad));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_SID, RtlAddAccessDeniedAce(acl, 2, 1, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_REVISION_MISMATCH,
			RtlAddAccessAllowedAce(acl, 5, 1, sid_of(ALICE)));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			RtlAddAccessAllowedAceEx(acl, 2, 0x20, 1, sid_of(ALICE)));
	acl->AceCount = 1;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_ACL,
			RtlAddAccessAllowedAce(acl, 2, 1, sid_of(ALICE)));
	acl->AceCount = 0;
	acl->AclRevision = 5;
	KUNIT_EXPECT_EQ(test, STATUS_REVISION_MISMATCH,
			RtlAddAccessAllowedAce(acl, 2, 1, sid_of(ALICE)));
	acl->AclRevision = 2;
	acl->AclSize = 4;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_ACL,
			RtlAddAccessAllowedAce(acl, 2, 1, sid_of(ALICE)));
}

static void expect_masks(struct kunit *test, PACL acl, const ACCESS_MASK *masks,
			 unsigned int count)
{
	ACCESS_ALLOWED_ACE *ace = NULL;
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, RtlValidAcl(acl));
	KUNIT_ASSERT_EQ(test, count, (unsigned int)acl->AceCount);
	for (i = 0; i < count; i++) {
		KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RtlGetAce(acl, i, (PVOID *)&ace));
		KUNIT_EXPECT_EQ(test, masks[i], ace->Mask);
	}
}

static void entries_are_put_in_and_taken_out(struct kunit *test)
{
	static const struct ace_row rows[] = { ALLOW(ALICE, 10), DENY(EVERYONE, 11) };
	PACL from = acl_make(test, rows, 2);
	PACL acl = empty_acl(test, 8 + 4 * 24);
	ULONG length = from->AclSize - sizeof(*from);

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlAddAccessAllowedAce(acl, 2, 1, sid_of(BOB)));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlAddAce(acl, 2, 0, from + 1, length));
	expect_masks(test, acl, (ACCESS_MASK[]) { 10, 11, 1 }, 3);
	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_TOO_SMALL, RtlAddAce(acl, 2, 0, from + 1, length));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlDeleteAce(acl, 1));
	expect_masks(test, acl, (ACCESS_MASK[]) { 10, 1 }, 2);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlAddAce(acl, 4, U32_MAX, from + 1, length));
	expect_masks(test, acl, (ACCESS_MASK[]) { 10, 1, 10, 11 }, 4);
	KUNIT_EXPECT_EQ(test, 4, (int)acl->AclRevision);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlDeleteAce(acl, 4));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlDeleteAce(acl, 3));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlDeleteAce(acl, 0));
	expect_masks(test, acl, (ACCESS_MASK[]) { 1, 10 }, 2);

	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlAddAce(acl, 2, 0, from + 1, 0));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			RtlAddAce(acl, 2, 0, from + 1, length - 4));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlAddAce(acl, 5, 0, from + 1, length));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlAddAce(acl, 1, 0, from + 1, length));
	expect_masks(test, acl, (ACCESS_MASK[]) { 1, 10 }, 2);
}

struct hostile_row {
	const char *name;
	unsigned int offset;	/* of two bytes that are changed */
	unsigned int value;
	bool valid;
};

/* Of a list with an entry for a user (at 8; its SID at 16) and one for everyone (at 32). */
static const struct hostile_row hostile_rows[] = {
	{ "unchanged", 0, 0x0004, true },
	{ "revision 2", 0, 0x0002, true },
	{ "revision 1", 0, 0x0001, false },
	{ "revision 5", 0, 0x0005, false },
	{ "size 0", 2, 0, false },
	{ "size of a header", 2, 8, false },
	{ "size of one entry", 2, 32, false },
	{ "size less 4", 2, 48, false },
	{ "size that isn't a multiple of 4", 2, 54, false },
	{ "no entries", 4, 0, true },
	{ "one entry", 4, 1, true },
	{ "three entries", 4, 3, false },
	{ "many entries", 4, 65535, false },
	{ "entry of no size", 10, 0, false },
	{ "entry of a header's size", 10, 4, false },
	{ "entry of half a SID", 10, 20, false },
	{ "entry that isn't a multiple of 4", 10, 26, false },
	{ "entry as long as the list", 10, 52, false },
	{ "entry longer than the list", 10, 65532, false },
	{ "audit entry", 8, SYSTEM_AUDIT_ACE_TYPE, true },
	{ "entry for objects, with flags from the SID", 8, ACCESS_ALLOWED_OBJECT_ACE_TYPE, false },
	{ "entry of an unknown type", 8, 0x42, true },
	{ "SID of revision 0", 16, 0x0200, false },
	{ "SID of revision 2", 16, 0x0202, false },
	{ "SID with one subauthority less", 16, 0x0101, true },
	{ "SID with one more", 16, 0x0301, false },
	{ "SID with 15", 16, 0x0f01, false },
	{ "SID with 16", 16, 0x1001, false },
	{ "SID with 255", 16, 0xff01, false },
	{ "last SID with one more", 40, 0x0201, false },
	{ "last entry longer", 34, 24, false },
	{ "last entry shorter", 34, 16, false },
};

ROWS(hostile);

static PACL two_entries(struct kunit *test)
{
	static const struct ace_row rows[] = { ALLOW(ALICE, 1), ALLOW(EVERYONE, 2) };
	PACL acl = acl_make(test, rows, 2);

	KUNIT_ASSERT_EQ(test, 52, (int)acl->AclSize);
	return acl;
}

/* Also as part of a descriptor, whose length is known. */
static void hostile_lists_are_found_out(struct kunit *test)
{
	const struct hostile_row *row = test->param_value;
	PACL acl = two_entries(test);
	struct { SECURITY_DESCRIPTOR_RELATIVE header; u8 acl[52]; } *whole;
	void *copy;

	*(u16 *)((void *)acl + row->offset) = row->value;
	whole = kunit_kzalloc(test, sizeof(*whole), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, whole);
	whole->header = (SECURITY_DESCRIPTOR_RELATIVE) {
		.Revision = 1, .Control = SE_SELF_RELATIVE | SE_DACL_PRESENT,
		.Dacl = sizeof(whole->header),
	};
	memcpy(whole->acl, acl, sizeof(whole->acl));
	copy = exact_copy(test, whole, sizeof(*whole));
	KUNIT_EXPECT_EQ(test, row->valid,
			RtlValidRelativeSecurityDescriptor(copy, sizeof(*whole), 0));

	/* Without a length the list says itself how long it is. */
	if (acl->AclSize <= 52) {
		copy = exact_copy(test, acl, 52);
		KUNIT_EXPECT_EQ(test, row->valid, RtlValidAcl(copy));
	}
}

static void hostile_lists_are_not_walked(struct kunit *test)
{
	PACL acl = exact_copy(test, two_entries(test), 52);
	ACE_HEADER *first = (ACE_HEADER *)(acl + 1);
	PVOID ace = NULL;

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, RtlGetAce(acl, 1, &ace));
	first->AceSize = 48;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlGetAce(acl, 0, &ace));
	first->AceSize = 44;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlGetAce(acl, 1, &ace));
	first->AceSize = 0;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlGetAce(acl, 1, &ace));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlDeleteAce(acl, 0));
	acl->AclRevision = 1;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, RtlGetAce(acl, 0, &ace));
	KUNIT_EXPECT_FALSE(test, RtlValidAcl(NULL));
}

/* --- descriptors ----------------------------------------------------------------------------- */

static void parts_are_set_and_got(struct kunit *test)
{
	PACL dacl = two_entries(test), found = (PACL)1;
	BOOLEAN present = 2, defaulted = 2;
	SECURITY_DESCRIPTOR descriptor;
	PSID sid = (PSID)1;

	memset(&descriptor, 0x55, sizeof(descriptor));
	KUNIT_EXPECT_EQ(test, STATUS_UNKNOWN_REVISION, RtlCreateSecurityDescriptor(&descriptor, 2));
	KUNIT_EXPECT_EQ(test, STATUS_UNKNOWN_REVISION, RtlCreateSecurityDescriptor(&descriptor, 0));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RtlCreateSecurityDescriptor(&descriptor, 1));
	KUNIT_EXPECT_TRUE(test, RtlValidSecurityDescriptor(&descriptor));
	KUNIT_EXPECT_FALSE(test, RtlValidSecurityDescriptor(NULL));
	KUNIT_EXPECT_EQ(test, 40U, RtlLengthSecurityDescriptor(&descriptor));

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RtlGetOwnerSecurityDescriptor(&descriptor, &sid, &defaulted));
	KUNIT_EXPECT_NULL(test, sid);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RtlGetDaclSecurityDescriptor(&descriptor, &present, &found, &defaulted));
	KUNIT_EXPECT_FALSE(test, present);
	KUNIT_EXPECT_PTR_EQ(test, (PACL)1, found);

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RtlSetOwnerSecurityDescriptor(&descriptor, sid_of(ALICE), TRUE));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RtlSetGroupSecurityDescriptor(&descriptor, sid_of(EVERYONE), FALSE));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RtlSetDaclSecurityDescriptor(&descriptor, TRUE, dacl, FALSE));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			RtlSetSaclSecurityDescriptor(&descriptor, TRUE, NULL, TRUE));
	KUNIT_EXPECT_EQ(test, SE_OWNER_DEFAULTED | SE_DACL_PRESENT | SE_SACL_PRESENT |
			SE_SACL_DEFAULTED, (int)descriptor.Control);
	KUNIT_EXPECT_EQ(test, 40U + 16 + 12 + 52, RtlLengthSecurityDescriptor(&descriptor));

	RtlGetOwnerSecurityDescriptor(&descriptor, &sid, &defaulted);
	KUNIT_EXPECT_PTR_EQ(test, sid_of(ALICE), sid);
	KUNIT_EXPECT_EQ(test, TRUE, (int)defaulted);
	RtlGetGroupSecurityDescriptor(&descriptor, &sid, &defaulted);
	KUNIT_EXPECT_PTR_EQ(test, sid_of(EVERYONE), sid);
	KUNIT_EXPECT_EQ(test, FALSE, (int)defaulted);
	RtlGetDaclSecurityDescriptor(&descriptor, &present, &found, &defaulted);
	KUNIT_EXPECT_TRUE(test, present);
	KUNIT_EXPECT_PTR_EQ(test, dacl, found);
	RtlGetSaclSecurityDescriptor(&descriptor, &present, &found, &defaulted);
	KUNIT_EXPECT_TRUE(test, present);
	KUNIT_EXPECT_NULL(test, found);
	KUNIT_EXPECT_EQ(test, TRUE, (int)defaulted);

	RtlSetDaclSecurityDescriptor(&descriptor, FALSE, dacl, TRUE);
	KUNIT_EXPECT_EQ(test, SE_OWNER_DEFAULTED | SE_SACL_PRESENT | SE_SACL_DEFAULTED,
			(int)descriptor.Control);
	KUNIT_EXPECT_NULL(test, descriptor.Dacl);
}

static void unknown_revisions_have_no_parts(struct kunit *test)
{
	SECURITY_DESCRIPTOR descriptor = { .Revision = 2 };
	BOOLEAN flag = FALSE;
	PSID sid = NULL;
	PACL acl = NULL;

	KUNIT_EXPECT_FALSE(test, RtlValidSecurityDescriptor(&descriptor));
	KUNIT_EXPECT_EQ(test, STATUS_UNKNOWN_REVISION,
			RtlSetOwnerSecurityDescriptor(&descriptor, NULL, FALSE));
	KUNIT_EXPECT_EQ(test, STATUS_UNKNOWN_REVISION,
			RtlGetOwnerSecurityDescriptor(&descriptor, &sid, &flag));
	KUNIT_EXPECT_EQ(test, STATUS_UNKNOWN_REVISION,
			RtlSetGroupSecurityDescriptor(&descriptor, NULL, FALSE));
	KUNIT_EXPECT_EQ(test, STATUS_UNKNOWN_REVISION,
			RtlGetGroupSecurityDescriptor(&descriptor, &sid, &flag));
	KUNIT_EXPECT_EQ(test, STATUS_UNKNOWN_REVISION,
			RtlSetDaclSecurityDescriptor(&descriptor, TRUE, NULL, FALSE));
	KUNIT_EXPECT_EQ(test, STATUS_UNKNOWN_REVISION,
			RtlGetDaclSecurityDescriptor(&descriptor, &flag, &acl, &flag));
	KUNIT_EXPECT_EQ(test, STATUS_UNKNOWN_REVISION,
			RtlSetSaclSecurityDescriptor(&descriptor, TRUE, NULL, FALSE));
	KUNIT_EXPECT_EQ(test, STATUS_UNKNOWN_REVISION,
			RtlGetSaclSecurityDescriptor(&descriptor, &flag, &acl, &flag));
	KUNIT_EXPECT_EQ(test, STATUS_UNKNOWN_REVISION,
			RtlCreateSecurityDescriptorRelative((void *)&descriptor, 2));
}

/* Owner alice at 20, group everyone at 36, the list with two entries at 48. */
static void *relative_of(struct kunit *test, ULONG *length)
{
	SECURITY_DESCRIPTOR absolute;
	void *relative;

	RtlCreateSecurityDescriptor(&absolute, 1);
	RtlSetOwnerSecurityDescriptor(&absolute, sid_of(ALICE), FALSE);
	RtlSetGroupSecurityDescriptor(&absolute, sid_of(EVERYONE), FALSE);
	RtlSetDaclSecurityDescriptor(&absolute, TRUE, two_entries(test), FALSE);
	*length = 0;
	KUNIT_ASSERT_EQ(test, STATUS_BUFFER_TOO_SMALL,
			RtlAbsoluteToSelfRelativeSD(&absolute, NULL, length));
	KUNIT_ASSERT_EQ(test, 20U + 52 + 16 + 12, *length);
	relative = kunit_kmalloc(test, *length, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, relative);
	*length -= 1;
	KUNIT_ASSERT_EQ(test, STATUS_BUFFER_TOO_SMALL,
			RtlAbsoluteToSelfRelativeSD(&absolute, relative, length));
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RtlAbsoluteToSelfRelativeSD(&absolute, relative, length));
	return relative;
}

static void forms_are_changed(struct kunit *test)
{
	ULONG length, sizes[5] = {};
	SECURITY_DESCRIPTOR *relative = relative_of(test, &length), absolute;
	PACL dacl = kunit_kzalloc(test, ROOM, GFP_KERNEL);
	ULONG owner[16], group[16];

	KUNIT_ASSERT_NOT_NULL(test, dacl);
	KUNIT_EXPECT_TRUE(test, RtlValidSecurityDescriptor(relative));
	KUNIT_EXPECT_EQ(test, length, RtlLengthSecurityDescriptor(relative));
	KUNIT_EXPECT_EQ(test, STATUS_BAD_DESCRIPTOR_FORMAT,
			RtlAbsoluteToSelfRelativeSD(relative, NULL, &length));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_SECURITY_DESCR,
			RtlSetOwnerSecurityDescriptor(relative, NULL, FALSE));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_SECURITY_DESCR,
			RtlSetDaclSecurityDescriptor(relative, TRUE, NULL, FALSE));

	KUNIT_EXPECT_EQ(test, STATUS_BUFFER_TOO_SMALL,
			RtlSelfRelativeToAbsoluteSD(relative, &absolute, &sizes[0], dacl, &sizes[1],
						    NULL, &sizes[2], owner, &sizes[3],
						    group, &sizes[4]));
	KUNIT_EXPECT_EQ(test, 40U, sizes[0]);
	KUNIT_EXPECT_EQ(test, 52U, sizes[1]);
	KUNIT_EXPECT_EQ(test, 0U, sizes[2]);
	KUNIT_EXPECT_EQ(test, 16U, sizes[3]);
	KUNIT_EXPECT_EQ(test, 12U, sizes[4]);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			RtlSelfRelativeToAbsoluteSD(relative, &absolute, &sizes[0], dacl, &sizes[1],
						    NULL, &sizes[2], owner, &sizes[3],
						    group, &sizes[4]));
	KUNIT_EXPECT_EQ(test, SE_DACL_PRESENT, (int)absolute.Control);
	KUNIT_EXPECT_TRUE(test, RtlValidSecurityDescriptor(&absolute));
	KUNIT_EXPECT_TRUE(test, RtlEqualSid(absolute.Owner, sid_of(ALICE)));
	KUNIT_EXPECT_TRUE(test, RtlEqualSid(absolute.Group, sid_of(EVERYONE)));
	KUNIT_EXPECT_PTR_EQ(test, dacl, absolute.Dacl);
	KUNIT_EXPECT_NULL(test, absolute.Sacl);
	KUNIT_EXPECT_EQ(test, 0, memcmp(dacl, two_entries(test), 52));
	KUNIT_EXPECT_EQ(test, STATUS_BAD_DESCRIPTOR_FORMAT,
			RtlSelfRelativeToAbsoluteSD(&absolute, &absolute, &sizes[0], dacl,
						    &sizes[1], NULL, &sizes[2], owner, &sizes[3],
						    group, &sizes[4]));
}

static void every_length_is_measured(struct kunit *test)
{
	const SECURITY_INFORMATION present = OWNER_SECURITY_INFORMATION |
					     GROUP_SECURITY_INFORMATION |
					     DACL_SECURITY_INFORMATION;
	const SECURITY_INFORMATION absent = SACL_SECURITY_INFORMATION;
	ULONG length, cut;
	void *relative = relative_of(test, &length);

	for (cut = 0; cut < length; cut++) {
		void *copy = exact_copy(test, relative, cut);

		KUNIT_EXPECT_FALSE_MSG(test, RtlValidRelativeSecurityDescriptor(copy, cut, 0),
				       "%u bytes", cut);
	}
	KUNIT_EXPECT_TRUE(test, RtlValidRelativeSecurityDescriptor(relative, length, 0));
	KUNIT_EXPECT_TRUE(test, RtlValidRelativeSecurityDescriptor(relative, length, present));
	KUNIT_EXPECT_FALSE(test, RtlValidRelativeSecurityDescriptor(relative, length, absent));
}

struct offset_row {
	const char *name;
	unsigned int slot;	/* 0 owner, 1 group, 2 for audits, 3 list */
	ULONG offset;
	SECURITY_INFORMATION required;
	bool valid;
};

/* Of the descriptor above, with 100 bytes: list at 20, owner at 72, group at 88. */
static const struct offset_row offset_rows[] = {
	{ "unchanged", 0, 72, OWNER_SECURITY_INFORMATION, true },
	{ "no owner", 0, 0, 0, true },
	{ "no owner, required", 0, 0, OWNER_SECURITY_INFORMATION, false },
	{ "no group, required", 1, 0, GROUP_SECURITY_INFORMATION, false },
	{ "no list", 3, 0, DACL_SECURITY_INFORMATION, true },
	{ "the same SID twice", 1, 72, GROUP_SECURITY_INFORMATION, true },
	{ "owner in the header", 0, 16, 0, false },
	{ "owner at the header's last byte", 0, 19, 0, false },
	{ "owner in the list", 0, 36, 0, true },
	{ "owner not aligned", 0, 74, 0, false },
	{ "owner at the end", 0, 100, 0, false },
	{ "owner at the last word", 0, 96, 0, false },
	{ "owner far behind", 0, 0x7ffffffc, 0, false },
	{ "owner in front", 0, 0xfffffffc, 0, false },
	{ "group at the last word", 1, 96, 0, false },
	{ "list at the end", 3, 96, 0, false },
	{ "list in front", 3, 0xffffff00, 0, false },
	{ "list in the header", 3, 4, 0, false },
	{ "list that is a SID", 3, 72, 0, false },
	{ "list for audits that doesn't count", 2, 0x7ffffffc, 0, true },
};

ROWS(offset);

static void offsets_are_measured(struct kunit *test)
{
	const struct offset_row *row = test->param_value;
	ULONG length;
	void *relative = relative_of(test, &length);

	((ULONG *)relative)[1 + row->slot] = row->offset;
	KUNIT_EXPECT_EQ(test, row->valid,
			RtlValidRelativeSecurityDescriptor(relative, length, row->required));
}

static void only_relative_ones_are_measured(struct kunit *test)
{
	SECURITY_DESCRIPTOR_RELATIVE empty;
	SECURITY_DESCRIPTOR absolute;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RtlCreateSecurityDescriptorRelative(&empty, 1));
	KUNIT_EXPECT_TRUE(test, RtlValidRelativeSecurityDescriptor(&empty, sizeof(empty), 0));
	KUNIT_EXPECT_EQ(test, 20U, RtlLengthSecurityDescriptor(&empty));
	empty.Revision = 2;
	KUNIT_EXPECT_FALSE(test, RtlValidRelativeSecurityDescriptor(&empty, sizeof(empty), 0));
	RtlCreateSecurityDescriptor(&absolute, 1);
	KUNIT_EXPECT_FALSE(test, RtlValidRelativeSecurityDescriptor(&absolute, 40, 0));
}

static void generic_rights_are_mapped(struct kunit *test)
{
	GENERIC_MAPPING mapping = { 1, 2, 4, 0x1f };
	ACCESS_MASK mask = GENERIC_READ | GENERIC_EXECUTE | MAXIMUM_ALLOWED | DELETE;

	RtlMapGenericMask(&mask, &mapping);
	KUNIT_EXPECT_EQ(test, 5 | MAXIMUM_ALLOWED | DELETE, mask);
	RtlMapGenericMask(&mask, &mapping);
	KUNIT_EXPECT_EQ(test, 5 | MAXIMUM_ALLOWED | DELETE, mask);
	mask = GENERIC_WRITE;
	RtlMapGenericMask(&mask, &mapping);
	KUNIT_EXPECT_EQ(test, 2U, mask);
	mask = GENERIC_ALL;
	RtlMapGenericMask(&mask, &mapping);
	KUNIT_EXPECT_EQ(test, 0x1fU, mask);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(lists_are_created, create_gen_params),
	KUNIT_CASE(entries_are_added_until_it_is_full),
	KUNIT_CASE(bad_entries_are_not_added),
	KUNIT_CASE(entries_are_put_in_and_taken_out),
	KUNIT_CASE_PARAM(hostile_lists_are_found_out, hostile_gen_params),
	KUNIT_CASE(hostile_lists_are_not_walked),
	KUNIT_CASE(parts_are_set_and_got),
	KUNIT_CASE(unknown_revisions_have_no_parts),
	KUNIT_CASE(forms_are_changed),
	KUNIT_CASE(every_length_is_measured),
	KUNIT_CASE_PARAM(offsets_are_measured, offset_gen_params),
	KUNIT_CASE(only_relative_ones_are_measured),
	KUNIT_CASE(generic_rights_are_mapped),
	{}
};

struct kunit_suite ntimp_nt_descriptor_suite = {
	.name = "nt_descriptor",
	.test_cases = cases,
};
