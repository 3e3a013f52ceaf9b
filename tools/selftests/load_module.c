// SPDX-License-Identifier: GPL-2.0-only
/* Loading, and unloading: possible as soon as nobody needs it, and not before. */
#include "harness.h"
#include <sys/stat.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "module.h"
#include "persona.h"
#include "wearing.h"

FIXTURE(module) {
	struct wearing wearing;
};

FIXTURE_SETUP(module)
{
	ASSERT_EQ(-ENOENT, module_uses());
	ASSERT_EQ(0, module_load(""));
}

FIXTURE_TEARDOWN(module)
{
	EXPECT_EQ(0, module_await_uses(0));
	EXPECT_EQ(0, module_unload());
	EXPECT_EQ(-ENOENT, device_open());
}

TEST_F(module, comes_and_goes)
{
	struct stat st;

	EXPECT_EQ(0, module_uses());
	EXPECT_EQ(0, stat(DEVICE_PATH, &st));
	EXPECT_EQ(S_IFCHR | 0666, st.st_mode);
	EXPECT_EQ(0, module_unload());
	EXPECT_EQ(-ENOENT, module_uses());
	EXPECT_EQ(-1, stat(DEVICE_PATH, &st));
	EXPECT_EQ(ENOENT, errno);
	EXPECT_EQ(-ENOENT, module_unload());
	EXPECT_EQ(0, module_load(""));
}

TEST_F(module, second_loading_is_refused)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, wearing_start(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_EQ(-EEXIST, module_load(""));
	EXPECT_EQ(-EEXIST, module_load("allow_root_clients=1"));
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	wearing_end(&self->wearing);
}

TEST_F(module, open_device_keeps_it)
{
	int dev = device_open();

	ASSERT_LE(0, dev);
	EXPECT_EQ(1, module_uses());
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	close(dev);
	EXPECT_EQ(0, module_uses());
}

TEST_F(module, open_context_keeps_it)
{
	int dev = device_open();
	int ctx = capture_self(dev, NTIMP_LEVEL_IMPERSONATION);

	ASSERT_LE(0, ctx);
	close(dev);
	EXPECT_EQ(1, module_uses());
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	EXPECT_EQ(0, context_impersonate(ctx));
	EXPECT_EQ(1, module_uses());
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	dev = device_open();
	EXPECT_EQ(0, device_revert(dev));
	close(dev);
	EXPECT_EQ(1, module_uses());
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	close(ctx);
	EXPECT_EQ(0, module_uses());
}

/* However many there are, they hold it once, and the last one to revert lets go. */
TEST_F(module, identities_of_closed_contexts_keep_it)
{
	int dev = device_open(), ctx, other;

	ctx = capture_self(dev, NTIMP_LEVEL_IMPERSONATION);
	other = capture_self(dev, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, ctx);
	ASSERT_LE(0, other);
	EXPECT_EQ(0, context_impersonate(ctx));
	EXPECT_EQ(3, module_uses());
	close(ctx);
	EXPECT_EQ(2, module_uses());
	close(other);
	EXPECT_EQ(2, module_uses());
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	/* While there is another context it is that one's again. */
	ctx = capture_self(dev, NTIMP_LEVEL_IMPERSONATION);
	EXPECT_EQ(2, module_uses());
	close(ctx);
	EXPECT_EQ(2, module_uses());
	EXPECT_EQ(0, device_revert(dev));
	EXPECT_EQ(1, module_uses());
	close(dev);
	EXPECT_EQ(0, module_uses());
}

/* With every descriptor closed, there is still the identity. */
static int impersonate_with_nothing_open(void *arg)
{
	int dev = device_open();
	int ctx = capture_ids(dev, CLIENT, CLIENT, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	int err = ctx < 0 ? ctx : context_impersonate(ctx);

	(void)arg;
	close(ctx);
	close(dev);
	return err;
}

static int revert(void *arg)
{
	int dev, err;

	(void)arg;
	if (!acts_as(CLIENT, CLIENT))
		return -EPROTO;
	dev = device_open();
	err = dev < 0 ? dev : device_revert(dev);
	close(dev);
	return err;
}

TEST_F(module, impersonating_thread_keeps_it)
{
	struct actor thread;

	ASSERT_EQ(0, actor_start(&thread));
	ASSERT_EQ(0, actor_call(&thread, impersonate_with_nothing_open, NULL));
	EXPECT_EQ(1, module_uses());
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	/* An attempt does it no harm. */
	EXPECT_EQ(0, actor_call(&thread, revert, NULL));
	EXPECT_EQ(0, module_uses());
	EXPECT_EQ(0, module_unload());
	EXPECT_EQ(0, module_load(""));
	actor_stop(&thread);
}

TEST_F(module, end_of_thread_releases_it)
{
	struct actor thread;

	ASSERT_EQ(0, actor_start(&thread));
	ASSERT_EQ(0, actor_call(&thread, impersonate_with_nothing_open, NULL));
	EXPECT_EQ(1, module_uses());
	actor_stop(&thread);
	EXPECT_EQ(0, module_await_uses(0));
}

TEST_F(module, end_of_process_releases_it)
{
	EXPECT_EQ(0, child_run(NULL, impersonate_with_nothing_open, NULL));
	EXPECT_EQ(0, module_await_uses(0));
}

TEST_HARNESS_MAIN
