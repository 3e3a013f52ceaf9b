/* SPDX-License-Identifier: GPL-2.0-only */
/* Well-known privileges and SIDs, ready for use. */
#ifndef _LINUX_NT_EXPORTS_H
#define _LINUX_NT_EXPORTS_H

#include <linux/nt/ntdef.h>
#include <linux/nt/sid.h>

/* Each member says by its name what it is. */
typedef struct _SE_EXPORTS {
	LUID SeCreateTokenPrivilege;
	LUID SeAssignPrimaryTokenPrivilege;
	LUID SeLockMemoryPrivilege;
	LUID SeIncreaseQuotaPrivilege;
	LUID SeUnsolicitedInputPrivilege;
	LUID SeTcbPrivilege;
	LUID SeSecurityPrivilege;
	LUID SeTakeOwnershipPrivilege;
	LUID SeLoadDriverPrivilege;
	LUID SeCreatePagefilePrivilege;
	LUID SeIncreaseBasePriorityPrivilege;
	LUID SeSystemProfilePrivilege;
	LUID SeSystemtimePrivilege;
	LUID SeProfileSingleProcessPrivilege;
	LUID SeCreatePermanentPrivilege;
	LUID SeBackupPrivilege;
	LUID SeRestorePrivilege;
	LUID SeShutdownPrivilege;
	LUID SeDebugPrivilege;
	LUID SeAuditPrivilege;
	LUID SeSystemEnvironmentPrivilege;
	LUID SeChangeNotifyPrivilege;
	LUID SeRemoteShutdownPrivilege;
	PSID SeNullSid;
	PSID SeWorldSid;
	PSID SeLocalSid;
	PSID SeCreatorOwnerSid;
	PSID SeCreatorGroupSid;
	PSID SeNtAuthoritySid;
	PSID SeDialupSid;
	PSID SeNetworkSid;
	PSID SeBatchSid;
	PSID SeInteractiveSid;
	PSID SeLocalSystemSid;
	PSID SeAliasAdminsSid;
	PSID SeAliasUsersSid;
	PSID SeAliasGuestsSid;
	PSID SeAliasPowerUsersSid;
	PSID SeAliasAccountOpsSid;
	PSID SeAliasSystemOpsSid;
	PSID SeAliasPrintOpsSid;
	PSID SeAliasBackupOpsSid;
	PSID SeAuthenticatedUsersSid;
	PSID SeRestrictedSid;
	PSID SeAnonymousLogonSid;
	LUID SeUndockPrivilege;
	LUID SeSyncAgentPrivilege;
	LUID SeEnableDelegationPrivilege;
	PSID SeLocalServiceSid;
	PSID SeNetworkServiceSid;
	LUID SeManageVolumePrivilege;
	LUID SeImpersonatePrivilege;
	LUID SeCreateGlobalPrivilege;
	LUID SeTrustedCredManAccessPrivilege;
	LUID SeRelabelPrivilege;
	LUID SeIncreaseWorkingSetPrivilege;
	LUID SeTimeZonePrivilege;
	LUID SeCreateSymbolicLinkPrivilege;
	PSID SeIUserSid;
	PSID SeUntrustedMandatorySid;
	PSID SeLowMandatorySid;
	PSID SeMediumMandatorySid;
	PSID SeHighMandatorySid;
	PSID SeSystemMandatorySid;
	PSID SeOwnerRightsSid;
} SE_EXPORTS, *PSE_EXPORTS;

extern PSE_EXPORTS SeExports;

#endif /* _LINUX_NT_EXPORTS_H */
