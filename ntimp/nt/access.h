/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_NT_ACCESS_H
#define _NTIMP_NT_ACCESS_H

#include <linux/types.h>

#include <linux/nt/descriptor.h>
#include <linux/nt/token.h>

struct nt_holder;

/**
 * struct nt_access - access to an object
 * @descriptor: of the object, of either form; may be malformed
 * @desired: rights that are asked for
 * @previous: rights that were granted before
 * @mapping: what the generic ones are for this kind of object
 */
struct nt_access {
	const SECURITY_DESCRIPTOR *descriptor;
	ACCESS_MASK desired;
	ACCESS_MASK previous;
	const GENERIC_MAPPING *mapping;
};

NTSTATUS nt_access_check(const struct nt_holder *holder, const struct nt_access *access,
			 ACCESS_MASK *granted, u64 *used);

#endif /* _NTIMP_NT_ACCESS_H */
