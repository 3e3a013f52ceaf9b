// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp-setids: what a program is and may do is the same as without it, whatever it
 * calls, and most of the time a context does it.
 */
#include "harness.h"

#include "scale.h"
#include "setids.h"

#define TRACES	((unsigned int)scaled(6))

__attribute__((constructor)) static void traced(int argc, char **argv)
{
	setids_trace_here(argc, argv);
}

FIXTURE(setids_same)
{
	int nothing;
};

FIXTURE_VARIANT(setids_same)
{
	enum setids_role role;
	bool served;
};

/* Without capabilities nothing is for a context. */
FIXTURE_VARIANT_ADD(setids_same, root) { SETIDS_ROOT, true };
FIXTURE_VARIANT_ADD(setids_same, capable) { SETIDS_CAPABLE, true };
FIXTURE_VARIANT_ADD(setids_same, user) { SETIDS_USER, false };

FIXTURE_SETUP(setids_same)
{
}

FIXTURE_TEARDOWN(setids_same)
{
}

TEST_F_TIMEOUT(setids_same, as_without_it, SETIDS_SECONDS)
{
	unsigned int worn = 0, total = 0;

	for (unsigned int seed = 1; seed <= TRACES; seed++) {
		ASSERT_TRUE(setids_is_same(seed, variant->role, &worn)) {
			TH_LOG("seed %u", seed);
		}
		total += worn;
	}
	/* Of 40 times 12 steps of each. */
	EXPECT_TRUE(variant->served ? total > 80 * TRACES : !total);
}

TEST_HARNESS_MAIN
