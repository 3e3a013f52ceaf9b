/* SPDX-License-Identifier: GPL-2.0-only */
/* Clients with few and with many groups. */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <stddef.h>
#include <sys/types.h>

#define CLIENT	1001	/* user and group */
#define OTHER	1002	/* and of another one */

#define GROUPS_MOST	65536
#define GROUP_COUNTS	6

/* Numbers of groups of which each way is measured. */
extern const size_t group_counts[GROUP_COUNTS];

/* As many groups as wanted, always the same. */
const gid_t *client_groups(void);
/* One that a client of @ngroups groups is in, and no client of fewer. */
gid_t client_last_group(size_t ngroups);
/* The context of a client with @ngroups groups, or -errno. */
int client_context(int dev, uid_t id, size_t ngroups);

#endif /* BENCH_CLIENT_H */
