// SPDX-License-Identifier: GPL-2.0-only
/* The capabilities with which a thread acts, see worncaps.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worncaps.h"

static int read_caps(int ring, uint64_t *effective)
{
	char path[64], *line = NULL;
	int err = -EPROTO;
	size_t room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/thread-self/fdinfo/%d", ring);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (err && getline(&line, &room, file) > 0)
		if (sscanf(line, " CapEff: %" SCNx64, effective) == 1)
			err = 0;
	free(line);
	fclose(file);
	return err;
}

int worn_caps(uint64_t *effective)
{
	struct io_uring_params params = {};
	int ring = syscall(SYS_io_uring_setup, 1, &params);
	int err;

	if (ring < 0)
		return -errno;
	if (syscall(SYS_io_uring_register, ring, IORING_REGISTER_PERSONALITY, NULL, 0) < 0)
		err = -errno;
	else
		err = read_caps(ring, effective);
	close(ring);
	return err;
}
