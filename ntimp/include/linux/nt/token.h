/* SPDX-License-Identifier: GPL-2.0-only */
/* Tokens: who a process is, or whom a thread acts as. */
#ifndef _LINUX_NT_TOKEN_H
#define _LINUX_NT_TOKEN_H

#include <linux/nt/descriptor.h>
#include <linux/nt/ntdef.h>
#include <linux/nt/privilege.h>
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

/**
 * VALID_IMPERSONATION_LEVEL - whether something is a level
 * @level: what may be one
 *
 * Context: any.
 * Return: TRUE or FALSE.
 */
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

/**
 * struct _TOKEN_USER - TokenUser: the user
 * @User: who; the attributes are 0
 */
typedef struct _TOKEN_USER {
	SID_AND_ATTRIBUTES User;
} TOKEN_USER, *PTOKEN_USER;

/**
 * struct _TOKEN_GROUPS - TokenGroups, TokenRestrictedSids: groups
 * @GroupCount: how many
 * @Groups: they, with SE_GROUP_*
 */
typedef struct _TOKEN_GROUPS {
	ULONG GroupCount;
	SID_AND_ATTRIBUTES Groups[ANYSIZE_ARRAY] NTIMP_ANYSIZE;
} TOKEN_GROUPS, *PTOKEN_GROUPS;

/**
 * struct _TOKEN_PRIVILEGES - TokenPrivileges: privileges
 * @PrivilegeCount: how many
 * @Privileges: they, with SE_PRIVILEGE_*
 */
typedef struct _TOKEN_PRIVILEGES {
	ULONG PrivilegeCount;
	LUID_AND_ATTRIBUTES Privileges[ANYSIZE_ARRAY] NTIMP_ANYSIZE;
} TOKEN_PRIVILEGES, *PTOKEN_PRIVILEGES;

/**
 * struct _TOKEN_OWNER - TokenOwner: whose what it makes will be
 * @Owner: who
 */
typedef struct _TOKEN_OWNER {
	PSID Owner;
} TOKEN_OWNER, *PTOKEN_OWNER;

/**
 * struct _TOKEN_PRIMARY_GROUP - TokenPrimaryGroup: of which group that will be
 * @PrimaryGroup: which
 */
typedef struct _TOKEN_PRIMARY_GROUP {
	PSID PrimaryGroup;
} TOKEN_PRIMARY_GROUP, *PTOKEN_PRIMARY_GROUP;

/**
 * struct _TOKEN_DEFAULT_DACL - TokenDefaultDacl: who will have which rights to it
 * @DefaultDacl: the list, or NULL
 */
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

/**
 * struct _TOKEN_GROUPS_AND_PRIVILEGES - TokenGroupsAndPrivileges: all of it
 * @SidCount: user and groups: how many
 * @SidLength: bytes of those
 * @Sids: those
 * @RestrictedSidCount: restricting SIDs: how many
 * @RestrictedSidLength: bytes of those
 * @RestrictedSids: those
 * @PrivilegeCount: privileges: how many
 * @PrivilegeLength: bytes of those
 * @Privileges: those
 * @AuthenticationId: its logon session
 */
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

/**
 * struct _TOKEN_ORIGIN - TokenOrigin: who logged it on
 * @OriginatingLogonSession: the session of that
 */
typedef struct _TOKEN_ORIGIN {
	LUID OriginatingLogonSession;
} TOKEN_ORIGIN, *PTOKEN_ORIGIN;

/**
 * struct _TOKEN_ELEVATION - TokenElevation: whether it is an administrator's
 * @TokenIsElevated: not 0 if it is
 */
typedef struct _TOKEN_ELEVATION {
	ULONG TokenIsElevated;
} TOKEN_ELEVATION, *PTOKEN_ELEVATION;

/**
 * struct _TOKEN_MANDATORY_LABEL - TokenIntegrityLevel: how trusted it is
 * @Label: the level
 */
typedef struct _TOKEN_MANDATORY_LABEL {
	SID_AND_ATTRIBUTES Label;
} TOKEN_MANDATORY_LABEL, *PTOKEN_MANDATORY_LABEL;

/**
 * struct _TOKEN_MANDATORY_POLICY - TokenMandatoryPolicy: what its level is for
 * @Policy: flags
 */
typedef struct _TOKEN_MANDATORY_POLICY {
	ULONG Policy;
} TOKEN_MANDATORY_POLICY, *PTOKEN_MANDATORY_POLICY;

/**
 * struct _TOKEN_ACCESS_INFORMATION - TokenAccessInformation: what access checks need
 * @SidHash: user and groups
 * @RestrictedSidHash: restricting SIDs
 * @Privileges: privileges
 * @AuthenticationId: its logon session
 * @TokenType: primary or impersonation
 * @ImpersonationLevel: of an impersonation token
 * @MandatoryPolicy: what its level is for
 * @Flags: TOKEN_HAS_* and the like
 */
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
