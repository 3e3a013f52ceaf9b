// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kmemory.h"
#include "setting.h"

/* What is freed after a grace period, or by someone who comes by now and then. */
#define CALM_SECONDS	1
#define TRIES		20
/* A slab that a processor has just taken for itself counts as used, as a whole. */
#define CALM_BYTES	131072

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

/* What is charged to a control group, as is all that a caller can make much of. */
static bool is_counted(const char *cache)
{
	static const char *const beginnings[] = { "cred", "kmalloc-cg-", "ntimp" };

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
		if (!strncmp(cache, beginnings[i], strlen(beginnings[i])))
			return true;
	return false;
}

static void add_cache(struct kmemory *memory, const char *line)
{
	char name[64];
	long active, total, size;

	if (sscanf(line, "%63s %ld %ld %ld", name, &active, &total, &size) != 4)
		return;
	if (!strcmp(name, "filp") || !strcmp(name, "dentry"))
		memory->files += (double)active * size;
	else if (is_counted(name))
		memory->rest += (double)active * size;
}

/* Variables that each processor has one of are not in slabs. */
static void add_percpu(struct kmemory *memory, const char *line)
{
	long kilobytes;

	if (sscanf(line, "Percpu: %ld kB", &kilobytes) == 1)
		memory->rest += kilobytes * 1024.0;
}

static int add_lines(struct kmemory *memory, const char *path,
		     void (*add)(struct kmemory *memory, const char *line))
{
	char *line = NULL;
	size_t room = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		return -errno;
	while (getline(&line, &room, file) > 0)
		add(memory, line);
	free(line);
	fclose(file);
	return 0;
}

static int count_now(struct kmemory *memory)
{
	int err;

	*memory = (struct kmemory){};
	err = shrink_all() ?: add_lines(memory, "/proc/slabinfo", add_cache) ?:
	      add_lines(memory, "/proc/meminfo", add_percpu);
	return err ?: memory->files > 0 ? 0 : -ENOENT;
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
