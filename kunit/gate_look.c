// SPDX-License-Identifier: GPL-2.0-only
/* Who may make a context from bare ids, and who may ask who another thread is. */
#include <kunit/test.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/sched.h>

#include "../ntimp/compat.h"
#include "../ntimp/gate.h"
#include "actor.h"
#include "persona.h"
#include "places.h"
#include "rows.h"
#include "suites.h"

/**
 * struct look_row - one who asks, and the other thread
 * @name: what is special
 * @expected: what the gate says
 * @looker: primary of the one who asks
 * @looker_odd: the one id that is another
 * @looker_in: its user namespace
 * @other: the other thread's primary
 * @other_odd: the one id that is another
 * @other_in: its user namespace
 * @worn: what the other thread wears, if @wears
 * @worn_in: the user namespace of that
 * @wears: it wears something
 */
struct look_row {
	const char *name;
	int expected;
	struct persona looker;
	struct odd_id looker_odd;
	enum place looker_in;
	struct persona other;
	struct odd_id other_odd;
	enum place other_in;
	struct persona worn;
	enum place worn_in;
	bool wears;
};

static const struct odd_id none_odd;

#define L(...)		L_AS(1000, 1000, ##__VA_ARGS__)
#define L_AS(u, g, ...)	.looker = { .uid = (u), .gid = (g), ##__VA_ARGS__ }
#define O(...)		O_AS(1001, 1001, ##__VA_ARGS__)
#define O_AS(u, g, ...)	.other = { .uid = (u), .gid = (g), ##__VA_ARGS__ }
#define W_AS(u, g, ...)	.worn = { .uid = (u), .gid = (g), ##__VA_ARGS__ }, .wears = true
#define CAPS(caps)	.permitted = (caps)

#define SETUID_ONLY	CAP_BIT(CAP_SETUID)
#define SETGID_ONLY	CAP_BIT(CAP_SETGID)
#define PTRACE		CAP_BIT(CAP_SYS_PTRACE)
#define THREE		(CAPS_SETIDS | PTRACE)

/* Makers have no client yet, only a user namespace of their own. */
static const struct look_row logon_rows[] = {
	{ "none", -EPERM, L() },
	{ "CAP_SETUID", -EPERM, L(CAPS(SETUID_ONLY)) },
	{ "CAP_SETGID", -EPERM, L(CAPS(SETGID_ONLY)) },
	{ "both", 0, L(CAPS(CAPS_SETIDS)) },
	{ "both, not effective", -EPERM, L(CAPS(CAPS_SETIDS), .inactive = CAPS_SETIDS) },
	{ "both, CAP_SETUID not effective", -EPERM, L(CAPS(CAPS_SETIDS), .inactive = SETUID_ONLY) },
	{ "both, CAP_SETGID not effective", -EPERM, L(CAPS(CAPS_SETIDS), .inactive = SETGID_ONLY) },
	{ "both, inheritable only", -EPERM, L(.inheritable = CAPS_SETIDS) },
	{ "all", 0, L(CAPS(CAPS_ALL)) },
	{ "all but both", -EPERM, L(CAPS(CAPS_ALL & ~CAPS_SETIDS)) },
	{ "root without", -EPERM, L_AS(0, 0) },
	{ "root with both", 0, L_AS(0, 0, CAPS(CAPS_SETIDS)) },
	{ "in a child, none", -EPERM, L_AS(101000, 101000), .looker_in = OTHERS },
	{ "in a child, CAP_SETUID", -EPERM, L_AS(101000, 101000, CAPS(SETUID_ONLY)),
	  .looker_in = OTHERS },
	{ "in a child, both", 0, L_AS(101000, 101000, CAPS(CAPS_SETIDS)), .looker_in = OTHERS },
	{ "in a child, its root without", -EPERM, L_AS(100000, 100000), .looker_in = OTHERS },
	{ "in a child, its owner without", -EPERM, L(), .looker_in = OWN },
	{ "in a grandchild, both", 0, L_AS(110500, 110500, CAPS(CAPS_SETIDS)),
	  .looker_in = OWN_CHILD },
	{ "in a child without ids, both", 0, L(CAPS(CAPS_SETIDS)), .looker_in = EMPTY },
};

static const struct look_row look_rows[] = {
	{ "none", -EPERM, L(), O() },
	{ "CAP_SETUID and for ptrace", -EPERM, L(CAPS(SETUID_ONLY | PTRACE)), O() },
	{ "CAP_SETGID and for ptrace", -EPERM, L(CAPS(SETGID_ONLY | PTRACE)), O() },
	{ "for ptrace only", -EPERM, L(CAPS(PTRACE)), O() },
	{ "both only", -EPERM, L(CAPS(CAPS_SETIDS)), O() },
	{ "three", 0, L(CAPS(THREE)), O() },
	{ "three, other is root with all", 0, L(CAPS(THREE)), O_AS(0, 0, CAPS(CAPS_ALL)) },
	{ "three, none effective", -EPERM, L(CAPS(THREE), .inactive = THREE), O() },
	{ "three, CAP_SETUID not effective", -EPERM, L(CAPS(THREE), .inactive = SETUID_ONLY), O() },
	{ "three, CAP_SETGID not effective", -EPERM, L(CAPS(THREE), .inactive = SETGID_ONLY), O() },
	{ "three, for ptrace not effective", -EPERM, L(CAPS(THREE), .inactive = PTRACE), O() },
	{ "root without", -EPERM, L_AS(0, 0), O() },

	{ "same ids, none", -EPERM, L(), O_AS(1000, 1000) },
	{ "same ids, for ptrace only", -EPERM, L(CAPS(PTRACE)), O_AS(1000, 1000) },
	{ "same ids, both", 0, L(CAPS(CAPS_SETIDS)), O_AS(1000, 1000) },
	{ "same ids, both, not effective", -EPERM, L(CAPS(CAPS_SETIDS), .inactive = CAPS_SETIDS),
	  O_AS(1000, 1000) },
	{ "same ids, both, as the other", 0, L(CAPS(CAPS_SETIDS)),
	  O_AS(1000, 1000, CAPS(CAPS_SETIDS)) },
	{ "same ids, other has more", -EPERM, L(CAPS(CAPS_SETIDS)),
	  O_AS(1000, 1000, CAPS(PTRACE)) },
	{ "same ids, other has more, three", 0, L(CAPS(THREE)), O_AS(1000, 1000, CAPS(CAPS_ALL)) },
	{ "same user, other group, both", -EPERM, L(CAPS(CAPS_SETIDS)), O_AS(1000, 1001) },
	{ "same group, other user, both", -EPERM, L(CAPS(CAPS_SETIDS)), O_AS(1001, 1000) },
	{ "same ids, other saved user, both", -EPERM, L(CAPS(CAPS_SETIDS)), O_AS(1000, 1000),
	  .other_odd = ODD(suid, 0) },
	{ "same ids, other saved user, three", 0, L(CAPS(THREE)), O_AS(1000, 1000),
	  .other_odd = ODD(suid, 0) },

	{ "looker's for files are the other's ids", 0, L_AS(1000, 1001, CAPS(CAPS_SETIDS)),
	  .looker_odd = ODD(fsuid, 1001), O() },
	{ "looker's for files are not the other's ids", -EPERM, L(CAPS(CAPS_SETIDS)),
	  .looker_odd = ODD(fsuid, 1001), O_AS(1000, 1000) },
	{ "same ids, other has what is not effective", -EPERM,
	  L(CAPS(CAPS_SETIDS | BIT(1)), .inactive = BIT(1)), O_AS(1000, 1000, CAPS(BIT(1))) },

	{ "other in a child, none", -EPERM, L(), O_AS(101001, 101001), .other_in = OTHERS },
	{ "other in a child, three", 0, L(CAPS(THREE)), O_AS(101001, 101001), .other_in = OTHERS },
	{ "other in a child, both", -EPERM, L(CAPS(CAPS_SETIDS)), O_AS(101001, 101001),
	  .other_in = OTHERS },
	{ "other in a child, its owner", 0, L(), O_AS(101001, 101001, CAPS(CAPS_ALL)),
	  .other_in = OWN },
	{ "other in a child, same ids, both", -EPERM, L(CAPS(CAPS_SETIDS)), O_AS(1000, 1000),
	  .other_in = OTHERS },
	{ "other in the parent, all", -EPERM, L_AS(101000, 101000, CAPS(CAPS_ALL)),
	  .looker_in = OWN, O() },
	{ "other in the parent, same ids, all", -EPERM, L_AS(101000, 101000, CAPS(CAPS_ALL)),
	  .looker_in = OWN, O_AS(101000, 101000) },
	{ "other in a sibling, all", -EPERM, L_AS(101000, 101000, CAPS(CAPS_ALL)), .looker_in = OWN,
	  O_AS(101001, 101001), .other_in = OWN_TOO },
	{ "both in a child, three", 0, L_AS(101000, 101000, CAPS(THREE)), .looker_in = OWN,
	  O_AS(101001, 101001), .other_in = OWN },
	{ "both in a child, none", -EPERM, L_AS(101000, 101000), .looker_in = OWN,
	  O_AS(101001, 101001), .other_in = OWN },

	{ "other wears less", -EPERM, L(CAPS(CAPS_SETIDS)), O_AS(0, 0, CAPS(CAPS_ALL)),
	  W_AS(1000, 1000) },
	{ "other wears more", 0, L(CAPS(CAPS_SETIDS)), O_AS(1000, 1000),
	  W_AS(0, 0, CAPS(CAPS_ALL)) },
	{ "other wears one of the looker's child", -EPERM, L(CAPS(PTRACE)), O(),
	  W_AS(101001, 101001), .worn_in = OWN },
	{ "other is of the looker's child, wears one of home", 0, L(), O_AS(101001, 101001),
	  .other_in = OWN, W_AS(0, 0) },
};

ROWS(logon);
ROWS(look);

static const struct persona nobody = { .uid = 65534, .gid = 65534 };

/* Who asks is not whom the thread is, nor whom it wears. */
static void logon(struct kunit *test)
{
	const struct look_row *row = test->param_value;
	const struct cred *maker, *root;
	struct places places = {};

	maker = place_cred(test, &places, row->looker_in, &row->looker, &row->looker_odd);
	root = persona_cred(test, &(struct persona) { CAPS(CAPS_ALL) });

	KUNIT_EXPECT_EQ_MSG(test, row->expected, ntimp_gate_logon(maker), "asked by root");
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(maker));

	persona_become(test, &nobody);
	KUNIT_EXPECT_EQ_MSG(test, row->expected, ntimp_gate_logon(maker), "asked by nobody");
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(maker));

	compat_wear(root);
	KUNIT_EXPECT_EQ_MSG(test, row->expected, ntimp_gate_logon(maker),
			    "asked by nobody, who wears root");
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(maker));
	KUNIT_EXPECT_PTR_EQ(test, root, current_cred());
	compat_wear_off();
}

static void expect_look(struct kunit *test, const struct cred *looker, struct task_struct *task,
			const char *asker)
{
	const struct look_row *row = test->param_value;
	const struct cred *primary = rcu_access_pointer(task->real_cred);
	const struct cred *others = rcu_access_pointer(task->cred);
	const struct cred *worn = current_cred();

	KUNIT_EXPECT_EQ_MSG(test, row->expected, ntimp_gate_look(looker, task),
			    "asked by %s", asker);
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(looker));
	/* The case's, and two of the other thread. */
	KUNIT_EXPECT_EQ(test, 3L, cred_usage(primary));
	if (row->wears)
		KUNIT_EXPECT_EQ(test, 2L, cred_usage(others));
	KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
}

static void look(struct kunit *test)
{
	const struct look_row *row = test->param_value;
	const struct cred *looker, *primary, *worn, *root;
	struct places places = {};
	struct actor *actor;

	looker = place_cred(test, &places, row->looker_in, &row->looker, &row->looker_odd);
	primary = place_cred(test, &places, row->other_in, &row->other, &row->other_odd);
	actor = actor_start(test, primary);
	if (row->wears) {
		worn = place_cred(test, &places, row->worn_in, &row->worn, &none_odd);
		actor_do(actor, act_wear, (void *)worn);
	}
	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_be_process, NULL));
	root = persona_cred(test, &(struct persona) { CAPS(CAPS_ALL) });

	expect_look(test, looker, actor->task, "root");
	persona_become(test, &nobody);
	expect_look(test, looker, actor->task, "nobody");
	compat_wear(root);
	expect_look(test, looker, actor->task, "nobody, who wears root");
	compat_wear_off();
	actor_do(actor, act_wear, NULL);
}

/* A thread may always ask about its own process, as it could read all of its memory. */
static void look_at_oneself(struct kunit *test)
{
	const struct cred *looker = persona_cred(test, &nobody);
	const struct cred *client = persona_cred(test, &(struct persona) { CAPS(CAPS_ALL) });
	const struct cred *primary = persona_become(test, &nobody);
	long usage = cred_usage(primary);

	KUNIT_EXPECT_EQ(test, 0, ntimp_gate_look(primary, current));
	KUNIT_EXPECT_EQ(test, 0, ntimp_gate_look(looker, current));
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(looker));
	KUNIT_EXPECT_EQ(test, usage, cred_usage(primary));

	compat_wear(client);
	KUNIT_EXPECT_EQ(test, 0, ntimp_gate_look(looker, current));
	compat_wear_off();
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(logon, logon_gen_params),
	KUNIT_CASE_PARAM(look, look_gen_params),
	KUNIT_CASE(look_at_oneself),
	{}
};

struct kunit_suite ntimp_gate_look_suite = {
	.name = "gate_look",
	.suite_init = actor_hold_memory,
	.suite_exit = actor_drop_memory,
	.test_cases = cases,
};
