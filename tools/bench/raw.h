/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls without the C library, whose own instructions would make every ratio
 * look better than it is.
 */
#ifndef BENCH_RAW_H
#define BENCH_RAW_H

#include <linux/ntimp.h>
#include <sys/syscall.h>

/* A call that the module doesn't know, and so does nothing: ENOTTY. */
#define NO_SUCH_CALL	_IO(NTIMP_IOC_MAGIC, 0x3f)

/* A value >= 0, or -errno. */
static inline long raw_call(long number, unsigned long a, unsigned long b, unsigned long c,
			    unsigned long d)
{
	register unsigned long fourth asm("r10") = d;
	long ret;

	asm volatile("syscall"
		     : "=a" (ret)
		     : "a" (number), "D" (a), "S" (b), "d" (c), "r" (fourth)
		     : "rcx", "r11", "memory");
	return ret;
}

static inline long raw_ioctl(int fd, unsigned long request, unsigned long arg)
{
	return raw_call(SYS_ioctl, fd, request, arg, 0);
}

static inline long raw_close(int fd)
{
	return raw_call(SYS_close, fd, 0, 0, 0);
}

#endif /* BENCH_RAW_H */
