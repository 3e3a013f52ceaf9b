/* SPDX-License-Identifier: GPL-2.0-only */
/* What one thread demands of another: for actors and children to carry out. */
#ifndef SELFTEST_DEMAND_H
#define SELFTEST_DEMAND_H

#include <sys/types.h>

#include "wearing.h"

/**
 * struct demand - whose thread, and which client
 * @wearing: the server and its client
 * @tid: the other thread
 */
struct demand {
	const struct wearing *wearing;
	pid_t tid;
};

/* @demand: a struct demand.  The thread is to be the client: 0 or -errno. */
int demand_client(void *demand);
/* And to be itself again. */
int demand_primary(void *demand);

#endif /* SELFTEST_DEMAND_H */
