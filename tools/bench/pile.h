/* SPDX-License-Identifier: GPL-2.0-only */
/* Very many contexts at a time. */
#ifndef BENCH_PILE_H
#define BENCH_PILE_H

#include <linux/ntimp.h>

/**
 * struct pile - contexts
 * @dev: /dev/ntimp
 * @fds: their descriptors
 * @count: how many
 */
struct pile {
	int dev;
	int *fds;
	int count;
};

/* Room for contexts, as descriptors as well.  0 or -errno. */
int pile_begin(struct pile *pile, int room);
/* Make so many more of them; ids are counted up where @args has some.  0 or -errno. */
int pile_add(struct pile *pile, struct ntimp_capture args, int count);
/* Impersonate each of them once.  0 or -errno. */
int pile_use(const struct pile *pile);
/* Close all. */
void pile_end(struct pile *pile);

#endif /* BENCH_PILE_H */
