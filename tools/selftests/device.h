/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The raw interface: /dev/ntimp and contexts, one function per ioctl, and one
 * per source for the common case.  Everything returns a value >= 0 or -errno.
 */
#ifndef SELFTEST_DEVICE_H
#define SELFTEST_DEVICE_H

#include <linux/ntimp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "identity.h"

#define DEVICE_PATH	"/dev/ntimp"

/* Any ioctl with an argument by value or by address. */
int device_ioctl(int fd, unsigned long request, unsigned long arg);

int device_open(void);
int device_version(int dev, struct ntimp_version *version);
int device_capture(int dev, const struct ntimp_capture *capture);
int device_revert(int dev);
int device_query_thread(int dev, struct ntimp_info *info);
int device_revert_thread(int dev, pid_t tid);

int context_impersonate(int ctx);
int context_impersonate_thread(int ctx, pid_t tid);
/* The level at which the thread acts. */
int context_downgraded(int ctx);
int context_query(int ctx, struct ntimp_info *info);
int context_update(int ctx);
int context_revoke(int ctx, unsigned int flags);
int context_expire(int ctx, uint64_t lifetime);
/* Room for @room threads at @tids, or neither: how many there are. */
int context_wearers(int ctx, int32_t *tids, uint32_t room);
/* NTIMP_INFO_* of a context. */
int context_flags(int ctx);

/* Static tracking, all capabilities; @level is enum ntimp_level. */
int capture_self(int dev, uint32_t level);
int capture_thread(int dev, pid_t tid, uint32_t level);
int capture_peer(int dev, int sock, uint32_t level);
int capture_ids(int dev, uid_t uid, gid_t gid, size_t ngroups,
		const gid_t *groups, uint32_t level);
int capture_ids_caps(int dev, uid_t uid, gid_t gid, uint64_t caps, uint32_t level);
/* The source Anonymous at a level of choice, and at its own. */
int capture_nobody(int dev, uint32_t level);
int capture_anonymous(int dev);
int capture_context(int dev, int ctx, uint32_t level);

/* With any quality of service. */
int capture_self_qos(int dev, struct ntimp_qos qos);
int capture_thread_qos(int dev, pid_t tid, struct ntimp_qos qos);
int capture_context_qos(int dev, int ctx, struct ntimp_qos qos);

/*
 * The id of the context that a thread (0: the caller) impersonates, through
 * NTIMP_QUERY_THREAD; -ENOENT: none.
 */
int64_t device_worn_id(int dev, pid_t tid);
/* The id of a context, through NTIMP_CTX_QUERY. */
int64_t context_id(int ctx);

/*
 * The client of a context: ids, groups, permitted and effective capabilities.
 * 0 or -errno.
 */
int context_identity(int ctx, struct identity *client);
/* The same of what a thread impersonates. */
int device_worn_identity(int dev, pid_t tid, struct identity *client);
/* The client is this user and group, without further groups and capabilities. */
bool context_is_of(int ctx, uid_t uid, gid_t gid);

#endif /* SELFTEST_DEVICE_H */
