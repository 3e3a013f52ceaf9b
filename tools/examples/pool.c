// SPDX-License-Identifier: MIT
/*
 * A pool of threads behind a bounded queue: a ring of items, under one lock.
 * Who puts in waits while the ring is full, so that a flood of requests stays
 * where it came from, in the sockets of the clients.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "pool.h"

struct pool {
	pthread_mutex_t lock;		/* protects all below but work and threads */
	pthread_cond_t filled;
	pthread_cond_t emptied;
	void **ring;
	size_t room;
	size_t first;
	size_t count;
	bool stopping;
	void (*work)(void *item);
	pthread_t *threads;
	size_t started;			/* only used by who starts and stops */
};

/* NULL: the pool is stopping and nothing is left. */
static void *take(struct pool *pool)
{
	void *item = NULL;

	pthread_mutex_lock(&pool->lock);
	while (!pool->count && !pool->stopping)
		pthread_cond_wait(&pool->filled, &pool->lock);
	if (pool->count) {
		item = pool->ring[pool->first];
		pool->first = (pool->first + 1) % pool->room;
		pool->count--;
		pthread_cond_signal(&pool->emptied);
	}
	pthread_mutex_unlock(&pool->lock);
	return item;
}

static void *worker(void *arg)
{
	struct pool *pool = arg;
	void *item;

	for (item = take(pool); item; item = take(pool))
		pool->work(item);
	return NULL;
}

/* Signals are for the thread that started the pool. */
static int start_threads(struct pool *pool, size_t threads)
{
	sigset_t all, before;
	int error = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (pool->started < threads && !error) {
		error = pthread_create(&pool->threads[pool->started], NULL, worker, pool);
		pool->started += !error;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

struct pool *pool_start(size_t threads, size_t room, void (*work)(void *item))
{
	struct pool *pool = calloc(1, sizeof(*pool));
	int error;

	if (!pool)
		return NULL;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->filled, NULL);
	pthread_cond_init(&pool->emptied, NULL);
	pool->room = room;
	pool->work = work;
	pool->ring = calloc(room, sizeof(*pool->ring));
	pool->threads = calloc(threads, sizeof(*pool->threads));
	error = pool->ring && pool->threads ? start_threads(pool, threads) : ENOMEM;
	if (!error)
		return pool;
	pool_stop(pool);
	errno = error;
	return NULL;
}

void pool_put(struct pool *pool, void *item)
{
	pthread_mutex_lock(&pool->lock);
	while (pool->count == pool->room)
		pthread_cond_wait(&pool->emptied, &pool->lock);
	pool->ring[(pool->first + pool->count) % pool->room] = item;
	pool->count++;
	pthread_cond_signal(&pool->filled);
	pthread_mutex_unlock(&pool->lock);
}

void pool_stop(struct pool *pool)
{
	size_t i;

	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	pthread_cond_broadcast(&pool->filled);
	pthread_mutex_unlock(&pool->lock);
	for (i = 0; i < pool->started; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->emptied);
	pthread_cond_destroy(&pool->filled);
	pthread_mutex_destroy(&pool->lock);
	free(pool->threads);
	free(pool->ring);
	free(pool);
}
