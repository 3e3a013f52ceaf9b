// SPDX-License-Identifier: GPL-2.0-only
/*
 * A dynamic context follows its client where the client narrows what it was,
 * and nowhere else.
 */
#include "harness.h"
#include <linux/securebits.h>
#include <sched.h>
#include <sys/prctl.h>

#include "child.h"
#include "device.h"
#include "identity.h"
#include "worncaps.h"

/*
 * The client begins as user 1001/1002/1003 and group 2001/2002/2003, with groups
 * 50 and 60 and these capabilities, so that it can do anything with its ids.
 */
#define PERMITTED	(CAPS_SETIDS | CAP_BIT(CAP_CHOWN))
#define EFFECTIVE	CAPS_SETIDS

static const gid_t groups[] = { 50, 60, 70 };

static int begin(void)
{
	struct persona who = {
		.groups = groups, .ngroups = 2, .permitted = CAPS_ALL, .effective = CAPS_ALL,
	};
	int err = persona_take(&who);

	/* From here on a change of users is that and no more. */
	if (!err && prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP))
		err = -errno;
	if (!err)
		err = persona_set_gids(2001, 2002, 2003);
	if (!err)
		err = persona_set_uids(1001, 1002, 1003);
	return err ? err : persona_set_caps(PERMITTED, EFFECTIVE, CAPS_NONE);
}

static int nothing(void)
{
	return 0;
}

static int one_group_less(void)
{
	return persona_set_groups(1, groups);
}

static int no_groups(void)
{
	return persona_set_groups(0, NULL);
}

static int both_groups(void)
{
	return persona_set_groups(2, groups);
}

static int one_group_more(void)
{
	return persona_set_groups(3, groups);
}

static int another_group(void)
{
	return persona_set_groups(1, groups + 2);
}

static int only_the_saved_user(void)
{
	return persona_set_uids(1003, 1003, 1003);
}

static int users_swapped(void)
{
	return persona_set_uids(1003, 1001, 1002);
}

static int users_as_before(void)
{
	return persona_set_uids(1001, 1002, 1003);
}

static int another_user(void)
{
	return persona_set_uids(1004, -1, -1);
}

static int another_effective_user(void)
{
	return persona_set_uids(-1, 1004, -1);
}

static int another_saved_user(void)
{
	return persona_set_uids(-1, -1, 1004);
}

static int root_effective(void)
{
	return persona_set_uids(-1, 0, -1);
}

static int root_saved(void)
{
	return persona_set_uids(-1, -1, 0);
}

static int saved_fs_user(void)
{
	return persona_set_fs(1003, 2002);
}

static int another_fs_user(void)
{
	return persona_set_fs(5, 2002);
}

static int only_the_saved_group(void)
{
	return persona_set_gids(2003, 2003, 2003);
}

static int one_of_the_groups(void)
{
	return persona_set_gids(-1, 60, -1);
}

static int another_real_group(void)
{
	return persona_set_gids(70, -1, -1);
}

static int another_group_effective(void)
{
	return persona_set_gids(-1, 70, -1);
}

static int root_group_saved(void)
{
	return persona_set_gids(-1, -1, 0);
}

static int listed_fs_group(void)
{
	return persona_set_fs(1002, 50);
}

static int another_fs_group(void)
{
	return persona_set_fs(1002, 70);
}

static int fewer_caps(void)
{
	return persona_set_caps(CAPS_SETIDS, CAP_BIT(CAP_SETUID), CAPS_NONE);
}

static int same_caps(void)
{
	return persona_set_caps(PERMITTED, EFFECTIVE, CAPS_NONE);
}

static int more_effective_caps(void)
{
	return persona_set_caps(PERMITTED, PERMITTED, CAPS_NONE);
}

static int more_inheritable_caps(void)
{
	return persona_set_caps(PERMITTED, EFFECTIVE, PERMITTED);
}

static int another_user_namespace(void)
{
	return unshare(CLONE_NEWUSER) ? -errno : 0;
}

/* A client can be a server, too. */
static int impersonate_part_of_itself(void)
{
	return context_impersonate(capture_ids(device_open(), 1001, 2001, 0, NULL,
					       NTIMP_LEVEL_IMPERSONATION));
}

static int impersonate_another(void)
{
	return context_impersonate(capture_ids(device_open(), 1009, 2001, 0, NULL,
					       NTIMP_LEVEL_IMPERSONATION));
}

static int impersonate_itself(void)
{
	return context_impersonate(capture_self(device_open(), NTIMP_LEVEL_IMPERSONATION));
}

static int revert(void)
{
	return device_revert(device_open());
}

typedef int (*step_fn)(void);

/* Do what the parent says; it knows the same functions at the same addresses. */
static int follow_orders(const struct child *parent, void *arg)
{
	const struct {
		step_fn begin;
		step_fn steps[2];
	} *orders = arg;
	int err = orders->begin();

	child_send(parent, err);
	for (int i = 0; child_receive(parent) >= 0; i++)
		child_send(parent, orders->steps[i]());
	return 0;
}

FIXTURE(qos_track)
{
	int dev;
	int ctx;
	struct child client;
	struct identity first;
};

/*
 * What the client does, one step after the other, and what an update says of
 * each: 0, and it is followed; -ESTALE, and it is for the server what it was.
 */
FIXTURE_VARIANT(qos_track)
{
	__u32 level;
	step_fn steps[2];
	int results[2];
};

#define TRACK(name, ...)	TRACK_AT(name, NTIMP_LEVEL_IMPERSONATION, __VA_ARGS__)
#define TRACK_AT(name, _level, first, result, second, then)		\
	FIXTURE_VARIANT_ADD(qos_track, name) {				\
		.level = _level,					\
		.steps = { first, second },				\
		.results = { result, then },				\
	}

TRACK(nothing, nothing, 0, same_caps, 0);
TRACK(groups, one_group_less, 0, no_groups, 0);
TRACK(groups_there_and_back, no_groups, 0, both_groups, 0);
TRACK(more_groups, one_group_more, -ESTALE, both_groups, 0);
TRACK(more_groups_then_fewer, one_group_more, -ESTALE, one_group_less, 0);
TRACK(another_group, another_group, -ESTALE, nothing, -ESTALE);
TRACK(fewer_then_more_groups, one_group_less, 0, one_group_more, -ESTALE);
TRACK(users, only_the_saved_user, 0, users_as_before, 0);
TRACK(users_swapped, users_swapped, 0, users_as_before, 0);
TRACK(another_user, another_user, -ESTALE, users_as_before, 0);
TRACK(another_effective_user, another_effective_user, -ESTALE, users_as_before, 0);
TRACK(another_saved_user, another_saved_user, -ESTALE, users_as_before, 0);
TRACK(root, root_effective, -ESTALE, root_saved, -ESTALE);
TRACK(root_after_less, only_the_saved_user, 0, root_effective, -ESTALE);
TRACK(root_saved, root_saved, -ESTALE, users_as_before, 0);
TRACK(fs_user, saved_fs_user, 0, another_fs_user, -ESTALE);
TRACK(group, only_the_saved_group, 0, another_group_effective, -ESTALE);
TRACK(group_that_was_listed, one_of_the_groups, 0, root_group_saved, -ESTALE);
TRACK(another_real_group, another_real_group, -ESTALE, only_the_saved_group, 0);
TRACK(fs_group, listed_fs_group, 0, another_fs_group, -ESTALE);
TRACK(caps, fewer_caps, 0, nothing, 0);
TRACK(more_caps, more_effective_caps, -ESTALE, same_caps, 0);
TRACK(inheritable_caps, more_inheritable_caps, 0, same_caps, 0);
TRACK(user_namespace, another_user_namespace, -ESTALE, nothing, -ESTALE);
TRACK(impersonating, impersonate_part_of_itself, 0, revert, 0);
TRACK(impersonating_another, impersonate_another, -ESTALE, revert, 0);
TRACK(impersonating_itself, impersonate_itself, 0, revert, 0);
TRACK_AT(impersonating_itself_below, NTIMP_LEVEL_DELEGATION, impersonate_itself, -ESTALE,
	 revert, 0);

static int capture_dynamic(int dev, pid_t tid, __u32 level)
{
	return capture_thread_qos(dev, tid, (struct ntimp_qos){
		.level = level, .tracking = NTIMP_TRACKING_DYNAMIC,
	});
}

FIXTURE_SETUP(qos_track)
{
	struct {
		step_fn begin;
		step_fn steps[2];
	} orders = { begin, { variant->steps[0], variant->steps[1] } };

	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, child_start(&self->client, NULL, follow_orders, &orders));
	ASSERT_EQ(0, child_receive(&self->client));
	self->ctx = capture_dynamic(self->dev, self->client.pid, variant->level);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, context_identity(self->ctx, &self->first));
}

FIXTURE_TEARDOWN(qos_track)
{
	EXPECT_EQ(0, child_finish(&self->client));
	close(self->ctx);
	close(self->dev);
}

static bool same_ids(const struct identity *a, const struct identity *b)
{
	struct identity one = *a, two = *b;

	one.permitted = 0;
	one.effective = 0;
	two.permitted = 0;
	two.effective = 0;
	return identity_equal(&one, &two);
}

/* What the client is for the server, who acts as it. */
static bool is_shown_and_worn(const FIXTURE_DATA(qos_track) *self, const struct identity *expected)
{
	struct identity seen;

	return !context_identity(self->ctx, &seen) && identity_equal(expected, &seen) &&
	       !context_impersonate(self->ctx) && !identity_subjective(&seen) &&
	       same_ids(expected, &seen) && !device_worn_identity(self->dev, 0, &seen) &&
	       identity_equal(expected, &seen) && !device_revert(self->dev);
}

/* As whom the client acts, from itself: by another context, made now. */
static int identity_now(const FIXTURE_DATA(qos_track) *self, struct identity *now)
{
	int ctx = capture_thread(self->dev, self->client.pid, NTIMP_LEVEL_IMPERSONATION);
	int err = context_identity(ctx, now);

	close(ctx);
	return err;
}

TEST_F(qos_track, steps)
{
	struct identity expected = self->first;

	for (int i = 0; i < 2; i++) {
		int stale = variant->results[i] ? NTIMP_INFO_STALE : 0;

		ASSERT_EQ(0, child_send(&self->client, 0));
		ASSERT_EQ(0, child_receive(&self->client));
		/* Nobody has looked yet. */
		EXPECT_EQ(i && variant->results[0] ? NTIMP_INFO_STALE : 0,
			  context_flags(self->ctx));
		EXPECT_EQ(variant->results[i], context_update(self->ctx));
		EXPECT_EQ(stale, context_flags(self->ctx));
		if (!stale)
			ASSERT_EQ(0, identity_now(self, &expected));
		EXPECT_TRUE(is_shown_and_worn(self, &expected))
			TH_LOG("after step %d", i);
	}
}

/* To impersonate is to look. */
TEST_F(qos_track, impersonating_updates)
{
	struct identity expected = self->first;

	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, child_send(&self->client, 0));
		ASSERT_EQ(0, child_receive(&self->client));
		EXPECT_EQ(0, context_impersonate(self->ctx));
		EXPECT_EQ(variant->results[i] ? NTIMP_INFO_STALE : 0, context_flags(self->ctx));
		EXPECT_EQ(0, device_revert(self->dev));
		if (!variant->results[i])
			ASSERT_EQ(0, identity_now(self, &expected));
		EXPECT_TRUE(is_shown_and_worn(self, &expected))
			TH_LOG("after step %d", i);
	}
}

/* A snapshot is one, whatever the client does. */
TEST_F(qos_track, static_context_stays)
{
	int ctx = capture_thread(self->dev, self->client.pid, variant->level);
	struct identity seen;

	ASSERT_LE(0, ctx);
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, child_send(&self->client, 0));
		ASSERT_EQ(0, child_receive(&self->client));
		EXPECT_EQ(-EINVAL, context_update(ctx));
		EXPECT_EQ(0, context_flags(ctx));
		EXPECT_EQ(0, context_impersonate(ctx));
		ASSERT_EQ(0, identity_subjective(&seen));
		EXPECT_TRUE(same_ids(&self->first, &seen));
		EXPECT_EQ(0, device_revert(self->dev));
	}
	EXPECT_EQ(0, close(ctx));
}

TEST_HARNESS_MAIN
