// SPDX-License-Identifier: GPL-2.0-only
/*
 * access(2) asks for the real user and goes through credentials of its own for
 * that: those of the client's real user, not of the server's.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/syscall.h>

#include "child.h"
#include "device.h"
#include "persona.h"
#include "scratch.h"
#include "wearing.h"

FIXTURE(access) {
	struct scratch scratch;
	struct child client;
	int dev;
	int ctx;
};

/* A client that is CLIENT, effectively, and really OTHER. */
static int client_main(const struct child *parent, void *arg)
{
	int err = persona_set_gids(OTHER, CLIENT, CLIENT) ?:
		persona_set_uids(OTHER, CLIENT, CLIENT);

	(void)arg;
	child_send(parent, err);
	child_receive(parent);
	return 0;
}

FIXTURE_SETUP(access)
{
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, file_make(&self->scratch, "server", 0, 0, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "client", CLIENT, CLIENT, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "other", OTHER, OTHER, 0600));
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(access)
{
	EXPECT_EQ(0, device_revert(self->dev));
	scratch_close(&self->scratch);
}

/* As the real user, and as the effective one: 0 or -errno. */
static int access_real(const FIXTURE_DATA(access) *self, const char *name)
{
	return faccessat(self->scratch.fd, name, R_OK | W_OK, 0) ? -errno : 0;
}

static int access_effective(const FIXTURE_DATA(access) *self, const char *name)
{
	/* The C library's wrapper may do the sums itself. */
	return syscall(SYS_faccessat2, self->scratch.fd, name, R_OK | W_OK, AT_EACCESS) ?
		-errno : 0;
}

static int try(const FIXTURE_DATA(access) *self, const char *name)
{
	return file_try(&self->scratch, name, O_RDWR);
}

TEST_F(access, asks_for_the_real_user_of_the_client)
{
	struct identity seen;
	int64_t id;

	ASSERT_EQ(0, child_start(&self->client, NULL, client_main, NULL));
	ASSERT_EQ(0, child_receive(&self->client));
	self->ctx = capture_thread(self->dev, self->client.pid, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
	id = context_id(self->ctx);
	EXPECT_EQ(0, access_real(self, "server"));

	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(0, try(self, "client"));
	EXPECT_EQ(-EACCES, try(self, "other"));
	EXPECT_EQ(-EACCES, try(self, "server"));

	EXPECT_EQ(-EACCES, access_real(self, "client"));
	EXPECT_EQ(0, access_real(self, "other"));
	EXPECT_EQ(-EACCES, access_real(self, "server"));

	EXPECT_EQ(0, access_effective(self, "client"));
	EXPECT_EQ(-EACCES, access_effective(self, "other"));
	EXPECT_EQ(-EACCES, access_effective(self, "server"));

	/* And it goes back to the client that it came from. */
	EXPECT_EQ(id, device_worn_id(self->dev, 0));
	EXPECT_EQ(0, identity_subjective(&seen));
	EXPECT_EQ(OTHER, seen.uid);
	EXPECT_EQ(CLIENT, seen.euid);
	EXPECT_EQ(CLIENT, seen.fsuid);
	EXPECT_TRUE(is_seen_as(thread_id(), 0, 0));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, access_real(self, "server"));
	EXPECT_EQ(0, child_finish(&self->client));
}

/* Capabilities are of the effective user; the real one here has none. */
TEST_F(access, real_user_has_no_capability)
{
	self->ctx = capture_ids_caps(self->dev, CLIENT, CLIENT, CAP_BIT(CAP_DAC_OVERRIDE),
				     NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(0, try(self, "server"));
	EXPECT_EQ(-EACCES, access_real(self, "server"));
	EXPECT_EQ(0, access_effective(self, "server"));
	EXPECT_EQ(0, access_real(self, "client"));
	EXPECT_TRUE(acts_as(CLIENT, CLIENT));
}

TEST_HARNESS_MAIN
