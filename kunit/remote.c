// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests of one thread to another: each order in which the two can come to one,
 * and who may make them.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/ntimp.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "../ntimp/compat.h"
#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "../ntimp/gate.h"
#include "../ntimp/remote.h"
#include "actor.h"
#include "contexts.h"
#include "persona.h"
#include "pins.h"
#include "rows.h"
#include "suites.h"

#define PATIENCE	(60 * HZ)	/* against a hang */

static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona plain = { .uid = 1000, .gid = 1000 };
static const struct persona client = { .uid = 1001, .gid = 1001 };
static const struct persona other = { .uid = 1002, .gid = 1002 };

static int act_run(void *request)
{
	ntimp_request_run(&((struct ntimp_request *)request)->work);
	return 0;
}

static int act_be_in_exec(void *in_exec)
{
	current->in_execve = !!in_exec;
	return 0;
}

static const struct cred *acts_as(const struct actor *actor)
{
	return rcu_access_pointer(actor->task->cred);
}

static const struct cred *primary_of(const struct actor *actor)
{
	return rcu_access_pointer(actor->task->real_cred);
}

static struct ntimp_request *request_make(struct kunit *test, struct ntimp_context *ctx,
					  unsigned int flags)
{
	struct ntimp_request *request = ntimp_request_create(ctx, flags);

	KUNIT_ASSERT_FALSE(test, IS_ERR(request));
	return request;
}

/* --- what the target does ---------------------------------------------------- */

/**
 * struct target_row - a request, and the thread that carries it out
 * @name: what is special
 * @target: its primary
 * @wears: it impersonates somebody else already
 * @foreign: it is inside an override of somebody else's
 * @in_exec: it is in exec
 * @level: of the context; 0: to revert
 * @flags: of the request
 * @expected: result
 * @after: user as whom it acts afterwards
 */
struct target_row {
	const char *name;
	const struct persona *target;
	bool wears;
	bool foreign;
	bool in_exec;
	unsigned int level;
	unsigned int flags;
	int expected;
	u32 after;
};

#define IMPERSONATE	.level = NTIMP_LEVEL_IMPERSONATION
#define EXCLUSIVE	IMPERSONATE, .flags = NTIMP_IMPERSONATE_EXCLUSIVE
#define DOWNGRADE	IMPERSONATE, .flags = NTIMP_IMPERSONATE_DOWNGRADE
#define NOBODY		65534	/* the overflow user */

static const struct target_row target_rows[] = {
	{ "impersonate", &server, IMPERSONATE, .expected = 0, .after = 1001 },
	{ "impersonate, delegation", &server, .level = NTIMP_LEVEL_DELEGATION, .after = 1001 },
	{ "impersonate, identification", &server, .level = NTIMP_LEVEL_IDENTIFICATION,
	  .after = NOBODY },
	{ "impersonate, not allowed to", &plain, IMPERSONATE, .expected = -EPERM, .after = 1000 },
	{ "downgrade, allowed to", &server, DOWNGRADE,
	  .expected = NTIMP_LEVEL_IMPERSONATION, .after = 1001 },
	{ "downgrade, not allowed to", &plain, DOWNGRADE,
	  .expected = NTIMP_LEVEL_IDENTIFICATION, .after = NOBODY },
	{ "replace", &server, .wears = true, IMPERSONATE, .after = 1001 },
	{ "impersonate exclusively", &server, EXCLUSIVE, .after = 1001 },
	{ "replace exclusively", &server, .wears = true, EXCLUSIVE, .expected = -EBUSY,
	  .after = 1002 },
	{ "impersonate inside an override", &server, .foreign = true, IMPERSONATE,
	  .expected = -EBUSY, .after = 1002 },
	{ "impersonate in exec", &server, .in_exec = true, IMPERSONATE, .expected = -EBUSY,
	  .after = 1000 },
	{ "revert", &server, .wears = true, .after = 1000 },
	{ "revert nothing", &server, .after = 1000 },
	{ "revert nothing in exec", &server, .in_exec = true, .after = 1000 },
	{ "revert inside an override", &server, .foreign = true, .expected = -EBUSY,
	  .after = 1002 },
};

ROWS(target);

static void target_carries_out(struct kunit *test)
{
	const struct target_row *row = test->param_value;
	struct ntimp_context *worn = persona_context(test, &other, NTIMP_LEVEL_IMPERSONATION);
	struct actor *actor = actor_start(test, persona_cred(test, row->target));
	struct ntimp_context *ctx = NULL;
	struct ntimp_request *request;
	int before = pins(test);

	if (row->level)
		ctx = persona_context(test, &client, row->level);
	if (row->wears)
		KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_impersonate, worn));
	if (row->foreign)
		actor_do(actor, act_wear, persona_cred(test, &other));
	actor_do(actor, act_be_in_exec, (void *)row->in_exec);

	request = request_make(test, ctx, row->flags);
	actor_do(actor, act_run, request);
	KUNIT_EXPECT_EQ(test, row->expected, ntimp_request_await(request, PATIENCE));
	KUNIT_EXPECT_EQ(test, row->after, __kuid_val(acts_as(actor)->fsuid));
	KUNIT_EXPECT_EQ(test, 1000U, __kuid_val(primary_of(actor)->fsuid));

	actor_do(actor, act_be_in_exec, NULL);
	if (row->foreign)
		actor_do(actor, act_wear, NULL);
	KUNIT_EXPECT_EQ(test, 0, actor_do(actor, act_revert, NULL));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static int act_run_exiting(void *request)
{
	current->flags |= PF_EXITING;
	act_run(request);
	current->flags &= ~PF_EXITING;
	return 0;
}

static void exiting_target_does_nothing(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &client, NTIMP_LEVEL_IMPERSONATION);
	struct actor *actor = actor_start(test, persona_cred(test, &server));
	struct ntimp_request *request;
	int before = pins(test);

	request = request_make(test, ctx, 0);
	actor_do(actor, act_run_exiting, request);
	KUNIT_EXPECT_EQ(test, -ESRCH, ntimp_request_await(request, PATIENCE));
	KUNIT_EXPECT_PTR_EQ(test, primary_of(actor), acts_as(actor));
	request = request_make(test, NULL, 0);
	actor_do(actor, act_run_exiting, request);
	KUNIT_EXPECT_EQ(test, -ESRCH, ntimp_request_await(request, PATIENCE));
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

/* --- in each order ----------------------------------------------------------- */

/* The caller waits first. */
static void answered_while_awaited(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &client, NTIMP_LEVEL_IMPERSONATION);
	struct actor *actor = actor_start(test, persona_cred(test, &server));
	struct ntimp_request *request = request_make(test, ctx, 0);

	actor_begin(actor, act_run, request);
	KUNIT_EXPECT_EQ(test, 0, ntimp_request_await(request, PATIENCE));
	actor_end(actor);
	KUNIT_EXPECT_EQ(test, 1001U, __kuid_val(acts_as(actor)->fsuid));
}

/* What is given up can't happen, but pins the module until it is known not to. */
static void given_up_before_it_is_run(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &client, NTIMP_LEVEL_IMPERSONATION);
	struct actor *actor = actor_start(test, persona_cred(test, &server));
	long uses = ntimp_context_uses(ctx);
	struct ntimp_request *request;
	int before = pins(test);

	request = request_make(test, ctx, 0);
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	KUNIT_EXPECT_EQ(test, -ETIMEDOUT, ntimp_request_await(request, 1));
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	KUNIT_EXPECT_EQ(test, (int)REQUEST_CANCELLED, atomic_read(&request->state));
	KUNIT_EXPECT_EQ(test, 1, (int)refcount_read(&request->usage));

	actor_do(actor, act_run, request);
	KUNIT_EXPECT_PTR_EQ(test, primary_of(actor), acts_as(actor));
	KUNIT_EXPECT_EQ(test, before, pins(test));
	KUNIT_EXPECT_EQ(test, uses, ntimp_context_uses(ctx));
}

/* One that has been begun is not given up, however late it is. */
static void given_up_too_late(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &client, NTIMP_LEVEL_IMPERSONATION);
	struct actor *actor = actor_start(test, persona_cred(test, &server));
	struct ntimp_request *request = request_make(test, ctx, 0);

	/* In the middle of it, the target waits for this. */
	mutex_lock(&ctx->apply_lock);
	actor_begin(actor, act_run, request);
	while (atomic_read(&request->state) == REQUEST_QUEUED)
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_EQ(test, (int)REQUEST_TAKEN, atomic_read(&request->state));
	KUNIT_EXPECT_FALSE(test, completion_done(&request->done));
	mutex_unlock(&ctx->apply_lock);
	KUNIT_EXPECT_EQ(test, 0, ntimp_request_await(request, 0));
	actor_end(actor);
	KUNIT_EXPECT_EQ(test, 1001U, __kuid_val(acts_as(actor)->fsuid));
}

static int act_await_killed(void *request)
{
	allow_signal(SIGKILL);
	send_sig(SIGKILL, current, 1);
	return ntimp_request_await(request, PATIENCE);
}

static void caller_is_killed(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &client, NTIMP_LEVEL_IMPERSONATION);
	struct actor *target = actor_start(test, persona_cred(test, &server));
	struct actor *caller = actor_start(test, NULL);
	struct ntimp_request *request = request_make(test, ctx, 0);
	int before = pins(test);

	KUNIT_EXPECT_EQ(test, -EINTR, actor_do(caller, act_await_killed, request));
	actor_do(target, act_run, request);
	KUNIT_EXPECT_PTR_EQ(test, primary_of(target), acts_as(target));
	KUNIT_EXPECT_EQ(test, before - 1, pins(test));
}

/* --- who may ----------------------------------------------------------------- */

struct may_row {
	const char *name;
	int expected;
	struct persona asker;
	struct persona target;
};

#define A_AS(u, g, ...)	.asker = { .uid = (u), .gid = (g), ##__VA_ARGS__ }
#define T_AS(u, g, ...)	.target = { .uid = (u), .gid = (g), ##__VA_ARGS__ }
#define CAPS(caps)	.permitted = (caps)
#define PTRACE		CAP_BIT(CAP_SYS_PTRACE)
#define THREE		(CAPS_SETIDS | PTRACE)

static const struct may_row may_rows[] = {
	{ "none", -EPERM, A_AS(1000, 1000), T_AS(1000, 1000) },
	{ "CAP_SETUID and for ptrace", -EPERM, A_AS(1000, 1000, CAPS(CAP_BIT(CAP_SETUID) | PTRACE)),
	  T_AS(1001, 1001) },
	{ "CAP_SETGID and for ptrace", -EPERM, A_AS(1000, 1000, CAPS(CAP_BIT(CAP_SETGID) | PTRACE)),
	  T_AS(1001, 1001) },
	{ "for ptrace only", -EPERM, A_AS(1000, 1000, CAPS(PTRACE)), T_AS(1001, 1001) },
	{ "both only", -EPERM, A_AS(1000, 1000, CAPS(CAPS_SETIDS)), T_AS(1001, 1001) },
	{ "three", 0, A_AS(1000, 1000, CAPS(THREE)), T_AS(1001, 1001) },
	{ "three, target is root with all", 0, A_AS(1000, 1000, CAPS(THREE)),
	  T_AS(0, 0, CAPS(CAPS_ALL)) },
	{ "three, none effective", -EPERM, A_AS(1000, 1000, CAPS(THREE), .inactive = THREE),
	  T_AS(1001, 1001) },
	{ "three, for ptrace not effective", -EPERM,
	  A_AS(1000, 1000, CAPS(THREE), .inactive = PTRACE), T_AS(1001, 1001) },
	{ "root without", -EPERM, A_AS(0, 0), T_AS(0, 0) },
	{ "same ids, both", 0, A_AS(1000, 1000, CAPS(CAPS_SETIDS)), T_AS(1000, 1000) },
	{ "same ids, both, target has more", -EPERM, A_AS(1000, 1000, CAPS(CAPS_SETIDS)),
	  T_AS(1000, 1000, CAPS(PTRACE)) },
	{ "same ids, for ptrace only", -EPERM, A_AS(1000, 1000, CAPS(PTRACE)), T_AS(1000, 1000) },
};

ROWS(may);

static const struct persona nobody = { .uid = 65534, .gid = 65534 };

/* Asked of the primary that is named, whoever asks and whatever that one wears. */
static void gate_of_revert(struct kunit *test)
{
	const struct may_row *row = test->param_value;
	const struct cred *asker = persona_cred(test, &row->asker);
	const struct cred *root = persona_cred(test, &(struct persona) { CAPS(CAPS_ALL) });
	struct actor *actor = actor_start(test, persona_cred(test, &row->target));

	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_be_process, NULL));
	KUNIT_EXPECT_EQ(test, row->expected, ntimp_gate_revert(asker, actor->task));
	persona_become(test, &nobody);
	compat_wear(root);
	KUNIT_EXPECT_EQ(test, row->expected, ntimp_gate_revert(asker, actor->task));
	KUNIT_EXPECT_PTR_EQ(test, root, current_cred());
	compat_wear_off();
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(asker));
}

/* It is not what reading asks for: not the ids for files, but the real ones. */
static void gate_asks_the_real_ids(struct kunit *test)
{
	struct cred *asker = persona_cred(test, &server);
	struct actor *actor = actor_start(test, persona_cred(test, &client));

	asker->fsuid = KUIDT_INIT(1001);
	asker->fsgid = KGIDT_INIT(1001);
	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_be_process, NULL));
	KUNIT_EXPECT_EQ(test, 0, ntimp_gate_look(asker, actor->task));
	KUNIT_EXPECT_EQ(test, -EPERM, ntimp_gate_revert(asker, actor->task));
}

static void own_threads_may(struct kunit *test)
{
	persona_become(test, &nobody);
	KUNIT_EXPECT_EQ(test, 0, ntimp_gate_revert(current_real_cred(), current));
}

/* It has no user space to go back to. */
static void kernel_threads_are_refused(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &client, NTIMP_LEVEL_IMPERSONATION);
	struct actor *actor = actor_start(test, persona_cred(test, &server));
	int before = pins(test);

	KUNIT_ASSERT_EQ(test, 0, actor_do(actor, act_impersonate, ctx));
	KUNIT_EXPECT_EQ(test, -EPERM, ntimp_revert_task(actor->task));
	KUNIT_EXPECT_EQ(test, -EPERM, ntimp_impersonate_task(ctx, actor->task, 0));
	KUNIT_EXPECT_EQ(test, 1001U, __kuid_val(acts_as(actor)->fsuid));
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
}

static void oneself(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &client, NTIMP_LEVEL_IMPERSONATION);
	const struct cred *primary = persona_become(test, &server);
	int before = pins(test);

	KUNIT_EXPECT_EQ(test, -EINVAL, ntimp_impersonate_task(ctx, current, BIT(31)));
	KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
	KUNIT_EXPECT_EQ(test, 0, ntimp_impersonate_task(ctx, current, 0));
	KUNIT_EXPECT_TRUE(test, ntimp_impersonating());
	KUNIT_EXPECT_EQ(test, -EBUSY,
			ntimp_impersonate_task(ctx, current, NTIMP_IMPERSONATE_EXCLUSIVE));
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert_task(current));
	KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static void available(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, ntimp_remote_available());
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(target_carries_out, target_gen_params),
	KUNIT_CASE(exiting_target_does_nothing),
	KUNIT_CASE(answered_while_awaited),
	KUNIT_CASE(given_up_before_it_is_run),
	KUNIT_CASE(given_up_too_late),
	KUNIT_CASE(caller_is_killed),
	KUNIT_CASE_PARAM(gate_of_revert, may_gen_params),
	KUNIT_CASE(gate_asks_the_real_ids),
	KUNIT_CASE(own_threads_may),
	KUNIT_CASE(kernel_threads_are_refused),
	KUNIT_CASE(oneself),
	KUNIT_CASE(available),
	{}
};

struct kunit_suite ntimp_remote_suite = {
	.name = "remote",
	.suite_init = actor_hold_memory,
	.suite_exit = actor_drop_memory,
	.test_cases = cases,
};
