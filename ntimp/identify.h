/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_IDENTIFY_H
#define _NTIMP_IDENTIFY_H

#include <linux/kconfig.h>
#include <linux/types.h>

int __must_check ntimp_identify_arm(void);
void ntimp_identify_disarm(void);

#if IS_ENABLED(CONFIG_KUNIT)
extern bool ntimp_identify_armed;
extern int ntimp_identify_never;
#endif

#endif /* _NTIMP_IDENTIFY_H */
