// SPDX-License-Identifier: GPL-2.0-only
/*
 * What impersonating costs, in instructions: printed, and no more with many
 * groups than with none.
 *
 * For a guest that counts instructions; any other one is noticed.
 */
#include "harness.h"
#include <sys/syscall.h>

#include "device.h"
#include "instructions.h"
#include "persona.h"
#include "wearing.h"

#define BATCH		100
#define MANY_GROUPS	65536
#define SECONDS		INSTRUCTIONS_SECONDS

FIXTURE(cost) {
	int dev;
	int without;	/* a context without groups */
	int with;	/* and one with many */
	int other;
};

static int capture_with_groups(int dev, size_t ngroups)
{
	gid_t *groups = ngroups ? calloc(ngroups, sizeof(*groups)) : NULL;
	int ctx;

	for (size_t i = 0; i < ngroups; i++)
		groups[i] = 100000 + i;
	ctx = capture_ids(dev, CLIENT, CLIENT, ngroups, groups, NTIMP_LEVEL_IMPERSONATION);
	free(groups);
	return ctx;
}

FIXTURE_SETUP(cost)
{
	ASSERT_TRUE(instructions_are_counted());
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->without = capture_with_groups(self->dev, 0);
	ASSERT_LE(0, self->without);
	self->with = capture_with_groups(self->dev, MANY_GROUPS);
	ASSERT_LE(0, self->with);
	self->other = capture_ids(self->dev, OTHER, OTHER, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->other);
}

FIXTURE_TEARDOWN(cost)
{
	close(self->other);
	close(self->with);
	close(self->without);
	close(self->dev);
}

/* The operations, on any descriptors: 0, or anything else for a failure. */
static int do_getppid(int dev, int ctx)
{
	(void)dev;
	(void)ctx;
	return syscall(SYS_getppid) < 0;
}

static int do_null_ioctl(int dev, int ctx)
{
	(void)ctx;
	return device_revert(dev);
}

static int do_pair(int dev, int ctx)
{
	return context_impersonate(ctx) | device_revert(dev);
}

static int do_replace(int dev, int ctx)
{
	(void)dev;
	return context_impersonate(ctx);
}

static int do_setfsids(int dev, int ctx)
{
	(void)dev;
	(void)ctx;
	syscall(SYS_setfsgid, CLIENT);
	syscall(SYS_setfsuid, CLIENT);
	syscall(SYS_setfsuid, 0);
	syscall(SYS_setfsgid, 0);
	return 0;
}

struct run {
	int (*operation)(int dev, int ctx);
	int dev;
	const int *ctx;
};

/* Two contexts take turns. */
static int run_once(int number, void *arg)
{
	struct run *run = arg;

	return run->operation(run->dev, run->ctx[number % 2]);
}

static struct cost measure(const char *name, int (*operation)(int dev, int ctx), int dev,
			   const int ctx[2])
{
	struct run run = { .operation = operation, .dev = dev, .ctx = ctx };

	return instructions_of(name, BATCH, run_once, &run);
}

TEST_F_TIMEOUT(cost, does_not_depend_on_groups, SECONDS)
{
	const int without[2] = { self->without, self->without };
	const int with[2] = { self->with, self->with };
	struct cost few, many;

	few = measure("impersonate and revert, 0 groups", do_pair, self->dev, without);
	many = measure("impersonate and revert, 65536 groups", do_pair, self->dev, with);
	ASSERT_LT(0, few.least);
	ASSERT_LT(0, many.least);
	/* Two in a hundred. */
	EXPECT_LE(few.least * 98, many.least * 100);
	EXPECT_GE(few.least * 102, many.least * 100);
}

TEST_F_TIMEOUT(cost, replacing_does_not_depend_on_groups, SECONDS)
{
	const int without[2] = { self->without, self->other };
	const int with[2] = { self->with, self->other };
	struct cost few, many;

	few = measure("replace, 0 groups", do_replace, self->dev, without);
	many = measure("replace, 65536 groups", do_replace, self->dev, with);
	ASSERT_EQ(0, device_revert(self->dev));
	ASSERT_LT(0, few.least);
	EXPECT_LE(few.least * 98, many.least * 100);
	EXPECT_GE(few.least * 102, many.least * 100);
}

/* The floor of a pair is two calls that do nothing. */
TEST_F_TIMEOUT(cost, is_less_than_that_of_setfsuid, SECONDS)
{
	const int ctx[2] = { self->without, self->without };
	struct cost nothing, pair, setfsids;

	measure("getppid", do_getppid, self->dev, ctx);
	nothing = measure("ioctl that does nothing", do_null_ioctl, self->dev, ctx);
	pair = measure("impersonate and revert", do_pair, self->dev, ctx);
	setfsids = measure("setfsgid and setfsuid, there and back", do_setfsids, self->dev, ctx);
	ASSERT_LT(0, pair.least);
	EXPECT_LT(2 * nothing.least, pair.least);
	EXPECT_LT(pair.least, setfsids.least);
}

TEST_HARNESS_MAIN
