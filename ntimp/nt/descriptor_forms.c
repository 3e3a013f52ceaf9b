// SPDX-License-Identifier: GPL-2.0-only
/* From one form of security descriptors to the other. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <linux/ntifs.h>

#include "descriptor.h"

/* The order in which NT puts them. */
static const enum nt_part order[NT_PARTS] = {
	NT_PART_SACL, NT_PART_DACL, NT_PART_OWNER, NT_PART_GROUP,
};

/**
 * RtlAbsoluteToSelfRelativeSD - copy a security descriptor into one piece of memory
 * @absolute: the descriptor, in the absolute form
 * @relative: where
 * @length: bytes there; set to those that are needed, if they are more
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_BAD_DESCRIPTOR_FORMAT: @absolute isn't of that form;
 * STATUS_INVALID_SECURITY_DESCR: it is malformed; STATUS_BUFFER_TOO_SMALL.
 */
NTSTATUS RtlAbsoluteToSelfRelativeSD(PSECURITY_DESCRIPTOR absolute,
				     PSECURITY_DESCRIPTOR relative, PULONG length)
{
	const SECURITY_DESCRIPTOR *from = absolute;
	SECURITY_DESCRIPTOR_RELATIVE *to = relative;
	ULONG end = sizeof(*to);
	int i;

	if (nt_descriptor_is_relative(from))
		return STATUS_BAD_DESCRIPTOR_FORMAT;
	if (!nt_descriptor_valid(from))
		return STATUS_INVALID_SECURITY_DESCR;
	for (i = 0; i < NT_PARTS; i++)
		end += nt_descriptor_room(from, i);
	if (end > *length) {
		*length = end;
		return STATUS_BUFFER_TOO_SMALL;
	}

	memset(to, 0, end);
	to->Revision = from->Revision;
	to->Sbz1 = from->Sbz1;
	to->Control = from->Control | SE_SELF_RELATIVE;
	end = sizeof(*to);
	for (i = 0; i < NT_PARTS; i++) {
		const void *part = nt_descriptor_part(from, order[i]);

		if (!part)
			continue;
		memcpy((void *)to + end, part, nt_part_kinds[order[i]].length(part));
		*nt_relative_slot(relative, order[i]) = end;
		end += nt_descriptor_room(from, order[i]);
	}
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlAbsoluteToSelfRelativeSD);

/**
 * RtlSelfRelativeToAbsoluteSD - copy the parts of a security descriptor
 * @relative: the descriptor, in the self-relative form: a valid one
 * @absolute: where the descriptor goes that points to the copies
 * @absolute_length: bytes there
 * @dacl: where the access list goes
 * @dacl_length: bytes there
 * @sacl: where the list for audits goes
 * @sacl_length: bytes there
 * @owner: where the owner goes
 * @owner_length: bytes there
 * @group: where the primary group goes
 * @group_length: bytes there
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_BAD_DESCRIPTOR_FORMAT: @relative isn't of that form;
 * STATUS_INVALID_SECURITY_DESCR: it is malformed; STATUS_BUFFER_TOO_SMALL: all
 * lengths were set to what is needed, and nothing was copied.
 */
NTSTATUS RtlSelfRelativeToAbsoluteSD(PSECURITY_DESCRIPTOR relative,
				     PSECURITY_DESCRIPTOR absolute, PULONG absolute_length,
				     PACL dacl, PULONG dacl_length,
				     PACL sacl, PULONG sacl_length,
				     PSID owner, PULONG owner_length,
				     PSID group, PULONG group_length)
{
	const SECURITY_DESCRIPTOR *from = relative;
	SECURITY_DESCRIPTOR *to = absolute;
	void *const copies[NT_PARTS] = { owner, group, sacl, dacl };
	ULONG *const lengths[NT_PARTS] = { owner_length, group_length, sacl_length, dacl_length };
	ULONG needed[NT_PARTS] = {};
	bool fits = *absolute_length >= sizeof(*to);
	enum nt_part part;

	if (!nt_descriptor_is_relative(from))
		return STATUS_BAD_DESCRIPTOR_FORMAT;
	if (!nt_descriptor_valid(from))
		return STATUS_INVALID_SECURITY_DESCR;
	for (part = 0; part < NT_PARTS; part++) {
		const void *found = nt_descriptor_part(from, part);

		if (found)
			needed[part] = nt_part_kinds[part].length(found);
		fits &= needed[part] <= *lengths[part];
	}
	if (!fits) {
		*absolute_length = sizeof(*to);
		for (part = 0; part < NT_PARTS; part++)
			*lengths[part] = needed[part];
		return STATUS_BUFFER_TOO_SMALL;
	}

	*to = (SECURITY_DESCRIPTOR) {
		.Revision	= from->Revision,
		.Sbz1		= from->Sbz1,
		.Control	= from->Control & ~SE_SELF_RELATIVE,
	};
	for (part = 0; part < NT_PARTS; part++)
		if (needed[part])
			*nt_absolute_slot(to, part) = memcpy(copies[part],
							     nt_descriptor_part(from, part),
							     needed[part]);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(RtlSelfRelativeToAbsoluteSD);
