// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks through /proc for contexts and for the threads that wear them.  The
 * kernel keeps no list of either: nobody pays for it but who asks.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <linux/capability.h>

#include "describe.h"
#include "failure.h"
#include "fdinfo.h"
#include "number.h"
#include "own.h"
#include "process.h"
#include "report.h"
#include "survey.h"

static int survey_add(struct survey *survey, const struct sighting *sighting)
{
	struct sighting *larger;
	size_t room;

	if (survey->count == survey->room) {
		room = survey->room * 2 + 16;
		larger = reallocarray(survey->sightings, room, sizeof(*larger));
		if (!larger)
			return -1;
		survey->sightings = larger;
		survey->room = room;
	}
	survey->sightings[survey->count++] = *sighting;
	return 0;
}

static bool is_context(int dir, const char *name)
{
	static const char wanted[] = "anon_inode:[ntimp]";
	char target[sizeof(wanted)];

	return readlinkat(dir, name, target, sizeof(target)) == sizeof(wanted) - 1 &&
	       !memcmp(target, wanted, sizeof(wanted) - 1);
}

/*
 * Who lacks them would be refused with each thread of others, and each refusal is
 * a line in the audit log.
 */
static bool may_ask_threads(void)
{
	const uint64_t needed = 1ULL << CAP_SETUID | 1ULL << CAP_SETGID;
	struct own_caps own;

	return !own_capabilities(&own) && (own.effective & needed) == needed;
}

/* A process may end, and close what it has, at any time: then there is nothing. */
static int look_at_descriptors(struct survey *survey, pid_t pid)
{
	struct dirent *entry;
	char path[64];
	int err = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	if (!dir) {
		survey->hidden += errno == EACCES;
		return 0;
	}
	while (!err && (entry = readdir(dir))) {
		struct sighting sighting = { .pid = pid };
		struct identity identity;
		uint32_t fd;

		if (number_parse(entry->d_name, INT32_MAX, &fd) ||
		    !is_context(dirfd(dir), entry->d_name) ||
		    fdinfo_identity(pid, (int)fd, &identity))
			continue;
		sighting.fd = (int)fd;
		sighting.info = identity.info;
		err = survey_add(survey, &sighting);
	}
	closedir(dir);
	return err;
}

struct look {
	struct survey *survey;
	pid_t pid;
};

static int look_at_thread(pid_t tid, void *arg)
{
	struct look *look = arg;
	struct sighting sighting = { .pid = look->pid, .tid = tid, .fd = -1 };

	if (!ntimp_query_thread(tid, &sighting.info))
		return survey_add(look->survey, &sighting);
	/* Its other threads are no more ours to see. */
	if (errno == EPERM) {
		look->survey->hidden++;
		return 1;
	}
	return 0;
}

static int look_at_process(struct survey *survey, pid_t pid, bool threads)
{
	struct look look = { .survey = survey, .pid = pid };
	unsigned int hidden = survey->hidden;

	if (look_at_descriptors(survey, pid))
		return -1;
	if (!threads || survey->hidden > hidden)
		return 0;
	return process_each_thread(pid, look_at_thread, &look) < 0 && errno == ENOMEM ? -1 : 0;
}

static int by_context(const void *left, const void *right)
{
	const struct sighting *a = left, *b = right;

	if (a->info.id != b->info.id)
		return a->info.id < b->info.id ? -1 : 1;
	if (!a->tid != !b->tid)
		return a->tid ? 1 : -1;
	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	return a->tid != b->tid ? (a->tid < b->tid ? -1 : 1) : a->fd - b->fd;
}

/* Returns -1 with errno; the survey is to be freed in any case. */
int survey_make(struct survey *survey)
{
	struct ntimp_info own = {};
	bool found = false;
	struct dirent *entry;
	uint32_t pid;
	int err = 0;
	DIR *proc;

	*survey = (struct survey) { .threads = may_ask_threads() };
	/* Without the module there is nothing to find, which is not the same as none. */
	if (ntimp_query_thread(0, &own) && errno != ENOENT)
		return -1;
	proc = opendir("/proc");
	if (!proc)
		return -1;
	while (!err && (entry = readdir(proc))) {
		if (number_parse(entry->d_name, INT32_MAX, &pid))
			continue;
		found = true;
		err = look_at_process(survey, (pid_t)pid, survey->threads);
	}
	closedir(proc);
	if (err)
		return -1;
	/* Not even this process: nothing is mounted there. */
	if (!found) {
		errno = ENOENT;
		return -1;
	}
	if (survey->count)
		qsort(survey->sightings, survey->count, sizeof(*survey->sightings), by_context);
	return 0;
}

/* Tells why the survey could not be made, from errno; returns the exit status. */
int survey_failure(void)
{
	static const struct explanation failures[] = {
		{ ENOENT, EX_OSERR, "it is not there",
		  "mount it: mount -t proc none /proc" },
		{ 0 }
	};

	return failure_explained(failures, "looking through /proc");
}

void survey_free(struct survey *survey)
{
	free(survey->sightings);
}

void survey_print_head(void)
{
	printf("%8s  %-14s  %-9s  %10s  %10s  %10s  %s\n", "CONTEXT", "LEVEL", "SOURCE", "UID",
	       "GID", "USES", "WHERE");
}

/* @note: put in place of the uses, or NULL. */
void survey_print(const struct sighting *sighting, const char *note)
{
	const struct ntimp_info *info = &sighting->info;
	char name[PROCESS_NAME_SIZE], uses[32];

	snprintf(uses, sizeof(uses), "%llu", info->uses);
	process_thread_name(sighting->pid, sighting->tid ? sighting->tid : sighting->pid, name);
	printf("%8llu  %-14s  %-9s  %10u  %10u  %10s  ", info->id, level_name(info->qos.level),
	       source_name(info->source), info->euid, info->egid, note ? note : uses);
	if (sighting->tid)
		printf("worn by %d (%s)\n", sighting->tid, name);
	else
		printf("%d/%d (%s)\n", sighting->pid, sighting->fd, name);
}

struct json_object *survey_json(const struct sighting *sighting)
{
	struct json_object *record = json_record();
	char name[PROCESS_NAME_SIZE];

	process_thread_name(sighting->pid, sighting->tid ? sighting->tid : sighting->pid, name);
	json_add(record, "context", json_context(&sighting->info));
	json_add(record, "client_uid", json_number(sighting->info.euid));
	json_add(record, "client_gid", json_number(sighting->info.egid));
	json_add(record, "pid", json_number((unsigned int)sighting->pid));
	json_add(record, "fd", sighting->tid ? NULL : json_number((unsigned int)sighting->fd));
	json_add(record, "tid", sighting->tid ? json_number((unsigned int)sighting->tid) : NULL);
	json_add(record, "name", json_text(name));
	return record;
}
