// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Capture of a process named by a pidfd: find its number, capture the number,
 * then see that the process has not ended, so that the number was its own all
 * the time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ntimp.h"

/* The number as /proc shows it: EBADF if fd is not a pidfd, ESRCH if there is none. */
static pid_t shown_pid(int fd)
{
	char path[64], line[256];
	int pid = 0, found = 0;
	FILE *fdinfo;

	if (fcntl(fd, F_GETFD) < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	fdinfo = fopen(path, "re");
	if (!fdinfo)
		return -1;
	while (!found && fgets(line, sizeof(line), fdinfo))
		found = sscanf(line, "Pid:%d", &pid) == 1;
	fclose(fdinfo);
	if (found && pid > 0)
		return pid;
	errno = found ? ESRCH : EBADF;
	return -1;
}

/*
 * /proc may belong to another pid namespace than the caller, and the number be
 * somebody else's here.  Whoever has it here must also be shown with it.
 */
static int same_in_our_namespace(int pidfd, pid_t pid)
{
	int flags = fcntl(pidfd, F_GETFL);
	pid_t shown;
	int here;

	if (flags < 0)
		return -1;
	/* O_EXCL is PIDFD_THREAD: the number is that of a thread. */
	here = (int)syscall(SYS_pidfd_open, pid, flags & O_EXCL);
	if (here < 0)
		return -1;
	shown = shown_pid(here);
	close(here);
	if (shown == pid)
		return 0;
	errno = ESRCH;
	return -1;
}

static int still_alive(int pidfd)
{
	struct pollfd poller = { .fd = pidfd, .events = POLLIN };
	int ended;

	do
		ended = poll(&poller, 1, 0);
	while (ended < 0 && errno == EINTR);
	if (ended > 0)
		errno = ESRCH;
	return ended ? -1 : 0;
}

int ntimp_capture_pidfd(int pidfd, const struct ntimp_qos *qos)
{
	pid_t pid = shown_pid(pidfd);
	int ctx, saved;

	if (pid < 0 || same_in_our_namespace(pidfd, pid))
		return -1;
	ctx = ntimp_capture_thread(pid, qos);
	if (ctx >= 0 && still_alive(pidfd)) {
		saved = errno;
		close(ctx);
		errno = saved;
		return -1;
	}
	return ctx;
}
