/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_NT_SYSTHREAD_H
#define _NTIMP_NT_SYSTHREAD_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/ntifs.h>

/**
 * struct nt_systhread - a system thread of a driver, as an object
 * @usage: one for the thread while it runs, one for the handle until it is
 *	closed, and those of ObReferenceObject()
 * @task: the thread; one reference, so that its address, which is handle and
 *	PETHREAD, means this object for as long as that is there
 * @node: in the table; table_lock
 * @open: the handle is not closed; table_lock
 * @routine: where it begins
 * @context: handed to @routine
 * @over: it has left the driver's code for good
 */
struct nt_systhread {
	refcount_t usage;
	struct task_struct *task;
	struct hlist_node node;
	bool open;
	PKSTART_ROUTINE routine;
	PVOID context;
	KEVENT over;
};

struct nt_systhread *nt_systhread_find(const void *object);
unsigned int nt_systhread_put(struct nt_systhread *thread);
bool nt_systhread_is_open(struct nt_systhread *thread);
bool nt_systhread_close(struct nt_systhread *thread);

#endif /* _NTIMP_NT_SYSTHREAD_H */
