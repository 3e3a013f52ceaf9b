/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calling hooked functions of the kernel while impersonating, in a kernel thread and
 * in a task of user mode.
 */
#ifndef _KUNIT_HOOKS_H
#define _KUNIT_HOOKS_H

#include <linux/types.h>

struct completion;
struct kunit;

/**
 * struct hook - a hooked function
 * @name: its name
 * @call: how to call it where it is; if the hook let it, the arguments would crash it
 * @refused: what it returns to who impersonates
 * @absent: this kernel has no such function
 */
struct hook {
	const char *name;
	long (*call)(void *address);
	long refused;
	bool absent;
};

/* Expect the refusal, and nothing else, of this thread, and of a task of user mode. */
void hook_refuses_here(struct kunit *test, const struct hook *hook, unsigned int level);
void hook_refuses_user_task(struct kunit *test, const struct hook *hook, unsigned int level);

/*
 * Start a task that never gets to user mode, but is made for it; wait until it
 * completes @over.  It ends itself.
 */
void user_task_run(struct kunit *test, int (*run)(void *it), void *it, struct completion *over);
void __noreturn user_task_exit(void);

#endif /* _KUNIT_HOOKS_H */
