/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_NT_WORK_H
#define _NTIMP_NT_WORK_H

void ntimp_nt_work_init(void);
void ntimp_nt_work_exit(void);
long ntimp_nt_work_forgotten(void);

#endif /* _NTIMP_NT_WORK_H */
