// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keyrings belong to credentials, so none can be made, joined or chosen while
 * impersonating; those which the server has stay reachable.
 */
#include "harness.h"
#include <keyutils.h>
#include <sys/wait.h>

#include "refusals.h"

/* A serial number, or whatever else is not an error, is 0 here. */
#define CALL(name, ...) \
	static int call_##name(void) \
	{ \
		return __VA_ARGS__ < 0 ? -errno : 0; \
	}

static key_serial_t own_keyring(key_serial_t which)
{
	return keyctl_get_keyring_ID(which, 0);
}

CALL(join_anonymous, keyctl_join_session_keyring(NULL))
CALL(join_named, keyctl_join_session_keyring("selftest"))
CALL(reqkey, keyctl_set_reqkey_keyring(KEY_REQKEY_DEFL_USER_KEYRING))
CALL(make_thread, keyctl_get_keyring_ID(KEY_SPEC_THREAD_KEYRING, 1))
CALL(make_process, keyctl_get_keyring_ID(KEY_SPEC_PROCESS_KEYRING, 1))
CALL(make_session, keyctl_get_keyring_ID(KEY_SPEC_SESSION_KEYRING, 1))
/* Where there is none, naming it is enough to get the user's. */
CALL(name_session, keyctl_get_keyring_ID(KEY_SPEC_SESSION_KEYRING, 0))
CALL(add_to_thread, add_key("user", "selftest", "x", 1, KEY_SPEC_THREAD_KEYRING))
CALL(assume_no_authority, keyctl_assume_authority(0))

REFUSAL(join_anonymous, .call = call_join_anonymous, .worn = -EPERM);
REFUSAL(join_named, .call = call_join_named, .worn = -EPERM);
REFUSAL(reqkey, .call = call_reqkey, .worn = -EPERM);
REFUSAL(make_thread, .call = call_make_thread, .worn = -EPERM);
REFUSAL(make_process, .call = call_make_process, .worn = -EPERM);
REFUSAL(add_to_thread, .call = call_add_to_thread, .worn = -EPERM);
REFUSAL(assume_no_authority, .call = call_assume_no_authority, .worn = -EPERM);

/* Whatever the reason, the kernel says that there is none. */
REFUSAL(make_session, .call = call_make_session, .worn = -ENOKEY);
REFUSAL(name_session, .call = call_name_session, .worn = -ENOKEY);

/* Which keyring is asked for by default, without changing it. */
static int default_keyring(void)
{
	return keyctl_set_reqkey_keyring(KEY_REQKEY_DEFL_NO_CHANGE);
}

FIXTURE(keyrings) {
	struct wearing wearing;
};

FIXTURE_SETUP(keyrings)
{
	ASSERT_LT(0, keyctl_join_session_keyring(NULL));
	ASSERT_LT(0, keyctl_get_keyring_ID(KEY_SPEC_PROCESS_KEYRING, 1));
	ASSERT_LT(0, keyctl_get_keyring_ID(KEY_SPEC_THREAD_KEYRING, 1));
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
}

FIXTURE_TEARDOWN(keyrings)
{
	wearing_end(&self->wearing);
}

TEST_F(keyrings, default_is_kept)
{
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_EQ(KEY_REQKEY_DEFL_DEFAULT, default_keyring());
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_EQ(-EPERM, call_reqkey());
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_EQ(KEY_REQKEY_DEFL_DEFAULT, default_keyring());
	EXPECT_EQ(0, call_reqkey());
	EXPECT_EQ(KEY_REQKEY_DEFL_USER_KEYRING, default_keyring());
}

static void keyrings_list(key_serial_t list[3])
{
	list[0] = own_keyring(KEY_SPEC_THREAD_KEYRING);
	list[1] = own_keyring(KEY_SPEC_PROCESS_KEYRING);
	list[2] = own_keyring(KEY_SPEC_SESSION_KEYRING);
}

/* Below level Delegation all keyrings are the server's. */
TEST_F(keyrings, stay_those_of_the_server)
{
	key_serial_t before[3], seen[3];

	keyrings_list(before);
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_EQ(-EPERM, call_join_anonymous());
	EXPECT_EQ(-EPERM, call_join_named());
	/* Possession lets the client name a keyring that belongs to root. */
	keyrings_list(seen);
	EXPECT_EQ(0, memcmp(before, seen, sizeof(before)));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	keyrings_list(seen);
	EXPECT_EQ(0, memcmp(before, seen, sizeof(before)));
}

/* Make a child that gives its session keyring to its parent: 0 or -errno. */
static int take_from_child(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (keyctl_join_session_keyring(NULL) < 0 || keyctl_session_to_parent() < 0)
			_exit(errno);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -ECHILD;
}

/*
 * To the child the parent is its primary, so it may.  The parent, however, is
 * changed when it goes back to user space, and then it impersonates.
 */
TEST_F(keyrings, child_cannot_change_those_of_an_impersonating_parent)
{
	key_serial_t before = own_keyring(KEY_SPEC_SESSION_KEYRING);

	ASSERT_LT(0, before);
	ASSERT_EQ(0, wearing_start(&self->wearing));
	EXPECT_EQ(0, take_from_child());
	EXPECT_EQ(before, own_keyring(KEY_SPEC_SESSION_KEYRING));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_TRUE(wearing_over(&self->wearing));
	EXPECT_EQ(before, own_keyring(KEY_SPEC_SESSION_KEYRING));

	/* It works for one that doesn't. */
	EXPECT_EQ(0, take_from_child());
	EXPECT_NE(before, own_keyring(KEY_SPEC_SESSION_KEYRING));
	EXPECT_LT(0, own_keyring(KEY_SPEC_SESSION_KEYRING));
}

TEST_HARNESS_MAIN
