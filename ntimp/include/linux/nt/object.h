/* SPDX-License-Identifier: GPL-2.0-only */
/* References on tokens, and the few handles that there are. */
#ifndef _LINUX_NT_OBJECT_H
#define _LINUX_NT_OBJECT_H

#include <linux/nt/descriptor.h>
#include <linux/nt/ntdef.h>

typedef struct _OBJECT_TYPE *POBJECT_TYPE;

/**
 * struct _OBJECT_HANDLE_INFORMATION - what a handle was made for
 * @HandleAttributes: OBJ_*
 * @GrantedAccess: rights
 */
typedef struct _OBJECT_HANDLE_INFORMATION {
	ULONG HandleAttributes;
	ACCESS_MASK GrantedAccess;
} OBJECT_HANDLE_INFORMATION, *POBJECT_HANDLE_INFORMATION;

extern POBJECT_TYPE *PsThreadType;
extern POBJECT_TYPE *SeTokenObjectType;

LONG_PTR ObfReferenceObject(PVOID object);
LONG_PTR ObfDereferenceObject(PVOID object);

#define ObReferenceObject	ObfReferenceObject
#define ObDereferenceObject	ObfDereferenceObject

NTSTATUS __must_check
ObReferenceObjectByHandle(HANDLE handle, ACCESS_MASK desired, POBJECT_TYPE type,
			  KPROCESSOR_MODE mode, PVOID *object,
			  POBJECT_HANDLE_INFORMATION information);
NTSTATUS ZwClose(HANDLE handle);

#endif /* _LINUX_NT_OBJECT_H */
