/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Leases: until when contexts can be used, and who may end that.
 *
 * A context and all that were duplicated from it, directly or not, share one
 * lease, so that nobody gets around a revocation with a duplicate.
 */
#ifndef _NTIMP_LEASE_H
#define _NTIMP_LEASE_H

#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/uidgid.h>

struct user_namespace;

#define NTIMP_LEASE_FOR_EVER	S64_MAX

/**
 * struct ntimp_lease - until when contexts can be used
 * @usage: one for each context
 * @deadline: CLOCK_BOOTTIME in nanoseconds; only ever brought forward; 0 when
 *	revoked
 * @revoked: the maker has ended it; written under the lock of applied creds
 * @maker: effective user of the primary that made the first context; fixed
 * @user_ns: its user namespace; one reference; fixed
 * @applied: all applied creds of these contexts, retired ones too; under the
 *	lock of applied creds
 */
struct ntimp_lease {
	refcount_t usage;
	atomic64_t deadline;
	bool revoked;
	kuid_t maker;
	struct user_namespace *user_ns;
	struct list_head applied;
};

struct ntimp_lease *ntimp_lease_create(const struct cred *maker);
struct ntimp_lease *ntimp_lease_get(struct ntimp_lease *lease);
void ntimp_lease_put(struct ntimp_lease *lease);
void ntimp_lease_shorten(struct ntimp_lease *lease, u64 lifetime);
u64 ntimp_lease_left(const struct ntimp_lease *lease);
int ntimp_lease_ended(const struct ntimp_lease *lease);

/**
 * ntimp_lease_check - can contexts be used, still?
 * @lease: their lease
 *
 * Context: any.
 * Return: 0; -EKEYREVOKED: the maker has revoked them; -EKEYEXPIRED: their time
 * is over.
 */
static inline int ntimp_lease_check(const struct ntimp_lease *lease)
{
	if (likely(atomic64_read(&lease->deadline) == NTIMP_LEASE_FOR_EVER))
		return 0;
	return ntimp_lease_ended(lease);
}

#endif /* _NTIMP_LEASE_H */
