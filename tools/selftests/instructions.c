// SPDX-License-Identifier: GPL-2.0-only
/* Counting instructions, see instructions.h. */
#include <inttypes.h>
#include <stdio.h>

#include "instructions.h"

#define REPETITIONS	50
#define ROUNDS		100000

uint64_t instructions_now(void)
{
	return __builtin_ia32_rdtsc();
}

/* Two instructions in each round. */
static uint64_t ticks_of_loop(void)
{
	unsigned long rounds = ROUNDS;
	uint64_t started = instructions_now();

	asm volatile("1: dec %0; jnz 1b" : "+r" (rounds));
	return instructions_now() - started;
}

bool instructions_are_counted(void)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < REPETITIONS; i++) {
		uint64_t seen = ticks_of_loop();

		least = seen < least ? seen : least;
	}
	return least >= 2 * ROUNDS && least <= 2 * ROUNDS + 100;
}

struct cost cost_by(uint64_t (*clock)(void), int batch, int repetitions,
		    int (*operation)(int run, void *arg), void *arg)
{
	struct cost cost = { .least = UINT64_MAX };
	uint64_t sum = 0;
	int failed = 0;

	for (int i = 0; i < repetitions; i++) {
		uint64_t started = clock(), spent;

		for (int run = 0; run < batch; run++)
			failed |= operation(run, arg);
		spent = (clock() - started) * 100 / batch;
		cost.least = spent < cost.least ? spent : cost.least;
		sum += spent;
	}
	cost.mean = sum / repetitions;
	if (failed)
		cost.least = 0;
	return cost;
}

struct cost instructions_of(const char *name, int batch, int (*operation)(int run, void *arg),
			    void *arg)
{
	struct cost cost = cost_by(instructions_now, batch, REPETITIONS, operation, arg);

	printf("# cost: %-44s %5ju.%02ju, mean %5ju\n", name, (uintmax_t)cost.least / 100,
	       (uintmax_t)cost.least % 100, (uintmax_t)cost.mean / 100);
	return cost;
}
