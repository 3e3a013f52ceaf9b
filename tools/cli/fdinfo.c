// SPDX-License-Identifier: GPL-2.0-only
/*
 * What /proc says of a context that another process has open.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "describe.h"
#include "fdinfo.h"

/* What an older module does not say. */
static void parse_state(const char *line, struct ntimp_info *info)
{
	unsigned int is;

	if (sscanf(line, "ntimp_consent: %u", &is) == 1 && is)
		info->qos.flags |= NTIMP_QOS_CONSENT;
	else if (sscanf(line, "ntimp_dispatch: %u", &is) == 1 && is)
		info->qos.flags |= NTIMP_QOS_DISPATCH;
	else if (sscanf(line, "ntimp_stale: %u", &is) == 1 && is)
		info->flags |= NTIMP_INFO_STALE;
	else if (sscanf(line, "ntimp_revoked: %u", &is) == 1 && is)
		info->flags |= NTIMP_INFO_REVOKED;
	else if (sscanf(line, "ntimp_expired: %u", &is) == 1 && is)
		info->flags |= NTIMP_INFO_EXPIRED;
	else
		sscanf(line, "ntimp_lifetime: %llu", &info->lifetime);
}

/* The keys of a context, one bit for each that must be there. */
static unsigned int parse_line(const char *line, struct ntimp_info *info)
{
	unsigned int effective_only, tracking;
	char word[32];

	if (sscanf(line, "ntimp_id: %llu", &info->id) == 1)
		return 1 << 0;
	if (sscanf(line, "ntimp_source: %31s", word) == 1)
		return source_by_name(word, &info->source) ? 0 : 1 << 1;
	if (sscanf(line, "ntimp_level: %31s", word) == 1)
		return level_by_name(word, &info->qos.level) ? 0 : 1 << 2;
	if (sscanf(line, "ntimp_tracking: %31s", word) == 1) {
		if (!tracking_by_name(word, &tracking))
			info->qos.tracking = (uint8_t)tracking;
		return 0;
	}
	if (sscanf(line, "ntimp_effective_only: %u", &effective_only) == 1) {
		info->qos.effective_only = effective_only != 0;
		return 1 << 3;
	}
	if (sscanf(line, "ntimp_uid: %u %u %u %u", &info->uid, &info->euid,
		   &info->suid, &info->fsuid) == 4)
		return 1 << 4;
	if (sscanf(line, "ntimp_gid: %u %u %u %u", &info->gid, &info->egid,
		   &info->sgid, &info->fsgid) == 4)
		return 1 << 5;
	if (sscanf(line, "ntimp_groups: %u", &info->ngroups) == 1)
		return 1 << 6;
	if (sscanf(line, "ntimp_cap_permitted: %llx", &info->cap_permitted) == 1)
		return 1 << 7;
	if (sscanf(line, "ntimp_cap_effective: %llx", &info->cap_effective) == 1)
		return 1 << 8;
	if (sscanf(line, "ntimp_uses: %llu", &info->uses) == 1)
		return 1 << 9;
	parse_state(line, info);
	return 0;
}

/*
 * The groups are only counted.  Returns -1 with ESRCH, EBADF, EACCES, or with
 * ENOTTY if the descriptor is not a context.
 */
int fdinfo_identity(pid_t pid, int fd, struct identity *identity)
{
	unsigned int found = 0;
	char path[64], line[256];
	FILE *fdinfo;

	memset(identity, 0, sizeof(*identity));
	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", pid, fd);
	fdinfo = fopen(path, "re");
	if (!fdinfo) {
		if (errno == ENOENT) {
			snprintf(path, sizeof(path), "/proc/%d", pid);
			errno = access(path, F_OK) ? ESRCH : EBADF;
		}
		return -1;
	}
	while (fgets(line, sizeof(line), fdinfo))
		found |= parse_line(line, &identity->info);
	fclose(fdinfo);
	if (found == (1 << 10) - 1)
		return 0;
	errno = found ? EIO : ENOTTY;
	return -1;
}
