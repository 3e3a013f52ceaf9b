// SPDX-License-Identifier: GPL-2.0-only
/* Queries: what a token tells of its client. */
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/user_namespace.h>

#include <linux/ntifs.h>

#include "acl.h"
#include "filter.h"
#include "holder.h"
#include "privilege.h"
#include "token.h"

#define POOL_TAG	0x6E546553	/* "SeTn" */

static void *answer_alloc(size_t size)
{
	void *answer = ExAllocatePoolWithTag(PagedPool, size, POOL_TAG);

	if (answer)
		memset(answer, 0, size);
	return answer;
}

/* A copy of something of fixed size. */
static NTSTATUS answer(const void *value, size_t size, PVOID *information)
{
	*information = answer_alloc(size);
	if (!*information)
		return STATUS_INSUFFICIENT_RESOURCES;
	memcpy(*information, value, size);
	return STATUS_SUCCESS;
}

/* A struct, of which the first thing is a pointer to a SID, with the SID behind it. */
static NTSTATUS answer_sid(size_t size, const struct nt_sid *sid, PVOID *information)
{
	size_t length = nt_sid_length(&sid->sid);

	*information = answer_alloc(size + length);
	if (!*information)
		return STATUS_INSUFFICIENT_RESOURCES;
	*(PSID *)*information = memcpy(*information + size, sid, length);
	return STATUS_SUCCESS;
}

static NTSTATUS query_user(struct nt_token *token, const struct nt_holder *holder,
			   PVOID *information)
{
	struct nt_sid user;
	PTOKEN_USER told;
	NTSTATUS status;

	nt_holder_user(holder, &user);
	status = answer_sid(sizeof(TOKEN_USER), &user, information);
	if (status)
		return status;
	told = *information;
	if (nt_filter_denies(holder->filter, &user.sid))
		told->User.Attributes = SE_GROUP_USE_FOR_DENY_ONLY;
	return STATUS_SUCCESS;
}

static NTSTATUS query_owner(struct nt_token *token, const struct nt_holder *holder,
			    PVOID *information)
{
	struct nt_sid user;

	nt_holder_user(holder, &user);
	return answer_sid(sizeof(TOKEN_OWNER), &user, information);
}

static NTSTATUS query_primary_group(struct nt_token *token, const struct nt_holder *holder,
				    PVOID *information)
{
	struct nt_sid group;

	nt_holder_primary_group(holder, &group);
	return answer_sid(sizeof(TOKEN_PRIMARY_GROUP), &group, information);
}

/**
 * struct groups_answer - groups on their way to who asked
 * @entry: where the next one goes; NULL: they are only measured
 * @sid: where its SID goes
 * @count: how many there are
 * @length: bytes that their SIDs take
 */
struct groups_answer {
	SID_AND_ATTRIBUTES *entry;
	void *sid;
	ULONG count;
	size_t length;
};

static void answer_group(void *arg, const SID *sid, ULONG attributes)
{
	struct groups_answer *groups = arg;
	size_t length = nt_sid_length(sid);

	if (groups->entry) {
		*groups->entry++ = (SID_AND_ATTRIBUTES) {
			.Sid		= memcpy(groups->sid, sid, length),
			.Attributes	= attributes,
		};
		groups->sid += length;
	}
	groups->count++;
	groups->length += length;
}

static struct groups_answer groups_measure(const struct nt_holder *holder)
{
	struct groups_answer groups = {};

	nt_holder_each_group(holder, answer_group, &groups);
	return groups;
}

static NTSTATUS query_groups(struct nt_token *token, const struct nt_holder *holder,
			     PVOID *information)
{
	struct groups_answer groups = groups_measure(holder);
	size_t entries = offsetof(TOKEN_GROUPS, Groups) +
			 groups.count * sizeof(SID_AND_ATTRIBUTES);
	PTOKEN_GROUPS all = answer_alloc(entries + groups.length);

	if (!all)
		return STATUS_INSUFFICIENT_RESOURCES;
	all->GroupCount = groups.count;
	groups.entry = all->Groups;
	groups.sid = (void *)all + entries;
	nt_holder_each_group(holder, answer_group, &groups);
	*information = all;
	return STATUS_SUCCESS;
}

static NTSTATUS query_privileges(struct nt_token *token, const struct nt_holder *holder,
				 PVOID *information)
{
	ULONG count = nt_privileges_list(holder, NULL);
	PTOKEN_PRIVILEGES all = answer_alloc(offsetof(TOKEN_PRIVILEGES, Privileges) +
					     count * sizeof(LUID_AND_ATTRIBUTES));

	if (!all)
		return STATUS_INSUFFICIENT_RESOURCES;
	all->PrivilegeCount = nt_privileges_list(holder, all->Privileges);
	*information = all;
	return STATUS_SUCCESS;
}

/* What the client makes is its own, and the system's. */
static NTSTATUS query_default_dacl(struct nt_token *token, const struct nt_holder *holder,
				   PVOID *information)
{
	PSID system = SeExports->SeLocalSystemSid;
	PTOKEN_DEFAULT_DACL dacl;
	struct nt_sid user;
	ULONG length;

	nt_holder_user(holder, &user);
	length = sizeof(ACL) + 2 * offsetof(ACCESS_ALLOWED_ACE, SidStart) +
		 nt_sid_length(&user.sid) + nt_sid_length(system);
	dacl = answer_alloc(sizeof(*dacl) + length);
	if (!dacl)
		return STATUS_INSUFFICIENT_RESOURCES;

	dacl->DefaultDacl = (PACL)(dacl + 1);
	RtlCreateAcl(dacl->DefaultDacl, length, ACL_REVISION);
	RtlAddAccessAllowedAce(dacl->DefaultDacl, ACL_REVISION, GENERIC_ALL, &user.sid);
	RtlAddAccessAllowedAce(dacl->DefaultDacl, ACL_REVISION, GENERIC_ALL, system);
	*information = dacl;
	return STATUS_SUCCESS;
}

static NTSTATUS query_source(struct nt_token *token, const struct nt_holder *holder,
			     PVOID *information)
{
	return answer(&token->source, sizeof(token->source), information);
}

static NTSTATUS query_type(struct nt_token *token, const struct nt_holder *holder,
			   PVOID *information)
{
	return answer(&token->type, sizeof(token->type), information);
}

static NTSTATUS query_level(struct nt_token *token, const struct nt_holder *holder,
			    PVOID *information)
{
	if (token->type == TokenPrimary)
		return STATUS_INVALID_INFO_CLASS;
	return answer(&token->level, sizeof(token->level), information);
}

static NTSTATUS query_statistics(struct nt_token *token, const struct nt_holder *holder,
				 PVOID *information)
{
	TOKEN_STATISTICS statistics;

	/* Whoever asks gets all of it, so there are to be no holes. */
	static_assert(sizeof(statistics) == 56);

	memset(&statistics, 0, sizeof(statistics));
	statistics.TokenId = token->id;
	statistics.AuthenticationId = token->authentication_id;
	statistics.ExpirationTime.QuadPart = S64_MAX;
	statistics.TokenType = token->type;
	statistics.ImpersonationLevel = token->level;
	statistics.GroupCount = groups_measure(holder).count;
	statistics.PrivilegeCount = nt_privileges_list(holder, NULL);
	statistics.ModifiedId = token->modified_id;
	return answer(&statistics, sizeof(statistics), information);
}

/* Drivers hand in the address of a ULONG, so there is no room for more. */
static NTSTATUS query_session_id(struct nt_token *token, const struct nt_holder *holder,
				 PVOID *information)
{
	const struct user_namespace *ns = holder->client->user_ns;

	*(PULONG)information = ns == &init_user_ns ? 0 : ns->ns.inum;
	return STATUS_SUCCESS;
}

static NTSTATUS query_integrity_level(struct nt_token *token, const struct nt_holder *holder,
				      PVOID *information)
{
	ULONG level = SECURITY_MANDATORY_MEDIUM_RID;

	if (nt_holder_is_anonymous(holder))
		level = SECURITY_MANDATORY_UNTRUSTED_RID;
	else if (nt_holder_is_system(holder))
		level = SECURITY_MANDATORY_SYSTEM_RID;
	*(PULONG)information = level;
	return STATUS_SUCCESS;
}

static NTSTATUS (*const queries[])(struct nt_token *token, const struct nt_holder *holder,
				   PVOID *information) = {
	[TokenUser]		= query_user,
	[TokenGroups]		= query_groups,
	[TokenPrivileges]	= query_privileges,
	[TokenOwner]		= query_owner,
	[TokenPrimaryGroup]	= query_primary_group,
	[TokenDefaultDacl]	= query_default_dacl,
	[TokenSource]		= query_source,
	[TokenType]		= query_type,
	[TokenImpersonationLevel] = query_level,
	[TokenStatistics]	= query_statistics,
	[TokenSessionId]	= query_session_id,
	[TokenIntegrityLevel]	= query_integrity_level,
};

/**
 * SeQueryInformationToken - what a token tells
 * @token: the token; the caller has a reference on it
 * @information_class: what is asked for
 * @information: set to the answer, which the caller frees with ExFreePool(); for
 *	TokenSessionId and TokenIntegrityLevel the answer itself is put here, 4
 *	bytes; set to NULL on failure
 *
 * A token tells who its client is at any level: having it is permission enough.
 *
 *	TokenUser	S-1-22-1-UID; S-1-5-7 for nobody
 *	TokenGroups	S-1-22-2-GID for each group, and what is well-known
 *	TokenPrivileges	those that the client's capabilities amount to
 *	TokenOwner	the user
 *	TokenPrimaryGroup	the group
 *	TokenDefaultDacl	everything for the user and the system
 *	TokenSource, TokenType, TokenStatistics
 *	TokenImpersonationLevel	not of a primary token
 *	TokenSessionId	0 in the initial user namespace; the number of another one
 *	TokenIntegrityLevel	SECURITY_MANDATORY_*_RID: the system's for the user
 *			0, untrusted for nobody, medium for all others
 *
 * Context: process context, may sleep.
 * Return: STATUS_SUCCESS; STATUS_INVALID_INFO_CLASS: anything else was asked for;
 * STATUS_INSUFFICIENT_RESOURCES: no memory.
 */
NTSTATUS SeQueryInformationToken(PACCESS_TOKEN token,
				 TOKEN_INFORMATION_CLASS information_class,
				 PVOID *information)
{
	struct nt_holder holder;
	NTSTATUS status;

	if ((unsigned int)information_class >= ARRAY_SIZE(queries) ||
	    !queries[information_class]) {
		*information = NULL;
		return STATUS_INVALID_INFO_CLASS;
	}
	holder = nt_holder_of(nt_token_from(token));
	status = queries[information_class](nt_token_from(token), &holder, information);
	nt_holder_end(&holder);
	if (status)
		*information = NULL;
	return status;
}
EXPORT_SYMBOL_GPL(SeQueryInformationToken);

/**
 * SeTokenIsAdmin - is a token an administrator's?
 * @token: the token; the caller has a reference on it
 *
 * Context: process context, may sleep.
 * Return: whether it is a member of the administrators' SID, and that one not
 * disabled by SeFilterToken().
 */
BOOLEAN SeTokenIsAdmin(PACCESS_TOKEN token)
{
	struct nt_holder holder = nt_holder_of(nt_token_from(token));
	BOOLEAN is = nt_holder_membership(&holder, SeExports->SeAliasAdminsSid) == NT_MEMBER;

	nt_holder_end(&holder);
	return is;
}
EXPORT_SYMBOL_GPL(SeTokenIsAdmin);

/**
 * SeTokenIsRestricted - do other SIDs have to agree on what a token may do?
 * @token: the token; the caller has a reference on it
 *
 * Context: any.
 * Return: whether SeFilterToken() has given it restricting SIDs.
 */
BOOLEAN SeTokenIsRestricted(PACCESS_TOKEN token)
{
	const struct nt_filter *filter = nt_token_from(token)->filter;

	return filter && filter->restricted;
}
EXPORT_SYMBOL_GPL(SeTokenIsRestricted);

/**
 * SeTokenIsWriteRestricted - do they have to agree on writing alone?
 * @token: the token; the caller has a reference on it
 *
 * Context: any.
 * Return: whether SeFilterToken() has given it such SIDs with WRITE_RESTRICTED.
 */
BOOLEAN SeTokenIsWriteRestricted(PACCESS_TOKEN token)
{
	const struct nt_filter *filter = nt_token_from(token)->filter;

	return filter && filter->restricted && filter->flags & WRITE_RESTRICTED;
}
EXPORT_SYMBOL_GPL(SeTokenIsWriteRestricted);

/**
 * SeQueryAuthenticationIdToken - the logon session of a token
 * @token: the token; the caller has a reference on it
 * @authentication_id: set to it
 *
 * Context: any.
 * Return: STATUS_SUCCESS.
 */
NTSTATUS SeQueryAuthenticationIdToken(PACCESS_TOKEN token, PLUID authentication_id)
{
	*authentication_id = nt_token_from(token)->authentication_id;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(SeQueryAuthenticationIdToken);

/**
 * SeQuerySessionIdToken - the session of a token
 * @token: the token; the caller has a reference on it
 * @session_id: set to 0 in the initial user namespace, to the number of another one
 *
 * Context: process context, may sleep.
 * Return: STATUS_SUCCESS.
 */
NTSTATUS SeQuerySessionIdToken(PACCESS_TOKEN token, PULONG session_id)
{
	struct nt_holder holder = nt_holder_of(nt_token_from(token));
	NTSTATUS status = query_session_id(token, &holder, (PVOID *)session_id);

	nt_holder_end(&holder);
	return status;
}
EXPORT_SYMBOL_GPL(SeQuerySessionIdToken);
