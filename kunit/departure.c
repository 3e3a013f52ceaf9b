// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever ends an identity that was put on by NT's routines, the front hears of it
 * at once, and nobody pays for that before it is used.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/ntimp.h>

#include <linux/nt/ntstatus.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "../ntimp/departure.h"
#include "../ntimp/thread.h"
#include "actor.h"
#include "contexts.h"
#include "nt_tokens.h"
#include "persona.h"
#include "pins.h"
#include "rows.h"
#include "suites.h"

static const struct persona alice = { .uid = 1001, .gid = 1001 };
static const struct persona bob = { .uid = 1002, .gid = 1002 };
/* Who no server that isn't root may act as. */
static const struct persona root = { .uid = 0 };
static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };

/* The first case, and its suite is before those of the front. */
static void not_watched_before_use(struct kunit *test)
{
	struct ntimp_context *a = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_context *b = persona_context(test, &bob, NTIMP_LEVEL_IMPERSONATION);
	struct actor *actor = actor_start(test, NULL);

	KUNIT_EXPECT_FALSE(test, static_key_enabled(&ntimp_departures_watched));
	KUNIT_EXPECT_EQ(test, 0, ntimp_impersonate(a));
	KUNIT_EXPECT_EQ(test, 0, ntimp_impersonate(b));
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 0, actor_do(actor, act_impersonate, a));
	actor_exit(actor);
	KUNIT_EXPECT_FALSE(test, static_key_enabled(&ntimp_departures_watched));
}

static struct ntimp_context *another(struct kunit *test)
{
	return persona_context(test, &bob, NTIMP_LEVEL_IMPERSONATION);
}

static void by_revert_of_the_device(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
}

static void by_revert_of_nt(struct kunit *test)
{
	PsRevertToSelf();
}

static void by_the_device(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0, ntimp_impersonate(another(test)));
}

static void by_the_device_downgraded(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, NTIMP_LEVEL_IDENTIFICATION,
			ntimp_impersonate_downgraded(persona_context(test, &root, 2)));
}

/* As the guards on core dumps and on exit do. */
static void by_a_guard(struct kunit *test)
{
	ntimp_thread_become_primary();
}

static void by_the_end_of_work(struct kunit *test)
{
	const struct cred *worn = get_current_cred();

	KUNIT_EXPECT_EQ(test, 0, ntimp_thread_finish(worn));
	put_cred(worn);
}

static void by_remote_revert(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert_task(current));
}

struct way_row {
	const char *name;
	void (*depart)(struct kunit *test);
	bool impersonates;	/* somebody else then */
};

static const struct way_row way_rows[] = {
	{ "NT's revert", by_revert_of_nt },
	{ "the device's revert", by_revert_of_the_device },
	{ "revert of a thread", by_remote_revert },
	{ "replaced by the device", by_the_device, true },
	{ "replaced by the device, downgraded", by_the_device_downgraded, true },
	{ "a guard", by_a_guard },
	{ "end of work", by_the_end_of_work },
};

ROWS(way);

static void every_way(struct kunit *test)
{
	const struct way_row *row = test->param_value;
	struct nt_token *token = token_made(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	SECURITY_IMPERSONATION_LEVEL level;
	int before;

	persona_become(test, &server);
	before = pins(test);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE, 2));
	KUNIT_EXPECT_TRUE(test, static_key_enabled(&ntimp_departures_watched));
	KUNIT_EXPECT_EQ(test, 2U, token_usage(token));
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	row->depart(test);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
	KUNIT_EXPECT_EQ(test, row->impersonates, ntimp_impersonating());
	KUNIT_EXPECT_PTR_NE(test, (PACCESS_TOKEN)token, token_now(&level));
	KUNIT_EXPECT_EQ(test, row->impersonates ? before + 1 : before, pins(test));
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

/* What doesn't end it leaves it alone. */
static void refused_replacement(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_context *x = persona_context(test, &root, NTIMP_LEVEL_IMPERSONATION);
	SECURITY_IMPERSONATION_LEVEL level = 7;

	persona_become(test, &server);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE, 2));
	KUNIT_EXPECT_EQ(test, -EPERM, ntimp_impersonate(x));
	KUNIT_EXPECT_EQ(test, -EBUSY,
			ntimp_impersonate_flags(x, NTIMP_IMPERSONATE_EXCLUSIVE));
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)token, token_now(&level));
	KUNIT_EXPECT_EQ(test, SecurityImpersonation, level);
	KUNIT_EXPECT_EQ(test, 2U, token_usage(token));
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

/* Threads with what one applied cred is worn by; each has its own reference. */
static void threads_depart_for_themselves(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct wish wish = { .token = token, .level = 2 };
	struct actor *actors[4];
	int i, before = pins(test);

	for (i = 0; i < 4; i++) {
		actors[i] = actor_start(test, NULL);
		KUNIT_ASSERT_EQ(test, 0, actor_do(actors[i], act_wish, &wish));
		KUNIT_EXPECT_EQ(test, i + 2U, token_usage(token));
	}
	KUNIT_EXPECT_EQ(test, before + 4, pins(test));
	KUNIT_EXPECT_EQ(test, 0, actor_do(actors[1], act_revert, NULL));
	KUNIT_EXPECT_EQ(test, 4U, token_usage(token));
	KUNIT_EXPECT_TRUE(test, PsIsThreadImpersonating(thread_of(actors[0])));
	KUNIT_EXPECT_FALSE(test, PsIsThreadImpersonating(thread_of(actors[1])));
	actor_exit(actors[0]);
	KUNIT_EXPECT_EQ(test, 3U, token_usage(token));
	actor_exit(actors[2]);
	KUNIT_EXPECT_EQ(test, 0, actor_do(actors[3], act_revert_to_self, NULL));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(not_watched_before_use),
	KUNIT_CASE_PARAM(every_way, way_gen_params),
	KUNIT_CASE(refused_replacement),
	KUNIT_CASE(threads_depart_for_themselves),
	{}
};

struct kunit_suite ntimp_departure_suite = {
	.name = "departure",
	.test_cases = cases,
};
