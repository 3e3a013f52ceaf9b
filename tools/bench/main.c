// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp-bench [--quick] [--arm] FAMILY...: measures, and prints figures.
 *
 * --quick: fewer repetitions; --arm: below Impersonation first, so that what denies
 * there is armed for the rest of the guest's life.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "families.h"
#include "figure.h"

struct family {
	const char *name;
	int (*run)(void);
};

static const struct family families[] = {
	{ "setids", bench_setids },
	{ "glibc", bench_glibc },
	{ "uring", bench_uring },
	{ "others", bench_others },
	{ "wear", bench_wear },
	{ "capture", bench_capture },
	{ "files", bench_files },
	{ "first", bench_first },
	{ "crowd", bench_crowd },
	{ "memory", bench_memory },
	{ "contexts", bench_contexts },
	{ "million", bench_million },
	{ "processors", bench_processors },
	{ "lines", bench_lines },
};

#define NR_FAMILIES	(sizeof(families) / sizeof(*families))

static const struct family *family_named(const char *name)
{
	for (size_t i = 0; i < NR_FAMILIES; i++)
		if (!strcmp(families[i].name, name))
			return &families[i];
	return NULL;
}

static int misused(void)
{
	fprintf(stderr, "usage: ntimp-bench [--quick] [--arm] FAMILY...\nfamilies:");
	for (size_t i = 0; i < NR_FAMILIES; i++)
		fprintf(stderr, " %s", families[i].name);
	fprintf(stderr, "\n");
	return 2;
}

static int arm(void)
{
	int dev = device_open();
	int ctx = capture_anonymous(dev);
	int err = ctx < 0 ? ctx : context_impersonate(ctx);

	if (!err)
		err = device_revert(dev);
	close(ctx);
	close(dev);
	return err;
}

int main(int argc, char **argv)
{
	uint64_t budget = FIGURE_BUDGET;
	int failed = 0, i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "--quick")) {
			budget = FIGURE_BUDGET_QUICK;
		} else if (!strcmp(argv[i], "--arm")) {
			if (arm())
				return figure_failed("arm", 0, 0) ? 1 : 0;
		} else {
			return misused();
		}
	}
	if (i == argc)
		return misused();
	figure_begin(budget);
	for (; i < argc; i++) {
		const struct family *family = family_named(argv[i]);

		if (!family)
			return misused();
		figure_progress(family->name);
		failed |= family->run();
	}
	return failed ? 1 : 0;
}
