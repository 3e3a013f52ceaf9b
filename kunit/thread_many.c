// SPDX-License-Identifier: GPL-2.0-only
/* Several threads: each has an identity of its own, and drops what it held when it exits. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/rcupdate.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "actor.h"
#include "contexts.h"
#include "cpus.h"
#include "persona.h"
#include "pins.h"
#include "rows.h"
#include "suites.h"

#define THREADS_MAX	20
#define CONTEXTS_MAX	4

static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona alice = { .uid = 1001, .gid = 1001 };
static const struct persona bob = { .uid = 1002, .gid = 1002 };

/* Who an actor, which waits meanwhile, acts as. */
static const struct cred *acts_as(const struct actor *actor)
{
	return rcu_access_pointer(actor->task->cred);
}

static const struct cred *primary_of(const struct actor *actor)
{
	return rcu_access_pointer(actor->task->real_cred);
}

static void identity_is_per_thread(struct kunit *test)
{
	struct ntimp_context *a = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_context *b = persona_context(test, &bob, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *primary = persona_become(test, &server);
	struct actor *one = actor_start(test, primary), *other = actor_start(test, primary);

	KUNIT_ASSERT_EQ(test, 0, actor_do(one, act_impersonate, a));
	KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
	KUNIT_EXPECT_PTR_EQ(test, primary, acts_as(other));
	KUNIT_EXPECT_EQ(test, 1001U, __kuid_val(acts_as(one)->fsuid));

	KUNIT_ASSERT_EQ(test, 0, actor_do(other, act_impersonate, b));
	KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
	KUNIT_EXPECT_EQ(test, 1001U, __kuid_val(acts_as(one)->fsuid));
	KUNIT_EXPECT_EQ(test, 1002U, __kuid_val(acts_as(other)->fsuid));

	/* Who reverts does so for itself. */
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, 0, actor_do(one, act_revert, NULL));
	KUNIT_EXPECT_PTR_EQ(test, primary, acts_as(one));
	KUNIT_EXPECT_EQ(test, 1002U, __kuid_val(acts_as(other)->fsuid));
	KUNIT_EXPECT_PTR_EQ(test, primary, primary_of(other));
}

/* --- exit -------------------------------------------------------------------- */

struct exit_row {
	const char *name;
	const char *steps;	/* a, b: impersonate; r: revert */
	bool closed;		/* the contexts are, before the exit */
	int pins;		/* before the exit */
	long a;			/* references on what was applied: before the exit */
	long b;
};

/* One reference is the context's, another that of the case. */
static const struct exit_row exit_rows[] = {
	{ "as itself", "abr", false, 0, 2, 2 },
	{ "impersonating", "bra", false, 1, 3, 2 },
	{ "impersonating, after a replacement", "ab", false, 1, 2, 3 },
	{ "impersonating, after many", "abababa", false, 1, 3, 2 },
	{ "as itself, contexts closed", "abr", true, 0, 2, 2 },
	{ "impersonating, contexts closed", "ab", true, 1, 2, 3 },
};

ROWS(exit);

static void exit_drops_everything(struct kunit *test)
{
	const struct exit_row *row = test->param_value;
	struct ntimp_context *a = context_of(test, persona_cred(test, &alice));
	struct ntimp_context *b = context_of(test, persona_cred(test, &bob));
	struct actor *actor = actor_start(test, persona_cred(test, &server));
	const struct cred *of_a = NULL, *of_b = NULL;
	int before = pins(test);
	const char *step;

	for (step = row->steps; *step; step++) {
		const struct cred **of = *step == 'a' ? &of_a : &of_b;

		if (*step == 'r') {
			actor_do(actor, act_revert, NULL);
			continue;
		}
		KUNIT_EXPECT_EQ(test, 0, actor_do(actor, act_impersonate, *step == 'a' ? a : b));
		if (!*of)
			*of = keep_cred(test, get_cred(acts_as(actor)));
	}
	if (row->closed) {
		ntimp_context_put(a);
		ntimp_context_put(b);
	}
	KUNIT_EXPECT_EQ(test, row->pins, pins(test) - before);
	KUNIT_EXPECT_EQ(test, row->a, cred_usage(of_a));
	KUNIT_EXPECT_EQ(test, row->b, cred_usage(of_b));

	actor_exit(actor);
	KUNIT_EXPECT_EQ(test, before, pins(test));
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(of_a));
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(of_b));
	if (!row->closed) {
		ntimp_context_put(a);
		ntimp_context_put(b);
	}
}

/* --- at rest ----------------------------------------------------------------- */

/* Threads of a process have one primary, and so wear one cred on each CPU. */
static void threads_of_one_server_share(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *primary = persona_become(test, &server), *worn;
	struct actor *actors[8];
	int i, before = pins(test);

	for (i = 0; i < 8; i++) {
		actors[i] = actor_start(test, primary);
		KUNIT_ASSERT_EQ(test, 0, actor_do(actors[i], act_impersonate, ctx));
		KUNIT_EXPECT_EQ(test, i + 1, pins(test) - before);
	}
	worn = acts_as(actors[0]);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_PTR_EQ(test, worn, acts_as(actors[i]));
	KUNIT_EXPECT_EQ(test, 1, (int)ctx->nr_applied);
	KUNIT_EXPECT_EQ(test, 8L, ntimp_context_uses(ctx));
	/* Of the context and each actor; of us (2), what was applied and each actor (2). */
	KUNIT_EXPECT_EQ(test, 9L, cred_usage(worn));
	KUNIT_EXPECT_EQ(test, 19L, cred_usage(primary));

	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, 0, actor_do(actors[i], act_revert, NULL));
	KUNIT_EXPECT_EQ(test, before, pins(test));
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(worn));
	KUNIT_EXPECT_EQ(test, 19L, cred_usage(primary));
}

/* More servers than a context keeps creds for, and all of them wear theirs. */
static void servers_do_not_share(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *worn[THREADS_MAX];
	struct actor *actors[THREADS_MAX];
	int i, j, before = pins(test);

	for (i = 0; i < THREADS_MAX; i++) {
		actors[i] = actor_start(test, NULL);
		KUNIT_ASSERT_EQ(test, 0, actor_do(actors[i], act_impersonate, ctx));
		worn[i] = keep_cred(test, get_cred(acts_as(actors[i])));
	}
	KUNIT_EXPECT_EQ(test, 20, pins(test) - before);
	KUNIT_EXPECT_EQ(test, 20, (int)ctx->nr_applied);
	for (i = 0; i < THREADS_MAX; i++) {
		KUNIT_EXPECT_EQ(test, 3L, cred_usage(worn[i]));
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_PTR_NE(test, worn[i], worn[j]);
	}

	/* Half of them exit as the client, the others as themselves. */
	for (i = 0; i < THREADS_MAX; i++) {
		if (i % 2)
			KUNIT_EXPECT_EQ(test, 0, actor_do(actors[i], act_revert, NULL));
		else
			actor_exit(actors[i]);
		KUNIT_EXPECT_EQ(test, 19 - i, pins(test) - before);
		KUNIT_EXPECT_EQ(test, 2L, cred_usage(worn[i]));
	}
}

/* --- at once ----------------------------------------------------------------- */

struct crowd_row {
	const char *name;
	int threads;
	int contexts;
	bool share;	/* one primary */
	long rounds;
	long uses;	/* of each context, in the end */
};

static const struct crowd_row crowd_rows[] = {
	{ "one server, one context", 8, 1, true, 2000, 16000 },
	{ "one server, several contexts", 8, 4, true, 2000, 4000 },
	{ "several servers, one context", 8, 1, false, 2000, 16000 },
	{ "several servers, several contexts", 8, 4, false, 2000, 4000 },
	{ "more servers than there is room for", 20, 1, false, 200, 4000 },
	{ "more servers, several contexts", 20, 4, false, 200, 1000 },
};

ROWS(crowd);

struct crowd_part {
	const struct crowd_row *row;
	struct ntimp_context **contexts;
	const struct cred *primary;
	int number;
};

static bool is_client(const struct cred *cred, int number)
{
	return __kuid_val(cred->fsuid) == 3000 + number && cred != current_real_cred();
}

/* Now and then it reverts, mostly it replaces.  Returns how often it was not itself. */
static int act_crowd(void *data)
{
	const struct crowd_part *part = data;
	int wrong = 0;
	long i;

	for (i = 0; i < part->row->rounds; i++) {
		int number = (part->number + i) % part->row->contexts;

		wrong += ntimp_impersonate(part->contexts[number]) != 0;
		wrong += !is_client(current_cred(), number);
		cond_resched();
		wrong += !is_client(current_cred(), number);
		if (i % 3)
			continue;
		wrong += ntimp_revert() != 0;
		wrong += current_cred() != part->primary || current_real_cred() != part->primary;
	}
	return wrong;
}

static void crowd_is_in_order(struct kunit *test)
{
	const struct crowd_row *row = test->param_value;
	struct ntimp_context *contexts[CONTEXTS_MAX];
	const struct cred *primary = persona_become(test, &server);
	struct crowd_part parts[THREADS_MAX];
	struct actor *actors[THREADS_MAX];
	struct ntimp_applied *applied;
	int i, before;

	cpus_any();
	for (i = 0; i < row->contexts; i++)
		contexts[i] = persona_context(test, &(struct persona) { .uid = 3000 + i },
					      NTIMP_LEVEL_IMPERSONATION);
	for (i = 0; i < row->threads; i++) {
		actors[i] = actor_start(test, row->share ? primary : NULL);
		parts[i] = (struct crowd_part) { row, contexts, primary_of(actors[i]), i };
	}

	before = pins(test);
	for (i = 0; i < row->threads; i++)
		actor_begin(actors[i], act_crowd, &parts[i]);
	for (i = 0; i < row->threads; i++)
		KUNIT_EXPECT_EQ_MSG(test, 0, actor_end(actors[i]), "actor %d", i);
	/* The last round of each was no third one: they still impersonate. */
	KUNIT_EXPECT_EQ(test, row->threads, pins(test) - before);
	for (i = 0; i < row->threads; i++)
		KUNIT_EXPECT_EQ(test, 0, actor_do(actors[i], act_revert, NULL));

	KUNIT_EXPECT_EQ(test, before, pins(test));
	for (i = 0; i < row->contexts; i++) {
		KUNIT_EXPECT_EQ(test, row->uses, ntimp_context_uses(contexts[i]));
		list_for_each_entry(applied, &contexts[i]->applied, of_context)
			KUNIT_EXPECT_EQ(test, 1L, cred_usage(applied->cred));
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(identity_is_per_thread),
	KUNIT_CASE_PARAM(exit_drops_everything, exit_gen_params),
	KUNIT_CASE(threads_of_one_server_share),
	KUNIT_CASE(servers_do_not_share),
	KUNIT_CASE_PARAM(crowd_is_in_order, crowd_gen_params),
	{}
};

struct kunit_suite ntimp_thread_many_suite = {
	.name = "thread_many",
	.test_cases = cases,
};
