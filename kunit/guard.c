// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each hook does what it is for while its thread impersonates, in a kernel thread
 * and in a task of user mode, and nothing else at any time.
 *
 * That of do_coredump() needs a process with memory to dump: a selftest has one.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/keyctl.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "../ntimp/compat.h"
#include "../ntimp/cred.h"
#include "../ntimp/guard.h"
#include "../ntimp/redirect.h"
#include "contexts.h"
#include "persona.h"
#include "rows.h"
#include "suites.h"
#include "symbol.h"

#define CLIENT	1001

/* The arguments would crash any function that the guard did not keep from running. */
static long call_commit_creds(void *address)
{
	struct cred *new = prepare_creds();
	long usage, err;

	if (!new)
		return -ENOMEM;
	get_cred(new);
	err = commit_creds(new);
	usage = cred_usage(new);
	put_cred(new);
	/* Consumed, whatever it says. */
	return usage == 1 ? err : -EPROTO;
}

static long call_exec(void *address)
{
	return ((int (*)(void *bprm))address)(NULL);
}

static long call_create_user_ns(void *address)
{
	return ((int (*)(struct cred *new))address)(NULL);
}

static long call_userns_install(void *address)
{
	return ((int (*)(void *nsset, void *ns))address)(NULL, NULL);
}

static long call_join_session(void *address)
{
	return ((long (*)(const char *name))address)((const char *)1);
}

static long call_reqkey_keyring(void *address)
{
	return ((long (*)(int keyring))address)(KEY_REQKEY_DEFL_NO_CHANGE);
}

static long call_setselfattr(void *address)
{
	return ((int (*)(unsigned int attr, void *ctx, u32 size, u32 flags))address)(0, NULL, 0, 0);
}

static long call_io_submit(void *address)
{
	return ((int (*)(void *ring, unsigned int count))address)(NULL, 1);
}

struct hook {
	const char *name;
	long (*call)(void *address);
	long refused;
	bool absent;
};

static const struct hook hook_rows[] = {
	{ "commit_creds", call_commit_creds, -EPERM },
	{ "security_bprm_creds_for_exec", call_exec, -EPERM },
	{ "create_user_ns", call_create_user_ns, -EPERM },
	{ "userns_install", call_userns_install, -EPERM },
	{ "join_session_keyring", call_join_session, -EPERM },
	{ "keyctl_set_reqkey_keyring", call_reqkey_keyring, -EPERM },
	{ "io_submit_sqes", call_io_submit, -EPERM },
	{ "security_setselfattr", call_setselfattr, -EBUSY, !COMPAT_HAS_SETSELFATTR },
};

ROWS(hook);

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

static struct finding *finding_of(struct kunit *test)
{
	const struct hook *hook = test->param_value;
	struct finding *it = kunit_kzalloc(test, sizeof(*it), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, it);
	init_completion(&it->over);
	it->hook = hook;
	it->ctx = persona_context(test, &(struct persona) { .uid = CLIENT, .gid = CLIENT },
				  NTIMP_LEVEL_IMPERSONATION);
	it->address = symbol_find(hook->name);
	KUNIT_ASSERT_EQ_MSG(test, hook->absent, !it->address, "%s", hook->name);
	return it;
}

static void refuses_kernel_thread(struct kunit *test)
{
	struct finding *it = finding_of(test);

	if (it->hook->absent)
		return;
	meet_hook(it);
	KUNIT_EXPECT_FALSE(test, it->user_task);
	expect_refusal(test, it);
}

/* A task that never gets to user mode, but is made for it. */
static void __noreturn task_exit(void)
{
	void (*leave)(long status);

	leave = symbol_find("do_exit");
	leave(0);
	unreachable();
}

static void run_user_task(struct kunit *test, int (*run)(void *it), void *it,
			  struct completion *over)
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
	task_exit();
}

static void refuses_user_task(struct kunit *test)
{
	struct finding *it = finding_of(test);

	if (it->hook->absent)
		return;
	run_user_task(test, meet_hook_and_exit, it, &it->over);
	KUNIT_EXPECT_TRUE(test, it->user_task);
	expect_refusal(test, it);
}

/* A child's creds, both of them, as it finds them itself. */
struct child {
	struct completion over;
	const struct cred *real;
	const struct cred *subjective;
};

static int look_at_oneself(void *arg)
{
	struct child *it = arg;

	it->real = current_real_cred();
	it->subjective = current_cred();
	complete(&it->over);
	task_exit();
}

static void child_is_made_by_the_primary(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &(struct persona) { .uid = CLIENT },
						    NTIMP_LEVEL_IMPERSONATION);
	struct child *it = kunit_kzalloc(test, sizeof(*it), GFP_KERNEL);
	const struct cred *worn;

	KUNIT_ASSERT_NOT_NULL(test, it);
	init_completion(&it->over);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	worn = current_cred();
	run_user_task(test, look_at_oneself, it, &it->over);

	KUNIT_EXPECT_PTR_EQ(test, worn, current_cred());
	KUNIT_EXPECT_PTR_NE(test, worn, it->real);
	KUNIT_EXPECT_PTR_EQ(test, it->real, it->subjective);
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
}

static void commit_works_without(struct kunit *test)
{
	const struct cred *primary = persona_become(test, &(struct persona) { .uid = CLIENT });

	KUNIT_EXPECT_EQ(test, (uid_t)CLIENT, __kuid_val(primary->euid));
	KUNIT_EXPECT_PTR_EQ(test, primary, current_cred());
}

static void commit_is_refused_in_any_override(struct kunit *test)
{
	const struct cred *other = persona_cred(test, &(struct persona) { .uid = CLIENT });
	const struct cred *primary = current_real_cred();
	const struct cred *worn = override_creds(other);

	KUNIT_EXPECT_FALSE(test, ntimp_impersonating());
	KUNIT_EXPECT_EQ(test, -EPERM, call_commit_creds(NULL));
	KUNIT_EXPECT_PTR_EQ(test, other, current_cred());
	KUNIT_EXPECT_PTR_EQ(test, primary, current_real_cred());
	revert_creds(worn);
}

/* The others mind their own business: here the kernel's answer is the old setting. */
static void others_let_an_override_pass(struct kunit *test)
{
	const struct cred *other = persona_cred(test, &(struct persona) { .uid = CLIENT });
	void *address = symbol_find("keyctl_set_reqkey_keyring");
	const struct cred *worn;

	KUNIT_ASSERT_NOT_NULL(test, address);
	KUNIT_EXPECT_EQ(test, (long)KEY_REQKEY_DEFL_DEFAULT, call_reqkey_keyring(address));
	worn = override_creds(other);
	KUNIT_EXPECT_EQ(test, (long)KEY_REQKEY_DEFL_DEFAULT, call_reqkey_keyring(address));
	revert_creds(worn);
}

static void all_are_armed(struct kunit *test)
{
	u64 absent = COMPAT_HAS_SETSELFATTR ? 0 : BIT_ULL(NTIMP_GUARD_SETSELFATTR);
	u64 all = GENMASK_ULL(NTIMP_GUARD_EXIT, 0);

	KUNIT_EXPECT_EQ(test, absent, ntimp_guards_absent());
	KUNIT_EXPECT_EQ(test, all & ~absent, ntimp_guards_armed());
}

static void unknown_functions_are_not_found(struct kunit *test)
{
	static const char *const names[] = { "no_such_function", NULL, "commit_creds" };
	unsigned long addresses[] = { 1, 1, 1 };

	KUNIT_EXPECT_EQ(test, 0, redirect_find(names, addresses, ARRAY_SIZE(names)));
	KUNIT_EXPECT_EQ(test, 0UL, addresses[0]);
	KUNIT_EXPECT_EQ(test, 0UL, addresses[1]);
	KUNIT_EXPECT_TRUE(test, redirect_is_entry(addresses[2], (unsigned long)commit_creds));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(refuses_kernel_thread, hook_gen_params),
	KUNIT_CASE_PARAM(refuses_user_task, hook_gen_params),
	KUNIT_CASE(child_is_made_by_the_primary),
	KUNIT_CASE(commit_works_without),
	KUNIT_CASE(commit_is_refused_in_any_override),
	KUNIT_CASE(others_let_an_override_pass),
	KUNIT_CASE(all_are_armed),
	KUNIT_CASE(unknown_functions_are_not_found),
	{}
};

struct kunit_suite ntimp_guard_suite = {
	.name = "guard",
	.test_cases = cases,
};
