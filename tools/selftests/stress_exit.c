// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing leaks: threads that end while they impersonate, in any number, leave no
 * credentials, keyrings or tasks behind, and no hold on the module.  Many one
 * after the other; for many at a time see stress_race.
 */
#include "stress.h"
#include <keyutils.h>

#define THREADS		scaled(100000)
#define PAIRS		scaled(100000)

static void run_threads(struct __test_metadata *_metadata, int count, void *(*run)(void *),
			int *fd)
{
	for (int i = 1; i <= count; i++) {
		pthread_t thread;
		void *err;

		ASSERT_EQ(0, pthread_create(&thread, NULL, run, fd));
		ASSERT_EQ(0, pthread_join(thread, &err));
		ASSERT_EQ(NULL, err);
		progress(i, count);
	}
}

TEST_F_TIMEOUT(stress, threads_end_impersonating, SECONDS)
{
	run_threads(_metadata, THREADS, impersonate_and_end, &self->wearing.ctx);
}

/*
 * Where the creator has a keyring of its own each new thread gets one too, and
 * with it a primary unlike all others: nothing can be shared between them.
 */
TEST_F_TIMEOUT(stress, threads_with_keyrings_end_impersonating, SECONDS)
{
	ASSERT_LT(0, keyctl_get_keyring_ID(KEY_SPEC_THREAD_KEYRING, 1));
	run_threads(_metadata, THREADS / 10, impersonate_and_end, &self->wearing.ctx);
}

/* Each with a context, and so with credentials, of its own. */
static void *capture_impersonate_and_end(void *arg)
{
	int dev = *(int *)arg;
	int ctx = capture_ids(dev, CLIENT, CLIENT, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	intptr_t err = ctx < 0 ? ctx : context_impersonate(ctx);

	close(ctx);
	return (void *)err;
}

TEST_F_TIMEOUT(stress, threads_end_with_a_closed_context, SECONDS)
{
	run_threads(_metadata, THREADS / 10, capture_impersonate_and_end, &self->wearing.dev);
}

TEST_F_TIMEOUT(stress, impersonate_and_revert, SECONDS)
{
	for (int i = 1; i <= PAIRS; i++) {
		ASSERT_EQ(0, wearing_start(&self->wearing));
		ASSERT_EQ(0, wearing_stop(&self->wearing));
		progress(i, PAIRS);
	}
}

TEST_F_TIMEOUT(stress, replace, SECONDS)
{
	for (int i = 1; i <= PAIRS; i++) {
		ASSERT_EQ(0, wearing_start(&self->wearing));
		ASSERT_EQ(0, context_impersonate(self->second));
		progress(i, PAIRS);
	}
	ASSERT_EQ(0, wearing_stop(&self->wearing));
}

TEST_F_TIMEOUT(stress, capture_impersonate_and_close, SECONDS)
{
	for (int i = 1; i <= PAIRS / 10; i++) {
		ASSERT_EQ(NULL, capture_impersonate_and_end(&self->wearing.dev));
		ASSERT_EQ(0, wearing_stop(&self->wearing));
		progress(i, PAIRS / 10);
	}
}

/* What was made for a change that is refused goes away again. */
TEST_F_TIMEOUT(stress, refused_calls, SECONDS)
{
	char *const argv[] = { (char *)"true", NULL };

	ASSERT_EQ(0, wearing_start(&self->wearing));
	for (int i = 1; i <= PAIRS / 10; i++) {
		ASSERT_EQ(-EPERM, persona_set_uids(OTHER, OTHER, OTHER));
		ASSERT_EQ(-EPERM, persona_set_groups(0, NULL));
		ASSERT_EQ(-EPERM, persona_set_caps(CAPS_NONE, CAPS_NONE, CAPS_NONE));
		ASSERT_EQ(-1, keyctl_get_keyring_ID(KEY_SPEC_THREAD_KEYRING, 1));
		ASSERT_EQ(-1, keyctl_join_session_keyring(NULL));
		ASSERT_EQ(-1, unshare(CLONE_NEWUSER));
		ASSERT_EQ(-1, execve("/bin/true", argv, NULL));
		progress(i, PAIRS / 10);
	}
	EXPECT_TRUE(wearing_intact(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
}

TEST_HARNESS_MAIN
