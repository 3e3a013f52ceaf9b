// SPDX-License-Identifier: GPL-2.0-only
/*
 * io_uring: what a thread submits may run much later, so it can't submit while
 * it impersonates.  The way to act as a client there is a personality.
 */
#include "harness.h"
#include <dirent.h>
#include <fcntl.h>
#include <liburing.h>
#include <sys/ioctl.h>

#include "device.h"
#include "persona.h"
#include "scratch.h"
#include "setting.h"
#include "wearing.h"

FIXTURE(uring) {
	struct wearing wearing;
	struct scratch scratch;
	struct io_uring ring;
	int pipe[2];
};

/* @flags: of the entries */
FIXTURE_VARIANT(uring) {
	unsigned int flags;
};

FIXTURE_VARIANT_ADD(uring, inline) { .flags = 0 };
FIXTURE_VARIANT_ADD(uring, async) { .flags = IOSQE_ASYNC };

/* Newer kernels have a switch, which may be off in a distribution. */
static int allow_uring(void)
{
	int err = setting_write("/proc/sys/kernel/io_uring_disabled", "0");

	return err == -ENOENT ? 0 : err;
}

FIXTURE_SETUP(uring)
{
	ASSERT_EQ(0, allow_uring());
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, file_make(&self->scratch, "server", 0, 0, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "client", CLIENT, CLIENT, 0600));
	ASSERT_EQ(0, pipe2(self->pipe, O_CLOEXEC));
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, io_uring_queue_init(8, &self->ring, 0));
}

FIXTURE_TEARDOWN(uring)
{
	io_uring_queue_exit(&self->ring);
	wearing_end(&self->wearing);
	scratch_close(&self->scratch);
}

static struct io_uring_sqe *queue_open(FIXTURE_DATA(uring) *self, const char *name,
				       unsigned int flags)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&self->ring);

	io_uring_prep_openat(sqe, self->scratch.fd, name, O_RDONLY | O_CLOEXEC, 0);
	sqe->flags |= flags;
	return sqe;
}

static char byte;

/* Nothing to read before the test writes. */
static void queue_read(FIXTURE_DATA(uring) *self, unsigned int flags)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&self->ring);

	io_uring_prep_read(sqe, self->pipe[0], &byte, 1, 0);
	sqe->flags |= flags;
}

/* Of the next request that completes: 0 for a descriptor, else its result. */
static int next_result(FIXTURE_DATA(uring) *self)
{
	struct io_uring_cqe *cqe;
	int err, result;

	do {
		err = io_uring_wait_cqe(&self->ring, &cqe);
	} while (err == -EINTR);
	if (err)
		return err;
	result = cqe->res;
	io_uring_cqe_seen(&self->ring, cqe);
	if (result > 2) {
		close(result);
		result = 0;
	}
	return result;
}

TEST_F(uring, submitting_is_refused)
{
	queue_open(self, "client", variant->flags);
	queue_open(self, "client", variant->flags);
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_EQ(-EPERM, io_uring_submit(&self->ring));
	EXPECT_EQ(-EPERM, io_uring_submit(&self->ring));
	EXPECT_EQ(0, io_uring_cq_ready(&self->ring));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_TRUE(wearing_over(&self->wearing));
	EXPECT_EQ(0, io_uring_cq_ready(&self->ring));
}

/* Documented: what was refused is still there, and whoever submits next is asked. */
TEST_F(uring, refused_entries_stay_in_the_ring)
{
	queue_open(self, "server", variant->flags);
	queue_open(self, "server", variant->flags);
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_EQ(-EPERM, io_uring_submit(&self->ring));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_EQ(2, io_uring_sq_ready(&self->ring));
	EXPECT_EQ(2, io_uring_submit(&self->ring));
	EXPECT_EQ(0, next_result(self));
	EXPECT_EQ(0, next_result(self));
}

/* Or the second request would be the server's. */
TEST_F(uring, chain_cannot_outlive_the_revert)
{
	int unread;

	queue_read(self, IOSQE_IO_LINK | variant->flags);
	queue_open(self, "server", variant->flags);
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_EQ(-EPERM, io_uring_submit(&self->ring));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	ASSERT_EQ(1, write(self->pipe[1], "x", 1));
	EXPECT_EQ(0, io_uring_cq_ready(&self->ring));
	EXPECT_EQ(0, ioctl(self->pipe[0], FIONREAD, &unread));
	EXPECT_EQ(1, unread);
}

static bool all_threads_are_primary(const struct wearing *wearing)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *entry;
	struct identity seen;
	bool good = tasks;

	while (tasks && (entry = readdir(tasks)))
		if (entry->d_name[0] != '.')
			good &= !identity_objective(atoi(entry->d_name), &seen) &&
				identity_equal(&wearing->primary, &seen);
	if (tasks)
		closedir(tasks);
	return good;
}

/* The other direction: submitted by the server, and then it impersonates. */
TEST_F(uring, chain_goes_on_with_fewer_rights)
{
	queue_read(self, IOSQE_IO_LINK);
	queue_open(self, "client", IOSQE_IO_LINK | variant->flags);
	queue_open(self, "server", variant->flags);
	ASSERT_EQ(3, io_uring_submit(&self->ring));
	ASSERT_EQ(0, wearing_start(&self->wearing));
	ASSERT_EQ(1, write(self->pipe[1], "x", 1));
	EXPECT_EQ(1, next_result(self));
	EXPECT_EQ(0, next_result(self));
	EXPECT_EQ(-EACCES, next_result(self));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_TRUE(all_threads_are_primary(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_TRUE(wearing_over(&self->wearing));
}

/* A request that a worker has got stays the server's, who submitted it. */
TEST_F(uring, worker_acts_as_who_submitted)
{
	queue_read(self, IOSQE_IO_LINK | IOSQE_ASYNC);
	queue_open(self, "server", variant->flags);
	ASSERT_EQ(2, io_uring_submit(&self->ring));
	ASSERT_EQ(0, wearing_start(&self->wearing));
	ASSERT_EQ(1, write(self->pipe[1], "x", 1));
	EXPECT_EQ(1, next_result(self));
	EXPECT_EQ(0, next_result(self));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_TRUE(all_threads_are_primary(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
}

/* Keep the client's identity in the ring: its number, or -errno. */
static int register_client(FIXTURE_DATA(uring) *self)
{
	int number = wearing_start(&self->wearing);

	if (number)
		return number;
	number = io_uring_register_personality(&self->ring);
	return wearing_stop(&self->wearing) ?: number;
}

TEST_F(uring, personality_acts_as_the_client)
{
	int number = register_client(self);

	ASSERT_LT(0, number);
	queue_open(self, "client", variant->flags)->personality = number;
	EXPECT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(0, next_result(self));
	EXPECT_TRUE(wearing_over(&self->wearing));
	queue_open(self, "server", variant->flags)->personality = number;
	EXPECT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(-EACCES, next_result(self));
	EXPECT_TRUE(wearing_over(&self->wearing));
	EXPECT_TRUE(all_threads_are_primary(&self->wearing));

	/* Where no personality is named, the server acts. */
	queue_open(self, "server", variant->flags);
	EXPECT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(0, next_result(self));
}

/* The ring holds it, so it outlives the context. */
TEST_F(uring, personality_outlives_the_context)
{
	int number = register_client(self);

	ASSERT_LT(0, number);
	ASSERT_EQ(0, close(self->wearing.ctx));
	queue_read(self, IOSQE_IO_LINK | variant->flags);
	queue_open(self, "client", variant->flags)->personality = number;
	queue_open(self, "server", variant->flags)->personality = number;
	ASSERT_EQ(3, io_uring_submit(&self->ring));
	EXPECT_EQ(-EACCES, next_result(self));
	ASSERT_EQ(1, write(self->pipe[1], "x", 1));
	EXPECT_EQ(1, next_result(self));
	EXPECT_EQ(0, next_result(self));

	ASSERT_EQ(0, io_uring_unregister_personality(&self->ring, number));
	queue_open(self, "client", variant->flags)->personality = number;
	EXPECT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(-EINVAL, next_result(self));
}

/* A personality says as whom to act, not that it may be done while impersonating. */
TEST_F(uring, personality_is_refused_while_impersonating)
{
	int number = register_client(self);

	ASSERT_LT(0, number);
	queue_open(self, "client", variant->flags)->personality = number;
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_EQ(-EPERM, io_uring_submit(&self->ring));
	EXPECT_TRUE(wearing_intact(&self->wearing));
}

/* Documented: a ring with a thread of its own acts as its creator, always. */
TEST_F(uring, polled_ring_acts_as_its_creator)
{
	struct io_uring_params params = { .flags = IORING_SETUP_SQPOLL, .sq_thread_idle = 100 };

	io_uring_queue_exit(&self->ring);
	ASSERT_EQ(0, io_uring_queue_init_params(8, &self->ring, &params));
	ASSERT_EQ(0, wearing_start(&self->wearing));
	queue_open(self, "server", variant->flags);
	EXPECT_EQ(1, io_uring_submit(&self->ring));
	EXPECT_EQ(0, next_result(self));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_TRUE(all_threads_are_primary(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_TRUE(wearing_over(&self->wearing));
}

/*
 * Not even where there is a thread already.  What it would submit is refused, and it
 * never sleeps while it has something to submit: no module could be unloaded then.
 */
TEST_F(uring, polled_ring_cant_be_made_while_impersonating)
{
	struct io_uring_params params = { .flags = IORING_SETUP_SQPOLL, .sq_thread_idle = 10 };
	struct io_uring_params attached = {
		.flags = IORING_SETUP_SQPOLL | IORING_SETUP_ATTACH_WQ,
	};
	struct io_uring ring;

	io_uring_queue_exit(&self->ring);
	ASSERT_EQ(0, io_uring_queue_init_params(8, &self->ring, &params));
	attached.wq_fd = self->ring.ring_fd;
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_EQ(-EPERM, io_uring_queue_init_params(8, &ring, &params));
	EXPECT_EQ(-EPERM, io_uring_queue_init_params(8, &ring, &attached));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_TRUE(all_threads_are_primary(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));

	ASSERT_EQ(0, io_uring_queue_init_params(8, &ring, &attached));
	io_uring_queue_exit(&ring);
	EXPECT_TRUE(wearing_over(&self->wearing));
}

TEST_HARNESS_MAIN
