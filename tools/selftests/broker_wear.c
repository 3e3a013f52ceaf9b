// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may have something done for a client, whatever the thread wears at the
 * time, which it goes on wearing; and that nothing of a worker is left.
 */
#include "harness.h"
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include "actor.h"
#include "broker.h"
#include "child.h"
#include "device.h"
#include "module.h"
#include "persona.h"
#include "scratch.h"
#include "slab.h"
#include "wearing.h"

#define ROUNDS	200

FIXTURE(broker_wear)
{
	struct wearing wearing;
	struct scratch scratch;
	int other;
};

FIXTURE_VARIANT(broker_wear)
{
	__u32 flags;
};

FIXTURE_VARIANT_ADD(broker_wear, here) { 0 };
FIXTURE_VARIANT_ADD(broker_wear, worker) { NTIMP_CALL_WORKER };

FIXTURE_SETUP(broker_wear)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, scratch_open(&self->scratch));
	self->other = capture_ids(self->wearing.dev, OTHER, OTHER, 0, NULL,
				  NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->other);
	ASSERT_EQ(0, file_make(&self->scratch, "client", CLIENT, CLIENT, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "other", OTHER, OTHER, 0600));
}

FIXTURE_TEARDOWN(broker_wear)
{
	EXPECT_TRUE(wearing_over(&self->wearing));
	close(self->other);
	scratch_close(&self->scratch);
	wearing_end(&self->wearing);
}

static int try(const FIXTURE_DATA(broker_wear) *self, const FIXTURE_VARIANT(broker_wear) *variant,
	       int ctx, const char *name)
{
	return broker_try(ctx, variant->flags, self->scratch.fd, name, O_RDWR);
}

TEST_F(broker_wear, another_client_meanwhile)
{
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_EQ(0, try(self, variant, self->other, "other"));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_EQ(-EACCES, try(self, variant, self->other, "client"));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_EQ(0, try(self, variant, self->wearing.ctx, "client"));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_EQ(0, broker_mkdir(self->other, variant->flags, self->scratch.fd, "dir", 0700));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "dir", OTHER, OTHER));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
}

TEST_F(broker_wear, levels_too_low)
{
	const uint32_t levels[] = { NTIMP_LEVEL_ANONYMOUS, NTIMP_LEVEL_IDENTIFICATION };

	for (size_t i = 0; i < ARRAY_SIZE(levels); i++) {
		int ctx = capture_context(self->wearing.dev, self->wearing.ctx, levels[i]);

		ASSERT_LE(0, ctx);
		EXPECT_EQ(-EACCES, try(self, variant, ctx, "client"));
		EXPECT_EQ(-EACCES, broker_access(ctx, variant->flags, self->scratch.fd, "client",
						 F_OK, 0));
		close(ctx);
	}
}

struct attempt {
	int ctx;
	__u32 flags;
	int dir;
};

static int attempt(void *arg)
{
	const struct attempt *attempt = arg;

	return broker_try(attempt->ctx, attempt->flags, attempt->dir, "client", O_RDWR);
}

/* Being handed a context gives nothing, with a worker neither. */
TEST_F(broker_wear, contexts_that_may_not_be_worn)
{
	struct attempt args = { self->wearing.ctx, variant->flags, self->scratch.fd };
	const struct persona rows[] = {
		PERSONA_USER(OTHER),
		PERSONA_CAPS(OTHER, CAP_BIT(CAP_SETUID)),
		PERSONA_CAPS(OTHER, CAP_BIT(CAP_SETGID)),
		PERSONA_CAPS(0, CAPS_NONE),
	};
	const struct persona user = PERSONA_USER(CLIENT);
	const struct persona able = PERSONA_CAPS(OTHER, CAPS_SETIDS);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_EQ(-EPERM, child_run(&rows[i], attempt, &args));
	EXPECT_EQ(0, child_run(&able, attempt, &args));
	EXPECT_EQ(0, child_run(&user, attempt, &args));
}

/* Root's context is for root. */
TEST_F(broker_wear, root_is_not_for_others)
{
	int root = capture_self(self->wearing.dev, NTIMP_LEVEL_IMPERSONATION);
	struct attempt args = { root, variant->flags, self->scratch.fd };
	const struct persona able = PERSONA_CAPS(OTHER, CAPS_SETIDS);

	ASSERT_LE(0, root);
	EXPECT_EQ(-EPERM, child_run(&able, attempt, &args));
	close(root);
}

static int compare_self(void *arg)
{
	(void)arg;
	return acts_as(0, 0);
}

/* Another thread goes on being the server, whatever this one does. */
TEST_F(broker_wear, other_threads)
{
	struct actor actor;

	ASSERT_EQ(0, actor_start(&actor));
	for (int i = 0; i < 20; i++) {
		EXPECT_EQ(0, try(self, variant, self->wearing.ctx, "client"));
		EXPECT_TRUE(actor_call(&actor, compare_self, NULL));
	}
	actor_stop(&actor);
}

static int count_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	int count = -2;

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count;
}

/* The kernel takes only a process with one thread into a user namespace. */
static int be_alone(void *arg)
{
	const struct attempt *args = arg;

	for (int i = 0; i < ROUNDS; i++) {
		if (attempt(arg) || count_threads() != 1)
			return -EIO;
	}
	if (broker_try(args->ctx, args->flags, args->dir, "client", O_RDONLY))
		return -EIO;
	return unshare(CLONE_NEWUSER) ? -errno : 0;
}

TEST_F(broker_wear, no_thread_is_left)
{
	struct attempt args = { self->wearing.ctx, variant->flags, self->scratch.fd };

	EXPECT_EQ(0, child_run(NULL, be_alone, &args));
}

/* A worker is a thread that the user and its cgroups pay for. */
TEST_F(broker_wear, nothing_is_left)
{
	struct slab_census before;
	int uses;

	if (!slab_is_counted())
		SKIP(return, "this kernel does not count its objects");
	for (int i = 0; i < ROUNDS; i++)
		try(self, variant, self->other, "other");
	uses = module_uses();
	ASSERT_EQ(0, slab_count(&before));
	for (int i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(0, try(self, variant, self->other, "other"));
		ASSERT_EQ(-EACCES, try(self, variant, self->other, "client"));
		ASSERT_EQ(-ENOENT, broker_unlink(self->other, variant->flags, self->scratch.fd,
						 "none", 0));
	}
	EXPECT_EQ(0, module_await_uses(uses));
	EXPECT_EQ(0, slab_await(&before));
}

TEST_HARNESS_MAIN
