/* SPDX-License-Identifier: LGPL-2.1-only */
#ifndef NTIMP_SETIDS_CHANGES_H
#define NTIMP_SETIDS_CHANGES_H

#include <stddef.h>
#include <sys/types.h>

/*
 * What the system calls of these names do for the calling thread, with the same
 * results: served, or made as they are.  -1 and errno.
 */
long change_fsuid(uid_t fsuid);
long change_fsgid(gid_t fsgid);
long change_groups(size_t ngroups, const gid_t *groups);
long change_resuid(uid_t ruid, uid_t euid, uid_t suid);
long change_resgid(gid_t rgid, gid_t egid, gid_t sgid);

/* Any other call that changes ids of the calling thread alone: made as it is. */
long change_by_kernel(long number, long a, long b, long c);

#endif /* NTIMP_SETIDS_CHANGES_H */
