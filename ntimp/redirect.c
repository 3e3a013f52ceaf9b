// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds functions of the kernel by name, and arms ftrace ops on them.
 *
 * One op serves many functions, because taking an op away waits for every
 * task in the system.  Kprobes would be switched off by debugfs or
 * kernel.ftrace_enabled behind our back; a PERMANENT op makes that write fail.
 */
#include <kunit/visibility.h>
#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/slab.h>

#include "compat.h"
#include "redirect.h"

/**
 * redirect_find - where functions of the kernel begin
 * @names: their names; NULL for none
 * @addresses: out: their addresses, 0 for one that doesn't exist or can't be
 *	traced.  May lie behind an ENDBR: good for ftrace and to be returned to.
 * @count: how many
 *
 * Context: process context, may sleep.
 * Return: 0; -ENOMEM.
 */
int redirect_find(const char *const *names, unsigned long *addresses,
		  unsigned int count)
{
	struct kprobe **registered;
	struct kprobe *probes;
	unsigned int i, n = 0;
	int err = -ENOMEM;

	probes = kcalloc(count, sizeof(*probes), GFP_KERNEL);
	registered = kcalloc(count, sizeof(*registered), GFP_KERNEL);
	if (!probes || !registered)
		goto free;

	for (i = 0; i < count; i++) {
		addresses[i] = 0;
		/* Registered disabled: looked up, but no code is touched. */
		probes[i].flags = KPROBE_FLAG_DISABLED;
		probes[i].symbol_name = names[i];
		if (!names[i] || register_kprobe(&probes[i]))
			continue;
		addresses[i] = (unsigned long)probes[i].addr;
		registered[n++] = &probes[i];
	}
	unregister_kprobes(registered, n);
	err = 0;
free:
	kfree(registered);
	kfree(probes);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(redirect_find);

/**
 * redirect_arm - have a handler called on entry to functions
 * @ops: zeroed, or disarmed
 * @handler: may change where the caller gets to, and must not call one of the
 *	functions
 * @recursion: FTRACE_OPS_FL_RECURSION for a handler that calls anything at all:
 *	it runs without preemption, and is not entered again from what it calls;
 *	0 for one that costs less than that protection
 * @addresses: where the functions begin
 * @count: how many
 *
 * Context: process context, may sleep.
 * Return: 0; -EBUSY: kernel.ftrace_enabled is 0, or something else (a live
 * patch) redirects one of the functions; -EINVAL: one can't be traced; -ENOMEM.
 */
int redirect_arm(struct ftrace_ops *ops, ftrace_func_t handler,
		 unsigned long recursion, unsigned long *addresses,
		 unsigned int count)
{
	int err;

	ops->func = handler;
	ops->flags = COMPAT_FTRACE_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY |
		     FTRACE_OPS_FL_PERMANENT | recursion;
	err = ftrace_set_filter_ips(ops, addresses, count, 0, 1);
	if (!err)
		err = register_ftrace_function(ops);
	if (err)
		ftrace_free_filter(ops);
	return err;
}

/**
 * redirect_disarm - undo redirect_arm()
 * @ops: what was armed
 *
 * Context: process context, may sleep.
 */
void redirect_disarm(struct ftrace_ops *ops)
{
	WARN_ON(unregister_ftrace_function(ops));
	ftrace_free_filter(ops);
}
