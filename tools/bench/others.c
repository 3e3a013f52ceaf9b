// SPDX-License-Identifier: GPL-2.0-only
/* What everybody else does, who is not to pay for a module that he doesn't use. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "families.h"
#include "figure.h"
#include "raw.h"
#include "scratchfile.h"

/* Here and not in PATH: a guest's is the same file in each of its states. */
#define PROGRAM	"/bin/true"

static int do_getppid(int run, void *arg)
{
	(void)run;
	(void)arg;
	return raw_call(SYS_getppid, 0, 0, 0, 0) < 0;
}

static int do_open(int run, void *arg)
{
	int fd = raw_call(SYS_openat, AT_FDCWD, (unsigned long)SCRATCH_FILE,
			  O_RDONLY | O_CLOEXEC, 0);

	(void)run;
	(void)arg;
	return fd < 0 || raw_close(fd);
}

static int await(pid_t pid)
{
	int status;

	return pid < 0 || waitpid(pid, &status, 0) != pid || status;
}

static int do_fork_exit(int run, void *arg)
{
	pid_t pid = fork();

	(void)run;
	(void)arg;
	if (!pid)
		_exit(0);
	return await(pid);
}

static int do_fork_exec(int run, void *arg)
{
	pid_t pid = fork();

	(void)run;
	(void)arg;
	if (!pid) {
		execl(PROGRAM, "true", NULL);
		_exit(1);
	}
	return await(pid);
}

static int do_vfork_exec(int run, void *arg)
{
	pid_t pid = vfork();

	(void)run;
	(void)arg;
	if (!pid) {
		execl(PROGRAM, "true", NULL);
		_exit(1);
	}
	return await(pid);
}

static int do_setuid(int run, void *arg)
{
	(void)run;
	(void)arg;
	return raw_call(SYS_setresuid, -1, CLIENT, -1, 0) ||
	       raw_call(SYS_setresuid, -1, 0, -1, 0);
}

int bench_others(void)
{
	if (scratch_make(CLIENT))
		return figure_failed(SCRATCH_FILE, FIGURE_PLAIN, errno);
	return figure_of("getppid", FIGURE_PLAIN, do_getppid, NULL) |
	       figure_of("open_close", FIGURE_PLAIN, do_open, NULL) |
	       figure_of("fork_exit", FIGURE_PLAIN, do_fork_exit, NULL) |
	       figure_of("fork_exec", FIGURE_PLAIN, do_fork_exec, NULL) |
	       figure_of("vfork_exec", FIGURE_PLAIN, do_vfork_exec, NULL) |
	       figure_whole_of("setuid", FIGURE_PLAIN, do_setuid, NULL);
}
