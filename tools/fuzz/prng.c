// SPDX-License-Identifier: GPL-2.0-only
/* Random numbers, see prng.h. */
#include "prng.h"

uint64_t prng_next(struct prng *prng)
{
	uint64_t z = prng->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

void prng_seed(struct prng *prng, uint64_t seed, unsigned int stream)
{
	prng->state = seed;
	prng->state = prng_next(prng) + stream;
	prng_next(prng);
}

unsigned int prng_below(struct prng *prng, unsigned int n)
{
	return (prng_next(prng) >> 32) * n >> 32;
}

bool prng_once_in(struct prng *prng, unsigned int n)
{
	return !prng_below(prng, n);
}
