// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "../ntimp/compat.h"
#include "defer.h"
#include "persona.h"
#include "symbol.h"

static void undo_cred(const void *cred)
{
	put_cred(cred);
}

const struct cred *keep_cred(struct kunit *test, const struct cred *cred)
{
	defer(test, undo_cred, cred);
	return cred;
}

static void undo_groups(const void *groups)
{
	put_group_info((struct group_info *)groups);
}

struct group_info *groups_make(struct kunit *test, const u32 *gids, unsigned int count)
{
	struct group_info *groups = groups_alloc(count);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, groups);
	for (i = 0; i < count; i++)
		groups->gid[i] = KGIDT_INIT(gids[i]);
	defer(test, undo_groups, groups);
	return groups;
}

static struct cred *cred_copy(struct kunit *test, const struct cred *cred)
{
	const struct cred *worn = override_creds(cred);
	struct cred *copy = prepare_creds();

	revert_creds(worn);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	return copy;
}

struct cred *copied_cred(struct kunit *test, const struct cred *cred)
{
	struct cred *copy = cred_copy(test, cred);

	keep_cred(test, copy);
	return copy;
}

static struct cred *persona_prepare(struct kunit *test, const struct persona *persona)
{
	struct group_info *groups = groups_make(test, persona->groups, persona->ngroups);
	struct cred *cred = cred_copy(test, persona->within ?: current_real_cred());
	u64 caps = persona->permitted;

	set_groups(cred, groups);
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

	keep_cred(test, cred);
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
	int (*create)(struct cred *new) = symbol_find("create_user_ns");
	struct cred *inside;

	KUNIT_ASSERT_NOT_NULL(test, create);
	inside = copied_cred(test, owner);
	KUNIT_ASSERT_EQ(test, 0, create(inside));
	map_ids(&inside->user_ns->uid_map, first, count);
	map_ids(&inside->user_ns->gid_map, first, count);
	return inside;
}
