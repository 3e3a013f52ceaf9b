/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's own test harness, as the test programs here use it.
 *
 * Only TEST_F() is used: its state is shared with the processes that a test
 * forks, so that EXPECT and ASSERT work in a child too.  ASSERT must not be
 * used in a second thread, whose stack it would leave by longjmp().
 *
 * Functions of ours return a value >= 0, or -errno, so that a test can say
 * EXPECT_EQ(-EPERM, context_impersonate(ctx)).
 */
#ifndef SELFTEST_HARNESS_H
#define SELFTEST_HARNESS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <kselftest_harness.h>

/* Only against a hang: an emulated guest on a busy host is slow. */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 600

#endif /* SELFTEST_HARNESS_H */
