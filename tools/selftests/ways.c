// SPDX-License-Identifier: GPL-2.0-only
/* The ways in which something can be done with a client's rights, see ways.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "ways.h"

const char *const way_names[WAYS] = {
	[WAY_REAL] = "process",
	[WAY_WEAR] = "impersonation",
	[WAY_BROKER] = "broker",
	[WAY_WORKER] = "worker",
};

struct order {
	sem_t given;
	sem_t done;
	int root;
	int deed;
	struct deed_on on;
	int result;
	struct look look;
};

static void wait_for(sem_t *sem)
{
	while (sem_wait(sem) && errno == EINTR)
		;
}

static int deed_do(const struct doer *doer, int deed, const struct deed_on *on, struct look *look)
{
	memset(look, 0, sizeof(*look));
	return deeds[deed].fn(&deeds[deed], doer, on, look);
}

static int obey(const struct child *parent, void *arg)
{
	struct order *order = arg;
	const struct doer doer = { .root = order->root, .ctx = -1 };

	(void)parent;
	for (;;) {
		wait_for(&order->given);
		if (order->deed < 0)
			return 0;
		order->result = deed_do(&doer, order->deed, &order->on, &order->look);
		sem_post(&order->done);
	}
}

int stand_in_start(struct stand_in *stand_in, int dev, int root, const struct persona *who)
{
	struct order *order;

	order = mmap(NULL, sizeof(*order), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	if (order == MAP_FAILED)
		return -errno;
	sem_init(&order->given, 1, 0);
	sem_init(&order->done, 1, 0);
	order->root = root;
	stand_in->order = order;
	stand_in->dev = dev;
	stand_in->root = root;
	stand_in->ctx = capture_ids(dev, who->uid, who->gid, who->ngroups, who->groups,
				    NTIMP_LEVEL_IMPERSONATION);
	if (stand_in->ctx < 0)
		return stand_in->ctx;
	return child_start(&stand_in->child, who, obey, order);
}

int stand_in_finish(struct stand_in *stand_in)
{
	int err;

	stand_in->order->deed = -1;
	sem_post(&stand_in->order->given);
	err = child_finish(&stand_in->child);
	close(stand_in->ctx);
	munmap(stand_in->order, sizeof(*stand_in->order));
	return err;
}

static int do_in_process(struct order *order, int deed, const struct deed_on *on,
			 struct look *look)
{
	order->deed = deed;
	order->on = *on;
	sem_post(&order->given);
	wait_for(&order->done);
	*look = order->look;
	return order->result;
}

/* A test that goes on with the wrong identity would say nothing. */
static int do_impersonating(const struct stand_in *stand_in, int deed, const struct deed_on *on,
			    struct look *look)
{
	const struct doer doer = { .root = stand_in->root, .ctx = -1 };
	int result;

	if (context_impersonate(stand_in->ctx))
		abort();
	result = deed_do(&doer, deed, on, look);
	if (device_revert(stand_in->dev))
		abort();
	return result;
}

int stand_in_do(struct stand_in *stand_in, enum way way, int deed, const struct deed_on *on,
		struct look *look)
{
	const struct doer broker = {
		.root = stand_in->root,
		.ctx = stand_in->ctx,
		.flags = way == WAY_WORKER ? NTIMP_CALL_WORKER : 0,
	};

	switch (way) {
	case WAY_REAL:
		return do_in_process(stand_in->order, deed, on, look);
	case WAY_WEAR:
		return do_impersonating(stand_in, deed, on, look);
	default:
		return deed_do(&broker, deed, on, look);
	}
}
