// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs to open a file as the client in one call, in instructions: printed,
 * and little more than to open it as oneself.
 *
 * For a guest that counts instructions; any other one is noticed.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/ioctl.h>

#include "device.h"
#include "instructions.h"
#include "scale.h"
#include "wearing.h"

#define BATCH	100
#define PATH	"/tmp/cost"
#define PERCENT	115	/* of what a plain one costs */

FIXTURE(cost) {
	int dev;
	int ctx;
};

FIXTURE_SETUP(cost)
{
	ASSERT_TRUE(instructions_are_counted());
	ASSERT_EQ(0, close(open(PATH, O_WRONLY | O_CREAT | O_CLOEXEC, 0644)));
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, CLIENT, CLIENT, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(cost)
{
	close(self->ctx);
	close(self->dev);
}

static int do_open(int run, void *unused)
{
	(void)run;
	(void)unused;
	return close(open(PATH, O_RDONLY | O_CLOEXEC));
}

/* As the library does. */
static int do_broker(int run, void *ctx)
{
	struct ntimp_call call = {
		.size = sizeof(call),
		.op = NTIMP_OP_OPEN,
		.dirfd = AT_FDCWD,
		.path = (uintptr_t)PATH,
		.how = O_RDONLY | O_CLOEXEC,
	};

	(void)run;
	return close(ioctl(*(int *)ctx, NTIMP_CTX_CALL, &call));
}

struct worn {
	int dev;
	int ctx;
};

static int do_wear_and_open(int run, void *arg)
{
	const struct worn *worn = arg;

	return context_impersonate(worn->ctx) | do_open(run, NULL) | device_revert(worn->dev);
}

TEST_F_TIMEOUT(cost, of_a_brokered_open_is_bounded, INSTRUCTIONS_SECONDS)
{
	struct worn worn = { self->dev, self->ctx };
	struct cost plain, brokered, impersonated;

	if (kernel_looks_for_faults())
		SKIP(return, "this kernel looks for faults: what it costs means nothing");
	plain = instructions_of("open and close", BATCH, do_open, NULL);
	brokered = instructions_of("open as the client and close", BATCH, do_broker, &self->ctx);
	impersonated = instructions_of("impersonate, open, close and revert", BATCH,
				       do_wear_and_open, &worn);
	ASSERT_LT(0, plain.least);
	ASSERT_LT(0, brokered.least);
	ASSERT_LT(0, impersonated.least);
	printf("# cost: %-44s %.3f\n", "open as the client, to open",
	       (double)brokered.least / plain.least);
	EXPECT_LE(100 * brokered.least, PERCENT * plain.least);
	EXPECT_LT(brokered.least, impersonated.least);
}

TEST_HARNESS_MAIN
