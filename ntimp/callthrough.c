// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds functions of the kernel by name, and sends the stubs of callthrough.h
 * to them.
 */
#include <linux/errno.h>
#include <linux/kprobes.h>
#include <linux/module.h>

#include "callthrough.h"
#include "compat.h"

/**
 * ntimp_symbol_address - where a function of the kernel begins
 * @symbol: its name
 *
 * The address may lie behind an ENDBR: good for ftrace and to be returned to.
 *
 * Context: process context, may sleep.
 * Return: the address; 0: there is no such function, or it can't be traced.
 */
unsigned long ntimp_symbol_address(const char *symbol)
{
	/* Registered disabled: the name is looked up, no code is touched. */
	struct kprobe probe = {
		.symbol_name	= symbol,
		.flags		= KPROBE_FLAG_DISABLED,
	};
	unsigned long address;

	if (register_kprobe(&probe))
		return 0;
	address = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return address;
}

static void notrace callthrough_redirect(unsigned long ip,
					 unsigned long parent_ip,
					 struct ftrace_ops *ops,
					 struct ftrace_regs *fregs)
{
	struct callthrough *call = container_of(ops, struct callthrough, ops);

	ftrace_regs_set_instruction_pointer(fregs, call->target);
}

/**
 * callthrough_arm - make a stub lead to its function
 * @call: the function
 *
 * Context: process context, may sleep.
 * Return: 0; -ENOENT: the running kernel has no such function; -EBUSY:
 * kernel.ftrace_enabled is 0; other errors of ftrace.
 */
int callthrough_arm(struct callthrough *call)
{
	int err;

	call->target = ntimp_symbol_address(call->symbol);
	if (!call->target)
		return -ENOENT;

	call->ops.func = callthrough_redirect;
	call->ops.flags = COMPAT_FTRACE_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY |
			  FTRACE_OPS_FL_PERMANENT | FTRACE_OPS_FL_RECURSION;
	err = ftrace_set_filter_ip(&call->ops, call->stub, 0, 0);
	if (err)
		return err;
	err = register_ftrace_function(&call->ops);
	if (err)
		ftrace_free_filter(&call->ops);
	return err;
}

/**
 * callthrough_disarm - undo callthrough_arm()
 * @call: the function; nobody calls it any more
 *
 * Context: process context, may sleep.
 */
void callthrough_disarm(struct callthrough *call)
{
	WARN_ON(unregister_ftrace_function(&call->ops));
	ftrace_free_filter(&call->ops);
}
