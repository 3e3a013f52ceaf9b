/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a thread is, as the kernel tells: asleep in a system call, stopped, gone.
 * A test waits until it knows, instead of for some time.
 */
#ifndef SELFTEST_WHEREABOUTS_H
#define SELFTEST_WHEREABOUTS_H

#include <sys/types.h>

/* The state's letter, as ps(1) shows it, or -errno. */
int thread_state(pid_t tid);
/* Wait until it is in this state.  0, or -ETIMEDOUT after a long time. */
int thread_await_state(pid_t tid, char state);
/* Wait until it sleeps in this system call, SYS_*.  0 or -ETIMEDOUT. */
int thread_await_call(pid_t tid, long call);
/* Wait until there is no such thread.  0 or -ETIMEDOUT. */
int thread_await_end(pid_t tid);

#endif /* SELFTEST_WHEREABOUTS_H */
