/* SPDX-License-Identifier: GPL-2.0-only */
/* Security descriptors: who may do what to an object. */
#ifndef _LINUX_NT_DESCRIPTOR_H
#define _LINUX_NT_DESCRIPTOR_H

#include <linux/nt/ntdef.h>
#include <linux/nt/sid.h>

typedef PVOID PSECURITY_DESCRIPTOR;
typedef ULONG SECURITY_INFORMATION, *PSECURITY_INFORMATION;
typedef ULONG ACCESS_MASK, *PACCESS_MASK;

/* Rights */
#define DELETE				0x00010000U
#define READ_CONTROL			0x00020000U
#define WRITE_DAC			0x00040000U
#define WRITE_OWNER			0x00080000U
#define SYNCHRONIZE			0x00100000U
#define STANDARD_RIGHTS_REQUIRED	0x000F0000U
#define STANDARD_RIGHTS_READ		READ_CONTROL
#define STANDARD_RIGHTS_WRITE		READ_CONTROL
#define STANDARD_RIGHTS_EXECUTE		READ_CONTROL
#define STANDARD_RIGHTS_ALL		0x001F0000U
#define SPECIFIC_RIGHTS_ALL		0x0000FFFFU
#define ACCESS_SYSTEM_SECURITY		0x01000000U
#define MAXIMUM_ALLOWED			0x02000000U
#define GENERIC_ALL			0x10000000U
#define GENERIC_EXECUTE			0x20000000U
#define GENERIC_WRITE			0x40000000U
#define GENERIC_READ			0x80000000U

/* Rights to a file */
#define FILE_READ_DATA			0x0001U
#define FILE_LIST_DIRECTORY		0x0001U
#define FILE_WRITE_DATA			0x0002U
#define FILE_ADD_FILE			0x0002U
#define FILE_APPEND_DATA		0x0004U
#define FILE_ADD_SUBDIRECTORY		0x0004U
#define FILE_READ_EA			0x0008U
#define FILE_WRITE_EA			0x0010U
#define FILE_EXECUTE			0x0020U
#define FILE_TRAVERSE			0x0020U
#define FILE_DELETE_CHILD		0x0040U
#define FILE_READ_ATTRIBUTES		0x0080U
#define FILE_WRITE_ATTRIBUTES		0x0100U
#define FILE_ALL_ACCESS			(STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x1FF)
#define FILE_GENERIC_READ						\
	(STANDARD_RIGHTS_READ | FILE_READ_DATA | FILE_READ_ATTRIBUTES |	\
	 FILE_READ_EA | SYNCHRONIZE)
#define FILE_GENERIC_WRITE						\
	(STANDARD_RIGHTS_WRITE | FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES | \
	 FILE_WRITE_EA | FILE_APPEND_DATA | SYNCHRONIZE)
#define FILE_GENERIC_EXECUTE						\
	(STANDARD_RIGHTS_EXECUTE | FILE_READ_ATTRIBUTES | FILE_EXECUTE | SYNCHRONIZE)

/**
 * struct _GENERIC_MAPPING - what the generic rights mean for a kind of object
 * @GenericRead: rights that GENERIC_READ stands for
 * @GenericWrite: likewise
 * @GenericExecute: likewise
 * @GenericAll: likewise
 */
typedef struct _GENERIC_MAPPING {
	ACCESS_MASK GenericRead;
	ACCESS_MASK GenericWrite;
	ACCESS_MASK GenericExecute;
	ACCESS_MASK GenericAll;
} GENERIC_MAPPING, *PGENERIC_MAPPING;

#define ACL_REVISION			2
#define ACL_REVISION_DS			4
#define ACL_REVISION1			1
#define ACL_REVISION2			2
#define ACL_REVISION3			3
#define ACL_REVISION4			4
#define MIN_ACL_REVISION		ACL_REVISION2
#define MAX_ACL_REVISION		ACL_REVISION4

/**
 * struct _ACL - a list of entries, which follow it
 * @AclRevision: ACL_REVISION*
 * @Sbz1: 0
 * @AclSize: bytes, with all entries and what is free behind them
 * @AceCount: entries
 * @Sbz2: 0
 */
typedef struct _ACL {
	UCHAR AclRevision;
	UCHAR Sbz1;
	USHORT AclSize;
	USHORT AceCount;
	USHORT Sbz2;
} ACL, *PACL;

/**
 * struct _ACE_HEADER - how each entry begins
 * @AceType: *_ACE_TYPE
 * @AceFlags: *_ACE
 * @AceSize: bytes of the entry, a multiple of 4
 */
typedef struct _ACE_HEADER {
	UCHAR AceType;
	UCHAR AceFlags;
	USHORT AceSize;
} ACE_HEADER, *PACE_HEADER;

#define ACCESS_MIN_MS_ACE_TYPE		0x0
#define ACCESS_ALLOWED_ACE_TYPE		0x0
#define ACCESS_DENIED_ACE_TYPE		0x1
#define SYSTEM_AUDIT_ACE_TYPE		0x2
#define SYSTEM_ALARM_ACE_TYPE		0x3
#define ACCESS_MAX_MS_V2_ACE_TYPE	0x3
#define ACCESS_ALLOWED_COMPOUND_ACE_TYPE	0x4
#define ACCESS_ALLOWED_OBJECT_ACE_TYPE	0x5
#define ACCESS_DENIED_OBJECT_ACE_TYPE	0x6
#define SYSTEM_AUDIT_OBJECT_ACE_TYPE	0x7
#define SYSTEM_ALARM_OBJECT_ACE_TYPE	0x8
#define ACCESS_ALLOWED_CALLBACK_ACE_TYPE	0x9
#define ACCESS_DENIED_CALLBACK_ACE_TYPE	0xA
#define SYSTEM_MANDATORY_LABEL_ACE_TYPE	0x11
#define ACCESS_MAX_MS_V5_ACE_TYPE	0x11

#define OBJECT_INHERIT_ACE		0x1
#define CONTAINER_INHERIT_ACE		0x2
#define NO_PROPAGATE_INHERIT_ACE	0x4
#define INHERIT_ONLY_ACE		0x8
#define INHERITED_ACE			0x10
#define VALID_INHERIT_FLAGS		0x1F
#define SUCCESSFUL_ACCESS_ACE_FLAG	0x40
#define FAILED_ACCESS_ACE_FLAG		0x80

/**
 * struct _ACCESS_ALLOWED_ACE - an entry that grants
 * @Header: of type ACCESS_ALLOWED_ACE_TYPE
 * @Mask: rights
 * @SidStart: first bytes of whose they are
 */
typedef struct _ACCESS_ALLOWED_ACE {
	ACE_HEADER Header;
	ACCESS_MASK Mask;
	ULONG SidStart;
} ACCESS_ALLOWED_ACE, *PACCESS_ALLOWED_ACE;

/**
 * struct _ACCESS_DENIED_ACE - an entry that denies
 * @Header: of type ACCESS_DENIED_ACE_TYPE
 * @Mask: rights
 * @SidStart: first bytes of who doesn't have them
 */
typedef struct _ACCESS_DENIED_ACE {
	ACE_HEADER Header;
	ACCESS_MASK Mask;
	ULONG SidStart;
} ACCESS_DENIED_ACE, *PACCESS_DENIED_ACE;

/**
 * struct _SYSTEM_AUDIT_ACE - an entry that has an access audited
 * @Header: of type SYSTEM_AUDIT_ACE_TYPE
 * @Mask: rights
 * @SidStart: first bytes of whose access
 */
typedef struct _SYSTEM_AUDIT_ACE {
	ACE_HEADER Header;
	ACCESS_MASK Mask;
	ULONG SidStart;
} SYSTEM_AUDIT_ACE, *PSYSTEM_AUDIT_ACE;

/**
 * struct _SYSTEM_MANDATORY_LABEL_ACE - an entry that says how trusted an object is
 * @Header: of type SYSTEM_MANDATORY_LABEL_ACE_TYPE
 * @Mask: what the less trusted may not do
 * @SidStart: first bytes of the label
 */
typedef struct _SYSTEM_MANDATORY_LABEL_ACE {
	ACE_HEADER Header;
	ACCESS_MASK Mask;
	ULONG SidStart;
} SYSTEM_MANDATORY_LABEL_ACE, *PSYSTEM_MANDATORY_LABEL_ACE;

typedef USHORT SECURITY_DESCRIPTOR_CONTROL, *PSECURITY_DESCRIPTOR_CONTROL;

#define SECURITY_DESCRIPTOR_REVISION	1
#define SECURITY_DESCRIPTOR_REVISION1	1
#define SECURITY_DESCRIPTOR_MIN_LENGTH	(sizeof(SECURITY_DESCRIPTOR))

#define SE_OWNER_DEFAULTED		0x0001
#define SE_GROUP_DEFAULTED		0x0002
#define SE_DACL_PRESENT			0x0004
#define SE_DACL_DEFAULTED		0x0008
#define SE_SACL_PRESENT			0x0010
#define SE_SACL_DEFAULTED		0x0020
#define SE_DACL_UNTRUSTED		0x0040
#define SE_SERVER_SECURITY		0x0080
#define SE_DACL_AUTO_INHERIT_REQ	0x0100
#define SE_SACL_AUTO_INHERIT_REQ	0x0200
#define SE_DACL_AUTO_INHERITED		0x0400
#define SE_SACL_AUTO_INHERITED		0x0800
#define SE_DACL_PROTECTED		0x1000
#define SE_SACL_PROTECTED		0x2000
#define SE_RM_CONTROL_VALID		0x4000
#define SE_SELF_RELATIVE		0x8000

/**
 * struct _SECURITY_DESCRIPTOR - the absolute form
 * @Revision: SECURITY_DESCRIPTOR_REVISION
 * @Sbz1: 0
 * @Control: SE_*, without SE_SELF_RELATIVE
 * @Owner: or NULL
 * @Group: or NULL
 * @Sacl: what is audited; or NULL
 * @Dacl: who may do what; NULL: everybody everything, if SE_DACL_PRESENT
 */
typedef struct _SECURITY_DESCRIPTOR {
	UCHAR Revision;
	UCHAR Sbz1;
	SECURITY_DESCRIPTOR_CONTROL Control;
	PSID Owner;
	PSID Group;
	PACL Sacl;
	PACL Dacl;
} SECURITY_DESCRIPTOR, *PISECURITY_DESCRIPTOR;

/**
 * struct _SECURITY_DESCRIPTOR_RELATIVE - the form that is one piece of memory
 * @Revision: SECURITY_DESCRIPTOR_REVISION
 * @Sbz1: 0
 * @Control: SE_*, with SE_SELF_RELATIVE
 * @Owner: where it is, in bytes from here; 0: none
 * @Group: likewise
 * @Sacl: likewise
 * @Dacl: likewise
 */
typedef struct _SECURITY_DESCRIPTOR_RELATIVE {
	UCHAR Revision;
	UCHAR Sbz1;
	SECURITY_DESCRIPTOR_CONTROL Control;
	ULONG Owner;
	ULONG Group;
	ULONG Sacl;
	ULONG Dacl;
} SECURITY_DESCRIPTOR_RELATIVE, *PISECURITY_DESCRIPTOR_RELATIVE;

#define OWNER_SECURITY_INFORMATION	0x00000001U
#define GROUP_SECURITY_INFORMATION	0x00000002U
#define DACL_SECURITY_INFORMATION	0x00000004U
#define SACL_SECURITY_INFORMATION	0x00000008U
#define LABEL_SECURITY_INFORMATION	0x00000010U

NTSTATUS RtlCreateAcl(PACL acl, ULONG length, ULONG revision);
BOOLEAN RtlValidAcl(PACL acl);
NTSTATUS RtlAddAce(PACL acl, ULONG revision, ULONG index, PVOID list, ULONG length);
NTSTATUS RtlGetAce(PACL acl, ULONG index, PVOID *ace);
NTSTATUS RtlDeleteAce(PACL acl, ULONG index);
NTSTATUS RtlAddAccessAllowedAce(PACL acl, ULONG revision, ACCESS_MASK access, PSID sid);
NTSTATUS RtlAddAccessAllowedAceEx(PACL acl, ULONG revision, ULONG flags,
				  ACCESS_MASK access, PSID sid);
NTSTATUS RtlAddAccessDeniedAce(PACL acl, ULONG revision, ACCESS_MASK access, PSID sid);

NTSTATUS RtlCreateSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, ULONG revision);
BOOLEAN RtlValidSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor);
ULONG RtlLengthSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor);
NTSTATUS RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID owner,
				       BOOLEAN defaulted);
NTSTATUS RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID *owner,
				       PBOOLEAN defaulted);
NTSTATUS RtlSetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID group,
				       BOOLEAN defaulted);
NTSTATUS RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID *group,
				       PBOOLEAN defaulted);
NTSTATUS RtlSetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, BOOLEAN present,
				      PACL dacl, BOOLEAN defaulted);
NTSTATUS RtlGetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PBOOLEAN present,
				      PACL *dacl, PBOOLEAN defaulted);

NTSTATUS RtlSetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, BOOLEAN present,
				      PACL sacl, BOOLEAN defaulted);
NTSTATUS RtlGetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PBOOLEAN present,
				      PACL *sacl, PBOOLEAN defaulted);

NTSTATUS RtlCreateSecurityDescriptorRelative(PISECURITY_DESCRIPTOR_RELATIVE descriptor,
					     ULONG revision);
BOOLEAN RtlValidRelativeSecurityDescriptor(PSECURITY_DESCRIPTOR input, ULONG length,
					   SECURITY_INFORMATION required);
NTSTATUS RtlAbsoluteToSelfRelativeSD(PSECURITY_DESCRIPTOR absolute,
				     PSECURITY_DESCRIPTOR relative, PULONG length);
NTSTATUS RtlSelfRelativeToAbsoluteSD(PSECURITY_DESCRIPTOR relative,
				     PSECURITY_DESCRIPTOR absolute, PULONG absolute_length,
				     PACL dacl, PULONG dacl_length,
				     PACL sacl, PULONG sacl_length,
				     PSID owner, PULONG owner_length,
				     PSID group, PULONG group_length);

VOID RtlMapGenericMask(PACCESS_MASK access, PGENERIC_MAPPING mapping);

#endif /* _LINUX_NT_DESCRIPTOR_H */
