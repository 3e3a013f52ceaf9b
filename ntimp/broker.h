/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_BROKER_H
#define _NTIMP_BROKER_H

#include <linux/types.h>

struct ntimp_call;
struct ntimp_context;

bool ntimp_broker_works(void);
long ntimp_broker_call(struct ntimp_context *ctx, const struct ntimp_call *call);

#endif /* _NTIMP_BROKER_H */
