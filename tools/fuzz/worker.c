// SPDX-License-Identifier: GPL-2.0-only
/* A thread that makes random calls, see worker.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "kinds.h"
#include "oracle.h"
#include "worker.h"

#define LIFE_MIN	500	/* calls until a worker is replaced */
#define LIFE_SPREAD	4000
#define MESSAGES	20	/* of one seat */
#define RING_ENTRIES	4
#define PARTS		10	/* progress is said so often */

void worker_violation(struct worker *worker, const char *format, ...)
{
	char what[256];
	va_list args;

	if (worker->seat->violations++ >= MESSAGES)
		return;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	fprintf(stderr, "# seat %u (%s), call %lu (%s): %s\n", worker->number, worker->role->name,
		worker->seat->calls, worker->kind, what);
}

static int learn_itself(struct worker *worker)
{
	struct stat st;
	int err = identity_objective(thread_id(), &worker->primary);

	if (!err)
		err = identity_subjective(&worker->self);
	if (!err && stat("/proc/thread-self/ns/user", &st))
		err = -errno;
	worker->own_user_ns = st.st_ino;
	worker->ends_maker = worker->self;
	return err;
}

/* As itself: what it has from then on is its own. */
static int begin(struct worker *worker)
{
	int err = role_take(worker->role);

	if (!err)
		err = learn_itself(worker);
	if (!err)
		err = arena_create(&worker->arena);
	if (err)
		return err;
	err = io_uring_queue_init(RING_ENTRIES, &worker->ring, 0);
	if (!err && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, worker->ends)) {
		err = -errno;
		io_uring_queue_exit(&worker->ring);
	}
	if (err)
		arena_destroy(&worker->arena);
	return err;
}

static void end(struct worker *worker)
{
	for (int i = 0; i < OWN_CONTEXTS; i++)
		if (worker->own[i] >= 0)
			close(worker->own[i]);
	close(worker->ends[0]);
	close(worker->ends[1]);
	io_uring_queue_exit(&worker->ring);
	arena_destroy(&worker->arena);
}

/* Nobody finds the worker any more, and who had found it is through. */
static void be_left_alone(struct worker *worker)
{
	worker->seat->tid = 0;
	while (worker->seat->meddling != worker->seat->meddled)
		sched_yield();
}

static void check_end(struct worker *worker)
{
	struct identity objective;
	int err = device_revert(worker->shared->dev);

	worker->kind = "end";
	if (err)
		worker_violation(worker, "could not revert: %s", strerrorname_np(-err));
	oracle_look(worker);
	if (!worker->sure || worker->acting_id)
		worker_violation(worker, "is not itself at the end");
	if (identity_objective(thread_id(), &objective) ||
	    !identity_equal(&worker->primary, &objective))
		worker_violation(worker, "is not seen as itself at the end");
}

/* One thread speaks for all, which are about as far. */
static void tell_progress(const struct worker *worker)
{
	unsigned long done = worker->seat->calls, all = done + worker->seat->calls_left;

	if (worker->number || all < PARTS || done % (all / PARTS))
		return;
	printf("# %lu of %lu calls of seat 0\n", done, all);
	fflush(stdout);
}

static void work(struct worker *worker)
{
	struct seat *seat = worker->seat;
	unsigned long life = LIFE_MIN + prng_below(worker->prng, LIFE_SPREAD);

	oracle_look(worker);
	while (life-- && seat->calls_left && !shared_time_is_over(worker->shared)) {
		seat->calls_left--;
		kind_run(worker, kind_pick(worker->prng));
		tell_progress(worker);
	}
}

int worker_run(struct shared *shared, unsigned int number, const struct role *role)
{
	struct seat *seat = &shared->seats[number];
	struct worker worker = {
		.shared = shared,
		.seat = seat,
		.number = number,
		.role = role,
		.prng = &seat->prng,
		.own = { -1, -1, -1, -1 },
		.ends_known = true,
		.kind = "begin",
	};
	int err = begin(&worker);

	if (err)
		return err;
	seat->workers++;
	seat->tid = thread_id();
	work(&worker);
	be_left_alone(&worker);

	if (!seat->calls_left || shared_time_is_over(shared) || prng_once_in(worker.prng, 2))
		check_end(&worker);
	else if (oracle_surely_impersonates(&worker))
		seat->ended_wearing++;
	end(&worker);
	return 0;
}
