// SPDX-License-Identifier: GPL-2.0-only
/*
 * SeFilterToken(): arguments, and from a filter to a token.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/export.h>

#include <linux/ntifs.h>

#include "../compat.h"
#include "../context.h"
#include "../limits.h"
#include "acl.h"
#include "filter.h"
#include "holder.h"
#include "privilege.h"
#include "token.h"

#define FILTER_FLAGS	(DISABLE_MAX_PRIVILEGE | SANDBOX_INERT | LUA_TOKEN | WRITE_RESTRICTED)

/* @allowed: the attributes that they may have. */
static NTSTATUS groups_check(const TOKEN_GROUPS *groups, ULONG allowed)
{
	const SID_AND_ATTRIBUTES *group;
	ULONG i;

	if (!groups)
		return STATUS_SUCCESS;
	if (groups->GroupCount > NTIMP_NT_FILTER_MAX)
		return STATUS_INVALID_PARAMETER;
	group = groups->Groups;
	for (i = 0; i < groups->GroupCount; i++) {
		if (group[i].Attributes & ~allowed)
			return STATUS_INVALID_PARAMETER;
		if (!RtlValidSid(group[i].Sid))
			return STATUS_INVALID_SID;
	}
	return STATUS_SUCCESS;
}

static NTSTATUS arguments_check(ULONG flags, const TOKEN_GROUPS *disable,
				const TOKEN_PRIVILEGES *delete,
				const TOKEN_GROUPS *restricting)
{
	NTSTATUS status;

	if (flags & ~FILTER_FLAGS)
		return STATUS_INVALID_PARAMETER;
	if (delete && delete->PrivilegeCount > NTIMP_NT_FILTER_MAX)
		return STATUS_INVALID_PARAMETER;
	status = groups_check(disable, U32_MAX);
	if (status)
		return status;
	return groups_check(restricting, 0);
}

/* Capabilities without a privilege of their own go with the last of the others. */
static u64 caps_kept(ULONG flags, const struct nt_filter *filter)
{
	if (flags & (DISABLE_MAX_PRIVILEGE | LUA_TOKEN))
		return 0;
	return ~nt_privilege_caps(filter->deleted);
}

/* Consumes the reference on the filter, also on failure. */
static struct nt_token *token_filtered(const struct nt_token *token,
				       const struct nt_holder *holder, u64 caps,
				       struct nt_filter *filter)
{
	struct nt_token *made;

	made = nt_token_create(token->type, token->level,
			       ntimp_context_limit(token->ctx, holder->client,
						   compat_cap_from_u64(caps)));
	if (IS_ERR(made)) {
		nt_filter_put(filter);
		return made;
	}
	made->authentication_id = token->authentication_id;
	made->source = token->source;
	made->filter = filter;
	return made;
}

/**
 * SeFilterToken - make a token of the same client with less
 * @existing: the token; the caller has a reference on it
 * @flags: DISABLE_MAX_PRIVILEGE: delete all privileges but SeChangeNotifyPrivilege,
 *	and all capabilities; LUA_TOKEN: delete those of an administrator, all
 *	capabilities, and disable the administrators' SID; WRITE_RESTRICTED:
 *	@restricted_sids have to agree on writing only; SANDBOX_INERT: nothing
 * @sids_to_disable: SIDs that count only where something is denied from then on;
 *	those that the token doesn't have are ignored; or NULL
 * @privileges_to_delete: privileges; unknown ones are ignored; so are all with
 *	DISABLE_MAX_PRIVILEGE; or NULL
 * @restricted_sids: SIDs to which rights have to be granted too; of a token that
 *	has such, those that both have; or NULL
 * @filtered: set to the new token, of the type and level of @existing; the caller
 *	drops its reference with ObDereferenceObject(); left alone on failure
 *
 * The new token is a snapshot, also of a client who is followed.  A capability is
 * gone with the first privilege that it is part of.  A thread that impersonates a
 * token with disabled or restricting SIDs does so at level Identification at most:
 * Linux can't limit it like that.
 *
 * Context: process context, may sleep.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER: unknown @flags, too long a list,
 * or a restricting SID with attributes; STATUS_INVALID_SID; STATUS_NO_MEMORY;
 * STATUS_QUOTA_EXCEEDED: the user has too many contexts;
 * STATUS_NO_SUCH_LOGON_SESSION: the token's context has been revoked, or expired.
 */
NTSTATUS SeFilterToken(PACCESS_TOKEN existing, ULONG flags, PTOKEN_GROUPS sids_to_disable,
		       PTOKEN_PRIVILEGES privileges_to_delete,
		       PTOKEN_GROUPS restricted_sids, PACCESS_TOKEN *filtered)
{
	struct nt_token *token = nt_token_from(existing), *made;
	struct nt_holder holder;
	struct nt_filter *filter;
	NTSTATUS status;

	status = arguments_check(flags, sids_to_disable, privileges_to_delete,
				 restricted_sids);
	if (status)
		return status;

	holder = nt_holder_of(token);
	filter = nt_filter_create(&holder, flags, sids_to_disable, privileges_to_delete,
				  restricted_sids);
	made = IS_ERR(filter) ? ERR_CAST(filter) :
	       token_filtered(token, &holder, caps_kept(flags, filter), filter);
	nt_holder_end(&holder);
	if (IS_ERR(made))
		return NtimpStatusFromErrno(PTR_ERR(made));
	*filtered = made;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(SeFilterToken);
