// SPDX-License-Identifier: GPL-2.0-only
/* Parts of security descriptors: setting and getting them. */
#include <linux/export.h>

#include <linux/ntifs.h>

#include "descriptor.h"

static NTSTATUS part_set(SECURITY_DESCRIPTOR *descriptor, enum nt_part part, bool present,
			 void *value, bool defaulted)
{
	const struct nt_part_kind *kind = &nt_part_kinds[part];

	if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
		return STATUS_UNKNOWN_REVISION;
	if (nt_descriptor_is_relative(descriptor))
		return STATUS_INVALID_SECURITY_DESCR;

	descriptor->Control &= ~(kind->present | kind->defaulted);
	if (present)
		descriptor->Control |= kind->present;
	if (present && defaulted)
		descriptor->Control |= kind->defaulted;
	*nt_absolute_slot(descriptor, part) = present ? value : NULL;
	return STATUS_SUCCESS;
}

static NTSTATUS part_get(const SECURITY_DESCRIPTOR *descriptor, enum nt_part part,
			 PVOID *value, PBOOLEAN defaulted)
{
	if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
		return STATUS_UNKNOWN_REVISION;
	*value = nt_descriptor_part(descriptor, part);
	*defaulted = !!(descriptor->Control & nt_part_kinds[part].defaulted);
	return STATUS_SUCCESS;
}

static NTSTATUS list_get(const SECURITY_DESCRIPTOR *descriptor, enum nt_part part,
			 PBOOLEAN present, PACL *list, PBOOLEAN defaulted)
{
	if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION)
		return STATUS_UNKNOWN_REVISION;
	*present = nt_descriptor_has(descriptor, part);
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
