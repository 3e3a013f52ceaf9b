// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handles: those of system threads, from PsCreateSystemThread().
 *
 * There is no table of handles.  A handle is the thread's address, and is one for
 * as long as it is not closed.
 */
#include <linux/export.h>

#include "systhread.h"

struct _OBJECT_TYPE {
	const char *name;
};

static struct _OBJECT_TYPE thread_type = { "Thread" };
static struct _OBJECT_TYPE token_type = { "Token" };
static POBJECT_TYPE thread_type_pointer = &thread_type;
static POBJECT_TYPE token_type_pointer = &token_type;

POBJECT_TYPE *PsThreadType = &thread_type_pointer;
EXPORT_SYMBOL_GPL(PsThreadType);
POBJECT_TYPE *SeTokenObjectType = &token_type_pointer;
EXPORT_SYMBOL_GPL(SeTokenObjectType);

/**
 * ObReferenceObjectByHandle - take a reference on what a handle means
 * @handle: from PsCreateSystemThread(), not closed
 * @desired: not used: who has the handle may do all
 * @type: *PsThreadType; NULL: whatever it is
 * @mode: not used
 * @object: filled with a PETHREAD, which ends with one ObDereferenceObject()
 * @information: filled with @desired; or NULL
 *
 * Context: process context.
 * Return: STATUS_SUCCESS; STATUS_INVALID_HANDLE: there is no such handle, or it is
 * closed; STATUS_OBJECT_TYPE_MISMATCH: it is of another type.
 */
NTSTATUS ObReferenceObjectByHandle(HANDLE handle, ACCESS_MASK desired,
				   POBJECT_TYPE type, KPROCESSOR_MODE mode,
				   PVOID *object,
				   POBJECT_HANDLE_INFORMATION information)
{
	struct nt_systhread *thread = nt_systhread_find(handle);

	if (!thread)
		return STATUS_INVALID_HANDLE;
	if (!nt_systhread_is_open(thread)) {
		nt_systhread_put(thread);
		return STATUS_INVALID_HANDLE;
	}
	if (type && type != *PsThreadType) {
		nt_systhread_put(thread);
		return STATUS_OBJECT_TYPE_MISMATCH;
	}
	*object = thread->task;
	if (information)
		*information = (OBJECT_HANDLE_INFORMATION) {
			.GrantedAccess = desired,
		};
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(ObReferenceObjectByHandle);

/**
 * ZwClose - close a handle
 * @handle: from PsCreateSystemThread(), not closed
 *
 * The thread goes on, and references on it are kept.
 *
 * Context: process context.
 * Return: STATUS_SUCCESS; STATUS_INVALID_HANDLE: there is no such handle, or it is
 * closed.
 */
NTSTATUS ZwClose(HANDLE handle)
{
	struct nt_systhread *thread = nt_systhread_find(handle);
	bool open;

	if (!thread)
		return STATUS_INVALID_HANDLE;
	open = nt_systhread_close(thread);
	nt_systhread_put(thread);
	return open ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}
EXPORT_SYMBOL_GPL(ZwClose);
