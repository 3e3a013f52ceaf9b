/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_WORKER_H
#define _NTIMP_WORKER_H

#include <linux/types.h>

struct cred;

bool ntimp_worker_works(void);
long ntimp_worker_run(const struct cred *cred, long (*fn)(void *arg), void *arg);

#endif /* _NTIMP_WORKER_H */
