/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls of kernel functions that are not exported.
 *
 * A call through a pointer would fault on kernels with IBT, which seal the
 * entry of a function that nobody takes the address of.  So a stub of ours is
 * called instead, and an ftrace op sends the stub on to the function: ftrace
 * gets there by a return, which IBT doesn't track, with the stub's arguments
 * still in place, and no architecture needs assembly for it.
 *
 * Where the op does not fire the stub itself runs, and returns what its
 * definition gives as the answer that fails closed.
 */
#ifndef _NTIMP_CALLTHROUGH_H
#define _NTIMP_CALLTHROUGH_H

#include <linux/compiler.h>
#include <linux/types.h>

/**
 * struct callthrough - one function that is called through its stub
 * @symbol: name of the function
 * @optional: where the running kernel has no such function, its stub answers
 * @stub: address of the stub
 * @target: address of the function, from callthrough_arm(); 0: there is none
 */
struct callthrough {
	const char *symbol;
	bool optional;
	unsigned long stub;
	unsigned long target;
};

/*
 * Hidden from the optimiser, or a caller could be compiled as if the stub
 * always gave its own answer.
 */
#define CALLTHROUGH_DEFINE(_symbol, _type, _closed, _proto)		\
	__CALLTHROUGH_DEFINE(_symbol, _type, _closed, _proto, false)

/* The module does without it, where need be. */
#define CALLTHROUGH_DEFINE_OPTIONAL(_symbol, _type, _closed, _proto)	\
	__CALLTHROUGH_DEFINE(_symbol, _type, _closed, _proto, true)

#define __CALLTHROUGH_DEFINE(_symbol, _type, _closed, _proto, _optional) \
static noinline __noclone _type callthrough_##_symbol _proto		\
{									\
	__auto_type closed = (_closed);					\
									\
	OPTIMIZER_HIDE_VAR(closed);					\
	barrier();							\
	return closed;							\
}									\
struct callthrough ntimp_callthrough_##_symbol = {			\
	.symbol		= #_symbol,					\
	.optional	= (_optional),					\
	.stub		= (unsigned long)callthrough_##_symbol,		\
}

extern struct callthrough ntimp_callthrough_copy_creds;
extern struct callthrough ntimp_callthrough_ptrace_may_access;
extern struct callthrough ntimp_callthrough_task_work_add;

int callthrough_arm(const char **culprit);
void callthrough_disarm(void);

#endif /* _NTIMP_CALLTHROUGH_H */
