// SPDX-License-Identifier: GPL-2.0-only
/* Another thread's identity is changed while it waits for time, signals and others. */
#include "waits.h"
#include <linux/futex.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <time.h>

static int call_futex(struct scene *scene)
{
	return value(syscall(SYS_futex, &scene->word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0));
}

static int wake_futex(struct scene *scene)
{
	return value(syscall(SYS_futex, &scene->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
}

WAITING(futex, .call = call_futex, .number = SYS_futex, .wake = wake_futex);

static int call_futex_for_long(struct scene *scene)
{
	const struct timespec long_time = { .tv_sec = 10000 };

	return value(syscall(SYS_futex, &scene->word, FUTEX_WAIT_PRIVATE, 0, &long_time, NULL, 0));
}

WAITING(futex_for_some_time, .call = call_futex_for_long, .number = SYS_futex,
	.again = SYS_restart_syscall, .wake = wake_futex);

/* What is left when a signal ends it is part of what was asked for: 0 < it <= 10000. */
static int call_nanosleep(struct scene *scene)
{
	const struct timespec long_time = { .tv_sec = 10000 };
	struct timespec left = {};
	int ret = value(syscall(SYS_nanosleep, &long_time, &left));

	(void)scene;
	if (ret == -EINTR && (left.tv_sec <= 0 || left.tv_sec >= 10000))
		return -EPROTO;
	return ret;
}

/* As a rest of it, not from the beginning. */
WAITING(nanosleep, .call = call_nanosleep, .number = SYS_nanosleep, .again = SYS_restart_syscall,
	.result = -EINTR);

static int call_sleep_until(struct scene *scene)
{
	struct timespec then;

	(void)scene;
	clock_gettime(CLOCK_MONOTONIC, &then);
	then.tv_sec += 10000;
	return value(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL));
}

WAITING(sleep_until, .call = call_sleep_until, .number = SYS_clock_nanosleep, .result = -EINTR);

static int call_pause(struct scene *scene)
{
	(void)scene;
	return value(syscall(SYS_pause));
}

WAITING(pause, .call = call_pause, .number = SYS_pause, .result = -EINTR);

static int call_sigwait(struct scene *scene)
{
	sigset_t set;

	(void)scene;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	return value(sigwaitinfo(&set, NULL));
}

WAITING(sigwaitinfo, .call = call_sigwait, .number = SYS_rt_sigtimedwait, .result = SIGUSR1,
	.interrupts = true);

/* Signals that are blocked don't keep the thread from being reached. */
static int call_read_blocking_signals(struct scene *scene)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	return call_read(scene);
}

WAITING(all_signals_blocked, .call = call_read_blocking_signals, .number = SYS_read,
	.wake = write_byte, .result = 'x');

static int make_child(struct scene *scene)
{
	pid_t pid = fork();

	if (!pid) {
		char byte;

		close(scene->ends[1]);
		_exit(read(scene->ends[0], &byte, 1));
	}
	scene->word = pid;
	return pid < 0 ? -errno : 0;
}

static int call_wait(struct scene *scene)
{
	int status;

	if (syscall(SYS_wait4, scene->word, &status, 0, NULL) != (long)scene->word)
		return -errno;
	return WEXITSTATUS(status);
}

WAITING(wait4, .prepare = make_child, .call = call_wait, .number = SYS_wait4, .wake = write_byte,
	.result = 1);

/* For the client, too: it is who begins again. */
static int make_semaphore(struct scene *scene)
{
	scene->word = semget(IPC_PRIVATE, 1, 0666);
	return value((int)scene->word);
}

static int call_semop(struct scene *scene)
{
	struct sembuf down = { .sem_op = -1 };

	return value(syscall(SYS_semop, scene->word, &down, 1));
}

static int remove_semaphore(struct scene *scene)
{
	return value(semctl(scene->word, 0, IPC_RMID));
}

WAITING(semop, .prepare = make_semaphore, .call = call_semop, .number = SYS_semop,
	.wake = remove_semaphore, .result = -EIDRM, .interrupts = true);

static int make_queue(struct scene *scene)
{
	scene->word = msgget(IPC_PRIVATE, 0666);
	return value((int)scene->word);
}

static int call_msgrcv(struct scene *scene)
{
	struct { long type; char text[1]; } message;

	return value(syscall(SYS_msgrcv, scene->word, &message, 1, 0, 0));
}

static int remove_queue(struct scene *scene)
{
	return value(msgctl(scene->word, IPC_RMID, NULL));
}

WAITING(msgrcv, .prepare = make_queue, .call = call_msgrcv, .number = SYS_msgrcv,
	.wake = remove_queue, .result = -EIDRM);

TEST_HARNESS_MAIN
