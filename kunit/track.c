// SPDX-License-Identifier: GPL-2.0-only
/* Tracking: which changes of a client are followed, and what is counted meanwhile. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/pid.h>
#include <linux/refcount.h>
#include <linux/sched.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "../ntimp/track.h"
#include "actor.h"
#include "contexts.h"
#include "defer.h"
#include "parts.h"
#include "persona.h"
#include "places.h"
#include "rows.h"
#include "suites.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

/**
 * struct follow_row - a client, and what becomes of it
 * @name: what is special
 * @followed: it is followed there
 * @first: the client when it is captured
 * @first_odd: the one id of it that is another
 * @then: what it becomes
 * @then_odd: the one id that is another then
 * @then_in: its user namespace
 */
struct follow_row {
	const char *name;
	bool followed;
	struct persona first;
	struct odd_id first_odd;
	struct persona then;
	struct odd_id then_odd;
	enum place then_in;
};

#define F(...)		.first = { .uid = 1000, .gid = 1000, ##__VA_ARGS__ }
#define T(...)		.then = { .uid = 1000, .gid = 1000, ##__VA_ARGS__ }
#define GROUPS(n, ...)	.ngroups = (n), .groups = { __VA_ARGS__ }
#define CAPS(caps)	.permitted = (caps)

static const struct follow_row follow_rows[] = {
	{ "equal", true, F(), T() },
	{ "other user", false, F(), .then = { .uid = 1001, .gid = 1000 } },
	{ "other group", false, F(), .then = { .uid = 1000, .gid = 1001 } },
	{ "root", false, F(), .then = {} },
	{ "root, from root", true, .first = {}, .then = {} },
	{ "a user, from root", false, .first = {}, T() },

	{ "all users are its real one", true, F(), .first_odd = ODD(uid, 5),
	  .then = { .uid = 5, .gid = 1000 } },
	{ "all users are its effective one", true, F(), .first_odd = ODD(euid, 5),
	  .then = { .uid = 5, .gid = 1000 } },
	{ "all users are its saved one", true, F(), .first_odd = ODD(suid, 5),
	  .then = { .uid = 5, .gid = 1000 } },
	{ "all users are its file system one", true, F(), .first_odd = ODD(fsuid, 5),
	  .then = { .uid = 5, .gid = 1000 } },
	{ "another real user", false, F(), T(), .then_odd = ODD(uid, 0) },
	{ "another effective user", false, F(), T(), .then_odd = ODD(euid, 0) },
	{ "another saved user", false, F(), T(), .then_odd = ODD(suid, 0) },
	{ "another file system user", false, F(), T(), .then_odd = ODD(fsuid, 0) },
	{ "saved user is effective", true, F(), .first_odd = ODD(suid, 5), T(),
	  .then_odd = ODD(euid, 5) },

	{ "all groups are its real one", true, F(), .first_odd = ODD(gid, 5),
	  .then = { .uid = 1000, .gid = 5 } },
	{ "all groups are its effective one", true, F(), .first_odd = ODD(egid, 5),
	  .then = { .uid = 1000, .gid = 5 } },
	{ "all groups are its saved one", true, F(), .first_odd = ODD(sgid, 5),
	  .then = { .uid = 1000, .gid = 5 } },
	{ "all groups are its file system one", true, F(), .first_odd = ODD(fsgid, 5),
	  .then = { .uid = 1000, .gid = 5 } },
	{ "all groups are a listed one", true, F(GROUPS(3, 4, 5, 6)),
	  .then = { .uid = 1000, .gid = 5 } },
	{ "another real group", false, F(), T(), .then_odd = ODD(gid, 5) },
	{ "another effective group", false, F(), T(), .then_odd = ODD(egid, 5) },
	{ "another saved group", false, F(), T(), .then_odd = ODD(sgid, 5) },
	{ "another file system group", false, F(), T(), .then_odd = ODD(fsgid, 5) },
	{ "listed group is effective", true, F(GROUPS(1, 5)), T(), .then_odd = ODD(egid, 5) },

	{ "same list", true, F(GROUPS(3, 4, 5, 6)), T(GROUPS(3, 4, 5, 6)) },
	{ "without the first", true, F(GROUPS(3, 4, 5, 6)), T(GROUPS(2, 5, 6)) },
	{ "without one", true, F(GROUPS(3, 4, 5, 6)), T(GROUPS(2, 4, 6)) },
	{ "without the last", true, F(GROUPS(3, 4, 5, 6)), T(GROUPS(2, 4, 5)) },
	{ "only the last", true, F(GROUPS(3, 4, 5, 6)), T(GROUPS(1, 6)) },
	{ "without any", true, F(GROUPS(3, 4, 5, 6)), T() },
	{ "one before", false, F(GROUPS(2, 5, 6)), T(GROUPS(3, 4, 5, 6)) },
	{ "one between", false, F(GROUPS(2, 4, 6)), T(GROUPS(3, 4, 5, 6)) },
	{ "one behind", false, F(GROUPS(2, 4, 5)), T(GROUPS(3, 4, 5, 6)) },
	{ "one that is another", false, F(GROUPS(2, 4, 6)), T(GROUPS(2, 4, 5)) },
	{ "one where none was", false, F(), T(GROUPS(1, 4)) },
	{ "one that is its group", false, F(), T(GROUPS(1, 1000)) },
	{ "one twice", false, F(GROUPS(2, 4, 5)), T(GROUPS(2, 4, 4)) },

	{ "same capabilities", true, F(CAPS(6)), T(CAPS(6)) },
	{ "one less", true, F(CAPS(6)), T(CAPS(2)) },
	{ "none", true, F(CAPS(CAPS_ALL)), T() },
	{ "one more", false, F(CAPS(2)), T(CAPS(6)) },
	{ "another", false, F(CAPS(2)), T(CAPS(4)) },
	{ "the highest", false, F(), T(CAPS(CAP_BIT(CAP_LAST_CAP))) },
	{ "one becomes effective", false, F(CAPS(6), .inactive = 4), T(CAPS(6)) },
	{ "one becomes inactive", true, F(CAPS(6)), T(CAPS(6), .inactive = 4) },
	{ "inheritable ones", true, F(CAPS(6)), T(CAPS(6), .inheritable = 6) },
	{ "bounding set and securebits", true, F(), T(.unbound = CAPS_ALL, .securebits = 1) },

	{ "in a child", false, F(), T(), .then_in = SAME_IDS },
};

ROWS(follow);

static void undo_tracker(const void *tracker)
{
	ntimp_track_end((struct ntimp_tracker *)tracker);
}

static struct ntimp_tracker *track(struct kunit *test, struct task_struct *task,
				   unsigned int level)
{
	struct ntimp_tracker *tracker = ntimp_track(task, level);

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(tracker), "error %ld", PTR_ERR(tracker));
	defer(test, undo_tracker, tracker);
	return tracker;
}

static int act_be(void *cred)
{
	return commit_creds((struct cred *)get_cred(cred));
}

static void expect_look(struct kunit *test, struct ntimp_tracker *tracker,
			const struct cred *expected, bool stale)
{
	const struct cred *seen = ntimp_track_look(tracker);

	KUNIT_EXPECT_PTR_EQ(test, expected, seen);
	KUNIT_EXPECT_EQ(test, stale, tracker->stale);
	if (seen)
		put_cred(seen);
}

/* There, and back to what it was first. */
static void changes(struct kunit *test)
{
	const struct follow_row *row = test->param_value;
	struct places places = {};
	const struct cred *first, *then;
	struct ntimp_tracker *tracker;
	struct actor *actor;

	first = place_cred(test, &places, HOME, &row->first, &row->first_odd);
	then = place_cred(test, &places, row->then_in, &row->then, &row->then_odd);
	actor = actor_start(test, first);
	tracker = track(test, actor->task, LEVEL);
	KUNIT_EXPECT_PTR_EQ(test, first, tracker->first);
	expect_look(test, tracker, NULL, false);

	actor_do(actor, act_be, (void *)then);
	expect_look(test, tracker, row->followed ? then : NULL, !row->followed);
	/* The second look changes nothing. */
	expect_look(test, tracker, NULL, !row->followed);
	KUNIT_EXPECT_PTR_EQ(test, row->followed ? then : first, tracker->seen);

	actor_do(actor, act_be, (void *)first);
	expect_look(test, tracker, row->followed ? first : NULL, false);
	KUNIT_EXPECT_PTR_EQ(test, first, tracker->seen);
}

/* Whoever has made the task lets go of its number when that may already be running. */
static struct pid *settled_pid(struct kunit *test, struct task_struct *task)
{
	struct pid *pid = get_task_pid(task, PIDTYPE_PID);
	int i;

	for (i = 0; i < 1000 && refcount_read(&pid->count) != 2; i++)
		schedule_timeout_uninterruptible(1);
	/* The task's and ours. */
	KUNIT_EXPECT_EQ(test, 2U, refcount_read(&pid->count));
	return pid;
}

static void references_are_kept(struct kunit *test)
{
	const struct cred *first = persona_cred(test, &(struct persona) { .uid = 5, CAPS(6) });
	const struct cred *then = persona_cred(test, &(struct persona) { .uid = 5, CAPS(2) });
	struct actor *actor = actor_start(test, first);
	struct pid *pid = settled_pid(test, actor->task);
	long usage_first = cred_usage(first), usage_then = cred_usage(then);
	struct ntimp_tracker *tracker = ntimp_track(actor->task, LEVEL);

	KUNIT_ASSERT_FALSE(test, IS_ERR(tracker));
	KUNIT_EXPECT_EQ(test, usage_first + 2, cred_usage(first));
	KUNIT_EXPECT_EQ(test, 3U, refcount_read(&pid->count));

	actor_do(actor, act_be, (void *)then);
	expect_look(test, tracker, then, false);
	expect_look(test, tracker, NULL, false);
	/* Two are the actor's, whose former cred is free of it now. */
	KUNIT_EXPECT_EQ(test, usage_first + 1 - 2, cred_usage(first));
	KUNIT_EXPECT_EQ(test, usage_then + 1 + 2, cred_usage(then));
	KUNIT_EXPECT_EQ(test, 3U, refcount_read(&pid->count));

	ntimp_track_end(tracker);
	KUNIT_EXPECT_EQ(test, usage_first - 2, cred_usage(first));
	KUNIT_EXPECT_EQ(test, usage_then + 2, cred_usage(then));
	KUNIT_EXPECT_EQ(test, 2U, refcount_read(&pid->count));
	put_pid(pid);
}

/* Whose number is another: it has executed a program since. */
static void executing_ends_it(struct kunit *test)
{
	const struct cred *first = persona_cred(test, &(struct persona) { .uid = 5 });
	struct actor *actor = actor_start(test, first);
	struct ntimp_tracker *tracker = track(test, actor->task, LEVEL);

	actor->task->self_exec_id++;
	expect_look(test, tracker, NULL, true);
	KUNIT_EXPECT_PTR_EQ(test, first, tracker->seen);
	actor->task->self_exec_id--;
	expect_look(test, tracker, NULL, false);
}

static void exiting_ends_it(struct kunit *test)
{
	const struct cred *first = persona_cred(test, &(struct persona) { .uid = 5 });
	struct actor *actor = actor_start(test, first);
	struct ntimp_tracker *tracker = track(test, actor->task, LEVEL);

	actor_exit(actor);
	expect_look(test, tracker, NULL, true);
	expect_look(test, tracker, NULL, true);
	KUNIT_EXPECT_PTR_EQ(test, first, tracker->seen);
}

/* Overrides of the kernel's own are not the thread's doing. */
static void foreign_override_is_not_followed(struct kunit *test)
{
	const struct cred *first = persona_cred(test, &(struct persona) { .uid = 5, CAPS(6) });
	const struct cred *less = persona_cred(test, &(struct persona) { .uid = 5, CAPS(2) });
	struct actor *actor = actor_start(test, first);
	struct ntimp_tracker *tracker = track(test, actor->task, LEVEL);

	actor_do(actor, act_wear, (void *)less);
	KUNIT_EXPECT_EQ(test, (long)-EBUSY, PTR_ERR(ntimp_track(actor->task, LEVEL)));
	expect_look(test, tracker, NULL, true);
	actor_do(actor, act_wear, NULL);
	expect_look(test, tracker, NULL, false);
}

struct level_row {
	const char *name;
	unsigned int worn;
	unsigned int level;
	bool followed;
};

static const struct level_row level_rows[] = {
	{ "anonymous, worn at impersonation", 2, 0, true },
	{ "impersonation, worn at it", 2, 2, true },
	{ "impersonation, worn at delegation", 3, 2, true },
	{ "delegation, worn at impersonation", 2, 3, false },
	{ "delegation, worn at it", 3, 3, true },
};

ROWS(level);

/* A client that impersonates lets nobody go further than it went itself. */
static void ceiling_is_kept(struct kunit *test)
{
	static const struct persona client = { .uid = 5, .gid = 5, CAPS(CAPS_SETIDS) };
	const struct level_row *row = test->param_value;
	struct ntimp_context *ctx = persona_context(test, &client, row->worn);
	struct actor *actor = actor_start(test, persona_cred(test, &client));
	struct ntimp_tracker *tracker = track(test, actor->task, row->level);
	const struct cred *seen;

	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_impersonate, ctx));
	seen = ntimp_track_look(tracker);
	KUNIT_EXPECT_EQ(test, row->followed, !!seen);
	KUNIT_EXPECT_EQ(test, !row->followed, tracker->stale);
	if (seen) {
		KUNIT_EXPECT_TRUE(test, ntimp_cred_is_applied(seen));
		put_cred(seen);
	}
	actor_do(actor, act_revert, NULL);
}

/* A mark below Impersonation, whatever the context's level is. */
static void low_levels_are_not_followed(struct kunit *test)
{
	static const struct persona client = { .uid = 5, .gid = 5, CAPS(CAPS_SETIDS) };
	struct ntimp_context *ctx = persona_context(test, &client, LEVEL);
	struct actor *actor = actor_start(test, persona_cred(test, &client));
	struct ntimp_tracker *tracker = track(test, actor->task, NTIMP_LEVEL_ANONYMOUS);

	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_impersonate, ctx));
	ntimp_context_end(ctx->lease, true);
	expect_look(test, tracker, NULL, true);
	actor_do(actor, act_revert, NULL);
	expect_look(test, tracker, NULL, false);
}

static void ending_nothing_does_nothing(struct kunit *test)
{
	ntimp_track_end(NULL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(changes, follow_gen_params),
	KUNIT_CASE(references_are_kept),
	KUNIT_CASE(executing_ends_it),
	KUNIT_CASE(exiting_ends_it),
	KUNIT_CASE(foreign_override_is_not_followed),
	KUNIT_CASE_PARAM(ceiling_is_kept, level_gen_params),
	KUNIT_CASE(low_levels_are_not_followed),
	KUNIT_CASE(ending_nothing_does_nothing),
	{}
};

struct kunit_suite ntimp_track_suite = {
	.name = "track",
	.test_cases = cases,
};
