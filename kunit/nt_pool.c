// SPDX-License-Identifier: GPL-2.0-only
/* Pool: what NT promises about memory, and what is refused. */
#include <kunit/test.h>
#include <linux/cache.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/ntifs.h>

#include "rows.h"
#include "suites.h"

#define TAG	'tseT'

struct type_row {
	const char *name;
	POOL_TYPE type;
	size_t alignment;
};

static const struct type_row type_rows[] = {
	{ "non-paged", NonPagedPool, 16 },
	{ "paged", PagedPool, 16 },
	{ "must succeed", NonPagedPoolMustSucceed, 16 },
	{ "non-paged, aligned", NonPagedPoolCacheAligned, SMP_CACHE_BYTES },
	{ "paged, aligned", PagedPoolCacheAligned, SMP_CACHE_BYTES },
	{ "must succeed, aligned", NonPagedPoolCacheAlignedMustS, SMP_CACHE_BYTES },
	{ "not executable", NonPagedPoolNx, 16 },
	{ "not executable, aligned", NonPagedPoolNxCacheAligned, SMP_CACHE_BYTES },
	{ "cold", PagedPool | POOL_COLD_ALLOCATION, 16 },
};

ROWS(type);

static const size_t sizes[] = {
	0, 1, 8, 16, 17, 63, 64, 65, 72, 96, 97, 129, 192, 193, 1000, 2049,
	PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, SZ_8K, SZ_8K + 1, SZ_64K,
};

static void expect_block(struct kunit *test, void *block, size_t size, size_t alignment)
{
	unsigned long at = (unsigned long)block;

	KUNIT_ASSERT_NOT_NULL_MSG(test, block, "%zu bytes", size);
	if (size >= PAGE_SIZE)
		alignment = PAGE_SIZE;
	KUNIT_EXPECT_TRUE_MSG(test, IS_ALIGNED(at, alignment), "%zu bytes", size);
	if (size && size <= PAGE_SIZE)
		KUNIT_EXPECT_EQ_MSG(test, at >> PAGE_SHIFT, (at + size - 1) >> PAGE_SHIFT,
				    "%zu bytes", size);
	KUNIT_EXPECT_NULL_MSG(test, memchr_inv(block, 0, size), "%zu bytes", size);
	/* So that what is not zeroed the next time is seen. */
	memset(block, 0xa5, size);
}

/* Several of each size: one alone may lie well by chance. */
static void is_aligned_and_zeroed(struct kunit *test)
{
	const struct type_row *row = test->param_value;
	void *blocks[8];
	int i, n;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (n = 0; n < ARRAY_SIZE(blocks); n++) {
			blocks[n] = ExAllocatePoolWithTag(row->type, sizes[i], TAG);
			expect_block(test, blocks[n], sizes[i], row->alignment);
		}
		for (n = 0; n < ARRAY_SIZE(blocks); n++) {
			if (n % 2)
				ExFreePoolWithTag(blocks[n], TAG);
			else
				ExFreePool(blocks[n]);
		}
	}
}

static void without_tag(struct kunit *test)
{
	void *block = ExAllocatePool(PagedPool, 40);

	expect_block(test, block, 40, 16);
	ExFreePool(block);
}

struct flags_row {
	const char *name;
	POOL_FLAGS flags;
	ULONG tag;
	size_t alignment;	/* 0: refused */
};

static const struct flags_row flags_rows[] = {
	{ "paged", POOL_FLAG_PAGED, TAG, 16 },
	{ "non-paged", POOL_FLAG_NON_PAGED, TAG, 16 },
	{ "uninitialized", POOL_FLAG_PAGED | POOL_FLAG_UNINITIALIZED, TAG, 16 },
	{ "quota", POOL_FLAG_PAGED | POOL_FLAG_USE_QUOTA, TAG, 16 },
	{ "aligned", POOL_FLAG_NON_PAGED | POOL_FLAG_CACHE_ALIGNED, TAG, SMP_CACHE_BYTES },
	{ "unknown but optional", POOL_FLAG_PAGED | BIT_ULL(40), TAG, 16 },
	{ "none", 0, TAG, 0 },
	{ "both", POOL_FLAG_PAGED | POOL_FLAG_NON_PAGED, TAG, 0 },
	{ "unknown", POOL_FLAG_PAGED | 0x200, TAG, 0 },
	{ "executable", POOL_FLAG_NON_PAGED_EXECUTE, TAG, 0 },
	{ "of a session", POOL_FLAG_PAGED | POOL_FLAG_SESSION, TAG, 0 },
	{ "raise", POOL_FLAG_PAGED | POOL_FLAG_RAISE_ON_FAILURE, TAG, 0 },
	{ "without tag", POOL_FLAG_PAGED, 0, 0 },
};

ROWS(flags);

static void flags_are_checked(struct kunit *test)
{
	const struct flags_row *row = test->param_value;
	void *block = ExAllocatePool2(row->flags, 100, row->tag);

	if (row->alignment) {
		expect_block(test, block, 100, row->alignment);
		ExFreePool(block);
	} else {
		KUNIT_EXPECT_NULL(test, block);
	}
}

/* There are no exceptions: who relies on one gets nothing, and at once. */
static void does_not_raise(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, ExAllocatePoolWithTag(PagedPool | POOL_RAISE_IF_ALLOCATION_FAILURE,
						      16, TAG));
}

static void too_much_is_refused(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, ExAllocatePoolWithTag(NonPagedPool, SZ_1G, TAG));
	KUNIT_EXPECT_NULL(test, ExAllocatePoolWithTag(PagedPool, SIZE_MAX / 2, TAG));
	KUNIT_EXPECT_NULL(test, ExAllocatePoolWithTag(PagedPool, SIZE_MAX, TAG));
	KUNIT_EXPECT_NULL(test, ExAllocatePool2(POOL_FLAG_NON_PAGED, SIZE_MAX, TAG));
}

static void out_of_memory(struct kunit *test)
{
#ifdef CONFIG_FAULT_INJECTION
	void *block;

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		kunit_skip(test, "needs CONFIG_FAILSLAB");
	current->fail_nth = 1;
	block = ExAllocatePoolWithTag(PagedPool, 64, TAG);
	KUNIT_EXPECT_EQ(test, 0, current->fail_nth);
	KUNIT_EXPECT_NULL(test, block);

	current->fail_nth = 1;
	block = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, TAG);
	KUNIT_EXPECT_EQ(test, 0, current->fail_nth);
	KUNIT_EXPECT_NULL(test, block);
#else
	kunit_skip(test, "needs CONFIG_FAULT_INJECTION");
#endif
}

/* NT stops the machine. */
static void freeing_nothing_does_nothing(struct kunit *test)
{
	ExFreePool(NULL);
	ExFreePoolWithTag(NULL, TAG);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(is_aligned_and_zeroed, type_gen_params),
	KUNIT_CASE(without_tag),
	KUNIT_CASE_PARAM(flags_are_checked, flags_gen_params),
	KUNIT_CASE(does_not_raise),
	KUNIT_CASE(too_much_is_refused),
	KUNIT_CASE(out_of_memory),
	KUNIT_CASE(freeing_nothing_does_nothing),
	{}
};

struct kunit_suite ntimp_nt_pool_suite = {
	.name = "nt_pool",
	.test_cases = cases,
};
