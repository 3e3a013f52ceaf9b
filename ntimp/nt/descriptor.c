// SPDX-License-Identifier: GPL-2.0-only
/*
 * Security descriptors: both forms, the parts of them, and measuring.
 *
 * The absolute form has pointers to its parts, the self-relative one has them
 * behind it.  How long a self-relative one is, nothing in it says: only
 * RtlValidRelativeSecurityDescriptor() is told, so that is the one to ask about
 * what came from outside.
 */
#include <linux/align.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/limits.h>

#include <linux/ntifs.h>

#include "acl.h"
#include "descriptor.h"

static size_t sid_length(const void *sid)
{
	return nt_sid_length(sid);
}

static size_t acl_length(const void *acl)
{
	return ((const ACL *)acl)->AclSize;
}

const struct nt_part_kind nt_part_kinds[NT_PARTS] = {
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

	if (!nt_descriptor_has(descriptor, part))
		return NULL;
	if (!nt_descriptor_is_relative(descriptor))
		return *nt_absolute_slot(any, part);
	offset = *nt_relative_slot(any, part);
	return offset ? (void *)any + offset : NULL;
}

/**
 * nt_descriptor_room - how much room a part takes in the self-relative form
 * @descriptor: a valid descriptor, of either form
 * @part: which
 *
 * Context: any.
 * Return: bytes, a multiple of 4; 0: there is no such part.
 */
size_t nt_descriptor_room(const SECURITY_DESCRIPTOR *descriptor, enum nt_part part)
{
	const void *found = nt_descriptor_part(descriptor, part);

	return found ? ALIGN(nt_part_kinds[part].length(found), sizeof(ULONG)) : 0;
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

		if (found && !nt_part_kinds[part].fits(found, SIZE_MAX))
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
 * RtlCreateSecurityDescriptorRelative - the same, in the self-relative form
 * @descriptor: where
 * @revision: SECURITY_DESCRIPTOR_REVISION
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_UNKNOWN_REVISION.
 */
NTSTATUS RtlCreateSecurityDescriptorRelative(PISECURITY_DESCRIPTOR_RELATIVE descriptor,
					     ULONG revision)
{
	if (revision != SECURITY_DESCRIPTOR_REVISION)
		return STATUS_UNKNOWN_REVISION;
	*descriptor = (SECURITY_DESCRIPTOR_RELATIVE) {
		.Revision	= revision,
		.Control	= SE_SELF_RELATIVE,
	};
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlCreateSecurityDescriptorRelative);

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
	ULONG offset = *nt_relative_slot(descriptor, part);

	if (!offset)
		return true;
	return offset >= sizeof(SECURITY_DESCRIPTOR_RELATIVE) && offset < length &&
	       IS_ALIGNED(offset, sizeof(ULONG)) &&
	       nt_part_kinds[part].fits((void *)descriptor + offset, length - offset);
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
	    !nt_descriptor_is_relative(descriptor))
		return FALSE;
	for (part = 0; part < NT_PARTS; part++) {
		if (nt_descriptor_has(descriptor, part) &&
		    !relative_part_valid(descriptor, length, part))
			return FALSE;
		if (!(required & nt_part_kinds[part].information))
			continue;
		if (nt_part_kinds[part].present ? !nt_descriptor_has(descriptor, part) :
					  !*nt_relative_slot(descriptor, part))
			return FALSE;
	}
	return TRUE;
}
EXPORT_SYMBOL_GPL(RtlValidRelativeSecurityDescriptor);

/**
 * RtlLengthSecurityDescriptor - the size of a security descriptor
 * @descriptor: a valid one, of either form
 *
 * Context: any.
 * Return: bytes of all of it, with what an absolute one points to.
 */
ULONG RtlLengthSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor)
{
	ULONG length = sizeof(SECURITY_DESCRIPTOR);
	enum nt_part part;

	if (nt_descriptor_is_relative(descriptor))
		length = sizeof(SECURITY_DESCRIPTOR_RELATIVE);
	for (part = 0; part < NT_PARTS; part++)
		length += nt_descriptor_room(descriptor, part);
	return length;
}
EXPORT_SYMBOL_GPL(RtlLengthSecurityDescriptor);
