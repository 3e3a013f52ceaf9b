/* SPDX-License-Identifier: GPL-2.0-only */
/* How many kernel objects there are of the kinds that a thread is made of. */
#ifndef SELFTEST_SLAB_H
#define SELFTEST_SLAB_H

#include <stdbool.h>

/* Credentials, keys and keyrings, tasks. */
#define SLAB_KINDS	3

/**
 * struct slab_census - number of objects of each kind
 * @objects: the numbers
 */
struct slab_census {
	long objects[SLAB_KINDS];
};

/* Count what is there when things have calmed down.  0 or -errno. */
int slab_count(struct slab_census *census);
/* Does this kernel count them (CONFIG_SLUB_DEBUG)? */
bool slab_is_counted(void);
/*
 * Wait until there is no more than before, apart from what the kernel itself
 * makes in between.  0, or -ETIMEDOUT after a long time: something leaks.
 */
int slab_await(const struct slab_census *before);

#endif /* SELFTEST_SLAB_H */
