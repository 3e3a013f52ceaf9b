// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Who a thread is to the kernel.  All calls are the calling thread's alone: the C
 * library's set*id() change all threads.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "identity.h"
#include "next.h"

static long call(long number, uintptr_t a, uintptr_t b, uintptr_t c)
{
	return next_syscall(number, (long)a, (long)b, (long)c, 0, 0, 0);
}

static int ascending(const void *a, const void *b)
{
	gid_t left = *(const gid_t *)a, right = *(const gid_t *)b;

	return (left > right) - (left < right);
}

static void sort(gid_t *groups, size_t ngroups)
{
	for (size_t i = 1; i < ngroups; i++) {
		if (groups[i - 1] > groups[i]) {
			qsort(groups, ngroups, sizeof(*groups), ascending);
			return;
		}
	}
}

static int read_groups(struct identity *identity)
{
	long count, got;

	do {
		count = call(SYS_getgroups, 0, 0, 0);
		if (count < 0)
			return -1;
		free(identity->groups);
		identity->groups = calloc((size_t)count + 1, sizeof(gid_t));
		if (!identity->groups)
			return -1;
		got = call(SYS_getgroups, (uintptr_t)count, (uintptr_t)identity->groups, 0);
	} while (got < 0 && errno == EINVAL);
	if (got < 0)
		return -1;
	identity->ngroups = (size_t)got;
	sort(identity->groups, identity->ngroups);
	return 0;
}

int identity_read(struct identity *identity)
{
	memset(identity, 0, sizeof(*identity));
	if (call(SYS_getresuid, (uintptr_t)&identity->ruid, (uintptr_t)&identity->euid,
		 (uintptr_t)&identity->suid) ||
	    call(SYS_getresgid, (uintptr_t)&identity->rgid, (uintptr_t)&identity->egid,
		 (uintptr_t)&identity->sgid))
		return -1;
	/* What is no id changes nothing. */
	identity->fsuid = (uid_t)call(SYS_setfsuid, NO_ID, 0, 0);
	identity->fsgid = (gid_t)call(SYS_setfsgid, NO_ID, 0, 0);
	if (!read_groups(identity))
		return 0;
	identity_drop(identity);
	return -1;
}

int identity_set_groups(struct identity *identity, size_t ngroups, const gid_t *groups)
{
	gid_t *copy = calloc(ngroups + 1, sizeof(*copy));

	if (!copy)
		return -1;
	if (ngroups)
		memcpy(copy, groups, ngroups * sizeof(*copy));
	sort(copy, ngroups);
	identity->groups = copy;
	identity->ngroups = ngroups;
	return 0;
}

int identity_copy(struct identity *to, const struct identity *from)
{
	*to = *from;
	return identity_set_groups(to, from->ngroups, from->groups);
}

void identity_drop(struct identity *identity)
{
	int saved = errno;

	free(identity->groups);
	identity->groups = NULL;
	identity->ngroups = 0;
	errno = saved;
}

bool identity_same_groups(const struct identity *a, const struct identity *b)
{
	return a->ngroups == b->ngroups &&
		!memcmp(a->groups, b->groups, a->ngroups * sizeof(*a->groups));
}

bool identity_same(const struct identity *a, const struct identity *b)
{
	return a->ruid == b->ruid && a->euid == b->euid && a->suid == b->suid &&
		a->fsuid == b->fsuid && a->rgid == b->rgid && a->egid == b->egid &&
		a->sgid == b->sgid && a->fsgid == b->fsgid && identity_same_groups(a, b);
}

static int make_fsuid(uid_t fsuid)
{
	call(SYS_setfsuid, fsuid, 0, 0);
	if ((uid_t)call(SYS_setfsuid, NO_ID, 0, 0) == fsuid)
		return 0;
	errno = EPERM;
	return -1;
}

static int make_fsgid(gid_t fsgid)
{
	call(SYS_setfsgid, fsgid, 0, 0);
	if ((gid_t)call(SYS_setfsgid, NO_ID, 0, 0) == fsgid)
		return 0;
	errno = EPERM;
	return -1;
}

/* Users last, who take the right to do the rest with them. */
int identity_make(const struct identity *from, const struct identity *to)
{
	if (!identity_same_groups(from, to) &&
	    call(SYS_setgroups, to->ngroups, (uintptr_t)to->groups, 0))
		return -1;
	if (from->egid != to->egid && call(SYS_setresgid, NO_ID, to->egid, NO_ID))
		return -1;
	if (make_fsgid(to->fsgid))
		return -1;
	if (from->euid != to->euid && call(SYS_setresuid, NO_ID, to->euid, NO_ID))
		return -1;
	return make_fsuid(to->fsuid);
}

struct caps identity_caps(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
	struct caps caps = {};

	if (!call(SYS_capget, (uintptr_t)&header, (uintptr_t)data, 0)) {
		caps.effective = (uint64_t)data[1].effective << 32 | data[0].effective;
		caps.permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
	}
	return caps;
}
