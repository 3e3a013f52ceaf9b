// SPDX-License-Identifier: GPL-2.0-only
/* File operations as the client, see broker.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "broker.h"
#include "device.h"

int broker_call(int ctx, struct ntimp_call call)
{
	call.size = sizeof(call);
	return device_ioctl(ctx, NTIMP_CTX_CALL, (uintptr_t)&call);
}

int broker_open_how(int ctx, __u32 flags, int dirfd, const char *path, const struct open_how *how)
{
	struct ntimp_call call = {
		.op = NTIMP_OP_OPEN,
		.flags = flags,
		.dirfd = dirfd,
		.path = (uintptr_t)path,
		.how = how->flags,
		.mode = how->mode,
		.resolve = how->resolve,
	};

	return broker_call(ctx, call);
}

int broker_open(int ctx, __u32 flags, int dirfd, const char *path, __u64 how, mode_t mode)
{
	struct open_how open_how = { .flags = how, .mode = mode };

	return broker_open_how(ctx, flags, dirfd, path, &open_how);
}

int broker_try(int ctx, __u32 flags, int dirfd, const char *path, __u64 how)
{
	int fd = broker_open(ctx, flags, dirfd, path, how | O_CLOEXEC, how & O_CREAT ? 0600 : 0);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

int broker_access(int ctx, __u32 flags, int dirfd, const char *path, int mode, int how)
{
	struct ntimp_call call = {
		.op = NTIMP_OP_ACCESS,
		.flags = flags,
		.dirfd = dirfd,
		.path = (uintptr_t)path,
		.how = how,
		.mode = mode,
	};

	return broker_call(ctx, call);
}

int broker_mkdir(int ctx, __u32 flags, int dirfd, const char *path, mode_t mode)
{
	struct ntimp_call call = {
		.op = NTIMP_OP_MKDIR,
		.flags = flags,
		.dirfd = dirfd,
		.path = (uintptr_t)path,
		.mode = mode,
	};

	return broker_call(ctx, call);
}

int broker_unlink(int ctx, __u32 flags, int dirfd, const char *path, int how)
{
	struct ntimp_call call = {
		.op = NTIMP_OP_UNLINK,
		.flags = flags,
		.dirfd = dirfd,
		.path = (uintptr_t)path,
		.how = how,
	};

	return broker_call(ctx, call);
}

int broker_rename(int ctx, __u32 flags, int dirfd, const char *path, const char *path2,
		  unsigned int how)
{
	struct ntimp_call call = {
		.op = NTIMP_OP_RENAME,
		.flags = flags,
		.dirfd = dirfd,
		.path = (uintptr_t)path,
		.path2 = (uintptr_t)path2,
		.how = how,
	};

	return broker_call(ctx, call);
}

int broker_chmod(int ctx, __u32 flags, int dirfd, const char *path, mode_t mode)
{
	struct ntimp_call call = {
		.op = NTIMP_OP_CHMOD,
		.flags = flags,
		.dirfd = dirfd,
		.path = (uintptr_t)path,
		.mode = mode,
	};

	return broker_call(ctx, call);
}
