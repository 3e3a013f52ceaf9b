// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Acting for the client without wearing its identity: one system call each.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "ntimp.h"

static int call(int ctx, struct ntimp_call *request)
{
	request->size = sizeof(*request);
	return ioctl(ctx, NTIMP_CTX_CALL, request);
}

/*
 * open(2) ignores the mode where nothing is made, and bits that are none of
 * a mode; the request does not.
 */
static mode_t mode_of(int flags, mode_t mode)
{
	return flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)) ? mode & 07777 : 0;
}

int ntimp_openat(int ctx, int dirfd, const char *path, int flags, mode_t mode)
{
	struct ntimp_call request = {
		.op = NTIMP_OP_OPEN,
		.dirfd = dirfd,
		.path = (uintptr_t)path,
		.how = (unsigned int)flags,
		.mode = mode_of(flags, mode),
	};

	return call(ctx, &request);
}

int ntimp_access(int ctx, int dirfd, const char *path, int mode, int flags)
{
	struct ntimp_call request = {
		.op = NTIMP_OP_ACCESS,
		.dirfd = dirfd,
		.path = (uintptr_t)path,
		.how = (unsigned int)flags,
		.mode = (unsigned int)mode,
	};

	return call(ctx, &request);
}

int ntimp_mkdirat(int ctx, int dirfd, const char *path, mode_t mode)
{
	struct ntimp_call request = {
		.op = NTIMP_OP_MKDIR,
		.dirfd = dirfd,
		.path = (uintptr_t)path,
		.mode = mode,
	};

	return call(ctx, &request);
}

int ntimp_unlinkat(int ctx, int dirfd, const char *path, int flags)
{
	struct ntimp_call request = {
		.op = NTIMP_OP_UNLINK,
		.dirfd = dirfd,
		.path = (uintptr_t)path,
		.how = (unsigned int)flags,
	};

	return call(ctx, &request);
}

int ntimp_renameat(int ctx, int dirfd, const char *path, const char *new_path, unsigned int flags)
{
	struct ntimp_call request = {
		.op = NTIMP_OP_RENAME,
		.dirfd = dirfd,
		.path = (uintptr_t)path,
		.path2 = (uintptr_t)new_path,
		.how = flags,
	};

	return call(ctx, &request);
}

int ntimp_fchmodat(int ctx, int dirfd, const char *path, mode_t mode)
{
	struct ntimp_call request = {
		.op = NTIMP_OP_CHMOD,
		.dirfd = dirfd,
		.path = (uintptr_t)path,
		.mode = mode,
	};

	return call(ctx, &request);
}
