// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/sched.h>

#include "cpus.h"

int cpus_nth(struct kunit *test, int nth)
{
	int cpu = cpumask_first(cpu_online_mask);

	if (nth)
		cpu = cpumask_next(cpu, cpu_online_mask);
	if (cpu >= nr_cpu_ids)
		kunit_skip(test, "needs two CPUs");
	return cpu;
}

void cpus_go(struct kunit *test, int nth)
{
	KUNIT_ASSERT_EQ(test, 0, set_cpus_allowed_ptr(current, cpumask_of(cpus_nth(test, nth))));
}

void cpus_any(void)
{
	set_cpus_allowed_ptr(current, cpu_possible_mask);
}

int cpus_stay(struct kunit *test)
{
	cpus_go(test, 0);
	return 0;
}
