// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The descriptor of /dev/ntimp: the only state of the library.
 *
 * It is opened by whoever needs it first, kept until the process ends, and
 * shared by all threads without a lock, so that it also works in a child forked
 * at any moment and in a signal handler.  The device keeps nothing per open
 * file, hence a forked child may share the parent's.
 *
 * A program may close descriptors that it does not know.  The number can then
 * be another file's, so it is kept together with the device number of what was
 * opened, and checked before anything but a plain impersonate or revert.  These
 * have no system call to spare: a revert asks first and checks when the answer
 * is an error, as it is from any file that does not know the request.  That a
 * file gets the number which does is made unlikely by taking a high number:
 * open() hands out the lowest one that is free.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/ntimp.h>

#include "device.h"

#define DEVICE_PATH	"/dev/ntimp"

/* Device number in the upper half, descriptor in the lower one; -1: none. */
#define NO_DEVICE	ULLONG_MAX
static atomic_ullong cache = NO_DEVICE;

static int entry_fd(unsigned long long entry)
{
	return (int)(uint32_t)entry;
}

static uint32_t entry_rdev(unsigned long long entry)
{
	return (uint32_t)(entry >> 32);
}

/* The system call: close() is a cancellation point. */
static void close_quietly(int fd)
{
	int saved = errno;

	syscall(SYS_close, fd);
	errno = saved;
}

/* Away from the numbers that are handed out first, above all 0, 1 and 2. */
static int move_up(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 512);

	if (high < 0)
		high = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close_quietly(fd);
	return high;
}

static unsigned long long open_device(void)
{
	struct ntimp_version version = { .size = sizeof(version) };
	int fd, cancellable;
	struct stat st;

	/* A thread must not be cancelled in the middle of reverting. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellable);
	fd = open(DEVICE_PATH, O_RDWR | O_CLOEXEC);
	pthread_setcancelstate(cancellable, NULL);
	if (fd < 0) {
		/* ENOENT means something else in some of our functions. */
		if (errno == ENOENT || errno == ENXIO)
			errno = ENODEV;
		return NO_DEVICE;
	}
	if (fstat(fd, &st) || !S_ISCHR(st.st_mode) || ioctl(fd, NTIMP_VERSION, &version)) {
		close_quietly(fd);
		errno = ENODEV;
		return NO_DEVICE;
	}
	fd = move_up(fd);
	if (fd < 0)
		return NO_DEVICE;
	return (unsigned long long)st.st_rdev << 32 | (uint32_t)fd;
}

/* Of several threads that find no device, one gets its own into the cache. */
static int replace(unsigned long long old)
{
	unsigned long long opened = open_device();

	if (opened == NO_DEVICE)
		return -1;
	if (!atomic_compare_exchange_strong(&cache, &old, opened)) {
		close_quietly(entry_fd(opened));
		return entry_fd(old);
	}
	return entry_fd(opened);
}

int device_cached(void)
{
	unsigned long long entry = atomic_load_explicit(&cache, memory_order_acquire);

	if (__builtin_expect(entry != NO_DEVICE, 1))
		return entry_fd(entry);
	return replace(entry);
}

int device_checked(void)
{
	unsigned long long entry = atomic_load_explicit(&cache, memory_order_acquire);
	struct stat st;

	if (entry == NO_DEVICE)
		return replace(entry);
	if (!fstat(entry_fd(entry), &st) && S_ISCHR(st.st_mode) &&
	    (uint32_t)st.st_rdev == entry_rdev(entry))
		return entry_fd(entry);
	return replace(entry);
}
