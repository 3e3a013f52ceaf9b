/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel says to its log from some moment on. */
#ifndef SELFTEST_KLOG_H
#define SELFTEST_KLOG_H

#include <stdbool.h>

/* From now on: a descriptor, or -errno. */
int klog_open(void);
/* Has anything been said since, or since the last time, that has @text in it? */
bool klog_says(int klog, const char *text);

#endif /* SELFTEST_KLOG_H */
