/* SPDX-License-Identifier: GPL-2.0-only */
/* All contexts that can be seen: who has them open, and which threads wear them. */
#ifndef SURVEY_H
#define SURVEY_H

#include <stdbool.h>
#include <sys/types.h>

#include <ntimp.h>

/**
 * struct sighting - one descriptor of a context, or one thread that wears one
 * @info: what it says
 * @pid: the process
 * @tid: the thread that wears it; 0: a descriptor
 * @fd: the descriptor; -1: a thread
 */
struct sighting {
	struct ntimp_info info;
	pid_t pid;
	pid_t tid;
	int fd;
};

/**
 * struct survey - what was seen
 * @sightings: @count of them, ordered by context, descriptors first
 * @count: how many
 * @room: for how many there is memory
 * @hidden: processes that could not be looked into
 * @threads: threads were asked whom they impersonate, too
 */
struct survey {
	struct sighting *sightings;
	size_t count;
	size_t room;
	unsigned int hidden;
	bool threads;
};

int survey_make(struct survey *survey);
int survey_failure(void);
void survey_free(struct survey *survey);

/* One line for each sighting, the first of which says what it is. */
struct json_object;
void survey_print_head(void);
void survey_print(const struct sighting *sighting, const char *note);
struct json_object *survey_json(const struct sighting *sighting);

#endif /* SURVEY_H */
