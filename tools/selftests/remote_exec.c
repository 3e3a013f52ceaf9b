// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls that run task work themselves: a ring's owner that waits for
 * completions becomes the client in the middle of it, one in exec does not.
 */
#include "harness.h"
#include <fcntl.h>
#include <liburing.h>
#include <linux/userfaultfd.h>
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

/* Memory whose first use waits for ever, however one uses it. */
static void *memory_that_waits(int *uffd)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	range.range = (struct uffdio_range){ .start = (uintptr_t)memory, .len = 4096 };
	if (memory == MAP_FAILED || *uffd < 0 || ioctl(*uffd, UFFDIO_API, &api) ||
	    ioctl(*uffd, UFFDIO_REGISTER, &range))
		return NULL;
	return memory;
}

static void let_memory_be(int uffd, void *memory)
{
	struct uffdio_zeropage zero = {
		.range = { .start = (uintptr_t)memory, .len = 4096 },
	};

	if (ioctl(uffd, UFFDIO_ZEROPAGE, &zero))
		_exit(3);
}

/* Exec has to cancel a request that can't be, until its memory is there. */
struct program {
	void *memory;
	int ends[2];
};

static int exec_with_request(void *arg)
{
	const struct program *program = arg;
	struct io_uring_sqe *sqe;
	struct io_uring ring;

	if (io_uring_queue_init(4, &ring, 0))
		return -errno;
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_write(sqe, program->ends[1], program->memory, 16, 0);
	sqe->flags |= IOSQE_ASYNC;
	if (io_uring_submit(&ring) != 1)
		return -EIO;
	execl("/bin/sh", "sh", "-c", "test \"$(id -u)\" = 0", NULL);
	return -errno;
}

/*
 * Asked in the middle of exec, behind its guard: it must not begin the new program
 * as the client, and that program's credentials must not be lost.
 */
static int ask_in_exec(const struct child *parent, void *arg)
{
	const struct wearing *wearing = arg;
	struct program program;
	struct actor actor;
	int uffd, result;

	program.memory = memory_that_waits(&uffd);
	if (!program.memory || pipe(program.ends) || actor_start(&actor))
		_exit(4);
	child_send(parent, actor.tid);
	actor_tell(&actor, exec_with_request, &program);
	if (thread_await_call(actor.tid, SYS_execve))
		_exit(5);
	result = context_impersonate_thread(wearing->ctx, actor.tid);
	child_send(parent, result);
	child_send(parent, device_worn_id(wearing->dev, actor.tid));
	let_memory_be(uffd, program.memory);
	/* The new program takes over. */
	for (;;)
		pause();
}

TEST_F(remote_exec, in_exec)
{
	struct child child;
	int status;

	ASSERT_EQ(0, child_start(&child, NULL, ask_in_exec, &self->wearing));
	ASSERT_LT(0, child_receive(&child));
	EXPECT_EQ(-EBUSY, child_receive(&child));
	EXPECT_EQ(-ENOENT, child_receive(&child));
	ASSERT_EQ(child.pid, waitpid(child.pid, &status, 0));
	EXPECT_EQ(0, status);
	close(child.line);
}

TEST_HARNESS_MAIN
