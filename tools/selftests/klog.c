// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's log, see klog.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "klog.h"

int klog_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		return -errno;
	return fd;
}

bool klog_says(int klog, const char *text)
{
	char record[8192];
	bool found = false;
	ssize_t length;

	/* EPIPE: records were overwritten before they could be read. */
	while ((length = read(klog, record, sizeof(record) - 1)) > 0 || errno == EPIPE) {
		if (length < 0)
			continue;
		record[length] = '\0';
		if (strstr(record, text))
			found = true;
	}
	return found;
}
