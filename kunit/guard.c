// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each hook does what it is for while its thread impersonates, in a kernel thread
 * and in a task of user mode, and nothing else at any time.
 *
 * That of do_coredump() needs a process with memory to dump: a selftest has one.
 */
#include <kunit/test.h>
#include <linux/audit.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/keyctl.h>
#include <linux/preempt.h>

#include "../ntimp/compat.h"
#include "../ntimp/cred.h"
#include "../ntimp/guard.h"
#include "../ntimp/redirect.h"
#include "contexts.h"
#include "hooks.h"
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

static long call_uring_sqpoll(void *address)
{
	return ((int (*)(void))address)();
}

static const struct hook hook_rows[] = {
	{ "commit_creds", call_commit_creds, -EPERM },
	{ "security_bprm_creds_for_exec", call_exec, -EPERM },
	{ "create_user_ns", call_create_user_ns, -EPERM },
	{ "userns_install", call_userns_install, -EPERM },
	{ "join_session_keyring", call_join_session, -EPERM },
	{ "keyctl_set_reqkey_keyring", call_reqkey_keyring, -EPERM },
	{ "io_submit_sqes", call_io_submit, -EPERM },
	{ "security_uring_sqpoll", call_uring_sqpoll, -EPERM },
	{ "security_setselfattr", call_setselfattr, -EBUSY, !COMPAT_HAS_SETSELFATTR },
};

ROWS(hook);

static void refuses_kernel_thread(struct kunit *test)
{
	hook_refuses_here(test, test->param_value, NTIMP_LEVEL_IMPERSONATION);
}

static void refuses_user_task(struct kunit *test)
{
	hook_refuses_user_task(test, test->param_value, NTIMP_LEVEL_IMPERSONATION);
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
	user_task_exit();
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
	user_task_run(test, look_at_oneself, it, &it->over);

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

#ifdef CONFIG_AUDIT
static u32 audit_switch(u32 enabled)
{
	return xchg(&audit_enabled, enabled);
}
#else
static u32 audit_switch(u32 enabled)
{
	return enabled;
}
#endif

/* Where callers hold locks; kernels with DEBUG_ATOMIC_SLEEP report it if it may. */
static void refusing_never_sleeps(struct kunit *test)
{
	struct ntimp_context *ctx;
	void *address = symbol_find("keyctl_set_reqkey_keyring");
	u32 enabled;
	long err;

	ctx = persona_context(test, &(struct persona) { .uid = CLIENT, .gid = CLIENT },
			      NTIMP_LEVEL_IMPERSONATION);
	KUNIT_ASSERT_NOT_NULL(test, address);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	enabled = audit_switch(1);
	preempt_disable();
	err = call_reqkey_keyring(address);
	preempt_enable();
	audit_switch(enabled);
	KUNIT_EXPECT_EQ(test, 0L, ntimp_revert());
	KUNIT_EXPECT_EQ(test, (long)-EPERM, err);
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
	KUNIT_CASE(refusing_never_sleeps),
	KUNIT_CASE(all_are_armed),
	KUNIT_CASE(unknown_functions_are_not_found),
	{}
};

struct kunit_suite ntimp_guard_suite = {
	.name = "guard",
	.test_cases = cases,
};
