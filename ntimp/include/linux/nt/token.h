/* SPDX-License-Identifier: GPL-2.0-only */
/* Tokens: who a process is, or whom a thread acts as. */
#ifndef _LINUX_NT_TOKEN_H
#define _LINUX_NT_TOKEN_H

#include <linux/nt/descriptor.h>
#include <linux/nt/ntdef.h>
#include <linux/nt/sid.h>

/* Not a type of its own on NT either: drivers hand it over as a PVOID. */
typedef PVOID PACCESS_TOKEN;

typedef enum _TOKEN_TYPE {
	TokenPrimary = 1,
	TokenImpersonation
} TOKEN_TYPE, *PTOKEN_TYPE;

/* How far a server may go in the client's name; the numbers of enum ntimp_level. */
typedef enum _SECURITY_IMPERSONATION_LEVEL {
	SecurityAnonymous,
	SecurityIdentification,
	SecurityImpersonation,
	SecurityDelegation
} SECURITY_IMPERSONATION_LEVEL, *PSECURITY_IMPERSONATION_LEVEL;

#define SECURITY_MAX_IMPERSONATION_LEVEL	SecurityDelegation
#define SECURITY_MIN_IMPERSONATION_LEVEL	SecurityAnonymous
#define DEFAULT_IMPERSONATION_LEVEL		SecurityImpersonation

static inline BOOLEAN VALID_IMPERSONATION_LEVEL(LONG level)
{
	return level >= SECURITY_MIN_IMPERSONATION_LEVEL &&
	       level <= SECURITY_MAX_IMPERSONATION_LEVEL;
}

/* Rights to a token */
#define TOKEN_ASSIGN_PRIMARY		0x0001
#define TOKEN_DUPLICATE			0x0002
#define TOKEN_IMPERSONATE		0x0004
#define TOKEN_QUERY			0x0008
#define TOKEN_QUERY_SOURCE		0x0010
#define TOKEN_ADJUST_PRIVILEGES		0x0020
#define TOKEN_ADJUST_GROUPS		0x0040
#define TOKEN_ADJUST_DEFAULT		0x0080
#define TOKEN_ADJUST_SESSIONID		0x0100
#define TOKEN_ALL_ACCESS_P						\
	(STANDARD_RIGHTS_REQUIRED | TOKEN_ASSIGN_PRIMARY |		\
	 TOKEN_DUPLICATE | TOKEN_IMPERSONATE | TOKEN_QUERY |		\
	 TOKEN_QUERY_SOURCE | TOKEN_ADJUST_PRIVILEGES |			\
	 TOKEN_ADJUST_GROUPS | TOKEN_ADJUST_DEFAULT)
#define TOKEN_ALL_ACCESS		(TOKEN_ALL_ACCESS_P | TOKEN_ADJUST_SESSIONID)
#define TOKEN_READ			(STANDARD_RIGHTS_READ | TOKEN_QUERY)
#define TOKEN_WRITE							\
	(STANDARD_RIGHTS_WRITE | TOKEN_ADJUST_PRIVILEGES |		\
	 TOKEN_ADJUST_GROUPS | TOKEN_ADJUST_DEFAULT)
#define TOKEN_EXECUTE			STANDARD_RIGHTS_EXECUTE

/* SID_AND_ATTRIBUTES.Attributes of a group */
#define SE_GROUP_MANDATORY		0x00000001U
#define SE_GROUP_ENABLED_BY_DEFAULT	0x00000002U
#define SE_GROUP_ENABLED		0x00000004U
#define SE_GROUP_OWNER			0x00000008U
#define SE_GROUP_USE_FOR_DENY_ONLY	0x00000010U
#define SE_GROUP_INTEGRITY		0x00000020U
#define SE_GROUP_INTEGRITY_ENABLED	0x00000040U
#define SE_GROUP_RESOURCE		0x20000000U
#define SE_GROUP_LOGON_ID		0xC0000000U

/* Privileges: LUIDs whose upper half is 0 */
#define SE_MIN_WELL_KNOWN_PRIVILEGE		2
#define SE_CREATE_TOKEN_PRIVILEGE		2
#define SE_ASSIGNPRIMARYTOKEN_PRIVILEGE		3
#define SE_LOCK_MEMORY_PRIVILEGE		4
#define SE_INCREASE_QUOTA_PRIVILEGE		5
#define SE_MACHINE_ACCOUNT_PRIVILEGE		6
#define SE_TCB_PRIVILEGE			7
#define SE_SECURITY_PRIVILEGE			8
#define SE_TAKE_OWNERSHIP_PRIVILEGE		9
#define SE_LOAD_DRIVER_PRIVILEGE		10
#define SE_SYSTEM_PROFILE_PRIVILEGE		11
#define SE_SYSTEMTIME_PRIVILEGE			12
#define SE_PROF_SINGLE_PROCESS_PRIVILEGE	13
#define SE_INC_BASE_PRIORITY_PRIVILEGE		14
#define SE_CREATE_PAGEFILE_PRIVILEGE		15
#define SE_CREATE_PERMANENT_PRIVILEGE		16
#define SE_BACKUP_PRIVILEGE			17
#define SE_RESTORE_PRIVILEGE			18
#define SE_SHUTDOWN_PRIVILEGE			19
#define SE_DEBUG_PRIVILEGE			20
#define SE_AUDIT_PRIVILEGE			21
#define SE_SYSTEM_ENVIRONMENT_PRIVILEGE		22
#define SE_CHANGE_NOTIFY_PRIVILEGE		23
#define SE_REMOTE_SHUTDOWN_PRIVILEGE		24
#define SE_UNDOCK_PRIVILEGE			25
#define SE_SYNC_AGENT_PRIVILEGE			26
#define SE_ENABLE_DELEGATION_PRIVILEGE		27
#define SE_MANAGE_VOLUME_PRIVILEGE		28
#define SE_IMPERSONATE_PRIVILEGE		29
#define SE_CREATE_GLOBAL_PRIVILEGE		30
#define SE_TRUSTED_CREDMAN_ACCESS_PRIVILEGE	31
#define SE_RELABEL_PRIVILEGE			32
#define SE_INC_WORKING_SET_PRIVILEGE		33
#define SE_TIME_ZONE_PRIVILEGE			34
#define SE_CREATE_SYMBOLIC_LINK_PRIVILEGE	35
#define SE_MAX_WELL_KNOWN_PRIVILEGE		SE_CREATE_SYMBOLIC_LINK_PRIVILEGE

/* LUID_AND_ATTRIBUTES.Attributes of a privilege */
#define SE_PRIVILEGE_ENABLED_BY_DEFAULT	0x00000001U
#define SE_PRIVILEGE_ENABLED		0x00000002U
#define SE_PRIVILEGE_REMOVED		0x00000004U
#define SE_PRIVILEGE_USED_FOR_ACCESS	0x80000000U
#define SE_PRIVILEGE_VALID_ATTRIBUTES					\
	(SE_PRIVILEGE_ENABLED_BY_DEFAULT | SE_PRIVILEGE_ENABLED |	\
	 SE_PRIVILEGE_REMOVED | SE_PRIVILEGE_USED_FOR_ACCESS)

/**
 * struct _LUID_AND_ATTRIBUTES - a privilege of a token
 * @Luid: which, SE_*_PRIVILEGE
 * @Attributes: SE_PRIVILEGE_*
 */
typedef struct _LUID_AND_ATTRIBUTES {
	LUID Luid;
	ULONG Attributes;
} LUID_AND_ATTRIBUTES, *PLUID_AND_ATTRIBUTES;

#define PRIVILEGE_SET_ALL_NECESSARY	1

/**
 * struct _PRIVILEGE_SET - privileges that something asks for
 * @PrivilegeCount: how many
 * @Control: PRIVILEGE_SET_ALL_NECESSARY, or 0: one of them will do
 * @Privilege: they
 */
typedef struct _PRIVILEGE_SET {
	ULONG PrivilegeCount;
	ULONG Control;
	LUID_AND_ATTRIBUTES Privilege[ANYSIZE_ARRAY] NTIMP_ANYSIZE;
} PRIVILEGE_SET, *PPRIVILEGE_SET;

#define INITIAL_PRIVILEGE_COUNT		3

typedef struct _INITIAL_PRIVILEGE_SET {
	ULONG PrivilegeCount;
	ULONG Control;
	LUID_AND_ATTRIBUTES Privilege[INITIAL_PRIVILEGE_COUNT];
} INITIAL_PRIVILEGE_SET, *PINITIAL_PRIVILEGE_SET;

/* Logon sessions, for initialising a LUID */
#define SYSTEM_LUID			{ 0x3e7, 0x0 }
#define ANONYMOUS_LOGON_LUID		{ 0x3e6, 0x0 }
#define LOCALSERVICE_LUID		{ 0x3e5, 0x0 }
#define NETWORKSERVICE_LUID		{ 0x3e4, 0x0 }

typedef enum _TOKEN_INFORMATION_CLASS {
	TokenUser = 1,
	TokenGroups,
	TokenPrivileges,
	TokenOwner,
	TokenPrimaryGroup,
	TokenDefaultDacl,
	TokenSource,
	TokenType,
	TokenImpersonationLevel,
	TokenStatistics,
	TokenRestrictedSids,
	TokenSessionId,
	TokenGroupsAndPrivileges,
	TokenSessionReference,
	TokenSandBoxInert,
	TokenAuditPolicy,
	TokenOrigin,
	TokenElevationType,
	TokenLinkedToken,
	TokenElevation,
	TokenHasRestrictions,
	TokenAccessInformation,
	TokenVirtualizationAllowed,
	TokenVirtualizationEnabled,
	TokenIntegrityLevel,
	TokenUIAccess,
	TokenMandatoryPolicy,
	TokenLogonSid,
	MaxTokenInfoClass
} TOKEN_INFORMATION_CLASS, *PTOKEN_INFORMATION_CLASS;

/* TokenUser */
typedef struct _TOKEN_USER {
	SID_AND_ATTRIBUTES User;
} TOKEN_USER, *PTOKEN_USER;

/* TokenGroups, TokenRestrictedSids */
typedef struct _TOKEN_GROUPS {
	ULONG GroupCount;
	SID_AND_ATTRIBUTES Groups[ANYSIZE_ARRAY] NTIMP_ANYSIZE;
} TOKEN_GROUPS, *PTOKEN_GROUPS;

/* TokenPrivileges */
typedef struct _TOKEN_PRIVILEGES {
	ULONG PrivilegeCount;
	LUID_AND_ATTRIBUTES Privileges[ANYSIZE_ARRAY] NTIMP_ANYSIZE;
} TOKEN_PRIVILEGES, *PTOKEN_PRIVILEGES;

/* TokenOwner */
typedef struct _TOKEN_OWNER {
	PSID Owner;
} TOKEN_OWNER, *PTOKEN_OWNER;

/* TokenPrimaryGroup */
typedef struct _TOKEN_PRIMARY_GROUP {
	PSID PrimaryGroup;
} TOKEN_PRIMARY_GROUP, *PTOKEN_PRIMARY_GROUP;

/* TokenDefaultDacl */
typedef struct _TOKEN_DEFAULT_DACL {
	PACL DefaultDacl;
} TOKEN_DEFAULT_DACL, *PTOKEN_DEFAULT_DACL;

#define TOKEN_SOURCE_LENGTH		8

/**
 * struct _TOKEN_SOURCE - TokenSource: who made a token
 * @SourceName: a word, filled up with zeroes or blanks
 * @SourceIdentifier: a number of its own
 */
typedef struct _TOKEN_SOURCE {
	CHAR SourceName[TOKEN_SOURCE_LENGTH];
	LUID SourceIdentifier;
} TOKEN_SOURCE, *PTOKEN_SOURCE;

/**
 * struct _TOKEN_STATISTICS - TokenStatistics
 * @TokenId: of this token alone
 * @AuthenticationId: its logon session
 * @ExpirationTime: when it expires
 * @TokenType: primary or impersonation
 * @ImpersonationLevel: of an impersonation token
 * @DynamicCharged: bytes for the default owner and access list
 * @DynamicAvailable: how many of those bytes are free
 * @GroupCount: groups
 * @PrivilegeCount: privileges
 * @ModifiedId: another one whenever the token is changed
 */
typedef struct _TOKEN_STATISTICS {
	LUID TokenId;
	LUID AuthenticationId;
	LARGE_INTEGER ExpirationTime;
	TOKEN_TYPE TokenType;
	SECURITY_IMPERSONATION_LEVEL ImpersonationLevel;
	ULONG DynamicCharged;
	ULONG DynamicAvailable;
	ULONG GroupCount;
	ULONG PrivilegeCount;
	LUID ModifiedId;
} TOKEN_STATISTICS, *PTOKEN_STATISTICS;

/**
 * struct _TOKEN_CONTROL - what tells whether a token is the one that it was
 * @TokenId: of this token alone
 * @AuthenticationId: its logon session
 * @ModifiedId: another one whenever the token is changed
 * @TokenSource: who made it
 */
typedef struct _TOKEN_CONTROL {
	LUID TokenId;
	LUID AuthenticationId;
	LUID ModifiedId;
	TOKEN_SOURCE TokenSource;
} TOKEN_CONTROL, *PTOKEN_CONTROL;

/* TokenGroupsAndPrivileges */
typedef struct _TOKEN_GROUPS_AND_PRIVILEGES {
	ULONG SidCount;
	ULONG SidLength;
	PSID_AND_ATTRIBUTES Sids;
	ULONG RestrictedSidCount;
	ULONG RestrictedSidLength;
	PSID_AND_ATTRIBUTES RestrictedSids;
	ULONG PrivilegeCount;
	ULONG PrivilegeLength;
	PLUID_AND_ATTRIBUTES Privileges;
	LUID AuthenticationId;
} TOKEN_GROUPS_AND_PRIVILEGES, *PTOKEN_GROUPS_AND_PRIVILEGES;

/* TokenOrigin */
typedef struct _TOKEN_ORIGIN {
	LUID OriginatingLogonSession;
} TOKEN_ORIGIN, *PTOKEN_ORIGIN;

/* TokenElevation */
typedef struct _TOKEN_ELEVATION {
	ULONG TokenIsElevated;
} TOKEN_ELEVATION, *PTOKEN_ELEVATION;

/* TokenIntegrityLevel */
typedef struct _TOKEN_MANDATORY_LABEL {
	SID_AND_ATTRIBUTES Label;
} TOKEN_MANDATORY_LABEL, *PTOKEN_MANDATORY_LABEL;

/* TokenMandatoryPolicy */
typedef struct _TOKEN_MANDATORY_POLICY {
	ULONG Policy;
} TOKEN_MANDATORY_POLICY, *PTOKEN_MANDATORY_POLICY;

/* TokenAccessInformation */
typedef struct _TOKEN_ACCESS_INFORMATION {
	PSID_AND_ATTRIBUTES_HASH SidHash;
	PSID_AND_ATTRIBUTES_HASH RestrictedSidHash;
	PTOKEN_PRIVILEGES Privileges;
	LUID AuthenticationId;
	TOKEN_TYPE TokenType;
	SECURITY_IMPERSONATION_LEVEL ImpersonationLevel;
	TOKEN_MANDATORY_POLICY MandatoryPolicy;
	ULONG Flags;
} TOKEN_ACCESS_INFORMATION, *PTOKEN_ACCESS_INFORMATION;

/* TOKEN_ACCESS_INFORMATION.Flags */
#define TOKEN_HAS_TRAVERSE_PRIVILEGE	0x0001
#define TOKEN_HAS_BACKUP_PRIVILEGE	0x0002
#define TOKEN_HAS_RESTORE_PRIVILEGE	0x0004
#define TOKEN_WRITE_RESTRICTED		0x0008
#define TOKEN_IS_RESTRICTED		0x0010
#define TOKEN_SESSION_NOT_REFERENCED	0x0020
#define TOKEN_SANDBOX_INERT		0x0040
#define TOKEN_HAS_IMPERSONATE_PRIVILEGE	0x0080

/* SeFilterToken() */
#define DISABLE_MAX_PRIVILEGE		0x1
#define SANDBOX_INERT			0x2
#define LUA_TOKEN			0x4
#define WRITE_RESTRICTED		0x8

TOKEN_TYPE SeTokenType(PACCESS_TOKEN token);
SECURITY_IMPERSONATION_LEVEL SeTokenImpersonationLevel(PACCESS_TOKEN token);
BOOLEAN SeTokenIsAdmin(PACCESS_TOKEN token);
BOOLEAN SeTokenIsRestricted(PACCESS_TOKEN token);
BOOLEAN SeTokenIsWriteRestricted(PACCESS_TOKEN token);
NTSTATUS SeQueryAuthenticationIdToken(PACCESS_TOKEN token, PLUID authentication_id);
NTSTATUS SeQuerySessionIdToken(PACCESS_TOKEN token, PULONG session_id);
NTSTATUS __must_check SeQueryInformationToken(PACCESS_TOKEN token,
					      TOKEN_INFORMATION_CLASS information_class,
					      PVOID *information);
NTSTATUS __must_check SeFilterToken(PACCESS_TOKEN existing, ULONG flags,
				    PTOKEN_GROUPS sids_to_disable,
				    PTOKEN_PRIVILEGES privileges_to_delete,
				    PTOKEN_GROUPS restricted_sids,
				    PACCESS_TOKEN *filtered);

#endif /* _LINUX_NT_TOKEN_H */
