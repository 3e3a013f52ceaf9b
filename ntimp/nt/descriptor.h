/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_NT_DESCRIPTOR_H
#define _NTIMP_NT_DESCRIPTOR_H

#include <linux/nt/descriptor.h>
#include <linux/nt/sid.h>

/**
 * enum nt_part - what a security descriptor has, in the order of both its forms
 * @NT_PART_OWNER: the owner, a SID
 * @NT_PART_GROUP: the primary group, a SID
 * @NT_PART_SACL: the access list for audits
 * @NT_PART_DACL: the access list that says who may do what
 * @NT_PARTS: how many there are
 */
enum nt_part {
	NT_PART_OWNER,
	NT_PART_GROUP,
	NT_PART_SACL,
	NT_PART_DACL,
	NT_PARTS
};

void *nt_descriptor_part(const SECURITY_DESCRIPTOR *descriptor, enum nt_part part);
bool nt_descriptor_valid(const SECURITY_DESCRIPTOR *descriptor);

#endif /* _NTIMP_NT_DESCRIPTOR_H */
