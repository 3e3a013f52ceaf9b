// SPDX-License-Identifier: GPL-2.0-only
/* Open and close through an io_uring, as oneself and by a personality. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <liburing.h>
#include <unistd.h>

#include "client.h"
#include "families.h"
#include "figure.h"
#include "raw.h"
#include "scratchfile.h"

#define ENTRIES	4

/**
 * struct uring - on what an operation works
 * @ring: the ring
 * @personality: who opens; 0: oneself
 */
struct uring {
	struct io_uring *ring;
	int personality;
};

static int submit(struct io_uring *ring)
{
	struct io_uring_cqe *cqe;
	int result = io_uring_submit_and_wait(ring, 1);

	if (result < 0)
		return result;
	result = io_uring_wait_cqe(ring, &cqe);
	if (result)
		return result;
	result = cqe->res;
	io_uring_cqe_seen(ring, cqe);
	return result;
}

static int do_open(int run, void *arg)
{
	const struct uring *uring = arg;
	struct io_uring_sqe *sqe = io_uring_get_sqe(uring->ring);
	int fd;

	(void)run;
	io_uring_prep_openat(sqe, AT_FDCWD, SCRATCH_FILE, O_RDONLY | O_CLOEXEC, 0);
	sqe->personality = uring->personality;
	fd = submit(uring->ring);
	return fd < 0 || raw_close(fd);
}

static int register_client(struct io_uring *ring)
{
	int personality = -1;

	if (!setresgid(-1, CLIENT, -1) && !setresuid(-1, CLIENT, -1))
		personality = io_uring_register_personality(ring);
	if (setresuid(-1, 0, -1) || setresgid(-1, 0, -1))
		return -1;
	return personality;
}

int bench_uring(void)
{
	struct io_uring ring;
	struct uring self = { .ring = &ring }, client = { .ring = &ring };
	int failed, err;

	err = io_uring_queue_init(ENTRIES, &ring, 0);
	if (err)
		return figure_failed("uring", FIGURE_PLAIN, err);
	client.personality = register_client(&ring);
	if (client.personality < 0 || scratch_make(CLIENT))
		return figure_failed("uring", FIGURE_PLAIN, client.personality);
	failed = figure_of("uring_open", FIGURE_PLAIN, do_open, &self) |
		 figure_of("uring_open_personality", FIGURE_PLAIN, do_open, &client);
	io_uring_queue_exit(&ring);
	return failed;
}
