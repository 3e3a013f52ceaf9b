/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * File operations as the client of a context, without becoming it: one function
 * per operation.  @flags is NTIMP_CALL_*.  Everything returns a value >= 0 or
 * -errno.
 */
#ifndef SELFTEST_BROKER_H
#define SELFTEST_BROKER_H

#include <linux/ntimp.h>
#include <linux/openat2.h>
#include <sys/types.h>

/* The request as it is, but for its size. */
int broker_call(int ctx, struct ntimp_call call);

/* Returns a descriptor. */
int broker_open(int ctx, __u32 flags, int dirfd, const char *path, __u64 how, mode_t mode);
int broker_open_how(int ctx, __u32 flags, int dirfd, const char *path, const struct open_how *how);
/* Open and close: 0 or -errno. */
int broker_try(int ctx, __u32 flags, int dirfd, const char *path, __u64 how);
int broker_access(int ctx, __u32 flags, int dirfd, const char *path, int mode, int how);
int broker_mkdir(int ctx, __u32 flags, int dirfd, const char *path, mode_t mode);
int broker_unlink(int ctx, __u32 flags, int dirfd, const char *path, int how);
int broker_rename(int ctx, __u32 flags, int dirfd, const char *path, const char *path2,
		  unsigned int how);
int broker_chmod(int ctx, __u32 flags, int dirfd, const char *path, mode_t mode);

#endif /* SELFTEST_BROKER_H */
