// SPDX-License-Identifier: GPL-2.0-only
/*
 * Revocation: whose, by whom, and what goes on nevertheless.
 */
#include "harness.h"
#include <sched.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"

#define CLIENT	1001
#define LEVEL	NTIMP_LEVEL_IMPERSONATION

FIXTURE(revoke_context)
{
	int dev;
	int ctx;
};

FIXTURE_SETUP(revoke_context)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, CLIENT, CLIENT, 0, NULL, LEVEL);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(revoke_context)
{
	EXPECT_EQ(0, device_revert(self->dev));
	close(self->ctx);
	close(self->dev);
}

/* Nothing that would act as the client works, and what asks does. */
static bool is_revoked(int dev, int ctx)
{
	struct ntimp_info info = { .size = sizeof(info) };

	return context_impersonate(ctx) == -EKEYREVOKED &&
	       context_downgraded(ctx) == -EKEYREVOKED &&
	       context_update(ctx) == -EKEYREVOKED &&
	       capture_context(dev, ctx, LEVEL) == -EKEYREVOKED &&
	       !context_query(ctx, &info) && info.flags == NTIMP_INFO_REVOKED &&
	       info.uid == CLIENT && info.lifetime == 0;
}

TEST_F(revoke_context, never_used)
{
	EXPECT_EQ(0, context_flags(self->ctx));
	EXPECT_EQ(0, context_revoke(self->ctx, 0));
	EXPECT_TRUE(is_revoked(self->dev, self->ctx));
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, 0));
}

TEST_F(revoke_context, used_before)
{
	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, context_revoke(self->ctx, 0));
	EXPECT_TRUE(is_revoked(self->dev, self->ctx));
	EXPECT_TRUE(acts_as(0, 0));
}

TEST_F(revoke_context, twice)
{
	EXPECT_EQ(0, context_revoke(self->ctx, 0));
	EXPECT_EQ(0, context_revoke(self->ctx, 0));
	EXPECT_TRUE(is_revoked(self->dev, self->ctx));
}

/* Who wears it goes on, and can be itself again; there is no way back. */
TEST_F(revoke_context, while_worn)
{
	struct ntimp_info info = { .size = sizeof(info) };
	int other = capture_ids(self->dev, 1002, 1002, 0, NULL, LEVEL);

	ASSERT_LE(0, other);
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(0, context_revoke(self->ctx, 0));
	EXPECT_TRUE(acts_as(CLIENT, CLIENT));
	EXPECT_EQ(-EKEYREVOKED, context_impersonate(self->ctx));
	EXPECT_TRUE(acts_as(CLIENT, CLIENT));
	ASSERT_EQ(0, device_query_thread(self->dev, &info));
	EXPECT_EQ(NTIMP_INFO_IMPERSONATING | NTIMP_INFO_REVOKED, info.flags);
	EXPECT_EQ(LEVEL, info.qos.level);
	EXPECT_EQ(0, context_impersonate(other));
	EXPECT_EQ(-EKEYREVOKED, context_impersonate(self->ctx));
	EXPECT_TRUE(acts_as(1002, 1002));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(acts_as(0, 0));
	EXPECT_TRUE(is_revoked(self->dev, self->ctx));
	EXPECT_EQ(0, context_flags(other));
}

/* One family ends together, whichever of it is revoked. */
TEST_F(revoke_context, family)
{
	for (int which = 0; which < 4; which++) {
		int first = capture_ids(self->dev, CLIENT, CLIENT, 0, NULL, LEVEL);
		int second = capture_context(self->dev, first, LEVEL);
		int third = capture_context(self->dev, second, LEVEL);
		int sibling = capture_context(self->dev, first, LEVEL);
		const int family[] = { first, second, third, sibling };

		for (int i = 0; i < 4; i++)
			EXPECT_EQ(0, context_impersonate(family[i]));
		EXPECT_EQ(0, device_revert(self->dev));
		EXPECT_EQ(0, context_revoke(family[which], 0));
		for (int i = 0; i < 4; i++) {
			EXPECT_TRUE(is_revoked(self->dev, family[i]))
				TH_LOG("%d revoked, %d looked at", which, i);
			EXPECT_EQ(0, close(family[i]));
		}
	}
	/* Another context of the same client is none of them. */
	EXPECT_EQ(0, context_impersonate(self->ctx));
}

TEST_F(revoke_context, family_whose_first_is_closed)
{
	int second = capture_context(self->dev, self->ctx, LEVEL);
	int third = capture_context(self->dev, second, LEVEL);

	EXPECT_EQ(0, close(self->ctx));
	EXPECT_EQ(0, context_impersonate(third));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, context_revoke(second, 0));
	EXPECT_TRUE(is_revoked(self->dev, third));
	EXPECT_EQ(0, close(third));
	self->ctx = second;
}

struct revoker {
	int ctx;
	unsigned int flags;
	int as;
};

static int revoke_it(void *arg)
{
	const struct revoker *revoker = arg;

	return context_revoke(revoker->ctx, revoker->flags);
}

static int expire(void *arg)
{
	const struct revoker *revoker = arg;

	return context_expire(revoker->ctx, 0);
}

static int revoke_as(void *arg)
{
	const struct revoker *revoker = arg;

	return context_impersonate(revoker->as) ?: revoke_it(arg);
}

/* Asked of the primary: a client without rights takes none away. */
TEST_F(revoke_context, as_a_client)
{
	struct persona server = PERSONA_CAPS(1002, CAPS_SETIDS);
	struct revoker revoker = { .ctx = self->ctx };

	revoker.as = capture_ids(self->dev, 1003, 1003, 0, NULL, LEVEL);
	EXPECT_EQ(0, child_run(&server, revoke_as, &revoker));
	EXPECT_TRUE(is_revoked(self->dev, self->ctx));
}

static int make(const struct child *parent, void *arg)
{
	return child_send_fd(parent, capture_self(*(int *)arg, LEVEL));
}

FIXTURE(revoke_rights)
{
	int dev;
	int ctx;
};

/* Who made the context, who wants to end it, and what comes of that. */
FIXTURE_VARIANT(revoke_rights)
{
	struct persona maker;
	struct persona who;
	bool in_child_ns;
	int result;
};

#define RIGHTS(name, ...)	FIXTURE_VARIANT_ADD(revoke_rights, name) { __VA_ARGS__ }
#define WHO(id)			{ .uid = id, .gid = id }
#define WITH(id, caps)		{ .uid = id, .gid = id, .permitted = caps, .effective = caps }
#define INACTIVE(id, caps)	{ .uid = id, .gid = id, .permitted = caps }

RIGHTS(maker, WHO(1001), WHO(1001), false, 0);
RIGHTS(maker_of_another_group, WHO(1001), { .uid = 1001, .gid = 5 }, false, 0);
RIGHTS(another, WHO(1001), WHO(1002), false, -EPERM);
RIGHTS(administrator, WHO(1001), WITH(0, CAPS_ALL), false, 0);
RIGHTS(another_with_both, WHO(1001), WITH(1002, CAPS_SETIDS), false, 0);
RIGHTS(another_with_setuid, WHO(1001), WITH(1002, CAP_BIT(CAP_SETUID)), false, -EPERM);
RIGHTS(another_with_setgid, WHO(1001), WITH(1002, CAP_BIT(CAP_SETGID)), false, -EPERM);
RIGHTS(another_with_both_inactive, WHO(1001), INACTIVE(1002, CAPS_SETIDS), false, -EPERM);
RIGHTS(another_with_all_others, WHO(1001), WITH(1002, CAPS_ALL & ~CAPS_SETIDS), false, -EPERM);
RIGHTS(root_without_capabilities, WHO(1001), WHO(0), false, -EPERM);
RIGHTS(root_by_root_without_capabilities, WITH(0, CAPS_ALL), WHO(0), false, 0);
RIGHTS(maker_elsewhere, WHO(1001), WHO(1001), true, -EPERM);
RIGHTS(root_elsewhere, WHO(1001), WITH(1002, CAPS_ALL), true, -EPERM);

FIXTURE_SETUP(revoke_rights)
{
	struct child maker;

	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, child_start(&maker, &variant->maker, make, &self->dev));
	self->ctx = child_receive_fd(&maker);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, child_finish(&maker));
}

FIXTURE_TEARDOWN(revoke_rights)
{
	close(self->ctx);
	close(self->dev);
}

static int revoke_elsewhere(void *arg)
{
	return unshare(CLONE_NEWUSER) ? -ECHILD : revoke_it(arg);
}

static int expire_elsewhere(void *arg)
{
	return unshare(CLONE_NEWUSER) ? -ECHILD : expire(arg);
}

TEST_F(revoke_rights, revoke)
{
	struct revoker revoker = { .ctx = self->ctx };

	EXPECT_EQ(variant->result, child_run(&variant->who, variant->in_child_ns ?
					     revoke_elsewhere : revoke_it, &revoker));
	EXPECT_EQ(variant->result ? 0 : NTIMP_INFO_REVOKED, context_flags(self->ctx));
	EXPECT_EQ(variant->result ? 0 : -EKEYREVOKED, context_impersonate(self->ctx));
	EXPECT_EQ(0, device_revert(self->dev));
}

TEST_F(revoke_rights, expire)
{
	struct revoker revoker = { .ctx = self->ctx };

	EXPECT_EQ(variant->result, child_run(&variant->who, variant->in_child_ns ?
					     expire_elsewhere : expire, &revoker));
	EXPECT_EQ(variant->result ? 0 : NTIMP_INFO_EXPIRED, context_flags(self->ctx));
	EXPECT_EQ(variant->result ? 0 : -EKEYEXPIRED, context_impersonate(self->ctx));
	EXPECT_EQ(0, device_revert(self->dev));
}

static int duplicate_and_revoke(void *arg)
{
	struct revoker revoker = *(struct revoker *)arg;
	int dev = device_open();

	revoker.ctx = capture_context(dev, revoker.ctx, NTIMP_LEVEL_ANONYMOUS);
	return revoker.ctx < 0 ? -EPROTO : revoke_it(&revoker);
}

static int duplicate_and_revoke_elsewhere(void *arg)
{
	return unshare(CLONE_NEWUSER) ? -ECHILD : duplicate_and_revoke(arg);
}

/* To duplicate is not to make. */
TEST_F(revoke_rights, revoke_a_duplicate)
{
	struct revoker revoker = { .ctx = self->ctx };

	EXPECT_EQ(variant->result, child_run(&variant->who, variant->in_child_ns ?
					     duplicate_and_revoke_elsewhere :
					     duplicate_and_revoke, &revoker));
	EXPECT_EQ(variant->result ? 0 : NTIMP_INFO_REVOKED, context_flags(self->ctx));
}

TEST_HARNESS_MAIN
