/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_GUARD_H
#define _NTIMP_GUARD_H

#include <linux/types.h>

int ntimp_guard_arm(void);
void ntimp_guard_disarm(void);

u64 ntimp_guards_armed(void);
u64 ntimp_guards_absent(void);

#endif /* _NTIMP_GUARD_H */
