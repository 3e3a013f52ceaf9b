// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Impersonation that ends with a function or block, whichever way that is left.
 *
 * Compiled with -fexceptions, so that the unwinding of a C++ exception, of
 * pthread_exit() and of pthread_cancel() runs ntimp_scope_end().
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "device.h"
#include "ntimp.h"

int ntimp_scope_begin(int ctx)
{
	/* Certain to be the device, or the end could be lost on another file. */
	if (device_checked() < 0)
		return 0;
	return !ioctl(ctx, NTIMP_CTX_IMPERSONATE, NTIMP_IMPERSONATE_EXCLUSIVE);
}

void ntimp_scope_end(struct ntimp_scope *scope)
{
	int saved = errno;

	if (!scope->entered)
		return;
	if (ntimp_revert()) {
		fprintf(stderr, "libntimp: cannot revert to the server's own identity: %m\n"
			"  -> the process ends, since it must not go on as its client;\n"
			"     do not close descriptors which the program did not open\n");
		abort();
	}
	errno = saved;
}

int ntimp_run_as(int ctx, int (*fn)(void *arg), void *arg)
{
	NTIMP_SCOPE(ctx)
		return fn(arg);
	return -1;
}
