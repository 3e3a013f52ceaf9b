// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keyrings: the server's own at level Impersonation, the client's session
 * keyring, and nothing else of it, at level Delegation.
 */
#include "harness.h"
#include <keyutils.h>

#include "child.h"
#include "device.h"
#include "identity.h"

#define SECRET	"selftest:secret"

FIXTURE(confine_keyring)
{
	int dev;
	struct child client;
	int ctx;
	/* Of this process, and of the client. */
	key_serial_t server_session;
	key_serial_t server_process;
	key_serial_t server_thread;
	key_serial_t client_session;
};

FIXTURE_VARIANT(confine_keyring)
{
	__u32 level;
};

FIXTURE_VARIANT_ADD(confine_keyring, impersonation) { NTIMP_LEVEL_IMPERSONATION };
FIXTURE_VARIANT_ADD(confine_keyring, delegation) { NTIMP_LEVEL_DELEGATION };

struct logon {
	int dev;
	__u32 level;
};

/* A session of its own, with a secret in it; the number of its keyring is sent. */
static int log_on(const struct child *parent, void *arg)
{
	struct logon *it = arg;
	key_serial_t session = keyctl_join_session_keyring("selftest:client");
	int err;

	if (session < 0 || add_key("user", SECRET, "x", 1, KEY_SPEC_SESSION_KEYRING) < 0 ||
	    keyctl_get_keyring_ID(KEY_SPEC_PROCESS_KEYRING, 1) < 0)
		return -errno;
	err = child_send(parent, session);
	if (!err)
		err = child_send_fd(parent, capture_self(it->dev, it->level));
	/* The keys are there for as long as their owner. */
	return err ? err : child_receive(parent);
}

FIXTURE_SETUP(confine_keyring)
{
	struct persona user = PERSONA_USER(1001);
	struct logon it = { .level = variant->level };

	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	it.dev = self->dev;
	ASSERT_EQ(0, child_start(&self->client, &user, log_on, &it));
	self->client_session = child_receive(&self->client);
	ASSERT_LT(0, self->client_session);
	self->ctx = child_receive_fd(&self->client);
	ASSERT_LE(0, self->ctx);

	self->server_session = keyctl_join_session_keyring("selftest:server");
	ASSERT_LT(0, self->server_session);
	self->server_process = keyctl_get_keyring_ID(KEY_SPEC_PROCESS_KEYRING, 1);
	ASSERT_LT(0, self->server_process);
	self->server_thread = keyctl_get_keyring_ID(KEY_SPEC_THREAD_KEYRING, 1);
	ASSERT_LT(0, self->server_thread);
}

FIXTURE_TEARDOWN(confine_keyring)
{
	child_finish(&self->client);
	close(self->ctx);
	close(self->dev);
}

static key_serial_t keyring(key_serial_t special)
{
	key_serial_t serial = keyctl_get_keyring_ID(special, 0);

	return serial < 0 ? -errno : serial;
}

TEST_F(confine_keyring, session)
{
	bool delegated = variant->level == NTIMP_LEVEL_DELEGATION;
	key_serial_t worn = delegated ? self->client_session : self->server_session;

	EXPECT_EQ(self->server_session, keyring(KEY_SPEC_SESSION_KEYRING));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(worn, keyring(KEY_SPEC_SESSION_KEYRING));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(self->server_session, keyring(KEY_SPEC_SESSION_KEYRING));
}

TEST_F(confine_keyring, session_is_described)
{
	bool delegated = variant->level == NTIMP_LEVEL_DELEGATION;
	const char *expected = delegated ? "keyring;1001;1001;" : "keyring;0;0;";
	char description[256] = "";

	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_LT(0, keyctl_describe(KEY_SPEC_SESSION_KEYRING, description,
				     sizeof(description)));
	EXPECT_EQ(0, strncmp(expected, description, strlen(expected)))
		TH_LOG("%s", description);
	ASSERT_EQ(0, device_revert(self->dev));
}

TEST_F(confine_keyring, secret_of_the_client)
{
	bool delegated = variant->level == NTIMP_LEVEL_DELEGATION;
	key_serial_t key;

	ASSERT_EQ(0, context_impersonate(self->ctx));
	key = keyctl_search(KEY_SPEC_SESSION_KEYRING, "user", SECRET, 0);
	if (delegated) {
		EXPECT_LT(0, key);
	} else {
		EXPECT_EQ(-1, key);
		EXPECT_EQ(ENOKEY, errno);
	}
	/* The way by which file systems look for credentials. */
	key = request_key("user", SECRET, NULL, 0);
	if (delegated) {
		EXPECT_LT(0, key);
	} else {
		EXPECT_EQ(-1, key);
		EXPECT_EQ(ENOKEY, errno);
	}
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(-1, keyctl_search(KEY_SPEC_SESSION_KEYRING, "user", SECRET, 0));
	EXPECT_EQ(ENOKEY, errno);
}

/* Of the thread and the process, at either level. */
TEST_F(confine_keyring, others_are_the_server_s)
{
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(self->server_process, keyring(KEY_SPEC_PROCESS_KEYRING));
	EXPECT_EQ(self->server_thread, keyring(KEY_SPEC_THREAD_KEYRING));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(self->server_process, keyring(KEY_SPEC_PROCESS_KEYRING));
	EXPECT_EQ(self->server_thread, keyring(KEY_SPEC_THREAD_KEYRING));
}

/* Lowered to Impersonation, a context has no more keys than one made so. */
TEST_F(confine_keyring, lowered)
{
	int low = capture_context(self->dev, self->ctx, NTIMP_LEVEL_IMPERSONATION);

	ASSERT_EQ(0, context_impersonate(low));
	EXPECT_EQ(self->server_session, keyring(KEY_SPEC_SESSION_KEYRING));
	EXPECT_EQ(-1, keyctl_search(KEY_SPEC_SESSION_KEYRING, "user", SECRET, 0));
	EXPECT_EQ(ENOKEY, errno);
	ASSERT_EQ(0, device_revert(self->dev));
}

/* A client of numbers alone has no session: nobody else's stands in for it. */
TEST_F(confine_keyring, client_without_a_session)
{
	bool delegated = variant->level == NTIMP_LEVEL_DELEGATION;
	key_serial_t session;
	int ctx = capture_ids(self->dev, 1001, 1001, 0, NULL, variant->level);

	ASSERT_EQ(0, context_impersonate(ctx));
	session = keyring(KEY_SPEC_SESSION_KEYRING);
	EXPECT_EQ(delegated ? -ENOKEY : self->server_session, session);
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(self->server_session, keyring(KEY_SPEC_SESSION_KEYRING));
}

TEST_HARNESS_MAIN
