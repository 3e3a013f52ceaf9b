// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp-setids: what a program is and may do is the same as without it, whatever it
 * calls, and most of the time a context does it.
 */
#include "harness.h"

#include "setids.h"

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

/* Length of the first line that differs, and where it begins. */
static size_t differing_line(const char *a, const char *b)
{
	size_t line = 0;

	for (size_t i = 0; a[i] == b[i] && a[i]; i++) {
		if (a[i] == '\n')
			line = i + 1;
	}
	return line;
}

static void show_difference(const char *without, const char *with)
{
	size_t line = differing_line(without, with);

	fprintf(stderr, "# without: %.*s\n#    with: %.*s\n",
		(int)strcspn(without + line, "\n"), without + line,
		(int)strcspn(with + line, "\n"), with + line);
}

TEST_F(setids_same, as_without_it)
{
	unsigned int worn = 0, total = 0;

	for (unsigned int seed = 1; seed <= 8; seed++) {
		char *without = setids_trace(seed, variant->role, false, &worn);
		char *with;

		ASSERT_NE(NULL, without);
		EXPECT_EQ(0, worn);
		with = setids_trace(seed, variant->role, true, &worn);
		ASSERT_NE(NULL, with);
		if (strcmp(without, with))
			show_difference(without, with);
		ASSERT_STREQ(without, with) {
			TH_LOG("seed %u", seed);
		}
		total += worn;
		free(without);
		free(with);
	}
	/* Of 8 times 40 times 12 steps. */
	if (variant->served) {
		EXPECT_LT(500, total);
	} else {
		EXPECT_EQ(0, total);
	}
}

TEST_HARNESS_MAIN
