// SPDX-License-Identifier: GPL-2.0-only
/* Privileges of workers, see role.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "role.h"

static const gid_t some_groups[] = { 5, 6, 7 };

const struct role roles[ROLES] = {
	{
		.name = "root",
		.who = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
		.root = true, .sets_ids = true,
	}, {
		.name = "root without SETUID",
		.who = {
			.permitted = CAPS_ALL & ~CAP_BIT(CAP_SETUID),
			.effective = CAPS_ALL & ~CAP_BIT(CAP_SETUID),
		},
		.root = true,
	}, {
		.name = "user",
		.who = { .uid = 2001, .gid = 2001 },
	}, {
		.name = "user with SETUID and SETGID",
		.who = {
			.uid = 2002, .gid = 2002,
			.permitted = CAPS_SETIDS, .effective = CAPS_SETIDS,
		},
		.sets_ids = true,
	}, {
		.name = "root of a user namespace",
		.who = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
		.sets_ids = true, .user_ns = true,
	}, {
		.name = "user with no_new_privs",
		.who = { .uid = 2004, .gid = 2004 },
		.no_new_privs = true,
	}, {
		.name = "root in a Landlock domain",
		.who = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
		.root = true, .sets_ids = true, .landlock = true,
	}, {
		.name = "user with groups",
		.who = { .uid = 2005, .gid = 2005, .groups = some_groups, .ngroups = 3 },
	},
};

static int allow_reading(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr beneath = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	int err = 0;

	if (beneath.parent_fd < 0)
		return -errno;
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0))
		err = -errno;
	close(beneath.parent_fd);
	return err;
}

/* A thread that is to say who it is has to read /proc. */
static int landlock_enter(void)
{
	struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE,
	};
	int ruleset = syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	int err;

	if (ruleset < 0)
		return -errno;
	err = allow_reading(ruleset, "/proc");
	if (!err && syscall(SYS_landlock_restrict_self, ruleset, 0))
		err = -errno;
	close(ruleset);
	return err;
}

int role_take(const struct role *role)
{
	int err = 0;

	/* The namespace's root is a user outside; others have their own numbers. */
	if (role->user_ns)
		err = userns_enter("0 2003 1\n1001 1001 8\n", "0 2003 1\n1001 1001 8\n");
	if (!err)
		err = persona_take(&role->who);
	if (!err && role->landlock)
		err = landlock_enter();
	if (!err && role->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err = -errno;
	return err;
}
