// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes that a context takes: captured, used by one server, and worn by each further
 * thread of it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "device.h"
#include "families.h"
#include "figure.h"
#include "kmemory.h"
#include "persona.h"
#include "pile.h"
#include "raw.h"

#define CONTEXTS	5000
#define THREADS		256
#define CONTEXTS_EACH	20	/* that each thread wears, one after the other */
#define GROUPS		16

static int put_difference(const char *what, long ngroups, const struct kmemory *before,
			  const struct kmemory *after, int count)
{
	return figure_put(what, ngroups, "bytes", (after->rest - before->rest) / count);
}

static int memory_of(const char *captured, const char *used, struct ntimp_capture args,
		     long ngroups)
{
	struct kmemory before, after, later;
	struct pile pile;
	int err, failed;

	/* The table of descriptors is of its own size, and not a context's. */
	err = pile_begin(&pile, CONTEXTS) ?: pile_add(&pile, args, CONTEXTS);
	pile_end(&pile);
	err = err ?: kmemory_count(&before);
	if (err)
		return figure_failed(captured, ngroups, err);
	err = pile_begin(&pile, CONTEXTS) ?: pile_add(&pile, args, CONTEXTS) ?:
	      kmemory_count(&after) ?: pile_use(&pile) ?: kmemory_count(&later);
	pile_end(&pile);
	if (err)
		return figure_failed(used, ngroups, err);
	failed = put_difference(captured, ngroups, &before, &after, CONTEXTS) |
		 put_difference(used, ngroups, &before, &later, CONTEXTS);
	if (!ngroups)
		failed |= figure_put("bytes_descriptor", FIGURE_PLAIN, "bytes",
				     (after.files - before.files) / CONTEXTS);
	return failed;
}

/* The process itself is the peer, so that the groups are a client's. */
static int memory_of_peer(size_t ngroups)
{
	int ends[2], failed;

	if (persona_set_groups(ngroups, client_groups()) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return figure_failed("bytes_peer", ngroups, errno);
	failed = memory_of("bytes_peer", "bytes_peer_used",
			   (struct ntimp_capture){ .source = NTIMP_SOURCE_PEER, .fd = ends[0] },
			   ngroups);
	close(ends[0]);
	close(ends[1]);
	return failed | (persona_set_groups(0, NULL) ? -1 : 0);
}

static struct ntimp_capture client_of_ids(size_t ngroups)
{
	return (struct ntimp_capture){
		.source = NTIMP_SOURCE_IDS,
		.uid = CLIENT,
		.gid = CLIENT,
		.groups = ngroups ? (uintptr_t)client_groups() : 0,
		.ngroups = ngroups,
	};
}

static int memory_of_ids(size_t ngroups)
{
	return memory_of("bytes_ids", "bytes_ids_used", client_of_ids(ngroups), ngroups);
}

struct wearers {
	struct pile pile;
	pthread_barrier_t turn;
};

static void *wear_in_turn(void *arg)
{
	struct wearers *wearers = arg;
	long err;

	pthread_barrier_wait(&wearers->turn);
	pthread_barrier_wait(&wearers->turn);
	err = pile_use(&wearers->pile);
	pthread_barrier_wait(&wearers->turn);
	pthread_barrier_wait(&wearers->turn);
	return (void *)err;
}

/* This thread uses the contexts first: what is kept for its server is there. */
static int memory_of_threads(void)
{
	struct wearers wearers;
	pthread_t threads[THREADS];
	struct kmemory before, after;
	long failed, err = 0;
	void *status;

	pthread_barrier_init(&wearers.turn, NULL, THREADS + 1);
	failed = pile_begin(&wearers.pile, CONTEXTS_EACH) ?:
		 pile_add(&wearers.pile, client_of_ids(GROUPS), CONTEXTS_EACH) ?:
		 pile_use(&wearers.pile);
	for (int i = 0; !failed && i < THREADS; i++)
		failed = pthread_create(&threads[i], NULL, wear_in_turn, &wearers);
	if (failed)
		return figure_failed("bytes_thread", GROUPS, failed);
	pthread_barrier_wait(&wearers.turn);
	err = kmemory_count(&before);
	pthread_barrier_wait(&wearers.turn);
	pthread_barrier_wait(&wearers.turn);
	err = err ?: kmemory_count(&after);
	pthread_barrier_wait(&wearers.turn);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &status);
		err = err ?: (long)status;
	}
	pthread_barrier_destroy(&wearers.turn);
	pile_end(&wearers.pile);
	return err ? figure_failed("bytes_thread", GROUPS, err) :
		     put_difference("bytes_thread", GROUPS, &before, &after,
				    THREADS * CONTEXTS_EACH);
}

int bench_memory(void)
{
	static const size_t counts[] = { 0, GROUPS, 1024 };
	int failed = 0;

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		failed |= memory_of_peer(counts[i]) | memory_of_ids(counts[i]);
	return failed | memory_of_threads();
}
