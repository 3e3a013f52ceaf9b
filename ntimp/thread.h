/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_THREAD_H
#define _NTIMP_THREAD_H

struct cred;

struct ntimp_context;

int ntimp_impersonate_flags(struct ntimp_context *ctx, unsigned long flags);
void ntimp_thread_become_primary(void);
int ntimp_thread_finish(const struct cred *worn);

#endif /* _NTIMP_THREAD_H */
