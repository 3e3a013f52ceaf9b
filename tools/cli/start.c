// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of ntimp and the beginning of the command that it was asked to start.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "failure.h"
#include "start.h"

/* As shells have it. */
#define STATUS_CANNOT_RUN	126
#define STATUS_NOT_FOUND	127

/* Returns only if the command could not be started: the exit status. */
int start_command(char **argv)
{
	static const struct explanation failures[] = {
		{ ENOENT, STATUS_NOT_FOUND, "there is no such command",
		  "look at its spelling, $PATH, and the interpreter its first line names" },
		{ EACCES, STATUS_CANNOT_RUN, "it may not be executed",
		  "look at the modes of the file and of the directories above it" },
		{ EAGAIN, STATUS_CANNOT_RUN, "the user has too many processes",
		  "raise the user's limit: ulimit -u" },
		{ 0 }
	};
	int status;

	fflush(stdout);
	execvp(argv[0], argv);
	status = failure_explained(failures, "cannot start %s", argv[0]);
	return status == STATUS_NOT_FOUND ? status : STATUS_CANNOT_RUN;
}
