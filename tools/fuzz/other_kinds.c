// SPDX-License-Identifier: GPL-2.0-only
/* System calls whose outcome depends on an identity, see kinds.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "files.h"
#include "kinds.h"
#include "oracle.h"
#include "pool.h"

static int run_open(struct worker *worker)
{
	const struct known_file *file = &prng_pick(worker->prng, known_files);
	int result = file_try(&worker->shared->scratch, file->name, O_RDONLY);

	oracle_opened(worker, file, result);
	return result;
}

static int run_access(struct worker *worker)
{
	const struct known_file *file = &prng_pick(worker->prng, known_files);
	int ret = faccessat(worker->shared->scratch.fd, file->name,
			    prng_below(worker->prng, 8), 0) ? -errno : 0;

	oracle_unchanged(worker);
	return ret;
}

static int run_kill(struct worker *worker)
{
	if (!kill(getpid(), 0))
		return 0;
	worker_violation(worker, "may not signal its own process");
	return -errno;
}

static int run_close(struct worker *worker)
{
	return pool_close_one(worker);
}

static int run_fdinfo(struct worker *worker)
{
	char path[64], text[512];
	int fd, err;

	snprintf(path, sizeof(path), "/proc/thread-self/fdinfo/%d", pool_context(worker));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = read(fd, text, sizeof(text)) < 0 ? -errno : 0;
	close(fd);
	return err;
}

/* As whom the worker acts, which those learn who capture the peer. */
static int run_socketpair(struct worker *worker)
{
	bool sure = oracle_is_sure(worker);
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -errno;
	close(worker->ends[0]);
	close(worker->ends[1]);
	worker->ends[0] = ends[0];
	worker->ends[1] = ends[1];
	worker->ends_known = sure && oracle_is_sure(worker);
	worker->ends_maker = worker->acting;
	return 0;
}

/* A process of its own is the worker's primary, whomever that impersonates. */
static void be_child(struct worker *worker)
{
	struct ntimp_info info = { .size = sizeof(info) };
	struct identity now;

	if (identity_subjective(&now) || !identity_equal(&worker->self, &now))
		_exit(1);
	_exit(device_query_thread(worker->shared->dev, &info) == -ENOENT ? 0 : 2);
}

/* Without the C library's locks, which other threads may hold. */
static int run_fork(struct worker *worker)
{
	long flags = prng_once_in(worker->prng, 2) ? CLONE_FILES : 0;
	int status = 0;
	pid_t pid;

	pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
	if (pid < 0)
		return -errno;
	if (!pid)
		be_child(worker);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (status)
		worker_violation(worker, "made a child that is somebody else: status %x", status);
	oracle_unchanged(worker);
	return 0;
}

/* Of what was submitted now, or before. */
static void reap(struct worker *worker)
{
	struct io_uring_cqe *cqe;

	while (!io_uring_peek_cqe(&worker->ring, &cqe)) {
		int fd = cqe->res;

		io_uring_cqe_seen(&worker->ring, cqe);
		if (fd <= STDERR_FILENO)
			continue;
		oracle_got_file(worker, fd);
		close(fd);
	}
}

static int run_uring(struct worker *worker)
{
	const char *name = known_files[ROOTS_FILE].name;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&worker->ring);
	int result;

	if (sqe) {
		io_uring_prep_openat(sqe, worker->shared->scratch.fd, name,
				     O_RDONLY | O_CLOEXEC, 0);
		if (prng_once_in(worker->prng, 8))
			sqe->flags |= IOSQE_ASYNC;
	}
	result = io_uring_submit(&worker->ring);
	if (result >= 0 && oracle_surely_impersonates(worker))
		worker_violation(worker, "submitted a request while impersonating");
	reap(worker);
	oracle_unchanged(worker);
	return result;
}

const struct kind other_kinds[] = {
	{ "open", 45, .run = run_open },
	{ "access", 12, .run = run_access },
	{ "kill", 5, .run = run_kill },
	{ "close", 15, .run = run_close },
	{ "fdinfo", 2, .run = run_fdinfo },
	{ "socketpair", 4, .run = run_socketpair },
	{ "fork", 1, .run = run_fork },
	{ "io_uring", 10, .run = run_uring },
	{}
};
