// SPDX-License-Identifier: GPL-2.0-only
/*
 * Access checks on NT's security descriptors.
 *
 * A list says of each right what the first of its entries says that is about the
 * right and about the holder.  So all rights that a holder has can be told in one
 * pass over the list, and a check is a look at whether those asked for are among
 * them.  For a restricted token there are two passes, and both have to agree.
 */
#include <kunit/visibility.h>
#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/kernel.h>

#include <linux/ntifs.h>

#include "access.h"
#include "acl.h"
#include "descriptor.h"
#include "filter.h"
#include "holder.h"
#include "privilege.h"
#include "token.h"

#define POOL_TAG	0x72506553	/* "SePr" */

#define GENERIC_RIGHTS	(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL)

/* These no list grants. */
#define NOT_LISTED	(ACCESS_SYSTEM_SECURITY | MAXIMUM_ALLOWED | GENERIC_RIGHTS)

/* What the owner has, unless the list says what owners have. */
#define OWNERS_RIGHTS	(READ_CONTROL | WRITE_DAC)

static const SID owner_rights = {
	SID_REVISION, 1, { SECURITY_CREATOR_SID_AUTHORITY },
	{ SECURITY_CREATOR_OWNER_RIGHTS_RID },
};

static ACCESS_MASK mask_mapped(ACCESS_MASK mask, const GENERIC_MAPPING *mapping)
{
	ACCESS_MASK mapped = mask & ~GENERIC_RIGHTS;

	if (mask & GENERIC_READ)
		mapped |= mapping->GenericRead;
	if (mask & GENERIC_WRITE)
		mapped |= mapping->GenericWrite;
	if (mask & GENERIC_EXECUTE)
		mapped |= mapping->GenericExecute;
	if (mask & GENERIC_ALL)
		mapped |= mapping->GenericAll;
	return mapped;
}

/**
 * RtlMapGenericMask - replace generic rights by what they are
 * @access: the rights; changed
 * @mapping: what the generic ones are for some kind of object
 *
 * Context: any.
 */
VOID RtlMapGenericMask(PACCESS_MASK access, PGENERIC_MAPPING mapping)
{
	*access = mask_mapped(*access, mapping);
}
EXPORT_SYMBOL_GPL(RtlMapGenericMask);

/* Is an entry for this SID about the holder? */
typedef bool (*about_t)(const struct nt_holder *holder, const SID *sid,
			enum nt_ace_kind kind);

static bool about_holder(const struct nt_holder *holder, const SID *sid,
			 enum nt_ace_kind kind)
{
	enum nt_membership membership = nt_holder_membership(holder, sid);

	return kind == NT_ACE_DENIES ? membership != NT_NOT_A_MEMBER :
				       membership == NT_MEMBER;
}

static bool about_restriction(const struct nt_holder *holder, const SID *sid,
			      enum nt_ace_kind kind)
{
	return nt_filter_restricts_to(holder->filter, sid);
}

static bool is_inherited_only(const ACE_HEADER *ace)
{
	return ace->AceFlags & INHERIT_ONLY_ACE;
}

static bool is_owner_rights(const struct nt_ace *ace)
{
	return ace->kind != NT_ACE_OTHER && nt_sid_equal(ace->sid, &owner_rights);
}

static bool states_owner_rights(const ACL *dacl)
{
	const ACE_HEADER *header = nt_acl_first(dacl);
	struct nt_ace ace;
	ULONG i;

	for (i = 0; i < dacl->AceCount; i++, header = nt_ace_next(header))
		if (nt_ace_parse(header, &ace) && !is_inherited_only(header) &&
		    is_owner_rights(&ace))
			return true;
	return false;
}

/* All rights that a list grants; without a list, all there are. */
static ACCESS_MASK dacl_grants(const struct nt_holder *holder,
			       const struct nt_access *access, about_t about)
{
	const SID *owner = nt_descriptor_part(access->descriptor, NT_PART_OWNER);
	const ACL *dacl = nt_descriptor_part(access->descriptor, NT_PART_DACL);
	ACCESS_MASK granted = 0, denied = 0;
	const ACE_HEADER *header;
	struct nt_ace ace;
	ULONG i;

	if (!dacl)
		return ~NOT_LISTED;
	if (owner && about(holder, owner, NT_ACE_ALLOWS) && !states_owner_rights(dacl))
		granted = OWNERS_RIGHTS;

	header = nt_acl_first(dacl);
	for (i = 0; i < dacl->AceCount; i++, header = nt_ace_next(header)) {
		const SID *sid;

		if (!nt_ace_parse(header, &ace) || is_inherited_only(header) ||
		    ace.kind == NT_ACE_OTHER)
			continue;
		sid = is_owner_rights(&ace) ? owner : ace.sid;
		if (!sid || !about(holder, sid, ace.kind))
			continue;
		ace.mask = mask_mapped(ace.mask, access->mapping) & ~NOT_LISTED;
		if (ace.kind == NT_ACE_DENIES)
			denied |= ace.mask & ~granted;
		else
			granted |= ace.mask & ~denied;
	}
	return granted;
}

/* On which rights the restricting SIDs have to agree: what doesn't only read writes. */
static ACCESS_MASK rights_restricted(const struct nt_filter *filter,
				     const GENERIC_MAPPING *mapping)
{
	if (!filter || !filter->restricted)
		return 0;
	if (filter->flags & WRITE_RESTRICTED)
		return ~(mapping->GenericRead | mapping->GenericExecute);
	return ~0U;
}

static ACCESS_MASK rights_of(const struct nt_holder *holder, const struct nt_access *access)
{
	ACCESS_MASK restricted = rights_restricted(holder->filter, access->mapping);
	ACCESS_MASK rights = dacl_grants(holder, access, about_holder);

	if (restricted)
		rights &= dacl_grants(holder, access, about_restriction) | ~restricted;
	return rights;
}

/* What is granted without a look at the list, by privileges that are noted as used. */
static NTSTATUS rights_by_privilege(const struct nt_holder *holder, ACCESS_MASK desired,
				    ACCESS_MASK *granted, u64 *used)
{
	u64 enabled = nt_privileges_enabled(holder);

	*granted = 0;
	*used = 0;
	if (desired & ACCESS_SYSTEM_SECURITY) {
		if (!(enabled & NT_PRIVILEGE_BIT(SE_SECURITY_PRIVILEGE)))
			return STATUS_PRIVILEGE_NOT_HELD;
		*granted |= ACCESS_SYSTEM_SECURITY;
		*used |= NT_PRIVILEGE_BIT(SE_SECURITY_PRIVILEGE);
	}
	if (desired & WRITE_OWNER &&
	    enabled & NT_PRIVILEGE_BIT(SE_TAKE_OWNERSHIP_PRIVILEGE)) {
		*granted |= WRITE_OWNER;
		*used |= NT_PRIVILEGE_BIT(SE_TAKE_OWNERSHIP_PRIVILEGE);
	}
	return STATUS_SUCCESS;
}

/* Without a list everything is granted, and all there is to an object is GenericAll. */
static ACCESS_MASK maximum_of(const struct nt_access *access, ACCESS_MASK rights)
{
	if (nt_descriptor_part(access->descriptor, NT_PART_DACL))
		return rights;
	return rights & access->mapping->GenericAll;
}

/**
 * nt_access_check - may a holder do something to an object?
 * @holder: the holder
 * @access: what, and to which object
 * @granted: set to the rights granted, those granted before included; to 0 on
 *	failure
 * @used: set to the privileges that were needed
 *
 * In this order: privileges grant ACCESS_SYSTEM_SECURITY, and without them nothing
 * is; they grant WRITE_OWNER.  The owner has READ_CONTROL and WRITE_DAC unless
 * there is an entry for owners' rights.  Then the list counts: no list allows
 * everything, an empty one nothing.  With MAXIMUM_ALLOWED all rights are granted
 * that are left after that, if those asked for by name are among them.
 *
 * Context: any.
 * Return: STATUS_SUCCESS; STATUS_ACCESS_DENIED: also if nothing was asked for, and
 * nothing granted before; STATUS_PRIVILEGE_NOT_HELD: SeSecurityPrivilege;
 * STATUS_INVALID_SECURITY_DESCR: the descriptor is malformed.
 */
NTSTATUS nt_access_check(const struct nt_holder *holder, const struct nt_access *access,
			 ACCESS_MASK *granted, u64 *used)
{
	ACCESS_MASK desired = mask_mapped(access->desired, access->mapping);
	ACCESS_MASK given = mask_mapped(access->previous, access->mapping);
	ACCESS_MASK by_privilege, rights, named;
	NTSTATUS status;

	*granted = 0;
	*used = 0;
	if (!nt_descriptor_valid(access->descriptor))
		return STATUS_INVALID_SECURITY_DESCR;
	status = rights_by_privilege(holder, desired, &by_privilege, used);
	if (status)
		return status;

	named = desired & ~MAXIMUM_ALLOWED;
	given |= named;
	named &= ~by_privilege;
	if (named || desired & MAXIMUM_ALLOWED) {
		rights = rights_of(holder, access);
		if (named & ~rights)
			return STATUS_ACCESS_DENIED;
		if (desired & MAXIMUM_ALLOWED)
			given |= maximum_of(access, rights);
	}
	if (!given)
		return STATUS_ACCESS_DENIED;
	*granted = given;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_IF_KUNIT(nt_access_check);

/* The kernel itself may do anything. */
static NTSTATUS kernel_check(const struct nt_access *access, ACCESS_MASK *granted)
{
	*granted = access->previous | (access->desired & ~MAXIMUM_ALLOWED);
	if (access->desired & MAXIMUM_ALLOWED)
		*granted |= access->mapping->GenericAll;
	return STATUS_SUCCESS;
}

static NTSTATUS subject_check(PSECURITY_SUBJECT_CONTEXT subject_context,
			      const struct nt_access *access, ACCESS_MASK *granted, u64 *used)
{
	struct nt_holder holder;
	NTSTATUS status;

	if (!access->descriptor)
		return STATUS_ACCESS_DENIED;
	if (subject_context->ClientToken &&
	    subject_context->ImpersonationLevel < SecurityImpersonation)
		return STATUS_BAD_IMPERSONATION_LEVEL;

	holder = nt_holder_of(nt_token_from(SeQuerySubjectContextToken(subject_context)));
	status = nt_access_check(&holder, access, granted, used);
	nt_holder_end(&holder);
	return status;
}

static NTSTATUS privileges_tell(u64 used, PPRIVILEGE_SET *privileges)
{
	LUID_AND_ATTRIBUTES *privilege;
	PPRIVILEGE_SET set;
	int i;

	*privileges = NULL;
	if (!used)
		return STATUS_SUCCESS;
	set = ExAllocatePoolWithTag(PagedPool, offsetof(PRIVILEGE_SET, Privilege) +
				    hweight64(used) * sizeof(*privilege), POOL_TAG);
	if (!set)
		return STATUS_INSUFFICIENT_RESOURCES;

	set->PrivilegeCount = hweight64(used);
	set->Control = 0;
	privilege = set->Privilege;
	for (i = 0; i < NT_PRIVILEGES_MAX; i++)
		if (used & NT_PRIVILEGE_BIT(i))
			*privilege++ = (LUID_AND_ATTRIBUTES) {
				.Luid = { .LowPart = i },
				.Attributes = SE_PRIVILEGE_USED_FOR_ACCESS,
			};
	*privileges = set;
	return STATUS_SUCCESS;
}

/**
 * SeAccessCheck - may a subject do something to an object?
 * @descriptor: the object's security descriptor, of either form; NULL: it may not
 * @subject_context: the subject
 * @subject_context_locked: whether the caller has locked it; of no consequence,
 *	since what is looked at is a snapshot
 * @desired: rights that are asked for; generic ones are mapped
 * @previously_granted: rights that were granted before
 * @privileges: set to those that were needed, for SeFreePrivileges(); to NULL, if
 *	none were, and on failure; or NULL
 * @mapping: what generic rights are for this kind of object
 * @mode: on whose behalf: to KernelMode everything is granted
 * @granted: set to the rights granted; to 0 on failure
 * @status: set to what came of it
 *
 * Mandatory labels are not looked at, and conditions in entries are taken to be
 * false where they would grant, and true where they would deny.  Nobody may change
 * the descriptor meanwhile: one from user space has to be copied first, and be
 * looked at with RtlValidRelativeSecurityDescriptor().
 *
 * Context: process context, may sleep.
 * Return: whether all that was asked for is granted; if not, @status says why:
 * STATUS_BAD_IMPERSONATION_LEVEL: the subject is a client that is impersonated
 * below level Impersonation; STATUS_INSUFFICIENT_RESOURCES: no memory for
 * @privileges; or an error of nt_access_check().
 */
BOOLEAN SeAccessCheck(PSECURITY_DESCRIPTOR descriptor,
		      PSECURITY_SUBJECT_CONTEXT subject_context,
		      BOOLEAN subject_context_locked, ACCESS_MASK desired,
		      ACCESS_MASK previously_granted, PPRIVILEGE_SET *privileges,
		      PGENERIC_MAPPING mapping, KPROCESSOR_MODE mode,
		      PACCESS_MASK granted, PNTSTATUS status)
{
	const struct nt_access access = {
		.descriptor	= descriptor,
		.desired	= desired,
		.previous	= previously_granted,
		.mapping	= mapping,
	};
	ACCESS_MASK rights = 0;
	u64 used = 0;

	if (mode == KernelMode)
		*status = kernel_check(&access, &rights);
	else
		*status = subject_check(subject_context, &access, &rights, &used);

	if (privileges) {
		NTSTATUS told = privileges_tell(*status ? 0 : used, privileges);

		if (!*status)
			*status = told;
	}
	*granted = *status ? 0 : rights;
	return !*status;
}
EXPORT_SYMBOL_GPL(SeAccessCheck);

/**
 * SeFreePrivileges - free what SeAccessCheck() has told of privileges
 * @privileges: that
 *
 * Context: process context.
 */
VOID SeFreePrivileges(PPRIVILEGE_SET privileges)
{
	ExFreePoolWithTag(privileges, POOL_TAG);
}
EXPORT_SYMBOL_GPL(SeFreePrivileges);
