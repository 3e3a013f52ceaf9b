// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pool: memory as drivers of NT ask for it.
 *
 * What NT promises about alignment holds: a page for blocks of a page or more,
 * 16 bytes for smaller ones, which do not cross a page.  The slab's caches whose
 * objects are a power of two give that, and those of 96 and 192 bytes do not.
 *
 * All memory is zeroed: NT leaves in it what was there before, which then goes
 * to user space with what a driver forgot to fill in.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/cache.h>
#include <linux/export.h>
#include <linux/instruction_pointer.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/ntifs.h>

#define POOL_ALIGNMENT	16

/* Nothing is paged out here: the kinds differ in whether the caller may sleep. */
static void *pool_allocate(size_t size, size_t alignment, bool may_sleep)
{
	if (size < PAGE_SIZE)
		size = roundup_pow_of_two(max(size, alignment));
	if (may_sleep)
		return kvzalloc(size, GFP_KERNEL | __GFP_NOWARN);
	return kzalloc(size, GFP_ATOMIC | __GFP_NOWARN);
}

/* Bits of a POOL_TYPE: numbers 4 to 6 are those of 0 to 2, aligned. */
#define TYPE_PAGED		BIT(0)
#define TYPE_CACHE_ALIGNED	BIT(2)

/**
 * ExAllocatePoolWithTag - allocate memory
 * @type: enum _POOL_TYPE: a paged one if the caller may sleep
 * @length: how many; for none a block of the least size comes
 * @tag: not used
 *
 * Context: process context, may sleep, for paged types; any otherwise.
 * Return: the memory, zeroed, for ExFreePool(); NULL: there is none; or @type
 * has POOL_RAISE_IF_ALLOCATION_FAILURE, as there are no exceptions to raise.
 */
PVOID ExAllocatePoolWithTag(POOL_TYPE type, SIZE_T length, ULONG tag)
{
	size_t alignment = type & TYPE_CACHE_ALIGNED ?
			   max(POOL_ALIGNMENT, SMP_CACHE_BYTES) : POOL_ALIGNMENT;

	if (type & POOL_RAISE_IF_ALLOCATION_FAILURE)
		return NULL;
	return pool_allocate(length, alignment, type & TYPE_PAGED);
}
EXPORT_SYMBOL_GPL(ExAllocatePoolWithTag);

/**
 * ExAllocatePool - allocate memory
 * @type: as for ExAllocatePoolWithTag()
 * @length: how many
 *
 * Context: as ExAllocatePoolWithTag().
 * Return: as ExAllocatePoolWithTag().
 */
PVOID ExAllocatePool(POOL_TYPE type, SIZE_T length)
{
	return ExAllocatePoolWithTag(type, length, 0);
}
EXPORT_SYMBOL_GPL(ExAllocatePool);

/* Without these a request can be met; those above 32 bits are optional. */
#define FLAGS_KINDS	(POOL_FLAG_NON_PAGED | POOL_FLAG_PAGED)
#define FLAGS_KNOWN	(FLAGS_KINDS | POOL_FLAG_USE_QUOTA | \
			 POOL_FLAG_UNINITIALIZED | POOL_FLAG_CACHE_ALIGNED)

/**
 * ExAllocatePool2 - allocate memory
 * @flags: POOL_FLAG_*: one of _NON_PAGED and _PAGED, the latter if the caller may
 *	sleep; _CACHE_ALIGNED; _UNINITIALIZED and _USE_QUOTA, which do nothing
 * @length: how many; for none a block of the least size comes
 * @tag: not 0, and not used
 *
 * Context: process context, may sleep, for POOL_FLAG_PAGED; any otherwise.
 * Return: the memory, zeroed, for ExFreePool(); NULL: there is none; @tag is 0; or
 * @flags are none or both kinds, unknown below bit 32, or say something that
 * there isn't: exceptions, executable or session memory.
 */
PVOID ExAllocatePool2(POOL_FLAGS flags, SIZE_T length, ULONG tag)
{
	u32 required = lower_32_bits(flags);
	size_t alignment = required & POOL_FLAG_CACHE_ALIGNED ?
			   max(POOL_ALIGNMENT, SMP_CACHE_BYTES) : POOL_ALIGNMENT;

	if (!tag || required & ~FLAGS_KNOWN ||
	    hweight32(required & FLAGS_KINDS) != 1)
		return NULL;
	return pool_allocate(length, alignment, required & POOL_FLAG_PAGED);
}
EXPORT_SYMBOL_GPL(ExAllocatePool2);

static void pool_free(void *block, unsigned long caller)
{
	if (unlikely(!block))
		pr_err_ratelimited("%pS frees NULL, on which NT stops the machine (0xC2)\n",
				   (void *)caller);
	kvfree(block);
}

/**
 * ExFreePool - free memory
 * @memory: from an allocating routine, or filled by one that says so.  NULL: nothing
 *	is freed, and the log names the caller.
 *
 * Context: as the routine that allocated it.
 */
VOID ExFreePool(PVOID memory)
{
	pool_free(memory, _RET_IP_);
}
EXPORT_SYMBOL_GPL(ExFreePool);

/**
 * ExFreePoolWithTag - free memory
 * @memory: as for ExFreePool()
 * @tag: not used: NT stops the machine if it isn't that of the allocation
 *
 * Context: as the routine that allocated it.
 */
VOID ExFreePoolWithTag(PVOID memory, ULONG tag)
{
	pool_free(memory, _RET_IP_);
}
EXPORT_SYMBOL_GPL(ExFreePoolWithTag);
