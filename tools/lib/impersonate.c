// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The calling thread becomes the client, and itself again: one system call
 * each, as long as nobody closed the device's descriptor.
 */
#include <sys/ioctl.h>

#include "device.h"
#include "ntimp.h"

int ntimp_impersonate(int ctx)
{
	/* As the client it may be too late to open the device for reverting. */
	if (device_cached() < 0)
		return -1;
	return ioctl(ctx, NTIMP_CTX_IMPERSONATE, 0);
}

int ntimp_impersonate_downgraded(int ctx)
{
	if (device_cached() < 0)
		return -1;
	return ioctl(ctx, NTIMP_CTX_IMPERSONATE, NTIMP_IMPERSONATE_DOWNGRADE);
}

int ntimp_revert(void)
{
	int dev = device_cached();

	if (dev < 0)
		return -1;
	if (__builtin_expect(ioctl(dev, NTIMP_REVERT, 0) == 0, 1))
		return 0;
	/* The device never refuses, so this was not the device. */
	dev = device_checked();
	return dev < 0 ? -1 : ioctl(dev, NTIMP_REVERT, 0);
}
