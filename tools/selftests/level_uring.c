// SPDX-License-Identifier: GPL-2.0-only
/*
 * io_uring below Impersonation: what is done later on, by whomever, with an
 * identity that was put on at such a level, is denied then.  The names of files
 * have been copied by the server itself.
 */
#include "harness.h"
#include <fcntl.h>
#include <liburing.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "device.h"
#include "persona.h"
#include "scratch.h"
#include "setting.h"

#define NOBODY	65534

FIXTURE(level_uring) {
	struct scratch scratch;
	struct io_uring ring;
	int dev;
	int ctx;
	int file;
	int socket;
};

/* @level: at which the personality is registered; @flags: of the entries */
FIXTURE_VARIANT(level_uring) {
	__u32 level;
	unsigned int flags;
	int denied;
};

#define VARIANT(name, ...)	FIXTURE_VARIANT_ADD(level_uring, name) { __VA_ARGS__ }

VARIANT(anonymous, NTIMP_LEVEL_ANONYMOUS, 0, -EACCES);
VARIANT(anonymous_async, NTIMP_LEVEL_ANONYMOUS, IOSQE_ASYNC, -EACCES);
VARIANT(identification, NTIMP_LEVEL_IDENTIFICATION, 0, -EACCES);
VARIANT(identification_async, NTIMP_LEVEL_IDENTIFICATION, IOSQE_ASYNC, -EACCES);
/* Nobody has the rights to all of it. */
VARIANT(control, NTIMP_LEVEL_IMPERSONATION, 0, 0);
VARIANT(control_async, NTIMP_LEVEL_IMPERSONATION, IOSQE_ASYNC, 0);

FIXTURE_SETUP(level_uring)
{
	struct ntimp_capture capture = {
		.size = sizeof(capture),
		.source = NTIMP_SOURCE_ANONYMOUS,
		.qos.level = variant->level,
	};
	int err = setting_write("/proc/sys/kernel/io_uring_disabled", "0");

	ASSERT_TRUE(!err || err == -ENOENT);
	umask(0);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, file_make(&self->scratch, "file", NOBODY, NOBODY, 0666));
	self->file = openat(self->scratch.fd, "file", O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->file);
	self->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ASSERT_LE(0, self->socket);
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = device_capture(self->dev, &capture);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, io_uring_queue_init(8, &self->ring, 0));
}

FIXTURE_TEARDOWN(level_uring)
{
	io_uring_queue_exit(&self->ring);
	scratch_close(&self->scratch);
}

/* The identity is put on for this alone. */
static int register_identity(FIXTURE_DATA(level_uring) *self)
{
	int number = context_impersonate(self->ctx);

	if (number)
		return number;
	number = io_uring_register_personality(&self->ring);
	return device_revert(self->dev) ?: number;
}

/* Of one request: 0 for a descriptor or a count, else its error. */
static int result_of(FIXTURE_DATA(level_uring) *self, struct io_uring_sqe *sqe, int personality,
		     unsigned int flags)
{
	struct io_uring_cqe *cqe;
	int err, result;

	sqe->personality = personality;
	sqe->flags |= flags;
	if (io_uring_submit(&self->ring) != 1)
		return -EPROTO;
	do {
		err = io_uring_wait_cqe(&self->ring, &cqe);
	} while (err == -EINTR);
	if (err)
		return err;
	result = cqe->res;
	io_uring_cqe_seen(&self->ring, cqe);
	if (result > 2 && sqe->opcode == IORING_OP_OPENAT)
		close(result);
	return result > 0 ? 0 : result;
}

#define RESULT(prepare, ...)							\
({										\
	struct io_uring_sqe *sqe = io_uring_get_sqe(&self->ring);		\
										\
	prepare(sqe, __VA_ARGS__);						\
	result_of(self, sqe, number, variant->flags);				\
})

TEST_F(level_uring, personality)
{
	int number = register_identity(self), dir = self->scratch.fd, denied = variant->denied;
	const struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
	struct statx status;
	char byte;

	ASSERT_LT(0, number);
	EXPECT_EQ(denied, RESULT(io_uring_prep_openat, dir, "file", O_RDWR | O_CLOEXEC, 0));
	EXPECT_EQ(denied, RESULT(io_uring_prep_openat, dir, "file", O_PATH | O_CLOEXEC, 0));
	EXPECT_EQ(denied, RESULT(io_uring_prep_openat, dir, "/", O_PATH | O_CLOEXEC, 0));
	EXPECT_EQ(denied, RESULT(io_uring_prep_openat, dir, ".", O_PATH | O_CLOEXEC, 0));
	EXPECT_EQ(denied, RESULT(io_uring_prep_statx, dir, "file", 0, STATX_ALL, &status));
	EXPECT_EQ(denied, RESULT(io_uring_prep_statx, dir, "/", 0, STATX_ALL, &status));
	EXPECT_EQ(denied, RESULT(io_uring_prep_mkdirat, dir, "new", 0777));
	EXPECT_EQ(denied, RESULT(io_uring_prep_unlinkat, dir, denied ? "file" : "new",
				 denied ? 0 : AT_REMOVEDIR));
	EXPECT_EQ(denied, RESULT(io_uring_prep_renameat, dir, "file", dir, "renamed", 0));
	EXPECT_EQ(denied, RESULT(io_uring_prep_linkat, dir, denied ? "file" : "renamed", dir,
				 "file", 0));
	EXPECT_EQ(denied, RESULT(io_uring_prep_symlinkat, "file", dir, "symlink"));
	EXPECT_EQ(denied, RESULT(io_uring_prep_connect, self->socket, &nowhere, sizeof(nowhere)));
	EXPECT_EQ(0, faccessat(dir, "file", F_OK, 0));

	/* What is open stays open. */
	EXPECT_EQ(0, RESULT(io_uring_prep_read, self->file, &byte, 1, 0));
	EXPECT_EQ(0, RESULT(io_uring_prep_write, self->file, &byte, 1, 0));
	EXPECT_EQ(0, RESULT(io_uring_prep_fsync, self->file, 0));

	/* Where no personality is named, the server acts. */
	number = 0;
	EXPECT_EQ(0, RESULT(io_uring_prep_openat, dir, "file", O_RDWR | O_CLOEXEC, 0));
}

/*
 * Submitted by the server, and run when its thread has put the identity on: by that
 * thread, or by a worker, which acts as who submitted.
 */
TEST_F(level_uring, chain_goes_on_with_fewer_rights)
{
	int expected = variant->flags & IOSQE_ASYNC ? 0 : variant->denied;
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	int wire[2];
	char byte;

	ASSERT_EQ(0, pipe2(wire, O_CLOEXEC));
	sqe = io_uring_get_sqe(&self->ring);
	io_uring_prep_read(sqe, wire[0], &byte, 1, 0);
	sqe->flags |= IOSQE_IO_LINK | variant->flags;
	sqe = io_uring_get_sqe(&self->ring);
	io_uring_prep_openat(sqe, self->scratch.fd, "file", O_RDWR | O_CLOEXEC, 0);
	sqe->flags |= variant->flags;
	ASSERT_EQ(2, io_uring_submit(&self->ring));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_EQ(1, write(wire[1], "x", 1));
	ASSERT_EQ(0, io_uring_wait_cqe(&self->ring, &cqe));
	EXPECT_EQ(1, cqe->res);
	io_uring_cqe_seen(&self->ring, cqe);
	ASSERT_EQ(0, io_uring_wait_cqe(&self->ring, &cqe));
	EXPECT_EQ(expected, cqe->res > 2 ? 0 : cqe->res);
	ASSERT_EQ(0, device_revert(self->dev));
}

TEST_HARNESS_MAIN
