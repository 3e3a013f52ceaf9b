// SPDX-License-Identifier: GPL-2.0-only
/* Where a thread is, see whereabouts.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "whereabouts.h"

#define AWAIT_STEPS	60000	/* of 1 ms */

static int read_line(pid_t tid, const char *name, char *line, int room)
{
	char path[64];
	FILE *file;
	int err = 0;

	snprintf(path, sizeof(path), "/proc/%d/%s", tid, name);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	if (!fgets(line, room, file))
		err = -ESRCH;
	fclose(file);
	return err;
}

int thread_state(pid_t tid)
{
	char line[512], *end;
	int err = read_line(tid, "stat", line, sizeof(line));

	if (err)
		return err == -ENOENT ? -ESRCH : err;
	/* The name before it may have any character in it. */
	end = strrchr(line, ')');
	return end && end[1] ? end[2] : -EPROTO;
}

static int is_in_state(pid_t tid, long state)
{
	return thread_state(tid) == state;
}

static int is_gone(pid_t tid, long unused)
{
	(void)unused;
	return thread_state(tid) == -ESRCH;
}

/* Asleep, or else the number could be that of the call before. */
static int is_in_call(pid_t tid, long call)
{
	char line[256];
	long number;
	int state;

	if (read_line(tid, "syscall", line, sizeof(line)) ||
	    sscanf(line, "%ld", &number) != 1 || number != call)
		return 0;
	state = thread_state(tid);
	return state == 'S' || state == 'D';
}

static int await(pid_t tid, int (*is)(pid_t tid, long what), long what)
{
	const struct timespec step = { .tv_nsec = 1000000 };
	char line[256] = "?\n";

	for (int i = 0; i < AWAIT_STEPS; i++) {
		if (is(tid, what))
			return 0;
		nanosleep(&step, NULL);
	}
	read_line(tid, "syscall", line, sizeof(line));
	fprintf(stderr, "# thread %d: expected %ld, seen state %d, call %s", tid, what,
		thread_state(tid), line);
	return -ETIMEDOUT;
}

int thread_await_state(pid_t tid, char state)
{
	return await(tid, is_in_state, state);
}

int thread_await_call(pid_t tid, long call)
{
	return await(tid, is_in_call, call);
}

int thread_await_end(pid_t tid)
{
	return await(tid, is_gone, 0);
}
