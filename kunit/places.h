/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User namespaces that servers and clients are in, for tables of who may do
 * what where.
 */
#ifndef _KUNIT_PLACES_H
#define _KUNIT_PLACES_H

#include <linux/stddef.h>
#include <linux/types.h>

struct cred;
struct kunit;
struct persona;

/* Each but HOME is made anew for each case. */
enum place {
	HOME,		/* the initial user namespace */
	OWN,		/* a child that user 1000 owns; its ids 0 to 65535 are 100000 and up */
	OWN_TOO,	/* another such child */
	OWN_CHILD,	/* a child of OWN, owned by its root; ids from 110000, 1000 of them */
	OTHERS,		/* as OWN, but user 2000 owns it */
	OTHERS_CHILD,	/* a child of OTHERS, owned by 101000; ids from 110000, 1000 of them */
	SAME_IDS,	/* a child that user 2000 owns, ids 0 to 65535 are the same outside */
	ROOT_INSIDE,	/* as OTHERS, and its user 65536 is the initial user namespace's root */
	EMPTY,		/* a child that user 1000 owns, without any id */
	NR_PLACES
};

/**
 * struct odd_id - one id of a cred that differs from its like
 * @offset: which; 0: none
 * @id: the id
 */
struct odd_id {
	size_t offset;
	u32 id;
};

#define ODD(field, number)	{ .offset = offsetof(struct cred, field), .id = (number) }

struct places {
	const struct cred *within[NR_PLACES];
};

/* Make a cred like persona_cred(), in @place; @places starts as zeroes. */
const struct cred *place_cred(struct kunit *test, struct places *places, enum place place,
			      const struct persona *persona, const struct odd_id *odd);

#endif /* _KUNIT_PLACES_H */
