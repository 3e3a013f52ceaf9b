/* SPDX-License-Identifier: GPL-2.0-only */
/* From Linux's terms to NT's and back: what NT itself has no routines for. */
#ifndef _LINUX_NT_LINUX_H
#define _LINUX_NT_LINUX_H

#include <linux/nt/descriptor.h>
#include <linux/nt/ntdef.h>
#include <linux/nt/security.h>
#include <linux/nt/security.h>
#include <linux/nt/sid.h>
#include <linux/uidgid.h>

struct path;

/* Users and groups, as Samba has them: S-1-22-1-UID and S-1-22-2-GID */
#define NTIMP_UNIX_AUTHORITY		{ 0, 0, 0, 0, 0, 22 }
#define NTIMP_UNIX_USERS_RID		1U
#define NTIMP_UNIX_GROUPS_RID		2U
#define NTIMP_UNIX_SID_LENGTH		16U /* bytes of each such SID */

NTSTATUS NtimpStatusFromErrno(int err);
int NtimpErrnoFromStatus(NTSTATUS status);

NTSTATUS NtimpSidFromUid(kuid_t uid, ULONG length, PSID sid);
NTSTATUS NtimpSidFromGid(kgid_t gid, ULONG length, PSID sid);
BOOLEAN NtimpUidFromSid(PSID sid, kuid_t *uid);
BOOLEAN NtimpGidFromSid(PSID sid, kgid_t *gid);

struct socket;

NTSTATUS __must_check NtimpReferencePeerToken(struct socket *sock,
					      PSECURITY_QUALITY_OF_SERVICE qos,
					      PACCESS_TOKEN *token);

NTSTATUS NtimpSeAccessCheckPath(PSECURITY_SUBJECT_CONTEXT subject_context,
				const struct path *path, ACCESS_MASK desired,
				PACCESS_MASK granted);

#endif /* _LINUX_NT_LINUX_H */
