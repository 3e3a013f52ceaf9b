// SPDX-License-Identifier: GPL-2.0-only
/* What a request for a file operation may hold; its size: see abi_struct.c. */
#include "harness.h"
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>

#include "broker.h"
#include "device.h"
#include "scratch.h"

FIXTURE(broker_abi)
{
	int dev;
	int ctx;
	struct scratch scratch;
	struct ntimp_call good;
};

FIXTURE_VARIANT(broker_abi)
{
	struct ntimp_call call;
	/* Flags that are known, and fields that are not used. */
	__u64 how;
	__u64 mode;
	bool uses_path2;
	bool uses_resolve;
};

#define PATH	((uintptr_t)"file")

FIXTURE_VARIANT_ADD(broker_abi, open)
{
	.call = { .op = NTIMP_OP_OPEN, .path = PATH },
	.how = ~0ULL,
	.mode = 0,
	.uses_resolve = true,
};

FIXTURE_VARIANT_ADD(broker_abi, access)
{
	.call = { .op = NTIMP_OP_ACCESS, .path = PATH },
	.how = AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH,
	.mode = R_OK | W_OK | X_OK,
};

FIXTURE_VARIANT_ADD(broker_abi, mkdir)
{
	.call = { .op = NTIMP_OP_MKDIR, .path = PATH },
	.mode = 07777,
};

FIXTURE_VARIANT_ADD(broker_abi, unlink)
{
	.call = { .op = NTIMP_OP_UNLINK, .path = PATH },
	.how = AT_REMOVEDIR,
};

FIXTURE_VARIANT_ADD(broker_abi, rename)
{
	.call = { .op = NTIMP_OP_RENAME, .path = PATH, .path2 = (uintptr_t)"file2" },
	.how = RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT,
	.uses_path2 = true,
};

FIXTURE_VARIANT_ADD(broker_abi, chmod)
{
	.call = { .op = NTIMP_OP_CHMOD, .path = PATH },
	.mode = 07777,
};

FIXTURE_SETUP(broker_abi)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_self(self->dev, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	self->good = variant->call;
	self->good.dirfd = self->scratch.fd;
}

FIXTURE_TEARDOWN(broker_abi)
{
	scratch_close(&self->scratch);
	close(self->ctx);
	close(self->dev);
}

TEST_F(broker_abi, good)
{
	const int expected = self->good.op == NTIMP_OP_MKDIR ? 0 : -ENOENT;

	EXPECT_EQ(expected, broker_call(self->ctx, self->good));
}

TEST_F(broker_abi, unknown_operations)
{
	const __u32 ops[] = { 0, NTIMP_OP_CHMOD + 1, 0x80000000, ~0U };
	struct ntimp_call call = self->good;

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		call.op = ops[i];
		EXPECT_EQ(-EINVAL, broker_call(self->ctx, call)) TH_LOG("%u", ops[i]);
	}
}

TEST_F(broker_abi, unknown_flags)
{
	for (int bit = 1; bit < 32; bit++) {
		struct ntimp_call call = self->good;

		call.flags = 1U << bit;
		EXPECT_EQ(-EINVAL, broker_call(self->ctx, call)) TH_LOG("bit %d", bit);
	}
}

TEST_F(broker_abi, unknown_bits)
{
	for (int bit = 0; bit < 64; bit++) {
		struct ntimp_call call = self->good;

		call.how |= 1ULL << bit;
		if (!(variant->how & 1ULL << bit)) {
			EXPECT_EQ(-EINVAL, broker_call(self->ctx, call))
				TH_LOG("how %d", bit);
		}
		call = self->good;
		call.mode |= 1ULL << bit;
		if (!(variant->mode & 1ULL << bit)) {
			EXPECT_EQ(-EINVAL, broker_call(self->ctx, call))
				TH_LOG("mode %d", bit);
		}
	}
}

TEST_F(broker_abi, unused_fields)
{
	struct ntimp_call call = self->good;

	if (!variant->uses_path2) {
		call.path2 = PATH;
		EXPECT_EQ(-EINVAL, broker_call(self->ctx, call));
	}
	call = self->good;
	if (!variant->uses_resolve) {
		call.resolve = RESOLVE_BENEATH;
		EXPECT_EQ(-EINVAL, broker_call(self->ctx, call));
	}
}

TEST_F(broker_abi, bad_addresses)
{
	const __u64 bad[] = { 0, 1, ~0ULL, 1ULL << 63, 1ULL << 47 };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct ntimp_call call = self->good;

		call.path = bad[i];
		EXPECT_EQ(-EFAULT, broker_call(self->ctx, call)) TH_LOG("%zu", i);
		call = self->good;
		call.path2 = bad[i];
		if (variant->uses_path2) {
			EXPECT_EQ(-EFAULT, broker_call(self->ctx, call))
				TH_LOG("%zu", i);
		}
	}
}

TEST_F(broker_abi, paths_at_the_edge_of_memory)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	struct ntimp_call call = self->good;
	char *pages;

	pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, pages);
	ASSERT_EQ(0, mprotect(pages + page, page, PROT_NONE));
	call.path = (uintptr_t)strcpy(pages + page - 5, "none");
	EXPECT_EQ(call.op == NTIMP_OP_MKDIR ? 0 : -ENOENT, broker_call(self->ctx, call));
	memset(pages + page - 5, 'x', 5);
	EXPECT_EQ(-EFAULT, broker_call(self->ctx, call));
	munmap(pages, 2 * page);
}

TEST_F(broker_abi, names)
{
	struct ntimp_call call = self->good;
	char name[PATH_MAX + 1];

	call.path = (uintptr_t)"";
	EXPECT_EQ(-ENOENT, broker_call(self->ctx, call));
	memset(name, 'x', sizeof(name));
	name[PATH_MAX] = '\0';
	call.path = (uintptr_t)name;
	EXPECT_EQ(-ENAMETOOLONG, broker_call(self->ctx, call));
	name[NAME_MAX + 1] = '\0';
	EXPECT_EQ(-ENAMETOOLONG, broker_call(self->ctx, call));
}

TEST_F(broker_abi, loops)
{
	struct ntimp_call call = self->good;

	ASSERT_EQ(0, symlinkat("loop", self->scratch.fd, "loop"));
	call.path = (uintptr_t)"loop/file";
	EXPECT_EQ(-ELOOP, broker_call(self->ctx, call));
}

TEST_F(broker_abi, bad_directories)
{
	struct ntimp_call call = self->good;

	call.dirfd = -1;
	EXPECT_EQ(-EBADF, broker_call(self->ctx, call));
	call.dirfd = 12345;
	EXPECT_EQ(-EBADF, broker_call(self->ctx, call));
	call.dirfd = self->dev;
	EXPECT_EQ(-ENOTDIR, broker_call(self->ctx, call));
	/* Not looked at. */
	call.dirfd = -1;
	call.path = (uintptr_t)"/none/file";
	EXPECT_EQ(-ENOENT, broker_call(self->ctx, call));
}

/* Each once more by a worker: what is wrong is found before there is one, or by it. */
TEST_F(broker_abi, by_a_worker)
{
	struct ntimp_call call = self->good;
	const int expected = call.op == NTIMP_OP_MKDIR ? 0 : -ENOENT;

	call.flags = NTIMP_CALL_WORKER;
	EXPECT_EQ(expected, broker_call(self->ctx, call));
	call.dirfd = -1;
	EXPECT_EQ(-EBADF, broker_call(self->ctx, call));
	call.dirfd = self->dev;
	EXPECT_EQ(-ENOTDIR, broker_call(self->ctx, call));
	call.path = 0;
	EXPECT_EQ(-EFAULT, broker_call(self->ctx, call));
}

TEST_HARNESS_MAIN
