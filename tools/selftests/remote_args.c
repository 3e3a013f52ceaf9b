// SPDX-License-Identifier: GPL-2.0-only
/* What can't be asked of another thread.  For the struct's size see abi_struct. */
#include "harness.h"
#include <limits.h>

#include "actor.h"
#include "device.h"
#include "persona.h"
#include "wearing.h"

FIXTURE(remote_args) {
	struct wearing wearing;
	struct actor actor;
};

FIXTURE_SETUP(remote_args)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, actor_start(&self->actor));
}

FIXTURE_TEARDOWN(remote_args)
{
	actor_stop(&self->actor);
	wearing_end(&self->wearing);
}

TEST_F(remote_args, unknown_flags)
{
	for (unsigned int bit = 0; bit < 32; bit++) {
		struct ntimp_thread thread = {
			.size = sizeof(thread), .flags = 1U << bit, .tid = self->actor.tid,
		};

		EXPECT_EQ(-EINVAL, device_ioctl(self->wearing.dev, NTIMP_REVERT_THREAD,
						(uintptr_t)&thread))
			TH_LOG("bit %u", bit);
		if (thread.flags == NTIMP_IMPERSONATE_EXCLUSIVE ||
		    thread.flags == NTIMP_IMPERSONATE_DOWNGRADE)
			continue;
		EXPECT_EQ(-EINVAL, device_ioctl(self->wearing.ctx, NTIMP_CTX_IMPERSONATE_THREAD,
						(uintptr_t)&thread))
			TH_LOG("bit %u", bit);
	}
	EXPECT_EQ(-ENOENT, device_worn_id(self->wearing.dev, self->actor.tid));
}

TEST_F(remote_args, reserved)
{
	for (unsigned int bit = 0; bit < 32; bit++) {
		struct ntimp_thread thread = {
			.size = sizeof(thread), .tid = self->actor.tid, .reserved = 1U << bit,
		};

		EXPECT_EQ(-EINVAL, device_ioctl(self->wearing.dev, NTIMP_REVERT_THREAD,
						(uintptr_t)&thread));
		EXPECT_EQ(-EINVAL, device_ioctl(self->wearing.ctx, NTIMP_CTX_IMPERSONATE_THREAD,
						(uintptr_t)&thread));
	}
	EXPECT_EQ(-ENOENT, device_worn_id(self->wearing.dev, self->actor.tid));
}

TEST_F(remote_args, numbers_of_no_thread)
{
	const pid_t not_positive[] = { 0, -1, -getpid(), INT_MIN };

	for (size_t i = 0; i < ARRAY_SIZE(not_positive); i++) {
		EXPECT_EQ(-EINVAL, context_impersonate_thread(self->wearing.ctx, not_positive[i]));
		EXPECT_EQ(-EINVAL, device_revert_thread(self->wearing.dev, not_positive[i]));
	}
	EXPECT_EQ(-ESRCH, context_impersonate_thread(self->wearing.ctx, INT_MAX));
	EXPECT_EQ(-ESRCH, device_revert_thread(self->wearing.dev, INT_MAX));
}

/* Each kind of file has its own of the two. */
TEST_F(remote_args, the_other_file)
{
	EXPECT_EQ(-ENOTTY, context_impersonate_thread(self->wearing.dev, self->actor.tid));
	EXPECT_EQ(-ENOTTY, device_revert_thread(self->wearing.ctx, self->actor.tid));
	EXPECT_EQ(-ENOTTY, context_impersonate_thread(STDERR_FILENO, self->actor.tid));
	EXPECT_EQ(-EBADF, context_impersonate_thread(-1, self->actor.tid));
	EXPECT_EQ(-EBADF, device_revert_thread(-1, self->actor.tid));
}

TEST_F(remote_args, low_level)
{
	int low = capture_anonymous(self->wearing.dev);

	ASSERT_LE(0, low);
	EXPECT_EQ(0, context_impersonate_thread(low, self->actor.tid));
	EXPECT_EQ(context_id(low), device_worn_id(self->wearing.dev, self->actor.tid));
	EXPECT_EQ(0, device_revert_thread(self->wearing.dev, self->actor.tid));
	EXPECT_EQ(-ENOENT, device_worn_id(self->wearing.dev, self->actor.tid));
}

TEST_HARNESS_MAIN
