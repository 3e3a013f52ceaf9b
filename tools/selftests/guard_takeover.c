// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens to an impersonating thread from outside: another thread of its
 * process starts a program, a tracer stops it, it is killed in vfork().
 */
#include "harness.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "module.h"
#include "persona.h"
#include "wearing.h"

extern char **environ;

static struct wearing wearing;	/* of a server */
static int input[2];		/* of the program that it starts */

FIXTURE(takeover) {
	int uses;
	struct child server;
};

FIXTURE_SETUP(takeover)
{
	self->uses = module_uses();
	ASSERT_LE(0, self->uses);
	ASSERT_EQ(0, pipe2(input, O_CLOEXEC));
}

FIXTURE_TEARDOWN(takeover)
{
	EXPECT_EQ(0, module_await_uses(self->uses));
}

static int start(void *arg)
{
	int err = wearing_start(&wearing);

	(void)arg;
	if (!err && !wearing_intact(&wearing))
		err = -EPROTO;
	return err;
}

/* Become a program that ends when its input does. */
static int start_program(void *arg)
{
	char *const cat[] = { (char *)"cat", NULL };

	(void)arg;
	dup2(input[0], STDIN_FILENO);
	execve("/bin/cat", cat, environ);
	return -errno;
}

static int main_starts_program(const struct child *parent, void *arg)
{
	struct actor thread;
	int err = wearing_prepare(&wearing, CAPS_NONE) ?: actor_start(&thread) ?:
		actor_call(&thread, start, arg);

	child_send(parent, err);
	child_receive(parent);
	return start_program(NULL);
}

static int another_starts_program(const struct child *parent, void *arg)
{
	struct actor thread;
	int err = wearing_prepare(&wearing, CAPS_NONE) ?: actor_start(&thread) ?: start(arg);

	child_send(parent, err);
	child_receive(parent);
	return actor_call(&thread, start_program, NULL);
}

static void check_program(struct __test_metadata *_metadata, FIXTURE_DATA(takeover) *self,
			  int (*serve)(const struct child *parent, void *arg))
{
	struct child *server = &self->server;
	int status;
	char byte;

	ASSERT_EQ(0, child_start(server, NULL, serve, NULL));
	EXPECT_EQ(0, child_receive(server));
	EXPECT_EQ(self->uses + 2, module_uses());
	child_send(server, 0);
	/* The line is closed when the program starts. */
	EXPECT_EQ(0, read(server->line, &byte, 1));
	EXPECT_EQ(0, module_await_uses(self->uses));
	EXPECT_TRUE(is_seen_as(server->pid, 0, 0));
	close(input[1]);
	close(server->line);
	EXPECT_EQ(server->pid, waitpid(server->pid, &status, 0));
	EXPECT_EQ(0, status);
}

TEST_F(takeover, program_started_by_main_thread)
{
	check_program(_metadata, self, main_starts_program);
}

TEST_F(takeover, program_started_by_another_thread)
{
	check_program(_metadata, self, another_starts_program);
}

static int serve_traced(const struct child *parent, void *arg)
{
	child_send(parent, wearing_prepare(&wearing, CAPS_NONE) ?: start(arg));
	child_receive(parent);
	if (!wearing_intact(&wearing))
		return 1;
	if (wearing_stop(&wearing) || !wearing_over(&wearing))
		return 2;
	return 7;
}

static void stop_by_tracing(struct __test_metadata *_metadata, pid_t pid)
{
	int status;

	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, pid, 0, 0));
	ASSERT_EQ(0, ptrace(PTRACE_INTERRUPT, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	EXPECT_TRUE(is_seen_as(pid, 0, 0));
}

TEST_F(takeover, stopped_by_tracer)
{
	struct child *server = &self->server;

	ASSERT_EQ(0, child_start(server, NULL, serve_traced, NULL));
	ASSERT_EQ(0, child_receive(server));
	stop_by_tracing(_metadata, server->pid);
	EXPECT_EQ(self->uses + 2, module_uses());
	EXPECT_EQ(0, ptrace(PTRACE_DETACH, server->pid, 0, 0));
	child_send(server, 0);
	EXPECT_EQ(7, child_finish(server));
}

TEST_F(takeover, killed_while_stopped_by_tracer)
{
	struct child *server = &self->server;
	int status;

	ASSERT_EQ(0, child_start(server, NULL, serve_traced, NULL));
	ASSERT_EQ(0, child_receive(server));
	stop_by_tracing(_metadata, server->pid);
	EXPECT_EQ(0, kill(server->pid, SIGKILL));
	EXPECT_EQ(server->pid, waitpid(server->pid, &status, 0));
	EXPECT_EQ(SIGKILL, status);
	close(server->line);
}

/* A tracer sees each call of the server, and cannot make it start a program. */
static int serve_exec_traced(const struct child *parent, void *arg)
{
	child_send(parent, wearing_prepare(&wearing, CAPS_NONE) ?: start(arg));
	child_receive(parent);
	if (start_program(NULL) != -EPERM)
		return 1;
	return wearing_intact(&wearing) ? 7 : 2;
}

TEST_F(takeover, exec_is_refused_when_traced)
{
	struct child *server = &self->server;

	ASSERT_EQ(0, child_start(server, NULL, serve_exec_traced, NULL));
	ASSERT_EQ(0, child_receive(server));
	stop_by_tracing(_metadata, server->pid);
	EXPECT_EQ(0, ptrace(PTRACE_CONT, server->pid, 0, 0));
	child_send(server, 0);
	EXPECT_EQ(7, child_finish(server));
}

static int serve_vfork(const struct child *parent, void *arg)
{
	if (wearing_prepare(&wearing, CAPS_NONE) || start(arg))
		return 1;
	if (!vfork()) {
		child_send(parent, getpid());
		while (pause())
			;
	}
	return 2;
}

/* Its parent dies in the middle of vfork(), the child is untouched. */
TEST_F(takeover, killed_in_vfork)
{
	struct child *server = &self->server;
	pid_t grandchild;
	int status;

	ASSERT_EQ(0, child_start(server, NULL, serve_vfork, NULL));
	grandchild = child_receive(server);
	ASSERT_LT(0, grandchild);
	EXPECT_EQ(self->uses + 2, module_uses());
	EXPECT_TRUE(is_seen_as(grandchild, 0, 0));
	EXPECT_EQ(0, kill(server->pid, SIGKILL));
	EXPECT_EQ(server->pid, waitpid(server->pid, &status, 0));
	EXPECT_EQ(SIGKILL, status);
	close(server->line);
	/* The descriptors are the child's too. */
	EXPECT_EQ(0, module_await_uses(self->uses + 2));
	EXPECT_TRUE(is_seen_as(grandchild, 0, 0));
	EXPECT_EQ(0, kill(grandchild, SIGKILL));
}

TEST_HARNESS_MAIN
