/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <ntimp.h>

/**
 * struct identity - who somebody is
 * @info: ids, capabilities and, for a client, the context; the groups are
 *	described by info.groups and info.ngroups
 * @groups: the supplementary groups, or NULL: not known, only their number is
 */
struct identity {
	struct ntimp_info info;
	gid_t *groups;
};

int identity_of_context(int ctx, struct identity *identity);
int identity_of_thread(pid_t tid, struct identity *identity);
bool identity_equal(const struct identity *a, const struct identity *b);
void identity_free(struct identity *identity);

#endif /* IDENTITY_H */
