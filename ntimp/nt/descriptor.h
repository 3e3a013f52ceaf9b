/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_NT_DESCRIPTOR_H
#define _NTIMP_NT_DESCRIPTOR_H

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>

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

/**
 * struct nt_part_kind - what there is to know of a part
 * @present: bit of Control that must be set for it to count; 0: it always does
 * @defaulted: bit of Control that says that nobody chose it
 * @information: bit of SECURITY_INFORMATION
 * @length: size of a valid one
 * @fits: measures one
 */
struct nt_part_kind {
	USHORT present;
	USHORT defaulted;
	SECURITY_INFORMATION information;
	size_t (*length)(const void *part);
	bool (*fits)(const void *part, size_t room);
};

extern const struct nt_part_kind nt_part_kinds[NT_PARTS];

void *nt_descriptor_part(const SECURITY_DESCRIPTOR *descriptor, enum nt_part part);
size_t nt_descriptor_room(const SECURITY_DESCRIPTOR *descriptor, enum nt_part part);
bool nt_descriptor_valid(const SECURITY_DESCRIPTOR *descriptor);

/* The parts stand in the order of enum nt_part in both forms. */
static_assert(offsetof(SECURITY_DESCRIPTOR, Group) ==
	      offsetof(SECURITY_DESCRIPTOR, Owner) + NT_PART_GROUP * sizeof(void *));
static_assert(offsetof(SECURITY_DESCRIPTOR, Sacl) ==
	      offsetof(SECURITY_DESCRIPTOR, Owner) + NT_PART_SACL * sizeof(void *));
static_assert(offsetof(SECURITY_DESCRIPTOR, Dacl) ==
	      offsetof(SECURITY_DESCRIPTOR, Owner) + NT_PART_DACL * sizeof(void *));
static_assert(offsetof(SECURITY_DESCRIPTOR_RELATIVE, Dacl) ==
	      offsetof(SECURITY_DESCRIPTOR_RELATIVE, Owner) + NT_PART_DACL * sizeof(ULONG));

/**
 * nt_absolute_slot - where a descriptor of the absolute form has a part
 * @descriptor: the descriptor
 * @part: which
 *
 * Context: any.
 * Return: where the pointer to it is.
 */
static inline void **nt_absolute_slot(SECURITY_DESCRIPTOR *descriptor, enum nt_part part)
{
	return (void *)descriptor + offsetof(SECURITY_DESCRIPTOR, Owner) +
	       part * sizeof(void *);
}

/**
 * nt_relative_slot - where a descriptor of the self-relative form has a part
 * @descriptor: the descriptor
 * @part: which
 *
 * Context: any.
 * Return: where the offset of it is.
 */
static inline ULONG *nt_relative_slot(SECURITY_DESCRIPTOR *descriptor, enum nt_part part)
{
	return (void *)descriptor + offsetof(SECURITY_DESCRIPTOR_RELATIVE, Owner) +
	       part * sizeof(ULONG);
}

/**
 * nt_descriptor_is_relative - which form does a descriptor have?
 * @descriptor: the descriptor
 *
 * Context: any.
 * Return: whether it is self-relative.
 */
static inline bool nt_descriptor_is_relative(const SECURITY_DESCRIPTOR *descriptor)
{
	return descriptor->Control & SE_SELF_RELATIVE;
}

/**
 * nt_descriptor_has - does a part count?
 * @descriptor: the descriptor, of either form
 * @part: which
 *
 * Context: any.
 * Return: whether it does, be it empty.
 */
static inline bool nt_descriptor_has(const SECURITY_DESCRIPTOR *descriptor, enum nt_part part)
{
	return !nt_part_kinds[part].present ||
	       descriptor->Control & nt_part_kinds[part].present;
}

#endif /* _NTIMP_NT_DESCRIPTOR_H */
