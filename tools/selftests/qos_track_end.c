// SPDX-License-Identifier: GPL-2.0-only
/*
 * The client of a dynamic context executes a program, ends, or its number
 * becomes another's: then the server goes on with the last snapshot.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"
#include "scratch.h"

#define CLIENT		1001
/* Not busybox, which gives a set-user-id up. */
#define PROGRAM		"/bin/bash"

static const struct ntimp_qos dynamic = {
	.level = NTIMP_LEVEL_IMPERSONATION,
	.tracking = NTIMP_TRACKING_DYNAMIC,
};

static bool client_stands(int dev, int ctx)
{
	bool stands;

	if (context_update(ctx) != -ESTALE || context_flags(ctx) != NTIMP_INFO_STALE)
		return false;
	if (context_impersonate(ctx))
		return false;
	stands = acts_as(CLIENT, CLIENT) && context_is_of(ctx, CLIENT, CLIENT);
	return !device_revert(dev) && stands && context_flags(ctx) == NTIMP_INFO_STALE;
}

FIXTURE(qos_exec)
{
	int dev;
	struct scratch scratch;
	int to[2];
	int from[2];
	char path[64];
};

/*
 * @owner, @mode: of the program
 * @euid, @egid: of the client when it executes it
 * @by_thread: a second thread does
 */
FIXTURE_VARIANT(qos_exec)
{
	uid_t owner;
	mode_t mode;
	uid_t euid;
	gid_t egid;
	bool by_thread;
};

FIXTURE_VARIANT_ADD(qos_exec, setuid_root) { 0, 04755, 0, CLIENT, false };
FIXTURE_VARIANT_ADD(qos_exec, setgid_root) { 0, 02755, CLIENT, 0, false };
FIXTURE_VARIANT_ADD(qos_exec, setuid_client) { CLIENT, 06755, CLIENT, CLIENT, false };
FIXTURE_VARIANT_ADD(qos_exec, plain) { 0, 0755, CLIENT, CLIENT, false };
FIXTURE_VARIANT_ADD(qos_exec, setuid_root_by_thread) { 0, 04755, 0, CLIENT, true };
FIXTURE_VARIANT_ADD(qos_exec, plain_by_thread) { 0, 0755, CLIENT, CLIENT, true };

FIXTURE_SETUP(qos_exec)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, file_copy(&self->scratch, "program", PROGRAM));
	ASSERT_EQ(0, fchownat(self->scratch.fd, "program", variant->owner, variant->owner, 0));
	ASSERT_EQ(0, fchmodat(self->scratch.fd, "program", variant->mode, 0));
	snprintf(self->path, sizeof(self->path), "%s/program", self->scratch.path);
	ASSERT_EQ(0, pipe2(self->to, O_CLOEXEC));
	ASSERT_EQ(0, pipe2(self->from, O_CLOEXEC));
}

FIXTURE_TEARDOWN(qos_exec)
{
	scratch_close(&self->scratch);
	close(self->dev);
}

static int execute(void *arg)
{
	const FIXTURE_DATA(qos_exec) *self = arg;

	dup2(self->to[0], STDIN_FILENO);
	dup2(self->from[1], STDOUT_FILENO);
	execl(self->path, "bash", "-p", "-c", "read -r; echo; read -r", NULL);
	return -errno;
}

struct executor {
	const FIXTURE_DATA(qos_exec) *self;
	bool by_thread;
};

static int execute_when_told(const struct child *parent, void *arg)
{
	const struct executor *executor = arg;
	struct actor actor;
	int err = child_receive(parent);

	if (!err && executor->by_thread)
		err = actor_start(&actor) ?: actor_call(&actor, execute, (void *)executor->self);
	else if (!err)
		err = execute((void *)executor->self);
	return err;
}

/* It answers a line with a line, so it runs when one comes back. */
static int await_program(const FIXTURE_DATA(qos_exec) *self)
{
	char byte = '\n';

	if (write(self->to[1], &byte, 1) != 1)
		return -errno;
	return read(self->from[0], &byte, 1) == 1 ? 0 : -EPIPE;
}

TEST_F(qos_exec, is_not_followed)
{
	struct executor executor = { self, variant->by_thread };
	struct persona user = PERSONA_USER(CLIENT);
	struct identity now;
	struct child client;
	int ctx;

	ASSERT_EQ(0, child_start(&client, &user, execute_when_told, &executor));
	ctx = capture_thread_qos(self->dev, client.pid, dynamic);
	ASSERT_LE(0, ctx);
	EXPECT_EQ(0, context_update(ctx));
	ASSERT_EQ(0, child_send(&client, 0));
	close(self->to[0]);
	close(self->from[1]);
	ASSERT_EQ(0, await_program(self));

	/* It is what it was to become. */
	ASSERT_EQ(0, identity_objective(client.pid, &now));
	EXPECT_EQ(variant->euid, now.euid);
	EXPECT_EQ(variant->egid, now.egid);
	EXPECT_TRUE(client_stands(self->dev, ctx));
	/* Another thread makes the first cred of its own. */
	EXPECT_TRUE(client_stands(self->dev, ctx));

	close(self->to[1]);
	EXPECT_EQ(-ECHILD, child_finish(&client));
	EXPECT_TRUE(client_stands(self->dev, ctx));
	EXPECT_EQ(0, close(ctx));
}

/* Captured afresh it is what it is now. */
TEST_F(qos_exec, is_captured_anew)
{
	struct executor executor = { self, variant->by_thread };
	struct persona user = PERSONA_USER(CLIENT);
	struct identity client_seen;
	struct child client;
	int ctx;

	ASSERT_EQ(0, child_start(&client, &user, execute_when_told, &executor));
	ASSERT_EQ(0, child_send(&client, 0));
	close(self->to[0]);
	close(self->from[1]);
	ASSERT_EQ(0, await_program(self));
	ctx = capture_thread_qos(self->dev, client.pid, dynamic);
	ASSERT_LE(0, ctx);
	EXPECT_EQ(0, context_update(ctx));
	ASSERT_EQ(0, context_identity(ctx, &client_seen));
	EXPECT_EQ(variant->euid, client_seen.euid);
	EXPECT_EQ(variant->egid, client_seen.egid);
	close(self->to[1]);
	EXPECT_EQ(-ECHILD, child_finish(&client));
	EXPECT_EQ(-ESTALE, context_update(ctx));
}

FIXTURE(qos_end)
{
	int dev;
};

FIXTURE_SETUP(qos_end)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(qos_end)
{
	close(self->dev);
}

static int wait_for_end(const struct child *parent, void *arg)
{
	(void)arg;
	child_receive(parent);
	return 0;
}

TEST_F(qos_end, of_the_process)
{
	struct persona user = PERSONA_USER(CLIENT);
	struct child client;
	int ctx;

	ASSERT_EQ(0, child_start(&client, &user, wait_for_end, NULL));
	ctx = capture_thread_qos(self->dev, client.pid, dynamic);
	ASSERT_LE(0, ctx);
	EXPECT_EQ(0, context_update(ctx));
	EXPECT_EQ(0, context_flags(ctx));
	EXPECT_EQ(0, child_finish(&client));
	EXPECT_TRUE(client_stands(self->dev, ctx));
}

/* Ended, but nobody has waited for it. */
TEST_F(qos_end, of_a_zombie)
{
	struct persona user = PERSONA_USER(CLIENT);
	struct child client;
	siginfo_t info;
	int ctx;

	ASSERT_EQ(0, child_start(&client, &user, wait_for_end, NULL));
	ctx = capture_thread_qos(self->dev, client.pid, dynamic);
	ASSERT_LE(0, ctx);
	ASSERT_EQ(0, child_send(&client, 0));
	ASSERT_EQ(0, waitid(P_PID, client.pid, &info, WEXITED | WNOWAIT));
	EXPECT_TRUE(client_stands(self->dev, ctx));
	EXPECT_EQ(0, child_finish(&client));
	EXPECT_TRUE(client_stands(self->dev, ctx));
}

#define LAST_PID	"/proc/sys/kernel/ns_last_pid"

static int set_last_pid(pid_t pid)
{
	int fd = open(LAST_PID, O_WRONLY | O_CLOEXEC), len;
	char text[16];

	len = snprintf(text, sizeof(text), "%d", pid);
	if (fd < 0 || write(fd, text, len) != len)
		return -errno;
	return close(fd);
}

#define TRIES	100	/* somebody else may fork first, and keep the number */

/* The same number, the same user: yet not the same client. */
TEST_F(qos_end, and_another_gets_the_number)
{
	struct persona user = PERSONA_USER(CLIENT);
	struct child client, other;
	int ctx = -1, tries = 0;
	pid_t pid;

	if (access(LAST_PID, F_OK))
		SKIP(return, "this kernel has no CONFIG_CHECKPOINT_RESTORE");
	do {
		if (tries) {
			close(ctx);
			child_finish(&other);
		}
		ASSERT_EQ(0, child_start(&client, &user, wait_for_end, NULL));
		pid = client.pid;
		ctx = capture_thread_qos(self->dev, pid, dynamic);
		ASSERT_LE(0, ctx);
		EXPECT_EQ(0, child_finish(&client));
		ASSERT_EQ(0, set_last_pid(pid - 1));
		ASSERT_EQ(0, child_start(&other, &user, wait_for_end, NULL));
	} while (other.pid != pid && ++tries < TRIES);
	ASSERT_EQ(pid, other.pid);

	EXPECT_TRUE(is_seen_as(pid, CLIENT, CLIENT));
	EXPECT_TRUE(client_stands(self->dev, ctx));
	EXPECT_EQ(0, child_finish(&other));
}

static int be_client(void *arg)
{
	(void)arg;
	return persona_take(&PERSONA_USER(CLIENT));
}

/* A thread of the server's own process, which ends while others go on. */
TEST_F(qos_end, of_a_thread)
{
	struct actor actor;
	int ctx;

	ASSERT_EQ(0, actor_start(&actor));
	ASSERT_EQ(0, actor_call(&actor, be_client, NULL));
	ctx = capture_thread_qos(self->dev, actor.tid, dynamic);
	ASSERT_LE(0, ctx);
	EXPECT_EQ(0, context_update(ctx));
	actor_stop(&actor);
	EXPECT_TRUE(client_stands(self->dev, ctx));
}

static int hand_over_itself(const struct child *parent, void *arg)
{
	struct persona user = PERSONA_USER(CLIENT);
	int dev = *(int *)arg, ctx, err;

	/* With groups, to be dropped. */
	err = persona_set_groups(2, (const gid_t[]){ 50, 60 });
	ctx = err ? err : capture_self_qos(dev, dynamic);
	if (ctx < 0 || child_send_fd(parent, ctx))
		return -EPROTO;
	err = child_receive(parent);
	if (!err)
		err = persona_set_groups(1, (const gid_t[]){ 50 });
	child_send(parent, err);
	err = child_receive(parent);
	if (!err)
		err = persona_take(&user);
	child_send(parent, err);
	return child_receive(parent);
}

/* What follows its own thread follows that one wherever it is. */
TEST_F(qos_end, of_what_a_client_made_of_itself)
{
	struct identity seen;
	struct child client;
	int ctx;

	ASSERT_EQ(0, child_start(&client, NULL, hand_over_itself, &self->dev));
	ctx = child_receive_fd(&client);
	ASSERT_LE(0, ctx);
	EXPECT_EQ(0, context_update(ctx));
	ASSERT_EQ(0, context_identity(ctx, &seen));
	EXPECT_EQ(2, seen.ngroups);

	ASSERT_EQ(0, child_send(&client, 0));
	ASSERT_EQ(0, child_receive(&client));
	EXPECT_EQ(0, context_update(ctx));
	ASSERT_EQ(0, context_identity(ctx, &seen));
	EXPECT_EQ(1, seen.ngroups);

	/* It was root, and is a user now whom it has not been. */
	ASSERT_EQ(0, child_send(&client, 0));
	ASSERT_EQ(0, child_receive(&client));
	EXPECT_EQ(-ESTALE, context_update(ctx));
	ASSERT_EQ(0, context_identity(ctx, &seen));
	EXPECT_EQ(0, seen.uid);

	ASSERT_EQ(0, child_send(&client, 0));
	EXPECT_EQ(0, child_finish(&client));
	EXPECT_EQ(-ESTALE, context_update(ctx));
}

TEST_HARNESS_MAIN
