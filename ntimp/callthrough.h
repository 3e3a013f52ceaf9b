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

#include <kunit/visibility.h>
#include <linux/compiler.h>
#include <linux/types.h>

/**
 * struct callthrough - one function that is called through its stub
 * @symbol: name of the function
 * @optional: loading goes on without it; whoever calls it asks
 *	callthrough_leads() first
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
 * Nothing may be concluded from the body of a stub, or a caller would be
 * compiled as if that were all that happens: as if the answer were always the
 * stub's own, or what a pointer leads to were never written.
 */
#if __has_attribute(__noipa__)
#define CALLTHROUGH_OPAQUE	__attribute__((__noipa__))
#else
#define CALLTHROUGH_OPAQUE	__attribute__((__optnone__))
#endif

/* What comes after the prototype are further members: .optional = true. */
#define CALLTHROUGH_DEFINE(_symbol, _type, _closed, _proto, ...)	\
static noinline CALLTHROUGH_OPAQUE _type callthrough_##_symbol _proto	\
{									\
	__auto_type closed = (_closed);					\
									\
	OPTIMIZER_HIDE_VAR(closed);					\
	barrier();							\
	return closed;							\
}									\
struct callthrough ntimp_callthrough_##_symbol = {			\
	.symbol	= #_symbol,						\
	.stub	= (unsigned long)callthrough_##_symbol,			\
	__VA_ARGS__							\
};									\
EXPORT_SYMBOL_IF_KUNIT(ntimp_callthrough_##_symbol)

extern struct callthrough ntimp_callthrough_copy_creds;
extern struct callthrough ntimp_callthrough_ptrace_may_access;
extern struct callthrough ntimp_callthrough_task_work_add;

/* Of broker.c, all optional. */
extern struct callthrough ntimp_callthrough_build_open_flags;
extern struct callthrough ntimp_callthrough_chmod_common;
extern struct callthrough ntimp_callthrough_do_filp_open;
extern struct callthrough ntimp_callthrough_do_mkdirat;
extern struct callthrough ntimp_callthrough_do_renameat2;
extern struct callthrough ntimp_callthrough_do_rmdir;
extern struct callthrough ntimp_callthrough_do_sys_openat2;
extern struct callthrough ntimp_callthrough_do_unlinkat;
extern struct callthrough ntimp_callthrough_filename_lookup;
extern struct callthrough ntimp_callthrough_getname_uflags;

/* Of worker.c, all optional. */
extern struct callthrough ntimp_callthrough_create_io_thread;
extern struct callthrough ntimp_callthrough_do_exit;
extern struct callthrough ntimp_callthrough_wake_up_new_task;
extern struct callthrough ntimp_callthrough_wake_up_state;

/**
 * callthrough_leads - does the stub lead to its function?
 * @call: an optional one
 *
 * Context: any, once the module is loaded.
 * Return: false if the running kernel has no such function.
 */
static inline bool callthrough_leads(const struct callthrough *call)
{
	return call->target;
}

/*
 * Every stub leads to its function, as in most kernels: for who would have to ask about
 * many of them each time.
 */
extern bool callthrough_complete;

int callthrough_arm(const char **culprit);
void callthrough_disarm(void);

#endif /* _NTIMP_CALLTHROUGH_H */
