// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who the client of a context, or of a thread that wears one, is.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "identity.h"

/*
 * The number of groups may change between two queries of a thread, so asking
 * for it first is no more than a guess.
 */
static int identify(int (*query)(int subject, struct ntimp_info *info), int subject,
		    struct identity *identity)
{
	struct ntimp_info *info = &identity->info;
	gid_t *bigger;
	int err;

	memset(identity, 0, sizeof(*identity));
	err = query(subject, info);
	while (!err || errno == ERANGE) {
		bigger = reallocarray(identity->groups, info->ngroups + 1, sizeof(gid_t));
		if (!bigger)
			break;
		identity->groups = bigger;
		info->groups = (uintptr_t)bigger;
		info->ngroups++;
		err = query(subject, info);
		if (!err)
			return 0;
	}
	identity_free(identity);
	return -1;
}

/* Returns -1 with the errno of ntimp_query() on failure. */
int identity_of_context(int ctx, struct identity *identity)
{
	return identify(ntimp_query, ctx, identity);
}

/* Whom a thread impersonates, 0 being the caller; -1 as ntimp_query_thread(). */
int identity_of_thread(pid_t tid, struct identity *identity)
{
	return identify(ntimp_query_thread, tid, identity);
}

/* The same ids, groups and capabilities, in the same user namespace. */
bool identity_equal(const struct identity *a, const struct identity *b)
{
	const struct ntimp_info *x = &a->info, *y = &b->info;

	return x->uid == y->uid && x->euid == y->euid &&
	       x->suid == y->suid && x->fsuid == y->fsuid &&
	       x->gid == y->gid && x->egid == y->egid &&
	       x->sgid == y->sgid && x->fsgid == y->fsgid &&
	       x->user_ns == y->user_ns &&
	       x->cap_permitted == y->cap_permitted &&
	       x->cap_effective == y->cap_effective &&
	       x->ngroups == y->ngroups &&
	       !memcmp(a->groups, b->groups, x->ngroups * sizeof(gid_t));
}

void identity_free(struct identity *identity)
{
	int saved = errno;

	free(identity->groups);
	identity->groups = NULL;
	errno = saved;
}
