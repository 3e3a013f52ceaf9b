// SPDX-License-Identifier: LGPL-2.1-only
/*
 * A client as a personality of an io_uring: whoever registers one gives the ring
 * the identity that it has in that moment.
 */
#define _GNU_SOURCE
#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ntimp.h"

int ntimp_uring_personality(int ring_fd, int ctx)
{
	NTIMP_SCOPE(ctx)
		return (int)syscall(SYS_io_uring_register, ring_fd, IORING_REGISTER_PERSONALITY,
				    NULL, 0);
	return -1;
}
