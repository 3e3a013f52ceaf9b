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

/* Who the thread is, for changes that are made to a copy; false: out of memory. */
static bool start(struct identity *next)
{
	const struct identity *now = thread_identity();

	return now && !identity_copy(next, now);
}

long change_fsuid(uid_t fsuid)
{
	struct identity next;
	int saved = errno;
	uid_t old;

	if (start(&next)) {
		old = next.fsuid;
		if (fsuid == NO_ID)
			identity_drop(&next);
		else
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
	struct identity next;
	int saved = errno;
	gid_t old;

	if (start(&next)) {
		old = next.fsgid;
		if (fsgid == NO_ID)
			identity_drop(&next);
		else
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
	struct identity next;
	int saved = errno;

	if (start(&next)) {
		bool alone = is_kept(ruid, next.ruid) && is_kept(suid, next.suid);

		if (euid != NO_ID)
			next.euid = euid;
		next.fsuid = next.euid;
		if (alone && thread_serve(&next, 0)) {
			errno = saved;
			return 0;
		}
		if (!alone)
			identity_drop(&next);
	}
	return change_by_kernel(SYS_setresuid, ruid, euid, suid);
}

long change_resgid(gid_t rgid, gid_t egid, gid_t sgid)
{
	struct identity next;
	int saved = errno;

	if (start(&next)) {
		bool alone = is_kept(rgid, next.rgid) && is_kept(sgid, next.sgid);

		if (egid != NO_ID)
			next.egid = egid;
		next.fsgid = next.egid;
		if (alone && thread_serve(&next, 0)) {
			errno = saved;
			return 0;
		}
		if (!alone)
			identity_drop(&next);
	}
	return change_by_kernel(SYS_setresgid, rgid, egid, sgid);
}
