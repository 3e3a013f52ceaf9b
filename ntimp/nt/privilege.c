// SPDX-License-Identifier: GPL-2.0-only
/*
 * Capabilities of Linux's and privileges of NT's.
 *
 * The table is the specification: a holder has a privilege if it has all the
 * capabilities of its row, permitted, and it is enabled if these are effective.
 * Where several rows have a capability in common, who has it has all of them, and
 * who is to lose one of them loses the others too.
 *
 * Capabilities mean something only in the initial user namespace.
 */
#include <kunit/visibility.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/user_namespace.h>

#include <linux/ntifs.h>

#include "../compat.h"
#include "filter.h"
#include "holder.h"
#include "privilege.h"
#include "token.h"

#define C(cap)		BIT_ULL(CAP_##cap)
#define SET_IDS		(C(SETUID) | C(SETGID))

/**
 * struct privilege - a privilege of NT's, on Linux
 * @caps: capabilities that amount to it; 0: none does, so nobody has it
 * @everybodys: Linux asks nobody for anything of the kind
 */
struct privilege {
	u64 caps;
	bool everybodys;
};

static const struct privilege privileges[NT_PRIVILEGES_MAX] = {
	[SE_CREATE_TOKEN_PRIVILEGE]		= { SET_IDS },
	[SE_ASSIGNPRIMARYTOKEN_PRIVILEGE]	= { SET_IDS },
	[SE_LOCK_MEMORY_PRIVILEGE]		= { C(IPC_LOCK) },
	[SE_INCREASE_QUOTA_PRIVILEGE]		= { C(SYS_RESOURCE) },
	[SE_MACHINE_ACCOUNT_PRIVILEGE]		= { 0 },
	[SE_TCB_PRIVILEGE]			= { C(SYS_ADMIN) },
	[SE_SECURITY_PRIVILEGE]			= { C(AUDIT_CONTROL) },
	[SE_TAKE_OWNERSHIP_PRIVILEGE]		= { C(CHOWN) | C(FOWNER) },
	[SE_LOAD_DRIVER_PRIVILEGE]		= { C(SYS_MODULE) },
	[SE_SYSTEM_PROFILE_PRIVILEGE]		= { C(PERFMON) },
	[SE_SYSTEMTIME_PRIVILEGE]		= { C(SYS_TIME) },
	[SE_PROF_SINGLE_PROCESS_PRIVILEGE]	= { C(PERFMON) },
	[SE_INC_BASE_PRIORITY_PRIVILEGE]	= { C(SYS_NICE) },
	[SE_CREATE_PAGEFILE_PRIVILEGE]		= { C(SYS_ADMIN) },
	[SE_CREATE_PERMANENT_PRIVILEGE]		= { 0 },
	[SE_BACKUP_PRIVILEGE]			= { C(DAC_READ_SEARCH) },
	[SE_RESTORE_PRIVILEGE]			= { C(DAC_OVERRIDE) },
	[SE_SHUTDOWN_PRIVILEGE]			= { C(SYS_BOOT) },
	[SE_DEBUG_PRIVILEGE]			= { C(SYS_PTRACE) },
	[SE_AUDIT_PRIVILEGE]			= { C(AUDIT_WRITE) },
	[SE_SYSTEM_ENVIRONMENT_PRIVILEGE]	= { C(LINUX_IMMUTABLE) },
	[SE_CHANGE_NOTIFY_PRIVILEGE]		= { .everybodys = true },
	[SE_REMOTE_SHUTDOWN_PRIVILEGE]		= { C(SYS_BOOT) },
	[SE_UNDOCK_PRIVILEGE]			= { 0 },
	[SE_SYNC_AGENT_PRIVILEGE]		= { 0 },
	[SE_ENABLE_DELEGATION_PRIVILEGE]	= { 0 },
	[SE_MANAGE_VOLUME_PRIVILEGE]		= { C(SYS_ADMIN) },
	[SE_IMPERSONATE_PRIVILEGE]		= { SET_IDS },
	[SE_CREATE_GLOBAL_PRIVILEGE]		= { C(IPC_OWNER) },
	[SE_TRUSTED_CREDMAN_ACCESS_PRIVILEGE]	= { 0 },
	[SE_RELABEL_PRIVILEGE]			= { C(MAC_ADMIN) },
	[SE_INC_WORKING_SET_PRIVILEGE]		= { .everybodys = true },
	[SE_TIME_ZONE_PRIVILEGE]		= { C(SYS_TIME) },
	[SE_CREATE_SYMBOLIC_LINK_PRIVILEGE]	= { .everybodys = true },
};

/**
 * nt_privilege_bit - a privilege as a set
 * @luid: the privilege
 *
 * Context: any.
 * Return: its bit; 0: there is no such privilege.
 */
u64 nt_privilege_bit(LUID luid)
{
	if (luid.HighPart || luid.LowPart < SE_MIN_WELL_KNOWN_PRIVILEGE ||
	    luid.LowPart > SE_MAX_WELL_KNOWN_PRIVILEGE)
		return 0;
	return NT_PRIVILEGE_BIT(luid.LowPart);
}
EXPORT_SYMBOL_IF_KUNIT(nt_privilege_bit);

/**
 * nt_privilege_caps - the capabilities of some privileges
 * @set: the privileges
 *
 * Context: any.
 * Return: capabilities, one bit for each.
 */
u64 nt_privilege_caps(u64 set)
{
	u64 caps = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(privileges); i++)
		if (set & NT_PRIVILEGE_BIT(i))
			caps |= privileges[i].caps;
	return caps;
}
EXPORT_SYMBOL_IF_KUNIT(nt_privilege_caps);

static u64 privileges_of(const struct nt_holder *holder, kernel_cap_t caps)
{
	u64 have = compat_cap_to_u64(caps), set = 0;
	int i;

	if (holder->client->user_ns != &init_user_ns)
		have = 0;
	for (i = 0; i < ARRAY_SIZE(privileges); i++) {
		u64 need = privileges[i].caps;

		if (privileges[i].everybodys || (need && (have & need) == need))
			set |= NT_PRIVILEGE_BIT(i);
	}
	return set & ~nt_filter_deleted(holder->filter);
}

/**
 * nt_privileges_enabled - the privileges that a holder can use
 * @holder: the holder
 *
 * Context: any.
 * Return: these.
 */
u64 nt_privileges_enabled(const struct nt_holder *holder)
{
	return privileges_of(holder, holder->client->cap_effective);
}
EXPORT_SYMBOL_IF_KUNIT(nt_privileges_enabled);

/**
 * nt_privileges_held - the privileges that a holder has
 * @holder: the holder
 *
 * Context: any.
 * Return: these, whether it can use them now or would have to enable them first.
 */
u64 nt_privileges_held(const struct nt_holder *holder)
{
	u64 enabled = nt_privileges_enabled(holder);

	if (holder->effective_only)
		return enabled;
	return enabled | privileges_of(holder, holder->client->cap_permitted);
}
EXPORT_SYMBOL_IF_KUNIT(nt_privileges_held);

/**
 * nt_privileges_list - list the privileges that a holder has
 * @holder: the holder
 * @list: filled, in ascending order; NULL: only count them
 *
 * Context: any.
 * Return: how many; no more than NT_PRIVILEGES_MAX.
 */
ULONG nt_privileges_list(const struct nt_holder *holder, LUID_AND_ATTRIBUTES *list)
{
	u64 held = nt_privileges_held(holder), enabled = nt_privileges_enabled(holder);
	ULONG i, count = 0;

	for (i = 0; i < NT_PRIVILEGES_MAX; i++) {
		u64 bit = NT_PRIVILEGE_BIT(i);

		if (!(held & bit))
			continue;
		if (list)
			list[count] = (LUID_AND_ATTRIBUTES) {
				.Luid = { .LowPart = i },
				.Attributes = enabled & bit ? SE_PRIVILEGE_ENABLED |
						SE_PRIVILEGE_ENABLED_BY_DEFAULT : 0,
			};
		count++;
	}
	return count;
}
EXPORT_SYMBOL_IF_KUNIT(nt_privileges_list);

static bool privileges_check(PPRIVILEGE_SET required, u64 enabled)
{
	LUID_AND_ATTRIBUTES *privilege = required->Privilege;
	ULONG i, found = 0;

	for (i = 0; i < required->PrivilegeCount; i++, privilege++) {
		if (!(nt_privilege_bit(privilege->Luid) & enabled))
			continue;
		privilege->Attributes |= SE_PRIVILEGE_USED_FOR_ACCESS;
		found++;
	}
	return required->Control & PRIVILEGE_SET_ALL_NECESSARY ?
	       found == required->PrivilegeCount : found;
}

/**
 * SePrivilegeCheck - does a subject have privileges?
 * @required: the privileges; those that the subject has are marked with
 *	SE_PRIVILEGE_USED_FOR_ACCESS, unless @mode is KernelMode
 * @subject_context: the subject
 * @mode: on whose behalf the question is asked
 *
 * Those count that are enabled.  Of PrivilegeCount 0 a subject has all, and none.
 *
 * Context: process context, may sleep.
 * Return: TRUE if it has all of them, or one where Control isn't
 * PRIVILEGE_SET_ALL_NECESSARY, or if @mode is KernelMode; FALSE otherwise, and
 * always for a client that is impersonated below level Impersonation.
 */
BOOLEAN SePrivilegeCheck(PPRIVILEGE_SET required, PSECURITY_SUBJECT_CONTEXT subject_context,
			 KPROCESSOR_MODE mode)
{
	struct nt_holder holder;
	bool has;

	if (subject_context->ClientToken &&
	    subject_context->ImpersonationLevel < SecurityImpersonation)
		return FALSE;
	if (mode == KernelMode)
		return TRUE;

	holder = nt_holder_of(nt_token_from(SeQuerySubjectContextToken(subject_context)));
	has = privileges_check(required, nt_privileges_enabled(&holder));
	nt_holder_end(&holder);
	return has;
}
EXPORT_SYMBOL_GPL(SePrivilegeCheck);

/**
 * SeSinglePrivilegeCheck - does the current thread have a privilege?
 * @privilege: the privilege
 * @mode: on whose behalf the question is asked
 *
 * Whom the thread acts as is asked, if it impersonates.
 *
 * Context: process context, may sleep.
 * Return: as SePrivilegeCheck().
 */
BOOLEAN SeSinglePrivilegeCheck(LUID privilege, KPROCESSOR_MODE mode)
{
	PRIVILEGE_SET required = {
		.PrivilegeCount	= 1,
		.Control	= PRIVILEGE_SET_ALL_NECESSARY,
		.Privilege	= { { .Luid = privilege } },
	};
	SECURITY_SUBJECT_CONTEXT subject_context;
	BOOLEAN has;

	SeCaptureSubjectContext(&subject_context);
	has = SePrivilegeCheck(&required, &subject_context, mode);
	SeReleaseSubjectContext(&subject_context);
	return has;
}
EXPORT_SYMBOL_GPL(SeSinglePrivilegeCheck);
