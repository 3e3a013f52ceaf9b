/* SPDX-License-Identifier: LGPL-2.1-only */
#ifndef NTIMP_LIB_CAPTURE_H
#define NTIMP_LIB_CAPTURE_H

#include <linux/ntimp.h>

/* Make a context of a request that is complete but for size and qos. */
int capture(struct ntimp_capture *request, const struct ntimp_qos *qos);

#endif /* NTIMP_LIB_CAPTURE_H */
