// SPDX-License-Identifier: GPL-2.0-only
/*
 * Security identifiers, and which user or group of Linux's one is.
 *
 *	user N		S-1-22-1-N	the identifiers that Samba gives to those
 *	group N		S-1-22-2-N	that no domain knows
 *
 * A number is that of the initial user namespace: a driver belongs to no other.
 * What else an identity is a member of, as far as NT has a name for it, is among
 * the SIDs of exports.c.
 *
 * Nothing here sleeps, but for the routine that allocates.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/ntifs.h>
#include <linux/slab.h>
#include <linux/string.h>

/* An array of one: the compiler must not think that there is only one. */
static ULONG *sub_authorities(PSID sid)
{
	return (ULONG *)((u8 *)sid + offsetof(SID, SubAuthority));
}

/**
 * RtlValidSid - whether something is a SID
 * @sid: what may be one; the bytes that its count of subauthorities implies are
 *	not looked at
 *
 * Context: any.
 * Return: TRUE if its revision is SID_REVISION and it has no more subauthorities
 * than SID_MAX_SUB_AUTHORITIES; FALSE also if @sid is NULL.
 */
BOOLEAN RtlValidSid(PSID sid)
{
	const SID *it = sid;

	return it && it->Revision == SID_REVISION &&
	       it->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES;
}
EXPORT_SYMBOL_GPL(RtlValidSid);

/**
 * RtlLengthRequiredSid - how long SIDs are
 * @sub_authority_count: those of so many subauthorities
 *
 * Context: any.
 * Return: bytes.
 */
ULONG RtlLengthRequiredSid(ULONG sub_authority_count)
{
	return offsetof(SID, SubAuthority) + sub_authority_count * sizeof(ULONG);
}
EXPORT_SYMBOL_GPL(RtlLengthRequiredSid);

/**
 * RtlLengthSid - how long a SID is
 * @sid: a valid SID
 *
 * Context: any.
 * Return: bytes.
 */
ULONG RtlLengthSid(PSID sid)
{
	return RtlLengthRequiredSid(((SID *)sid)->SubAuthorityCount);
}
EXPORT_SYMBOL_GPL(RtlLengthSid);

/**
 * RtlEqualSid - whether two SIDs are the same
 * @sid1: a valid SID
 * @sid2: a valid SID
 *
 * Context: any.
 * Return: TRUE or FALSE.
 */
BOOLEAN RtlEqualSid(PSID sid1, PSID sid2)
{
	ULONG length = RtlLengthSid(sid1);

	return length == RtlLengthSid(sid2) && !memcmp(sid1, sid2, length);
}
EXPORT_SYMBOL_GPL(RtlEqualSid);

/**
 * RtlEqualPrefixSid - whether two SIDs are of the same domain
 * @sid1: a valid SID
 * @sid2: a valid SID
 *
 * Context: any.
 * Return: TRUE if they are as long and the same but for the last subauthority;
 * FALSE otherwise.
 */
BOOLEAN RtlEqualPrefixSid(PSID sid1, PSID sid2)
{
	ULONG count = ((SID *)sid1)->SubAuthorityCount;

	if (((SID *)sid2)->SubAuthorityCount != count)
		return FALSE;
	return !memcmp(sid1, sid2, RtlLengthRequiredSid(count ? count - 1 : 0));
}
EXPORT_SYMBOL_GPL(RtlEqualPrefixSid);

/**
 * RtlInitializeSid - begin a SID
 * @sid: where; RtlLengthRequiredSid(@sub_authority_count) bytes
 * @authority: who gave it away
 * @sub_authority_count: how many subauthorities it will have
 *
 * The subauthorities are left as they are, see RtlSubAuthoritySid().
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER: more subauthorities than
 * SID_MAX_SUB_AUTHORITIES.
 */
NTSTATUS RtlInitializeSid(PSID sid, PSID_IDENTIFIER_AUTHORITY authority,
			  UCHAR sub_authority_count)
{
	SID *it = sid;

	if (sub_authority_count > SID_MAX_SUB_AUTHORITIES)
		return STATUS_INVALID_PARAMETER;
	it->Revision = SID_REVISION;
	it->SubAuthorityCount = sub_authority_count;
	it->IdentifierAuthority = *authority;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlInitializeSid);

/**
 * RtlIdentifierAuthoritySid - who gave a SID away
 * @sid: a valid SID
 *
 * Context: any.
 * Return: the authority in @sid.
 */
PSID_IDENTIFIER_AUTHORITY RtlIdentifierAuthoritySid(PSID sid)
{
	return &((SID *)sid)->IdentifierAuthority;
}
EXPORT_SYMBOL_GPL(RtlIdentifierAuthoritySid);

/**
 * RtlSubAuthorityCountSid - how many subauthorities a SID has
 * @sid: a valid SID
 *
 * Context: any.
 * Return: the count in @sid.
 */
PUCHAR RtlSubAuthorityCountSid(PSID sid)
{
	return &((SID *)sid)->SubAuthorityCount;
}
EXPORT_SYMBOL_GPL(RtlSubAuthorityCountSid);

/**
 * RtlSubAuthoritySid - one subauthority of a SID
 * @sid: a valid SID
 * @index: which, from 0; below the count of subauthorities, which isn't checked
 *
 * Context: any.
 * Return: the subauthority in @sid.
 */
PULONG RtlSubAuthoritySid(PSID sid, ULONG index)
{
	return &sub_authorities(sid)[index];
}
EXPORT_SYMBOL_GPL(RtlSubAuthoritySid);

/**
 * RtlCopySid - copy a SID
 * @length: bytes at @to
 * @to: where to
 * @from: a valid SID
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_BUFFER_TOO_SMALL: @from is longer than @length,
 * and nothing was copied.
 */
NTSTATUS RtlCopySid(ULONG length, PSID to, PSID from)
{
	ULONG needed = RtlLengthSid(from);

	if (needed > length)
		return STATUS_BUFFER_TOO_SMALL;
	memmove(to, from, needed);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlCopySid);

/**
 * RtlAllocateAndInitializeSid - make a SID
 * @authority: who gives it away
 * @sub_authority_count: how many of the following ones it has, up to 8
 * @sub_authority0: first subauthority
 * @sub_authority1: and so on
 * @sub_authority2: and so on
 * @sub_authority3: and so on
 * @sub_authority4: and so on
 * @sub_authority5: and so on
 * @sub_authority6: and so on
 * @sub_authority7: and so on
 * @sid: set to the SID, for RtlFreeSid(); left alone on failure
 *
 * Context: process context, may sleep.
 * Return: STATUS_SUCCESS; STATUS_INVALID_SID: more than 8 subauthorities;
 * STATUS_NO_MEMORY.
 */
NTSTATUS RtlAllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority,
				     UCHAR sub_authority_count,
				     ULONG sub_authority0, ULONG sub_authority1,
				     ULONG sub_authority2, ULONG sub_authority3,
				     ULONG sub_authority4, ULONG sub_authority5,
				     ULONG sub_authority6, ULONG sub_authority7,
				     PSID *sid)
{
	const ULONG values[] = {
		sub_authority0, sub_authority1, sub_authority2, sub_authority3,
		sub_authority4, sub_authority5, sub_authority6, sub_authority7,
	};
	PSID made;

	if (sub_authority_count > ARRAY_SIZE(values))
		return STATUS_INVALID_SID;
	made = kmalloc(RtlLengthRequiredSid(sub_authority_count), GFP_KERNEL);
	if (!made)
		return STATUS_NO_MEMORY;
	RtlInitializeSid(made, authority, sub_authority_count);
	memcpy(sub_authorities(made), values, sub_authority_count * sizeof(ULONG));
	*sid = made;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlAllocateAndInitializeSid);

/**
 * RtlFreeSid - free a SID
 * @sid: of RtlAllocateAndInitializeSid(), or NULL
 *
 * Context: process context.
 * Return: NULL.
 */
PVOID RtlFreeSid(PSID sid)
{
	kfree(sid);
	return NULL;
}
EXPORT_SYMBOL_GPL(RtlFreeSid);

static SID_IDENTIFIER_AUTHORITY unix_authority = { NTIMP_UNIX_AUTHORITY };

static NTSTATUS make_unix_sid(ULONG kind, u32 id, ULONG length, PSID sid)
{
	if (id == (u32)-1)
		return STATUS_INVALID_PARAMETER;
	if (length < NTIMP_UNIX_SID_LENGTH)
		return STATUS_BUFFER_TOO_SMALL;
	RtlInitializeSid(sid, &unix_authority, 2);
	sub_authorities(sid)[0] = kind;
	sub_authorities(sid)[1] = id;
	return STATUS_SUCCESS;
}

/* The id is -1 if the SID isn't of that kind, as no valid one is. */
static u32 unix_id(ULONG kind, PSID sid)
{
	if (!RtlValidSid(sid) || ((SID *)sid)->SubAuthorityCount != 2 ||
	    memcmp(RtlIdentifierAuthoritySid(sid), &unix_authority, sizeof(unix_authority)) ||
	    sub_authorities(sid)[0] != kind)
		return -1;
	return sub_authorities(sid)[1];
}

/**
 * NtimpSidFromUid - which SID a user has
 * @uid: the user
 * @length: bytes at @sid
 * @sid: where to put it; NTIMP_UNIX_SID_LENGTH bytes
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER: @uid is no valid one;
 * STATUS_BUFFER_TOO_SMALL: @length is; nothing was written then.
 */
NTSTATUS NtimpSidFromUid(kuid_t uid, ULONG length, PSID sid)
{
	return make_unix_sid(NTIMP_UNIX_USERS_RID, __kuid_val(uid), length, sid);
}
EXPORT_SYMBOL_GPL(NtimpSidFromUid);

/**
 * NtimpSidFromGid - which SID a group has
 * @gid: the group
 * @length: bytes at @sid
 * @sid: where to put it; NTIMP_UNIX_SID_LENGTH bytes
 *
 * Context: any.
 * Return: as that of NtimpSidFromUid().
 */
NTSTATUS NtimpSidFromGid(kgid_t gid, ULONG length, PSID sid)
{
	return make_unix_sid(NTIMP_UNIX_GROUPS_RID, __kgid_val(gid), length, sid);
}
EXPORT_SYMBOL_GPL(NtimpSidFromGid);

/**
 * NtimpUidFromSid - which user a SID is
 * @sid: a SID, which need not be valid
 * @uid: set to the user; left alone if there is none
 *
 * A well-known SID is no user: not even that of the local system, which is what
 * the user 0 is a member of.
 *
 * Context: any.
 * Return: TRUE; FALSE: @sid is no user of Linux's.
 */
BOOLEAN NtimpUidFromSid(PSID sid, kuid_t *uid)
{
	kuid_t found = KUIDT_INIT(unix_id(NTIMP_UNIX_USERS_RID, sid));

	if (!uid_valid(found))
		return FALSE;
	*uid = found;
	return TRUE;
}
EXPORT_SYMBOL_GPL(NtimpUidFromSid);

/**
 * NtimpGidFromSid - which group a SID is
 * @sid: a SID, which need not be valid
 * @gid: set to the group; left alone if there is none
 *
 * Context: any.
 * Return: TRUE; FALSE: @sid is no group of Linux's.
 */
BOOLEAN NtimpGidFromSid(PSID sid, kgid_t *gid)
{
	kgid_t found = KGIDT_INIT(unix_id(NTIMP_UNIX_GROUPS_RID, sid));

	if (!gid_valid(found))
		return FALSE;
	*gid = found;
	return TRUE;
}
EXPORT_SYMBOL_GPL(NtimpGidFromSid);
