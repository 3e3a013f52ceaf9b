// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run a command while two of this process's three threads impersonate the
 * context on $NTIMP_CONTEXT_FD.  The command is the process's child, and its
 * exit status that of the process.
 *
 * Usage: cli-test-wear COMMAND [ARG...]
 */
#include <err.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ntimp.h>

static pthread_barrier_t worn, done;
static int ctx;

static void *wear(void *name)
{
	if (prctl(PR_SET_NAME, name, 0, 0, 0) || ntimp_impersonate(ctx))
		err(1, "impersonate");
	pthread_barrier_wait(&worn);
	pthread_barrier_wait(&done);
	if (ntimp_revert())
		abort();
	return NULL;
}

int main(int argc, char **argv)
{
	const char *number = getenv("NTIMP_CONTEXT_FD");
	/* The second would end a JSON string and a terminal's patience. */
	static const char *const names[] = { "wearer", "a\"\\\033[\377\n" };
	pthread_t threads[2];
	int status;
	pid_t child;

	if (argc < 2 || !number)
		errx(1, "usage: ntimp capture CLIENT -- cli-test-wear COMMAND [ARG...]");
	ctx = atoi(number);
	if (pthread_barrier_init(&worn, NULL, 3) || pthread_barrier_init(&done, NULL, 3) ||
	    pthread_create(&threads[0], NULL, wear, (void *)names[0]) ||
	    pthread_create(&threads[1], NULL, wear, (void *)names[1]))
		errx(1, "threads");
	pthread_barrier_wait(&worn);

	child = fork();
	if (child < 0)
		err(1, "fork");
	if (!child) {
		execvp(argv[1], argv + 1);
		err(127, "%s", argv[1]);
	}
	if (waitpid(child, &status, 0) < 0)
		err(1, "wait");
	pthread_barrier_wait(&done);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
