/* SPDX-License-Identifier: GPL-2.0-only */
/* Settings of the kernel, each a file: sysctls, switches of tracing. */
#ifndef SELFTEST_SETTING_H
#define SELFTEST_SETTING_H

#include <stddef.h>

/* 0 or -errno; a setting may refuse a value. */
int setting_write(const char *path, const char *value);
/* The first line, without its end.  0 or -errno. */
int setting_read(const char *path, char *value, size_t room);

#endif /* SELFTEST_SETTING_H */
