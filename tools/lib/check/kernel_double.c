// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The device is /dev/null, a context is /dev/zero: character devices that any
 * machine has and that can be told apart.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <linux/ntimp.h>

#include "kernel_double.h"

#define DEVICE	"/dev/null"
#define CONTEXT	"/dev/zero"

int __wrap_open(const char *path, int flags, ...);
int __real_open(const char *path, int flags, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);

static __thread int impersonating;
static __thread int ioctls, strange_ioctls;
static __thread struct ntimp_call last_call;
static int open_error, impersonate_error;

int double_impersonating(void)
{
	return impersonating;
}

int double_ioctls(void)
{
	int count = ioctls;

	ioctls = 0;
	return count;
}

int double_strange_ioctls(void)
{
	int count = strange_ioctls;

	strange_ioctls = 0;
	return count;
}

const struct ntimp_call *double_call(void)
{
	return &last_call;
}

void double_refuse_open(int error)
{
	open_error = error;
}

void double_refuse_impersonate(int error)
{
	impersonate_error = error;
}

static int is(int fd, const char *path)
{
	struct stat have, want;

	return !fstat(fd, &have) && !stat(path, &want) && S_ISCHR(have.st_mode) &&
	       have.st_rdev == want.st_rdev;
}

static int fail(int error)
{
	errno = error;
	return -1;
}

int __wrap_open(const char *path, int flags, ...)
{
	if (strcmp(path, "/dev/ntimp"))
		return __real_open(path, flags, 0);
	if (open_error)
		return fail(open_error);
	return __real_open(DEVICE, flags);
}

static int device_ioctl(unsigned long request)
{
	switch (request) {
	case NTIMP_VERSION:
		return 0;
	case NTIMP_CAPTURE:
		return __real_open(CONTEXT, O_RDONLY | O_CLOEXEC);
	case NTIMP_REVERT:
		impersonating = 0;
		return 0;
	case NTIMP_REVERT_THREAD:
		return 0;
	case NTIMP_QUERY_THREAD:
		return impersonating ? 0 : fail(ENOENT);
	default:
		return fail(ENOTTY);
	}
}

static int context_ioctl(unsigned long request, unsigned long flags)
{
	if (request == NTIMP_CTX_CALL) {
		last_call = *(const struct ntimp_call *)flags;
		return 0;
	}
	if (request != NTIMP_CTX_IMPERSONATE)
		return fail(ENOTTY);
	if (flags & NTIMP_IMPERSONATE_EXCLUSIVE && impersonating)
		return fail(EBUSY);
	if (impersonate_error)
		return fail(impersonate_error);
	impersonating = 1;
	return flags & NTIMP_IMPERSONATE_DOWNGRADE ? NTIMP_LEVEL_IDENTIFICATION : 0;
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	unsigned long arg;
	va_list ap;

	va_start(ap, request);
	arg = va_arg(ap, unsigned long);
	va_end(ap);
	ioctls++;
	if (is(fd, DEVICE))
		return device_ioctl(request);
	if (is(fd, CONTEXT))
		return context_ioctl(request, arg);
	if (fcntl(fd, F_GETFD) < 0)
		return fail(EBADF);
	strange_ioctls++;
	return fail(ENOTTY);
}
