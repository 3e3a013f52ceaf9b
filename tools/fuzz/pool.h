/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptors and threads to name in calls.  A descriptor of the pool may be
 * closed by anybody, and its number used again, at any time.
 */
#ifndef FUZZ_POOL_H
#define FUZZ_POOL_H

#include <stdbool.h>

#include "worker.h"

/* A context, commonly; -1 if there is none. */
int pool_context(struct worker *worker);
/* One of the worker's own, or -1. */
int pool_own_context(struct worker *worker);
/* Anything, also what isn't open. */
int pool_any(struct worker *worker);
/* Most probably a context or the device: nothing else that could take harm. */
bool pool_is_ours(struct worker *worker, int fd);

/* Put a new context in; what was in its place is closed. */
void pool_put(struct worker *worker, int fd);
/* The same among the worker's own. */
void pool_put_own(struct worker *worker, int fd);
/* Close one.  0 or -errno. */
int pool_close_one(struct worker *worker);

/* A thread: of ours, most of the time. */
pid_t pool_thread(struct worker *worker);

#endif /* FUZZ_POOL_H */
