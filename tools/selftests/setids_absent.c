// SPDX-License-Identifier: GPL-2.0-only
/* ntimp-setids where the module is not loaded: the kernel does it all. */
#include "harness.h"

#include "setids.h"

__attribute__((constructor)) static void traced(int argc, char **argv)
{
	setids_trace_here(argc, argv);
}

FIXTURE(setids_absent)
{
	int nothing;
};

FIXTURE_SETUP(setids_absent)
{
	ASSERT_EQ(-1, access("/dev/ntimp", F_OK));
}

FIXTURE_TEARDOWN(setids_absent)
{
}

TEST_F_TIMEOUT(setids_absent, as_without_it, SETIDS_SECONDS)
{
	for (enum setids_role role = SETIDS_ROOT; role <= SETIDS_USER; role++) {
		unsigned int worn = 1;

		EXPECT_TRUE(setids_is_same(7, role, &worn));
		EXPECT_EQ(0, worn);
	}
}

TEST_HARNESS_MAIN
