/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Figures: what was measured, one JSON object a line on stdout.
 *
 * A figure's name says what was done, and after a slash how many there were of what
 * matters for it: groups, threads, contexts.
 */
#ifndef BENCH_FIGURE_H
#define BENCH_FIGURE_H

#include <stdbool.h>
#include <stdint.h>

#include "instructions.h"

/* No number after the name. */
#define FIGURE_PLAIN	(-1L)

/* How much is spent on each figure, in ticks of the clock. */
#define FIGURE_BUDGET		8000000
#define FIGURE_BUDGET_QUICK	1000000

/* Choose instructions or, in other guests and on real machines, nanoseconds. */
void figure_begin(uint64_t budget);
bool figure_counts_instructions(void);
/* The clock that was chosen. */
uint64_t figure_now(void);

/* What the operation costs each time: 0, or -1 if it failed, which is said. */
int figure_of(const char *name, long number, int (*operation)(int run, void *arg), void *arg);
/*
 * The same, and over a time so long that what the kernel puts off, such as freeing
 * credentials after a grace period, is in it.
 */
int figure_whole_of(const char *name, long number, int (*operation)(int run, void *arg),
		    void *arg);
/* The same of times taken elsewhere. */
int figure_of_times(const char *name, long number, const uint64_t *times, int count);
/* Anything else; 0. */
int figure_put(const char *name, long number, const char *unit, double value);
/* 0 */
int figure_text(const char *name, const char *text);
/* -1, and says so. */
int figure_failed(const char *name, long number, int err);

/* So that whoever waits sees how far it is. */
void figure_progress(const char *what);

#endif /* BENCH_FIGURE_H */
