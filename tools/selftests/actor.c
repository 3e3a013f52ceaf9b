// SPDX-License-Identifier: GPL-2.0-only
/* A second thread, see actor.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "actor.h"

static void wait_for(sem_t *sem)
{
	while (sem_wait(sem) && errno == EINTR)
		;
}

static void *actor_main(void *arg)
{
	struct actor *actor = arg;

	actor->tid = syscall(SYS_gettid);
	sem_post(&actor->done);
	for (;;) {
		wait_for(&actor->told);
		if (!actor->fn)
			return NULL;
		actor->result = actor->fn(actor->arg);
		sem_post(&actor->done);
	}
}

int actor_start(struct actor *actor)
{
	int err;

	sem_init(&actor->told, 0, 0);
	sem_init(&actor->done, 0, 0);
	err = pthread_create(&actor->thread, NULL, actor_main, actor);
	if (err)
		return -err;
	wait_for(&actor->done);
	return 0;
}

void actor_tell(struct actor *actor, int (*fn)(void *arg), void *arg)
{
	actor->fn = fn;
	actor->arg = arg;
	sem_post(&actor->told);
}

int actor_await(struct actor *actor)
{
	wait_for(&actor->done);
	return actor->result;
}

int actor_call(struct actor *actor, int (*fn)(void *arg), void *arg)
{
	actor_tell(actor, fn, arg);
	return actor_await(actor);
}

void actor_stop(struct actor *actor)
{
	actor_tell(actor, NULL, NULL);
	pthread_join(actor->thread, NULL);
	sem_destroy(&actor->told);
	sem_destroy(&actor->done);
}
