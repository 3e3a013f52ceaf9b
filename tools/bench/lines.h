/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a program in the guest tells plugin/lines.c, outside of it, which writes to count:
 * by writing to addresses that nobody else writes to.
 */
#ifndef BENCH_LINES_H
#define BENCH_LINES_H

#define LINES_PAGE		0x6e7469600000UL
#define LINES_STEP		64UL
#define LINES_PHASES		8

/* The processor counts in a phase from here on, and no more. */
#define LINES_BEGIN(phase)	(LINES_PAGE + LINES_STEP * (phase))
#define LINES_END		(LINES_PAGE + LINES_STEP * LINES_PHASES)
/* All is done: write the report. */
#define LINES_REPORT		(LINES_END + LINES_STEP)

#endif /* BENCH_LINES_H */
