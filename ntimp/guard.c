// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guards: what a thread can't do while it impersonates, because the kernel
 * would mix its two identities up.
 *
 * A guard is called on entry to its function, costs the callers of that
 * function and nobody else, and changes nothing unless its condition holds.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <kunit/visibility.h>
#include <linux/bits.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>
#include <uapi/linux/ntimp.h>

#include "audit.h"
#include "callthrough.h"
#include "compat.h"
#include "cred.h"
#include "departure.h"
#include "guard.h"
#include "redirect.h"
#include "thread.h"

/**
 * struct guard - one guarded function
 * @symbol: its name
 * @alias: its name in other kernels, or NULL
 * @expected: the kernel is configured to have it: loading fails without it
 * @any_override: guards against every override, not just ours
 * @replacement: what runs in its place; 0: the thread becomes its primary
 *	and the function runs
 * @address: where it begins, 0 if the running kernel has no such function
 */
struct guard {
	const char *symbol;
	const char *alias;
	bool expected;
	bool any_override;
	unsigned long replacement;
	unsigned long address;
};

/*
 * Replacements of functions that return int or long.  All return long, because
 * keyctl(2) hands 64 bits of what the function left to user space.
 *
 * They don't sleep, as they run where the functions' callers do: execve() and
 * writes to /proc/PID/attr hold a mutex of the process then, io_uring one of the
 * ring.
 */
#define REFUSAL(_function, _result)					\
static long refuse_##_function(void)					\
{									\
	return ntimp_refuse_guarded(#_function, _result);		\
}

REFUSAL(security_bprm_creds_for_exec, -EPERM)
REFUSAL(create_user_ns, -EPERM)
REFUSAL(userns_install, -EPERM)
REFUSAL(join_session_keyring, -EPERM)
REFUSAL(keyctl_set_reqkey_keyring, -EPERM)
REFUSAL(security_setselfattr, -EBUSY)
REFUSAL(io_submit_sqes, -EPERM)
REFUSAL(security_uring_sqpoll, -EPERM)

/* commit_creds() consumes its cred, and would be a BUG() under any override. */
static long refuse_commit(struct cred *new)
{
	abort_creds(new);
	return ntimp_refuse_guarded("commit_creds", -EPERM);
}

CALLTHROUGH_DEFINE(copy_creds, int, -EAGAIN,
		   (struct task_struct *child, unsigned long clone_flags));

/*
 * Identity is not inherited: the child is made as if by the primary.  Both the
 * parent's subjective cred and the child's copy of that pointer are read.
 */
static long copy_primary(struct task_struct *child, unsigned long clone_flags)
{
	const struct cred *worn = override_creds(current_real_cred());
	long err;

	rcu_assign_pointer(child->cred, current_real_cred());
	err = callthrough_copy_creds(child, clone_flags);
	revert_creds(worn);
	return err;
}

static struct guard guards[] = {
	[NTIMP_GUARD_COMMIT_CREDS] = {
		.symbol		= "commit_creds",
		.expected	= true,
		.any_override	= true,
		.replacement	= (unsigned long)refuse_commit,
	},
	[NTIMP_GUARD_COPY_CREDS] = {
		.symbol		= "copy_creds",
		.expected	= true,
		.replacement	= (unsigned long)copy_primary,
	},
	[NTIMP_GUARD_EXEC] = {
		.symbol		= "security_bprm_creds_for_exec",
		.expected	= true,
		.replacement	= (unsigned long)refuse_security_bprm_creds_for_exec,
	},
	[NTIMP_GUARD_CREATE_USER_NS] = {
		.symbol		= "create_user_ns",
		.expected	= IS_ENABLED(CONFIG_USER_NS),
		.replacement	= (unsigned long)refuse_create_user_ns,
	},
	[NTIMP_GUARD_USERNS_INSTALL] = {
		.symbol		= "userns_install",
		.expected	= IS_ENABLED(CONFIG_USER_NS),
		.replacement	= (unsigned long)refuse_userns_install,
	},
	[NTIMP_GUARD_COREDUMP] = {
		.symbol		= "do_coredump",
		.alias		= "vfs_coredump",
		.expected	= IS_ENABLED(CONFIG_COREDUMP),
	},
	[NTIMP_GUARD_JOIN_SESSION] = {
		.symbol		= "join_session_keyring",
		.expected	= IS_ENABLED(CONFIG_KEYS),
		.replacement	= (unsigned long)refuse_join_session_keyring,
	},
	[NTIMP_GUARD_REQKEY_KEYRING] = {
		.symbol		= "keyctl_set_reqkey_keyring",
		.expected	= IS_ENABLED(CONFIG_KEYS),
		.replacement	= (unsigned long)refuse_keyctl_set_reqkey_keyring,
	},
	[NTIMP_GUARD_SETSELFATTR] = {
		.symbol		= "security_setselfattr",
		.expected	= COMPAT_HAS_SETSELFATTR,
		.replacement	= (unsigned long)refuse_security_setselfattr,
	},
	/*
	 * A request that io_uring puts off runs with the identity of that
	 * moment: submitted as the client, run after the revert as the server.
	 */
	[NTIMP_GUARD_IO_URING] = {
		.symbol		= "io_submit_sqes",
		.expected	= IS_ENABLED(CONFIG_IO_URING),
		.replacement	= (unsigned long)refuse_io_submit_sqes,
	},
	/*
	 * A thread of the ring's own that submits as its maker: refused one time
	 * after the other it would never sleep again, which unloading waits for.
	 */
	[NTIMP_GUARD_IO_URING_POLL] = {
		.symbol		= "security_uring_sqpoll",
		.expected	= IS_ENABLED(CONFIG_IO_URING),
		.replacement	= (unsigned long)refuse_security_uring_sqpoll,
	},
};

static struct ftrace_ops guard_ops;

static const struct guard *guard_of(unsigned long ip)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(guards); i++)
		if (redirect_is_entry(ip, guards[i].address))
			return &guards[i];
	return NULL;
}

static void notrace guard_handler(unsigned long ip, unsigned long parent_ip,
				  struct ftrace_ops *ops,
				  struct ftrace_regs *fregs)
{
	const struct guard *guard;

	if (likely(current_cred() == current_real_cred()))
		return;
	guard = guard_of(ip);
	if (WARN_ON_ONCE(!guard))
		return;
	if (!guard->any_override && !ntimp_impersonating())
		return;
	if (guard->replacement)
		ftrace_regs_set_instruction_pointer(fregs, guard->replacement);
	else
		ntimp_thread_become_primary();
}

static int guards_find(const char **culprit)
{
	const char *names[2 * ARRAY_SIZE(guards)];
	unsigned long found[2 * ARRAY_SIZE(guards)];
	int i, err;

	for (i = 0; i < ARRAY_SIZE(guards); i++) {
		names[2 * i] = guards[i].symbol;
		names[2 * i + 1] = guards[i].alias;
	}
	err = redirect_find(names, found, ARRAY_SIZE(names));
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(guards); i++) {
		*culprit = guards[i].symbol;
		guards[i].address = found[2 * i] ?: found[2 * i + 1];
		if (!guards[i].address && guards[i].expected)
			return -ENOENT;
	}
	return 0;
}

static int guards_arm(const char **culprit)
{
	unsigned long addresses[ARRAY_SIZE(guards)];
	unsigned int i, count = 0;
	int err;

	*culprit = "credentials";
	err = guards_find(culprit);
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(guards); i++)
		if (guards[i].address)
			addresses[count++] = guards[i].address;
	return redirect_arm(&guard_ops, guard_handler, FTRACE_OPS_FL_RECURSION,
			    addresses, count);
}

static struct tracepoint *exit_tracepoint;

static void exit_find(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, "sched_process_exit"))
		exit_tracepoint = tp;
}

/* Before the dying thread closes files and runs task work, as itself then. */
static void exit_probe(void *data, struct task_struct *task)
{
	if (ntimp_impersonating())
		ntimp_thread_become_primary();
	ntimp_departs_for_good();
}

static int exit_arm(const char **culprit)
{
	*culprit = "sched_process_exit";
	for_each_kernel_tracepoint(exit_find, NULL);
	if (!exit_tracepoint)
		return -ENOENT;
	return tracepoint_probe_register(exit_tracepoint, exit_probe, NULL);
}

static void exit_disarm(void)
{
	tracepoint_probe_unregister(exit_tracepoint, exit_probe, NULL);
}

/* Says what is missing and how to mend it. */
static void explain(const char *what, int err)
{
	switch (err) {
	case -ENOENT:
		pr_err("not loading: the kernel has no function %s that can be traced, and impersonation is unsafe without a guard on it\n",
		       what);
		break;
	case -EBUSY:
		pr_err("not loading: guards can't be armed: ftrace is off (turn it on: sysctl kernel.ftrace_enabled=1), or a live patch holds one of the functions\n");
		break;
	default:
		pr_err("not loading: can't arm the guard on %s: error %d\n",
		       what, err);
	}
}

/**
 * ntimp_guard_arm - arm every guard that the running kernel has a place for
 *
 * Context: process context, may sleep.
 * Return: 0; on failure nothing is armed and the log says why: -ENOENT: a
 * function that must be guarded can't be found; -EBUSY: kernel.ftrace_enabled
 * is 0, or somebody else has changed the function; other errors of ftrace.
 */
int ntimp_guard_arm(void)
{
	const char *culprit;
	int err;

	err = callthrough_arm(&culprit);
	if (err)
		goto out;
	err = guards_arm(&culprit);
	if (err)
		goto disarm_calls;
	err = exit_arm(&culprit);
	if (err)
		goto disarm_guards;
	return 0;

disarm_guards:
	redirect_disarm(&guard_ops);
disarm_calls:
	callthrough_disarm();
out:
	explain(culprit, err);
	return err;
}

/**
 * ntimp_guard_disarm - undo ntimp_guard_arm()
 *
 * No thread impersonates, and no request to do so is queued.  When it returns
 * none is inside a handler, a replacement or a trampoline either, nor behind the
 * module_put() with which ntimp_request_run() ends: no thread leaves these by
 * its own sleep, and until each has slept or was in user space
 * synchronize_rcu_tasks() waits.
 *
 * Context: process context, may sleep.
 */
void ntimp_guard_disarm(void)
{
	exit_disarm();
	redirect_disarm(&guard_ops);
	callthrough_disarm();

	tracepoint_synchronize_unregister();
	synchronize_rcu_tasks();
	rcu_barrier();
}

/**
 * ntimp_guards_absent - which guards have nothing to watch in this kernel
 *
 * Context: any.
 * Return: bit N for enum ntimp_guard N.
 */
u64 ntimp_guards_absent(void)
{
	u64 absent = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(guards); i++)
		if (!guards[i].address)
			absent |= BIT_ULL(i);
	return absent;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_guards_absent);

/**
 * ntimp_guards_armed - which guards are armed
 *
 * Context: any.
 * Return: bit N for enum ntimp_guard N.
 */
u64 ntimp_guards_armed(void)
{
	u64 all = GENMASK_ULL(ARRAY_SIZE(guards) - 1, 0) |
		  BIT_ULL(NTIMP_GUARD_EXIT);

	return all & ~ntimp_guards_absent();
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_guards_armed);
