// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "persona.h"
#include "places.h"

static_assert(sizeof(kuid_t) == sizeof(u32) && sizeof(kgid_t) == sizeof(u32));

struct place_info {
	enum place parent;
	u32 owner;
	u32 first;
	u32 count;
	bool root_inside;
};

static const struct place_info infos[NR_PLACES] = {
	[OWN]		= { HOME, .owner = 1000, .first = 100000, .count = 65536 },
	[OWN_TOO]	= { HOME, .owner = 1000, .first = 100000, .count = 65536 },
	[OWN_CHILD]	= { OWN, .owner = 100000, .first = 110000, .count = 1000 },
	[OTHERS]	= { HOME, .owner = 2000, .first = 100000, .count = 65536 },
	[OTHERS_CHILD]	= { OTHERS, .owner = 101000, .first = 110000, .count = 1000 },
	[SAME_IDS]	= { HOME, .owner = 2000, .first = 0, .count = 65536 },
	[ROOT_INSIDE]	= { HOME, .owner = 2000, .first = 100000, .count = 65536,
			    .root_inside = true },
	[EMPTY]		= { HOME, .owner = 1000, .first = 0, .count = 0 },
};

static void map_root(struct uid_gid_map *map)
{
	map->extent[1] = (struct uid_gid_extent) {
		.first = 65536,
		.lower_first = 0,
		.count = 1,
	};
	/* Readers look at the number first. */
	smp_wmb();
	map->nr_extents = 2;
}

/* A cred in the place, of which only the user namespace matters. */
static const struct cred *place_within(struct kunit *test, struct places *places,
				       enum place place)
{
	const struct place_info *info = &infos[place];
	const struct cred *inside;
	struct persona owner;

	if (place == HOME || places->within[place])
		return places->within[place];

	owner = (struct persona) {
		.uid = info->owner,
		.gid = info->owner,
		.within = place_within(test, places, info->parent),
	};
	inside = persona_user_ns(test, persona_cred(test, &owner), info->first, info->count);
	if (info->root_inside) {
		map_root(&inside->user_ns->uid_map);
		map_root(&inside->user_ns->gid_map);
	}
	places->within[place] = inside;
	return inside;
}

const struct cred *place_cred(struct kunit *test, struct places *places, enum place place,
			      const struct persona *persona, const struct odd_id *odd)
{
	struct persona there = *persona;
	struct cred *cred;

	there.within = place_within(test, places, place);
	cred = persona_cred(test, &there);
	if (odd->offset)
		*(u32 *)((char *)cred + odd->offset) = odd->id;
	return cred;
}
