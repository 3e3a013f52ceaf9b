// SPDX-License-Identifier: GPL-2.0-only
/* What NT asks before it writes audit records: none are written here. */
#include <linux/export.h>

#include <linux/ntifs.h>

/**
 * SeAuditingFileEvents - is access to a file audited?
 * @granted: whether it is granted
 * @descriptor: the object's security descriptor
 *
 * Context: any.
 * Return: FALSE.
 */
BOOLEAN SeAuditingFileEvents(BOOLEAN granted, PSECURITY_DESCRIPTOR descriptor)
{
	return FALSE;
}
EXPORT_SYMBOL_GPL(SeAuditingFileEvents);

/**
 * SeAuditingFileOrGlobalEvents - is access to a file, or any object, audited?
 * @granted: whether it is granted
 * @descriptor: the object's security descriptor
 * @subject_context: whose it is
 *
 * Context: any.
 * Return: FALSE.
 */
BOOLEAN SeAuditingFileOrGlobalEvents(BOOLEAN granted, PSECURITY_DESCRIPTOR descriptor,
				     PSECURITY_SUBJECT_CONTEXT subject_context)
{
	return FALSE;
}
EXPORT_SYMBOL_GPL(SeAuditingFileOrGlobalEvents);

/**
 * SeAuditingFileEventsWithContext - is access to a file audited?
 * @granted: whether it is granted
 * @descriptor: the object's security descriptor
 * @subject_context: whose it is
 *
 * Context: any.
 * Return: FALSE.
 */
BOOLEAN SeAuditingFileEventsWithContext(BOOLEAN granted, PSECURITY_DESCRIPTOR descriptor,
					PSECURITY_SUBJECT_CONTEXT subject_context)
{
	return FALSE;
}
EXPORT_SYMBOL_GPL(SeAuditingFileEventsWithContext);

/**
 * SeAuditingHardLinkEvents - is access to a hard link audited?
 * @granted: whether it is granted
 * @descriptor: the object's security descriptor
 *
 * Context: any.
 * Return: FALSE.
 */
BOOLEAN SeAuditingHardLinkEvents(BOOLEAN granted, PSECURITY_DESCRIPTOR descriptor)
{
	return FALSE;
}
EXPORT_SYMBOL_GPL(SeAuditingHardLinkEvents);

/**
 * SeAuditingHardLinkEventsWithContext - is access to a hard link audited?
 * @granted: whether it is granted
 * @descriptor: the object's security descriptor
 * @subject_context: whose it is
 *
 * Context: any.
 * Return: FALSE.
 */
BOOLEAN SeAuditingHardLinkEventsWithContext(BOOLEAN granted, PSECURITY_DESCRIPTOR descriptor,
					    PSECURITY_SUBJECT_CONTEXT subject_context)
{
	return FALSE;
}
EXPORT_SYMBOL_GPL(SeAuditingHardLinkEventsWithContext);
