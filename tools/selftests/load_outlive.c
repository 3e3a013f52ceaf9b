// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an impersonating thread has opened, connected or registered is plain
 * kernel property: it stays the client's when the module is gone.
 */
#include "harness.h"
#include <fcntl.h>
#include <liburing.h>
#include <sys/socket.h>

#include "client.h"
#include "device.h"
#include "module.h"
#include "persona.h"
#include "scratch.h"
#include "setting.h"
#include "wearing.h"

FIXTURE(outlive) {
	struct wearing wearing;
	struct scratch scratch;
};

FIXTURE_SETUP(outlive)
{
	ASSERT_EQ(-ENOENT, module_uses());
	ASSERT_EQ(0, module_load(""));
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, file_make(&self->scratch, "client", CLIENT, CLIENT, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "server", 0, 0, 0600));
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, wearing_start(&self->wearing));
}

FIXTURE_TEARDOWN(outlive)
{
	scratch_close(&self->scratch);
	EXPECT_EQ(-ENOENT, module_uses());
}

/* Be oneself again and let go of the module, and the module go. */
static void unload(struct __test_metadata *_metadata, struct wearing *wearing)
{
	ASSERT_EQ(0, wearing_stop(wearing));
	wearing_end(wearing);
	ASSERT_EQ(0, module_await_uses(0));
	ASSERT_EQ(0, module_unload());
}

TEST_F(outlive, open_file)
{
	int fd = openat(self->scratch.fd, "client", O_RDWR | O_CLOEXEC);
	char byte;

	ASSERT_LE(0, fd);
	unload(_metadata, &self->wearing);
	EXPECT_EQ(1, read(fd, &byte, 1));
	EXPECT_EQ(1, write(fd, &byte, 1));
	EXPECT_EQ(0, close(fd));
}

TEST_F(outlive, connection)
{
	struct listener listener;
	struct ucred seen = {};
	socklen_t size = sizeof(seen);
	int near, far;

	ASSERT_EQ(0, listener_open(&listener, SOCK_STREAM));
	near = listener_connect(&listener);
	ASSERT_LE(0, near);
	far = listener_accept(&listener);
	ASSERT_LE(0, far);
	unload(_metadata, &self->wearing);
	EXPECT_EQ(0, getsockopt(far, SOL_SOCKET, SO_PEERCRED, &seen, &size));
	EXPECT_EQ(CLIENT, seen.uid);
	EXPECT_EQ(CLIENT, seen.gid);
	EXPECT_EQ(0, close(near));
	EXPECT_EQ(0, close(far));
}

/* What the kernel gives for an open by a ring, as a personality. */
static int ring_open(struct io_uring *ring, const struct scratch *scratch, const char *name,
		     int personality)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);
	struct io_uring_cqe *cqe;
	int fd;

	io_uring_prep_openat(sqe, scratch->fd, name, O_RDONLY | O_CLOEXEC, 0);
	sqe->personality = personality;
	fd = io_uring_submit_and_wait(ring, 1);
	if (fd != 1 || io_uring_peek_cqe(ring, &cqe))
		return -EPROTO;
	fd = cqe->res;
	io_uring_cqe_seen(ring, cqe);
	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

TEST_F(outlive, personality_of_a_ring)
{
	struct io_uring ring;
	int number;

	setting_write("/proc/sys/kernel/io_uring_disabled", "0");
	ASSERT_EQ(0, io_uring_queue_init(1, &ring, 0));
	number = io_uring_register_personality(&ring);
	ASSERT_LT(0, number);
	unload(_metadata, &self->wearing);
	EXPECT_EQ(0, ring_open(&ring, &self->scratch, "client", number));
	EXPECT_EQ(-EACCES, ring_open(&ring, &self->scratch, "server", number));
	EXPECT_EQ(0, ring_open(&ring, &self->scratch, "server", 0));
	/* And is what it was to the module that comes next. */
	EXPECT_EQ(0, module_load(""));
	EXPECT_EQ(-EACCES, ring_open(&ring, &self->scratch, "server", number));
	io_uring_queue_exit(&ring);
	EXPECT_EQ(0, module_unload());
}

TEST_HARNESS_MAIN
