// SPDX-License-Identifier: GPL-2.0-only
/* Settings of the kernel, see setting.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "setting.h"

int setting_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, value, strlen(value)) < 0)
		err = -errno;
	close(fd);
	return err;
}

int setting_read(const char *path, char *value, size_t room)
{
	FILE *file = fopen(path, "re");
	int err = 0;

	if (!file)
		return -errno;
	if (fgets(value, room, file))
		value[strcspn(value, "\n")] = '\0';
	else
		err = -EIO;
	fclose(file);
	return err;
}
