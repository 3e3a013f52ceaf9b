/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Large numbers, made smaller where the kernel looks for faults (KASAN, lockdep,
 * kmemleak): it is many times slower there, and reports the first fault, not the
 * hundred thousandth.
 */
#ifndef SELFTEST_SCALE_H
#define SELFTEST_SCALE_H

#include <stdbool.h>

/* What things cost there means nothing. */
bool kernel_looks_for_faults(void);

/* How often to do what is to be done @count times: at least once. */
int scaled(int count);

#endif /* SELFTEST_SCALE_H */
