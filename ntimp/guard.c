// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guards: what a thread can't do while it impersonates, because the kernel
 * would mix its two identities up.
 *
 * Each guard is an ftrace op on one function.  Kprobes are not used: they can
 * be switched off by debugfs or kernel.ftrace_enabled behind our back, while
 * an op that is PERMANENT makes that write fail.  An op costs the callers of
 * its function, nobody else, and changes nothing unless its condition holds.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>
#include <uapi/linux/ntimp.h>

#include "callthrough.h"
#include "compat.h"
#include "cred.h"
#include "guard.h"
#include "thread.h"

/**
 * struct guard - one guarded function
 * @symbol: its name
 * @alias: its name in other kernels, or NULL
 * @expected: the kernel is configured to have it: loading fails without it
 * @any_override: guards against every override, not just ours
 * @replacement: what runs in its place; 0: the thread becomes its primary
 *	and the function runs
 * @absent: the running kernel has no such function
 * @ops: armed unless @absent
 */
struct guard {
	const char *symbol;
	const char *alias;
	bool expected;
	bool any_override;
	unsigned long replacement;
	bool absent;
	struct ftrace_ops ops;
};

static void notrace guard_handler(unsigned long ip, unsigned long parent_ip,
				  struct ftrace_ops *ops,
				  struct ftrace_regs *fregs)
{
	const struct guard *guard = container_of(ops, struct guard, ops);
	const struct cred *subjective = current_cred();

	if (likely(subjective == current_real_cred()))
		return;
	if (!guard->any_override && !ntimp_cred_is_applied(subjective))
		return;
	if (guard->replacement)
		ftrace_regs_set_instruction_pointer(fregs, guard->replacement);
	else
		ntimp_thread_become_primary();
}

/*
 * Replacements of functions that return int or long.  All return long, because
 * keyctl(2) hands 64 bits of what the function left to user space.
 */
static long refuse_eperm(void)
{
	return -EPERM;
}

static long refuse_ebusy(void)
{
	return -EBUSY;
}

/* commit_creds() consumes its cred, and would be a BUG() under any override. */
static long refuse_commit(struct cred *new)
{
	abort_creds(new);
	return -EPERM;
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
		.replacement	= (unsigned long)refuse_eperm,
	},
	[NTIMP_GUARD_CREATE_USER_NS] = {
		.symbol		= "create_user_ns",
		.expected	= IS_ENABLED(CONFIG_USER_NS),
		.replacement	= (unsigned long)refuse_eperm,
	},
	[NTIMP_GUARD_USERNS_INSTALL] = {
		.symbol		= "userns_install",
		.expected	= IS_ENABLED(CONFIG_USER_NS),
		.replacement	= (unsigned long)refuse_eperm,
	},
	[NTIMP_GUARD_COREDUMP] = {
		.symbol		= "do_coredump",
		.alias		= "vfs_coredump",
		.expected	= IS_ENABLED(CONFIG_COREDUMP),
	},
	[NTIMP_GUARD_JOIN_SESSION] = {
		.symbol		= "join_session_keyring",
		.expected	= IS_ENABLED(CONFIG_KEYS),
		.replacement	= (unsigned long)refuse_eperm,
	},
	[NTIMP_GUARD_REQKEY_KEYRING] = {
		.symbol		= "keyctl_set_reqkey_keyring",
		.expected	= IS_ENABLED(CONFIG_KEYS),
		.replacement	= (unsigned long)refuse_eperm,
	},
	[NTIMP_GUARD_SETSELFATTR] = {
		.symbol		= "security_setselfattr",
		.expected	= COMPAT_HAS_SETSELFATTR,
		.replacement	= (unsigned long)refuse_ebusy,
	},
	/*
	 * A request that io_uring puts off runs with the identity of that
	 * moment: submitted as the client, run after the revert as the server.
	 */
	[NTIMP_GUARD_IO_URING] = {
		.symbol		= "io_submit_sqes",
		.expected	= IS_ENABLED(CONFIG_IO_URING),
		.replacement	= (unsigned long)refuse_eperm,
	},
};

static struct callthrough *const callthroughs[] = {
	&ntimp_callthrough_copy_creds,
	&ntimp_callthrough_ptrace_may_access,
};

static int guard_arm_one(struct guard *guard)
{
	unsigned long address = ntimp_symbol_address(guard->symbol);
	int err;

	if (!address && guard->alias)
		address = ntimp_symbol_address(guard->alias);
	guard->absent = !address;
	if (!address)
		return guard->expected ? -ENOENT : 0;

	guard->ops.func = guard_handler;
	guard->ops.flags = COMPAT_FTRACE_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY |
			   FTRACE_OPS_FL_PERMANENT | FTRACE_OPS_FL_RECURSION;
	err = ftrace_set_filter_ip(&guard->ops, address, 0, 0);
	if (err)
		return err;
	err = register_ftrace_function(&guard->ops);
	if (err)
		ftrace_free_filter(&guard->ops);
	return err;
}

static void guard_disarm_one(struct guard *guard)
{
	if (guard->absent)
		return;
	WARN_ON(unregister_ftrace_function(&guard->ops));
	ftrace_free_filter(&guard->ops);
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
}

static int exit_arm(void)
{
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
		pr_err("can't guard %s: this kernel has no such function or it can't be traced (CONFIG_KALLSYMS_ALL? built with other options?); not loading\n",
		       what);
		break;
	case -EBUSY:
		pr_err("can't guard %s: ftrace is off (sysctl kernel.ftrace_enabled=1 turns it on), or a live patch or probe has taken the function; not loading\n",
		       what);
		break;
	default:
		pr_err("can't guard %s: ftrace says %d; not loading\n", what,
		       err);
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
	int g, c, err;

	for (c = 0; c < ARRAY_SIZE(callthroughs); c++) {
		err = callthrough_arm(callthroughs[c]);
		if (err) {
			explain(callthroughs[c]->symbol, err);
			goto disarm_calls;
		}
	}
	for (g = 0; g < ARRAY_SIZE(guards); g++) {
		err = guard_arm_one(&guards[g]);
		if (err) {
			explain(guards[g].symbol, err);
			goto disarm_guards;
		}
	}
	err = exit_arm();
	if (err) {
		explain("sched_process_exit", err);
		goto disarm_guards;
	}
	return 0;

disarm_guards:
	while (g--)
		guard_disarm_one(&guards[g]);
disarm_calls:
	while (c--)
		callthrough_disarm(callthroughs[c]);
	return err;
}

/**
 * ntimp_guard_disarm - undo ntimp_guard_arm()
 *
 * No thread impersonates.  When it returns none is inside a handler, a
 * replacement or a trampoline either.
 *
 * Context: process context, may sleep.
 */
void ntimp_guard_disarm(void)
{
	int i;

	exit_disarm();
	for (i = 0; i < ARRAY_SIZE(guards); i++)
		guard_disarm_one(&guards[i]);
	for (i = 0; i < ARRAY_SIZE(callthroughs); i++)
		callthrough_disarm(callthroughs[i]);

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
		if (guards[i].absent)
			absent |= BIT_ULL(i);
	return absent;
}

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
