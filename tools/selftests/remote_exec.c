// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls that run task work themselves: a ring's owner that waits for
 * completions becomes the client in the middle of it, one in exec does not.
 */
#include "harness.h"
#include <fcntl.h>
#include <liburing.h>
#include <linux/userfaultfd.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "wearing.h"
#include "whereabouts.h"

FIXTURE(remote_exec) {
	struct wearing wearing;
	struct actor actor;
};

FIXTURE_SETUP(remote_exec)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, actor_start(&self->actor));
}

FIXTURE_TEARDOWN(remote_exec)
{
	actor_stop(&self->actor);
	wearing_end(&self->wearing);
}

/* --- waiting for a ring -------------------------------------------------------- */

struct waiter {
	const struct wearing *wearing;
	struct io_uring ring;
	int ends[2];
};

static int wait_for_completion(void *arg)
{
	struct waiter *waiter = arg;
	struct io_uring_cqe *cqe;
	struct io_uring_sqe *sqe;
	char byte = 0;
	int err;

	err = io_uring_queue_init(4, &waiter->ring, 0);
	if (err)
		return err;
	sqe = io_uring_get_sqe(&waiter->ring);
	io_uring_prep_read(sqe, waiter->ends[0], &byte, 1, 0);
	err = io_uring_submit(&waiter->ring);
	if (err != 1)
		return err;
	err = io_uring_wait_cqe(&waiter->ring, &cqe);
	if (err)
		return err;
	err = cqe->res == 1 && wearing_intact(waiter->wearing) ? byte : -EPROTO;
	io_uring_queue_exit(&waiter->ring);
	return err;
}

/* It doesn't even have to leave the call; what it submitted before is still done. */
TEST_F(remote_exec, in_io_uring_enter)
{
	struct wearing *wearing = &self->wearing;
	struct waiter waiter = { .wearing = wearing };
	pid_t tid = self->actor.tid;

	ASSERT_EQ(0, pipe(waiter.ends));
	actor_tell(&self->actor, wait_for_completion, &waiter);
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, thread_await_call(tid, SYS_io_uring_enter));
		if (i % 2) {
			ASSERT_EQ(0, device_revert_thread(wearing->dev, tid));
			EXPECT_EQ(-ENOENT, device_worn_id(wearing->dev, tid));
		} else {
			ASSERT_EQ(0, context_impersonate_thread(wearing->ctx, tid));
			EXPECT_EQ(wearing->id, device_worn_id(wearing->dev, tid));
		}
	}
	ASSERT_EQ(0, thread_await_call(tid, SYS_io_uring_enter));
	ASSERT_EQ(1, write(waiter.ends[1], "x", 1));
	EXPECT_EQ('x', actor_await(&self->actor));
}

/* --- exec -------------------------------------------------------------------- */

/* Memory whose first use waits until the test provides it. */
struct missing {
	int uffd;
	void *memory;
};

#define UNKNOWN	1	/* no result yet */

/* Of the process that asks for a thread of its own, and of the test. */
struct shared {
	_Atomic pid_t caller;	/* 0 once it is gone */
	_Atomic int result;
	pid_t target;
	struct missing missing;
};

static int missing_prepare(struct missing *missing)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	missing->memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			       -1, 0);
	missing->uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	range.range.start = (uintptr_t)missing->memory;
	range.range.len = 4096;
	if (missing->memory == MAP_FAILED || missing->uffd < 0 ||
	    ioctl(missing->uffd, UFFDIO_API, &api) ||
	    ioctl(missing->uffd, UFFDIO_REGISTER, &range))
		return -errno;
	return 0;
}

static int missing_await_use(const struct missing *missing)
{
	struct uffd_msg message;

	return read(missing->uffd, &message, sizeof(message)) == sizeof(message) ? 0 : -errno;
}

static int missing_provide(int uffd, const void *memory)
{
	struct uffdio_zeropage zero = {
		.range = { .start = (uintptr_t)memory, .len = 4096 },
	};

	return ioctl(uffd, UFFDIO_ZEROPAGE, &zero) ? -errno : 0;
}

/* A request that exec can cancel only when its memory is there. */
static int submit_request(void *arg)
{
	const struct missing *missing = arg;
	static struct io_uring ring;
	struct io_uring_sqe *sqe;
	int ends[2];

	if (pipe(ends) || io_uring_queue_init(4, &ring, 0))
		return -EIO;
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_write(sqe, ends[1], missing->memory, 16, 0);
	sqe->flags |= IOSQE_ASYNC;
	return io_uring_submit(&ring) == 1 ? 0 : -EIO;
}

static int exec_program(void *arg)
{
	(void)arg;
	execl("/bin/sh", "sh", "-c", "test \"$(id -u)\" = 0", NULL);
	_exit(3);
}

static void *end(void *arg)
{
	return arg;
}

/* Nobody is made who would share its directory with one in exec. */
static void await_exec(void)
{
	pthread_t thread;

	while (!pthread_create(&thread, NULL, end, NULL))
		pthread_join(thread, NULL);
}

struct asking {
	const struct wearing *wearing;
	struct shared *shared;
};

/*
 * Exec kills all other threads: on some kernels when it has let the ring go, on
 * others before, and with them the worker that waits for memory.
 */
static int ask_in_exec(const struct child *parent, void *arg)
{
	const struct asking *asking = arg;
	struct shared *shared = asking->shared;
	struct actor actor;
	int err = missing_prepare(&shared->missing) ?: actor_start(&actor);

	err = err ?: actor_call(&actor, submit_request, &shared->missing);
	err = err ?: missing_await_use(&shared->missing);
	if (err)
		return err;
	shared->target = actor.tid;
	shared->caller = syscall(SYS_set_tid_address, &shared->caller);
	child_send_fd(parent, shared->missing.uffd);

	actor_tell(&actor, exec_program, NULL);
	await_exec();
	shared->result = context_impersonate_thread(asking->wearing->ctx, actor.tid);
	for (;;)
		pause();
}

/*
 * Exec has passed its guard when it lets a ring go, and would begin the new program
 * as the client, without the credentials that were made for it.
 */
TEST_F(remote_exec, in_exec)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct asking asking = { &self->wearing, shared };
	struct child child;
	int uffd, status;

	ASSERT_NE(MAP_FAILED, shared);
	shared->result = UNKNOWN;
	ASSERT_EQ(0, child_start(&child, NULL, ask_in_exec, &asking));
	uffd = child_receive_fd(&child);
	ASSERT_LE(0, uffd);
	while (shared->result == UNKNOWN && shared->caller)
		usleep(1000);
	if (shared->result != UNKNOWN) {
		EXPECT_EQ(-EBUSY, shared->result);
		EXPECT_EQ(-ENOENT, device_worn_id(self->wearing.dev, shared->target));
		ASSERT_EQ(0, missing_provide(uffd, shared->missing.memory));
	}
	ASSERT_EQ(child.pid, waitpid(child.pid, &status, 0));
	EXPECT_EQ(0, status);
	close(child.line);
	close(uffd);
}

TEST_HARNESS_MAIN
