// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends the stubs of callthrough.h to their functions.
 */
#include <kunit/visibility.h>
#include <linux/errno.h>
#include <linux/kernel.h>

#include "callthrough.h"
#include "compat.h"
#include "redirect.h"

/* They are looked for in this order, so what is called most comes first. */
static struct callthrough *const calls[] = {
	&ntimp_callthrough_do_sys_openat2,
	&ntimp_callthrough_getname_uflags,
	&ntimp_callthrough_filename_lookup,
	&ntimp_callthrough_do_filp_open,
	&ntimp_callthrough_build_open_flags,

	&ntimp_callthrough_copy_creds,
	&ntimp_callthrough_ptrace_may_access,
	&ntimp_callthrough_task_work_add,

	&ntimp_callthrough_chmod_common,
	&ntimp_callthrough_do_mkdirat,
	&ntimp_callthrough_do_renameat2,
	&ntimp_callthrough_do_rmdir,
	&ntimp_callthrough_do_unlinkat,

	&ntimp_callthrough_create_io_thread,
	&ntimp_callthrough_do_exit,
	&ntimp_callthrough_wake_up_new_task,
	&ntimp_callthrough_wake_up_state,
};

bool callthrough_complete;
EXPORT_SYMBOL_IF_KUNIT(callthrough_complete);

static struct ftrace_ops ops;

/* Calls nothing, so it needs no protection against being entered again. */
static void notrace callthrough_handler(unsigned long ip,
					unsigned long parent_ip,
					struct ftrace_ops *unused,
					struct ftrace_regs *fregs)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		if (!redirect_is_entry(ip, calls[i]->stub))
			continue;
		ftrace_regs_set_instruction_pointer(fregs, calls[i]->target);
		return;
	}
}

/**
 * callthrough_arm - make each stub lead to its function
 * @culprit: on failure, the name of the function at fault
 *
 * Context: process context, may sleep.
 * Return: 0; -ENOENT: the running kernel has no such function, and it is not
 * optional; errors of redirect_arm().
 */
int callthrough_arm(const char **culprit)
{
	unsigned long targets[ARRAY_SIZE(calls)];
	unsigned long stubs[ARRAY_SIZE(calls)];
	const char *names[ARRAY_SIZE(calls)];
	unsigned int count = 0;
	int i, err;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		names[i] = calls[i]->symbol;
	*culprit = "calls of kernel functions";
	err = redirect_find(names, targets, ARRAY_SIZE(calls));
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		calls[i]->target = targets[i];
		*culprit = names[i];
		if (targets[i])
			stubs[count++] = calls[i]->stub;
		else if (!calls[i]->optional)
			return -ENOENT;
	}
	callthrough_complete = count == ARRAY_SIZE(calls);
	return redirect_arm(&ops, callthrough_handler, 0, stubs, count);
}

/**
 * callthrough_disarm - undo callthrough_arm(); nobody calls a stub any more
 *
 * Context: process context, may sleep.
 */
void callthrough_disarm(void)
{
	redirect_disarm(&ops);
}
