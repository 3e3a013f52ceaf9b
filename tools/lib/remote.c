// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Other threads become the client, and themselves again.
 */
#include <sys/ioctl.h>

#include "device.h"
#include "ntimp.h"

int ntimp_impersonate_thread(int ctx, pid_t tid)
{
	struct ntimp_thread thread = { .size = sizeof(thread), .tid = tid };

	/* As for ntimp_impersonate(): whoever it is will have to revert. */
	if (device_cached() < 0)
		return -1;
	return ioctl(ctx, NTIMP_CTX_IMPERSONATE_THREAD, &thread);
}

int ntimp_revert_thread(pid_t tid)
{
	struct ntimp_thread thread = { .size = sizeof(thread), .tid = tid };
	int dev = device_checked();

	return dev < 0 ? -1 : ioctl(dev, NTIMP_REVERT_THREAD, &thread);
}
