// SPDX-License-Identifier: GPL-2.0-only
/* Calling hooked functions while impersonating, see hooks.h. */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "../ntimp/cred.h"
#include "contexts.h"
#include "hooks.h"
#include "persona.h"
#include "symbol.h"

#define CLIENT	1001

/* What a task found, for the case to judge: it can't fail a case itself. */
struct finding {
	const struct hook *hook;
	struct ntimp_context *ctx;
	struct completion over;
	void *address;
	long impersonated;
	long result;
	long reverted;
	bool wore;		/* after the call as before it */
	bool primary_again;
	bool user_task;
};

static void meet_hook(struct finding *it)
{
	const struct cred *primary = current_real_cred();
	const struct cred *worn;

	it->user_task = !(current->flags & PF_KTHREAD);
	it->impersonated = ntimp_impersonate(it->ctx);
	if (it->impersonated)
		return;
	worn = current_cred();
	it->result = it->hook->call(it->address);
	it->wore = current_cred() == worn && current_real_cred() == primary;
	it->reverted = ntimp_revert();
	it->primary_again = current_cred() == primary;
}

static void expect_refusal(struct kunit *test, const struct finding *it)
{
	KUNIT_EXPECT_EQ(test, 0L, it->impersonated);
	KUNIT_EXPECT_EQ(test, it->hook->refused, it->result);
	KUNIT_EXPECT_TRUE(test, it->wore);
	KUNIT_EXPECT_EQ(test, 0L, it->reverted);
	KUNIT_EXPECT_TRUE(test, it->primary_again);
}

static struct finding *finding_of(struct kunit *test, const struct hook *hook,
				  unsigned int level)
{
	struct finding *it = kunit_kzalloc(test, sizeof(*it), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, it);
	init_completion(&it->over);
	it->hook = hook;
	it->ctx = persona_context(test, &(struct persona) { .uid = CLIENT, .gid = CLIENT },
				  level);
	it->address = symbol_find(hook->name);
	KUNIT_ASSERT_EQ_MSG(test, hook->absent, !it->address, "%s", hook->name);
	return it;
}

void __noreturn user_task_exit(void)
{
	void (*leave)(long status);

	leave = symbol_find("do_exit");
	leave(0);
	unreachable();
}

void user_task_run(struct kunit *test, int (*run)(void *it), void *it, struct completion *over)
{
	pid_t (*start)(int (*fn)(void *it), void *arg, unsigned long flags);
	pid_t pid;

	KUNIT_ASSERT_NOT_NULL(test, symbol_find("do_exit"));
	start = symbol_find("user_mode_thread");
	KUNIT_ASSERT_NOT_NULL(test, start);
	pid = start(run, it, SIGCHLD);
	KUNIT_ASSERT_GT(test, pid, 0);
	wait_for_completion(over);
}

static int meet_hook_and_exit(void *arg)
{
	struct finding *it = arg;

	meet_hook(it);
	complete(&it->over);
	user_task_exit();
}

void hook_refuses_here(struct kunit *test, const struct hook *hook, unsigned int level)
{
	struct finding *it = finding_of(test, hook, level);

	if (hook->absent)
		return;
	meet_hook(it);
	KUNIT_EXPECT_FALSE(test, it->user_task);
	expect_refusal(test, it);
}

void hook_refuses_user_task(struct kunit *test, const struct hook *hook, unsigned int level)
{
	struct finding *it = finding_of(test, hook, level);

	if (hook->absent)
		return;
	user_task_run(test, meet_hook_and_exit, it, &it->over);
	KUNIT_EXPECT_TRUE(test, it->user_task);
	expect_refusal(test, it);
}
