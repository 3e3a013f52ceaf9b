// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The end of a context, and who wears it.
 */
#include <assert.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "ntimp.h"

static_assert(sizeof(pid_t) == sizeof(__s32), "threads are handed over as they are");

int ntimp_revoke(int ctx, unsigned int flags)
{
	return ioctl(ctx, NTIMP_CTX_REVOKE, (unsigned long)flags);
}

int ntimp_expire(int ctx, uint64_t lifetime_ns)
{
	struct ntimp_expire expire = { .size = sizeof(expire), .lifetime = lifetime_ns };

	return ioctl(ctx, NTIMP_CTX_EXPIRE, &expire);
}

int ntimp_wearers(int ctx, pid_t *tids, size_t *ntids)
{
	struct ntimp_wearers wearers = {
		.size = sizeof(wearers),
		.tids = (uintptr_t)tids,
		.ntids = *ntids > UINT32_MAX ? UINT32_MAX : (__u32)*ntids,
	};
	int ret = ioctl(ctx, NTIMP_CTX_WEARERS, &wearers);

	/* Also if there is too little room; unchanged after any other failure. */
	*ntids = wearers.ntids;
	return ret;
}
