// SPDX-License-Identifier: GPL-2.0-only
/* Threads: identities put on and taken off, and everything that is counted meanwhile. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/rcupdate.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "contexts.h"
#include "persona.h"
#include "pins.h"
#include "rows.h"
#include "suites.h"

static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona alice = { .uid = 1001, .gid = 1001 };
static const struct persona bob = { .uid = 1002, .gid = 1002 };
/* Who no server that isn't root may act as. */
static const struct persona root = { .uid = 0 };

/* What was made of a context last; no reference is taken. */
static const struct cred *applied(struct ntimp_context *ctx)
{
	struct ntimp_applied *recent;
	const struct cred *cred;

	rcu_read_lock();
	recent = rcu_dereference(ctx->recent);
	cred = recent ? recent->cred : NULL;
	rcu_read_unlock();
	return cred;
}

static long applied_usage(struct ntimp_context *ctx)
{
	const struct cred *cred = applied(ctx);

	return cred ? cred_usage(cred) : 0;
}

/*
 * The server has two references on its primary, the objective and the
 * subjective one, which it keeps while it wears something else, and each cred applied
 * for it has another; one on an applied cred is the context's.
 */
struct step_row {
	const char *name;
	/*
	 * a, b: impersonate; x: the gate refuses; l: below Impersonation; L: and
	 * the gate would refuse; r: revert
	 */
	const char *steps;
	int err;	/* of the last step; the others succeed, or it is x */
	char worn;	/* at the end: a, b, l, L or r */
	int pins;
	long primary;
	long a;
	long b;
	long uses_a;
	long uses_b;
};

static const struct step_row step_rows[] = {
	{ "on", "a", 0, 'a', 1, 3, 2, 0, 1, 0 },
	{ "on and off", "ar", 0, 'r', 0, 3, 1, 0, 1, 0 },
	{ "the same again", "aa", 0, 'a', 1, 3, 2, 0, 2, 0 },
	{ "the same again and off", "aar", 0, 'r', 0, 3, 1, 0, 2, 0 },
	{ "on and off and on", "ara", 0, 'a', 1, 3, 2, 0, 2, 0 },
	{ "replaced", "ab", 0, 'b', 1, 4, 1, 2, 1, 1 },
	{ "replaced and off, at once to the primary", "abr", 0, 'r', 0, 4, 1, 1, 1, 1 },
	{ "replaced there and back", "aba", 0, 'a', 1, 4, 2, 1, 2, 1 },
	{ "replaced often", "abababab", 0, 'b', 1, 4, 1, 2, 4, 4 },
	{ "two in turn", "arbr", 0, 'r', 0, 4, 1, 1, 1, 1 },
	{ "off without on", "r", 0, 'r', 0, 2, 0, 0, 0, 0 },
	{ "off twice", "arr", 0, 'r', 0, 3, 1, 0, 1, 0 },
	{ "refused", "x", -EPERM, 'r', 0, 2, 0, 0, 0, 0 },
	{ "refused twice", "xx", -EPERM, 'r', 0, 2, 0, 0, 0, 0 },
	{ "refused while on", "ax", -EPERM, 'a', 1, 3, 2, 0, 1, 0 },
	{ "refused after off", "arx", -EPERM, 'r', 0, 3, 1, 0, 1, 0 },
	{ "refused, then off", "axr", 0, 'r', 0, 3, 1, 0, 1, 0 },
	{ "low level", "l", 0, 'l', 1, 3, 0, 0, 0, 0 },
	{ "low level and off", "lr", 0, 'r', 0, 3, 0, 0, 0, 0 },
	{ "low level while on", "al", 0, 'l', 1, 4, 1, 0, 1, 0 },
	{ "low level, then replaced", "alb", 0, 'b', 1, 5, 1, 2, 1, 1 },
	{ "low level of whom the gate refuses", "L", 0, 'L', 1, 3, 0, 0, 0, 0 },
};

ROWS(step);

static void steps_are_counted(struct kunit *test)
{
	const struct step_row *row = test->param_value;
	struct ntimp_context *a = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_context *b = persona_context(test, &bob, NTIMP_LEVEL_DELEGATION);
	struct ntimp_context *x = persona_context(test, &root, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_context *l = persona_context(test, &alice, NTIMP_LEVEL_IDENTIFICATION);
	struct ntimp_context *L = persona_context(test, &root, NTIMP_LEVEL_IDENTIFICATION);
	const struct cred *primary = persona_become(test, &server);
	int before = pins(test), err = 0;
	const char *step;

	for (step = row->steps; *step; step++) {
		err = *step == 'a' ? ntimp_impersonate(a) :
		      *step == 'b' ? ntimp_impersonate(b) :
		      *step == 'x' ? ntimp_impersonate(x) :
		      *step == 'l' ? ntimp_impersonate(l) :
		      *step == 'L' ? ntimp_impersonate(L) : ntimp_revert();
		KUNIT_EXPECT_EQ_MSG(test, *step == 'x' ? -EPERM : 0, err, "step %zu",
				    (size_t)(step - row->steps));
	}

	KUNIT_EXPECT_EQ(test, row->err, err);
	KUNIT_EXPECT_PTR_EQ(test, primary, current_real_cred());
	KUNIT_EXPECT_PTR_EQ(test, row->worn == 'a' ? applied(a) : row->worn == 'b' ? applied(b) :
			    row->worn == 'l' ? applied(l) : row->worn == 'L' ? applied(L) :
			    primary, current_cred());
	KUNIT_EXPECT_EQ(test, row->worn != 'r', ntimp_impersonating());
	KUNIT_EXPECT_EQ(test, row->pins, pins(test) - before);
	KUNIT_EXPECT_EQ(test, row->primary, cred_usage(primary));
	KUNIT_EXPECT_EQ(test, row->a, applied_usage(a));
	KUNIT_EXPECT_EQ(test, row->b, applied_usage(b));
	KUNIT_EXPECT_EQ(test, row->uses_a, ntimp_context_uses(a));
	KUNIT_EXPECT_EQ(test, row->uses_b, ntimp_context_uses(b));
	KUNIT_EXPECT_EQ(test, 0L, ntimp_context_uses(x));
	KUNIT_EXPECT_EQ(test, strchr(row->steps, 'l') ? 1L : 0L, ntimp_context_uses(l));
	KUNIT_EXPECT_EQ(test, strchr(row->steps, 'L') ? 1L : 0L, ntimp_context_uses(L));
	KUNIT_EXPECT_PTR_EQ(test, NULL, applied(x));

	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static void only_the_subjective_cred_changes(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *primary = persona_become(test, &server);

	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	KUNIT_EXPECT_EQ(test, 1001U, __kuid_val(current_cred()->uid));
	KUNIT_EXPECT_EQ(test, 1001U, __kuid_val(current_fsuid()));
	KUNIT_EXPECT_EQ(test, 1001U, __kgid_val(current_fsgid()));
	KUNIT_EXPECT_PTR_EQ(test, primary, current_real_cred());
	KUNIT_EXPECT_EQ(test, 1000U, __kuid_val(current_real_cred()->uid));
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, 1000U, __kuid_val(current_fsuid()));
}

/* The handle may be dropped at once; the identity stays until the revert. */
static void closed_context_stays_on(struct kunit *test)
{
	const struct cred *client = persona_cred(test, &alice), *worn;
	struct ntimp_context *ctx = context_of(test, client);
	int before = pins(test);

	persona_become(test, &server);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	worn = current_cred();
	ntimp_context_put(ctx);
	KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(worn));
	KUNIT_EXPECT_EQ(test, 3L, cred_usage(client));
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

struct foreign_row {
	const char *name;
	bool impersonating;
	struct persona client;
	unsigned int level;
};

static const struct foreign_row foreign_rows[] = {
	{ "itself", false, { .uid = 1002 }, 2 },
	{ "itself, refused", false, { .uid = 0 }, 2 },
	{ "itself, low level", false, { .uid = 1002 }, 1 },
	{ "its client", true, { .uid = 1002 }, 2 },
	{ "its client, refused", true, { .uid = 0 }, 2 },
	{ "its client, low level", true, { .uid = 1002 }, 0 },
};

ROWS(foreign);

/* As inside overlayfs or nfsd: whoever made the override wants to find it again. */
static void foreign_override_is_left_alone(struct kunit *test)
{
	const struct foreign_row *row = test->param_value;
	struct ntimp_context *first = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_context *ctx = persona_context(test, &row->client, row->level);
	const struct cred *foreign = persona_cred(test, &alice), *worn;
	long usage;
	int before;

	persona_become(test, &server);
	if (row->impersonating)
		KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(first));
	worn = override_creds(foreign);
	usage = cred_usage(foreign);
	before = pins(test);

	KUNIT_EXPECT_FALSE(test, ntimp_impersonating());
	KUNIT_EXPECT_EQ(test, -EBUSY, ntimp_impersonate(ctx));
	KUNIT_EXPECT_EQ(test, -EBUSY, ntimp_impersonate(first));
	KUNIT_EXPECT_EQ(test, -EBUSY, ntimp_revert());
	KUNIT_EXPECT_PTR_EQ(test, foreign, current_cred());
	KUNIT_EXPECT_EQ(test, usage, cred_usage(foreign));
	KUNIT_EXPECT_EQ(test, before, pins(test));
	KUNIT_EXPECT_EQ(test, 0L, ntimp_context_uses(ctx));

	revert_creds(worn);
	KUNIT_EXPECT_EQ(test, row->impersonating, ntimp_impersonating());
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_PTR_EQ(test, current_real_cred(), current_cred());
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(foreign));
	KUNIT_EXPECT_EQ(test, row->impersonating ? before - 1 : before, pins(test));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(steps_are_counted, step_gen_params),
	KUNIT_CASE(only_the_subjective_cred_changes),
	KUNIT_CASE(closed_context_stays_on),
	KUNIT_CASE_PARAM(foreign_override_is_left_alone, foreign_gen_params),
	{}
};

struct kunit_suite ntimp_thread_suite = {
	.name = "thread",
	.test_cases = cases,
};
