// SPDX-License-Identifier: GPL-2.0-only
/* Loading and unloading, see module.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "module.h"

#define MODULE_FILE	"/lib/modules/ntimp.ko"
#define AWAIT_STEPS	6000	/* of 10 ms */

int module_load(const char *params)
{
	int fd = open(MODULE_FILE, O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, params, 0))
		err = -errno;
	close(fd);
	return err;
}

int module_unload(void)
{
	return syscall(SYS_delete_module, "ntimp", O_NONBLOCK) ? -errno : 0;
}

int module_uses_of(const char *name)
{
	char path[64];
	FILE *file;
	int uses;

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", name);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	if (fscanf(file, "%d", &uses) != 1)
		uses = -EPROTO;
	fclose(file);
	return uses;
}

int module_uses(void)
{
	return module_uses_of("ntimp");
}

int module_await_uses_of(const char *name, int uses)
{
	const struct timespec step = { .tv_nsec = 10000000 };

	for (int i = 0; i < AWAIT_STEPS; i++) {
		if (module_uses_of(name) == uses)
			return 0;
		nanosleep(&step, NULL);
	}
	fprintf(stderr, "# uses of %s: expected %d, seen %d\n", name, uses, module_uses_of(name));
	return -ETIMEDOUT;
}

int module_await_uses(int uses)
{
	return module_await_uses_of("ntimp", uses);
}
