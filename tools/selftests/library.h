/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of libntimp have in common: its results as those of all tests. */
#ifndef SELFTEST_LIBRARY_H
#define SELFTEST_LIBRARY_H

#include <errno.h>
#include <ntimp.h>

/* A result of the library, -1 and errno, as a value >= 0 or -errno. */
static inline int result(int ret)
{
	return ret < 0 ? -errno : ret;
}

#endif /* SELFTEST_LIBRARY_H */
