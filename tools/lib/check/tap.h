/* SPDX-License-Identifier: LGPL-2.1-only */
#ifndef NTIMP_LIB_CHECK_TAP_H
#define NTIMP_LIB_CHECK_TAP_H

#include <errno.h>
#include <stdio.h>

static int tap_count, tap_failures;

/* One line of the result; the errno of a failure as it was when it was judged. */
static inline void tap_judge(int held, const char *what, const char *where)
{
	int error = errno;

	tap_failures += !held;
	printf("%sok %d - %s\n", held ? "" : "not ", ++tap_count, what);
	if (!held)
		printf("# %s (errno %d)\n", where, error);
	errno = error;
}

#define OK(condition, what) tap_judge(condition, what, __FILE__ ": " #condition)

static inline int tap_end(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures != 0;
}

#endif /* NTIMP_LIB_CHECK_TAP_H */
