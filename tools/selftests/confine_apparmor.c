// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server keeps its AppArmor label, whomever it wears.
 *
 * No policy is needed: a policy namespace has an unconfined profile of its own,
 * and AppArmor tells each thread in which namespace its subjective label is.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/stat.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"

#define LEVEL		NTIMP_LEVEL_IMPERSONATION
#define APPARMOR	"/sys/kernel/security/apparmor"
#define NAME		"selftest"
#define NAMESPACE	APPARMOR "/policy/namespaces/" NAME
#define OUTSIDE		"root"

FIXTURE(confine_apparmor)
{
	int dev;
	int ctx;
};

FIXTURE_SETUP(confine_apparmor)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	if (access(APPARMOR "/policy/namespaces", F_OK))
		SKIP(return, "this kernel runs without AppArmor");
	ASSERT_TRUE(!mkdir(NAMESPACE, 0755) || errno == EEXIST);
	self->ctx = capture_ids(self->dev, 1001, 1001, 0, NULL, LEVEL);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(confine_apparmor)
{
	close(self->ctx);
	close(self->dev);
}

/* The calling thread goes into the namespace: 0 or -errno. */
static int change_label(void)
{
	static const char change[] = "changeprofile :" NAME ":unconfined";
	int fd = open("/proc/thread-self/attr/current", O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, change, sizeof(change) - 1) != (ssize_t)sizeof(change) - 1)
		err = -errno;
	close(fd);
	return err;
}

static bool file_says(const char *path, const char *expected)
{
	char seen[128] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, seen, sizeof(seen) - 1) < 0)
		return false;
	close(fd);
	seen[strcspn(seen, "\n")] = 0;
	if (!strcmp(seen, expected))
		return true;
	fprintf(stderr, "# %s: '%s', expected '%s'\n", path, seen, expected);
	return false;
}

/* Subjectively, and to everybody else. */
static bool acts_in(const char *name)
{
	return file_says(APPARMOR "/.ns_name", name);
}

static bool label_of(pid_t tid, const char *label)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/attr/current", tid);
	return file_says(path, label);
}

#define LABEL_INSIDE	":" NAME ":unconfined"
#define LABEL_OUTSIDE	"unconfined"

static int enter_and_impersonate(void *ctx)
{
	int err;

	if (!acts_in(OUTSIDE))
		return -EPROTO;
	err = change_label();
	if (err)
		return err;
	if (!acts_in(NAME))
		return -EPROTO;
	err = context_impersonate(*(int *)ctx);
	if (err)
		return err;
	return acts_as(1001, 1001) && acts_in(NAME) ? 0 : -EPROTO;
}

TEST_F(confine_apparmor, server_with_a_label)
{
	struct actor actor;

	ASSERT_EQ(0, actor_start(&actor));
	EXPECT_EQ(0, actor_call(&actor, enter_and_impersonate, &self->ctx));
	EXPECT_TRUE(label_of(actor.tid, LABEL_INSIDE));
	EXPECT_TRUE(label_of(thread_id(), LABEL_OUTSIDE));
	actor_stop(&actor);
}

/* It changes its label between two uses of one context. */
static int impersonate_enter_and_impersonate(void *arg)
{
	const FIXTURE_DATA(confine_apparmor) *self = arg;
	int err = context_impersonate(self->ctx);

	if (err)
		return err;
	if (!acts_in(OUTSIDE) || device_revert(self->dev))
		return -EPROTO;
	return enter_and_impersonate((void *)&self->ctx);
}

TEST_F(confine_apparmor, server_that_changes_its_label)
{
	EXPECT_EQ(0, child_run(NULL, impersonate_enter_and_impersonate, self));
}

static int change_label_impersonating(void *ctx)
{
	int err = context_impersonate(*(int *)ctx);

	if (!err && change_label() != -EBUSY)
		err = -EPROTO;
	return err ? err : !acts_in(OUTSIDE);
}

TEST_F(confine_apparmor, no_label_is_changed_while_impersonating)
{
	EXPECT_EQ(0, child_run(NULL, change_label_impersonating, &self->ctx));
}

static int be_labelled_client(const struct child *parent, void *dev)
{
	int err = change_label();

	if (!err && !acts_in(NAME))
		err = -EPROTO;
	return err ? err : child_send_fd(parent, capture_self(*(int *)dev, LEVEL));
}

/* The client's label stays with the client. */
TEST_F(confine_apparmor, client_with_a_label)
{
	struct persona user = PERSONA_USER(1001);
	struct child child;
	int ctx;

	ASSERT_EQ(0, child_start(&child, &user, be_labelled_client, &self->dev));
	ctx = child_receive_fd(&child);
	ASSERT_LE(0, ctx);
	EXPECT_EQ(0, child_finish(&child));
	EXPECT_TRUE(acts_in(OUTSIDE));
	ASSERT_EQ(0, context_impersonate(ctx));
	EXPECT_TRUE(acts_as(1001, 1001));
	EXPECT_TRUE(acts_in(OUTSIDE));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(acts_in(OUTSIDE));
}

TEST_HARNESS_MAIN
