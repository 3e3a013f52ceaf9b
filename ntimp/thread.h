/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_THREAD_H
#define _NTIMP_THREAD_H

void ntimp_thread_become_primary(void);

#endif /* _NTIMP_THREAD_H */
