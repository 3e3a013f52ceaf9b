// SPDX-License-Identifier: GPL-2.0-only
/* Allocations that fail, see fault.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fault.h"
#include "setting.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"

/*
 * Those that may sleep fail too.  Which thread's fail is a matter of the
 * thread's own switches.  Nothing is said in the log.
 */
static const struct {
	const char *path;
	const char *value;
} settings[] = {
	{ FAILSLAB "ignore-gfp-wait", "N" },
	{ FAILSLAB "task-filter", "Y" },
	{ FAILSLAB "interval", "1" },
	{ FAILSLAB "times", "-1" },
	{ FAILSLAB "verbose", "0" },
	{ FAILSLAB "probability", "100" },
};

int fault_open(struct fault *fault)
{
	int err;

	/* Nothing is to be paged in while there is no memory for that. */
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		return -errno;
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		err = setting_write(settings[i].path, settings[i].value);
		if (err)
			return err;
	}
	fault->nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fault->nth < 0)
		return -errno;
	fault->all = open("/proc/thread-self/make-it-fail", O_RDWR | O_CLOEXEC);
	if (fault->all < 0) {
		err = -errno;
		close(fault->nth);
		return err;
	}
	return 0;
}

void fault_close(struct fault *fault)
{
	close(fault->all);
	close(fault->nth);
	setting_write(FAILSLAB "probability", "0");
	setting_write(FAILSLAB "ignore-gfp-wait", "Y");
}

static int switch_write(int fd, const char *value)
{
	return write(fd, value, strlen(value)) < 0 ? -errno : 0;
}

int fault_arm(const struct fault *fault, unsigned int nth)
{
	char value[16];

	snprintf(value, sizeof(value), "%u", nth);
	return switch_write(fault->nth, value);
}

int fault_disarm(const struct fault *fault)
{
	char left[16] = "";
	int err = pread(fault->nth, left, sizeof(left) - 1, 0) < 0 ? -errno : 0;

	return switch_write(fault->nth, "0") ?: err ?: !atoi(left);
}

int fault_fail_all(const struct fault *fault, bool all)
{
	return switch_write(fault->all, all ? "1" : "0");
}
