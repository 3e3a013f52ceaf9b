// SPDX-License-Identifier: GPL-2.0-only
/* Who a test's process or thread is to be, see persona.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "persona.h"

/* The plain names are of calls with 16-bit ids on some 32-bit processors. */
#ifdef SYS_setresuid32
#define CALL_SETRESUID	SYS_setresuid32
#define CALL_SETRESGID	SYS_setresgid32
#define CALL_SETGROUPS	SYS_setgroups32
#define CALL_SETFSUID	SYS_setfsuid32
#define CALL_SETFSGID	SYS_setfsgid32
#else
#define CALL_SETRESUID	SYS_setresuid
#define CALL_SETRESGID	SYS_setresgid
#define CALL_SETGROUPS	SYS_setgroups
#define CALL_SETFSUID	SYS_setfsuid
#define CALL_SETFSGID	SYS_setfsgid
#endif

int persona_set_uids(uid_t uid, uid_t euid, uid_t suid)
{
	return syscall(CALL_SETRESUID, uid, euid, suid) ? -errno : 0;
}

int persona_set_gids(gid_t gid, gid_t egid, gid_t sgid)
{
	return syscall(CALL_SETRESGID, gid, egid, sgid) ? -errno : 0;
}

/* Neither call fails: the ids are asked for again, with ones that change nothing. */
int persona_set_fs(uid_t fsuid, gid_t fsgid)
{
	syscall(CALL_SETFSGID, fsgid);
	syscall(CALL_SETFSUID, fsuid);
	if ((uid_t)syscall(CALL_SETFSUID, -1) != fsuid ||
	    (gid_t)syscall(CALL_SETFSGID, -1) != fsgid)
		return -EPERM;
	return 0;
}

static int set_uids_keeping_caps(uid_t uid, uid_t euid, uid_t suid)
{
	int err;

	if (prctl(PR_SET_KEEPCAPS, 1))
		return -errno;
	err = persona_set_uids(uid, euid, suid);
	if (prctl(PR_SET_KEEPCAPS, 0) && !err)
		err = -errno;
	return err;
}

int persona_split(const uid_t uids[4], const gid_t gids[4])
{
	int err = persona_set_gids(gids[0], gids[1], gids[2]);

	if (!err)
		err = set_uids_keeping_caps(uids[0], uids[1], uids[2]);
	/* A file system user that is none of the others takes a right. */
	if (!err)
		err = persona_set_caps(CAPS_SETIDS, CAPS_SETIDS, CAPS_NONE);
	if (!err)
		err = persona_set_fs(uids[3], gids[3]);
	if (!err)
		err = persona_set_caps(CAPS_NONE, CAPS_NONE, CAPS_NONE);
	return err;
}

int persona_set_groups(size_t ngroups, const gid_t *groups)
{
	return syscall(CALL_SETGROUPS, ngroups, groups) ? -errno : 0;
}

int persona_set_caps(uint64_t permitted, uint64_t effective, uint64_t inheritable)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[] = {
		{
			.permitted = permitted,
			.effective = effective,
			.inheritable = inheritable,
		}, {
			.permitted = permitted >> 32,
			.effective = effective >> 32,
			.inheritable = inheritable >> 32,
		},
	};

	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

static int raise_ambient(uint64_t caps)
{
	for (int cap = 0; cap < 64; cap++) {
		if (!(caps & CAP_BIT(cap)))
			continue;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0))
			return -errno;
	}
	return 0;
}

int persona_take(const struct persona *who)
{
	int err;

	err = persona_set_groups(who->ngroups, who->groups);
	if (!err)
		err = persona_set_gids(who->gid, who->gid, who->gid);
	if (err)
		return err;

	err = set_uids_keeping_caps(who->uid, who->uid, who->uid);
	if (!err)
		err = persona_set_caps(who->permitted, who->effective, who->inheritable);
	if (!err)
		err = raise_ambient(who->ambient);
	/* A changed uid takes /proc/self away from its owner. */
	if (!err && prctl(PR_SET_DUMPABLE, 1))
		err = -errno;
	return err;
}

static int map_write(pid_t pid, const char *name, const char *map)
{
	char path[64];
	ssize_t done;
	int fd;

	if (!map)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	done = write(fd, map, strlen(map));
	close(fd);
	return done == (ssize_t)strlen(map) ? 0 : -errno;
}

/* Only somebody in the outer namespace may write maps of more than oneself. */
static int maps_write_when_told(pid_t pid, int entered, const char *uid_map, const char *gid_map)
{
	char byte;
	int err;

	if (read(entered, &byte, 1) != 1)
		return -EPIPE;
	err = map_write(pid, "uid_map", uid_map);
	return err ? err : map_write(pid, "gid_map", gid_map);
}

int userns_enter(const char *uid_map, const char *gid_map)
{
	pid_t self = getpid(), writer;
	int entered[2], status, err = 0;

	if (pipe2(entered, O_CLOEXEC))
		return -errno;
	writer = fork();
	if (writer < 0) {
		err = -errno;
		close(entered[0]);
		close(entered[1]);
		return err;
	}
	if (!writer) {
		close(entered[1]);
		_exit(-maps_write_when_told(self, entered[0], uid_map, gid_map));
	}

	close(entered[0]);
	if (unshare(CLONE_NEWUSER) || write(entered[1], "", 1) != 1)
		err = -errno;
	close(entered[1]);
	if (waitpid(writer, &status, 0) != writer)
		return -errno;
	if (!err && WIFEXITED(status))
		err = -WEXITSTATUS(status);
	return err;
}
