// SPDX-License-Identifier: GPL-2.0-only
/*
 * NT's routines for another thread: two tasks of user mode that are one process, of
 * which one asks and the other does, or can't.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include <linux/nt/ntstatus.h>
#include <linux/nt/security.h>

#include "../ntimp/cred.h"
#include "hooks.h"
#include "nt_tokens.h"
#include "persona.h"
#include "pins.h"
#include "suites.h"
#include "symbol.h"

static const struct persona alice = { .uid = 1001, .gid = 1001 };
static const struct persona bob = { .uid = 1002, .gid = 1002 };

/**
 * enum order - what the other thread is to do with what it is asked
 * @OBEY: it
 * @IGNORE: nothing, as if it were stopped
 * @EXEC: it, but in exec
 * @LEAVE: exit
 */
enum order {
	OBEY,
	IGNORE,
	EXEC,
	LEAVE,
};

/**
 * struct pair - a process of two threads
 * @test: the case
 * @ask: what the first thread does
 * @run: task_work_run()
 * @order: for the other thread
 * @heard: the last order that it has read
 * @ready: the other thread is there
 * @over: the first thread has done it
 * @other: the other thread; a reference
 * @a: a token of alice's
 * @b: a token of bob's
 */
struct pair {
	struct kunit *test;
	void (*ask)(struct kunit *test, struct pair *pair);
	void (*run)(void);
	int order;
	int heard;
	struct completion ready;
	struct completion over;
	struct task_struct *other;
	struct nt_token *a;
	struct nt_token *b;
};

static int other_live(void *arg)
{
	struct pair *pair = arg;
	int order;

	pair->other = get_task_struct(current);
	complete(&pair->ready);
	/* pairs with the store in tell() */
	while ((order = smp_load_acquire(&pair->order)) != LEAVE) {
		smp_store_release(&pair->heard, order); /* pairs with tell() */
		if (order != IGNORE && signal_pending(current)) {
			current->in_execve = order == EXEC;
			clear_notify_signal();
			pair->run();
			current->in_execve = 0;
		}
		schedule_timeout_uninterruptible(1);
	}
	user_task_exit();
}

/* What it is asked afterwards it is asked under this order. */
static void tell(struct pair *pair, enum order order)
{
	/* pairs with the load in other_live() */
	smp_store_release(&pair->order, order);
	/* and this one with the store there */
	while (order != LEAVE && smp_load_acquire(&pair->heard) != order)
		schedule_timeout_uninterruptible(1);
}

static void dismiss(struct pair *pair)
{
	tell(pair, LEAVE);
	/* as actor_exit() */
	while (!smp_load_acquire(&pair->other->exit_state))
		schedule_timeout_uninterruptible(1);
}

static int first_live(void *arg)
{
	struct kernel_clone_args args = {
		.flags	= CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD,
		.fn	= other_live,
		.fn_arg	= arg,
	};
	pid_t (*start)(struct kernel_clone_args *args) = symbol_find("kernel_clone");
	struct pair *pair = arg;

	if (start && start(&args) > 0) {
		wait_for_completion(&pair->ready);
		pair->ask(pair->test, pair);
		dismiss(pair);
	}
	complete(&pair->over);
	user_task_exit();
}

static void with_pair(struct kunit *test, void (*ask)(struct kunit *test, struct pair *pair))
{
	struct pair *pair = kunit_kzalloc(test, sizeof(*pair), GFP_KERNEL);
	int before;

	KUNIT_ASSERT_NOT_NULL(test, pair);
	pair->test = test;
	pair->ask = ask;
	pair->run = symbol_find("task_work_run");
	KUNIT_ASSERT_NOT_NULL(test, pair->run);
	init_completion(&pair->ready);
	init_completion(&pair->over);
	pair->a = token_made(test, &alice, 2);
	pair->b = token_made(test, &bob, 2);
	before = pins(test);
	user_task_run(test, first_live, pair, &pair->over);
	KUNIT_ASSERT_NOT_NULL(test, pair->other);
	put_task_struct(pair->other);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(pair->a));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(pair->b));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static NTSTATUS act_as(struct pair *pair, struct nt_token *token)
{
	return PsImpersonateClient((PETHREAD)pair->other, token, FALSE, FALSE,
				   SecurityImpersonation);
}

/* Whom the other thread acts as, and that the first one doesn't. */
static void expect_acts(struct kunit *test, struct pair *pair, struct nt_token *token)
{
	SECURITY_IMPERSONATION_LEVEL level = 7;
	BOOLEAN copy_on_open, effective_only;
	PACCESS_TOKEN now;

	now = PsReferenceImpersonationToken((PETHREAD)pair->other, &copy_on_open,
					    &effective_only, &level);
	PsDereferenceImpersonationToken(now);
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)token, now);
	KUNIT_EXPECT_EQ(test, token ? 2 : 7, (int)level);
	KUNIT_EXPECT_EQ(test, token == pair->a ? 2U : 1U, token_usage(pair->a));
	KUNIT_EXPECT_EQ(test, token == pair->b ? 2U : 1U, token_usage(pair->b));
	KUNIT_EXPECT_EQ(test, token ? TRUE : FALSE,
			PsIsThreadImpersonating((PETHREAD)pair->other));
	KUNIT_EXPECT_FALSE(test, PsIsThreadImpersonating(PsGetCurrentThread()));
}

static void ask_all(struct kunit *test, struct pair *pair)
{
	SECURITY_CLIENT_CONTEXT ctx = {
		.SecurityQos.ImpersonationLevel = SecurityImpersonation,
		.ClientToken = pair->a,
	};
	PETHREAD other = (PETHREAD)pair->other;
	SE_IMPERSONATION_STATE state;

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, SeImpersonateClientEx(&ctx, other));
	expect_acts(test, pair, pair->a);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, act_as(pair, pair->b));
	expect_acts(test, pair, pair->b);
	KUNIT_EXPECT_TRUE(test, PsDisableImpersonation(other, &state));
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)pair->b, state.Token);
	KUNIT_EXPECT_FALSE(test, PsIsThreadImpersonating(other));
	KUNIT_EXPECT_EQ(test, 2U, token_usage(pair->b));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, act_as(pair, pair->a));
	PsRestoreImpersonation(other, &state);
	expect_acts(test, pair, pair->b);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, act_as(pair, NULL));
	expect_acts(test, pair, NULL);
	KUNIT_EXPECT_FALSE(test, PsDisableImpersonation(other, &state));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, act_as(pair, pair->a));
	PsRevertThreadToSelf(other);
	expect_acts(test, pair, NULL);
}

static void other_thread_is_served(struct kunit *test)
{
	with_pair(test, ask_all);
}

static void ask_in_exec(struct kunit *test, struct pair *pair)
{
	SECURITY_CLIENT_CONTEXT ctx = {
		.SecurityQos.ImpersonationLevel = SecurityImpersonation,
		.ClientToken = pair->a,
	};

	tell(pair, EXEC);
	KUNIT_EXPECT_EQ(test, STATUS_DEVICE_BUSY, act_as(pair, pair->a));
	expect_acts(test, pair, NULL);
	/* Nor as nobody: its new program would get the identity for good. */
	SeImpersonateClient(&ctx, (PETHREAD)pair->other);
	expect_acts(test, pair, NULL);
	tell(pair, OBEY);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, act_as(pair, pair->a));
	expect_acts(test, pair, pair->a);
}

/* At the end it exits as the client. */
static void other_thread_in_exec(struct kunit *test)
{
	with_pair(test, ask_in_exec);
}

static void ask_deaf(struct kunit *test, struct pair *pair)
{
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, act_as(pair, pair->a));
	tell(pair, IGNORE);
	KUNIT_EXPECT_EQ(test, STATUS_IO_TIMEOUT, act_as(pair, pair->b));
	expect_acts(test, pair, pair->a);
	/* What it was asked too long ago it doesn't do any more. */
	tell(pair, OBEY);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, act_as(pair, pair->a));
	expect_acts(test, pair, pair->a);
}

static void other_thread_is_deaf(struct kunit *test)
{
	with_pair(test, ask_deaf);
}

static void ask_dead(struct kunit *test, struct pair *pair)
{
	SE_IMPERSONATION_STATE state;

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, act_as(pair, pair->a));
	KUNIT_EXPECT_TRUE(test, PsDisableImpersonation((PETHREAD)pair->other, &state));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, act_as(pair, pair->b));
	dismiss(pair);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(pair->b));
	KUNIT_EXPECT_NE(test, STATUS_SUCCESS, act_as(pair, pair->b));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(pair->b));
	/* The reference in the state is dropped, whatever became of the thread. */
	KUNIT_EXPECT_EQ(test, 2U, token_usage(pair->a));
	PsRestoreImpersonation((PETHREAD)pair->other, &state);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(pair->a));
}

static void other_thread_is_gone(struct kunit *test)
{
	with_pair(test, ask_dead);
}

/* Leaves while it is being asked, time after time. */
static void ask_leaving(struct kunit *test, struct pair *pair)
{
	/* It looks at that first, so what it is asked it finds at its exit, if at all. */
	tell(pair, LEAVE);
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_CID, act_as(pair, pair->a));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(pair->a));
}

static void other_thread_is_leaving(struct kunit *test)
{
	int i;

	for (i = 0; i < 20; i++)
		with_pair(test, ask_leaving);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(other_thread_is_served),
	KUNIT_CASE(other_thread_in_exec),
	KUNIT_CASE(other_thread_is_deaf),
	KUNIT_CASE(other_thread_is_gone),
	KUNIT_CASE(other_thread_is_leaving),
	{}
};

struct kunit_suite ntimp_nt_remote_suite = {
	.name = "nt_remote",
	.test_cases = cases,
};
