/* SPDX-License-Identifier: GPL-2.0-only */
/* The capabilities with which a thread acts. */
#ifndef SELFTEST_WORNCAPS_H
#define SELFTEST_WORNCAPS_H

#include <stdint.h>

/*
 * The effective capabilities with which the calling thread acts, as an io_uring
 * that keeps a copy of its subjective credentials shows them: capget(2) tells
 * about the primary only.  0 or -errno.
 */
int worn_caps(uint64_t *effective);

#endif /* SELFTEST_WORNCAPS_H */
