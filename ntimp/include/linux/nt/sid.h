/* SPDX-License-Identifier: GPL-2.0-only */
/* Security identifiers: who a user or a group is, on NT. */
#ifndef _LINUX_NT_SID_H
#define _LINUX_NT_SID_H

#include <linux/nt/ntdef.h>

typedef PVOID PSID;

/**
 * struct _SID_IDENTIFIER_AUTHORITY - who gives SIDs away
 * @Value: its number, most significant byte first
 */
typedef struct _SID_IDENTIFIER_AUTHORITY {
	UCHAR Value[6];
} SID_IDENTIFIER_AUTHORITY, *PSID_IDENTIFIER_AUTHORITY;

/**
 * struct _SID - a security identifier
 * @Revision: SID_REVISION
 * @SubAuthorityCount: how many there are of @SubAuthority
 * @IdentifierAuthority: who gave it away, most significant byte first
 * @SubAuthority: which one it is; the last one is called the relative id (RID)
 */
typedef struct _SID {
	UCHAR Revision;
	UCHAR SubAuthorityCount;
	SID_IDENTIFIER_AUTHORITY IdentifierAuthority;
	ULONG SubAuthority[ANYSIZE_ARRAY] NTIMP_ANYSIZE;
} SID, *PISID;

#define SID_REVISION			1
#define SID_MAX_SUB_AUTHORITIES		15
#define SID_RECOMMENDED_SUB_AUTHORITIES	1
#define SECURITY_MAX_SID_SIZE						\
	(sizeof(SID) - sizeof(ULONG) + SID_MAX_SUB_AUTHORITIES * sizeof(ULONG))

typedef enum _SID_NAME_USE {
	SidTypeUser = 1,
	SidTypeGroup,
	SidTypeDomain,
	SidTypeAlias,
	SidTypeWellKnownGroup,
	SidTypeDeletedAccount,
	SidTypeInvalid,
	SidTypeUnknown,
	SidTypeComputer,
	SidTypeLabel
} SID_NAME_USE, *PSID_NAME_USE;

/**
 * struct _SID_AND_ATTRIBUTES - a member of a token
 * @Sid: which
 * @Attributes: SE_GROUP_*
 */
typedef struct _SID_AND_ATTRIBUTES {
	PSID Sid;
	ULONG Attributes;
} SID_AND_ATTRIBUTES, *PSID_AND_ATTRIBUTES;

#define SID_HASH_SIZE 32

typedef ULONG_PTR SID_HASH_ENTRY, *PSID_HASH_ENTRY;

/**
 * struct _SID_AND_ATTRIBUTES_HASH - members of a token, to be found fast
 * @SidCount: how many
 * @SidAttr: they
 * @Hash: bits of @SidAttr by the low and the high half of a byte of the RID
 */
typedef struct _SID_AND_ATTRIBUTES_HASH {
	ULONG SidCount;
	PSID_AND_ATTRIBUTES SidAttr;
	SID_HASH_ENTRY Hash[SID_HASH_SIZE];
} SID_AND_ATTRIBUTES_HASH, *PSID_AND_ATTRIBUTES_HASH;

/* Authorities */
#define SECURITY_NULL_SID_AUTHORITY		{ 0, 0, 0, 0, 0, 0 }
#define SECURITY_WORLD_SID_AUTHORITY		{ 0, 0, 0, 0, 0, 1 }
#define SECURITY_LOCAL_SID_AUTHORITY		{ 0, 0, 0, 0, 0, 2 }
#define SECURITY_CREATOR_SID_AUTHORITY		{ 0, 0, 0, 0, 0, 3 }
#define SECURITY_NON_UNIQUE_AUTHORITY		{ 0, 0, 0, 0, 0, 4 }
#define SECURITY_NT_AUTHORITY			{ 0, 0, 0, 0, 0, 5 }
#define SECURITY_RESOURCE_MANAGER_AUTHORITY	{ 0, 0, 0, 0, 0, 9 }
#define SECURITY_MANDATORY_LABEL_AUTHORITY	{ 0, 0, 0, 0, 0, 16 }

/* Below the null, world, local and creator authorities */
#define SECURITY_NULL_RID			0x00000000U
#define SECURITY_WORLD_RID			0x00000000U
#define SECURITY_LOCAL_RID			0x00000000U
#define SECURITY_LOCAL_LOGON_RID		0x00000001U
#define SECURITY_CREATOR_OWNER_RID		0x00000000U
#define SECURITY_CREATOR_GROUP_RID		0x00000001U
#define SECURITY_CREATOR_OWNER_SERVER_RID	0x00000002U
#define SECURITY_CREATOR_GROUP_SERVER_RID	0x00000003U
#define SECURITY_CREATOR_OWNER_RIGHTS_RID	0x00000004U

/* Below the NT authority */
#define SECURITY_DIALUP_RID			0x00000001U
#define SECURITY_NETWORK_RID			0x00000002U
#define SECURITY_BATCH_RID			0x00000003U
#define SECURITY_INTERACTIVE_RID		0x00000004U
#define SECURITY_LOGON_IDS_RID			0x00000005U
#define SECURITY_LOGON_IDS_RID_COUNT		3U
#define SECURITY_SERVICE_RID			0x00000006U
#define SECURITY_ANONYMOUS_LOGON_RID		0x00000007U
#define SECURITY_PROXY_RID			0x00000008U
#define SECURITY_ENTERPRISE_CONTROLLERS_RID	0x00000009U
#define SECURITY_SERVER_LOGON_RID		SECURITY_ENTERPRISE_CONTROLLERS_RID
#define SECURITY_PRINCIPAL_SELF_RID		0x0000000AU
#define SECURITY_AUTHENTICATED_USER_RID		0x0000000BU
#define SECURITY_RESTRICTED_CODE_RID		0x0000000CU
#define SECURITY_TERMINAL_SERVER_RID		0x0000000DU
#define SECURITY_REMOTE_LOGON_RID		0x0000000EU
#define SECURITY_THIS_ORGANIZATION_RID		0x0000000FU
#define SECURITY_IUSER_RID			0x00000011U
#define SECURITY_LOCAL_SYSTEM_RID		0x00000012U
#define SECURITY_LOCAL_SERVICE_RID		0x00000013U
#define SECURITY_NETWORK_SERVICE_RID		0x00000014U
#define SECURITY_NT_NON_UNIQUE			0x00000015U
#define SECURITY_NT_NON_UNIQUE_SUB_AUTH_COUNT	3U
#define SECURITY_BUILTIN_DOMAIN_RID		0x00000020U
#define SECURITY_WRITE_RESTRICTED_CODE_RID	0x00000021U

/* Of a domain */
#define DOMAIN_USER_RID_ADMIN			0x000001F4U
#define DOMAIN_USER_RID_GUEST			0x000001F5U
#define DOMAIN_GROUP_RID_ADMINS			0x00000200U
#define DOMAIN_GROUP_RID_USERS			0x00000201U
#define DOMAIN_GROUP_RID_GUESTS			0x00000202U

/* Of the builtin domain */
#define DOMAIN_ALIAS_RID_ADMINS			0x00000220U
#define DOMAIN_ALIAS_RID_USERS			0x00000221U
#define DOMAIN_ALIAS_RID_GUESTS			0x00000222U
#define DOMAIN_ALIAS_RID_POWER_USERS		0x00000223U
#define DOMAIN_ALIAS_RID_ACCOUNT_OPS		0x00000224U
#define DOMAIN_ALIAS_RID_SYSTEM_OPS		0x00000225U
#define DOMAIN_ALIAS_RID_PRINT_OPS		0x00000226U
#define DOMAIN_ALIAS_RID_BACKUP_OPS		0x00000227U
#define DOMAIN_ALIAS_RID_REPLICATOR		0x00000228U

/* Below the authority of mandatory labels */
#define SECURITY_MANDATORY_UNTRUSTED_RID	0x00000000U
#define SECURITY_MANDATORY_LOW_RID		0x00001000U
#define SECURITY_MANDATORY_MEDIUM_RID		0x00002000U
#define SECURITY_MANDATORY_HIGH_RID		0x00003000U
#define SECURITY_MANDATORY_SYSTEM_RID		0x00004000U

#define SeLengthSid(sid)						\
	(8 + 4 * ((SID *)(sid))->SubAuthorityCount)

BOOLEAN RtlValidSid(PSID sid);
BOOLEAN RtlEqualSid(PSID sid1, PSID sid2);
BOOLEAN RtlEqualPrefixSid(PSID sid1, PSID sid2);
ULONG RtlLengthSid(PSID sid);
ULONG RtlLengthRequiredSid(ULONG sub_authority_count);
NTSTATUS RtlInitializeSid(PSID sid, PSID_IDENTIFIER_AUTHORITY authority,
			  UCHAR sub_authority_count);
PSID_IDENTIFIER_AUTHORITY RtlIdentifierAuthoritySid(PSID sid);
PUCHAR RtlSubAuthorityCountSid(PSID sid);
PULONG RtlSubAuthoritySid(PSID sid, ULONG index);
NTSTATUS RtlCopySid(ULONG length, PSID to, PSID from);
NTSTATUS RtlAllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority,
				     UCHAR sub_authority_count,
				     ULONG sub_authority0, ULONG sub_authority1,
				     ULONG sub_authority2, ULONG sub_authority3,
				     ULONG sub_authority4, ULONG sub_authority5,
				     ULONG sub_authority6, ULONG sub_authority7,
				     PSID *sid);
PVOID RtlFreeSid(PSID sid);

#endif /* _LINUX_NT_SID_H */
