/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is measured: one function and one file a family.  Each prints its figures and
 * returns 0, or another value if one of them could not be had.
 */
#ifndef BENCH_FAMILIES_H
#define BENCH_FAMILIES_H

/* Need nothing but the kernel. */
int bench_setids(void);		/* how servers change ids today */
int bench_glibc(void);		/* how the C library does, for all threads */
int bench_uring(void);		/* io_uring's personalities */
int bench_others(void);		/* who has nothing to do with it */

/* Need the module. */
int bench_wear(void);		/* impersonate, revert, replace */
int bench_capture(void);	/* contexts from each source */
int bench_files(void);		/* opening a file as the client, each way */
int bench_first(void);		/* the first use of a context */
int bench_crowd(void);		/* many threads */
int bench_memory(void);		/* bytes a context */
int bench_contexts(void);	/* 10,000 contexts */
int bench_million(void);	/* 1,000,000 contexts */
int bench_processors(void);	/* on 1 to 4 processors */
int bench_lines(void);		/* for plugin/lines.c: cache lines written */

#endif /* BENCH_FAMILIES_H */
