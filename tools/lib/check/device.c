// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The library's descriptor of the device: what it costs, and what happens when
 * it is closed behind the library's back.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel_double.h"
#include "ntimp.h"
#include "tap.h"

static int is_null(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

/* The number under which the library holds the device; -1: none, -2: several. */
static int find_device(void)
{
	int fd, found = -1;

	for (fd = 3; fd < 1024; fd++)
		if (is_null(fd))
			found = found == -1 ? fd : -2;
	return found;
}

/* Closed, and another file has its number. */
static void give_number_away(int fd)
{
	int other = memfd_create("other", MFD_CLOEXEC);

	if (other < 0 || dup2(other, fd) != fd)
		abort();
	close(other);
}

static void check_first_use(void)
{
	int fd;

	double_refuse_open(ENOENT);
	OK(ntimp_revert() == -1 && errno == ENODEV, "without the module: ENODEV");
	double_refuse_open(EACCES);
	OK(ntimp_capture_self(NULL) == -1 && errno == EACCES, "without permission: EACCES");
	OK(ntimp_impersonate(STDIN_FILENO) == -1 && errno == EACCES && double_ioctls() == 0,
	   "what could not be reverted is not begun");
	OK(ntimp_impersonate_thread(STDIN_FILENO, 1) == -1 && errno == EACCES &&
	   double_ioctls() == 0, "nor for another thread");
	OK(ntimp_revert_thread(1) == -1 && errno == EACCES, "nor is another one reverted");
	OK(find_device() == -1, "nothing is left open after a failure");
	double_refuse_open(0);
	OK(ntimp_revert() == 0, "reverting nothing succeeds");
	fd = find_device();
	OK(fd >= 512, "the device has a number that open() does not hand out soon");
	OK(fcntl(fd, F_GETFD) == FD_CLOEXEC, "it is closed by exec");
}

static void check_cost(int ctx)
{
	double_ioctls();
	OK(ntimp_impersonate(ctx) == 0 && double_ioctls() == 1, "impersonating is one ioctl");
	OK(ntimp_revert() == 0 && double_ioctls() == 1, "reverting is one ioctl");
}

static void check_closed(int ctx)
{
	OK(ntimp_impersonate(ctx) == 0, "impersonate");
	close(find_device());
	OK(ntimp_revert() == 0 && !double_impersonating(), "revert with the device closed");
	OK(find_device() >= 512, "opens it again");
}

static void check_given_away(int ctx)
{
	struct ntimp_info info = { 0 };
	int fd = find_device(), made;

	OK(ntimp_impersonate(ctx) == 0, "impersonate");
	give_number_away(fd);
	OK(ntimp_revert() == 0 && !double_impersonating(), "revert with the number given away");
	OK(!is_null(fd) && fcntl(fd, F_GETFD) >= 0, "the file that has the number stays open");

	fd = find_device();
	give_number_away(fd);
	double_strange_ioctls();
	made = ntimp_capture_self(NULL);
	OK(made >= 0 && double_strange_ioctls() == 0, "a capture asks no file but the device");
	close(made);

	give_number_away(find_device());
	OK(ntimp_query_thread(0, &info) == -1 && errno == ENOENT && double_strange_ioctls() == 0,
	   "nor does a query");

	give_number_away(find_device());
	OK(ntimp_revert_thread(1) == 0 && double_strange_ioctls() == 0,
	   "nor reverting another thread");

	OK(ntimp_impersonate_downgraded(ctx) == NTIMP_LEVEL_IDENTIFICATION && ntimp_revert() == 0,
	   "the level after a downgrade is handed on");

	OK(ntimp_impersonate(ctx) == 0, "impersonate");
	give_number_away(find_device());
	double_refuse_open(EACCES);
	OK(ntimp_revert() == -1 && errno == EACCES && double_impersonating(),
	   "a revert that cannot reach the device says so");
	double_refuse_open(0);
	OK(ntimp_revert() == 0 && !double_impersonating(), "and can be tried again");
	OK(find_device() >= 0, "one descriptor is held in the end");
}

static void check_fork(int ctx)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		_exit(ntimp_impersonate(ctx) || ntimp_revert() || find_device() < 0);
	OK(child > 0 && waitpid(child, &status, 0) == child && status == 0,
	   "a forked child uses the device of its parent");
}

int main(void)
{
	int ctx;

	/* What the caller of the test left open must not be mistaken for ours. */
	closefrom(3);
	check_first_use();
	ctx = ntimp_capture_self(NULL);
	OK(ctx >= 0, "capture");
	check_cost(ctx);
	check_closed(ctx);
	check_given_away(ctx);
	fflush(stdout);
	check_fork(ctx);
	return tap_end();
}
