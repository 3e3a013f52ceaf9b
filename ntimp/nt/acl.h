/* SPDX-License-Identifier: GPL-2.0-only */
/* Access lists, from whoever wrote them: nothing is believed before it was measured. */
#ifndef _NTIMP_NT_ACL_H
#define _NTIMP_NT_ACL_H

#include <linux/string.h>
#include <linux/types.h>

#include <linux/nt/descriptor.h>
#include <linux/nt/sid.h>

/**
 * enum nt_ace_kind - what an entry does in an access check
 * @NT_ACE_OTHER: nothing: it is about auditing or labels, or grants under a
 *	condition or for a kind of object that isn't asked for
 * @NT_ACE_ALLOWS: grants
 * @NT_ACE_DENIES: denies
 */
enum nt_ace_kind {
	NT_ACE_OTHER,
	NT_ACE_ALLOWS,
	NT_ACE_DENIES,
};

/**
 * struct nt_ace - an entry of an access list that was measured
 * @kind: what it does
 * @mask: which rights it is about
 * @sid: whom it is about; NULL: an entry of a type whose layout is unknown
 */
struct nt_ace {
	enum nt_ace_kind kind;
	ACCESS_MASK mask;
	const SID *sid;
};

bool nt_sid_fits(const void *sid, size_t room);
bool nt_acl_fits(const void *acl, size_t room);
bool nt_ace_parse(const ACE_HEADER *ace, struct nt_ace *parsed);
const ACE_HEADER *nt_acl_free(const ACL *acl);

/**
 * nt_ace_next - the entry behind another one
 * @ace: an entry
 *
 * Context: any.
 * Return: where the next one begins, or the room that is left.
 */
static inline const ACE_HEADER *nt_ace_next(const ACE_HEADER *ace)
{
	return (const void *)ace + ace->AceSize;
}

/**
 * nt_acl_first - the first entry of an access list
 * @acl: the list
 *
 * Context: any.
 * Return: where it begins, if there is one.
 */
static inline const ACE_HEADER *nt_acl_first(const ACL *acl)
{
	return (const void *)(acl + 1);
}

/**
 * nt_acl_room - how much room there is behind the last entry
 * @acl: the list
 * @free: from nt_acl_free()
 *
 * Context: any.
 * Return: bytes.
 */
static inline size_t nt_acl_room(const ACL *acl, const ACE_HEADER *free)
{
	return (const void *)acl + acl->AclSize - (const void *)free;
}

/**
 * nt_sid_length - the size of a valid SID
 * @sid: the SID
 *
 * Context: any.
 * Return: bytes.
 */
static inline size_t nt_sid_length(const SID *sid)
{
	return offsetof(SID, SubAuthority) +
	       sid->SubAuthorityCount * sizeof(sid->SubAuthority[0]);
}

/**
 * nt_sid_equal - are two valid SIDs the same?
 * @a: one
 * @b: the other
 *
 * Context: any.
 * Return: whether they are.
 */
static inline bool nt_sid_equal(const SID *a, const SID *b)
{
	return a->SubAuthorityCount == b->SubAuthorityCount &&
	       !memcmp(a, b, nt_sid_length(a));
}

#endif /* _NTIMP_NT_ACL_H */
