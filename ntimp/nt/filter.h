/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_NT_FILTER_H
#define _NTIMP_NT_FILTER_H

#include <linux/refcount.h>
#include <linux/slab.h>

/**
 * struct nt_filter - what SeFilterToken() took away from a token
 * @usage: one for each token that has it: the filtered one and its duplicates
 *
 * Fixed once a token has it.
 */
struct nt_filter {
	refcount_t usage;
};

/**
 * nt_filter_get - take a reference on a filter
 * @filter: the filter, or NULL
 *
 * Context: any.
 * Return: @filter
 */
static inline struct nt_filter *nt_filter_get(struct nt_filter *filter)
{
	if (filter)
		refcount_inc(&filter->usage);
	return filter;
}

/**
 * nt_filter_put - drop a reference on a filter
 * @filter: the filter, or NULL
 *
 * Context: any.
 */
static inline void nt_filter_put(struct nt_filter *filter)
{
	if (filter && refcount_dec_and_test(&filter->usage))
		kfree(filter);
}

/**
 * nt_filter_is_expressible - can a Linux cred be limited like this?
 * @filter: the filter, or NULL
 *
 * Context: any.
 * Return: false if whoever wears a token with it would have more rights than the
 * filter leaves.
 */
static inline bool nt_filter_is_expressible(const struct nt_filter *filter)
{
	return !filter;
}

#endif /* _NTIMP_NT_FILTER_H */
