// SPDX-License-Identifier: GPL-2.0-only
/* libntimp: a client as a personality of an io_uring. */
#include "harness.h"
#include <fcntl.h>
#include <liburing.h>
#include <sys/syscall.h>

#include "child.h"
#include "identity.h"
#include "library.h"
#include "scratch.h"
#include "setting.h"

#define CLIENT	1001

FIXTURE(lib_uring)
{
	int ctx;
	struct scratch scratch;
	struct io_uring ring;
};

FIXTURE_SETUP(lib_uring)
{
	int err = setting_write("/proc/sys/kernel/io_uring_disabled", "0");

	ASSERT_TRUE(!err || err == -ENOENT);
	self->ctx = ntimp_capture_ids(CLIENT, CLIENT, 0, NULL, NULL);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, file_make(&self->scratch, "server", 0, 0, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "client", CLIENT, CLIENT, 0600));
	ASSERT_EQ(0, io_uring_queue_init(4, &self->ring, 0));
}

FIXTURE_TEARDOWN(lib_uring)
{
	EXPECT_TRUE(acts_as(0, 0));
	io_uring_queue_exit(&self->ring);
	scratch_close(&self->scratch);
	close(self->ctx);
}

/* Of an open by the ring with a personality: 0 or -errno. */
static int open_as(FIXTURE_DATA(lib_uring) *self, int personality, const char *name, int flags)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&self->ring);
	struct io_uring_cqe *cqe;
	int err, fd;

	io_uring_prep_openat(sqe, self->scratch.fd, name, flags | O_CLOEXEC, 0600);
	sqe->personality = (__u16)personality;
	err = io_uring_submit_and_wait(&self->ring, 1);
	if (err < 0)
		return err;
	err = io_uring_peek_cqe(&self->ring, &cqe);
	if (err)
		return err;
	fd = cqe->res;
	io_uring_cqe_seen(&self->ring, cqe);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

TEST_F(lib_uring, requests_are_the_clients)
{
	int personality = ntimp_uring_personality(self->ring.ring_fd, self->ctx);

	ASSERT_LT(0, personality);
	EXPECT_TRUE(acts_as(0, 0));
	EXPECT_EQ(0, open_as(self, personality, "client", O_RDWR));
	EXPECT_EQ(-EACCES, open_as(self, personality, "server", O_RDONLY));
	EXPECT_EQ(0, open_as(self, personality, "new", O_RDWR | O_CREAT | O_EXCL));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "new", CLIENT, CLIENT));
	EXPECT_EQ(0, open_as(self, 0, "server", O_RDONLY));
}

TEST_F(lib_uring, two_clients)
{
	int other = ntimp_capture_ids(1002, 1002, 0, NULL, NULL);
	int first = ntimp_uring_personality(self->ring.ring_fd, self->ctx);
	int second = ntimp_uring_personality(self->ring.ring_fd, other);

	ASSERT_LT(0, first);
	ASSERT_LT(0, second);
	EXPECT_NE(first, second);
	EXPECT_EQ(-EACCES, open_as(self, second, "client", O_RDONLY));
	EXPECT_EQ(0, open_as(self, first, "client", O_RDONLY));
	close(other);
}

/* As documented: only the ring ends it. */
TEST_F(lib_uring, outlives_its_context)
{
	int personality = ntimp_uring_personality(self->ring.ring_fd, self->ctx);

	ASSERT_LT(0, personality);
	ASSERT_EQ(0, ntimp_revoke(self->ctx, 0));
	EXPECT_EQ(-EKEYREVOKED, result(ntimp_uring_personality(self->ring.ring_fd, self->ctx)));
	close(self->ctx);
	EXPECT_EQ(0, open_as(self, personality, "client", O_RDONLY));
	EXPECT_EQ(0, io_uring_unregister_personality(&self->ring, personality));
	EXPECT_EQ(-EINVAL, open_as(self, personality, "client", O_RDONLY));
}

TEST_F(lib_uring, low_level_does_nothing)
{
	const struct ntimp_qos low = { .level = NTIMP_LEVEL_IDENTIFICATION };
	int ctx = ntimp_capture_ids(CLIENT, CLIENT, 0, NULL, &low);
	int personality = ntimp_uring_personality(self->ring.ring_fd, ctx);

	ASSERT_LT(0, personality);
	EXPECT_EQ(-EACCES, open_as(self, personality, "client", O_RDONLY));
	close(ctx);
}

static int register_alone(void *arg)
{
	FIXTURE_DATA(lib_uring) *self = arg;

	return result(ntimp_uring_personality(self->ring.ring_fd, self->ctx));
}

TEST_F(lib_uring, errors)
{
	struct io_uring_restriction none = { .opcode = IORING_RESTRICTION_REGISTER_OP,
					     .register_op = IORING_REGISTER_ENABLE_RINGS };
	int ring_fd = self->ring.ring_fd;
	struct io_uring_params disabled = { .flags = IORING_SETUP_R_DISABLED };
	struct persona user = PERSONA_USER(1000);
	struct io_uring restricted;

	EXPECT_EQ(-EPERM, child_run(&user, register_alone, self));
	EXPECT_EQ(-EBADF, result(ntimp_uring_personality(-1, self->ctx)));
	EXPECT_EQ(-EBADF, result(ntimp_uring_personality(ring_fd, -1)));
	EXPECT_EQ(-ENOTTY, result(ntimp_uring_personality(ring_fd, self->scratch.fd)));
	EXPECT_EQ(-EOPNOTSUPP, result(ntimp_uring_personality(self->scratch.fd, self->ctx)));

	ASSERT_EQ(0, io_uring_queue_init_params(4, &restricted, &disabled));
	ASSERT_EQ(0, syscall(SYS_io_uring_register, restricted.ring_fd,
			     IORING_REGISTER_RESTRICTIONS, &none, 1));
	ASSERT_EQ(0, syscall(SYS_io_uring_register, restricted.ring_fd,
			     IORING_REGISTER_ENABLE_RINGS, NULL, 0));
	EXPECT_EQ(-EACCES, result(ntimp_uring_personality(restricted.ring_fd, self->ctx)));
	EXPECT_TRUE(acts_as(0, 0));
	io_uring_queue_exit(&restricted);

	ASSERT_EQ(0, ntimp_impersonate(self->ctx));
	EXPECT_EQ(-EBUSY, result(ntimp_uring_personality(ring_fd, self->ctx)));
	EXPECT_TRUE(acts_as(CLIENT, CLIENT));
	ASSERT_EQ(0, ntimp_revert());
}

TEST_HARNESS_MAIN
