/* SPDX-License-Identifier: GPL-2.0-only */
/* SIDs by name, and access lists, filters and tokens that are made of them, for tables. */
#ifndef _KUNIT_NT_SIDS_H
#define _KUNIT_NT_SIDS_H

#include <linux/types.h>

#include <linux/ntifs.h>

#include "../ntimp/nt/filter.h"
#include "../ntimp/nt/holder.h"
#include "persona.h"

struct kunit;

enum sid_name {
	NO_SID,
	ALICE,			/* user 1001 */
	BOB,			/* user 1002 */
	ROOT,			/* user 0 */
	NOBODY,			/* user 65534 */
	ALICES,			/* group 1001 */
	USERS,			/* group 100 */
	STAFF,			/* group 200 */
	OTHERS_GROUP,		/* group 300 */
	WHEEL,			/* group 0 */
	EVERYONE,		/* S-1-1-0 */
	AUTHENTICATED,		/* S-1-5-11 */
	ANONYMOUS,		/* S-1-5-7 */
	SYSTEM,			/* S-1-5-18 */
	ADMINS,			/* S-1-5-32-544 */
	OWNERS,			/* S-1-3-4, owners' rights */
	OF_A_DOMAIN,		/* S-1-5-21-1-2-3-1001 */
	SID_NAMES
};

/* It remains the table's. */
PSID sid_of(enum sid_name name);

/* Some entry of an access list. */
struct ace_row {
	UCHAR type;
	UCHAR flags;
	ACCESS_MASK mask;
	enum sid_name sid;
	ULONG object;	/* flags, of the types for objects */
};

#define ALLOW(_sid, _mask)	{ .type = ACCESS_ALLOWED_ACE_TYPE, .mask = (_mask), .sid = (_sid) }
#define DENY(_sid, _mask)	{ .type = ACCESS_DENIED_ACE_TYPE, .mask = (_mask), .sid = (_sid) }

/* A list of the entries before the first that is for nobody; lives as long as the case. */
PACL acl_make(struct kunit *test, const struct ace_row *rows, unsigned int count);

#define LIST_MAX	4

/* SIDs before the first NO_SID, for SeFilterToken(); NULL: there are none. */
PTOKEN_GROUPS groups_list(struct kunit *test, const enum sid_name *names, ULONG attributes);

/* What a token is to lose. */
struct loss {
	ULONG flags;
	enum sid_name disable[LIST_MAX];
	enum sid_name restrict_to[LIST_MAX];
	u64 delete;	/* bits by number */
};

PTOKEN_PRIVILEGES privileges_of(struct kunit *test, u64 privileges);

/* A filter that lives as long as the case; NULL if nothing is lost. */
struct nt_filter *filter_make(struct kunit *test, const struct nt_holder *holder,
			      const struct loss *loss);

/* Whom a token would be about; lives as long as the case. */
struct nt_holder holder_make(struct kunit *test, const struct persona *persona);

/* An impersonation token, or a primary one of nobody's thread; lives as long as the case. */
PACCESS_TOKEN token_make(struct kunit *test, const struct persona *persona, TOKEN_TYPE type,
			 SECURITY_IMPERSONATION_LEVEL level);

/* Memory that lives as long as the case, with nothing behind it that may be touched. */
void *exact_copy(struct kunit *test, const void *from, size_t length);

#endif /* _KUNIT_NT_SIDS_H */
