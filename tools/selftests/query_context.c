// SPDX-License-Identifier: GPL-2.0-only
/* NTIMP_CTX_QUERY: input, room for groups, and every member that comes back. */
#include "harness.h"
#include <sys/mman.h>
#include <sys/stat.h>

#include "child.h"
#include "device.h"
#include "identity.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

static const gid_t client_groups[] = { 10, 20, 30 };

#define NGROUPS	ARRAY_SIZE(client_groups)

FIXTURE(query_context)
{
	int dev;
	int ctx;
};

FIXTURE_SETUP(query_context)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, 1001, 1002, NGROUPS, client_groups, LEVEL);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(query_context)
{
	close(self->ctx);
	close(self->dev);
}

static ino_t user_ns_inode(void)
{
	struct stat st;

	return stat("/proc/self/ns/user", &st) ? 0 : st.st_ino;
}

TEST_F(query_context, every_member)
{
	const uint64_t caps = CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_CHECKPOINT_RESTORE);
	struct ntimp_info info = { .size = sizeof(info) };
	int first = capture_ids_caps(self->dev, 1001, 1002, caps, NTIMP_LEVEL_DELEGATION);
	int second = capture_ids_caps(self->dev, 1001, 1002, caps, NTIMP_LEVEL_DELEGATION);

	ASSERT_EQ(0, context_query(first, &info));
	EXPECT_EQ(sizeof(info), info.size);
	EXPECT_EQ(0, info.flags);
	EXPECT_EQ(0, info.tid);
	EXPECT_EQ(NTIMP_SOURCE_IDS, info.source);
	EXPECT_LT(0, info.id);
	EXPECT_EQ(NTIMP_LEVEL_DELEGATION, info.qos.level);
	EXPECT_EQ(NTIMP_TRACKING_STATIC, info.qos.tracking);
	EXPECT_EQ(0, info.qos.effective_only);
	EXPECT_EQ(0, info.qos.flags);
	EXPECT_EQ(1001, info.uid);
	EXPECT_EQ(1002, info.gid);
	EXPECT_EQ(1001, info.euid);
	EXPECT_EQ(1002, info.egid);
	EXPECT_EQ(1001, info.suid);
	EXPECT_EQ(1002, info.sgid);
	EXPECT_EQ(1001, info.fsuid);
	EXPECT_EQ(1002, info.fsgid);
	EXPECT_EQ(0, info.groups);
	EXPECT_EQ(0, info.ngroups);
	EXPECT_EQ(user_ns_inode(), info.user_ns);
	EXPECT_EQ(caps, info.cap_permitted);
	EXPECT_EQ(caps, info.cap_effective);
	EXPECT_EQ(0, info.uses);

	/* Numbers are given in order, and never twice. */
	EXPECT_LT(info.id, context_id(second));
	ASSERT_EQ(0, close(second));
	EXPECT_LT(info.id + 1, context_id(capture_anonymous(self->dev)));
}

TEST_F(query_context, input_flags)
{
	for (int bit = 0; bit < 32; bit++) {
		struct ntimp_info info = { .size = sizeof(info), .flags = 1U << bit };

		EXPECT_EQ(-EINVAL, context_query(self->ctx, &info))
			TH_LOG("bit %d", bit);
		info.tid = 0;
		EXPECT_EQ(-EINVAL, device_query_thread(self->dev, &info))
			TH_LOG("bit %d", bit);
	}
}

TEST_F(query_context, tid_is_not_for_contexts)
{
	const int tids[] = { 1, -1, getpid(), INT32_MIN, INT32_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(tids); i++) {
		struct ntimp_info info = { .size = sizeof(info), .tid = tids[i] };

		EXPECT_EQ(-EINVAL, context_query(self->ctx, &info));
	}
}

/* Members which are not input may hold what they like. */
TEST_F(query_context, rubbish_in_output)
{
	struct ntimp_info info;

	memset(&info, 0xff, sizeof(info));
	info.size = sizeof(info);
	info.flags = 0;
	info.tid = 0;
	info.groups = 0;
	info.ngroups = 0;
	ASSERT_EQ(0, context_query(self->ctx, &info));
	EXPECT_EQ(1001, info.uid);
	EXPECT_EQ(NGROUPS, info.ngroups);
}

static int query_groups(int ctx, uint64_t groups, __u32 room, __u32 *ngroups)
{
	struct ntimp_info info = {
		.size = sizeof(info),
		.groups = groups,
		.ngroups = room,
	};
	int err = context_query(ctx, &info);

	*ngroups = info.ngroups;
	return err;
}

TEST_F(query_context, groups_are_counted)
{
	__u32 ngroups;

	EXPECT_EQ(0, query_groups(self->ctx, 0, 0, &ngroups));
	EXPECT_EQ(NGROUPS, ngroups);
}

TEST_F(query_context, room_and_address_go_together)
{
	gid_t groups[NGROUPS];
	__u32 ngroups;

	EXPECT_EQ(-EINVAL, query_groups(self->ctx, 0, 1, &ngroups));
	EXPECT_EQ(-EINVAL, query_groups(self->ctx, 0, UINT32_MAX, &ngroups));
	EXPECT_EQ(-EINVAL, query_groups(self->ctx, (uintptr_t)groups, 0, &ngroups));
}

TEST_F(query_context, too_little_room)
{
	for (__u32 room = 1; room < NGROUPS; room++) {
		gid_t groups[NGROUPS] = { 77, 77, 77 };
		__u32 ngroups = 0;

		EXPECT_EQ(-ERANGE, query_groups(self->ctx, (uintptr_t)groups, room, &ngroups));
		EXPECT_EQ(NGROUPS, ngroups);
		for (size_t i = room; i < NGROUPS; i++) {
			EXPECT_EQ(77, groups[i])
				TH_LOG("group %zu", i);
		}
	}
}

TEST_F(query_context, room_enough)
{
	for (__u32 room = NGROUPS; room < NGROUPS + 3; room++) {
		gid_t groups[NGROUPS + 3] = { 77, 77, 77, 77, 77, 77 };
		__u32 ngroups = 0;

		EXPECT_EQ(0, query_groups(self->ctx, (uintptr_t)groups, room, &ngroups));
		EXPECT_EQ(NGROUPS, ngroups);
		EXPECT_EQ(0, memcmp(client_groups, groups, sizeof(client_groups)));
		EXPECT_EQ(77, groups[NGROUPS]);
	}
}

TEST_F(query_context, room_that_is_not_accessible)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	__u32 ngroups;

	ASSERT_NE(MAP_FAILED, pages);
	ASSERT_EQ(0, mprotect(pages + page, page, PROT_READ));
	EXPECT_EQ(-EFAULT, query_groups(self->ctx, 1, NGROUPS, &ngroups));
	EXPECT_EQ(-EFAULT, query_groups(self->ctx, UINT64_MAX - 3, NGROUPS, &ngroups));
	EXPECT_EQ(-EFAULT, query_groups(self->ctx, (uintptr_t)(pages + page), NGROUPS, &ngroups));
	EXPECT_EQ(-EFAULT, query_groups(self->ctx, (uintptr_t)(pages + page - 4), NGROUPS,
					&ngroups));
	/* Room that is not needed need not be there. */
	EXPECT_EQ(0, query_groups(self->ctx, (uintptr_t)(pages + page) - sizeof(client_groups),
				  NGROUPS + 100, &ngroups));
	EXPECT_EQ(NGROUPS, ngroups);
}

TEST_F(query_context, client_without_groups)
{
	int ctx = capture_ids(self->dev, 1001, 1001, 0, NULL, LEVEL);
	gid_t group = 77;
	__u32 ngroups = 1;

	EXPECT_EQ(0, query_groups(ctx, (uintptr_t)&group, 1, &ngroups));
	EXPECT_EQ(0, ngroups);
	EXPECT_EQ(77, group);
}

/* From level Identification on everybody who has the context is told. */
TEST_F(query_context, each_level)
{
	for (__u32 level = NTIMP_LEVEL_ANONYMOUS; level <= NTIMP_LEVEL_DELEGATION; level++) {
		gid_t groups[NGROUPS] = { 77, 77, 77 };
		struct ntimp_info info = {
			.size = sizeof(info),
			.groups = (uintptr_t)groups,
			.ngroups = NGROUPS,
		};
		bool told = level > NTIMP_LEVEL_ANONYMOUS;
		int ctx = capture_ids(self->dev, 1001, 1002, NGROUPS, client_groups, level);

		ASSERT_EQ(0, context_query(ctx, &info));
		EXPECT_EQ(level, info.qos.level);
		EXPECT_EQ(told ? 1001 : 65534, info.uid);
		EXPECT_EQ(told ? 1001 : 65534, info.euid);
		EXPECT_EQ(told ? 1001 : 65534, info.suid);
		EXPECT_EQ(told ? 1001 : 65534, info.fsuid);
		EXPECT_EQ(told ? 1002 : 65534, info.gid);
		EXPECT_EQ(told ? 1002 : 65534, info.egid);
		EXPECT_EQ(told ? 1002 : 65534, info.sgid);
		EXPECT_EQ(told ? 1002 : 65534, info.fsgid);
		EXPECT_EQ(told ? NGROUPS : 0, info.ngroups);
		EXPECT_EQ(told ? 10 : 77, groups[0]);
	}
}

TEST_F(query_context, anonymous_tells_no_capabilities)
{
	int ctx = capture_self(self->dev, NTIMP_LEVEL_ANONYMOUS);

	EXPECT_TRUE(context_is_of(ctx, 65534, 65534));
}

static int query_it(void *ctx)
{
	return context_is_of(*(int *)ctx, 1001, 1001);
}

TEST_F(query_context, by_somebody_without_rights)
{
	struct persona user = PERSONA_USER(1003);
	int ctx = capture_ids(self->dev, 1001, 1001, 0, NULL, NTIMP_LEVEL_IDENTIFICATION);

	EXPECT_EQ(1, child_run(&user, query_it, &ctx));
}

TEST_HARNESS_MAIN
