// SPDX-License-Identifier: GPL-2.0-only
/* Who a task acts as, in each state that it can be in. */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/rcupdate.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "actor.h"
#include "contexts.h"
#include "defer.h"
#include "parts.h"
#include "rows.h"
#include "suites.h"

/* What a task wears on top of what it wears already, without our help. */
enum over { NOTHING, FOREIGN, COPY, ITSELF };

enum who { PRIMARY, APPLIED, UNKNOWN };

struct state_row {
	const char *name;
	bool impersonate;
	bool close;
	enum over over;
	bool impersonating;
	enum who acts_as;
};

static const struct state_row state_rows[] = {
	{ "itself", false, false, NOTHING, false, PRIMARY },
	{ "inside a foreign override", false, false, FOREIGN, false, UNKNOWN },
	{ "inside an override by a copy of an applied cred", false, false, COPY, true, UNKNOWN },
	{ "inside an override by its primary", false, false, ITSELF, false, PRIMARY },
	{ "impersonating", true, false, NOTHING, true, APPLIED },
	{ "impersonating inside a foreign override", true, false, FOREIGN, false, UNKNOWN },
	{ "impersonating inside an override by a copy", true, false, COPY, true, UNKNOWN },
	{ "impersonating inside an override by its primary", true, false, ITSELF, false, PRIMARY },
	{ "impersonating, the context closed", true, true, NOTHING, true, APPLIED },
	{ "impersonating, the context closed, inside a foreign override", true, true, FOREIGN,
	  false, UNKNOWN },
};

ROWS(state);

static const struct persona server = { .permitted = CAPS_ALL };
static const struct persona client = { .uid = 1001, .gid = 2001 };
static const struct persona third = { .uid = 1003, .gid = 2003 };

struct state {
	const struct state_row *row;
	struct ntimp_context *ctx;
	const struct cred *over;
	const struct cred *worn;
	struct actor *actor;
};

static struct state *state_make(struct kunit *test)
{
	const struct state_row *row = test->param_value;
	const struct ntimp_qos qos = { .level = NTIMP_LEVEL_IMPERSONATION };
	struct state *state = kunit_kzalloc(test, sizeof(*state), GFP_KERNEL);
	const struct cred *foreign = persona_cred(test, &third);
	const struct cred *client_cred = persona_cred(test, &client);

	KUNIT_ASSERT_NOT_NULL(test, state);
	state->row = row;
	if (row->over == COPY)
		state->over = copied_cred(test, applied_cred(test, foreign, client_cred,
							     NTIMP_LEVEL_IMPERSONATION));
	else if (row->over == FOREIGN)
		state->over = foreign;

	/* One that is closed in the middle of the case can't be left to its end. */
	state->ctx = row->close ?
		ntimp_context_create(NTIMP_SOURCE_IDS, &qos, get_cred(client_cred)) :
		persona_context(test, &client, NTIMP_LEVEL_IMPERSONATION);
	KUNIT_ASSERT_FALSE(test, IS_ERR(state->ctx));
	return state;
}

static int state_enter(void *part)
{
	struct state *state = part;
	const struct cred *over = state->row->over == ITSELF ? current_real_cred() : state->over;
	int err = 0;

	if (state->row->impersonate)
		err = ntimp_impersonate(state->ctx);
	if (state->row->close)
		ntimp_context_put(state->ctx);
	if (over)
		state->worn = override_creds(over);
	return err;
}

static int state_leave(void *part)
{
	struct state *state = part;

	if (state->worn)
		revert_creds(state->worn);
	return ntimp_revert();
}

/* Before it exits: inside an override it would not end its impersonation. */
static void undo_state(const void *state)
{
	actor_do(((const struct state *)state)->actor, state_leave, (void *)state);
}

static void acts_as_another(struct kunit *test)
{
	const struct state_row *row = test->param_value;
	struct state *state = state_make(test);
	const struct cred *servers = persona_cred(test, &server);
	const struct cred *primary, *subjective, *cred;
	long primaries, subjectives;
	struct task_struct *task;

	state->actor = actor_start(test, servers);
	defer(test, undo_state, state);
	KUNIT_ASSERT_EQ(test, 0, actor_do(state->actor, state_enter, state));
	task = state->actor->task;
	/* It waits: what it wears stays. */
	primary = rcu_access_pointer(task->real_cred);
	subjective = rcu_access_pointer(task->cred);
	KUNIT_ASSERT_PTR_EQ(test, servers, primary);
	primaries = cred_usage(primary);
	subjectives = cred_usage(subjective);

	cred = ntimp_cred_of_task(task);
	switch (row->acts_as) {
	case PRIMARY:
		KUNIT_EXPECT_PTR_EQ(test, primary, cred);
		KUNIT_EXPECT_EQ(test, primaries + 1, cred_usage(primary));
		break;
	case APPLIED:
		KUNIT_EXPECT_PTR_NE(test, primary, cred);
		KUNIT_EXPECT_PTR_EQ(test, subjective, cred);
		KUNIT_EXPECT_EQ(test, primaries, cred_usage(primary));
		KUNIT_EXPECT_EQ(test, subjectives + 1, cred_usage(subjective));
		KUNIT_EXPECT_EQ(test, 1001U, __kuid_val(subjective->fsuid));
		break;
	case UNKNOWN:
		KUNIT_EXPECT_EQ(test, (long)-EBUSY, PTR_ERR(cred));
		KUNIT_EXPECT_EQ(test, primaries, cred_usage(primary));
		KUNIT_EXPECT_EQ(test, subjectives, cred_usage(subjective));
		break;
	}
	if (!IS_ERR(cred))
		put_cred(cred);
}

/* The current thread knows what it wears, and that it won't change. */
static void acts_as_itself(struct kunit *test)
{
	const struct state_row *row = test->param_value;
	struct state *state = state_make(test);
	const struct cred *primary, *subjective, *cred;
	bool impersonating;
	long before, after;
	int err;

	primary = persona_become(test, &server);
	err = state_enter(state);
	subjective = current_cred();
	impersonating = ntimp_impersonating();
	before = cred_usage(subjective);
	cred = ntimp_cred_of_task(current);
	after = cred_usage(subjective);
	if (!IS_ERR(cred))
		put_cred(cred);
	KUNIT_EXPECT_EQ(test, 0, state_leave(state));

	KUNIT_ASSERT_EQ(test, 0, err);
	KUNIT_EXPECT_EQ(test, row->impersonating, impersonating);
	KUNIT_EXPECT_PTR_EQ(test, subjective, cred);
	KUNIT_EXPECT_EQ(test, before + 1, after);
	KUNIT_EXPECT_EQ(test, row->acts_as == PRIMARY, subjective == primary);
	KUNIT_EXPECT_FALSE(test, ntimp_impersonating());
	KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
	KUNIT_EXPECT_PTR_EQ(test, primary, current_real_cred());
}

/* A primary with the mark can't be, but if it were, the thread would be itself. */
static void mark_alone_is_no_impersonation(struct kunit *test)
{
	struct persona marked = server;

	marked.securebits = NTIMP_SECUREBIT_APPLIED | 2 << NTIMP_SECUREBITS_LEVEL_SHIFT;
	persona_become(test, &marked);
	KUNIT_EXPECT_TRUE(test, ntimp_cred_is_applied(current_cred()));
	KUNIT_EXPECT_FALSE(test, ntimp_impersonating());
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(acts_as_another, state_gen_params),
	KUNIT_CASE_PARAM(acts_as_itself, state_gen_params),
	KUNIT_CASE(mark_alone_is_no_impersonation),
	{}
};

struct kunit_suite ntimp_cred_task_suite = {
	.name = "cred_task",
	.test_cases = cases,
};
