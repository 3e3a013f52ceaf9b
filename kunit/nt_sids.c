// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/bitops.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../ntimp/nt/acl.h"
#include "../ntimp/nt/privilege.h"
#include "../ntimp/nt/token.h"
#include "contexts.h"
#include "defer.h"
#include "nt_sids.h"
#include "nt_tokens.h"

#define SUBS	5

struct any_sid {
	UCHAR revision;
	UCHAR count;
	SID_IDENTIFIER_AUTHORITY authority;
	ULONG sub[SUBS];
};

#define USER(_uid)	{ SID_REVISION, 2, { NTIMP_UNIX_AUTHORITY }, { 1, (_uid) } }
#define GROUP(_gid)	{ SID_REVISION, 2, { NTIMP_UNIX_AUTHORITY }, { 2, (_gid) } }

static struct any_sid sids[SID_NAMES] = {
	[ALICE]		= USER(1001),
	[BOB]		= USER(1002),
	[ROOT]		= USER(0),
	[NOBODY]	= USER(65534),
	[ALICES]	= GROUP(1001),
	[USERS]		= GROUP(100),
	[STAFF]		= GROUP(200),
	[OTHERS_GROUP]	= GROUP(300),
	[WHEEL]		= GROUP(0),
	[EVERYONE]	= { SID_REVISION, 1, { SECURITY_WORLD_SID_AUTHORITY }, { 0 } },
	[AUTHENTICATED]	= { SID_REVISION, 1, { SECURITY_NT_AUTHORITY }, { 11 } },
	[ANONYMOUS]	= { SID_REVISION, 1, { SECURITY_NT_AUTHORITY }, { 7 } },
	[SYSTEM]	= { SID_REVISION, 1, { SECURITY_NT_AUTHORITY }, { 18 } },
	[ADMINS]	= { SID_REVISION, 2, { SECURITY_NT_AUTHORITY }, { 32, 544 } },
	[OWNERS]	= { SID_REVISION, 1, { SECURITY_CREATOR_SID_AUTHORITY }, { 4 } },
	[OF_A_DOMAIN]	= { SID_REVISION, 5, { SECURITY_NT_AUTHORITY }, { 21, 1, 2, 3, 1001 } },
};

PSID sid_of(enum sid_name name)
{
	return name == NO_SID ? NULL : &sids[name];
}

static size_t ace_write(void *to, const struct ace_row *row)
{
	bool object = row->type >= ACCESS_ALLOWED_OBJECT_ACE_TYPE &&
		      row->type <= SYSTEM_ALARM_OBJECT_ACE_TYPE;
	size_t offset = offsetof(ACCESS_ALLOWED_ACE, SidStart), length;
	ACCESS_ALLOWED_ACE *ace = to;

	if (object) {
		*(ULONG *)(to + offset) = row->object;
		offset += sizeof(ULONG) + hweight32(row->object & 3) * sizeof(GUID);
	}
	length = offset + RtlLengthSid(sid_of(row->sid));
	if (to) {
		ace->Header = (ACE_HEADER) {
			.AceType = row->type, .AceFlags = row->flags, .AceSize = length,
		};
		ace->Mask = row->mask;
		memcpy(to + offset, sid_of(row->sid), RtlLengthSid(sid_of(row->sid)));
	}
	return length;
}

PACL acl_make(struct kunit *test, const struct ace_row *rows, unsigned int count)
{
	/* Room for more than there is in any table. */
	size_t length = 1024;
	PACL acl = kunit_kzalloc(test, length, GFP_KERNEL);
	void *at;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, acl);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, RtlCreateAcl(acl, length, ACL_REVISION_DS));
	at = acl + 1;
	for (i = 0; i < count && rows[i].sid != NO_SID; i++) {
		at += ace_write(at, &rows[i]);
		acl->AceCount++;
	}
	acl->AclSize = at - (void *)acl;
	KUNIT_ASSERT_TRUE(test, RtlValidAcl(acl));
	return acl;
}

PTOKEN_GROUPS groups_list(struct kunit *test, const enum sid_name *names, ULONG attributes)
{
	PTOKEN_GROUPS groups;
	SID_AND_ATTRIBUTES *group;
	ULONG i;

	if (names[0] == NO_SID)
		return NULL;
	groups = kunit_kzalloc(test, sizeof(*groups) + LIST_MAX * sizeof(*group), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, groups);
	group = groups->Groups;
	for (i = 0; i < LIST_MAX && names[i] != NO_SID; i++)
		group[i] = (SID_AND_ATTRIBUTES) { sid_of(names[i]), attributes };
	groups->GroupCount = i;
	return groups;
}

PTOKEN_PRIVILEGES privileges_of(struct kunit *test, u64 privileges)
{
	PTOKEN_PRIVILEGES all;
	LUID_AND_ATTRIBUTES *privilege;
	ULONG i;

	if (!privileges)
		return NULL;
	all = kunit_kzalloc(test, sizeof(*all) + hweight64(privileges) * sizeof(*privilege),
			    GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, all);
	privilege = all->Privileges;
	for (i = 0; i < 64; i++)
		if (privileges & BIT_ULL(i))
			privilege[all->PrivilegeCount++].Luid.LowPart = i;
	return all;
}

static void undo_filter(const void *filter)
{
	nt_filter_put((struct nt_filter *)filter);
}

struct nt_filter *filter_make(struct kunit *test, const struct nt_holder *holder,
			      const struct loss *loss)
{
	PTOKEN_GROUPS disable = groups_list(test, loss->disable, 0);
	PTOKEN_GROUPS restricting = groups_list(test, loss->restrict_to, 0);
	PTOKEN_PRIVILEGES delete = privileges_of(test, loss->delete);
	struct nt_filter *filter;

	if (!loss->flags && !disable && !restricting && !delete)
		return NULL;
	filter = nt_filter_create(holder, loss->flags, disable, delete, restricting);
	KUNIT_ASSERT_FALSE(test, IS_ERR(filter));
	defer(test, undo_filter, filter);
	return filter;
}

struct nt_holder holder_make(struct kunit *test, const struct persona *persona)
{
	return (struct nt_holder) { .client = persona_cred(test, persona) };
}

PACCESS_TOKEN token_make(struct kunit *test, const struct persona *persona, TOKEN_TYPE type,
			 SECURITY_IMPERSONATION_LEVEL level)
{
	struct ntimp_context *ctx;
	struct nt_token *token;

	ctx = persona_context(test, persona, type == TokenPrimary ? SecurityDelegation : level);
	token = nt_token_create(type, type == TokenPrimary ? 0 : level, ntimp_context_get(ctx));
	KUNIT_ASSERT_FALSE(test, IS_ERR(token));
	return keep_token(test, token);
}

void *exact_copy(struct kunit *test, const void *from, size_t length)
{
	void *copy = kunit_kmalloc(test, length, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	return memcpy(copy, from, length);
}
