// SPDX-License-Identifier: GPL-2.0-only
/* Files and who may open them, see files.h. */
#define _GNU_SOURCE
#include <sys/stat.h>

#include "files.h"

const struct known_file known_files[KNOWN_FILES] = {
	[ROOTS_FILE] = { "root", 0, 0, 0600 },
	{ "everybody", 0, 0, 0644 },
	{ "group", 0, 5, 0640 },
	{ "not-group", 0, 6, 0604 },
	{ "client1", 1001, 1001, 0600 },
	{ "client2", 1002, 1002, 0600 },
	{ "user1", 2001, 2001, 0600 },
	{ "user2", 2002, 2002, 0600 },
	{ "user5", 2005, 2005, 0600 },
};

int files_make(const struct scratch *scratch)
{
	int err = 0;

	for (int i = 0; !err && i < KNOWN_FILES; i++)
		err = file_make(scratch, known_files[i].name, known_files[i].uid,
				known_files[i].gid, known_files[i].mode);
	return err;
}

static bool is_in_group(const struct identity *identity, gid_t gid)
{
	if (identity->fsgid == gid)
		return true;
	for (size_t i = 0; i < identity->ngroups && i < IDENTITY_GROUPS; i++)
		if (identity->groups[i] == gid)
			return true;
	return false;
}

bool file_is_readable(const struct known_file *file, const struct identity *identity)
{
	if (identity->fsuid == file->uid)
		return file->mode & 0400;
	if (is_in_group(identity, file->gid))
		return file->mode & 0040;
	return file->mode & 0004;
}
