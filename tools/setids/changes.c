// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The system calls that change who a thread is to files, as requests for an identity.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>

#include "changes.h"
#include "next.h"
#include "thread.h"

#define MOST_GROUPS	65536

long change_by_kernel(long number, long a, long b, long c)
{
	long ret;

	thread_settle();
	ret = next_syscall(number, a, b, c, 0, 0, 0);
	thread_read_again();
	return ret;
}

long change_fsuid(uid_t fsuid)
{
	const struct identity *now = thread_identity();
	struct identity next;
	int saved = errno;

	if (now) {
		uid_t old = now->fsuid;

		next = *now;
		next.fsuid = fsuid;
		if (fsuid == NO_ID || thread_serve(&next, 0)) {
			errno = saved;
			return (int)old;
		}
	}
	return change_by_kernel(SYS_setfsuid, fsuid, 0, 0);
}

long change_fsgid(gid_t fsgid)
{
	const struct identity *now = thread_identity();
	struct identity next;
	int saved = errno;

	if (now) {
		gid_t old = now->fsgid;

		next = *now;
		next.fsgid = fsgid;
		if (fsgid == NO_ID || thread_serve(&next, 0)) {
			errno = saved;
			return (int)old;
		}
	}
	return change_by_kernel(SYS_setfsgid, fsgid, 0, 0);
}

long change_groups(size_t ngroups, const gid_t *groups)
{
	const struct identity *now = thread_identity();
	struct identity next;
	int saved = errno;

	if (now && ngroups <= MOST_GROUPS) {
		next = *now;
		if (!identity_set_groups(&next, ngroups, groups) &&
		    thread_serve(&next, 1ULL << CAP_SETGID)) {
			errno = saved;
			return 0;
		}
	}
	return change_by_kernel(SYS_setgroups, (long)ngroups, (long)groups, 0);
}

static bool is_kept(uid_t id, uid_t now)
{
	return id == NO_ID || id == now;
}

long change_resuid(uid_t ruid, uid_t euid, uid_t suid)
{
	const struct identity *now = thread_identity();
	struct identity next;
	int saved = errno;

	/*
	 * Who is user 0 but to files doesn't have the capabilities for files back in this
	 * way, as by setfsuid().
	 */
	if (now && is_kept(ruid, now->ruid) && is_kept(suid, now->suid) &&
	    now->fsuid == now->euid) {
		next = *now;
		if (euid != NO_ID)
			next.euid = euid;
		next.fsuid = next.euid;
		if (thread_serve(&next, 0)) {
			errno = saved;
			return 0;
		}
	}
	return change_by_kernel(SYS_setresuid, ruid, euid, suid);
}

long change_resgid(gid_t rgid, gid_t egid, gid_t sgid)
{
	const struct identity *now = thread_identity();
	struct identity next;
	int saved = errno;

	if (now && is_kept(rgid, now->rgid) && is_kept(sgid, now->sgid)) {
		next = *now;
		if (egid != NO_ID)
			next.egid = egid;
		next.fsgid = next.egid;
		if (thread_serve(&next, 0)) {
			errno = saved;
			return 0;
		}
	}
	return change_by_kernel(SYS_setresgid, rgid, egid, sgid);
}
