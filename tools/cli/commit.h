/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef COMMIT_H
#define COMMIT_H

#include "identity.h"

/**
 * struct committed - what a process is to become
 * @client: ids and groups
 * @caps: capabilities: permitted, effective, inheritable and ambient
 * @new_privileges: execve() may add to them, as it does after a login
 */
struct committed {
	const struct identity *client;
	uint64_t caps;
	bool new_privileges;
};

int commit(const struct committed *wanted);

#endif /* COMMIT_H */
