// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Capture of a user by name: the name service finds the numbers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>

#include "ntimp.h"

/* NGROUPS_MAX of the kernel; a longer list could not be captured. */
#define MOST_GROUPS	65536

/* On success *buffer is what user points into, to be freed. */
static int look_up_user(const char *name, struct passwd *user, char **buffer)
{
	struct passwd *found;
	size_t size = 1024;
	char *bigger;
	int error;

	*buffer = NULL;
	do {
		size *= 2;
		bigger = realloc(*buffer, size);
		if (!bigger) {
			error = ENOMEM;
			break;
		}
		*buffer = bigger;
		error = getpwnam_r(name, user, *buffer, size, &found);
	} while (error == ERANGE || error == EINTR);
	if (!error && found)
		return 0;
	free(*buffer);
	errno = error ? error : ENOENT;
	return -1;
}

/* The user's groups, its first one among them, to be freed; NULL: errno. */
static gid_t *look_up_groups(const struct passwd *user, int *count)
{
	gid_t *groups = NULL, *bigger;
	int room = 32;

	do {
		room *= 2;
		bigger = reallocarray(groups, (size_t)room, sizeof(*groups));
		if (!bigger)
			break;
		groups = bigger;
		*count = room;
		if (getgrouplist(user->pw_name, user->pw_gid, groups, count) >= 0)
			return groups;
		errno = EINVAL;
	} while (room <= MOST_GROUPS);
	free(groups);
	return NULL;
}

int ntimp_capture_user(const char *name, const struct ntimp_qos *qos)
{
	struct passwd user;
	gid_t *groups;
	char *buffer;
	int ngroups, saved, ctx = -1;

	if (!name) {
		errno = EINVAL;
		return -1;
	}
	if (look_up_user(name, &user, &buffer))
		return -1;
	groups = look_up_groups(&user, &ngroups);
	if (groups)
		ctx = ntimp_capture_ids(user.pw_uid, user.pw_gid, (size_t)ngroups, groups, qos);
	saved = errno;
	free(groups);
	free(buffer);
	errno = saved;
	return ctx;
}
