/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * On which CPU a case runs.  What is made for each CPU is counted by cases, so they
 * all stay on the first one unless they say otherwise.
 */
#ifndef _KUNIT_CPUS_H
#define _KUNIT_CPUS_H

struct kunit;

/* The first or the second of the CPUs that are online; the case is skipped without it. */
int cpus_nth(struct kunit *test, int nth);

/* Let the current thread go on there; actors that it starts from now on begin there. */
void cpus_go(struct kunit *test, int nth);

/* Let the current thread go on anywhere. */
void cpus_any(void);

/* Init of all suites. */
int cpus_stay(struct kunit *test);

#endif /* _KUNIT_CPUS_H */
