/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_NT_FILTER_H
#define _NTIMP_NT_FILTER_H

#include <linux/refcount.h>
#include <linux/types.h>

#include <linux/nt/sid.h>
#include <linux/nt/token.h>

struct nt_holder;

/**
 * struct nt_sids - some SIDs, in one piece of memory
 * @count: how many
 * @sids: they, which follow
 */
struct nt_sids {
	ULONG count;
	const SID *sids[];
};

/**
 * struct nt_filter - what SeFilterToken() took away from a token
 * @usage: one for each token that has it: the filtered one and its duplicates
 * @flags: SANDBOX_INERT, LUA_TOKEN, WRITE_RESTRICTED
 * @deleted: privileges that were deleted
 * @denied: SIDs that only count where something is denied; or NULL
 * @restricted: rights need to be granted to one of @restricting too
 * @restricting: these; or NULL: none, so nothing is granted
 *
 * Fixed once a token has it.  Privileges that were deleted are also gone from the
 * token's context, as capabilities.
 */
struct nt_filter {
	refcount_t usage;
	ULONG flags;
	u64 deleted;
	struct nt_sids *denied;
	bool restricted;
	struct nt_sids *restricting;
};

struct nt_filter *nt_filter_create(const struct nt_holder *holder, ULONG flags,
				   const TOKEN_GROUPS *disable,
				   const TOKEN_PRIVILEGES *delete,
				   const TOKEN_GROUPS *restricting);
struct nt_filter *nt_filter_get(struct nt_filter *filter);
void nt_filter_put(struct nt_filter *filter);
bool nt_filter_is_expressible(const struct nt_filter *filter);
bool nt_filter_denies(const struct nt_filter *filter, const SID *sid);
bool nt_filter_restricts_to(const struct nt_filter *filter, const SID *sid);

/**
 * nt_filter_deleted - the privileges that were deleted
 * @filter: the filter, or NULL
 *
 * Context: any.
 * Return: these.
 */
static inline u64 nt_filter_deleted(const struct nt_filter *filter)
{
	return filter ? filter->deleted : 0;
}

#endif /* _NTIMP_NT_FILTER_H */
