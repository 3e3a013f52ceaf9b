/* SPDX-License-Identifier: GPL-2.0-only */
/* All workers: each seat has somebody who calls in the next one. */
#ifndef FUZZ_CREW_H
#define FUZZ_CREW_H

#include "shared.h"

/*
 * Until all have made their calls, or the time is over.  The calling thread is
 * root, and the only one of its process.  0 or -errno.
 */
int crew_run(struct shared *shared);

#endif /* FUZZ_CREW_H */
