// SPDX-License-Identifier: GPL-2.0-only
/* Lists of supplementary groups: where they lie, how long, in which order. */
#include "harness.h"
#include <sys/mman.h>

#include "device.h"
#include "identity.h"

#define LEVEL		NTIMP_LEVEL_IMPERSONATION
#define GROUPS_MOST	65536

FIXTURE(capture_groups)
{
	int dev;
	/* Room for one more than the most; what lies behind is not accessible. */
	gid_t *groups;
	gid_t *end;
	size_t size;
	size_t page;
};

FIXTURE_SETUP(capture_groups)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->page = sysconf(_SC_PAGESIZE);
	self->size = GROUPS_MOST * sizeof(gid_t) + self->page;
	self->groups = mmap(NULL, self->size + self->page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->groups);
	self->end = self->groups + self->size / sizeof(gid_t);
	ASSERT_EQ(0, mprotect(self->end, self->page, PROT_NONE));
}

FIXTURE_TEARDOWN(capture_groups)
{
	munmap(self->groups, self->size + self->page);
	close(self->dev);
}

static int capture(const FIXTURE_DATA(capture_groups) *self, size_t ngroups, const gid_t *groups)
{
	return capture_ids(self->dev, 1000, 1000, ngroups, groups, LEVEL);
}

/* As many as the client has: all of them, in the kernel's order. */
static int query(int ctx, size_t room, gid_t *groups, __u32 *ngroups)
{
	struct ntimp_info info = {
		.size = sizeof(info),
		.groups = (uintptr_t)groups,
		.ngroups = room,
	};
	int err = context_query(ctx, &info);

	*ngroups = info.ngroups;
	return err;
}

TEST_F(capture_groups, none)
{
	EXPECT_TRUE(context_is_of(capture(self, 0, NULL), 1000, 1000));
}

TEST_F(capture_groups, none_with_an_address)
{
	EXPECT_EQ(-EINVAL, capture(self, 0, self->groups));
	EXPECT_EQ(-EINVAL, capture(self, 0, self->end));
}

TEST_F(capture_groups, no_address)
{
	EXPECT_EQ(-EFAULT, capture(self, 1, NULL));
	EXPECT_EQ(-EFAULT, capture(self, GROUPS_MOST, NULL));
}

TEST_F(capture_groups, not_accessible)
{
	EXPECT_EQ(-EFAULT, capture(self, 1, self->end));
	EXPECT_EQ(-EFAULT, capture(self, 1, (gid_t *)((char *)self->end - 1)));
	EXPECT_EQ(-EFAULT, capture(self, 1, (gid_t *)-4L));
	EXPECT_EQ(-EFAULT, capture(self, 2, self->end - 1));
	EXPECT_EQ(-EFAULT, capture(self, GROUPS_MOST, self->end - GROUPS_MOST + 1));
	EXPECT_LE(0, capture(self, 1, self->end - 1));
}

TEST_F(capture_groups, at_most_65536)
{
	EXPECT_EQ(-EINVAL, capture(self, GROUPS_MOST + 1, self->groups));
	EXPECT_EQ(-EINVAL, capture(self, GROUPS_MOST + 1, self->end));
	EXPECT_EQ(-EINVAL, capture(self, 0x80000000, self->groups));
	EXPECT_EQ(-EINVAL, capture(self, 0xffffffff, self->groups));
}

TEST_F(capture_groups, one)
{
	gid_t group = 2000;
	struct identity client;

	ASSERT_EQ(0, context_identity(capture(self, 1, &group), &client));
	EXPECT_TRUE(identity_is(&client, 1000, 1000, 1, &group));
}

TEST_F(capture_groups, any_order_and_duplicates)
{
	const gid_t given[] = { 7, 0xfffffffe, 3, 3, 1000, 0, 7 };
	const gid_t kept[] = { 0, 3, 3, 7, 7, 1000, 0xfffffffe };
	struct identity client;

	ASSERT_EQ(0, context_identity(capture(self, ARRAY_SIZE(given), given), &client));
	EXPECT_TRUE(identity_is(&client, 1000, 1000, ARRAY_SIZE(kept), kept));
}

/* Not only in the answer to a query: the kernel looks groups up by bisection. */
TEST_F(capture_groups, any_order_is_worn_sorted)
{
	const gid_t given[] = { 7, 3, 1000, 0 }, kept[] = { 0, 3, 7, 1000 };
	struct identity worn;

	ASSERT_EQ(0, context_impersonate(capture(self, ARRAY_SIZE(given), given)));
	ASSERT_EQ(0, identity_subjective(&worn));
	EXPECT_TRUE(identity_is(&worn, 1000, 1000, ARRAY_SIZE(kept), kept));
	EXPECT_EQ(0, device_revert(self->dev));
}

TEST_F(capture_groups, an_invalid_one_anywhere)
{
	const size_t at[] = { 0, 1, 99 };

	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		for (gid_t group = 0; group < 100; group++)
			self->groups[group] = group;
		self->groups[at[i]] = (gid_t)-1;
		EXPECT_EQ(-EINVAL, capture(self, 100, self->groups));
	}
	self->groups[GROUPS_MOST - 1] = (gid_t)-1;
	EXPECT_EQ(-EINVAL, capture(self, GROUPS_MOST, self->groups));
}

TEST_F(capture_groups, as_many_as_there_can_be)
{
	__u32 ngroups = 0;
	int ctx;

	/* 40503 is odd: each of 65536 numbers once, in no order. */
	for (gid_t i = 0; i < GROUPS_MOST; i++)
		self->groups[i] = 100000 + (i * 40503 & (GROUPS_MOST - 1));
	ctx = capture(self, GROUPS_MOST, self->groups);
	ASSERT_LE(0, ctx);

	memset(self->groups, 0xaa, self->size);
	EXPECT_EQ(-ERANGE, query(ctx, GROUPS_MOST - 1, self->groups, &ngroups));
	EXPECT_EQ(GROUPS_MOST, ngroups);
	ASSERT_EQ(0, query(ctx, GROUPS_MOST, self->groups, &ngroups));
	EXPECT_EQ(GROUPS_MOST, ngroups);
	for (gid_t i = 0; i < GROUPS_MOST; i++) {
		ASSERT_EQ(100000 + i, self->groups[i])
			TH_LOG("group %u", i);
	}
	EXPECT_EQ(0xaaaaaaaa, self->groups[GROUPS_MOST]);

	ASSERT_EQ(0, context_impersonate(ctx));
	EXPECT_EQ(GROUPS_MOST, getgroups(GROUPS_MOST, self->groups));
	EXPECT_EQ(100000, self->groups[0]);
	EXPECT_EQ(100000 + GROUPS_MOST - 1, self->groups[GROUPS_MOST - 1]);
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, getgroups(0, NULL));
}

TEST_HARNESS_MAIN
