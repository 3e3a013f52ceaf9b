// SPDX-License-Identifier: GPL-2.0-only
/*
 * Security descriptors: both forms, the parts of them, and measuring.
 *
 * The absolute form has pointers to its parts, the self-relative one has them
 * behind it.  How long a self-relative one is, nothing in it says: only
 * RtlValidRelativeSecurityDescriptor() is told, so that is the one to ask about
 * what came from outside.
 */
#include <kunit/visibility.h>
#include <linux/align.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/limits.h>

#include <linux/ntifs.h>

#include "acl.h"
#include "descriptor.h"

/**
 * struct part_kind - what there is to know of a part
 * @present: bit of Control that must be set for it to count; 0: it always does
 * @defaulted: bit of Control that says that nobody chose it
 * @information: bit of SECURITY_INFORMATION
 * @length: size of a valid one
 * @fits: measures one
 */
struct part_kind {
	USHORT present;
	USHORT defaulted;
	SECURITY_INFORMATION information;
	size_t (*length)(const void *part);
	bool (*fits)(const void *part, size_t room);
};

static size_t sid_length(const void *sid)
{
	return nt_sid_length(sid);
}

static size_t acl_length(const void *acl)
{
	return ((const ACL *)acl)->AclSize;
}

static const struct part_kind kinds[NT_PARTS] = {
	[NT_PART_OWNER] = {
		.defaulted	= SE_OWNER_DEFAULTED,
		.information	= OWNER_SECURITY_INFORMATION,
		.length		= sid_length,
		.fits		= nt_sid_fits,
	},
	[NT_PART_GROUP] = {
		.defaulted	= SE_GROUP_DEFAULTED,
		.information	= GROUP_SECURITY_INFORMATION,
		.length		= sid_length,
		.fits		= nt_sid_fits,
	},
	[NT_PART_SACL] = {
		.present	= SE_SACL_PRESENT,
		.defaulted	= SE_SACL_DEFAULTED,
		.information	= SACL_SECURITY_INFORMATION,
		.length		= acl_length,
		.fits		= nt_acl_fits,
	},
	[NT_PART_DACL] = {
		.present	= SE_DACL_PRESENT,
		.defaulted	= SE_DACL_DEFAULTED,
		.information	= DACL_SECURITY_INFORMATION,
		.length		= acl_length,
		.fits		= nt_acl_fits,
	},
};

/* The parts stand in one order in both forms. */
static void **absolute_slot(SECURITY_DESCRIPTOR *descriptor, enum nt_part part)
{
	static_assert(offsetof(SECURITY_DESCRIPTOR, Group) ==
		      offsetof(SECURITY_DESCRIPTOR, Owner) + NT_PART_GROUP * sizeof(void *));
	static_assert(offsetof(SECURITY_DESCRIPTOR, Sacl) ==
		      offsetof(SECURITY_DESCRIPTOR, Owner) + NT_PART_SACL * sizeof(void *));
	static_assert(offsetof(SECURITY_DESCRIPTOR, Dacl) ==
		      offsetof(SECURITY_DESCRIPTOR, Owner) + NT_PART_DACL * sizeof(void *));

	return (void **)&descriptor->Owner + part;
}

static ULONG *relative_slot(SECURITY_DESCRIPTOR *descriptor, enum nt_part part)
{
	SECURITY_DESCRIPTOR_RELATIVE *relative = (void *)descriptor;

	static_assert(offsetof(SECURITY_DESCRIPTOR_RELATIVE, Dacl) ==
		      offsetof(SECURITY_DESCRIPTOR_RELATIVE, Owner) +
		      NT_PART_DACL * sizeof(ULONG));

	return &relative->Owner + part;
}

static bool is_relative(const SECURITY_DESCRIPTOR *descriptor)
{
	return descriptor->Control & SE_SELF_RELATIVE;
}

static bool counts(const SECURITY_DESCRIPTOR *descriptor, enum nt_part part)
{
	return !kinds[part].present || descriptor->Control & kinds[part].present;
}

/**
 * nt_descriptor_part - a part of a security descriptor of either form
 * @descriptor: the descriptor
 * @part: which
 *
 * Context: any.
 * Return: the part, not measured; NULL: there is none.
 */
void *nt_descriptor_part(const SECURITY_DESCRIPTOR *descriptor, enum nt_part part)
{
	SECURITY_DESCRIPTOR *any = (SECURITY_DESCRIPTOR *)descriptor;
	ULONG offset;

	if (!counts(descriptor, part))
		return NULL;
	if (!is_relative(descriptor))
		return *absolute_slot(any, part);
	offset = *relative_slot(any, part);
	return offset ? (void *)any + offset : NULL;
}

/**
 * nt_descriptor_valid - is a security descriptor well-formed?
 * @descriptor: the descriptor
 *
 * A self-relative one is taken to be as long as it says.
 *
 * Context: any.
 * Return: whether its revision is known and its parts are well-formed.
 */
bool nt_descriptor_valid(const SECURITY_DESCRIPTOR *descriptor)
{
	enum nt_part part;

	if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
		return false;
	for (part = 0; part < NT_PARTS; part++) {
		const void *found = nt_descriptor_part(descriptor, part);

		if (found && !kinds[part].fits(found, SIZE_MAX))
			return false;
	}
	return true;
}

/**
 * RtlCreateSecurityDescriptor - make an empty security descriptor
 * @descriptor: where, sizeof(SECURITY_DESCRIPTOR) bytes
 * @revision: SECURITY_DESCRIPTOR_REVISION
 *
 * In the absolute form, without any part: it protects nothing.
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_UNKNOWN_REVISION.
 */
NTSTATUS RtlCreateSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, ULONG revision)
{
	if (revision != SECURITY_DESCRIPTOR_REVISION)
		return STATUS_UNKNOWN_REVISION;
	*(SECURITY_DESCRIPTOR *)descriptor = (SECURITY_DESCRIPTOR) {
		.Revision = revision,
	};
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlCreateSecurityDescriptor);

/**
 * RtlValidSecurityDescriptor - is a security descriptor well-formed?
 * @descriptor: the descriptor, of either form
 *
 * What is measured of a self-relative one may be as far behind it as it says: see
 * RtlValidRelativeSecurityDescriptor() for one that came from outside.
 *
 * Context: any.
 * Return: whether its revision is known and its SIDs and access lists are
 * well-formed.
 */
BOOLEAN RtlValidSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor)
{
	return descriptor && nt_descriptor_valid(descriptor);
}
EXPORT_SYMBOL_GPL(RtlValidSecurityDescriptor);

static bool relative_part_valid(SECURITY_DESCRIPTOR *descriptor, ULONG length,
				enum nt_part part)
{
	ULONG offset = *relative_slot(descriptor, part);

	if (!offset)
		return true;
	return offset >= sizeof(SECURITY_DESCRIPTOR_RELATIVE) && offset < length &&
	       IS_ALIGNED(offset, sizeof(ULONG)) &&
	       kinds[part].fits((void *)descriptor + offset, length - offset);
}

/**
 * RtlValidRelativeSecurityDescriptor - may a self-relative descriptor be used?
 * @input: the descriptor
 * @length: bytes there are
 * @required: the parts that it must have, *_SECURITY_INFORMATION
 *
 * Looks at no byte outside of @length, whatever is in those.
 *
 * Context: any.
 * Return: whether it is well-formed and has what is required.  A list may be
 * missing that is said to be present: that is one that allows everything.
 */
BOOLEAN RtlValidRelativeSecurityDescriptor(PSECURITY_DESCRIPTOR input, ULONG length,
					   SECURITY_INFORMATION required)
{
	SECURITY_DESCRIPTOR *descriptor = input;
	enum nt_part part;

	if (length < sizeof(SECURITY_DESCRIPTOR_RELATIVE) ||
	    descriptor->Revision != SECURITY_DESCRIPTOR_REVISION ||
	    !is_relative(descriptor))
		return FALSE;
	for (part = 0; part < NT_PARTS; part++) {
		if (counts(descriptor, part) && !relative_part_valid(descriptor, length, part))
			return FALSE;
		if (!(required & kinds[part].information))
			continue;
		if (kinds[part].present ? !counts(descriptor, part) :
					  !*relative_slot(descriptor, part))
			return FALSE;
	}
	return TRUE;
}
EXPORT_SYMBOL_GPL(RtlValidRelativeSecurityDescriptor);

static size_t part_room(const SECURITY_DESCRIPTOR *descriptor, enum nt_part part)
{
	const void *found = nt_descriptor_part(descriptor, part);

	return found ? ALIGN(kinds[part].length(found), sizeof(ULONG)) : 0;
}

/**
 * RtlLengthSecurityDescriptor - the size of a security descriptor
 * @descriptor: a valid one, of either form
 *
 * Context: any.
 * Return: bytes of all of it, with what an absolute one points to.
 */
ULONG RtlLengthSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor)
{
	ULONG length = is_relative(descriptor) ? sizeof(SECURITY_DESCRIPTOR_RELATIVE) :
						 sizeof(SECURITY_DESCRIPTOR);
	enum nt_part part;

	for (part = 0; part < NT_PARTS; part++)
		length += part_room(descriptor, part);
	return length;
}
EXPORT_SYMBOL_GPL(RtlLengthSecurityDescriptor);

static NTSTATUS part_set(SECURITY_DESCRIPTOR *descriptor, enum nt_part part, bool present,
			 void *value, bool defaulted)
{
	const struct part_kind *kind = &kinds[part];

	if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
		return STATUS_UNKNOWN_REVISION;
	if (is_relative(descriptor))
		return STATUS_INVALID_SECURITY_DESCR;

	descriptor->Control &= ~(kind->present | kind->defaulted);
	if (present)
		descriptor->Control |= kind->present;
	if (present && defaulted)
		descriptor->Control |= kind->defaulted;
	*absolute_slot(descriptor, part) = present ? value : NULL;
	return STATUS_SUCCESS;
}

static NTSTATUS part_get(const SECURITY_DESCRIPTOR *descriptor, enum nt_part part,
			 PVOID *value, PBOOLEAN defaulted)
{
	if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
		return STATUS_UNKNOWN_REVISION;
	*value = nt_descriptor_part(descriptor, part);
	*defaulted = !!(descriptor->Control & kinds[part].defaulted);
	return STATUS_SUCCESS;
}

static NTSTATUS list_get(const SECURITY_DESCRIPTOR *descriptor, enum nt_part part,
			 PBOOLEAN present, PACL *list, PBOOLEAN defaulted)
{
	if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
		return STATUS_UNKNOWN_REVISION;
	*present = counts(descriptor, part);
	return *present ? part_get(descriptor, part, (PVOID *)list, defaulted) :
			  STATUS_SUCCESS;
}

/**
 * RtlSetOwnerSecurityDescriptor - set the owner of a security descriptor
 * @descriptor: the descriptor, in the absolute form
 * @owner: the owner, which must last as long as @descriptor; NULL: none
 * @defaulted: whether nobody chose it
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_UNKNOWN_REVISION; STATUS_INVALID_SECURITY_DESCR:
 * @descriptor is self-relative.
 */
NTSTATUS RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID owner,
				       BOOLEAN defaulted)
{
	return part_set(descriptor, NT_PART_OWNER, true, owner, defaulted);
}
EXPORT_SYMBOL_GPL(RtlSetOwnerSecurityDescriptor);

/**
 * RtlGetOwnerSecurityDescriptor - the owner of a security descriptor
 * @descriptor: the descriptor, of either form
 * @owner: set to the owner, which remains the descriptor's; NULL: none
 * @defaulted: set to whether nobody chose it
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_UNKNOWN_REVISION.
 */
NTSTATUS RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID *owner,
				       PBOOLEAN defaulted)
{
	return part_get(descriptor, NT_PART_OWNER, owner, defaulted);
}
EXPORT_SYMBOL_GPL(RtlGetOwnerSecurityDescriptor);

/**
 * RtlSetGroupSecurityDescriptor - set the primary group of a security descriptor
 * @descriptor: the descriptor, in the absolute form
 * @group: the primary group, which must last as long as @descriptor; NULL: none
 * @defaulted: whether nobody chose it
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_UNKNOWN_REVISION; STATUS_INVALID_SECURITY_DESCR:
 * @descriptor is self-relative.
 */
NTSTATUS RtlSetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID group,
				       BOOLEAN defaulted)
{
	return part_set(descriptor, NT_PART_GROUP, true, group, defaulted);
}
EXPORT_SYMBOL_GPL(RtlSetGroupSecurityDescriptor);

/**
 * RtlGetGroupSecurityDescriptor - the primary group of a security descriptor
 * @descriptor: the descriptor, of either form
 * @group: set to the primary group, which remains the descriptor's; NULL: none
 * @defaulted: set to whether nobody chose it
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_UNKNOWN_REVISION.
 */
NTSTATUS RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID *group,
				       PBOOLEAN defaulted)
{
	return part_get(descriptor, NT_PART_GROUP, group, defaulted);
}
EXPORT_SYMBOL_GPL(RtlGetGroupSecurityDescriptor);

/**
 * RtlSetDaclSecurityDescriptor - set the access list of a security descriptor
 * @descriptor: the descriptor, in the absolute form
 * @present: whether it has one
 * @dacl: the list, which must last as long as @descriptor; NULL: everybody may do everything
 * @defaulted: whether nobody chose it
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_UNKNOWN_REVISION; STATUS_INVALID_SECURITY_DESCR:
 * @descriptor is self-relative.
 */
NTSTATUS RtlSetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, BOOLEAN present,
				      PACL dacl, BOOLEAN defaulted)
{
	return part_set(descriptor, NT_PART_DACL, present, dacl, defaulted);
}
EXPORT_SYMBOL_GPL(RtlSetDaclSecurityDescriptor);

/**
 * RtlGetDaclSecurityDescriptor - the access list of a security descriptor
 * @descriptor: the descriptor, of either form
 * @present: set to whether it has one
 * @dacl: if so, set to the list, which remains the descriptor's, or to NULL
 * @defaulted: if so, set to whether nobody chose it
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_UNKNOWN_REVISION.
 */
NTSTATUS RtlGetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PBOOLEAN present,
				      PACL *dacl, PBOOLEAN defaulted)
{
	return list_get(descriptor, NT_PART_DACL, present, dacl, defaulted);
}
EXPORT_SYMBOL_GPL(RtlGetDaclSecurityDescriptor);

/**
 * RtlSetSaclSecurityDescriptor - set the list for audits of a security descriptor
 * @descriptor: the descriptor, in the absolute form
 * @present: whether it has one
 * @sacl: the list, which must last as long as @descriptor; NULL: nothing is audited
 * @defaulted: whether nobody chose it
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_UNKNOWN_REVISION; STATUS_INVALID_SECURITY_DESCR:
 * @descriptor is self-relative.
 */
NTSTATUS RtlSetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, BOOLEAN present,
				      PACL sacl, BOOLEAN defaulted)
{
	return part_set(descriptor, NT_PART_SACL, present, sacl, defaulted);
}
EXPORT_SYMBOL_GPL(RtlSetSaclSecurityDescriptor);

/**
 * RtlGetSaclSecurityDescriptor - the list for audits of a security descriptor
 * @descriptor: the descriptor, of either form
 * @present: set to whether it has one
 * @sacl: if so, set to the list, which remains the descriptor's, or to NULL
 * @defaulted: if so, set to whether nobody chose it
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_UNKNOWN_REVISION.
 */
NTSTATUS RtlGetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PBOOLEAN present,
				      PACL *sacl, PBOOLEAN defaulted)
{
	return list_get(descriptor, NT_PART_SACL, present, sacl, defaulted);
}
EXPORT_SYMBOL_GPL(RtlGetSaclSecurityDescriptor);

