// SPDX-License-Identifier: GPL-2.0-only
#include "client.h"
#include "device.h"

#define FIRST_GROUP	100000

const size_t group_counts[GROUP_COUNTS] = { 0, 4, 16, 128, 1024, GROUPS_MOST };

const gid_t *client_groups(void)
{
	static gid_t groups[GROUPS_MOST];

	for (size_t i = 0; !groups[GROUPS_MOST - 1] && i < GROUPS_MOST; i++)
		groups[i] = FIRST_GROUP + i;
	return groups;
}

gid_t client_last_group(size_t ngroups)
{
	return ngroups ? client_groups()[ngroups - 1] : CLIENT;
}

int client_context(int dev, uid_t id, size_t ngroups)
{
	return capture_ids(dev, id, id, ngroups, ngroups ? client_groups() : NULL,
			   NTIMP_LEVEL_IMPERSONATION);
}
