// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a context costs in memory: printed, and below a kibibyte, descriptor and all.
 *
 * Counted are the kernel's objects of all sizes, as many thousands of contexts are
 * made: what others allocate at the same time is lost among them.
 */
#include "harness.h"
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include "device.h"
#include "scale.h"
#include "slab.h"
#include "wearing.h"

#define CONTEXTS	8192
#define GROUPS		16
#define BOUND		1024

FIXTURE(memory) {
	int dev;
	int fds[CONTEXTS];
};

static int stay_on(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	return sched_setaffinity(0, sizeof(cpus), &cpus) ? -errno : 0;
}

FIXTURE_SETUP(memory)
{
	const struct rlimit enough = { CONTEXTS + 100, CONTEXTS + 100 };

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &enough));
	ASSERT_EQ(0, stay_on(0));
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(memory)
{
	close(self->dev);
}

/* All that is in use of all caches, in bytes; -errno. */
static long long slab_bytes(void)
{
	FILE *file = fopen("/proc/slabinfo", "re");
	long long sum = 0;
	char line[256];

	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file)) {
		long active, size;

		if (sscanf(line, "%*s %ld %*d %ld", &active, &size) == 2)
			sum += (long long)active * size;
	}
	fclose(file);
	return sum ? sum : -EPROTO;
}

static int make_event(int dev)
{
	(void)dev;
	return eventfd(0, EFD_CLOEXEC);
}

static int make_context(int dev)
{
	gid_t groups[GROUPS];

	for (size_t i = 0; i < GROUPS; i++)
		groups[i] = 100000 + i;
	return capture_ids(dev, CLIENT, CLIENT, GROUPS, groups, NTIMP_LEVEL_IMPERSONATION);
}

/* Per descriptor, while all of them are open. */
static long long fill(FIXTURE_DATA(memory) *self, int (*make)(int dev))
{
	long long before = slab_bytes();

	for (int i = 0; i < CONTEXTS; i++) {
		self->fds[i] = make(self->dev);
		if (self->fds[i] < 0)
			return self->fds[i];
	}
	return (slab_bytes() - before) / CONTEXTS;
}

static void empty(const FIXTURE_DATA(memory) *self)
{
	for (int i = 0; i < CONTEXTS; i++)
		close(self->fds[i]);
}

/* Per context, as it is used on a processor for the first time. */
static long long use_all(const FIXTURE_DATA(memory) *self, int cpu)
{
	long long before = slab_bytes();
	int err = stay_on(cpu);

	for (int i = 0; i < CONTEXTS && !err; i++)
		err = context_impersonate(self->fds[i]);
	err = err ?: device_revert(self->dev);
	return err ?: (slab_bytes() - before) / CONTEXTS;
}

static void tell(const char *what, long long bytes)
{
	printf("# cost: %-44s %5lld bytes\n", what, bytes);
}

TEST_F(memory, of_a_context_is_bounded)
{
	long long event, context, first, second;

	if (!slab_is_counted())
		SKIP(return, "this kernel does not count its objects");
	if (kernel_looks_for_faults())
		SKIP(return, "this kernel looks for faults: its objects are larger");
	event = fill(self, make_event);
	empty(self);
	ASSERT_LT(0, event);
	context = fill(self, make_context);
	ASSERT_LT(event, context);
	first = use_all(self, 0);
	ASSERT_LT(0, first);
	tell("an eventfd, with its descriptor", event);
	tell("a context of 16 groups, with its descriptor", context);
	tell("its first use on the first processor", first);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1) {
		second = use_all(self, 1);
		ASSERT_LT(0, second);
		tell("its first use on another processor", second);
		EXPECT_LE(second, BOUND / 2);
	}
	EXPECT_LT(context, BOUND);
	EXPECT_LE(first, BOUND / 2);
	empty(self);
}

TEST_HARNESS_MAIN
