// SPDX-License-Identifier: GPL-2.0-only
/*
 * What /proc says of a process: its own (objective) identity and its threads.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "number.h"
#include "process.h"

/* In a user namespace that may not be looked at: 0. */
static unsigned int user_namespace(pid_t pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	return stat(path, &st) ? 0 : (unsigned int)st.st_ino;
}

static int parse_groups(char *text, struct identity *identity)
{
	size_t room = strlen(text) / 2 + 1;
	char *word, *rest = text;
	uint32_t gid;

	free(identity->groups);
	identity->groups = reallocarray(NULL, room, sizeof(gid_t));
	if (!identity->groups)
		return -1;
	identity->info.ngroups = 0;
	while ((word = strsep(&rest, " \t\n")))
		if (!number_parse(word, UINT32_MAX, &gid))
			identity->groups[identity->info.ngroups++] = gid;
	return 0;
}

/* Returns which of the five lines it was, as a bit; -1: no memory. */
static int parse_line(char *line, struct identity *identity)
{
	struct ntimp_info *info = &identity->info;

	if (sscanf(line, "Uid: %u %u %u %u", &info->uid, &info->euid, &info->suid,
		   &info->fsuid) == 4)
		return 1;
	if (sscanf(line, "Gid: %u %u %u %u", &info->gid, &info->egid, &info->sgid,
		   &info->fsgid) == 4)
		return 2;
	if (sscanf(line, "CapPrm: %llx", &info->cap_permitted) == 1)
		return 4;
	if (sscanf(line, "CapEff: %llx", &info->cap_effective) == 1)
		return 8;
	if (!strncmp(line, "Groups:", 7))
		return parse_groups(line + 7, identity) ? -1 : 16;
	return 0;
}

/*
 * The primary identity: whom a thread impersonates does not show in /proc.
 * Returns -1 with ESRCH, or with EIO if /proc says something else than expected.
 */
int process_identity(pid_t pid, struct identity *identity)
{
	int found = 0, line_found = 0;
	char path[64], *line = NULL;
	size_t size = 0;
	FILE *status;

	memset(identity, 0, sizeof(*identity));
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	status = fopen(path, "re");
	if (!status) {
		if (errno == ENOENT)
			errno = ESRCH;
		return -1;
	}
	while (line_found >= 0 && getline(&line, &size, status) > 0) {
		line_found = parse_line(line, identity);
		found |= line_found;
	}
	free(line);
	fclose(status);
	if (found == 31) {
		identity->info.user_ns = user_namespace(pid);
		return 0;
	}
	errno = line_found < 0 ? ENOMEM : found ? EIO : ESRCH;
	identity_free(identity);
	return -1;
}

/* Empty if the thread has ended.  A name can have any byte in it: not shown. */
void process_thread_name(pid_t pid, pid_t tid, char name[PROCESS_NAME_SIZE])
{
	char path[64];
	FILE *comm;

	name[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/task/%d/comm", pid, tid);
	comm = fopen(path, "re");
	if (!comm)
		return;
	if (!fgets(name, PROCESS_NAME_SIZE, comm))
		name[0] = '\0';
	fclose(comm);
	name[strcspn(name, "\n")] = '\0';
	for (; *name; name++)
		if (!isascii(*name) || !isprint(*name))
			*name = '?';
}

/*
 * Calls look for each thread of a process until it returns something else than
 * 0, which is returned; -1 with ESRCH if there is no such process.
 */
int process_each_thread(pid_t pid, int (*look)(pid_t tid, void *arg), void *arg)
{
	struct dirent *entry;
	char path[64];
	uint32_t tid;
	int found = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	if (!dir) {
		if (errno == ENOENT)
			errno = ESRCH;
		return -1;
	}
	while (!found && (entry = readdir(dir)))
		if (!number_parse(entry->d_name, INT32_MAX, &tid))
			found = look((pid_t)tid, arg);
	closedir(dir);
	return found;
}
