// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Acting for the client without wearing its identity: not in this version.
 */
#include <errno.h>

#include "ntimp.h"

int ntimp_openat(int ctx, int dirfd, const char *path, int flags, mode_t mode)
{
	(void)ctx;
	(void)dirfd;
	(void)path;
	(void)flags;
	(void)mode;
	errno = EOPNOTSUPP;
	return -1;
}

int ntimp_access(int ctx, int dirfd, const char *path, int mode, int flags)
{
	(void)ctx;
	(void)dirfd;
	(void)path;
	(void)mode;
	(void)flags;
	errno = EOPNOTSUPP;
	return -1;
}
