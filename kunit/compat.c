// SPDX-License-Identifier: GPL-2.0-only
/* What differs between kernels behaves the same in all of them. */
#include <kunit/test.h>
#include <linux/cred.h>

#include "../ntimp/compat.h"
#include "persona.h"
#include "rows.h"
#include "suites.h"

struct caps_row {
	const char *name;
	u64 caps;
};

static const struct caps_row caps_rows[] = {
	{ "none", 0 },
	{ "the first", CAP_BIT(0) },
	{ "the last of the low word", CAP_BIT(31) },
	{ "the first of the high word", CAP_BIT(32) },
	{ "the last there is", CAP_BIT(CAP_LAST_CAP) },
	{ "all", CAPS_ALL },
};

ROWS(caps);

static void caps_there_and_back(struct kunit *test)
{
	const struct caps_row *row = test->param_value;
	kernel_cap_t caps = compat_cap_from_u64(row->caps);
	int cap;

	KUNIT_EXPECT_EQ(test, row->caps, compat_cap_to_u64(caps));
	for (cap = 0; cap <= CAP_LAST_CAP; cap++)
		KUNIT_EXPECT_EQ_MSG(test, !!cap_raised(caps, cap),
				    !!(row->caps & CAP_BIT(cap)), "capability %d", cap);
}

/* Exactly one reference is the thread's, however often it changes; those on its primary stay. */
static void wear_takes_one_reference(struct kunit *test)
{
	const struct cred *first = persona_cred(test, &(struct persona) { .uid = 1001 });
	const struct cred *second = persona_cred(test, &(struct persona) { .uid = 1002 });
	const struct cred *primary = current_real_cred();
	long usage = cred_usage(primary);

	compat_wear(first);
	KUNIT_EXPECT_PTR_EQ(test, first, current_cred());
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(first));
	KUNIT_EXPECT_EQ(test, usage, cred_usage(primary));

	compat_wear(second);
	KUNIT_EXPECT_PTR_EQ(test, second, current_cred());
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(first));
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(second));

	compat_wear(second);
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(second));

	compat_wear_off();
	KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(second));
	KUNIT_EXPECT_EQ(test, usage, cred_usage(primary));
	KUNIT_EXPECT_PTR_EQ(test, primary, current_real_cred());
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(caps_there_and_back, caps_gen_params),
	KUNIT_CASE(wear_takes_one_reference),
	{}
};

struct kunit_suite ntimp_compat_suite = {
	.name = "compat",
	.test_cases = cases,
};
