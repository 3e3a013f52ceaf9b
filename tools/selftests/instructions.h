/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counting instructions, in a guest of which each one takes one tick of the time
 * stamp counter: see --icount of tools/vm/run.
 */
#ifndef SELFTEST_INSTRUCTIONS_H
#define SELFTEST_INSTRUCTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* The clock of such a guest runs far ahead whenever it waits for its host. */
#define INSTRUCTIONS_SECONDS	1000000

/**
 * struct cost - what one run of an operation costs, in hundredths of an
 *	instruction (or what else the clock counts), so that small differences are
 *	seen
 * @least: in the best of many batches; 0: it failed
 * @mean: on average
 */
struct cost {
	uint64_t least;
	uint64_t mean;
};

/* Is this a guest that counts instructions? */
bool instructions_are_counted(void);

/* The time stamp counter. */
uint64_t instructions_now(void);

/*
 * Run an operation @batch times, @repetitions times over, by a clock; the best batch
 * should be shorter than the time between two timer ticks.  @operation gets the
 * number of its run and returns 0, or anything else for a failure.
 */
struct cost cost_by(uint64_t (*clock)(void), int batch, int repetitions,
		    int (*operation)(int run, void *arg), void *arg);
/* The same in instructions, and many times over.  The result is also printed. */
struct cost instructions_of(const char *name, int batch, int (*operation)(int run, void *arg),
			    void *arg);

#endif /* SELFTEST_INSTRUCTIONS_H */
