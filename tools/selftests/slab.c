// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counting kernel objects, see slab.h.  The guest is booted with slab_nomerge,
 * or caches would be shared with others.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "slab.h"

/* Kernel threads come and go; tests make a thousand times as many objects. */
#define SLACK		64
#define AWAIT_SECONDS	120
#define CALM_SECONDS	2

/* The name of a cache may differ between kernels. */
static const char *const caches[SLAB_KINDS][2] = {
	{ "cred", "cred_jar" },
	{ "key_jar", "key_jar" },
	{ "task_struct", "task_struct" },
};

/* Free objects on a processor's own list count as used until they are given back. */
static int cache_shrink(const char *cache)
{
	char path[64];
	int fd, err = 0;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", cache);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, "1", 1) != 1)
		err = -errno;
	close(fd);
	return err;
}

static int cache_named(const char *line, const char *const names[2], long *objects)
{
	char name[64];
	long active;

	if (sscanf(line, "%63s %ld", name, &active) != 2)
		return 0;
	if (strcmp(name, names[0]) && strcmp(name, names[1]))
		return 0;
	*objects = active;
	return 1;
}

static int census_take(struct slab_census *census)
{
	char *line = NULL;
	size_t room = 0;
	int found = 0;
	FILE *file;

	for (int i = 0; i < SLAB_KINDS; i++)
		if (cache_shrink(caches[i][0]) && cache_shrink(caches[i][1]))
			return -ENOENT;
	file = fopen("/proc/slabinfo", "re");
	if (!file)
		return -errno;
	while (getline(&line, &room, file) > 0)
		for (int i = 0; i < SLAB_KINDS; i++)
			found += cache_named(line, caches[i], &census->objects[i]);
	free(line);
	fclose(file);
	return found == SLAB_KINDS ? 0 : -ENOENT;
}

static void sleep_for(int seconds)
{
	nanosleep(&(struct timespec){ .tv_sec = seconds }, NULL);
}

static void census_print(const char *what, const struct slab_census *census)
{
	printf("# %s:", what);
	for (int i = 0; i < SLAB_KINDS; i++)
		printf(" %s %ld", caches[i][0], census->objects[i]);
	printf("\n");
	fflush(stdout);
}

bool slab_is_counted(void)
{
	return !access("/proc/slabinfo", F_OK);
}

int slab_count(struct slab_census *census)
{
	int err;

	sleep_for(CALM_SECONDS);
	err = census_take(census);
	if (!err)
		census_print("objects", census);
	return err;
}

int slab_await(const struct slab_census *before)
{
	struct slab_census now;

	for (int i = 0; i < AWAIT_SECONDS; i++) {
		int err = census_take(&now), more = 0;

		if (err)
			return err;
		for (int kind = 0; kind < SLAB_KINDS; kind++)
			more += now.objects[kind] > before->objects[kind] + SLACK;
		if (!more) {
			census_print("objects afterwards", &now);
			return 0;
		}
		sleep_for(1);
	}
	census_print("objects still there", &now);
	return -ETIMEDOUT;
}
