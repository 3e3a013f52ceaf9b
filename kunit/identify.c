// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each function that denies does so below Impersonation, in a kernel thread and in a
 * task of user mode, and for nobody else.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/sched.h>

#include "../ntimp/cred.h"
#include "../ntimp/identify.h"
#include "actor.h"
#include "contexts.h"
#include "hooks.h"
#include "parts.h"
#include "persona.h"
#include "rows.h"
#include "suites.h"
#include "symbol.h"

/* Arguments that would crash the function itself. */
static long call_any(void *address)
{
	return ((long (*)(void *, void *, void *))address)(NULL, NULL, NULL);
}

/* Those who get a bool or an int look at no more of the result. */
static long call_for_int(void *address)
{
	return ((int (*)(void *, void *, void *))address)(NULL, NULL, NULL);
}

static long call_for_bool(void *address)
{
	return ((bool (*)(void *, void *, void *))address)(NULL, NULL, NULL);
}

/* The second argument is spared where it has no name. */
static long call_with_name(void *address)
{
	struct filename name = { .name = "name" };

	return ((int (*)(int, void *, int, void *, void *))address)(-1, &name, 0, NULL, NULL);
}

/* These tell by their first argument whether it is the thread's own process. */
static long call_on_init(void *address)
{
	return ((int (*)(void *, void *, void *))address)(&init_task, NULL, NULL);
}

static long call_on_oneself(void *address)
{
	return ((int (*)(void *, void *, int, void *))address)(current, NULL, 0, NULL);
}

static long call_capable(void *address)
{
	int (*capable)(const struct cred *cred, struct user_namespace *ns, int cap,
		       unsigned int opts) = address;

	return capable(current_cred(), current_user_ns(), CAP_CHOWN, 0);
}

static long call_capable_of_primary(void *address)
{
	int (*capable)(const struct cred *cred, struct user_namespace *ns, int cap,
		       unsigned int opts) = address;

	return capable(current_real_cred(), current_user_ns(), CAP_CHOWN, 0);
}

static const struct hook hook_rows[] = {
	{ "do_filp_open", call_any, -EACCES },
	{ "filename_lookup", call_with_name, -EACCES },
	{ "do_file_open_root", call_any, -EACCES },
	{ "mnt_want_write", call_for_int, -EACCES },
	{ "mnt_want_write_file", call_for_int, -EACCES },
	{ "security_path_notify", call_for_int, -EACCES },
	{ "inode_owner_or_capable", call_for_bool, 0 },
	{ "vfs_setlease", call_for_int, -EACCES },
	{ "security_capable", call_capable, -EPERM },
	{ "security_inode_init_security_anon", call_for_int, -EACCES },
	{ "security_socket_create", call_for_int, -EACCES },
	{ "security_socket_bind", call_for_int, -EACCES },
	{ "security_socket_connect", call_for_int, -EACCES },
	{ "security_socket_listen", call_for_int, -EACCES },
	{ "__inet_stream_connect", call_for_int, -EACCES },
	{ "security_unix_stream_connect", call_for_int, -EACCES },
	{ "security_task_kill", call_on_init, -EACCES },
	{ "security_task_setnice", call_on_init, -EACCES },
	{ "security_task_setioprio", call_on_init, -EACCES },
	{ "security_task_setscheduler", call_on_init, -EACCES },
	{ "security_task_movememory", call_on_init, -EACCES },
	{ "security_task_prlimit", call_for_int, -EACCES },
	{ "__ptrace_may_access", call_on_init, -EACCES },
	{ "pidfd_prepare", call_for_int, -EACCES },
	{ "ipcget", call_for_int, -EACCES },
	{ "ipcperms", call_for_int, -1 },
	{ "ipcctl_obtain_check", call_any, -EACCES },
	{ "lookup_user_key", call_any, -EACCES },
	{ "key_task_permission", call_for_int, -EACCES },
	{ "request_key_and_link", call_any, -EACCES },
	{ "security_bpf", call_for_int, -EACCES },
	{ "security_perf_event_open", call_for_int, -EACCES },
	{ "security_syslog", call_for_int, -EACCES },
	/* Of these the original runs. */
	{ "security_task_kill", call_on_oneself, 0 },
	{ "security_capable", call_capable_of_primary, 0 },
};

ROWS(hook);

static void denies_kernel_thread(struct kunit *test)
{
	hook_refuses_here(test, test->param_value, NTIMP_LEVEL_IDENTIFICATION);
}

static void denies_user_task(struct kunit *test)
{
	hook_refuses_user_task(test, test->param_value, NTIMP_LEVEL_ANONYMOUS);
}

static long open_root(void)
{
	struct file *file = filp_open("/", O_PATH, 0);

	if (IS_ERR(file))
		return PTR_ERR(file);
	filp_close(file, NULL);
	return 0;
}

/* By whom an override is, and of what. */
struct override_row {
	const char *name;
	unsigned int securebits;
	long expected;
};

static const struct override_row override_rows[] = {
	{ "not ours", 0, 0 },
	{ "Impersonation", 0x30000000, 0 },
	{ "Delegation", 0x38000000, 0 },
	{ "Anonymous", 0x60000000, -EACCES },
	{ "Identification", 0x68000000, -EACCES },
	/* Revoked in the midst of it. */
	{ "Impersonation, to be denied", 0x70000000, -EACCES },
	{ "Delegation, to be denied", 0x78000000, -EACCES },
};

ROWS(override);

/* The mark alone decides, on the cred itself and on copies, and may come later. */
static void mark_decides(struct kunit *test)
{
	const struct override_row *row = test->param_value;
	struct cred *marked = persona_cred(test, &(struct persona) { .permitted = CAPS_ALL });
	const struct cred *worn = override_creds(marked);

	KUNIT_EXPECT_EQ(test, 0L, open_root());
	WRITE_ONCE(marked->securebits, row->securebits);
	KUNIT_EXPECT_EQ(test, row->expected, open_root());
	revert_creds(worn);
	KUNIT_EXPECT_EQ(test, 0L, open_root());

	worn = override_creds(copied_cred(test, marked));
	KUNIT_EXPECT_EQ(test, row->expected, open_root());
	revert_creds(worn);
	KUNIT_EXPECT_EQ(test, 0L, open_root());
}

static int act_open_root(void *unused)
{
	return open_root();
}

/* Thread by thread. */
static void others_are_let_pass(struct kunit *test)
{
	struct ntimp_context *low = persona_context(test, &(struct persona) { .uid = 1001 },
						    NTIMP_LEVEL_IDENTIFICATION);
	struct actor *actor = actor_start(test, NULL);

	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(low));
	KUNIT_EXPECT_EQ(test, (long)-EACCES, open_root());
	KUNIT_EXPECT_EQ(test, 0, actor_do(actor, act_open_root, NULL));
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, 0L, open_root());

	KUNIT_EXPECT_EQ(test, 0, actor_do(actor, act_impersonate, low));
	KUNIT_EXPECT_EQ(test, -EACCES, actor_do(actor, act_open_root, NULL));
	KUNIT_EXPECT_EQ(test, 0L, open_root());
	KUNIT_EXPECT_EQ(test, 0, actor_do(actor, act_revert, NULL));
	KUNIT_EXPECT_EQ(test, 0, actor_do(actor, act_open_root, NULL));
	actor_exit(actor);
}

static void arming_again_is_nothing(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0, ntimp_identify_arm());
	KUNIT_EXPECT_EQ(test, 0, ntimp_identify_arm());
}

static int arm(struct kunit_suite *suite)
{
	return ntimp_identify_arm();
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(denies_kernel_thread, hook_gen_params),
	KUNIT_CASE_PARAM(denies_user_task, hook_gen_params),
	KUNIT_CASE_PARAM(mark_decides, override_gen_params),
	KUNIT_CASE(others_are_let_pass),
	KUNIT_CASE(arming_again_is_nothing),
	{}
};

struct kunit_suite ntimp_identify_suite = {
	.name = "identify",
	.suite_init = arm,
	.test_cases = cases,
};
