/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory.  All of it is like NT's non-paged pool: none is ever swapped out. */
#ifndef _LINUX_NT_POOL_H
#define _LINUX_NT_POOL_H

#include <linux/nt/ntdef.h>

/* 'tagN', which is how each driver writes its tags. */
#pragma GCC diagnostic ignored "-Wmultichar"

typedef enum _POOL_TYPE {
	NonPagedPool,
	NonPagedPoolExecute = NonPagedPool,
	PagedPool,
	NonPagedPoolMustSucceed,
	DontUseThisType,
	NonPagedPoolCacheAligned,
	PagedPoolCacheAligned,
	NonPagedPoolCacheAlignedMustS,
	MaxPoolType,
	NonPagedPoolNx = 512,
	NonPagedPoolNxCacheAligned = 516
} POOL_TYPE;

/* Besides a type, in ExAllocatePoolWithTag() */
#define POOL_RAISE_IF_ALLOCATION_FAILURE	16
#define POOL_COLD_ALLOCATION			256

typedef ULONG64 POOL_FLAGS;

#define POOL_FLAG_USE_QUOTA		0x0000000000000001ULL
#define POOL_FLAG_UNINITIALIZED		0x0000000000000002ULL
#define POOL_FLAG_SESSION		0x0000000000000004ULL
#define POOL_FLAG_CACHE_ALIGNED		0x0000000000000008ULL
#define POOL_FLAG_RAISE_ON_FAILURE	0x0000000000000020ULL
#define POOL_FLAG_NON_PAGED		0x0000000000000040ULL
#define POOL_FLAG_NON_PAGED_EXECUTE	0x0000000000000080ULL
#define POOL_FLAG_PAGED			0x0000000000000100ULL

PVOID __must_check ExAllocatePool(POOL_TYPE type, SIZE_T length);
PVOID __must_check ExAllocatePoolWithTag(POOL_TYPE type, SIZE_T length, ULONG tag);
PVOID __must_check ExAllocatePool2(POOL_FLAGS flags, SIZE_T length, ULONG tag);
VOID ExFreePool(PVOID memory);
VOID ExFreePoolWithTag(PVOID memory, ULONG tag);

#endif /* _LINUX_NT_POOL_H */
