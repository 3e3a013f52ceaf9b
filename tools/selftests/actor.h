/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second thread that does what the test's first one tells it, one call at a
 * time, so that the order of what threads do is the test's.
 */
#ifndef SELFTEST_ACTOR_H
#define SELFTEST_ACTOR_H

#include <pthread.h>
#include <semaphore.h>
#include <sys/types.h>

/**
 * struct actor - a thread
 * @tid: its number
 */
struct actor {
	pid_t tid;
	/* Of actor.c. */
	pthread_t thread;
	sem_t told;
	sem_t done;
	int (*fn)(void *arg);
	void *arg;
	int result;
};

/* 0 or -errno */
int actor_start(struct actor *actor);
/* Run @fn in the thread: what it returned. */
int actor_call(struct actor *actor, int (*fn)(void *arg), void *arg);
/* The same in two steps, for calls that block. */
void actor_tell(struct actor *actor, int (*fn)(void *arg), void *arg);
int actor_await(struct actor *actor);
/* The thread ends, as it is. */
void actor_stop(struct actor *actor);

#endif /* SELFTEST_ACTOR_H */
