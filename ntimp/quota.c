// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many contexts each user has open.
 *
 * Descriptors have limits per process, and contexts in flight over a socket
 * have none that counts here, so a user's contexts are counted by themselves.
 * A closed context counts no more: what threads and files keep of it is bound
 * by how many of those there can be.
 *
 * quota_lock protects the table and the numbers.
 */
#include <kunit/visibility.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "cred.h"
#include "limits.h"
#include "quota.h"

/**
 * struct ntimp_quota - a user who has contexts open
 * @user: real user of the primaries that made them
 * @contexts: how many, at least one; quota_lock
 * @by_user: in the table; quota_lock
 */
struct ntimp_quota {
	kuid_t user;
	unsigned int contexts;
	struct hlist_node by_user;
};

static DEFINE_SPINLOCK(quota_lock);
static DEFINE_HASHTABLE(quotas, NTIMP_QUOTA_HASH_BITS);

unsigned int ntimp_max_contexts = NTIMP_CONTEXTS_MAX;
EXPORT_SYMBOL_IF_KUNIT(ntimp_max_contexts);
module_param_named(max_contexts, ntimp_max_contexts, uint, 0444);
MODULE_PARM_DESC(max_contexts,
		 "contexts that each user can have open, 0: no limit (default: 65536)");

static struct ntimp_quota *quota_find(kuid_t user)
{
	struct ntimp_quota *quota;

	lockdep_assert_held(&quota_lock);
	hash_for_each_possible(quotas, quota, by_user, __kuid_val(user))
		if (uid_eq(quota->user, user))
			return quota;
	return NULL;
}

static bool is_exempt(const struct cred *maker)
{
	return ntimp_cred_capable(maker, &init_user_ns, CAP_SYS_RESOURCE);
}

/* NULL: the user is new. */
static struct ntimp_quota *charge_known(kuid_t user, unsigned int limit)
{
	struct ntimp_quota *quota = quota_find(user);

	if (!quota)
		return NULL;
	if (quota->contexts >= limit)
		return ERR_PTR(-EDQUOT);
	quota->contexts++;
	return quota;
}

static struct ntimp_quota *charge_new(kuid_t user, unsigned int limit)
{
	struct ntimp_quota *quota, *new;

	new = kzalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	if (!new)
		return ERR_PTR(-ENOMEM);
	new->user = user;
	new->contexts = 1;

	spin_lock(&quota_lock);
	/* Another thread may have been here meanwhile. */
	quota = charge_known(user, limit);
	if (!quota) {
		hash_add(quotas, &new->by_user, __kuid_val(user));
		swap(quota, new);
	}
	spin_unlock(&quota_lock);
	kfree(new);
	return quota;
}

static struct ntimp_quota *charge_up_to(kuid_t user, unsigned int limit)
{
	struct ntimp_quota *quota;

	spin_lock(&quota_lock);
	quota = charge_known(user, limit);
	spin_unlock(&quota_lock);
	return quota ?: charge_new(user, limit);
}

/**
 * ntimp_quota_charge - count one more context
 * @maker: primary of the thread that makes it
 *
 * Context: process context, may sleep.
 * Return: for ntimp_quota_uncharge(); -EDQUOT: the user has as many as the
 * max_contexts parameter allows, and lacks CAP_SYS_RESOURCE in the initial user
 * namespace; -ENOMEM.
 */
struct ntimp_quota *ntimp_quota_charge(const struct cred *maker)
{
	unsigned int limit = ntimp_max_contexts ?: UINT_MAX;
	struct ntimp_quota *quota = charge_up_to(maker->uid, limit);

	if (quota == ERR_PTR(-EDQUOT) && is_exempt(maker))
		quota = charge_up_to(maker->uid, UINT_MAX);
	return quota;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_quota_charge);

/**
 * ntimp_quota_uncharge - count one context less
 * @quota: from ntimp_quota_charge()
 *
 * Context: process context.
 */
void ntimp_quota_uncharge(struct ntimp_quota *quota)
{
	spin_lock(&quota_lock);
	if (--quota->contexts)
		quota = NULL;
	else
		hash_del(&quota->by_user);
	spin_unlock(&quota_lock);
	kfree(quota);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_quota_uncharge);
