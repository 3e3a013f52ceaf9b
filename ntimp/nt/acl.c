// SPDX-License-Identifier: GPL-2.0-only
/*
 * Access lists: measuring, making and changing them.
 *
 * A list is one piece of memory of AclSize bytes.  Each function measures as
 * much of it as it uses, each time: none trusts what was measured before.
 */
#include <linux/align.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/minmax.h>

#include <linux/ntifs.h>

#include "acl.h"

static bool revision_valid(const ACL *acl)
{
	return acl->AclRevision >= MIN_ACL_REVISION &&
	       acl->AclRevision <= MAX_ACL_REVISION;
}

/* The entry with an index, or the room behind the last one; NULL: outside the list. */
static const ACE_HEADER *acl_at(const ACL *acl, ULONG index)
{
	const void *end = (const void *)acl + acl->AclSize;
	const ACE_HEADER *ace = nt_acl_first(acl);
	ULONG i;

	for (i = 0; i < index; i++) {
		if ((const void *)(ace + 1) > end || ace->AceSize < sizeof(*ace) ||
		    ace->AceSize > end - (const void *)ace)
			return NULL;
		ace = nt_ace_next(ace);
	}
	return ace;
}

/**
 * nt_acl_free - the room behind the last entry of a list
 * @acl: the list
 *
 * Context: any.
 * Return: where it begins, which may be at the end of the list; NULL: the entries
 * are more than the list has room for.
 */
const ACE_HEADER *nt_acl_free(const ACL *acl)
{
	if (acl->AclSize < sizeof(*acl))
		return NULL;
	return acl_at(acl, acl->AceCount);
}

static bool acl_valid(const ACL *acl)
{
	const ACE_HEADER *ace;
	struct nt_ace parsed;
	ULONG i;

	if (!revision_valid(acl) || !IS_ALIGNED(acl->AclSize, sizeof(ULONG)) ||
	    !nt_acl_free(acl))
		return false;
	for (i = 0, ace = nt_acl_first(acl); i < acl->AceCount; i++, ace = nt_ace_next(ace))
		if (!nt_ace_parse(ace, &parsed))
			return false;
	return true;
}

/**
 * nt_acl_fits - is this a valid access list, and all of it there?
 * @acl: may be anything
 * @room: bytes that may be looked at
 *
 * Context: any.
 * Return: whether it is.
 */
bool nt_acl_fits(const void *acl, size_t room)
{
	const ACL *header = acl;

	return room >= sizeof(*header) && header->AclSize <= room && acl_valid(header);
}

/**
 * RtlCreateAcl - make an empty access list
 * @acl: where
 * @length: bytes there are; one that isn't a multiple of 4 is rounded down
 * @revision: ACL_REVISION or ACL_REVISION_DS
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_BUFFER_TOO_SMALL: @length is less than an empty
 * list takes; STATUS_INVALID_PARAMETER: it is more than a list can have, or
 * @revision isn't known.
 */
NTSTATUS RtlCreateAcl(PACL acl, ULONG length, ULONG revision)
{
	if (length < sizeof(*acl))
		return STATUS_BUFFER_TOO_SMALL;
	if (length > U16_MAX || revision < MIN_ACL_REVISION || revision > MAX_ACL_REVISION)
		return STATUS_INVALID_PARAMETER;

	*acl = (ACL) {
		.AclRevision	= revision,
		.AclSize	= ALIGN_DOWN(length, sizeof(ULONG)),
	};
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlCreateAcl);

/**
 * RtlValidAcl - is an access list well-formed?
 * @acl: the list, whose AclSize bytes may be looked at
 *
 * Context: any.
 * Return: whether its revision is known and all entries, with the SIDs in them,
 * are inside of it.
 */
BOOLEAN RtlValidAcl(PACL acl)
{
	return acl && acl_valid(acl);
}
EXPORT_SYMBOL_GPL(RtlValidAcl);

/**
 * RtlGetAce - an entry of an access list
 * @acl: the list
 * @index: which, from 0
 * @ace: set to the entry, which remains the list's
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER: there is no such entry, or it
 * isn't inside the list, or @acl has an unknown revision.
 */
NTSTATUS RtlGetAce(PACL acl, ULONG index, PVOID *ace)
{
	const ACE_HEADER *found, *behind;

	if (!revision_valid(acl) || index >= acl->AceCount || acl->AclSize < sizeof(*acl))
		return STATUS_INVALID_PARAMETER;
	found = acl_at(acl, index);
	behind = acl_at(acl, index + 1);
	if (!found || !behind)
		return STATUS_INVALID_PARAMETER;
	*ace = (PVOID)found;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlGetAce);

/* How many entries a list of them has; 0: it has none, or they don't fit. */
static ULONG entries_count(const void *list, ULONG length)
{
	const void *end = list + length;
	ULONG count = 0;

	while (list < end) {
		struct nt_ace parsed;
		const ACE_HEADER *ace = list;

		if (end - list < sizeof(*ace) || ace->AceSize > end - list ||
		    !nt_ace_parse(ace, &parsed))
			return 0;
		list += ace->AceSize;
		count++;
	}
	return count;
}

/**
 * RtlAddAce - put entries into an access list
 * @acl: the list
 * @revision: that the entries need; the list gets it, if it is higher
 * @index: in front of which one; one that there isn't: at the end
 * @list: the entries, one behind the other
 * @length: bytes they have
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER: @acl or an entry isn't
 * well-formed, or @revision isn't known; STATUS_BUFFER_TOO_SMALL: there is not so
 * much room.
 */
NTSTATUS RtlAddAce(PACL acl, ULONG revision, ULONG index, PVOID list, ULONG length)
{
	ACE_HEADER *free, *at;
	ULONG count;

	if (revision < MIN_ACL_REVISION || revision > MAX_ACL_REVISION || !acl_valid(acl))
		return STATUS_INVALID_PARAMETER;
	count = entries_count(list, length);
	if (!count)
		return STATUS_INVALID_PARAMETER;
	free = (ACE_HEADER *)nt_acl_free(acl);
	if (length > nt_acl_room(acl, free) || count > U16_MAX - acl->AceCount)
		return STATUS_BUFFER_TOO_SMALL;

	at = (ACE_HEADER *)acl_at(acl, min_t(ULONG, index, acl->AceCount));
	memmove((void *)at + length, at, (void *)free - (void *)at);
	memcpy(at, list, length);
	acl->AceCount += count;
	acl->AclRevision = max_t(ULONG, acl->AclRevision, revision);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlAddAce);

/**
 * RtlDeleteAce - take an entry out of an access list
 * @acl: the list
 * @index: which, from 0
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER: there is no such entry, or
 * @acl isn't well-formed.
 */
NTSTATUS RtlDeleteAce(PACL acl, ULONG index)
{
	ACE_HEADER *ace, *next, *free;

	if (!acl_valid(acl) || index >= acl->AceCount)
		return STATUS_INVALID_PARAMETER;
	ace = (ACE_HEADER *)acl_at(acl, index);
	next = (ACE_HEADER *)acl_at(acl, index + 1);
	free = (ACE_HEADER *)nt_acl_free(acl);

	memmove(ace, next, (void *)free - (void *)next);
	memset((void *)ace + ((void *)free - (void *)next), 0, (void *)next - (void *)ace);
	acl->AceCount--;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlDeleteAce);
