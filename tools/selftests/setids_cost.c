// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp-setids: a client there and back costs fewer instructions than without it, and
 * no more with many groups than their number makes to be looked up.
 *
 * For a guest that counts instructions; any other one is noticed.
 */
#include "harness.h"
#include <sys/syscall.h>

#include "instructions.h"
#include "setids.h"

#define BATCH		20
#define MOST_GROUPS	128
#define CLIENT		1001
#define SECONDS		INSTRUCTIONS_SECONDS

__attribute__((constructor)) static void preloaded(int argc, char **argv)
{
	(void)argc;
	setids_preload(argv);
}

/* As a server does that knows nothing of us: past the library, or by it. */
static long past(long number, long a, long b)
{
	long ret;

	asm volatile ("syscall" : "=a" (ret) : "0" (number), "D" (a), "S" (b)
		      : "rcx", "r11", "memory");
	return ret;
}

static long by_library(long number, long a, long b)
{
	return syscall(number, a, b);
}

/**
 * struct switching - there and back
 * @call: which way
 * @groups: of the client
 * @ngroups: how many
 */
struct switching {
	long (*call)(long number, long a, long b);
	gid_t groups[MOST_GROUPS];
	size_t ngroups;
};

static int there_and_back(int run, void *arg)
{
	struct switching *way = arg;
	long bad = 0;

	(void)run;
	bad |= way->call(SYS_setgroups, (long)way->ngroups, (long)way->groups);
	way->call(SYS_setfsgid, CLIENT, 0);
	way->call(SYS_setfsuid, CLIENT, 0);
	bad |= way->call(SYS_setfsuid, -1, 0) != CLIENT;
	way->call(SYS_setfsuid, 0, 0);
	way->call(SYS_setfsgid, 0, 0);
	bad |= way->call(SYS_setgroups, 0, 0);
	return bad != 0;
}

FIXTURE(setids_cost)
{
	int nothing;
};

FIXTURE_VARIANT(setids_cost)
{
	size_t ngroups;
};

FIXTURE_VARIANT_ADD(setids_cost, no_groups) { 0 };
FIXTURE_VARIANT_ADD(setids_cost, some_groups) { 16 };
FIXTURE_VARIANT_ADD(setids_cost, many_groups) { MOST_GROUPS };

FIXTURE_SETUP(setids_cost)
{
	ASSERT_TRUE(instructions_are_counted());
}

FIXTURE_TEARDOWN(setids_cost)
{
}

TEST_F_TIMEOUT(setids_cost, less_than_without, SECONDS)
{
	struct switching way = { .ngroups = variant->ngroups };
	struct cost without, with;
	char name[64];

	for (size_t i = 0; i < way.ngroups; i++)
		way.groups[i] = 3000 + i;
	ASSERT_EQ(0, past(SYS_setgroups, 0, 0));
	snprintf(name, sizeof(name), "there and back, %zu groups, without", way.ngroups);
	way.call = past;
	without = instructions_of(name, BATCH, there_and_back, &way);
	snprintf(name, sizeof(name), "there and back, %zu groups, ntimp-setids", way.ngroups);
	way.call = by_library;
	with = instructions_of(name, BATCH, there_and_back, &way);
	ASSERT_LT(0, without.least);
	ASSERT_LT(0, with.least);
	EXPECT_LT(with.least, without.least);
}

TEST_HARNESS_MAIN
