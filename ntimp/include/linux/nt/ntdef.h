/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NT's base types, of the sizes that they have on 64-bit Windows: LONG is 32
 * bits wide, a pointer 64.  A CHAR has the sign that the kernel's char has.  A
 * WCHAR is 16 bits wide, and so are the kernel's L"" literals.
 */
#ifndef _LINUX_NT_NTDEF_H
#define _LINUX_NT_NTDEF_H

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

#ifdef __KERNEL__
#ifndef CONFIG_64BIT
#error "NT's layouts are those of 64-bit Windows"
#endif
#endif

/* Decorations of a declaration that say nothing to a compiler. */
#define IN
#define OUT
#define OPTIONAL
#define UNALIGNED
#define NTAPI
#define FASTCALL
#define NTSYSAPI
#define NTKERNELAPI
#define DECLSPEC_IMPORT
#define FORCEINLINE	static inline

#ifndef CONST
#define CONST		const
#endif
#ifndef VOID
#define VOID		void
#endif
#ifndef TRUE
#define TRUE		1
#endif
#ifndef FALSE
#define FALSE		0
#endif

/*
 * An array of one at the end of a struct stands for any number there.  Compilers
 * that know better than NT's authors need to be told.
 */
#define ANYSIZE_ARRAY	1
#if __has_attribute(strict_flex_array)
#define NTIMP_ANYSIZE	__attribute__((strict_flex_array(0)))
#else
#define NTIMP_ANYSIZE
#endif

typedef char CHAR, *PCHAR, *PSTR, *PSZ;
typedef const char *PCSTR, *PCSZ;
typedef signed char SCHAR, *PSCHAR;
typedef u8 UCHAR, *PUCHAR;
typedef s16 SHORT, CSHORT, *PSHORT;
typedef u16 USHORT, *PUSHORT;
typedef int INT;
typedef unsigned int UINT;
typedef s32 LONG, *PLONG;
typedef u32 ULONG, *PULONG;
typedef u32 DWORD, *PDWORD;
typedef s64 LONGLONG, *PLONGLONG;
typedef u64 ULONGLONG, *PULONGLONG;
typedef s64 LONG64, *PLONG64;
typedef u64 ULONG64, *PULONG64;
typedef s32 INT32;
typedef u32 UINT32;
typedef s64 INT64;
typedef u64 UINT64;
typedef s64 LONG_PTR, *PLONG_PTR;
typedef u64 ULONG_PTR, *PULONG_PTR;
typedef u64 SIZE_T, *PSIZE_T;
typedef u16 WCHAR, *PWCHAR, *PWSTR;
typedef const u16 *PCWSTR;
typedef unsigned char BOOLEAN, *PBOOLEAN;
typedef void *PVOID;
typedef PVOID HANDLE, *PHANDLE;
typedef LONG NTSTATUS, *PNTSTATUS;
typedef LONG KPRIORITY;
typedef UCHAR KIRQL, *PKIRQL;
typedef CHAR KPROCESSOR_MODE;

#define NT_SUCCESS(status)	((NTSTATUS)(status) >= 0)
#define NT_INFORMATION(status)	((ULONG)(status) >> 30 == 1)
#define NT_WARNING(status)	((ULONG)(status) >> 30 == 2)
#define NT_ERROR(status)	((ULONG)(status) >> 30 == 3)

/* On whose behalf a routine is called. */
typedef enum _MODE {
	KernelMode,
	UserMode,
	MaximumMode
} MODE;

#define PASSIVE_LEVEL		0
#define APC_LEVEL		1
#define DISPATCH_LEVEL		2

/**
 * union _LARGE_INTEGER - 64 bits with a sign
 * @LowPart: the lower half
 * @HighPart: the upper half
 * @u: both halves
 * @QuadPart: all of it
 */
typedef union _LARGE_INTEGER {
	struct {
		ULONG LowPart;
		LONG HighPart;
	};
	struct {
		ULONG LowPart;
		LONG HighPart;
	} u;
	LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

/**
 * union _ULARGE_INTEGER - 64 bits without a sign
 * @LowPart: the lower half
 * @HighPart: the upper half
 * @u: both halves
 * @QuadPart: all of it
 */
typedef union _ULARGE_INTEGER {
	struct {
		ULONG LowPart;
		ULONG HighPart;
	};
	struct {
		ULONG LowPart;
		ULONG HighPart;
	} u;
	ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

/**
 * struct _LUID - a number that is given away once until the next boot
 * @LowPart: its lower half
 * @HighPart: its upper half
 */
typedef struct _LUID {
	ULONG LowPart;
	LONG HighPart;
} LUID, *PLUID;

/**
 * struct _UNICODE_STRING - a string that may lack the zero at its end
 * @Length: how many bytes it has
 * @MaximumLength: how many @Buffer has room for
 * @Buffer: its characters, UTF-16
 */
typedef struct _UNICODE_STRING {
	USHORT Length;
	USHORT MaximumLength;
	PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

/**
 * struct _LIST_ENTRY - a place in a list, or its head
 * @Flink: the next one
 * @Blink: the one before
 */
typedef struct _LIST_ENTRY {
	struct _LIST_ENTRY *Flink;
	struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

/**
 * struct _GUID - a number that nobody else uses
 * @Data1: its first 4 bytes
 * @Data2: the next 2
 * @Data3: the next 2
 * @Data4: the last 8
 */
typedef struct _GUID {
	ULONG Data1;
	USHORT Data2;
	USHORT Data3;
	UCHAR Data4[8];
} GUID;

/**
 * struct _CLIENT_ID - ids of a thread
 * @UniqueProcess: its process id, of the initial namespace
 * @UniqueThread: its thread id, likewise
 */
typedef struct _CLIENT_ID {
	HANDLE UniqueProcess;
	HANDLE UniqueThread;
} CLIENT_ID, *PCLIENT_ID;

/**
 * struct _OBJECT_ATTRIBUTES - what a new handle shall be of
 * @Length: sizeof(struct)
 * @RootDirectory: not used here
 * @ObjectName: not used here
 * @Attributes: OBJ_*
 * @SecurityDescriptor: not used here
 * @SecurityQualityOfService: PSECURITY_QUALITY_OF_SERVICE, of a duplicated token
 */
typedef struct _OBJECT_ATTRIBUTES {
	ULONG Length;
	HANDLE RootDirectory;
	PUNICODE_STRING ObjectName;
	ULONG Attributes;
	PVOID SecurityDescriptor;
	PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;

#define OBJ_INHERIT			0x00000002
#define OBJ_PERMANENT			0x00000010
#define OBJ_EXCLUSIVE			0x00000020
#define OBJ_CASE_INSENSITIVE		0x00000040
#define OBJ_OPENIF			0x00000080
#define OBJ_OPENLINK			0x00000100
#define OBJ_KERNEL_HANDLE		0x00000200
#define OBJ_FORCE_ACCESS_CHECK		0x00000400

#define InitializeObjectAttributes(_attributes, _name, _flags, _root, _descriptor)	\
do {											\
	POBJECT_ATTRIBUTES _to = (_attributes);						\
	_to->Length = sizeof(OBJECT_ATTRIBUTES);					\
	_to->RootDirectory = (_root);							\
	_to->ObjectName = (_name);							\
	_to->Attributes = (_flags);							\
	_to->SecurityDescriptor = (_descriptor);					\
	_to->SecurityQualityOfService = NULL;						\
} while (0)

#define UNREFERENCED_PARAMETER(p)	((void)(p))
#define ARGUMENT_PRESENT(p)		((PVOID)(p) != NULL)
#define FIELD_OFFSET(type, field)	((LONG)offsetof(type, field))
#define CONTAINING_RECORD(address, type, field)	container_of(address, type, field)

/* A routine that may sleep. */
#define PAGED_CODE()			might_sleep()

#ifndef ASSERT
#define ASSERT(condition)		((void)WARN_ON_ONCE(!(condition)))
#endif
#define NT_ASSERT(condition)		ASSERT(condition)

#define RtlZeroMemory(to, length)	memset((to), 0, (length))
#define RtlFillMemory(to, length, fill)	memset((to), (fill), (length))
#define RtlCopyMemory(to, from, length)	memcpy((to), (from), (length))
#define RtlMoveMemory(to, from, length)	memmove((to), (from), (length))
#define RtlEqualMemory(a, b, length)	(!memcmp((a), (b), (length)))
#define RtlSecureZeroMemory(to, length)	memzero_explicit((to), (length))

/**
 * RtlConvertLongToLuid - make a LUID
 * @value: of it
 *
 * Context: any.
 * Return: the LUID.
 */
static inline LUID RtlConvertLongToLuid(LONG value)
{
	return (LUID){ .LowPart = value, .HighPart = value >> 31 };
}

/**
 * RtlConvertUlongToLuid - make the LUID of a privilege
 * @value: SE_*_PRIVILEGE
 *
 * Context: any.
 * Return: the LUID.
 */
static inline LUID RtlConvertUlongToLuid(ULONG value)
{
	return (LUID){ .LowPart = value };
}

/**
 * RtlEqualLuid - whether two LUIDs are the same
 * @a: one
 * @b: the other one
 *
 * Context: any.
 * Return: TRUE or FALSE.
 */
static inline BOOLEAN RtlEqualLuid(const LUID *a, const LUID *b)
{
	return a->LowPart == b->LowPart && a->HighPart == b->HighPart;
}

/**
 * RtlIsZeroLuid - whether a LUID is none
 * @luid: the LUID
 *
 * Context: any.
 * Return: TRUE or FALSE.
 */
static inline BOOLEAN RtlIsZeroLuid(const LUID *luid)
{
	return !luid->LowPart && !luid->HighPart;
}

/**
 * RtlCopyLuid - copy a LUID
 * @to: where to
 * @from: what
 *
 * Context: any.
 */
static inline VOID RtlCopyLuid(PLUID to, PLUID from)
{
	*to = *from;
}

#endif /* _LINUX_NT_NTDEF_H */
