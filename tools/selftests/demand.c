// SPDX-License-Identifier: GPL-2.0-only
/* What one thread demands of another, see demand.h. */
#include "demand.h"
#include "device.h"

int demand_client(void *arg)
{
	const struct demand *demand = arg;

	return context_impersonate_thread(demand->wearing->ctx, demand->tid);
}

int demand_primary(void *arg)
{
	const struct demand *demand = arg;

	return device_revert_thread(demand->wearing->dev, demand->tid);
}
