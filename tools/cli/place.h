/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PLACE_H
#define PLACE_H

#include <argp.h>
#include <stdbool.h>
#include <sys/types.h>

/**
 * struct place - where a context is
 * @pid: the process that has it open; 0: this one
 * @fd: the descriptor there
 * @given: not the default
 */
struct place {
	pid_t pid;
	int fd;
	bool given;
};

int place_parse(char *name, struct place *place);
void place_default(struct place *place, struct argp_state *state);
int place_get(const struct place *place, int *fd);

#endif /* PLACE_H */
