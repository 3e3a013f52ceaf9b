// SPDX-License-Identifier: GPL-2.0-only
/*
 * Of which users and groups an identity of Linux's is a member, on NT.
 *
 * What counts are the ids with which files are opened (fsuid, fsgid and the
 * supplementary groups), as numbers of the initial user namespace.
 */
#include <kunit/visibility.h>
#include <linux/cred.h>
#include <linux/highuid.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include <linux/ntifs.h>

#include "../context.h"
#include "acl.h"
#include "filter.h"
#include "holder.h"
#include "token.h"

#define GROUP_ENABLED	(SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED)

static_assert(sizeof(struct nt_sid) >= NTIMP_UNIX_SID_LENGTH);

/**
 * nt_holder_of - whom a token is about
 * @token: the token; the caller keeps a reference on it as long as the result
 *
 * Context: process context, may sleep.
 * Return: for nt_holder_end().
 */
struct nt_holder nt_holder_of(struct nt_token *token)
{
	return (struct nt_holder) {
		.client		= nt_token_client(token),
		.filter		= token->filter,
		.effective_only	= token->ctx->qos.effective_only,
	};
}

/**
 * nt_holder_end - let go of what nt_holder_of() returned
 * @holder: that
 *
 * Context: any.
 */
void nt_holder_end(const struct nt_holder *holder)
{
	put_cred(holder->client);
}

/**
 * nt_holder_is_anonymous - is it nobody?
 * @holder: the holder
 *
 * Context: any.
 * Return: whether the user is the one that stands for all that have no number.
 */
bool nt_holder_is_anonymous(const struct nt_holder *holder)
{
	kuid_t user = holder->client->fsuid;

	return !uid_valid(user) || uid_eq(user, KUIDT_INIT(overflowuid));
}
EXPORT_SYMBOL_IF_KUNIT(nt_holder_is_anonymous);

/**
 * nt_holder_is_system - is it the system, and an administrator?
 * @holder: the holder
 *
 * Root of another user namespace isn't, also if that is the user 0 here: it has no
 * capability here.
 *
 * Context: any.
 * Return: whether it is the user 0 in the initial user namespace.
 */
bool nt_holder_is_system(const struct nt_holder *holder)
{
	return uid_eq(holder->client->fsuid, GLOBAL_ROOT_UID) &&
	       holder->client->user_ns == &init_user_ns;
}
EXPORT_SYMBOL_IF_KUNIT(nt_holder_is_system);

static enum nt_membership of_everyone(const struct nt_holder *holder)
{
	/* On NT the anonymous are no members: what isn't for everyone isn't for them. */
	return nt_holder_is_anonymous(holder) ? NT_DENY_ONLY : NT_MEMBER;
}

static enum nt_membership of_authenticated(const struct nt_holder *holder)
{
	return nt_holder_is_anonymous(holder) ? NT_NOT_A_MEMBER : NT_MEMBER;
}

static enum nt_membership of_anonymous(const struct nt_holder *holder)
{
	return nt_holder_is_anonymous(holder) ? NT_MEMBER : NT_NOT_A_MEMBER;
}

static enum nt_membership of_system(const struct nt_holder *holder)
{
	return nt_holder_is_system(holder) ? NT_MEMBER : NT_NOT_A_MEMBER;
}

/* Well-known SIDs, in the order in which a token shows them. */
static const struct well_known {
	struct nt_sid sid;
	enum nt_membership (*membership)(const struct nt_holder *holder);
	ULONG attributes;	/* besides GROUP_ENABLED */
	bool is_user;		/* shown as the user, not as a group */
} well_known[] = {
	{
		.sid		= { .sid = { SID_REVISION, 1, { SECURITY_WORLD_SID_AUTHORITY },
					     { SECURITY_WORLD_RID } } },
		.membership	= of_everyone,
	}, {
		.sid		= { .sid = { SID_REVISION, 1, { SECURITY_NT_AUTHORITY },
					     { SECURITY_AUTHENTICATED_USER_RID } } },
		.membership	= of_authenticated,
	}, {
		.sid		= { .sid = { SID_REVISION, 1, { SECURITY_NT_AUTHORITY },
					     { SECURITY_ANONYMOUS_LOGON_RID } } },
		.membership	= of_anonymous,
		.is_user	= true,
	}, {
		.sid		= { .sid = { SID_REVISION, 1, { SECURITY_NT_AUTHORITY },
					     { SECURITY_LOCAL_SYSTEM_RID } } },
		.membership	= of_system,
	}, {
		.sid		= { .sid = { SID_REVISION, 2, { SECURITY_NT_AUTHORITY },
					     { SECURITY_BUILTIN_DOMAIN_RID } },
				    .rest = DOMAIN_ALIAS_RID_ADMINS },
		.membership	= of_system,
		.attributes	= SE_GROUP_OWNER,
	},
};

/* Groups of a cred are sorted. */
static bool in_groups(const struct group_info *groups, kgid_t gid)
{
	int low = 0, high = groups->ngroups;

	while (low < high) {
		int middle = low + (high - low) / 2;

		if (gid_eq(gid, groups->gid[middle]))
			return true;
		if (gid_gt(gid, groups->gid[middle]))
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static enum nt_membership client_membership(const struct nt_holder *holder, const SID *sid)
{
	const struct cred *client = holder->client;
	kuid_t uid;
	kgid_t gid;
	int i;

	/* What has no number is owned by nobody, so that nobody owns no such thing. */
	if (NtimpUidFromSid((PSID)sid, &uid)) {
		if (!uid_eq(uid, client->fsuid))
			return NT_NOT_A_MEMBER;
		return nt_holder_is_anonymous(holder) ? NT_DENY_ONLY : NT_MEMBER;
	}
	if (NtimpGidFromSid((PSID)sid, &gid))
		return gid_eq(gid, client->fsgid) || in_groups(client->group_info, gid) ?
		       NT_MEMBER : NT_NOT_A_MEMBER;
	for (i = 0; i < ARRAY_SIZE(well_known); i++)
		if (nt_sid_equal(sid, &well_known[i].sid.sid))
			return well_known[i].membership(holder);
	return NT_NOT_A_MEMBER;
}

/**
 * nt_holder_membership - what does a SID mean for a holder?
 * @holder: the holder
 * @sid: a valid SID
 *
 * Context: any.
 * Return: a membership, with what SeFilterToken() took from it.
 */
enum nt_membership nt_holder_membership(const struct nt_holder *holder, const SID *sid)
{
	enum nt_membership membership = client_membership(holder, sid);

	if (membership == NT_MEMBER && nt_filter_denies(holder->filter, sid))
		return NT_DENY_ONLY;
	return membership;
}
EXPORT_SYMBOL_IF_KUNIT(nt_holder_membership);

/**
 * nt_holder_user - the SID of the user
 * @holder: the holder
 * @user: filled
 *
 * Context: any.
 */
void nt_holder_user(const struct nt_holder *holder, struct nt_sid *user)
{
	int i;

	*user = (struct nt_sid) {};
	if (!nt_holder_is_anonymous(holder)) {
		NtimpSidFromUid(holder->client->fsuid, sizeof(*user), user);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(well_known); i++)
		if (well_known[i].is_user)
			*user = well_known[i].sid;
}
EXPORT_SYMBOL_IF_KUNIT(nt_holder_user);

static void group_sid(kgid_t gid, struct nt_sid *group)
{
	*group = (struct nt_sid) {};
	if (NtimpSidFromGid(gid, sizeof(*group), group))
		NtimpSidFromGid(KGIDT_INIT(overflowgid), sizeof(*group), group);
}

/**
 * nt_holder_primary_group - the SID of the primary group
 * @holder: the holder
 * @group: filled
 *
 * Context: any.
 */
void nt_holder_primary_group(const struct nt_holder *holder, struct nt_sid *group)
{
	group_sid(holder->client->fsgid, group);
}
EXPORT_SYMBOL_IF_KUNIT(nt_holder_primary_group);

static void visit_group(const struct nt_holder *holder, const SID *sid, ULONG attributes,
			nt_visit_t visit, void *arg)
{
	if (nt_holder_membership(holder, sid) == NT_DENY_ONLY)
		attributes = SE_GROUP_USE_FOR_DENY_ONLY;
	visit(arg, sid, attributes);
}

static void visit_gid(const struct nt_holder *holder, kgid_t gid, nt_visit_t visit, void *arg)
{
	struct nt_sid group;

	group_sid(gid, &group);
	visit_group(holder, &group.sid, GROUP_ENABLED, visit, arg);
}

/**
 * nt_holder_each_group - visit the groups of a holder
 * @holder: the holder
 * @visit: called with each, once
 * @arg: handed to @visit
 *
 * The primary group comes first, then the supplementary ones, then those that are
 * well-known.  Groups can't be disabled on Linux, so that all of them are enabled
 * but for those that SeFilterToken() has left for denying only.
 *
 * Context: any in which @visit may be called.
 */
void nt_holder_each_group(const struct nt_holder *holder, nt_visit_t visit, void *arg)
{
	const struct group_info *groups = holder->client->group_info;
	kgid_t primary = holder->client->fsgid;
	int i;

	visit_gid(holder, primary, visit, arg);
	for (i = 0; i < groups->ngroups; i++) {
		bool seen = gid_eq(groups->gid[i], primary) ||
			    (i && gid_eq(groups->gid[i], groups->gid[i - 1]));

		if (!seen)
			visit_gid(holder, groups->gid[i], visit, arg);
	}
	for (i = 0; i < ARRAY_SIZE(well_known); i++)
		if (!well_known[i].is_user &&
		    well_known[i].membership(holder) != NT_NOT_A_MEMBER)
			visit_group(holder, &well_known[i].sid.sid,
				    GROUP_ENABLED | well_known[i].attributes, visit, arg);
}
EXPORT_SYMBOL_IF_KUNIT(nt_holder_each_group);
