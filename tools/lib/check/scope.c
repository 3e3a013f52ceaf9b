// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Every way out of NTIMP_SCOPE() and ntimp_run_as() that C has.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel_double.h"
#include "ntimp.h"
#include "tap.h"

static int ctx;

static int leave_by_return(void)
{
	NTIMP_SCOPE(ctx)
		return double_impersonating();
	return -1;
}

static int leave_by_goto(void)
{
	int inside = 0;

	NTIMP_SCOPE(ctx) {
		inside = double_impersonating();
		goto out;
	}
	inside = -1;
out:
	return inside;
}

static void check_ways_out(void)
{
	int inside = 0, rounds = 0;

	NTIMP_SCOPE(ctx)
		inside = double_impersonating();
	else
		inside = -1;
	OK(inside == 1 && !double_impersonating(), "reaching the end of the block reverts");
	OK(leave_by_return() == 1 && !double_impersonating(), "return reverts");
	OK(leave_by_goto() == 1 && !double_impersonating(), "goto reverts");
	for (rounds = 0; rounds < 3; rounds++) {
		NTIMP_SCOPE(ctx) {
			if (rounds == 0)
				continue;
			break;
		}
		if (double_impersonating())
			break;
	}
	OK(rounds == 3, "break and continue leave the block, reverted, not the loop around it");
	NTIMP_SCOPE(ctx)
		errno = EDOM;
	OK(errno == EDOM, "the errno of the block is kept");
}

static int error_of_scope(void)
{
	NTIMP_SCOPE(ctx)
		return 0;
	return errno;
}

static void check_refusal(void)
{
	int entered = 0, error = 0;

	double_refuse_impersonate(EPERM);
	NTIMP_SCOPE(ctx)
		entered = 1;
	else
		error = errno;
	OK(!entered && error == EPERM, "a refused scope is not entered and says why");
	OK(!double_impersonating(), "a refused scope leaves the server itself");
	double_refuse_impersonate(0);
	NTIMP_SCOPE(-1)
		entered = 1;
	else
		error = errno;
	OK(!entered && error == EBADF, "a scope of a bad descriptor is not entered");
	NTIMP_SCOPE(ctx) {
		OK(error_of_scope() == EBUSY, "an inner scope is not entered");
		OK(double_impersonating(), "and the outer one is still the client after it");
	}
	OK(!double_impersonating(), "until it is left");
}

static int answer(void *arg)
{
	*(int *)arg = double_impersonating();
	errno = EDOM;
	return -42;
}

static int run_again(void *arg)
{
	return ntimp_run_as(ctx, answer, arg);
}

static void check_run_as(void)
{
	int inside = -1;

	OK(ntimp_run_as(ctx, answer, &inside) == -42 && inside == 1,
	   "run_as calls the function as the client and returns its result");
	OK(errno == EDOM && !double_impersonating(), "run_as keeps errno and reverts");
	inside = -1;
	double_refuse_impersonate(EPERM);
	OK(ntimp_run_as(ctx, answer, &inside) == -1 && errno == EPERM && inside == -1,
	   "run_as does not call the function when impersonating is refused");
	double_refuse_impersonate(0);
	OK(ntimp_run_as(ctx, run_again, &inside) == -1 && errno == EBUSY && inside == -1,
	   "run_as inside run_as is refused");
	OK(!double_impersonating(), "and the thread is the server after it");
}

/* Runs last in the thread, after whatever its end unwound. */
static void note_identity(void *seen)
{
	*(int *)seen = double_impersonating();
}

static int exit_thread(void *arg)
{
	pthread_exit(arg);
}

static int wait_to_be_cancelled(void *arg)
{
	(void)arg;
	/* The request is pending: the first cancellation point takes it. */
	pthread_cancel(pthread_self());
	pause();
	return 0;
}

/* Cancelled, and the revert has to open the device: a cancellation point by nature. */
static int lose_device_and_be_cancelled(void *arg)
{
	closefrom(3);
	return wait_to_be_cancelled(arg);
}

struct ending {
	int (*fn)(void *arg);
	int in_scope;
	int seen;
};

static void *end_inside(void *arg)
{
	struct ending *ending = arg;

	pthread_cleanup_push(note_identity, &ending->seen);
	if (ending->in_scope) {
		NTIMP_SCOPE(ctx)
			ending->fn(NULL);
	} else if (ntimp_run_as(ctx, ending->fn, NULL)) {
		ending->seen = -1;
	}
	pthread_cleanup_pop(0);
	return NULL;
}

static void check_thread_end(int (*fn)(void *), int in_scope, const char *what)
{
	struct ending ending = { .fn = fn, .in_scope = in_scope, .seen = -1 };
	pthread_t thread;

	if (pthread_create(&thread, NULL, end_inside, &ending) || pthread_join(thread, NULL))
		abort();
	OK(ending.seen == 0, what);
}

/* A revert that fails: the process must end, not go on as the client. */
static void check_abort(void)
{
	int status = 0;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		NTIMP_SCOPE(ctx) {
			closefrom(3);
			double_refuse_open(EACCES);
		}
		_exit(0);
	}
	OK(child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
	   WTERMSIG(status) == SIGABRT, "a scope that cannot revert aborts the process");
}

int main(void)
{
	ctx = ntimp_capture_self(NULL);
	OK(ctx >= 0, "capture");
	check_ways_out();
	check_refusal();
	check_run_as();
	check_thread_end(exit_thread, 0, "pthread_exit() in run_as reverts");
	check_thread_end(exit_thread, 1, "pthread_exit() in a scope reverts");
	check_thread_end(wait_to_be_cancelled, 0, "pthread_cancel() in run_as reverts");
	check_thread_end(wait_to_be_cancelled, 1, "pthread_cancel() in a scope reverts");
	check_thread_end(lose_device_and_be_cancelled, 1,
			 "and so does it when the device has to be opened again");
	ctx = ntimp_capture_self(NULL);
	check_abort();
	return tap_end();
}
