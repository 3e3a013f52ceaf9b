// SPDX-License-Identifier: GPL-2.0-only
/*
 * Another thread is made the client and itself again, wherever it is: the calls
 * succeed at once, and it goes on with what it does as if nothing had happened.
 */
#include "harness.h"
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "actor.h"
#include "device.h"
#include "persona.h"
#include "wearing.h"
#include "whereabouts.h"

#define ROUNDS	3	/* client, itself, client */

/* What the thread waits for. */
struct scene {
	int (*call)(struct scene *scene);
	int ends[2];
	uint32_t word;
	int woken;
	int interruptions;
	const struct wearing *wearing;
};

FIXTURE(remote_state) {
	struct wearing wearing;
	struct actor actor;
	struct scene scene;
};

/*
 * @prepare: what the test does first, or NULL
 * @call: what the thread does: a value >= 0, or -errno
 * @number: the system call that it sleeps in
 * @again: the one in which it sleeps when it was begun again, if another
 * @wake: let it end, or NULL: by a signal
 * @result: of @call in the end
 * @interrupts: each change of identity makes it return EINTR
 */
FIXTURE_VARIANT(remote_state) {
	int (*prepare)(struct scene *scene);
	int (*call)(struct scene *scene);
	long number;
	long again;
	int (*wake)(struct scene *scene);
	int result;
	bool interrupts;
};

static int value(long ret)
{
	return ret < 0 ? -errno : (int)ret;
}

static int write_byte(struct scene *scene)
{
	return value(write(scene->ends[1], "x", 1));
}

static int make_sockets(struct scene *scene)
{
	return value(socketpair(AF_UNIX, SOCK_STREAM, 0, scene->ends));
}

static int call_read(struct scene *scene)
{
	char byte = 0;
	int ret = value(read(scene->ends[0], &byte, 1));

	return ret == 1 ? byte : ret;
}

FIXTURE_VARIANT_ADD(remote_state, read)
{
	.call = call_read,
	.number = SYS_read,
	.wake = write_byte,
	.result = 'x',
};

static int call_recv(struct scene *scene)
{
	char byte = 0;
	int ret = value(recv(scene->ends[0], &byte, 1, 0));

	return ret == 1 ? byte : ret;
}

FIXTURE_VARIANT_ADD(remote_state, recv)
{
	.prepare = make_sockets,
	.call = call_recv,
	.number = SYS_recvfrom,
	.wake = write_byte,
	.result = 'x',
};

static int listen_there(struct scene *scene)
{
	const struct sockaddr anywhere = { .sa_family = AF_UNIX };

	scene->ends[0] = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(scene->ends[0], &anywhere, sizeof(anywhere.sa_family)))
		return -errno;
	return value(listen(scene->ends[0], 1));
}

static int call_accept(struct scene *scene)
{
	return value(accept(scene->ends[0], NULL, NULL));
}

FIXTURE_VARIANT_ADD(remote_state, accept)
{
	.prepare = listen_there,
	.call = call_accept,
	.number = SYS_accept,
	.result = -EINTR,
};

static int call_poll(struct scene *scene)
{
	struct pollfd fd = { .fd = scene->ends[0], .events = POLLIN };

	return value(poll(&fd, 1, -1));
}

FIXTURE_VARIANT_ADD(remote_state, poll)
{
	.call = call_poll,
	.number = SYS_poll,
	.again = SYS_restart_syscall,
	.wake = write_byte,
	.result = 1,
};

static int call_ppoll(struct scene *scene)
{
	const struct timespec long_time = { .tv_sec = 10000 };
	struct pollfd fd = { .fd = scene->ends[0], .events = POLLIN };

	return value(ppoll(&fd, 1, &long_time, NULL));
}

FIXTURE_VARIANT_ADD(remote_state, ppoll)
{
	.call = call_ppoll,
	.number = SYS_ppoll,
	.wake = write_byte,
	.result = 1,
};

static int call_select(struct scene *scene)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(scene->ends[0], &set);
	return value(syscall(SYS_select, scene->ends[0] + 1, &set, NULL, NULL, NULL));
}

FIXTURE_VARIANT_ADD(remote_state, select)
{
	.call = call_select,
	.number = SYS_select,
	.wake = write_byte,
	.result = 1,
};

static int make_epoll(struct scene *scene)
{
	struct epoll_event event = { .events = EPOLLIN };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, scene->ends[0], &event))
		return -errno;
	scene->word = epoll;
	return 0;
}

static int call_epoll(struct scene *scene)
{
	struct epoll_event event;

	return value(syscall(SYS_epoll_wait, scene->word, &event, 1, -1));
}

/* It always returns when a signal comes, handled or not. */
FIXTURE_VARIANT_ADD(remote_state, epoll_wait)
{
	.prepare = make_epoll,
	.call = call_epoll,
	.number = SYS_epoll_wait,
	.wake = write_byte,
	.result = 1,
	.interrupts = true,
};

static int call_futex(struct scene *scene)
{
	return value(syscall(SYS_futex, &scene->word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0));
}

static int wake_futex(struct scene *scene)
{
	return value(syscall(SYS_futex, &scene->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
}

FIXTURE_VARIANT_ADD(remote_state, futex)
{
	.call = call_futex,
	.number = SYS_futex,
	.wake = wake_futex,
};

static int call_futex_for_long(struct scene *scene)
{
	const struct timespec long_time = { .tv_sec = 10000 };

	return value(syscall(SYS_futex, &scene->word, FUTEX_WAIT_PRIVATE, 0, &long_time, NULL, 0));
}

FIXTURE_VARIANT_ADD(remote_state, futex_for_some_time)
{
	.call = call_futex_for_long,
	.number = SYS_futex,
	.again = SYS_restart_syscall,
	.wake = wake_futex,
};

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
FIXTURE_VARIANT_ADD(remote_state, nanosleep)
{
	.call = call_nanosleep,
	.number = SYS_nanosleep,
	.again = SYS_restart_syscall,
	.result = -EINTR,
};

static int call_sleep_until(struct scene *scene)
{
	struct timespec then;

	(void)scene;
	clock_gettime(CLOCK_MONOTONIC, &then);
	then.tv_sec += 10000;
	return value(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL));
}

FIXTURE_VARIANT_ADD(remote_state, sleep_until)
{
	.call = call_sleep_until,
	.number = SYS_clock_nanosleep,
	.result = -EINTR,
};

static int call_pause(struct scene *scene)
{
	(void)scene;
	return value(syscall(SYS_pause));
}

FIXTURE_VARIANT_ADD(remote_state, pause)
{
	.call = call_pause,
	.number = SYS_pause,
	.result = -EINTR,
};

static int call_sigwait(struct scene *scene)
{
	sigset_t set;

	(void)scene;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	return value(sigwaitinfo(&set, NULL));
}

FIXTURE_VARIANT_ADD(remote_state, sigwaitinfo)
{
	.call = call_sigwait,
	.number = SYS_rt_sigtimedwait,
	.result = SIGUSR1,
	.interrupts = true,
};

/* Signals that are blocked don't keep the thread from being reached. */
static int call_read_blocking_signals(struct scene *scene)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	return call_read(scene);
}

FIXTURE_VARIANT_ADD(remote_state, all_signals_blocked)
{
	.call = call_read_blocking_signals,
	.number = SYS_read,
	.wake = write_byte,
	.result = 'x',
};

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

FIXTURE_VARIANT_ADD(remote_state, wait4)
{
	.prepare = make_child,
	.call = call_wait,
	.number = SYS_wait4,
	.wake = write_byte,
	.result = 1,
};

static int lock_file(struct scene *scene)
{
	char path[32];
	int fd = memfd_create("lock", 0);

	if (fd < 0 || flock(fd, LOCK_EX))
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	scene->ends[0] = open(path, O_RDWR | O_CLOEXEC);
	scene->ends[1] = fd;
	return value(scene->ends[0]);
}

static int call_flock(struct scene *scene)
{
	return value(flock(scene->ends[0], LOCK_EX));
}

static int unlock_file(struct scene *scene)
{
	return value(flock(scene->ends[1], LOCK_UN));
}

FIXTURE_VARIANT_ADD(remote_state, flock)
{
	.prepare = lock_file,
	.call = call_flock,
	.number = SYS_flock,
	.wake = unlock_file,
};

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

FIXTURE_VARIANT_ADD(remote_state, semop)
{
	.prepare = make_semaphore,
	.call = call_semop,
	.number = SYS_semop,
	.wake = remove_semaphore,
	.result = -EIDRM,
	.interrupts = true,
};

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

FIXTURE_VARIANT_ADD(remote_state, msgrcv)
{
	.prepare = make_queue,
	.call = call_msgrcv,
	.number = SYS_msgrcv,
	.wake = remove_queue,
	.result = -EIDRM,
};

static void handle(int sig)
{
	(void)sig;
}

FIXTURE_SETUP(remote_state)
{
	/* Without SA_RESTART. */
	const struct sigaction action = { .sa_handler = handle };

	ASSERT_EQ(0, sigaction(SIGUSR1, &action, NULL));
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, pipe2(self->scene.ends, O_CLOEXEC));
	self->scene.wearing = &self->wearing;
	self->scene.call = variant->call;
	if (variant->prepare)
		ASSERT_LE(0, variant->prepare(&self->scene));
	ASSERT_EQ(0, actor_start(&self->actor));
}

FIXTURE_TEARDOWN(remote_state)
{
	actor_stop(&self->actor);
	wearing_end(&self->wearing);
}

/* Whatever else is an error, the thread has to be the client in the end. */
static int call_and_look(void *arg)
{
	struct scene *scene = arg;
	int ret;

	for (;;) {
		ret = scene->call(scene);
		if (ret != -EINTR || __atomic_load_n(&scene->woken, __ATOMIC_ACQUIRE))
			break;
		scene->interruptions++;
	}
	return wearing_intact(scene->wearing) ? ret : -EPROTO;
}

TEST_F(remote_state, client_itself_and_client)
{
	struct wearing *wearing = &self->wearing;
	long number = variant->number;
	pid_t tid = self->actor.tid;

	actor_tell(&self->actor, call_and_look, &self->scene);
	for (int round = 0; round < ROUNDS; round++) {
		ASSERT_EQ(0, thread_await_call(tid, number));
		if (round % 2) {
			ASSERT_EQ(0, device_revert_thread(wearing->dev, tid));
			EXPECT_EQ(-ENOENT, device_worn_id(wearing->dev, tid));
		} else {
			ASSERT_EQ(0, context_impersonate_thread(wearing->ctx, tid));
			EXPECT_EQ(wearing->id, device_worn_id(wearing->dev, tid));
		}
		if (variant->again)
			number = variant->again;
	}
	ASSERT_EQ(0, thread_await_call(tid, number));
	EXPECT_TRUE(wearing_over(wearing));

	__atomic_store_n(&self->scene.woken, 1, __ATOMIC_RELEASE);
	if (variant->wake) {
		ASSERT_LE(0, variant->wake(&self->scene));
	} else {
		ASSERT_EQ(0, pthread_kill(self->actor.thread, SIGUSR1));
	}
	EXPECT_EQ(variant->result, actor_await(&self->actor));
	EXPECT_EQ(variant->interrupts ? ROUNDS : 0, self->scene.interruptions);
}

TEST_HARNESS_MAIN
