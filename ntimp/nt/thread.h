/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_NT_THREAD_H
#define _NTIMP_NT_THREAD_H

#include <linux/nt/thread.h>

struct nt_terms;
struct task_struct;

/**
 * nt_task - the task that a thread is
 * @thread: the thread
 *
 * Context: any.
 * Return: the same.
 */
static inline struct task_struct *nt_task(PETHREAD thread)
{
	return (struct task_struct *)thread;
}

int nt_thread_act_as(struct task_struct *task, const struct nt_terms *terms);
int nt_thread_deny(struct task_struct *task);

#endif /* _NTIMP_NT_THREAD_H */
