// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Functions of the C library that change or tell ids, in its place.
 *
 * What changes all threads of a process is served where there is one: it is a change of
 * that thread.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/single_threaded.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "changes.h"
#include "next.h"
#include "thread.h"

#define EXPORT	__attribute__((visibility("default")))

/* Of the C library, in all threads. */
#define CHANGE_ALL(name, ...) ({		\
	int err = thread_begin_all();		\
	int done = -1;				\
						\
	if (err) {				\
		errno = -err;			\
	} else {				\
		done = NEXT(name)(__VA_ARGS__);	\
		thread_end_all();		\
	}					\
	done;					\
})

EXPORT int setfsuid(uid_t uid)
{
	return (int)change_fsuid(uid);
}

EXPORT int setfsgid(gid_t gid)
{
	return (int)change_fsgid(gid);
}

EXPORT int setgroups(size_t ngroups, const gid_t *groups)
{
	if (__libc_single_threaded)
		return (int)change_groups(ngroups, groups);
	return CHANGE_ALL(setgroups, ngroups, groups);
}

EXPORT int initgroups(const char *user, gid_t group)
{
	int room = 65536, ret;
	gid_t *groups;

	if (!__libc_single_threaded)
		return CHANGE_ALL(initgroups, user, group);
	groups = calloc((size_t)room, sizeof(*groups));
	if (!groups)
		return -1;
	ret = getgrouplist(user, group, groups, &room);
	if (ret < 0)
		errno = EINVAL;
	else
		ret = setgroups((size_t)room, groups);
	free(groups);
	return ret;
}

EXPORT int setresuid(uid_t ruid, uid_t euid, uid_t suid)
{
	if (__libc_single_threaded)
		return (int)change_resuid(ruid, euid, suid);
	return CHANGE_ALL(setresuid, ruid, euid, suid);
}

EXPORT int setresgid(gid_t rgid, gid_t egid, gid_t sgid)
{
	if (__libc_single_threaded)
		return (int)change_resgid(rgid, egid, sgid);
	return CHANGE_ALL(setresgid, rgid, egid, sgid);
}

EXPORT int seteuid(uid_t euid)
{
	if (euid == NO_ID) {
		errno = EINVAL;
		return -1;
	}
	return setresuid(NO_ID, euid, NO_ID);
}

EXPORT int setegid(gid_t egid)
{
	if (egid == NO_ID) {
		errno = EINVAL;
		return -1;
	}
	return setresgid(NO_ID, egid, NO_ID);
}

EXPORT int setuid(uid_t uid)
{
	return CHANGE_ALL(setuid, uid);
}

EXPORT int setgid(gid_t gid)
{
	return CHANGE_ALL(setgid, gid);
}

EXPORT int setreuid(uid_t ruid, uid_t euid)
{
	return CHANGE_ALL(setreuid, ruid, euid);
}

EXPORT int setregid(gid_t rgid, gid_t egid)
{
	return CHANGE_ALL(setregid, rgid, egid);
}

/* --- the same as the program sees it ---------------------------------------------- */

static long told(long number)
{
	const struct identity *wanted = thread_wanted();

	switch (number) {
	case SYS_getuid:
		return wanted->ruid;
	case SYS_geteuid:
		return wanted->euid;
	case SYS_getgid:
		return wanted->rgid;
	default:
		return wanted->egid;
	}
}

static long tell(long number)
{
	return thread_is_worn() ? told(number) : next_syscall(number, 0, 0, 0, 0, 0, 0);
}

EXPORT uid_t getuid(void)
{
	return (uid_t)tell(SYS_getuid);
}

EXPORT uid_t geteuid(void)
{
	return (uid_t)tell(SYS_geteuid);
}

EXPORT gid_t getgid(void)
{
	return (gid_t)tell(SYS_getgid);
}

EXPORT gid_t getegid(void)
{
	return (gid_t)tell(SYS_getegid);
}

EXPORT int getresuid(uid_t *ruid, uid_t *euid, uid_t *suid)
{
	if (!thread_is_worn())
		return (int)next_syscall(SYS_getresuid, (long)ruid, (long)euid, (long)suid,
					 0, 0, 0);
	*ruid = thread_wanted()->ruid;
	*euid = thread_wanted()->euid;
	*suid = thread_wanted()->suid;
	return 0;
}

EXPORT int getresgid(gid_t *rgid, gid_t *egid, gid_t *sgid)
{
	if (!thread_is_worn())
		return (int)next_syscall(SYS_getresgid, (long)rgid, (long)egid, (long)sgid,
					 0, 0, 0);
	*rgid = thread_wanted()->rgid;
	*egid = thread_wanted()->egid;
	*sgid = thread_wanted()->sgid;
	return 0;
}

/* --- by number ----------------------------------------------------------------------- */

EXPORT long syscall(long number, ...)
{
	long a, b, c, d, e, f;
	va_list ap;

	va_start(ap, number);
	a = va_arg(ap, long);
	b = va_arg(ap, long);
	c = va_arg(ap, long);
	d = va_arg(ap, long);
	e = va_arg(ap, long);
	f = va_arg(ap, long);
	va_end(ap);

	switch (number) {
	case SYS_setfsuid:
		return change_fsuid((uid_t)a);
	case SYS_setfsgid:
		return change_fsgid((gid_t)a);
	case SYS_setgroups:
		return change_groups((unsigned int)a, (const gid_t *)b);
	case SYS_setresuid:
		return change_resuid((uid_t)a, (uid_t)b, (uid_t)c);
	case SYS_setresgid:
		return change_resgid((gid_t)a, (gid_t)b, (gid_t)c);
	case SYS_setuid:
	case SYS_setgid:
	case SYS_setreuid:
	case SYS_setregid:
		return change_by_kernel(number, a, b, c);
	case SYS_getuid:
	case SYS_geteuid:
	case SYS_getgid:
	case SYS_getegid:
		return tell(number);
	case SYS_getresuid:
		return getresuid((uid_t *)a, (uid_t *)b, (uid_t *)c);
	case SYS_getresgid:
		return getresgid((gid_t *)a, (gid_t *)b, (gid_t *)c);
	/* What the kernel judges by, or hands on: see passing_on.c */
	case SYS_capset:
	case SYS_clone:
	case SYS_clone3:
	case SYS_execve:
	case SYS_execveat:
#ifdef SYS_fork
	case SYS_fork:
#endif
	case SYS_setns:
	case SYS_unshare:
		thread_settle();
		break;
	}
	return next_syscall(number, a, b, c, d, e, f);
}
