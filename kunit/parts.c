// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/key.h>
#include <linux/rcupdate.h>
#include <linux/sched/user.h>
#include <linux/user_namespace.h>

#include "../ntimp/compat.h"
#include "../ntimp/cred.h"
#include "defer.h"
#include "parts.h"
#include "symbol.h"

void ids_set(struct cred *cred, const struct ids *ids)
{
	cred->uid = KUIDT_INIT(ids->uid);
	cred->gid = KGIDT_INIT(ids->gid);
	cred->euid = KUIDT_INIT(ids->euid);
	cred->egid = KGIDT_INIT(ids->egid);
	cred->suid = KUIDT_INIT(ids->suid);
	cred->sgid = KGIDT_INIT(ids->sgid);
	cred->fsuid = KUIDT_INIT(ids->fsuid);
	cred->fsgid = KGIDT_INIT(ids->fsgid);
}

void ids_expect(struct kunit *test, const struct ids *expected, const struct cred *cred)
{
	KUNIT_EXPECT_EQ(test, expected->uid, __kuid_val(cred->uid));
	KUNIT_EXPECT_EQ(test, expected->gid, __kgid_val(cred->gid));
	KUNIT_EXPECT_EQ(test, expected->euid, __kuid_val(cred->euid));
	KUNIT_EXPECT_EQ(test, expected->egid, __kgid_val(cred->egid));
	KUNIT_EXPECT_EQ(test, expected->suid, __kuid_val(cred->suid));
	KUNIT_EXPECT_EQ(test, expected->sgid, __kgid_val(cred->sgid));
	KUNIT_EXPECT_EQ(test, expected->fsuid, __kuid_val(cred->fsuid));
	KUNIT_EXPECT_EQ(test, expected->fsgid, __kgid_val(cred->fsgid));
}

void caps_set(struct cred *cred, const struct caps *caps)
{
	cred->cap_inheritable = compat_cap_from_u64(caps->inheritable);
	cred->cap_permitted = compat_cap_from_u64(caps->permitted);
	cred->cap_effective = compat_cap_from_u64(caps->effective);
	cred->cap_bset = compat_cap_from_u64(caps->bounding);
	cred->cap_ambient = compat_cap_from_u64(caps->ambient);
}

void caps_expect(struct kunit *test, const struct caps *expected, const struct cred *cred)
{
	KUNIT_EXPECT_EQ(test, expected->inheritable, compat_cap_to_u64(cred->cap_inheritable));
	KUNIT_EXPECT_EQ(test, expected->permitted, compat_cap_to_u64(cred->cap_permitted));
	KUNIT_EXPECT_EQ(test, expected->effective, compat_cap_to_u64(cred->cap_effective));
	KUNIT_EXPECT_EQ(test, expected->bounding, compat_cap_to_u64(cred->cap_bset));
	KUNIT_EXPECT_EQ(test, expected->ambient, compat_cap_to_u64(cred->cap_ambient));
}

struct pair pair_within(struct kunit *test, enum relation relation)
{
	struct pair within = { .server = current_real_cred(), .client = current_real_cred() };

	if (relation == SERVER_BELOW || relation == SIBLINGS)
		within.server = persona_user_ns(test, current_real_cred(), 100000, 65536);
	if (relation == CLIENT_BELOW || relation == SIBLINGS)
		within.client = persona_user_ns(test, current_real_cred(), 200000, 65536);
	return within;
}

void own_accounts(struct kunit *test, struct cred *cred)
{
	struct user_struct *(*alloc)(kuid_t uid) = symbol_find("alloc_uid");
	int (*set_ucounts)(struct cred *cred) = symbol_find("set_cred_ucounts");
	struct user_struct *user;

	KUNIT_ASSERT_NOT_NULL(test, alloc);
	KUNIT_ASSERT_NOT_NULL(test, set_ucounts);
	user = alloc(cred->uid);
	KUNIT_ASSERT_NOT_NULL(test, user);
	free_uid(cred->user);
	cred->user = user;
	KUNIT_ASSERT_EQ(test, 0, set_ucounts(cred));
}

static void undo_key(const void *key)
{
	key_put((struct key *)key);
}

static struct key *keyring(struct kunit *test)
{
	struct key *key = keyring_alloc("ntimp_kunit", GLOBAL_ROOT_UID, GLOBAL_ROOT_GID,
					current_cred(), KEY_POS_ALL, KEY_ALLOC_NOT_IN_QUOTA,
					NULL, NULL);

	KUNIT_ASSERT_FALSE(test, IS_ERR(key));
	/* One reference for the case, so that the key can still be looked at in the end. */
	defer(test, undo_key, key);
	return key_get(key);
}

void own_keyrings(struct kunit *test, struct cred *cred, const char *slots)
{
	if (strchr(slots, 's'))
		cred->session_keyring = keyring(test);
	if (strchr(slots, 'p'))
		cred->process_keyring = keyring(test);
	if (strchr(slots, 't'))
		cred->thread_keyring = keyring(test);
	if (strchr(slots, 'a'))
		cred->request_key_auth = keyring(test);
}

struct cred *loner_cred(struct kunit *test, u32 id)
{
	const struct persona persona = {
		.uid = id,
		.gid = id,
		.ngroups = 1,
		.groups = { id },
		.within = persona_user_ns(test, current_real_cred(), id, 1),
	};
	struct cred *cred = persona_cred(test, &persona);

	/* Creds of former cases with this id may be on their way out. */
	rcu_barrier();
	own_accounts(test, cred);
	own_keyrings(test, cred, "spta");
	return cred;
}

const struct cred *applied_cred(struct kunit *test, const struct cred *server,
				const struct cred *client, unsigned int level)
{
	const struct cred *applied = ntimp_cred_apply(server, client, level);

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(applied), "error %ld", PTR_ERR(applied));
	return keep_cred(test, applied);
}

/* Kernels differ in the type of these counters, but all are one int that counts by ones. */
static_assert(sizeof_field(struct user_struct, __count) == sizeof(atomic_t));
static_assert(sizeof_field(struct ucounts, count) == sizeof(atomic_t));
static_assert(sizeof_field(struct group_info, usage) == sizeof(atomic_t));

static long counter(const void *counter)
{
	return atomic_read((const atomic_t *)counter);
}

static long key_refs(const struct key *key)
{
	return key ? refcount_read(&key->usage) : 0;
}

struct refs refs_read(const struct cred *cred)
{
	return (struct refs) { .count = {
		[PART_CRED]	= cred_usage(cred),
		[PART_USER]	= counter(&cred->user->__count),
		[PART_USER_NS]	= refcount_read(&cred->user_ns->ns.count),
		[PART_UCOUNTS]	= counter(&cred->ucounts->count),
		[PART_GROUPS]	= counter(&cred->group_info->usage),
		[PART_SESSION]	= key_refs(cred->session_keyring),
		[PART_PROCESS]	= key_refs(cred->process_keyring),
		[PART_THREAD]	= key_refs(cred->thread_keyring),
		[PART_AUTH]	= key_refs(cred->request_key_auth),
	} };
}

void refs_expect(struct kunit *test, const char *whose, const struct cred *cred,
		 const struct refs *before, const struct refs *more)
{
	static const char *const names[PARTS] = {
		"cred", "user", "user namespace", "ucounts", "groups",
		"session keyring", "process keyring", "thread keyring", "request_key() authority",
	};
	struct refs now = refs_read(cred);
	int i;

	for (i = 0; i < PARTS; i++)
		KUNIT_EXPECT_EQ_MSG(test, before->count[i] + more->count[i], now.count[i],
				    "the %s's %s", whose, names[i]);
}
