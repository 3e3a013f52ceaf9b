// SPDX-License-Identifier: GPL-2.0-only
/* Calls on contexts, see kinds.h. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "files.h"
#include "kinds.h"
#include "pool.h"

/* One's own, which is known, or one that anybody may close meanwhile. */
static void on_context(struct worker *worker, struct request *request, unsigned long number,
		       size_t size)
{
	request->fd = prng_once_in(worker->prng, 2) ? pool_own_context(worker) :
						      pool_context(worker);
	request->number = number;
	request->size = size;
	request->args.words[0] = size;
}

static uint32_t some_flags(struct prng *prng)
{
	static const uint32_t flags[] = {
		0, 0, 0, 0, 0, NTIMP_IMPERSONATE_EXCLUSIVE, NTIMP_IMPERSONATE_DOWNGRADE,
		NTIMP_IMPERSONATE_EXCLUSIVE | NTIMP_IMPERSONATE_DOWNGRADE,
	};

	return prng_pick(prng, flags);
}

static void make_impersonate(struct worker *worker, struct request *request)
{
	on_context(worker, request, NTIMP_CTX_IMPERSONATE, 0);
	request->value = some_flags(worker->prng);
}

static void make_revert(struct worker *worker, struct request *request)
{
	on_context(worker, request, NTIMP_REVERT, 0);
}

static void make_query(struct worker *worker, struct request *request)
{
	struct ntimp_info *info = &request->args.info;

	on_context(worker, request, NTIMP_CTX_QUERY, sizeof(*info));
	if (prng_once_in(worker->prng, 2)) {
		info->ngroups = 1 + prng_below(worker->prng, 64);
		info->groups = (uintptr_t)worker->arena.array;
	}
}

static void make_impersonate_thread(struct worker *worker, struct request *request)
{
	on_context(worker, request, NTIMP_CTX_IMPERSONATE_THREAD, sizeof(request->args.thread));
	request->args.thread.flags = some_flags(worker->prng);
	request->args.thread.tid = pool_thread(worker);
}

static void make_update(struct worker *worker, struct request *request)
{
	on_context(worker, request, NTIMP_CTX_UPDATE, 0);
}

static void make_revoke(struct worker *worker, struct request *request)
{
	on_context(worker, request, NTIMP_CTX_REVOKE, 0);
	request->value = prng_below(worker->prng, 2);
}

static void make_expire(struct worker *worker, struct request *request)
{
	static const uint64_t lifetimes[] = { 0, 1, 1000, 1000000, 1000000000, 1ULL << 62, -1 };

	on_context(worker, request, NTIMP_CTX_EXPIRE, sizeof(request->args.expire));
	request->args.expire.lifetime = prng_pick(worker->prng, lifetimes);
}

static void make_wearers(struct worker *worker, struct request *request)
{
	struct ntimp_wearers *wearers = &request->args.wearers;

	on_context(worker, request, NTIMP_CTX_WEARERS, sizeof(*wearers));
	if (prng_once_in(worker->prng, 2)) {
		wearers->ntids = prng_below(worker->prng, 16);
		wearers->tids = wearers->ntids ? (uintptr_t)worker->arena.array : 0;
	}
}

static void make_explain(struct worker *worker, struct request *request)
{
	on_context(worker, request, NTIMP_CTX_EXPLAIN, sizeof(request->args.explain));
	if (prng_once_in(worker->prng, 2))
		request->args.explain.tid = pool_thread(worker);
}

static uint64_t some_path(struct worker *worker, size_t offset)
{
	char *path = (char *)worker->arena.array + offset;

	if (prng_once_in(worker->prng, 4))
		snprintf(path, 16, "made%u", prng_below(worker->prng, 4));
	else
		snprintf(path, 16, "%s", prng_pick(worker->prng, known_files).name);
	return (uintptr_t)path;
}

static void make_call(struct worker *worker, struct request *request)
{
	static const uint64_t hows[] = {
		O_RDONLY, O_RDONLY | O_CLOEXEC, O_WRONLY, O_RDWR, O_PATH, O_RDONLY | O_DIRECTORY,
		O_WRONLY | O_CREAT, O_RDWR | O_CREAT | O_EXCL, O_RDWR | O_TMPFILE,
	};
	struct ntimp_call *call = &request->args.call;
	struct prng *prng = worker->prng;

	on_context(worker, request, NTIMP_CTX_CALL, sizeof(*call));
	call->op = 1 + prng_below(prng, NTIMP_OP_CHMOD);
	call->flags = prng_once_in(prng, 4) ? NTIMP_CALL_WORKER : 0;
	call->dirfd = prng_once_in(prng, 4) ? AT_FDCWD : worker->shared->scratch.fd;
	call->path = some_path(worker, 0);
	if (call->op == NTIMP_OP_OPEN) {
		call->how = prng_pick(prng, hows);
		if (call->how & (O_CREAT | O_TMPFILE) & ~O_DIRECTORY)
			call->mode = 0600;
	} else if (call->op == NTIMP_OP_RENAME) {
		call->path2 = some_path(worker, ARENA_ARRAY / 2);
	} else if (call->op == NTIMP_OP_ACCESS) {
		call->mode = prng_below(prng, 8);
	} else if (call->op == NTIMP_OP_MKDIR || call->op == NTIMP_OP_CHMOD) {
		call->mode = 0700;
	}
}

const struct kind context_kinds[] = {
	{ "impersonate", 320, .make = make_impersonate },
	{ "revert by context", 50, .make = make_revert },
	{ "query context", 90, .make = make_query },
	{ "impersonate thread", 15, .make = make_impersonate_thread },
	{ "update", 5, .make = make_update },
	{ "revoke", 3, .make = make_revoke },
	{ "expire", 3, .make = make_expire },
	{ "wearers", 10, .make = make_wearers },
	{ "explain", 10, .make = make_explain },
	{ "call", 20, .make = make_call },
	{}
};
