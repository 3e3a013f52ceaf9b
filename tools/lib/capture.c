// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Captures that are one request to the device each.
 */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "capture.h"
#include "device.h"
#include "ntimp.h"

static_assert(sizeof(gid_t) == sizeof(__u32), "groups are handed over as they are");

int capture(struct ntimp_capture *request, const struct ntimp_qos *qos)
{
	static const struct ntimp_qos usual = { .level = NTIMP_LEVEL_IMPERSONATION };
	int dev = device_checked();

	if (dev < 0)
		return -1;
	request->size = sizeof(*request);
	request->qos = qos ? *qos : usual;
	return ioctl(dev, NTIMP_CAPTURE, request);
}

int ntimp_capture_self(const struct ntimp_qos *qos)
{
	struct ntimp_capture request = { .source = NTIMP_SOURCE_SELF };

	return capture(&request, qos);
}

int ntimp_capture_thread(pid_t tid, const struct ntimp_qos *qos)
{
	struct ntimp_capture request = { .source = NTIMP_SOURCE_THREAD, .tid = tid };

	return capture(&request, qos);
}

int ntimp_capture_peer(int sockfd, const struct ntimp_qos *qos)
{
	struct ntimp_capture request = { .source = NTIMP_SOURCE_PEER, .fd = sockfd };

	return capture(&request, qos);
}

int ntimp_capture_ids(uid_t uid, gid_t gid, size_t ngroups, const gid_t *groups,
		      const struct ntimp_qos *qos)
{
	struct ntimp_capture request = {
		.source = NTIMP_SOURCE_IDS,
		.uid = uid,
		.gid = gid,
		.groups = ngroups ? (uintptr_t)groups : 0,
		.ngroups = (__u32)ngroups,
	};

	if (ngroups > UINT32_MAX) {
		errno = EINVAL;
		return -1;
	}
	return capture(&request, qos);
}

int ntimp_capture_anonymous(void)
{
	struct ntimp_capture request = { .source = NTIMP_SOURCE_ANONYMOUS };

	return capture(&request, NULL);
}

int ntimp_duplicate(int ctx, const struct ntimp_qos *qos)
{
	struct ntimp_capture request = { .source = NTIMP_SOURCE_CONTEXT, .fd = ctx };

	return capture(&request, qos);
}

int ntimp_update(int ctx)
{
	return ioctl(ctx, NTIMP_CTX_UPDATE, 0);
}
