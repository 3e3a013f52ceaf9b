// SPDX-License-Identifier: GPL-2.0-only
/*
 * The size and the memory of every struct that an ioctl takes: too short, too
 * long, not there, and what of it comes back.
 */
#include "harness.h"
#include <sys/mman.h>

#include "device.h"

#define BEHIND	16	/* bytes after the struct that are looked at */
#define LARGEST	128	/* room for each of the structs */

FIXTURE(abi_struct)
{
	int dev;
	int ctx;
	size_t page;
	/* Two accessible pages, the next one is not. */
	char *pages;
};

FIXTURE_VARIANT(abi_struct)
{
	unsigned long request;
	__u32 size;
	/* Of its first version, if it has grown. */
	__u32 first_size;
	bool on_context;
	bool comes_back;
	/* Bytes, besides the size, which are input and have to be set. */
	__u32 input_from;
	__u32 input_to;
};

FIXTURE_VARIANT_ADD(abi_struct, version)
{
	.request = NTIMP_VERSION,
	.size = sizeof(struct ntimp_version),
	.comes_back = true,
};

FIXTURE_VARIANT_ADD(abi_struct, capture)
{
	.request = NTIMP_CAPTURE,
	.size = sizeof(struct ntimp_capture),
	.input_from = offsetof(struct ntimp_capture, source),
	.input_to = sizeof(struct ntimp_capture),
};

FIXTURE_VARIANT_ADD(abi_struct, query_thread)
{
	.request = NTIMP_QUERY_THREAD,
	.size = sizeof(struct ntimp_info),
	.first_size = offsetof(struct ntimp_info, lifetime),
	.comes_back = true,
	.input_from = offsetof(struct ntimp_info, flags),
	.input_to = offsetof(struct ntimp_info, source),
};

FIXTURE_VARIANT_ADD(abi_struct, query_context)
{
	.request = NTIMP_CTX_QUERY,
	.size = sizeof(struct ntimp_info),
	.first_size = offsetof(struct ntimp_info, lifetime),
	.on_context = true,
	.comes_back = true,
	.input_from = offsetof(struct ntimp_info, flags),
	.input_to = offsetof(struct ntimp_info, source),
};

FIXTURE_VARIANT_ADD(abi_struct, expire)
{
	.request = NTIMP_CTX_EXPIRE,
	.size = sizeof(struct ntimp_expire),
	.on_context = true,
	.input_from = offsetof(struct ntimp_expire, flags),
	.input_to = sizeof(struct ntimp_expire),
};

FIXTURE_VARIANT_ADD(abi_struct, wearers)
{
	.request = NTIMP_CTX_WEARERS,
	.size = sizeof(struct ntimp_wearers),
	.on_context = true,
	.comes_back = true,
	.input_from = offsetof(struct ntimp_wearers, flags),
	.input_to = sizeof(struct ntimp_wearers),
};

FIXTURE_VARIANT_ADD(abi_struct, revert_thread)
{
	.request = NTIMP_REVERT_THREAD,
	.size = sizeof(struct ntimp_thread),
	.input_from = offsetof(struct ntimp_thread, flags),
	.input_to = sizeof(struct ntimp_thread),
};

FIXTURE_VARIANT_ADD(abi_struct, impersonate_thread)
{
	.request = NTIMP_CTX_IMPERSONATE_THREAD,
	.size = sizeof(struct ntimp_thread),
	.on_context = true,
	.input_from = offsetof(struct ntimp_thread, flags),
	.input_to = sizeof(struct ntimp_thread),
};

FIXTURE_VARIANT_ADD(abi_struct, call)
{
	.request = NTIMP_CTX_CALL,
	.size = sizeof(struct ntimp_call),
	.on_context = true,
	.input_from = offsetof(struct ntimp_call, op),
	.input_to = sizeof(struct ntimp_call),
};

FIXTURE_VARIANT_ADD(abi_struct, explain)
{
	.request = NTIMP_CTX_EXPLAIN,
	.size = sizeof(struct ntimp_explain),
	.on_context = true,
	.comes_back = true,
	.input_from = offsetof(struct ntimp_explain, flags),
	.input_to = sizeof(struct ntimp_explain),
};

FIXTURE_SETUP(abi_struct)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_self(self->dev, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
	/* So that there is something to tell about the thread. */
	ASSERT_EQ(0, context_impersonate(self->ctx));

	self->page = sysconf(_SC_PAGESIZE);
	self->pages = mmap(NULL, 3 * self->page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->pages);
	ASSERT_EQ(0, mprotect(self->pages + 2 * self->page, self->page, PROT_NONE));
}

FIXTURE_TEARDOWN(abi_struct)
{
	EXPECT_EQ(0, device_revert(self->dev));
	munmap(self->pages, 3 * self->page);
	close(self->ctx);
	close(self->dev);
}

static int call_at(const FIXTURE_DATA(abi_struct) *self,
		   const FIXTURE_VARIANT(abi_struct) *variant, const void *at)
{
	return device_ioctl(variant->on_context ? self->ctx : self->dev,
			    variant->request, (uintptr_t)at);
}

/* Where a struct begins of which only the first bytes are accessible. */
static char *at_edge(const FIXTURE_DATA(abi_struct) *self, size_t bytes)
{
	return self->pages + 2 * self->page - bytes;
}

static void set_size(void *at, __u32 size)
{
	memcpy(at, &size, sizeof(size));
}

static __u32 get_size(const void *at)
{
	__u32 size;

	memcpy(&size, at, sizeof(size));
	return size;
}

/* A struct with which the call succeeds; what is not input is @filler. */
static void prepare(const FIXTURE_VARIANT(abi_struct) *variant, void *at, int filler)
{
	const struct ntimp_capture capture = {
		.source = NTIMP_SOURCE_SELF,
		.qos.level = NTIMP_LEVEL_IMPERSONATION,
	};
	const struct ntimp_thread thread = { .tid = thread_id() };
	const struct ntimp_call call = {
		.op = NTIMP_OP_ACCESS,
		.path = (uintptr_t)"/",
	};
	struct ntimp_info *info;

	memset(at, filler, variant->size);
	memset((char *)at + variant->input_from, 0, variant->input_to - variant->input_from);
	if (variant->request == NTIMP_CAPTURE) {
		memcpy(at, &capture, sizeof(capture));
	} else if (variant->size == sizeof(thread) && variant->request != NTIMP_CTX_EXPIRE) {
		memcpy(at, &thread, sizeof(thread));
	} else if (variant->request == NTIMP_CTX_CALL) {
		memcpy(at, &call, sizeof(call));
	} else if (variant->size == sizeof(*info)) {
		info = at;
		info->groups = 0;
		info->ngroups = 0;
	}
	set_size(at, variant->size);
}

static int call_with_size(const FIXTURE_DATA(abi_struct) *self,
			  const FIXTURE_VARIANT(abi_struct) *variant, __u32 size)
{
	memset(self->pages, 0, 2 * self->page);
	prepare(variant, self->pages, 0);
	set_size(self->pages, size);
	return call_at(self, variant, self->pages);
}

TEST_F(abi_struct, exact_size)
{
	ASSERT_LE(0, call_with_size(self, variant, variant->size));
	EXPECT_EQ(variant->size, get_size(self->pages));
}

TEST_F(abi_struct, exact_size_at_the_edge_of_memory)
{
	char *at = at_edge(self, variant->size);

	prepare(variant, at, 0);
	ASSERT_LE(0, call_at(self, variant, at));
	EXPECT_EQ(variant->size, get_size(at));
}

static __u32 first_size(const FIXTURE_VARIANT(abi_struct) *variant)
{
	return variant->first_size ? variant->first_size : variant->size;
}

TEST_F(abi_struct, too_short)
{
	EXPECT_EQ(-EINVAL, call_with_size(self, variant, 0));
	EXPECT_EQ(-EINVAL, call_with_size(self, variant, 4));
	EXPECT_EQ(-EINVAL, call_with_size(self, variant, first_size(variant) - 8));
	EXPECT_EQ(-EINVAL, call_with_size(self, variant, first_size(variant) - 1));
}

/* What is not there is 0, and is not written either. */
TEST_F(abi_struct, size_of_the_first_version)
{
	__u32 size = first_size(variant);

	ASSERT_LE(0, call_with_size(self, variant, size));
	EXPECT_EQ(size, get_size(self->pages));
	for (__u32 i = size; i < variant->size; i++)
		EXPECT_EQ(0, self->pages[i]);
}

TEST_F(abi_struct, too_short_with_only_the_size_accessible)
{
	char *at = at_edge(self, sizeof(__u32));

	set_size(at, first_size(variant) - 1);
	EXPECT_EQ(-EINVAL, call_at(self, variant, at));
}

TEST_F(abi_struct, longer_with_zeros)
{
	const __u32 longer[] = { variant->size + 1, variant->size + 8, self->page };
	const char *end = self->pages + self->page;

	for (size_t i = 0; i < ARRAY_SIZE(longer); i++) {
		ASSERT_LE(0, call_with_size(self, variant, longer[i]));
		EXPECT_EQ(variant->comes_back ? variant->size : longer[i], get_size(self->pages));
		for (const char *at = self->pages + variant->size; at < end; at++)
			ASSERT_EQ(0, *at);
	}
}

TEST_F(abi_struct, longer_with_rubbish)
{
	const __u32 at[] = { variant->size, variant->size + 7, self->page - 1 };

	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		memset(self->pages, 0, 2 * self->page);
		prepare(variant, self->pages, 0);
		set_size(self->pages, at[i] + 1);
		self->pages[at[i]] = 1;
		EXPECT_EQ(-E2BIG, call_at(self, variant, self->pages))
			TH_LOG("rubbish at byte %u", at[i]);
	}
}

TEST_F(abi_struct, longer_than_a_page)
{
	EXPECT_EQ(-E2BIG, call_with_size(self, variant, self->page + 1));
	EXPECT_EQ(-E2BIG, call_with_size(self, variant, 2 * self->page));
	EXPECT_EQ(-E2BIG, call_with_size(self, variant, 0x80000000));
	EXPECT_EQ(-E2BIG, call_with_size(self, variant, 0xffffffff));
}

TEST_F(abi_struct, not_mapped)
{
	EXPECT_EQ(-EFAULT, call_at(self, variant, NULL));
	EXPECT_EQ(-EFAULT, call_at(self, variant, (void *)1));
	EXPECT_EQ(-EFAULT, call_at(self, variant, (void *)-1L));
	EXPECT_EQ(-EFAULT, call_at(self, variant, at_edge(self, 0)));
}

TEST_F(abi_struct, half_mapped)
{
	const __u32 accessible[] = { 3, 4, variant->size / 2, variant->size - 1 };
	char whole[LARGEST];

	ASSERT_GE(sizeof(whole), variant->size);
	prepare(variant, whole, 0);
	for (size_t i = 0; i < ARRAY_SIZE(accessible); i++) {
		char *at = at_edge(self, accessible[i]);

		memcpy(at, whole, accessible[i]);
		EXPECT_EQ(-EFAULT, call_at(self, variant, at))
			TH_LOG("%u bytes accessible", accessible[i]);
	}
}

TEST_F(abi_struct, longer_and_half_mapped)
{
	char *at = at_edge(self, variant->size);

	prepare(variant, at, 0);
	set_size(at, variant->size + 8);
	EXPECT_EQ(-EFAULT, call_at(self, variant, at));
}

TEST_F(abi_struct, read_only_memory)
{
	int ret;

	prepare(variant, self->pages, 0);
	ASSERT_EQ(0, mprotect(self->pages, self->page, PROT_READ));
	ret = call_at(self, variant, self->pages);
	EXPECT_EQ(variant->comes_back ? -EFAULT : 0, ret < 0 ? ret : 0);
}

/* What was there before, in the kernel or in the caller's buffer, is not seen. */
TEST_F(abi_struct, every_byte_is_written)
{
	const int filler[] = { 0xaa, 0x55 };
	char *seen[ARRAY_SIZE(filler)];

	for (size_t i = 0; i < ARRAY_SIZE(filler); i++) {
		seen[i] = self->pages + i * self->page;
		memset(seen[i], filler[i], self->page);
		prepare(variant, seen[i], filler[i]);
		ASSERT_LE(0, call_at(self, variant, seen[i]));
		for (size_t j = 0; j < BEHIND; j++)
			EXPECT_EQ((char)filler[i], seen[i][variant->size + j]);
	}
	EXPECT_EQ(0, memcmp(seen[0], seen[1], variant->size));
}

TEST_HARNESS_MAIN
