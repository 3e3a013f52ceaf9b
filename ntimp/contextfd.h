/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_CONTEXTFD_H
#define _NTIMP_CONTEXTFD_H

struct ntimp_context;

int ntimp_contextfd_install(struct ntimp_context *ctx);
struct ntimp_context *ntimp_contextfd_get(int fd);

#endif /* _NTIMP_CONTEXTFD_H */
