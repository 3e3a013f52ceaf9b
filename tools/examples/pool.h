/* SPDX-License-Identifier: MIT */
#ifndef NTIMP_EXAMPLES_POOL_H
#define NTIMP_EXAMPLES_POOL_H

#include <stddef.h>

struct pool;

/* Threads that call work(item) for each item put in.  NULL and errno on failure. */
struct pool *pool_start(size_t threads, size_t room, void (*work)(void *item));

/* Waits while the queue is full. */
void pool_put(struct pool *pool, void *item);

/* Returns when all that was put in is done and the threads have ended. */
void pool_stop(struct pool *pool);

#endif /* NTIMP_EXAMPLES_POOL_H */
