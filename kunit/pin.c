// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins: while a context is open it keeps the module, and threads are only counted;
 * when none is, the module has one reference for all of them.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/module.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "../ntimp/pin.h"
#include "actor.h"
#include "contexts.h"
#include "cpus.h"
#include "persona.h"
#include "pins.h"
#include "rows.h"
#include "suites.h"

static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona alice = { .uid = 1001, .gid = 1001 };

/* What the module's own count has beyond what it has at rest. */
static int held(struct kunit *test, int at_rest)
{
	return module_refcount(pins_module(test)) - at_rest;
}

static int at_rest(struct kunit *test)
{
	KUNIT_ASSERT_TRUE(test, ntimp_pins_alone);
	KUNIT_ASSERT_FALSE(test, ntimp_pins_held);
	KUNIT_ASSERT_EQ(test, 0L, ntimp_pin_count());
	return module_refcount(pins_module(test));
}

static struct ntimp_context *open_context(struct kunit *test)
{
	return context_of(test, persona_cred(test, &alice));
}

struct life_row {
	const char *name;
	/*
	 * o: open a context; u: one that isn't counted; c: close the last one opened;
	 * 1, 2: the first, second thread impersonates; !, @: it reverts; x: the
	 * second one exits
	 */
	const char *steps;
	const char *counted;	/* after each step: threads */
	const char *held;	/* and references on the module */
};

static const struct life_row life_rows[] = {
	{ "a context", "oc", "00", "00" },
	{ "one thread", "o1!c", "0100", "0000" },
	{ "closed while worn", "o1c!", "0110", "0010" },
	{ "closed while two wear it", "o12c!@", "012210", "000110" },
	{ "closed while two wear it, the other way round", "o12c@!", "012210", "000110" },
	{ "two contexts, one closed", "oo1c!c", "001100", "000000" },
	{ "two contexts, both closed", "oo1cc!", "001110", "000010" },
	{ "opened again while worn", "o1co!c", "011100", "001000" },
	{ "opened and closed again while worn", "o1coc!", "011110", "001010" },
	{ "opened again, worn by another, too", "o1co2!c@", "01112110", "00100010" },
	{ "exit with a context open", "o2xc", "0100", "0000" },
	{ "exit with none", "o2cx", "0110", "0010" },
	{ "exit of one of two", "o12cx!", "012210", "000110" },
	{ "not counted", "u1!c", "0100", "0100" },
	{ "not counted, closed while worn", "u1c!", "0110", "0110" },
	{ "not counted, exit", "u2xc", "0100", "0100" },
	{ "not counted, then one that is", "u1oc!c", "011100", "010100" },
	{ "replaced by one that isn't counted", "o1u1cc!", "0111110", "0000010" },
};

ROWS(life);

static void life(struct kunit *test)
{
	const struct life_row *row = test->param_value;
	struct actor *actor = actor_start(test, persona_cred(test, &server));
	struct ntimp_context *open[2];
	int i, opened = 0, counted = 0, rest = at_rest(test);

	persona_become(test, &server);
	for (i = 0; row->steps[i]; i++) {
		int err = 0;

		switch (row->steps[i]) {
		case 'o':
			open[opened++] = open_context(test);
			counted++;
			break;
		case 'u':
			open[opened] = open_context(test);
			ntimp_context_uncount(open[opened++]);
			break;
		case 'c':
			counted -= ntimp_context_is_counted(open[--opened]);
			ntimp_context_put(open[opened]);
			break;
		case '1':
			err = ntimp_impersonate(open[opened - 1]);
			break;
		case '2':
			err = actor_do(actor, act_impersonate, open[opened - 1]);
			break;
		case '!':
			err = ntimp_revert();
			break;
		case '@':
			err = actor_do(actor, act_revert, NULL);
			break;
		case 'x':
			actor_exit(actor);
			break;
		}
		KUNIT_EXPECT_EQ_MSG(test, 0, err, "step %d", i);
		KUNIT_EXPECT_EQ_MSG(test, (long)(row->counted[i] - '0'), ntimp_pin_count(),
				    "step %d", i);
		KUNIT_EXPECT_EQ_MSG(test, row->held[i] - '0', held(test, rest), "step %d", i);
		KUNIT_EXPECT_EQ_MSG(test, row->held[i] != '0', ntimp_pins_held, "step %d", i);
		KUNIT_EXPECT_EQ_MSG(test, !counted, ntimp_pins_alone, "step %d", i);
	}
	KUNIT_EXPECT_EQ(test, rest, at_rest(test));
}

struct move_row {
	const char *name;
	bool closed;	/* the context is, in between */
};

static const struct move_row move_rows[] = {
	{ "context open", false },
	{ "context closed", true },
};

ROWS(move);

/* Each CPU's count alone means nothing. */
static void reverts_on_another_cpu(struct kunit *test)
{
	const struct move_row *row = test->param_value;
	int i, first = cpus_nth(test, 0), second = cpus_nth(test, 1), rest = at_rest(test);
	long on_first = per_cpu(ntimp_pins, first), on_second = per_cpu(ntimp_pins, second);
	struct ntimp_context *ctx;

	persona_become(test, &server);
	for (i = 1; i <= 3; i++) {
		ctx = open_context(test);
		cpus_go(test, 0);
		KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
		KUNIT_EXPECT_EQ(test, on_first + i, per_cpu(ntimp_pins, first));
		if (row->closed)
			ntimp_context_put(ctx);
		KUNIT_EXPECT_EQ(test, row->closed, held(test, rest));

		cpus_go(test, 1);
		KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
		KUNIT_EXPECT_EQ(test, on_first + i, per_cpu(ntimp_pins, first));
		KUNIT_EXPECT_EQ(test, on_second - i, per_cpu(ntimp_pins, second));
		KUNIT_EXPECT_EQ(test, 0L, ntimp_pin_count());
		KUNIT_EXPECT_EQ(test, 0, held(test, rest));
		if (!row->closed)
			ntimp_context_put(ctx);
	}
	KUNIT_EXPECT_EQ(test, rest, at_rest(test));
}

/* With no context open, pins may only become fewer: what is put aside keeps its own. */
static void aside_keeps_its_pin(struct kunit *test)
{
	struct ntimp_context *ctx = open_context(test);
	struct ntimp_aside aside, second;
	int rest;

	ntimp_context_put(ctx);
	rest = at_rest(test);
	ctx = open_context(test);
	persona_become(test, &server);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	KUNIT_ASSERT_TRUE(test, ntimp_disable(&aside));
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	ntimp_context_put(ctx);
	KUNIT_EXPECT_EQ(test, 2L, ntimp_pin_count());
	KUNIT_EXPECT_EQ(test, 1, held(test, rest));

	/* Replaces what is worn, whose pin goes. */
	KUNIT_EXPECT_TRUE(test, ntimp_restore(&aside));
	KUNIT_EXPECT_EQ(test, 1L, ntimp_pin_count());
	KUNIT_ASSERT_TRUE(test, ntimp_disable(&second));
	KUNIT_EXPECT_EQ(test, 1L, ntimp_pin_count());
	KUNIT_EXPECT_TRUE(test, ntimp_restore(&second));
	KUNIT_EXPECT_EQ(test, 1L, ntimp_pin_count());
	KUNIT_EXPECT_EQ(test, 1, held(test, rest));
	KUNIT_ASSERT_TRUE(test, ntimp_disable(&second));
	ntimp_forget(&second);
	KUNIT_EXPECT_EQ(test, rest, at_rest(test));
}

#define ROUNDS	1000

/* Contexts come and go all the time, so that it is settled over and over. */
static int act_open_and_close(void *client)
{
	const struct ntimp_qos qos = { .level = NTIMP_LEVEL_IMPERSONATION };
	int i;

	for (i = 0; i < ROUNDS; i++) {
		struct ntimp_context *ctx;

		ctx = ntimp_context_create(NTIMP_SOURCE_IDS, &qos, get_cred(client));
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
		if (!(i % 2) && ntimp_impersonate(ctx))
			return -EPROTO;
		ntimp_context_put(ctx);
		if (ntimp_revert())
			return -EPROTO;
		cond_resched();
	}
	return 0;
}

static void settles_under_way(struct kunit *test)
{
	const struct cred *client = persona_cred(test, &alice);
	struct actor *actors[4];
	int i, rest = at_rest(test);

	for (i = 0; i < ARRAY_SIZE(actors); i++) {
		cpus_go(test, i % 2);
		actors[i] = actor_start(test, NULL);
	}
	for (i = 0; i < ARRAY_SIZE(actors); i++)
		actor_begin(actors[i], act_open_and_close, (void *)client);
	for (i = 0; i < ARRAY_SIZE(actors); i++)
		KUNIT_EXPECT_EQ(test, 0, actor_end(actors[i]));
	KUNIT_EXPECT_EQ(test, rest, at_rest(test));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(life, life_gen_params),
	KUNIT_CASE_PARAM(reverts_on_another_cpu, move_gen_params),
	KUNIT_CASE(aside_keeps_its_pin),
	KUNIT_CASE(settles_under_way),
	{}
};

struct kunit_suite ntimp_pin_suite = {
	.name = "pin",
	.test_cases = cases,
};
