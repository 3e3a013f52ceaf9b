/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SOURCE_H
#define SOURCE_H

#include <argp.h>
#include <stdbool.h>

#include <ntimp.h>

/**
 * struct source - where a client comes from, as the options say
 * @kind: the option that names the source, or 0
 * @user: --user
 * @uid: --uid
 * @gid: --gid
 * @gid_given: @gid is valid
 * @groups: --groups, @ngroups of them
 * @groups_given: @groups is valid
 * @fd: --peer-fd or --context-fd
 * @pid: --pid
 */
struct source {
	int kind;
	const char *user;
	uid_t uid;
	gid_t gid;
	bool gid_given;
	gid_t *groups;
	size_t ngroups;
	bool groups_given;
	int fd;
	pid_t pid;
};

/* Parses the options of a source; its input is a struct source. */
extern const struct argp source_argp;

/* What the errors of a capture of a socket's peer mean. */
struct explanation;
extern const struct explanation source_peer_failures[];

int source_capture(const struct source *source, const struct ntimp_qos *qos, int *ctx);

#endif /* SOURCE_H */
