// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filtered tokens: the same client with less.
 *
 * Privileges that are deleted are taken from the client's cred as capabilities, so
 * that whoever wears it lacks them.  SIDs for denying only and restricting SIDs are
 * something that Linux has nothing like: a group that only denies is no group, and
 * there is no second list that has to agree.  They count in access checks of NT's
 * alone, so that a thread wears a token with those at level Identification at most.
 */
#include <kunit/visibility.h>
#include <linux/err.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <linux/ntifs.h>

#include "acl.h"
#include "filter.h"
#include "holder.h"
#include "privilege.h"

#define ALL_PRIVILEGES	(NT_PRIVILEGE_BIT(NT_PRIVILEGES_MAX) - 1)

/* What a user without administrative rights keeps. */
#define LUA_PRIVILEGES	(NT_PRIVILEGE_BIT(SE_CHANGE_NOTIFY_PRIVILEGE) |		\
			 NT_PRIVILEGE_BIT(SE_UNDOCK_PRIVILEGE) |		\
			 NT_PRIVILEGE_BIT(SE_INC_WORKING_SET_PRIVILEGE) |	\
			 NT_PRIVILEGE_BIT(SE_CREATE_SYMBOLIC_LINK_PRIVILEGE))

static const struct nt_sid administrators = {
	.sid = { SID_REVISION, 2, { SECURITY_NT_AUTHORITY }, { SECURITY_BUILTIN_DOMAIN_RID } },
	.rest = DOMAIN_ALIAS_RID_ADMINS,
};

static bool sids_have(const struct nt_sids *sids, const SID *sid)
{
	ULONG i;

	for (i = 0; sids && i < sids->count; i++)
		if (nt_sid_equal(sids->sids[i], sid))
			return true;
	return false;
}

/**
 * nt_filter_denies - does a SID only count where something is denied?
 * @filter: the filter, or NULL
 * @sid: a valid SID
 *
 * Context: any.
 * Return: whether it was disabled.
 */
bool nt_filter_denies(const struct nt_filter *filter, const SID *sid)
{
	return filter && sids_have(filter->denied, sid);
}

/**
 * nt_filter_restricts_to - is a SID among those that have to agree?
 * @filter: the filter
 * @sid: a valid SID
 *
 * Context: any.
 * Return: whether it is.
 */
bool nt_filter_restricts_to(const struct nt_filter *filter, const SID *sid)
{
	return sids_have(filter->restricting, sid);
}

/**
 * nt_filter_is_expressible - can a Linux cred be limited like this?
 * @filter: the filter, or NULL
 *
 * Context: any.
 * Return: false if whoever wears a token with it would have more rights than the
 * filter leaves.
 */
bool nt_filter_is_expressible(const struct nt_filter *filter)
{
	return !filter || (!filter->denied && !filter->restricted);
}
EXPORT_SYMBOL_IF_KUNIT(nt_filter_is_expressible);

/**
 * nt_filter_get - take a reference on a filter
 * @filter: the filter, or NULL
 *
 * Context: any.
 * Return: @filter
 */
struct nt_filter *nt_filter_get(struct nt_filter *filter)
{
	if (filter)
		refcount_inc(&filter->usage);
	return filter;
}
EXPORT_SYMBOL_IF_KUNIT(nt_filter_get);

/**
 * nt_filter_put - drop a reference on a filter
 * @filter: the filter, or NULL
 *
 * Context: any.
 */
void nt_filter_put(struct nt_filter *filter)
{
	if (!filter || !refcount_dec_and_test(&filter->usage))
		return;
	kfree(filter->denied);
	kfree(filter->restricting);
	kfree(filter);
}
EXPORT_SYMBOL_IF_KUNIT(nt_filter_put);

/**
 * struct gathering - SIDs on their way into a list
 * @sids: the list; NULL: they are only measured
 * @count: how many there are
 * @end: where the next one goes, in bytes from the beginning of the list
 */
struct gathering {
	struct nt_sids *sids;
	ULONG count;
	size_t end;
};

static void gather(struct gathering *gathering, const SID *sid)
{
	size_t length = nt_sid_length(sid);

	if (gathering->sids) {
		void *at = (void *)gathering->sids + gathering->end;

		gathering->sids->sids[gathering->count] = memcpy(at, sid, length);
	}
	gathering->count++;
	gathering->end += length;
}

/**
 * struct request - what a token is to lose
 * @holder: whom it is about
 * @flags: of SeFilterToken()
 * @groups: SIDs that are to be disabled, or those that are to agree; or NULL
 */
struct request {
	const struct nt_holder *holder;
	ULONG flags;
	const TOKEN_GROUPS *groups;
};

static void gather_if_member(struct gathering *gathering, const struct nt_holder *holder,
			     const SID *sid)
{
	if (nt_holder_membership(holder, sid) == NT_MEMBER)
		gather(gathering, sid);
}

/* SIDs that the holder isn't are ignored; those lost before remain lost. */
static void gather_denied(struct gathering *gathering, const struct request *request)
{
	const struct nt_filter *before = request->holder->filter;
	const SID_AND_ATTRIBUTES *group = request->groups ? request->groups->Groups : NULL;
	ULONG i;

	for (i = 0; before && before->denied && i < before->denied->count; i++)
		gather(gathering, before->denied->sids[i]);
	for (i = 0; group && i < request->groups->GroupCount; i++)
		gather_if_member(gathering, request->holder, group[i].Sid);
	if (request->flags & LUA_TOKEN)
		gather_if_member(gathering, request->holder, &administrators.sid);
}

static bool restricts(const TOKEN_GROUPS *groups)
{
	return groups && groups->GroupCount;
}

/* Who was restricted before can't come to be so less. */
static void gather_restricting(struct gathering *gathering, const struct request *request)
{
	const struct nt_filter *before = request->holder->filter;
	const struct nt_sids *former = before ? before->restricting : NULL;
	const SID_AND_ATTRIBUTES *group = request->groups ? request->groups->Groups : NULL;
	ULONG i;

	if (!restricts(request->groups)) {
		for (i = 0; former && i < former->count; i++)
			gather(gathering, former->sids[i]);
		return;
	}
	for (i = 0; i < request->groups->GroupCount; i++)
		if (!before || !before->restricted || sids_have(former, group[i].Sid))
			gather(gathering, group[i].Sid);
}

typedef void (*gather_t)(struct gathering *gathering, const struct request *request);

/* NULL: there are none; or -ENOMEM. */
static struct nt_sids *sids_create(const struct request *request, gather_t gather_all)
{
	struct gathering gathering = {};
	struct nt_sids *sids;

	gather_all(&gathering, request);
	if (!gathering.count)
		return NULL;
	/* No kvmalloc(): the last reference may be dropped where nobody may sleep. */
	sids = kmalloc(struct_size(sids, sids, gathering.count) + gathering.end,
		       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!sids)
		return ERR_PTR(-ENOMEM);

	sids->count = gathering.count;
	gathering = (struct gathering) {
		.sids	= sids,
		.end	= struct_size(sids, sids, gathering.count),
	};
	gather_all(&gathering, request);
	return sids;
}

static u64 privileges_deleted(ULONG flags, const TOKEN_PRIVILEGES *delete)
{
	const LUID_AND_ATTRIBUTES *privilege = delete ? delete->Privileges : NULL;
	u64 deleted = 0;
	ULONG i;

	if (flags & DISABLE_MAX_PRIVILEGE)
		return ALL_PRIVILEGES & ~NT_PRIVILEGE_BIT(SE_CHANGE_NOTIFY_PRIVILEGE);
	for (i = 0; privilege && i < delete->PrivilegeCount; i++)
		deleted |= nt_privilege_bit(privilege[i].Luid);
	if (flags & LUA_TOKEN)
		deleted |= ALL_PRIVILEGES & ~LUA_PRIVILEGES;
	return deleted;
}

/* Restricted for writing only is less than restricted. */
static ULONG flags_combined(ULONG flags, const TOKEN_GROUPS *restricting,
			    const struct nt_filter *before)
{
	ULONG lasting = flags & (SANDBOX_INERT | LUA_TOKEN);
	bool only_writing = restricts(restricting) ? flags & WRITE_RESTRICTED :
						     before && before->restricted;

	if (before) {
		lasting |= before->flags & (SANDBOX_INERT | LUA_TOKEN);
		if (before->restricted && !(before->flags & WRITE_RESTRICTED))
			only_writing = false;
	}
	return only_writing ? lasting | WRITE_RESTRICTED : lasting;
}

/**
 * nt_filter_create - note what a token is to lose, and has lost before
 * @holder: whom the token is about
 * @flags: of SeFilterToken()
 * @disable: SIDs that only count where something is denied; or NULL
 * @delete: privileges; or NULL
 * @restricting: SIDs that have to agree; or NULL
 *
 * Context: process context, may sleep.
 * Return: a filter, whose reference is the caller's; -ENOMEM.
 */
struct nt_filter *nt_filter_create(const struct nt_holder *holder, ULONG flags,
				   const TOKEN_GROUPS *disable,
				   const TOKEN_PRIVILEGES *delete,
				   const TOKEN_GROUPS *restricting)
{
	const struct request denied = { holder, flags, disable };
	const struct request agreeing = { holder, flags, restricting };
	const struct nt_filter *before = holder->filter;
	struct nt_filter *filter;

	filter = kzalloc(sizeof(*filter), GFP_KERNEL_ACCOUNT);
	if (!filter)
		return ERR_PTR(-ENOMEM);
	refcount_set(&filter->usage, 1);
	filter->flags = flags_combined(flags, restricting, before);
	filter->deleted = nt_filter_deleted(before) | privileges_deleted(flags, delete);
	filter->restricted = restricts(restricting) || (before && before->restricted);

	filter->denied = sids_create(&denied, gather_denied);
	if (IS_ERR(filter->denied))
		goto free_filter;
	filter->restricting = sids_create(&agreeing, gather_restricting);
	if (IS_ERR(filter->restricting))
		goto free_denied;
	return filter;

free_denied:
	kfree(filter->denied);
free_filter:
	kfree(filter);
	return ERR_PTR(-ENOMEM);
}
EXPORT_SYMBOL_IF_KUNIT(nt_filter_create);
