// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratchfile.h"

int scratch_make(gid_t group)
{
	int fd, err;

	/* Others may have a file of this name where everybody can make one. */
	unlink(SCRATCH_FILE);
	fd = open(SCRATCH_FILE, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	err = fchown(fd, 0, group) || fchmod(fd, 0640);
	close(fd);
	return err ? -1 : 0;
}
