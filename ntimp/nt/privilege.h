/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_NT_PRIVILEGE_H
#define _NTIMP_NT_PRIVILEGE_H

#include <linux/bits.h>
#include <linux/types.h>

#include <linux/nt/token.h>

struct nt_holder;

/* Privileges as a set: one bit for each number. */
#define NT_PRIVILEGE_BIT(number)	BIT_ULL(number)
#define NT_PRIVILEGES_MAX		(SE_MAX_WELL_KNOWN_PRIVILEGE + 1)

u64 nt_privilege_bit(LUID luid);
u64 nt_privilege_caps(u64 privileges);
u64 nt_privileges_held(const struct nt_holder *holder);
u64 nt_privileges_enabled(const struct nt_holder *holder);
ULONG nt_privileges_list(const struct nt_holder *holder, LUID_AND_ATTRIBUTES *list);

#endif /* _NTIMP_NT_PRIVILEGE_H */
