/* SPDX-License-Identifier: GPL-2.0-only */
/* Random numbers: the same for the same seed, each worker has its own. */
#ifndef FUZZ_PRNG_H
#define FUZZ_PRNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct prng - a generator (splitmix64)
 * @state: its state
 */
struct prng {
	uint64_t state;
};

void prng_seed(struct prng *prng, uint64_t seed, unsigned int stream);
uint64_t prng_next(struct prng *prng);
/* 0 to @n - 1 */
unsigned int prng_below(struct prng *prng, unsigned int n);
/* True once in @n times. */
bool prng_once_in(struct prng *prng, unsigned int n);

/* One element of an array. */
#define prng_pick(prng, array)	\
	((array)[prng_below(prng, sizeof(array) / sizeof(*(array)))])

#endif /* FUZZ_PRNG_H */
