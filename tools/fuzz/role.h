/* SPDX-License-Identifier: GPL-2.0-only */
/* The privileges that workers have. */
#ifndef FUZZ_ROLE_H
#define FUZZ_ROLE_H

#include <stdbool.h>

#include "persona.h"

#define ROLES	8

/**
 * struct role - who a worker is
 * @name: for messages
 * @who: ids and capabilities
 * @root: is root of the machine
 * @sets_ids: may act as others
 * @user_ns: in a child user namespace, where it is root; needs a process of its own
 * @no_new_privs: with that flag set
 * @landlock: in a domain in which no file but those of /proc can be read
 */
struct role {
	const char *name;
	struct persona who;
	bool root;
	bool sets_ids;
	bool user_ns;
	bool no_new_privs;
	bool landlock;
};

extern const struct role roles[ROLES];

/* The calling thread, root, takes a role.  0 or -errno. */
int role_take(const struct role *role);

#endif /* FUZZ_ROLE_H */
