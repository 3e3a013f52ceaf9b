// SPDX-License-Identifier: GPL-2.0-only
/*
 * struct ntimp_capture: every member beyond its range, and every member that a
 * source does not use.
 */
#include "harness.h"
#include <sys/resource.h>
#include <sys/socket.h>

#include "child.h"
#include "device.h"
#include "identity.h"

enum member {
	MEMBER_FD	= 1 << 0,
	MEMBER_TID	= 1 << 1,
	MEMBER_UID	= 1 << 2,
	MEMBER_GID	= 1 << 3,
	MEMBER_GROUPS	= 1 << 4,
	MEMBER_NGROUPS	= 1 << 5,
	MEMBER_CAPS	= 1 << 6,
};

#define MEMBERS_IDS	(MEMBER_UID | MEMBER_GID | MEMBER_GROUPS | MEMBER_NGROUPS | MEMBER_CAPS)

FIXTURE(abi_capture)
{
	int dev;
	int sockets[2];
	int ctx;
	/* With which the capture succeeds. */
	struct ntimp_capture good;
};

FIXTURE_VARIANT(abi_capture)
{
	__u32 source;
	unsigned int uses;
};

FIXTURE_VARIANT_ADD(abi_capture, self) { NTIMP_SOURCE_SELF, 0 };
FIXTURE_VARIANT_ADD(abi_capture, thread) { NTIMP_SOURCE_THREAD, MEMBER_TID };
FIXTURE_VARIANT_ADD(abi_capture, peer) { NTIMP_SOURCE_PEER, MEMBER_FD };
FIXTURE_VARIANT_ADD(abi_capture, ids) { NTIMP_SOURCE_IDS, MEMBERS_IDS };
FIXTURE_VARIANT_ADD(abi_capture, anonymous) { NTIMP_SOURCE_ANONYMOUS, 0 };
FIXTURE_VARIANT_ADD(abi_capture, context) { NTIMP_SOURCE_CONTEXT, MEMBER_FD };

FIXTURE_SETUP(abi_capture)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, self->sockets));
	self->ctx = capture_self(self->dev, NTIMP_LEVEL_DELEGATION);
	ASSERT_LE(0, self->ctx);

	self->good = (struct ntimp_capture){
		.size = sizeof(self->good),
		.source = variant->source,
		.qos.level = NTIMP_LEVEL_IMPERSONATION,
	};
	if (variant->source == NTIMP_SOURCE_PEER)
		self->good.fd = self->sockets[0];
	if (variant->source == NTIMP_SOURCE_CONTEXT)
		self->good.fd = self->ctx;
	if (variant->uses & MEMBER_TID)
		self->good.tid = thread_id();
	if (variant->uses & MEMBER_UID) {
		self->good.uid = 1000;
		self->good.gid = 1000;
	}
}

FIXTURE_TEARDOWN(abi_capture)
{
	close(self->ctx);
	close(self->sockets[0]);
	close(self->sockets[1]);
	close(self->dev);
}

TEST_F(abi_capture, each_level)
{
	for (__u32 level = NTIMP_LEVEL_ANONYMOUS; level <= NTIMP_LEVEL_DELEGATION; level++) {
		struct ntimp_info info = { .size = sizeof(info) };
		struct ntimp_capture capture = self->good;
		int ctx;

		capture.qos.level = level;
		ctx = device_capture(self->dev, &capture);
		ASSERT_LE(0, ctx);
		ASSERT_EQ(0, context_query(ctx, &info));
		EXPECT_EQ(level, info.qos.level);
		EXPECT_EQ(variant->source, info.source);
		EXPECT_EQ(0, close(ctx));
	}
}

TEST_F(abi_capture, level_beyond_range)
{
	const __u32 levels[] = { 4, 0x100, 0x80000000, 0xffffffff };

	for (size_t i = 0; i < ARRAY_SIZE(levels); i++) {
		struct ntimp_capture capture = self->good;

		capture.qos.level = levels[i];
		EXPECT_EQ(-EINVAL, device_capture(self->dev, &capture));
	}
}

TEST_F(abi_capture, tracking)
{
	struct ntimp_capture capture = self->good;

	bool thread = variant->source == NTIMP_SOURCE_SELF ||
		      variant->source == NTIMP_SOURCE_THREAD;
	int ctx;

	capture.qos.tracking = NTIMP_TRACKING_DYNAMIC;
	ctx = device_capture(self->dev, &capture);
	EXPECT_EQ(thread ? 0 : -EOPNOTSUPP, ctx < 0 ? ctx : close(ctx));
	capture.qos.tracking = 2;
	EXPECT_EQ(-EINVAL, device_capture(self->dev, &capture));
	capture.qos.tracking = 0xff;
	EXPECT_EQ(-EINVAL, device_capture(self->dev, &capture));
}

TEST_F(abi_capture, effective_only)
{
	struct ntimp_info info = { .size = sizeof(info) };
	struct ntimp_capture capture = self->good;
	int ctx;

	capture.qos.effective_only = 1;
	ctx = device_capture(self->dev, &capture);
	ASSERT_LE(0, ctx);
	ASSERT_EQ(0, context_query(ctx, &info));
	EXPECT_EQ(1, info.qos.effective_only);
	EXPECT_EQ(0, close(ctx));

	capture.qos.effective_only = 2;
	EXPECT_EQ(-EINVAL, device_capture(self->dev, &capture));
	capture.qos.effective_only = 0xff;
	EXPECT_EQ(-EINVAL, device_capture(self->dev, &capture));
}

/* What a capture with one more flag comes to: 0 for success. */
static int result_of_flag(__u32 source, __u16 flag)
{
	/* The source of the duplicate has neither. */
	if (source == NTIMP_SOURCE_CONTEXT &&
	    flag & (NTIMP_QOS_CONSENT | NTIMP_QOS_DISPATCH))
		return -EPERM;
	if (flag == NTIMP_QOS_DISPATCH ||
	    (flag == NTIMP_QOS_CONSENT && source == NTIMP_SOURCE_SELF))
		return 0;
	return -EINVAL;
}

TEST_F(abi_capture, qos_flags)
{
	for (int bit = 0; bit < 16; bit++) {
		struct ntimp_info info = { .size = sizeof(info) };
		struct ntimp_capture capture = self->good;
		int ctx, expected;

		capture.qos.flags = 1U << bit;
		expected = result_of_flag(variant->source, capture.qos.flags);
		ctx = device_capture(self->dev, &capture);
		EXPECT_EQ(expected, ctx < 0 ? ctx : 0)
			TH_LOG("bit %d", bit);
		if (ctx < 0)
			continue;
		EXPECT_EQ(0, context_query(ctx, &info));
		EXPECT_EQ(capture.qos.flags, info.qos.flags);
		EXPECT_EQ(0, close(ctx));
	}
}

TEST_F(abi_capture, flags)
{
	for (int bit = 0; bit < 32; bit++) {
		struct ntimp_capture capture = self->good;
		bool known = variant->source == NTIMP_SOURCE_IDS &&
			     1U << bit == NTIMP_CAPTURE_CAPS;
		int ret;

		capture.flags = 1U << bit;
		ret = device_capture(self->dev, &capture);
		EXPECT_EQ(known ? 0 : -EINVAL, ret < 0 ? ret : 0)
			TH_LOG("bit %d", bit);
	}
}

TEST_F(abi_capture, unused_members)
{
	/* Each as small, and as far up, as the member goes. */
	const struct {
		const char *name;
		enum member member;
		size_t offset;
		size_t size;
	} members[] = {
#define MEMBER(bit, name) \
	{ #name, bit, offsetof(struct ntimp_capture, name), sizeof(self->good.name) }
		MEMBER(MEMBER_FD, fd),
		MEMBER(MEMBER_TID, tid),
		MEMBER(MEMBER_UID, uid),
		MEMBER(MEMBER_GID, gid),
		MEMBER(MEMBER_GROUPS, groups),
		MEMBER(MEMBER_NGROUPS, ngroups),
		MEMBER(MEMBER_CAPS, caps),
#undef MEMBER
	};

	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		struct ntimp_capture capture;
		char *bytes = (char *)&capture + members[i].offset;

		if (variant->uses & members[i].member)
			continue;
		capture = self->good;
		bytes[0] = 1;
		EXPECT_EQ(-EINVAL, device_capture(self->dev, &capture))
			TH_LOG("%s = 1", members[i].name);
		capture = self->good;
		bytes[members[i].size - 1] = (char)0x80;
		EXPECT_EQ(-EINVAL, device_capture(self->dev, &capture))
			TH_LOG("upper bit of %s", members[i].name);
	}
}

/* A struct that is wrong is wrong for everybody, with or without rights. */
static int capture_wrong(void *arg)
{
	const FIXTURE_DATA(abi_capture) *self = arg;
	struct ntimp_capture capture = self->good;

	capture.qos.level = 4;
	return device_capture(self->dev, &capture);
}

TEST_F(abi_capture, validity_comes_before_permission)
{
	struct persona user = PERSONA_USER(1000);

	EXPECT_EQ(-EINVAL, child_run(&user, capture_wrong, self));
}

TEST_F(abi_capture, unknown_source)
{
	const __u32 sources[] = { 0, NTIMP_SOURCE_CONTEXT + 1, 0x100, 0x80000000, 0xffffffff };

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		struct ntimp_capture capture = self->good;

		capture.source = sources[i];
		EXPECT_EQ(-EINVAL, device_capture(self->dev, &capture));
	}
}

TEST_F(abi_capture, no_descriptor_is_free)
{
	int lowest = dup(self->dev);
	struct rlimit limit = { .rlim_cur = lowest, .rlim_max = lowest };

	ASSERT_LE(0, lowest);
	ASSERT_EQ(0, close(lowest));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(-EMFILE, device_capture(self->dev, &self->good));
}

TEST_HARNESS_MAIN
