// SPDX-License-Identifier: GPL-2.0-only
/* Sending requests, see request.h. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "oracle.h"
#include "pool.h"
#include "request.h"

static bool changes_a_thread(const struct request *request)
{
	return request->number == NTIMP_CTX_IMPERSONATE_THREAD ||
	       request->number == NTIMP_REVERT_THREAD;
}

/* The kernel must not write over the program. */
static void settle_pointers(struct worker *worker, struct request *request)
{
	uint64_t address = 0;

	if (request->number == NTIMP_CTX_QUERY || request->number == NTIMP_QUERY_THREAD)
		address = request->args.info.groups;
	else if (request->number == NTIMP_CTX_WEARERS)
		address = request->args.wearers.tids;
	if (arena_is_safe(&worker->arena, address))
		return;
	address = arena_nowhere(worker->prng);
	if (request->number == NTIMP_CTX_WEARERS)
		request->args.wearers.tids = address;
	else
		request->args.info.groups = address;
}

/* Threads of ours which are no workers do not look after who they are. */
static void settle_thread(struct worker *worker, struct request *request)
{
	pid_t tid = request->args.thread.tid;

	if (changes_a_thread(request) && tid > 2 && tid < 4194304 &&
	    !seat_of(worker->shared, tid))
		request->args.thread.tid = -tid;
}

/* Root may lend itself to whoever holds a context; that is no use here. */
static void settle_dispatch(struct worker *worker, struct request *request)
{
	struct ntimp_capture *capture = &request->args.capture;

	if (request->number != NTIMP_CAPTURE || !worker->role->root)
		return;
	if (capture->source != NTIMP_SOURCE_IDS || !capture->uid || capture->caps)
		capture->qos.flags = 0;
}

/* Files that are known stay what they are. */
static void settle_paths(struct worker *worker, struct request *request)
{
	const struct ntimp_call *call = &request->args.call;

	if (request->number == NTIMP_CTX_CALL && call->op != NTIMP_OP_OPEN &&
	    call->op != NTIMP_OP_ACCESS)
		for (size_t i = 0; i < ARENA_ARRAY; i += ARENA_ARRAY / 2)
			snprintf((char *)worker->arena.array + i, 16, "made%u",
				 prng_below(worker->prng, 4));
}

static void settle(struct worker *worker, struct request *request)
{
	settle_pointers(worker, request);
	settle_thread(worker, request);
	settle_dispatch(worker, request);
	settle_paths(worker, request);
}

static uint64_t place(struct worker *worker, const struct request *request, bool mangled)
{
	if (!request->size)
		return request->value;
	if (!mangled)
		return arena_put(&worker->arena, worker->prng, &request->args, request->size);
	arena_clear(&worker->arena);
	if (prng_once_in(worker->prng, 2))
		return arena_put(&worker->arena, worker->prng, &request->args, request->size);
	return arena_put_badly(&worker->arena, worker->prng, &request->args, request->size);
}

static void keep_context(struct worker *worker, const struct request *request, int ctx)
{
	int64_t id = request->client_known ? context_id(ctx) : 0;

	if (id < 0)
		worker_violation(worker, "a new context can't be queried: %s",
				 strerrorname_np(-id));
	else if (id > 0)
		client_learn(worker->shared, id, &request->client);
	if (prng_once_in(worker->prng, 2))
		pool_put(worker, ctx);
	else
		pool_put_own(worker, ctx);
}

static void got_file(struct worker *worker, int fd)
{
	if (fd <= STDERR_FILENO)
		return;
	oracle_got_file(worker, fd);
	close(fd);
}

static void look_at_success(struct worker *worker, const struct request *request, int result)
{
	switch (request->number) {
	case NTIMP_CAPTURE:
		keep_context(worker, request, result);
		break;
	case NTIMP_CTX_IMPERSONATE:
		oracle_impersonates(worker);
		return;
	case NTIMP_REVERT:
		oracle_reverted(worker);
		return;
	case NTIMP_CTX_CALL:
		got_file(worker, result);
		break;
	}
	if (prng_once_in(worker->prng, 4))
		oracle_unchanged(worker);
}

int request_send(struct worker *worker, struct request *request, bool mangled)
{
	struct seat *target = NULL;
	uint64_t argument;
	int result;

	settle(worker, request);
	if (changes_a_thread(request))
		target = seat_of(worker->shared, request->args.thread.tid);
	argument = place(worker, request, mangled);

	if (target)
		target->meddling++;
	result = device_ioctl(request->fd, request->number, argument);
	if (target)
		target->meddled++;

	if (result >= 0)
		look_at_success(worker, request, result);
	else if (prng_once_in(worker->prng, 4))
		oracle_unchanged(worker);
	return result;
}
