// SPDX-License-Identifier: GPL-2.0-only
/* Calls on /dev/ntimp, see kinds.h. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "kinds.h"
#include "oracle.h"
#include "pool.h"

static void on_device(struct worker *worker, struct request *request, unsigned long number,
		      size_t size)
{
	request->fd = worker->shared->dev;
	request->number = number;
	request->size = size;
	request->args.words[0] = size;
}

static void make_version(struct worker *worker, struct request *request)
{
	on_device(worker, request, NTIMP_VERSION, sizeof(request->args.version));
}

static struct ntimp_qos some_qos(struct prng *prng)
{
	static const uint32_t levels[] = { 0, 1, 2, 2, 2, 2, 3, 3 };

	return (struct ntimp_qos) {
		.level = prng_pick(prng, levels),
		.tracking = prng_once_in(prng, 10),
		.effective_only = prng_once_in(prng, 4),
		.flags = prng_once_in(prng, 10) ? prng_below(prng, 4) : 0,
	};
}

static struct ntimp_capture *make_capture(struct worker *worker, struct request *request,
					  enum ntimp_source source)
{
	struct ntimp_capture *capture = &request->args.capture;

	on_device(worker, request, NTIMP_CAPTURE, sizeof(*capture));
	capture->source = source;
	capture->qos = some_qos(worker->prng);
	return capture;
}

/* One that follows its client may become less. */
static void know_client(struct request *request, const struct identity *client)
{
	request->client_known = request->args.capture.qos.tracking == NTIMP_TRACKING_STATIC;
	request->client = *client;
}

static void make_capture_self(struct worker *worker, struct request *request)
{
	make_capture(worker, request, NTIMP_SOURCE_SELF);
	/* If others can change that, it may be too late. */
	if (oracle_is_sure(worker) && !(worker->shared->features & NTIMP_FEATURE_REMOTE))
		know_client(request, &worker->acting);
}

static void make_capture_thread(struct worker *worker, struct request *request)
{
	make_capture(worker, request, NTIMP_SOURCE_THREAD)->tid = pool_thread(worker);
}

static void make_capture_peer(struct worker *worker, struct request *request)
{
	struct ntimp_capture *capture = make_capture(worker, request, NTIMP_SOURCE_PEER);

	capture->fd = worker->ends[prng_below(worker->prng, 2)];
	if (prng_once_in(worker->prng, 4))
		capture->fd = pool_any(worker);
	else if (worker->ends_known)
		know_client(request, &worker->ends_maker);
}

static uint32_t some_id(struct prng *prng)
{
	static const uint32_t ids[] = {
		1001, 1001, 1001, 1002, 1003, 1008, 5, 6, 7, 0, 2001, 2002, 2003, 2004, 2005, 65534,
	};

	return prng_pick(prng, ids);
}

static int compare_ids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void some_groups(struct worker *worker, struct ntimp_capture *capture)
{
	uint32_t *groups = worker->arena.array;

	capture->ngroups = prng_below(worker->prng, prng_once_in(worker->prng, 8) ? 60 : 6);
	if (!capture->ngroups)
		return;
	capture->groups = (uintptr_t)groups;
	for (uint32_t i = 0; i < capture->ngroups; i++)
		groups[i] = some_id(worker->prng);
}

static void client_of_ids(const struct ntimp_capture *capture, struct identity *client)
{
	*client = (struct identity) {
		.uid = capture->uid, .euid = capture->uid,
		.suid = capture->uid, .fsuid = capture->uid,
		.gid = capture->gid, .egid = capture->gid,
		.sgid = capture->gid, .fsgid = capture->gid,
		.ngroups = capture->ngroups,
	};
	memcpy(client->groups, (void *)(uintptr_t)capture->groups,
	       capture->ngroups * sizeof(*client->groups));
	qsort(client->groups, client->ngroups, sizeof(*client->groups), compare_ids);
}

static void make_capture_ids(struct worker *worker, struct request *request)
{
	struct ntimp_capture *capture = make_capture(worker, request, NTIMP_SOURCE_IDS);
	struct identity client;

	capture->uid = some_id(worker->prng);
	capture->gid = some_id(worker->prng);
	some_groups(worker, capture);
	if (prng_once_in(worker->prng, 4)) {
		capture->flags = NTIMP_CAPTURE_CAPS;
		capture->caps = worker->primary.permitted & prng_next(worker->prng);
	}
	client_of_ids(capture, &client);
	/* The kernel's order of groups is that of the outermost namespace. */
	if (!worker->role->user_ns || capture->ngroups < 2)
		know_client(request, &client);
}

static void make_capture_anonymous(struct worker *worker, struct request *request)
{
	struct identity nobody = {
		.uid = 65534, .euid = 65534, .suid = 65534, .fsuid = 65534,
		.gid = 65534, .egid = 65534, .sgid = 65534, .fsgid = 65534,
	};

	make_capture(worker, request, NTIMP_SOURCE_ANONYMOUS);
	know_client(request, &nobody);
}

static void make_capture_context(struct worker *worker, struct request *request)
{
	struct ntimp_capture *capture = make_capture(worker, request, NTIMP_SOURCE_CONTEXT);
	struct identity client;
	int own = pool_own_context(worker);

	if (prng_once_in(worker->prng, 2)) {
		capture->fd = prng_once_in(worker->prng, 4) ? pool_any(worker) :
							      pool_context(worker);
		return;
	}
	capture->fd = own;
	if (own >= 0 && client_known(worker->shared, context_id(own), &client))
		know_client(request, &client);
}

static void make_revert(struct worker *worker, struct request *request)
{
	on_device(worker, request, NTIMP_REVERT, 0);
}

static void make_query_thread(struct worker *worker, struct request *request)
{
	struct ntimp_info *info = &request->args.info;

	on_device(worker, request, NTIMP_QUERY_THREAD, sizeof(*info));
	info->tid = prng_once_in(worker->prng, 2) ? 0 : pool_thread(worker);
	if (prng_once_in(worker->prng, 2)) {
		info->ngroups = 1 + prng_below(worker->prng, 64);
		info->groups = (uintptr_t)worker->arena.array;
	}
}

static void make_revert_thread(struct worker *worker, struct request *request)
{
	on_device(worker, request, NTIMP_REVERT_THREAD, sizeof(request->args.thread));
	request->args.thread.tid = pool_thread(worker);
}

const struct kind device_kinds[] = {
	{ "version", 30, .make = make_version },
	{ "capture self", 30, .make = make_capture_self },
	{ "capture thread", 20, .make = make_capture_thread },
	{ "capture peer", 25, .make = make_capture_peer },
	{ "capture ids", 60, .make = make_capture_ids },
	{ "capture anonymous", 10, .make = make_capture_anonymous },
	{ "capture context", 40, .make = make_capture_context },
	{ "revert", 150, .make = make_revert },
	{ "query thread", 90, .make = make_query_thread },
	{ "revert thread", 15, .make = make_revert_thread },
	{}
};
