// SPDX-License-Identifier: GPL-2.0-only
/*
 * However a thread that impersonates ends, nothing of it is left: neither what
 * it had open, nor its hold on the module.
 */
#include "harness.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "module.h"
#include "persona.h"
#include "scratch.h"
#include "wearing.h"

/*
 * An impersonating server: an open device and an open context.  While there is a
 * context its threads add nothing; one that was left over would when it is closed.
 */
#define USES	2

static struct wearing wearing;	/* of a server */

static int start(void *arg)
{
	int err = wearing_start(&wearing);

	(void)arg;
	if (!err && !wearing_intact(&wearing))
		err = -EPROTO;
	return err;
}

static int prepare(void)
{
	return wearing_prepare(&wearing, CAPS_NONE);
}

/* pause(2) gives an error whenever it returns. */
static int wait_for_end(void)
{
	while (pause())
		;
	return 1;
}

static int end_process(void *arg)
{
	(void)arg;
	syscall(SYS_exit_group, 7);
	return 1;
}

/* Servers say when they impersonate, and go on when told, to their end. */
static void announce(const struct child *parent, int err)
{
	child_send(parent, err);
	child_receive(parent);
}

static int exit_alone(const struct child *parent, void *arg)
{
	announce(parent, prepare() ?: start(arg));
	return end_process(arg);
}

static int exit_beside_another(const struct child *parent, void *arg)
{
	struct actor thread;

	announce(parent, prepare() ?: actor_start(&thread) ?: actor_call(&thread, start, arg));
	return end_process(arg);
}

static int exit_in_another(const struct child *parent, void *arg)
{
	struct actor thread;

	announce(parent, prepare() ?: actor_start(&thread) ?: start(arg));
	return actor_call(&thread, end_process, arg);
}

/* The compiler must not know. */
static volatile int *volatile nowhere;

static int crash(const struct child *parent, void *arg)
{
	announce(parent, prepare() ?: start(arg));
	*nowhere = 0;
	return 1;
}

static int block(const struct child *parent, void *arg)
{
	announce(parent, prepare() ?: start(arg));
	return wait_for_end();
}

static int spin(const struct child *parent, void *arg)
{
	volatile bool go_on = true;

	announce(parent, prepare() ?: start(arg));
	while (go_on)
		;
	return 1;
}

static int start_and_wait(void *arg)
{
	int err = start(NULL);

	child_send(arg, err);
	return wait_for_end();
}

static int block_in_another(const struct child *parent, void *arg)
{
	struct actor thread;

	(void)arg;
	return prepare() ?: actor_start(&thread) ?:
		actor_call(&thread, start_and_wait, (void *)parent);
}

FIXTURE(end) {
	int uses;
	struct child server;
};

/*
 * @serve: the server
 * @stop: a signal that stops it first, or 0
 * @kill: the signal that it gets, or 0
 * @status: how it ends, see wait(2)
 */
FIXTURE_VARIANT(end) {
	int (*serve)(const struct child *parent, void *arg);
	int stop;
	int kill;
	int status;
};

#define END(name, ...) \
	FIXTURE_VARIANT_ADD(end, name) { __VA_ARGS__ }

END(exit_alone, .serve = exit_alone, .status = W_EXITCODE(7, 0));
END(exit_beside_another, .serve = exit_beside_another, .status = W_EXITCODE(7, 0));
END(exit_in_another, .serve = exit_in_another, .status = W_EXITCODE(7, 0));
END(crash, .serve = crash, .status = SIGSEGV);
END(killed_blocked, .serve = block, .kill = SIGKILL, .status = SIGKILL);
END(killed_running, .serve = spin, .kill = SIGKILL, .status = SIGKILL);
END(killed_in_another, .serve = block_in_another, .kill = SIGKILL, .status = SIGKILL);
END(killed_stopped, .serve = block, .stop = SIGSTOP, .kill = SIGKILL, .status = SIGKILL);
END(terminated, .serve = block, .kill = SIGTERM, .status = SIGTERM);

/* A core file is not what this is about. */
FIXTURE_SETUP(end)
{
	const struct rlimit none = {};

	ASSERT_EQ(0, setrlimit(RLIMIT_CORE, &none));
	self->uses = module_uses();
	ASSERT_LE(0, self->uses);
}

FIXTURE_TEARDOWN(end)
{
	EXPECT_EQ(0, module_await_uses(self->uses));
}

static int server_status(const struct child *server)
{
	int status;

	close(server->line);
	return waitpid(server->pid, &status, 0) == server->pid ? status : -errno;
}

TEST_F(end, leaves_nothing)
{
	struct child *server = &self->server;
	int status;

	ASSERT_EQ(0, child_start(server, NULL, variant->serve, NULL));
	EXPECT_EQ(0, child_receive(server));
	EXPECT_EQ(self->uses + USES, module_uses());
	EXPECT_TRUE(is_seen_as(server->pid, 0, 0));

	if (variant->kill)
		EXPECT_EQ(-EWOULDBLOCK, module_unload());
	child_send(server, 0);
	if (variant->stop) {
		EXPECT_EQ(0, kill(server->pid, variant->stop));
		EXPECT_EQ(server->pid, waitpid(server->pid, &status, WUNTRACED));
		EXPECT_TRUE(WIFSTOPPED(status));
		EXPECT_EQ(self->uses + USES, module_uses());
	}
	if (variant->kill)
		EXPECT_EQ(0, kill(server->pid, variant->kill));
	EXPECT_EQ(variant->status, server_status(server));
}

FIXTURE(thread_end) {
	int uses;
	struct scratch scratch;
};

FIXTURE_SETUP(thread_end)
{
	self->uses = module_uses();
	ASSERT_LE(0, self->uses);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, file_make(&self->scratch, "client", CLIENT, CLIENT, 0600));
	ASSERT_EQ(0, prepare());
}

FIXTURE_TEARDOWN(thread_end)
{
	wearing_end(&wearing);
	scratch_close(&self->scratch);
	EXPECT_EQ(0, module_await_uses(self->uses));
}

/* With descriptors of the thread's own, which end with it. */
static int lock_as_client(void *arg)
{
	const struct scratch *scratch = arg;
	int err, fd;

	if (unshare(CLONE_FILES))
		return -errno;
	err = start(NULL);
	if (err)
		return err;
	fd = openat(scratch->fd, "client", O_RDWR | O_CLOEXEC);
	return fd < 0 || flock(fd, LOCK_EX) ? -errno : 0;
}

TEST_F(thread_end, files_and_locks_are_given_back)
{
	struct actor thread;
	int fd;

	fd = openat(self->scratch.fd, "client", O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, actor_start(&thread));
	EXPECT_EQ(0, actor_call(&thread, lock_as_client, &self->scratch));
	EXPECT_EQ(-1, flock(fd, LOCK_EX | LOCK_NB));
	EXPECT_EQ(EWOULDBLOCK, errno);
	EXPECT_EQ(self->uses + USES, module_uses());
	actor_stop(&thread);
	EXPECT_EQ(0, flock(fd, LOCK_EX));
	EXPECT_TRUE(wearing_over(&wearing));
	EXPECT_EQ(self->uses + USES, module_uses());
}

/* One thread's end is not another one's. */
TEST_F(thread_end, others_go_on)
{
	struct actor thread;

	ASSERT_EQ(0, start(NULL));
	ASSERT_EQ(0, actor_start(&thread));
	EXPECT_EQ(0, actor_call(&thread, start, NULL));
	EXPECT_EQ(self->uses + USES, module_uses());
	actor_stop(&thread);
	EXPECT_EQ(self->uses + USES, module_uses());
	EXPECT_TRUE(wearing_intact(&wearing));
	ASSERT_EQ(0, wearing_stop(&wearing));
	EXPECT_TRUE(wearing_over(&wearing));
}

TEST_HARNESS_MAIN
