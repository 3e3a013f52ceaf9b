// SPDX-License-Identifier: GPL-2.0-only
/* libntimp: ntimp_run_as() and NTIMP_SCOPE() revert on every way out. */
#include "harness.h"
#include <pthread.h>

#include "device.h"
#include "identity.h"
#include "library.h"

FIXTURE(lib_scope)
{
	int dev;
	int ctx;
};

FIXTURE_SETUP(lib_scope)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = ntimp_capture_ids(1001, 1001, 0, NULL, NULL);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(lib_scope)
{
	EXPECT_TRUE(acts_as(0, 0));
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, 0));
	close(self->ctx);
	close(self->dev);
}

static int as_client(void *answer)
{
	if (!acts_as(1001, 1001))
		return -1;
	errno = ENOTUNIQ;
	return *(int *)answer;
}

TEST_F(lib_scope, run_as)
{
	int answers[] = { 0, 42, -7 };

	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		errno = 0;
		EXPECT_EQ(answers[i], ntimp_run_as(self->ctx, as_client, &answers[i]));
		EXPECT_EQ(ENOTUNIQ, errno);
		EXPECT_TRUE(acts_as(0, 0));
	}
}

static int never(void *called)
{
	*(bool *)called = true;
	return 0;
}

TEST_F(lib_scope, run_as_without_a_context)
{
	bool called = false;

	EXPECT_EQ(-EBADF, result(ntimp_run_as(-1, never, &called)));
	EXPECT_EQ(-ENOTTY, result(ntimp_run_as(self->dev, never, &called)));
	EXPECT_FALSE(called);
}

static int run_within(void *ctx)
{
	bool called = false;
	int err = result(ntimp_run_as(*(int *)ctx, never, &called));

	/* Else the rest would run as the server. */
	if (called || !acts_as(1001, 1001))
		return -EPROTO;
	return err;
}

TEST_F(lib_scope, run_as_within_run_as)
{
	EXPECT_EQ(-EBUSY, ntimp_run_as(self->ctx, run_within, &self->ctx));
}

TEST_F(lib_scope, run_as_while_impersonating)
{
	bool called = false;

	ASSERT_EQ(0, ntimp_impersonate(self->ctx));
	EXPECT_EQ(-EBUSY, result(ntimp_run_as(self->ctx, never, &called)));
	EXPECT_FALSE(called);
	EXPECT_TRUE(acts_as(1001, 1001));
	ASSERT_EQ(0, ntimp_revert());
}

/* It may revert itself, too early; the way out doesn't mind. */
static int revert_within(void *arg)
{
	(void)arg;
	return ntimp_revert();
}

TEST_F(lib_scope, run_as_what_reverts)
{
	EXPECT_EQ(0, ntimp_run_as(self->ctx, revert_within, NULL));
}

/* What a thread that is ended in the middle of fn() is in its last handler. */
struct ending {
	int ctx;
	int dev;
	bool was_client;
	bool is_server;
	pthread_barrier_t inside;
	int (*fn)(void *arg);
};

static void last_handler(void *arg)
{
	struct ending *it = arg;

	it->is_server = acts_as(0, 0) && device_worn_id(it->dev, 0) == -ENOENT;
}

static int wait_to_be_cancelled(void *arg)
{
	struct ending *it = arg;

	it->was_client = acts_as(1001, 1001);
	pthread_barrier_wait(&it->inside);
	for (;;)
		pause();
	return 0;
}

static int exit_thread(void *arg)
{
	struct ending *it = arg;

	it->was_client = acts_as(1001, 1001);
	pthread_barrier_wait(&it->inside);
	pthread_exit(PTHREAD_CANCELED);
	return 0;
}

static void *ending_thread(void *arg)
{
	struct ending *it = arg;
	int ret = -1;

	/* Handlers run from the inside out, after the library's. */
	pthread_cleanup_push(last_handler, it);
	ret = ntimp_run_as(it->ctx, it->fn, it);
	pthread_cleanup_pop(0);
	return ret ? it : NULL;
}

static void end_thread(struct __test_metadata *_metadata, struct ending *it)
{
	pthread_t thread;
	void *answer;

	ASSERT_EQ(0, pthread_barrier_init(&it->inside, NULL, 2));
	ASSERT_EQ(0, pthread_create(&thread, NULL, ending_thread, it));
	pthread_barrier_wait(&it->inside);
	EXPECT_EQ(0, it->fn == wait_to_be_cancelled ? pthread_cancel(thread) : 0);
	ASSERT_EQ(0, pthread_join(thread, &answer));
	EXPECT_EQ(PTHREAD_CANCELED, answer);
	EXPECT_TRUE(it->was_client);
	EXPECT_TRUE(it->is_server);
}

TEST_F(lib_scope, run_as_cancelled)
{
	struct ending it = { .ctx = self->ctx, .dev = self->dev, .fn = wait_to_be_cancelled };

	end_thread(_metadata, &it);
}

TEST_F(lib_scope, run_as_ended_by_pthread_exit)
{
	struct ending it = { .ctx = self->ctx, .dev = self->dev, .fn = exit_thread };

	end_thread(_metadata, &it);
}

TEST_F(lib_scope, block_to_its_end)
{
	int entered = 0;

	NTIMP_SCOPE(self->ctx) {
		entered += acts_as(1001, 1001);
		errno = ENOTUNIQ;
	}
	EXPECT_EQ(ENOTUNIQ, errno);
	EXPECT_EQ(1, entered);
	EXPECT_TRUE(acts_as(0, 0));
}

TEST_F(lib_scope, block_that_is_not_entered)
{
	int entered = 0, refused = 0;

	NTIMP_SCOPE(-1) {
		entered++;
	} else {
		refused = errno;
	}
	EXPECT_EQ(0, entered);
	EXPECT_EQ(EBADF, refused);
}

/* Each leaves the block in another way. */
static int leave_by_return(int ctx)
{
	NTIMP_SCOPE(ctx) {
		return acts_as(1001, 1001);
	}
	return -1;
}

static int leave_by_goto(int ctx)
{
	int inside = -1;

	NTIMP_SCOPE(ctx) {
		inside = acts_as(1001, 1001);
		goto out;
	}
	inside = -1;
out:
	return inside;
}

static int leave_by_break(int ctx)
{
	int inside = -1;

	NTIMP_SCOPE(ctx) {
		inside = acts_as(1001, 1001);
		break;
	}
	return inside;
}

static int leave_by_continue(int ctx)
{
	int inside = -1;

	NTIMP_SCOPE(ctx) {
		inside = acts_as(1001, 1001);
		continue;
	}
	return inside;
}

TEST_F(lib_scope, block_left_in_other_ways)
{
	int (*const ways[])(int ctx) = {
		leave_by_return, leave_by_goto, leave_by_break, leave_by_continue,
	};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		EXPECT_EQ(1, ways[i](self->ctx)) TH_LOG("way %zu", i);
		EXPECT_TRUE(acts_as(0, 0)) TH_LOG("way %zu", i);
	}
}

static int enter_another(int ctx)
{
	NTIMP_SCOPE(ctx)
		return 1;
	return -errno;
}

TEST_F(lib_scope, block_within_a_block)
{
	int inner = 0, outer = 0;

	NTIMP_SCOPE(self->ctx) {
		inner = enter_another(self->ctx);
		outer = acts_as(1001, 1001);
	}
	EXPECT_EQ(-EBUSY, inner);
	EXPECT_EQ(1, outer);
}

TEST_HARNESS_MAIN
