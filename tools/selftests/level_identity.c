// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who a thread is below Impersonation: nobody, whoever its client is; who that is
 * tells a query at level Identification, and cannot be passed on.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"
#include "module.h"
#include "persona.h"
#include "wearing.h"

#define NOBODY	65534

static const gid_t groups[] = { 30, 40 };

FIXTURE(level_identity) {
	int dev;
	int ctx;
};

FIXTURE_VARIANT(level_identity) {
	__u32 level;
};

FIXTURE_VARIANT_ADD(level_identity, anonymous) { NTIMP_LEVEL_ANONYMOUS };
FIXTURE_VARIANT_ADD(level_identity, identification) { NTIMP_LEVEL_IDENTIFICATION };

FIXTURE_SETUP(level_identity)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, CLIENT, CLIENT, 2, groups, variant->level);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(level_identity)
{
	close(self->ctx);
	close(self->dev);
}

static int first_thread_is_root(void *unused)
{
	(void)unused;
	return is_seen_as(getpid(), 0, 0);
}

TEST_F(level_identity, thread_is_nobody)
{
	struct actor actor;

	ASSERT_EQ(0, actor_start(&actor));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_TRUE(acts_as(NOBODY, NOBODY));
	EXPECT_TRUE(actor_call(&actor, first_thread_is_root, NULL));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(acts_as(0, 0));
	actor_stop(&actor);
}

TEST_F(level_identity, query_tells_at_identification)
{
	bool told = variant->level == NTIMP_LEVEL_IDENTIFICATION;
	struct ntimp_info info = { .size = sizeof(info) };
	struct identity client;

	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_EQ(0, device_query_thread(self->dev, &info));
	EXPECT_EQ(variant->level, info.qos.level);
	EXPECT_EQ(NTIMP_INFO_IMPERSONATING, info.flags);
	EXPECT_EQ(context_id(self->ctx), info.id);
	ASSERT_EQ(0, device_worn_identity(self->dev, 0, &client));
	EXPECT_TRUE(told ? identity_is(&client, CLIENT, CLIENT, 2, groups) :
			   identity_is(&client, NOBODY, NOBODY, 0, NULL));
}

/* Neither what it wears nor what it might make of it. */
TEST_F(level_identity, cannot_be_passed_on)
{
	ASSERT_EQ(0, context_impersonate(self->ctx));
	for (__u32 level = NTIMP_LEVEL_ANONYMOUS; level <= NTIMP_LEVEL_DELEGATION; level++) {
		EXPECT_EQ(-EPERM, capture_self(self->dev, level));
		EXPECT_EQ(-EPERM, capture_thread(self->dev, thread_id(), level));
		if (level > variant->level)
			EXPECT_EQ(-EPERM, capture_context(self->dev, self->ctx, level));
	}
	/* The primary's rights, as always: a context of somebody else. */
	EXPECT_LE(0, capture_ids(self->dev, OTHER, OTHER, 0, NULL, NTIMP_LEVEL_IMPERSONATION));
}

static int impersonate(void *ctx)
{
	return context_impersonate(*(int *)ctx);
}

TEST_F(level_identity, cannot_be_captured_by_others)
{
	struct actor actor;

	ASSERT_EQ(0, actor_start(&actor));
	ASSERT_EQ(0, actor_call(&actor, impersonate, &self->ctx));
	for (__u32 level = NTIMP_LEVEL_ANONYMOUS; level <= NTIMP_LEVEL_DELEGATION; level++)
		EXPECT_EQ(-EPERM, capture_thread(self->dev, actor.tid, level));
	actor_stop(&actor);
}

union credentials {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(struct ucred))];
};

/* What a socket that is connected says of who sends: 0 or -errno. */
static int send_as(const int ends[2], const struct ucred *claim, struct ucred *seen)
{
	char byte = 'x';
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	union credentials sent = {}, received = {};
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (claim) {
		message.msg_control = &sent;
		message.msg_controllen = sizeof(sent);
		sent.header.cmsg_level = SOL_SOCKET;
		sent.header.cmsg_type = SCM_CREDENTIALS;
		sent.header.cmsg_len = CMSG_LEN(sizeof(*claim));
		memcpy(CMSG_DATA(&sent.header), claim, sizeof(*claim));
	}
	if (sendmsg(ends[0], &message, 0) != 1)
		return -errno;
	message.msg_control = &received;
	message.msg_controllen = sizeof(received);
	if (recvmsg(ends[1], &message, 0) != 1 || received.header.cmsg_type != SCM_CREDENTIALS)
		return -EPROTO;
	memcpy(seen, CMSG_DATA(&received.header), sizeof(*seen));
	return 0;
}

TEST_F(level_identity, message_is_from_nobody)
{
	const struct ucred server = { getpid(), 0, 0 }, client = { getpid(), CLIENT, CLIENT };
	const struct ucred nobody = { getpid(), NOBODY, NOBODY };
	struct ucred seen;
	int ends[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends));
	ASSERT_EQ(0, setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &(int){ 1 }, sizeof(int)));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_EQ(0, send_as(ends, NULL, &seen));
	EXPECT_EQ(NOBODY, seen.uid);
	EXPECT_EQ(NOBODY, seen.gid);
	EXPECT_EQ(-EPERM, send_as(ends, &server, &seen));
	EXPECT_EQ(-EPERM, send_as(ends, &client, &seen));
	EXPECT_EQ(-EPERM, send_as(ends, &nobody, &seen));
	ASSERT_EQ(0, device_revert(self->dev));
	ASSERT_EQ(0, send_as(ends, NULL, &seen));
	EXPECT_EQ(0, seen.uid);
}

/* Its calls on what is open work, to whichever identity they lead. */
TEST_F(level_identity, can_be_replaced)
{
	int other = capture_ids(self->dev, OTHER, OTHER, 0, NULL, NTIMP_LEVEL_IMPERSONATION);

	ASSERT_LE(0, other);
	ASSERT_EQ(0, context_impersonate(other));
	ASSERT_TRUE(acts_as(OTHER, OTHER));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(-1, open("/", O_RDONLY));
	EXPECT_EQ(EACCES, errno);
	ASSERT_EQ(0, context_impersonate(other));
	EXPECT_TRUE(acts_as(OTHER, OTHER));
	EXPECT_LE(0, open("/", O_RDONLY));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	/* On the context, too. */
	EXPECT_EQ(0, device_ioctl(other, NTIMP_REVERT, 0));
	EXPECT_TRUE(acts_as(0, 0));
	EXPECT_LE(0, open("/", O_RDONLY));
}

/* Its rights are nobody's concern: a server without any may ask who a client is. */
static int impersonate_root(void *arg)
{
	int *ctx = arg, dev = device_open(), err = context_impersonate(*ctx);
	struct identity client;

	if (err)
		return err;
	if (!acts_as(NOBODY, NOBODY) || device_worn_identity(dev, 0, &client) ||
	    open("/", O_PATH) >= 0 || errno != EACCES)
		return -EPROTO;
	err = device_revert(dev);
	return err ? err : acts_as(OTHER, OTHER) ? (int)client.uid : -EPROTO;
}

TEST_F(level_identity, needs_no_rights)
{
	int ctx = capture_self(self->dev, variant->level);
	int expected = variant->level == NTIMP_LEVEL_ANONYMOUS ? NOBODY : 0;

	ASSERT_LE(0, ctx);
	EXPECT_EQ(expected, child_run(&PERSONA_USER(OTHER), impersonate_root, &ctx));
	EXPECT_EQ(-EPERM, child_run(&PERSONA_USER(OTHER), impersonate_root, &(int){
		capture_self(self->dev, NTIMP_LEVEL_IMPERSONATION) }));
}

static void *impersonate_and_end(void *ctx)
{
	return (void *)(intptr_t)context_impersonate(*(int *)ctx);
}

/* As at the other levels: what the thread held goes with it. */
TEST_F(level_identity, thread_may_end)
{
	int uses = module_uses();
	pthread_t thread;
	void *result;

	ASSERT_EQ(0, pthread_create(&thread, NULL, impersonate_and_end, &self->ctx));
	ASSERT_EQ(0, pthread_join(thread, &result));
	EXPECT_EQ(NULL, result);
	EXPECT_EQ(0, module_await_uses(uses));
}

TEST_HARNESS_MAIN
