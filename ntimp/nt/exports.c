// SPDX-License-Identifier: GPL-2.0-only
/*
 * Well-known privileges and SIDs, as NT exports them: ready for use, and for
 * reading only.
 *
 * Those that an identity of Linux's is a member of:
 *
 *	everybody		S-1-1-0		SeWorldSid
 *	all but the anonymous	S-1-5-11	SeAuthenticatedUsersSid
 *	the anonymous		S-1-5-7		SeAnonymousLogonSid
 *	the user 0		S-1-5-18	SeLocalSystemSid
 *				S-1-5-32-544	SeAliasAdminsSid
 */
#include <linux/cache.h>
#include <linux/export.h>
#include <linux/ntifs.h>

/* A SID with room for all subauthorities that a well-known one has. */
struct well_known {
	UCHAR revision;
	UCHAR sub_authority_count;
	SID_IDENTIFIER_AUTHORITY authority;
	ULONG sub_authority[2];
};

#define WELL_KNOWN(_authority, ...)					\
	((PSID)&(const struct well_known){				\
		.revision = SID_REVISION,				\
		.sub_authority_count =					\
			sizeof((ULONG[]) { __VA_ARGS__ }) / sizeof(ULONG), \
		.authority = { _authority },				\
		.sub_authority = { __VA_ARGS__ },			\
	})
#define NT_SID(...)	WELL_KNOWN(SECURITY_NT_AUTHORITY, ##__VA_ARGS__)
#define ALIAS(_rid)	NT_SID(SECURITY_BUILTIN_DOMAIN_RID, _rid)
#define LABEL(_rid)	WELL_KNOWN(SECURITY_MANDATORY_LABEL_AUTHORITY, _rid)

static const SE_EXPORTS exports = {
	.SeCreateTokenPrivilege		= { SE_CREATE_TOKEN_PRIVILEGE },
	.SeAssignPrimaryTokenPrivilege	= { SE_ASSIGNPRIMARYTOKEN_PRIVILEGE },
	.SeLockMemoryPrivilege		= { SE_LOCK_MEMORY_PRIVILEGE },
	.SeIncreaseQuotaPrivilege	= { SE_INCREASE_QUOTA_PRIVILEGE },
	.SeUnsolicitedInputPrivilege	= { SE_MACHINE_ACCOUNT_PRIVILEGE },
	.SeTcbPrivilege			= { SE_TCB_PRIVILEGE },
	.SeSecurityPrivilege		= { SE_SECURITY_PRIVILEGE },
	.SeTakeOwnershipPrivilege	= { SE_TAKE_OWNERSHIP_PRIVILEGE },
	.SeLoadDriverPrivilege		= { SE_LOAD_DRIVER_PRIVILEGE },
	.SeCreatePagefilePrivilege	= { SE_CREATE_PAGEFILE_PRIVILEGE },
	.SeIncreaseBasePriorityPrivilege = { SE_INC_BASE_PRIORITY_PRIVILEGE },
	.SeSystemProfilePrivilege	= { SE_SYSTEM_PROFILE_PRIVILEGE },
	.SeSystemtimePrivilege		= { SE_SYSTEMTIME_PRIVILEGE },
	.SeProfileSingleProcessPrivilege = { SE_PROF_SINGLE_PROCESS_PRIVILEGE },
	.SeCreatePermanentPrivilege	= { SE_CREATE_PERMANENT_PRIVILEGE },
	.SeBackupPrivilege		= { SE_BACKUP_PRIVILEGE },
	.SeRestorePrivilege		= { SE_RESTORE_PRIVILEGE },
	.SeShutdownPrivilege		= { SE_SHUTDOWN_PRIVILEGE },
	.SeDebugPrivilege		= { SE_DEBUG_PRIVILEGE },
	.SeAuditPrivilege		= { SE_AUDIT_PRIVILEGE },
	.SeSystemEnvironmentPrivilege	= { SE_SYSTEM_ENVIRONMENT_PRIVILEGE },
	.SeChangeNotifyPrivilege	= { SE_CHANGE_NOTIFY_PRIVILEGE },
	.SeRemoteShutdownPrivilege	= { SE_REMOTE_SHUTDOWN_PRIVILEGE },
	.SeUndockPrivilege		= { SE_UNDOCK_PRIVILEGE },
	.SeSyncAgentPrivilege		= { SE_SYNC_AGENT_PRIVILEGE },
	.SeEnableDelegationPrivilege	= { SE_ENABLE_DELEGATION_PRIVILEGE },
	.SeManageVolumePrivilege	= { SE_MANAGE_VOLUME_PRIVILEGE },
	.SeImpersonatePrivilege		= { SE_IMPERSONATE_PRIVILEGE },
	.SeCreateGlobalPrivilege	= { SE_CREATE_GLOBAL_PRIVILEGE },
	.SeTrustedCredManAccessPrivilege = { SE_TRUSTED_CREDMAN_ACCESS_PRIVILEGE },
	.SeRelabelPrivilege		= { SE_RELABEL_PRIVILEGE },
	.SeIncreaseWorkingSetPrivilege	= { SE_INC_WORKING_SET_PRIVILEGE },
	.SeTimeZonePrivilege		= { SE_TIME_ZONE_PRIVILEGE },
	.SeCreateSymbolicLinkPrivilege	= { SE_CREATE_SYMBOLIC_LINK_PRIVILEGE },

	.SeNullSid		= WELL_KNOWN(SECURITY_NULL_SID_AUTHORITY, SECURITY_NULL_RID),
	.SeWorldSid		= WELL_KNOWN(SECURITY_WORLD_SID_AUTHORITY, SECURITY_WORLD_RID),
	.SeLocalSid		= WELL_KNOWN(SECURITY_LOCAL_SID_AUTHORITY, SECURITY_LOCAL_RID),
	.SeCreatorOwnerSid	= WELL_KNOWN(SECURITY_CREATOR_SID_AUTHORITY,
					     SECURITY_CREATOR_OWNER_RID),
	.SeCreatorGroupSid	= WELL_KNOWN(SECURITY_CREATOR_SID_AUTHORITY,
					     SECURITY_CREATOR_GROUP_RID),
	.SeOwnerRightsSid	= WELL_KNOWN(SECURITY_CREATOR_SID_AUTHORITY,
					     SECURITY_CREATOR_OWNER_RIGHTS_RID),
	.SeNtAuthoritySid	= NT_SID(),
	.SeDialupSid		= NT_SID(SECURITY_DIALUP_RID),
	.SeNetworkSid		= NT_SID(SECURITY_NETWORK_RID),
	.SeBatchSid		= NT_SID(SECURITY_BATCH_RID),
	.SeInteractiveSid	= NT_SID(SECURITY_INTERACTIVE_RID),
	.SeLocalSystemSid	= NT_SID(SECURITY_LOCAL_SYSTEM_RID),
	.SeLocalServiceSid	= NT_SID(SECURITY_LOCAL_SERVICE_RID),
	.SeNetworkServiceSid	= NT_SID(SECURITY_NETWORK_SERVICE_RID),
	.SeIUserSid		= NT_SID(SECURITY_IUSER_RID),
	.SeAuthenticatedUsersSid = NT_SID(SECURITY_AUTHENTICATED_USER_RID),
	.SeRestrictedSid	= NT_SID(SECURITY_RESTRICTED_CODE_RID),
	.SeAnonymousLogonSid	= NT_SID(SECURITY_ANONYMOUS_LOGON_RID),
	.SeAliasAdminsSid	= ALIAS(DOMAIN_ALIAS_RID_ADMINS),
	.SeAliasUsersSid	= ALIAS(DOMAIN_ALIAS_RID_USERS),
	.SeAliasGuestsSid	= ALIAS(DOMAIN_ALIAS_RID_GUESTS),
	.SeAliasPowerUsersSid	= ALIAS(DOMAIN_ALIAS_RID_POWER_USERS),
	.SeAliasAccountOpsSid	= ALIAS(DOMAIN_ALIAS_RID_ACCOUNT_OPS),
	.SeAliasSystemOpsSid	= ALIAS(DOMAIN_ALIAS_RID_SYSTEM_OPS),
	.SeAliasPrintOpsSid	= ALIAS(DOMAIN_ALIAS_RID_PRINT_OPS),
	.SeAliasBackupOpsSid	= ALIAS(DOMAIN_ALIAS_RID_BACKUP_OPS),
	.SeUntrustedMandatorySid = LABEL(SECURITY_MANDATORY_UNTRUSTED_RID),
	.SeLowMandatorySid	= LABEL(SECURITY_MANDATORY_LOW_RID),
	.SeMediumMandatorySid	= LABEL(SECURITY_MANDATORY_MEDIUM_RID),
	.SeHighMandatorySid	= LABEL(SECURITY_MANDATORY_HIGH_RID),
	.SeSystemMandatorySid	= LABEL(SECURITY_MANDATORY_SYSTEM_RID),
};

PSE_EXPORTS SeExports __ro_after_init = (PSE_EXPORTS)&exports;
EXPORT_SYMBOL_GPL(SeExports);
