// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a context is: FD or PID/FD, as a command is told.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <unistd.h>

#include "context_fd.h"
#include "failure.h"
#include "number.h"
#include "place.h"

/* Returns -1 if it is no such name, or the second one. */
int place_parse(char *name, struct place *place)
{
	char *slash = strchr(name, '/');
	uint32_t pid = 0, fd;

	if (place->given)
		return -1;
	place->given = true;
	if (slash) {
		*slash = '\0';
		if (number_parse(name, INT32_MAX, &pid) || !pid)
			return -1;
		name = slash + 1;
	}
	if (number_parse(name, INT32_MAX, &fd))
		return -1;
	place->pid = (pid_t)pid;
	place->fd = (int)fd;
	return 0;
}

/* Without a name: the descriptor that was inherited. */
void place_default(struct place *place, struct argp_state *state)
{
	char *variable = getenv(CONTEXT_FD_VARIABLE);

	if (place->given)
		return;
	place->fd = CONTEXT_FD;
	if (variable && place_parse(variable, place))
		argp_error(state, "$" CONTEXT_FD_VARIABLE " is not a descriptor's number");
}

static const struct explanation failures[] = {
	{ EPERM, EX_NOPERM, "its descriptors may not be had",
	  "it takes the right to trace it: run it as root" },
	{ EINVAL, EX_NOINPUT, "it is a thread of a process", "name the process" },
	{ ENOSYS, EX_UNAVAILABLE, "this kernel does not hand descriptors over",
	  "let the process itself do it" },
	{ 0 }
};

static int get_from(const struct place *place)
{
	int pidfd = (int)syscall(SYS_pidfd_open, place->pid, 0), fd, error;

	if (pidfd < 0)
		return -1;
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, place->fd, 0);
	error = errno;
	close(pidfd);
	errno = error;
	return fd;
}

/* A descriptor of it in this process; returns an exit status, and has told why. */
int place_get(const struct place *place, int *fd)
{
	if (!place->pid) {
		*fd = place->fd;
		return EX_OK;
	}
	*fd = get_from(place);
	if (*fd >= 0)
		return EX_OK;
	return failure_explained(failures, "descriptor %d of process %d", place->fd, place->pid);
}
