// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "../ntimp/compat.h"
#include "../ntimp/context.h"
#include "../ntimp/redirect.h"
#include "defer.h"
#include "persona.h"

static void undo_cred(const void *cred)
{
	put_cred(cred);
}

static struct cred *cred_copy(struct kunit *test, const struct cred *cred)
{
	const struct cred *worn = override_creds(cred);
	struct cred *copy = prepare_creds();

	revert_creds(worn);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	return copy;
}

static struct cred *persona_prepare(struct kunit *test, const struct persona *persona)
{
	u64 caps = persona->permitted;
	struct group_info *groups;
	struct cred *cred = cred_copy(test, persona->within ?: current_real_cred());
	unsigned int i;

	groups = groups_alloc(persona->ngroups);
	if (!groups)
		abort_creds(cred);
	KUNIT_ASSERT_NOT_NULL(test, groups);
	for (i = 0; i < persona->ngroups; i++)
		groups->gid[i] = KGIDT_INIT(persona->groups[i]);
	set_groups(cred, groups);
	put_group_info(groups);

	cred->uid = KUIDT_INIT(persona->uid);
	cred->euid = cred->uid;
	cred->suid = cred->uid;
	cred->fsuid = cred->uid;
	cred->gid = KGIDT_INIT(persona->gid);
	cred->egid = cred->gid;
	cred->sgid = cred->gid;
	cred->fsgid = cred->gid;
	cred->cap_permitted = compat_cap_from_u64(caps);
	cred->cap_effective = compat_cap_from_u64(caps & ~persona->inactive);
	cred->cap_inheritable = compat_cap_from_u64(persona->inheritable);
	cred->cap_ambient = compat_cap_from_u64(persona->ambient);
	cred->cap_bset = compat_cap_from_u64(CAPS_ALL & ~persona->unbound);
	cred->securebits = persona->securebits;
	return cred;
}

struct cred *persona_cred(struct kunit *test, const struct persona *persona)
{
	struct cred *cred = persona_prepare(test, persona);

	defer(test, undo_cred, cred);
	return cred;
}

const struct cred *persona_become(struct kunit *test, const struct persona *persona)
{
	KUNIT_ASSERT_EQ(test, 0, commit_creds(persona_prepare(test, persona)));
	return current_real_cred();
}

static void map_ids(struct uid_gid_map *map, u32 first, u32 count)
{
	map->extent[0] = (struct uid_gid_extent) {
		.first = 0,
		.lower_first = first,
		.count = count,
	};
	/* Readers look at the number first. */
	smp_wmb();
	map->nr_extents = count ? 1 : 0;
}

const struct cred *persona_user_ns(struct kunit *test, const struct cred *owner,
				   u32 first, u32 count)
{
	static const char *const name = "create_user_ns";
	int (*create)(struct cred *new);
	unsigned long address;
	struct cred *inside;

	KUNIT_ASSERT_EQ(test, 0, redirect_find(&name, &address, 1));
	KUNIT_ASSERT_NE(test, 0UL, address);
	create = (void *)address;

	inside = cred_copy(test, owner);
	defer(test, undo_cred, inside);
	KUNIT_ASSERT_EQ(test, 0, create(inside));
	map_ids(&inside->user_ns->uid_map, first, count);
	map_ids(&inside->user_ns->gid_map, first, count);
	return inside;
}

static void undo_context(const void *ctx)
{
	ntimp_context_put((struct ntimp_context *)ctx);
}

struct ntimp_context *persona_context(struct kunit *test, const struct persona *persona,
				      unsigned int level)
{
	const struct ntimp_qos qos = { .level = level };
	struct ntimp_context *ctx;

	ctx = ntimp_context_create(NTIMP_SOURCE_IDS, &qos, get_cred(persona_cred(test, persona)));
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(ctx), "error %ld", PTR_ERR(ctx));
	defer(test, undo_context, ctx);
	return ctx;
}
