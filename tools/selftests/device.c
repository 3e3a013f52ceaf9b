// SPDX-License-Identifier: GPL-2.0-only
/* The raw interface, see device.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#include "device.h"

int device_ioctl(int fd, unsigned long request, unsigned long arg)
{
	int ret = ioctl(fd, request, arg);

	return ret < 0 ? -errno : ret;
}

int device_open(void)
{
	int fd = open(DEVICE_PATH, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int device_version(int dev, struct ntimp_version *version)
{
	return device_ioctl(dev, NTIMP_VERSION, (unsigned long)version);
}

int device_capture(int dev, const struct ntimp_capture *capture)
{
	return device_ioctl(dev, NTIMP_CAPTURE, (unsigned long)capture);
}

int device_revert(int dev)
{
	return device_ioctl(dev, NTIMP_REVERT, 0);
}

int device_query_thread(int dev, struct ntimp_info *info)
{
	return device_ioctl(dev, NTIMP_QUERY_THREAD, (unsigned long)info);
}

static int ioctl_thread(int fd, unsigned long request, pid_t tid)
{
	struct ntimp_thread thread = { .size = sizeof(thread), .tid = tid };

	return device_ioctl(fd, request, (uintptr_t)&thread);
}

int device_revert_thread(int dev, pid_t tid)
{
	return ioctl_thread(dev, NTIMP_REVERT_THREAD, tid);
}

int context_impersonate_thread(int ctx, pid_t tid)
{
	return ioctl_thread(ctx, NTIMP_CTX_IMPERSONATE_THREAD, tid);
}

int context_impersonate(int ctx)
{
	return device_ioctl(ctx, NTIMP_CTX_IMPERSONATE, 0);
}

int context_query(int ctx, struct ntimp_info *info)
{
	return device_ioctl(ctx, NTIMP_CTX_QUERY, (unsigned long)info);
}

int context_downgraded(int ctx)
{
	return device_ioctl(ctx, NTIMP_CTX_IMPERSONATE, NTIMP_IMPERSONATE_DOWNGRADE);
}

int context_update(int ctx)
{
	return device_ioctl(ctx, NTIMP_CTX_UPDATE, 0);
}

int context_revoke(int ctx, unsigned int flags)
{
	return device_ioctl(ctx, NTIMP_CTX_REVOKE, flags);
}

int context_expire(int ctx, uint64_t lifetime)
{
	struct ntimp_expire expire = { .size = sizeof(expire), .lifetime = lifetime };

	return device_ioctl(ctx, NTIMP_CTX_EXPIRE, (uintptr_t)&expire);
}

int context_wearers(int ctx, int32_t *tids, uint32_t room)
{
	struct ntimp_wearers wearers = {
		.size = sizeof(wearers),
		.tids = (uintptr_t)tids,
		.ntids = room,
	};
	int err = device_ioctl(ctx, NTIMP_CTX_WEARERS, (uintptr_t)&wearers);

	return err ? err : (int)wearers.ntids;
}

int context_flags(int ctx)
{
	struct ntimp_info info = { .size = sizeof(info) };
	int err = context_query(ctx, &info);

	return err ? err : (int)info.flags;
}

int capture_self_qos(int dev, struct ntimp_qos qos)
{
	struct ntimp_capture capture = {
		.size = sizeof(capture),
		.source = NTIMP_SOURCE_SELF,
		.qos = qos,
	};

	return device_capture(dev, &capture);
}

int capture_thread_qos(int dev, pid_t tid, struct ntimp_qos qos)
{
	struct ntimp_capture capture = {
		.size = sizeof(capture),
		.source = NTIMP_SOURCE_THREAD,
		.qos = qos,
		.tid = tid,
	};

	return device_capture(dev, &capture);
}

int capture_context_qos(int dev, int ctx, struct ntimp_qos qos)
{
	struct ntimp_capture capture = {
		.size = sizeof(capture),
		.source = NTIMP_SOURCE_CONTEXT,
		.qos = qos,
		.fd = ctx,
	};

	return device_capture(dev, &capture);
}

int capture_self(int dev, uint32_t level)
{
	return capture_self_qos(dev, (struct ntimp_qos){ .level = level });
}

int capture_thread(int dev, pid_t tid, uint32_t level)
{
	return capture_thread_qos(dev, tid, (struct ntimp_qos){ .level = level });
}

int capture_peer(int dev, int sock, uint32_t level)
{
	struct ntimp_capture capture = {
		.size = sizeof(capture),
		.source = NTIMP_SOURCE_PEER,
		.qos.level = level,
		.fd = sock,
	};

	return device_capture(dev, &capture);
}

int capture_ids(int dev, uid_t uid, gid_t gid, size_t ngroups,
		const gid_t *groups, uint32_t level)
{
	struct ntimp_capture capture = {
		.size = sizeof(capture),
		.source = NTIMP_SOURCE_IDS,
		.qos.level = level,
		.uid = uid,
		.gid = gid,
		.groups = (uintptr_t)groups,
		.ngroups = ngroups,
	};

	return device_capture(dev, &capture);
}

int capture_ids_caps(int dev, uid_t uid, gid_t gid, uint64_t caps, uint32_t level)
{
	struct ntimp_capture capture = {
		.size = sizeof(capture),
		.source = NTIMP_SOURCE_IDS,
		.qos.level = level,
		.uid = uid,
		.gid = gid,
		.flags = NTIMP_CAPTURE_CAPS,
		.caps = caps,
	};

	return device_capture(dev, &capture);
}

int capture_nobody(int dev, uint32_t level)
{
	struct ntimp_capture capture = {
		.size = sizeof(capture),
		.source = NTIMP_SOURCE_ANONYMOUS,
		.qos.level = level,
	};

	return device_capture(dev, &capture);
}

int capture_anonymous(int dev)
{
	return capture_nobody(dev, NTIMP_LEVEL_ANONYMOUS);
}

int capture_context(int dev, int ctx, uint32_t level)
{
	return capture_context_qos(dev, ctx, (struct ntimp_qos){ .level = level });
}

int64_t device_worn_id(int dev, pid_t tid)
{
	struct ntimp_info info = { .size = sizeof(info), .tid = tid };
	int err = device_query_thread(dev, &info);

	return err ? err : (int64_t)info.id;
}

int64_t context_id(int ctx)
{
	struct ntimp_info info = { .size = sizeof(info) };
	int err = context_query(ctx, &info);

	return err ? err : (int64_t)info.id;
}

static int identity_from_query(int fd, unsigned long request, pid_t tid, struct identity *client)
{
	struct ntimp_info info = {
		.size = sizeof(info),
		.tid = tid,
		.groups = (uintptr_t)client->groups,
		.ngroups = IDENTITY_GROUPS,
	};
	int err;

	memset(client, 0, sizeof(*client));
	err = device_ioctl(fd, request, (uintptr_t)&info);
	if (err)
		return err;
	client->uid = info.uid;
	client->euid = info.euid;
	client->suid = info.suid;
	client->fsuid = info.fsuid;
	client->gid = info.gid;
	client->egid = info.egid;
	client->sgid = info.sgid;
	client->fsgid = info.fsgid;
	client->ngroups = info.ngroups;
	client->permitted = info.cap_permitted;
	client->effective = info.cap_effective;
	return 0;
}

int context_identity(int ctx, struct identity *client)
{
	return identity_from_query(ctx, NTIMP_CTX_QUERY, 0, client);
}

int device_worn_identity(int dev, pid_t tid, struct identity *client)
{
	return identity_from_query(dev, NTIMP_QUERY_THREAD, tid, client);
}

bool context_is_of(int ctx, uid_t uid, gid_t gid)
{
	struct identity client;

	return !context_identity(ctx, &client) && identity_is(&client, uid, gid, 0, NULL) &&
	       !client.permitted && !client.effective;
}
