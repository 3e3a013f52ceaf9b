// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Who is the client of a context, whom does a thread impersonate, and who may.
 */
#include <sys/ioctl.h>

#include "device.h"
#include "ntimp.h"

/* groups and ngroups are the caller's. */
static void prepare(struct ntimp_info *info, pid_t tid)
{
	info->size = sizeof(*info);
	info->flags = 0;
	info->tid = tid;
}

int ntimp_query(int ctx, struct ntimp_info *info)
{
	prepare(info, 0);
	return ioctl(ctx, NTIMP_CTX_QUERY, info);
}

int ntimp_query_thread(pid_t tid, struct ntimp_info *info)
{
	int dev = device_checked();

	if (dev < 0)
		return -1;
	prepare(info, tid);
	return ioctl(dev, NTIMP_QUERY_THREAD, info);
}

int ntimp_explain(int ctx, pid_t tid, struct ntimp_explain *explain)
{
	*explain = (struct ntimp_explain) { .size = sizeof(*explain), .tid = tid };
	return ioctl(ctx, NTIMP_CTX_EXPLAIN, explain);
}
