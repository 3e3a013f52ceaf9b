// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Other threads of the process: not in this version.
 */
#include <errno.h>

#include "ntimp.h"

int ntimp_impersonate_thread(int ctx, pid_t tid)
{
	(void)ctx;
	(void)tid;
	errno = EOPNOTSUPP;
	return -1;
}

int ntimp_revert_thread(pid_t tid)
{
	(void)tid;
	errno = EOPNOTSUPP;
	return -1;
}
