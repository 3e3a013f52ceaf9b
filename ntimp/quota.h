/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_QUOTA_H
#define _NTIMP_QUOTA_H

struct cred;
struct ntimp_quota;

extern unsigned int ntimp_max_contexts;

struct ntimp_quota *ntimp_quota_charge(const struct cred *maker);
void ntimp_quota_uncharge(struct ntimp_quota *quota);

#endif /* _NTIMP_QUOTA_H */
