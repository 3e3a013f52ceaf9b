// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries of access lists: what each type means, measuring them, and making those
 * that grant and deny.
 */
#include <kunit/visibility.h>
#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/kernel.h>

#include <linux/ntifs.h>

#include "acl.h"

/* Where the SID is. */
enum layout {
	LAYOUT_UNKNOWN,
	LAYOUT_PLAIN,		/* behind the mask */
	LAYOUT_OBJECT,		/* behind up to two GUIDs, whose presence bits tell */
};

#define OBJECT_TYPE_PRESENT		0x1U
#define INHERITED_OBJECT_TYPE_PRESENT	0x2U

/**
 * struct object_ace - how an entry for objects of some kind begins
 * @header: as of each entry
 * @mask: rights
 * @flags: *_OBJECT_TYPE_PRESENT
 */
struct object_ace {
	ACE_HEADER header;
	ACCESS_MASK mask;
	ULONG flags;
};

/**
 * struct ace_type - what is known of entries of a type
 * @layout: where the SID is
 * @kind: what they do
 *
 * A condition can't be evaluated here, so it is taken to be false where it would
 * grant and true where it would deny, as NT does with those that it doesn't
 * understand.
 */
struct ace_type {
	enum layout layout;
	enum nt_ace_kind kind;
};

static const struct ace_type ace_types[] = {
	[ACCESS_ALLOWED_ACE_TYPE]	= { LAYOUT_PLAIN, NT_ACE_ALLOWS },
	[ACCESS_DENIED_ACE_TYPE]	= { LAYOUT_PLAIN, NT_ACE_DENIES },
	[SYSTEM_AUDIT_ACE_TYPE]		= { LAYOUT_PLAIN, NT_ACE_OTHER },
	[SYSTEM_ALARM_ACE_TYPE]		= { LAYOUT_PLAIN, NT_ACE_OTHER },
	[ACCESS_ALLOWED_COMPOUND_ACE_TYPE] = { LAYOUT_UNKNOWN, NT_ACE_OTHER },
	[ACCESS_ALLOWED_OBJECT_ACE_TYPE] = { LAYOUT_OBJECT, NT_ACE_ALLOWS },
	[ACCESS_DENIED_OBJECT_ACE_TYPE]	= { LAYOUT_OBJECT, NT_ACE_DENIES },
	[SYSTEM_AUDIT_OBJECT_ACE_TYPE]	= { LAYOUT_OBJECT, NT_ACE_OTHER },
	[SYSTEM_ALARM_OBJECT_ACE_TYPE]	= { LAYOUT_OBJECT, NT_ACE_OTHER },
	[ACCESS_ALLOWED_CALLBACK_ACE_TYPE] = { LAYOUT_PLAIN, NT_ACE_OTHER },
	[ACCESS_DENIED_CALLBACK_ACE_TYPE] = { LAYOUT_PLAIN, NT_ACE_DENIES },
	[0xB] = { LAYOUT_OBJECT, NT_ACE_OTHER },	/* allowed, callback, object */
	[0xC] = { LAYOUT_OBJECT, NT_ACE_DENIES },	/* denied, callback, object */
	[0xD] = { LAYOUT_PLAIN, NT_ACE_OTHER },		/* audit, callback */
	[0xE] = { LAYOUT_PLAIN, NT_ACE_OTHER },		/* alarm, callback */
	[0xF] = { LAYOUT_OBJECT, NT_ACE_OTHER },	/* audit, callback, object */
	[0x10] = { LAYOUT_OBJECT, NT_ACE_OTHER },	/* alarm, callback, object */
	[SYSTEM_MANDATORY_LABEL_ACE_TYPE] = { LAYOUT_PLAIN, NT_ACE_OTHER },
};

/**
 * nt_sid_fits - is this a SID, and all of it there?
 * @sid: may be anything
 * @room: bytes that may be looked at
 *
 * Context: any.
 * Return: whether it is.
 */
bool nt_sid_fits(const void *sid, size_t room)
{
	const SID *header = sid;

	return room >= offsetof(SID, SubAuthority) &&
	       header->Revision == SID_REVISION &&
	       header->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES &&
	       nt_sid_length(header) <= room;
}

static size_t sid_offset(const ACE_HEADER *ace, enum layout layout)
{
	const struct object_ace *object = (const void *)ace;

	if (layout == LAYOUT_PLAIN)
		return offsetof(ACCESS_ALLOWED_ACE, SidStart);
	return sizeof(*object) + sizeof(GUID) *
	       hweight32(object->flags & (OBJECT_TYPE_PRESENT |
					  INHERITED_OBJECT_TYPE_PRESENT));
}

/* Granted for one kind of object only: then not for the whole of it. */
static bool grants_in_part(const ACE_HEADER *ace, const struct ace_type *type)
{
	const struct object_ace *object = (const void *)ace;

	return type->layout == LAYOUT_OBJECT && type->kind == NT_ACE_ALLOWS &&
	       object->flags & OBJECT_TYPE_PRESENT;
}

/**
 * nt_ace_parse - measure an entry, and tell what it does
 * @ace: the entry, of which AceSize bytes may be looked at
 * @parsed: filled
 *
 * Context: any.
 * Return: whether the entry is well-formed.
 */
bool nt_ace_parse(const ACE_HEADER *ace, struct nt_ace *parsed)
{
	static const struct ace_type unknown;
	const struct ace_type *type = &unknown;
	size_t offset;

	*parsed = (struct nt_ace) {};
	if (ace->AceSize < sizeof(*ace) || !IS_ALIGNED(ace->AceSize, sizeof(ULONG)))
		return false;
	if (ace->AceType < ARRAY_SIZE(ace_types))
		type = &ace_types[ace->AceType];
	if (type->layout == LAYOUT_UNKNOWN)
		return true;

	if (ace->AceSize < sizeof(struct object_ace))
		return false;
	offset = sid_offset(ace, type->layout);
	if (offset > ace->AceSize ||
	    !nt_sid_fits((const void *)ace + offset, ace->AceSize - offset))
		return false;

	parsed->sid = (const void *)ace + offset;
	parsed->mask = ((const ACCESS_ALLOWED_ACE *)ace)->Mask;
	if (!grants_in_part(ace, type))
		parsed->kind = type->kind;
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(nt_ace_parse);

static NTSTATUS acl_append(PACL acl, ULONG revision, UCHAR type, ULONG flags,
			   ACCESS_MASK access, PSID sid)
{
	ACCESS_ALLOWED_ACE *ace;
	size_t offset = offsetof(ACCESS_ALLOWED_ACE, SidStart), size;

	if (!RtlValidSid(sid))
		return STATUS_INVALID_SID;
	if (acl->AclRevision > MAX_ACL_REVISION || revision > MAX_ACL_REVISION)
		return STATUS_REVISION_MISMATCH;
	if (flags & ~VALID_INHERIT_FLAGS)
		return STATUS_INVALID_PARAMETER;
	ace = (ACCESS_ALLOWED_ACE *)nt_acl_free(acl);
	if (!ace)
		return STATUS_INVALID_ACL;
	size = offset + nt_sid_length(sid);
	if (size > nt_acl_room(acl, &ace->Header) || acl->AceCount == U16_MAX)
		return STATUS_ALLOTTED_SPACE_EXCEEDED;

	ace->Header = (ACE_HEADER) {
		.AceType	= type,
		.AceFlags	= flags,
		.AceSize	= size,
	};
	ace->Mask = access;
	memcpy((void *)ace + offset, sid, nt_sid_length(sid));
	acl->AceCount++;
	acl->AclRevision = max_t(ULONG, acl->AclRevision, revision);
	return STATUS_SUCCESS;
}

/**
 * RtlAddAccessAllowedAceEx - grant somebody rights, in an entry at the end of a list
 * @acl: the list
 * @revision: at least this is the list's afterwards
 * @flags: how it is inherited, of VALID_INHERIT_FLAGS
 * @access: the rights
 * @sid: who has them; copied
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_INVALID_SID; STATUS_REVISION_MISMATCH: that of
 * @acl, or @revision, isn't known; STATUS_INVALID_PARAMETER: unknown @flags;
 * STATUS_INVALID_ACL: @acl isn't well-formed; STATUS_ALLOTTED_SPACE_EXCEEDED: it
 * is full.
 */
NTSTATUS RtlAddAccessAllowedAceEx(PACL acl, ULONG revision, ULONG flags,
				  ACCESS_MASK access, PSID sid)
{
	return acl_append(acl, revision, ACCESS_ALLOWED_ACE_TYPE, flags, access, sid);
}
EXPORT_SYMBOL_GPL(RtlAddAccessAllowedAceEx);

/**
 * RtlAddAccessAllowedAce - the same, for an entry that is not inherited
 * @acl: the list
 * @revision: at least this is the list's afterwards
 * @access: the rights
 * @sid: who has them; copied
 *
 * Context: any.
 * Return: as RtlAddAccessAllowedAceEx().
 */
NTSTATUS RtlAddAccessAllowedAce(PACL acl, ULONG revision, ACCESS_MASK access, PSID sid)
{
	return acl_append(acl, revision, ACCESS_ALLOWED_ACE_TYPE, 0, access, sid);
}
EXPORT_SYMBOL_GPL(RtlAddAccessAllowedAce);

/**
 * RtlAddAccessDeniedAce - deny somebody rights, in an entry at the end of a list
 * @acl: the list
 * @revision: at least this is the list's afterwards
 * @access: the rights
 * @sid: who doesn't have them; copied
 *
 * Entries are looked at from first to last: what an earlier one grants, this one
 * doesn't take.
 *
 * Context: any.
 * Return: as RtlAddAccessAllowedAceEx().
 */
NTSTATUS RtlAddAccessDeniedAce(PACL acl, ULONG revision, ACCESS_MASK access, PSID sid)
{
	return acl_append(acl, revision, ACCESS_DENIED_ACE_TYPE, 0, access, sid);
}
EXPORT_SYMBOL_GPL(RtlAddAccessDeniedAce);
