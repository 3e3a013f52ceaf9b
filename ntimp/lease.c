// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leases, see lease.h.
 */
#include <kunit/visibility.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/user_namespace.h>

#include "lease.h"

/**
 * ntimp_lease_create - a lease for ever
 * @maker: primary of the thread that makes the first context
 *
 * Context: process context, may sleep.
 * Return: a lease, whose reference is the caller's; NULL: no memory.
 */
struct ntimp_lease *ntimp_lease_create(const struct cred *maker)
{
	struct ntimp_lease *lease = kzalloc(sizeof(*lease), GFP_KERNEL_ACCOUNT);

	if (!lease)
		return NULL;
	refcount_set(&lease->usage, 1);
	atomic64_set(&lease->deadline, NTIMP_LEASE_FOR_EVER);
	lease->maker = maker->euid;
	lease->user_ns = get_user_ns(maker->user_ns);
	INIT_LIST_HEAD(&lease->applied);
	return lease;
}

/**
 * ntimp_lease_get - take a reference on a lease
 * @lease: a lease on which the caller has a reference
 *
 * Context: any.
 * Return: @lease
 */
struct ntimp_lease *ntimp_lease_get(struct ntimp_lease *lease)
{
	refcount_inc(&lease->usage);
	return lease;
}

/**
 * ntimp_lease_put - drop a reference on a lease
 * @lease: the lease
 *
 * Context: any.
 */
void ntimp_lease_put(struct ntimp_lease *lease)
{
	if (!refcount_dec_and_test(&lease->usage))
		return;
	put_user_ns(lease->user_ns);
	kfree(lease);
}

/* Beyond what the clock can count is for ever. */
static s64 deadline_after(u64 lifetime)
{
	s64 now = ktime_get_boottime_ns();

	return lifetime < NTIMP_LEASE_FOR_EVER - now ? now + (s64)lifetime :
						       NTIMP_LEASE_FOR_EVER;
}

/**
 * ntimp_lease_shorten - bring the end of a lease forward
 * @lease: the lease
 * @lifetime: nanoseconds from now; nothing changes if it ends before anyway
 *
 * Context: any.
 */
void ntimp_lease_shorten(struct ntimp_lease *lease, u64 lifetime)
{
	s64 deadline = deadline_after(lifetime);
	s64 former = atomic64_read(&lease->deadline);

	while (deadline < former &&
	       !atomic64_try_cmpxchg(&lease->deadline, &former, deadline))
		;
}

/**
 * ntimp_lease_left - what is left of a lease
 * @lease: the lease
 *
 * Context: any.
 * Return: nanoseconds; 0: for ever, or nothing.
 */
u64 ntimp_lease_left(const struct ntimp_lease *lease)
{
	s64 deadline = atomic64_read(&lease->deadline);
	s64 now;

	if (deadline == NTIMP_LEASE_FOR_EVER)
		return 0;
	now = ktime_get_boottime_ns();
	return deadline > now ? deadline - now : 0;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_lease_left);

/**
 * ntimp_lease_ended - the part of ntimp_lease_check() that looks at the clock
 * @lease: the lease
 *
 * Context: any.
 * Return: as ntimp_lease_check().
 */
int ntimp_lease_ended(const struct ntimp_lease *lease)
{
	s64 deadline = atomic64_read_acquire(&lease->deadline);

	if (READ_ONCE(lease->revoked))
		return -EKEYREVOKED;
	return deadline <= (s64)ktime_get_boottime_ns() ? -EKEYEXPIRED : 0;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_lease_ended);
