/* SPDX-License-Identifier: GPL-2.0-only */
/* Entry points whose allocations fail, one after the other. */
#ifndef _KUNIT_ALLOC_H
#define _KUNIT_ALLOC_H

#include <linux/types.h>

struct cred;
struct group_info;
struct kunit;
struct ntimp_context;

/* What the calls are about. */
struct scene {
	struct ntimp_context *ctx;
	const struct cred *client;
	const struct cred *applied;
	struct group_info *groups;
};

/**
 * struct entry - an entry point
 * @name: its name
 * @call: how to call it; whatever it made is dropped
 * @allocations: at least; the kernel's own may be more
 * @applied: the context is applied already
 * @retires: contexts of its own, with what was applied of them, if it succeeds
 */
struct entry {
	const char *name;
	int (*call)(const struct scene *scene);
	int allocations;
	bool applied;
	bool retires;
};

/* A case for each entry, which is the parameter of the test. */
void fails_once(struct kunit *test);

#endif /* _KUNIT_ALLOC_H */
