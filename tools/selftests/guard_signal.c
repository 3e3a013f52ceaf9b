// SPDX-License-Identifier: GPL-2.0-only
/*
 * A signal handler runs as whom the thread acts, and returning from it changes
 * nothing about that: identity is no part of what a signal saves.
 */
#include "harness.h"
#include <sched.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "actor.h"
#include "persona.h"
#include "wearing.h"

static struct wearing wearing;	/* for handlers */
static volatile sig_atomic_t handled;
static uid_t sender;

FIXTURE(signal) {
	stack_t stack;
};

FIXTURE_SETUP(signal)
{
	self->stack.ss_size = 1 << 16;
	self->stack.ss_sp = malloc(self->stack.ss_size);
	ASSERT_EQ(0, sigaltstack(&self->stack, NULL));
	ASSERT_EQ(0, wearing_prepare(&wearing, CAPS_NONE));
	ASSERT_EQ(0, wearing_start(&wearing));
}

FIXTURE_TEARDOWN(signal)
{
	wearing_end(&wearing);
}

static void note(const siginfo_t *info, bool good)
{
	sender = info->si_uid;
	handled = good ? 1 : -1;
}

static void see_client(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	note(info, wearing_intact(&wearing));
}

static void see_primary(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	note(info, wearing_over(&wearing));
}

static void revert(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	note(info, wearing_intact(&wearing) && !wearing_stop(&wearing));
}

static void impersonate(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	note(info, wearing_over(&wearing) && !wearing_start(&wearing));
}

static int handle(int sig, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = {
		.sa_sigaction = handler,
		.sa_flags = SA_SIGINFO | flags,
	};

	handled = 0;
	return sigaction(sig, &action, NULL) ? -errno : 0;
}

TEST_F(signal, handler_is_the_client)
{
	ASSERT_EQ(0, handle(SIGUSR1, see_client, 0));
	raise(SIGUSR1);
	EXPECT_EQ(1, handled);
	/* It is sent by whom the thread acts as. */
	EXPECT_EQ(CLIENT, sender);
	EXPECT_TRUE(wearing_intact(&wearing));
	ASSERT_EQ(0, wearing_stop(&wearing));
	EXPECT_TRUE(wearing_over(&wearing));
}

TEST_F(signal, handler_on_another_stack)
{
	ASSERT_EQ(0, handle(SIGUSR1, see_client, SA_ONSTACK | SA_RESETHAND));
	raise(SIGUSR1);
	EXPECT_EQ(1, handled);
	EXPECT_TRUE(wearing_intact(&wearing));
}

static sigjmp_buf before_fault;
/* The compiler must not know. */
static volatile int *volatile nowhere;

static void leave_fault(int sig, siginfo_t *info, void *context)
{
	see_client(sig, info, context);
	siglongjmp(before_fault, 1);
}

TEST_F(signal, fault)
{
	ASSERT_EQ(0, handle(SIGSEGV, leave_fault, SA_ONSTACK));
	if (!sigsetjmp(before_fault, 1))
		*nowhere = 0;
	EXPECT_EQ(1, handled);
	EXPECT_TRUE(wearing_intact(&wearing));
}

TEST_F(signal, timer_interrupts_a_blocking_call)
{
	/* Again and again, should the first one come before the call. */
	const struct itimerval often = {
		.it_value.tv_usec = 200000, .it_interval.tv_usec = 200000,
	};
	int ends[2];
	char byte;

	ASSERT_EQ(0, pipe(ends));
	ASSERT_EQ(0, handle(SIGALRM, see_client, 0));
	ASSERT_EQ(0, setitimer(ITIMER_REAL, &often, NULL));
	EXPECT_EQ(-1, read(ends[0], &byte, 1));
	EXPECT_EQ(EINTR, errno);
	ASSERT_EQ(0, setitimer(ITIMER_REAL, &(struct itimerval){}, NULL));
	EXPECT_EQ(1, handled);
	EXPECT_TRUE(wearing_intact(&wearing));
}

/* What the handler does with the identity lasts. */
TEST_F(signal, revert_in_handler_lasts)
{
	ASSERT_EQ(0, handle(SIGUSR1, revert, 0));
	raise(SIGUSR1);
	EXPECT_EQ(1, handled);
	EXPECT_TRUE(wearing_over(&wearing));
}

TEST_F(signal, impersonation_in_handler_lasts)
{
	ASSERT_EQ(0, wearing_stop(&wearing));
	ASSERT_EQ(0, handle(SIGUSR1, impersonate, 0));
	raise(SIGUSR1);
	EXPECT_EQ(1, handled);
	EXPECT_EQ(0, sender);
	EXPECT_TRUE(wearing_intact(&wearing));
}

/* Each thread handles as itself, whoever sends. */
TEST_F(signal, handler_in_another_thread)
{
	struct actor thread;

	ASSERT_EQ(0, actor_start(&thread));
	ASSERT_EQ(0, handle(SIGUSR1, see_primary, 0));
	ASSERT_EQ(0, syscall(SYS_tgkill, getpid(), thread.tid, SIGUSR1));
	while (!handled)
		sched_yield();
	EXPECT_EQ(1, handled);
	EXPECT_EQ(CLIENT, sender);
	EXPECT_TRUE(wearing_intact(&wearing));
	actor_stop(&thread);
}

static int ended_status;

static void reap(int sig, siginfo_t *info, void *context)
{
	pid_t ended = waitpid(info->si_pid, &ended_status, 0);

	(void)sig;
	(void)context;
	note(info, ended == info->si_pid && wearing_intact(&wearing));
}

/* The child was the primary's; its end is the process's to know. */
TEST_F(signal, child_is_reaped_in_handler)
{
	pid_t pid;

	ASSERT_EQ(0, handle(SIGCHLD, reap, 0));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(7);
	while (!handled)
		usleep(1000);
	EXPECT_EQ(1, handled);
	EXPECT_EQ(7, WEXITSTATUS(ended_status));
	EXPECT_EQ(0, sender);
	EXPECT_TRUE(wearing_intact(&wearing));
}

TEST_HARNESS_MAIN
