/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_IDENTIFY_H
#define _NTIMP_IDENTIFY_H

int __must_check ntimp_identify_arm(void);
void ntimp_identify_disarm(void);

#endif /* _NTIMP_IDENTIFY_H */
