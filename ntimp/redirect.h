/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where functions begin, and an ftrace op over several of them that may send
 * their callers elsewhere.
 */
#ifndef _NTIMP_REDIRECT_H
#define _NTIMP_REDIRECT_H

#include <linux/ftrace.h>
#include <linux/types.h>

/*
 * How far behind the start of a function its call to ftrace can lie: an ENDBR
 * or BTI, and the nops of a patchable entry.
 */
#define REDIRECT_ENTRY_SPAN	16

/**
 * redirect_is_entry - does ftrace report this function?
 * @ip: what ftrace reports
 * @address: where the function begins
 *
 * Context: any.
 * Return: whether it does.
 */
static inline bool redirect_is_entry(unsigned long ip, unsigned long address)
{
	return ip - address < REDIRECT_ENTRY_SPAN;
}

int redirect_find(const char *const *names, unsigned long *addresses,
		  unsigned int count);
int redirect_arm(struct ftrace_ops *ops, ftrace_func_t handler,
		 unsigned long recursion, unsigned long *addresses,
		 unsigned int count);
void redirect_disarm(struct ftrace_ops *ops);

#endif /* _NTIMP_REDIRECT_H */
