// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kmemory.h"
#include "setting.h"

/* What is freed after a grace period, or by someone who comes by now and then. */
#define CALM_SECONDS	1
#define TRIES		20
#define CALM_BYTES	4096

/* Objects that are free, but on a processor's own list, count as used. */
static int shrink_all(void)
{
	glob_t found;
	int err;

	if (glob("/sys/kernel/slab/*/shrink", 0, NULL, &found))
		return -ENOENT;
	err = found.gl_pathc ? 0 : -ENOENT;
	for (size_t i = 0; !err && i < found.gl_pathc; i++)
		err = setting_write(found.gl_pathv[i], "1");
	globfree(&found);
	return err;
}

static void add_cache(struct kmemory *memory, const char *line)
{
	char name[64];
	long active, total, size;

	if (sscanf(line, "%63s %ld %ld %ld", name, &active, &total, &size) != 4)
		return;
	if (!strcmp(name, "filp") || !strcmp(name, "dentry"))
		memory->files += (double)active * size;
	else if (!strncmp(name, "cred", 4) || !strncmp(name, "kmalloc-", 8))
		memory->rest += (double)active * size;
}

static int count_now(struct kmemory *memory)
{
	char *line = NULL;
	size_t room = 0;
	FILE *file;
	int err;

	*memory = (struct kmemory){};
	err = shrink_all();
	if (err)
		return err;
	file = fopen("/proc/slabinfo", "re");
	if (!file)
		return -errno;
	while (getline(&line, &room, file) > 0)
		add_cache(memory, line);
	free(line);
	fclose(file);
	return memory->files > 0 ? 0 : -ENOENT;
}

int kmemory_count(struct kmemory *memory)
{
	struct kmemory before;
	int err = count_now(memory);

	for (int i = 0; !err && i < TRIES; i++) {
		before = *memory;
		sleep(CALM_SECONDS);
		err = count_now(memory);
		if (!err && fabs(memory->rest - before.rest) <= CALM_BYTES)
			return 0;
	}
	return err ?: -ETIMEDOUT;
}
