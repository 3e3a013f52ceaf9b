// SPDX-License-Identifier: GPL-2.0-only
/*
 * System threads: kernel threads of a driver's own.
 *
 * On NT they are objects, which a driver keeps by a reference and waits for.  A
 * kernel thread's task_struct is not: it can't be waited for.  So there is an
 * object for each, found by the address of the task.
 *
 * A thread pins this module, whose code it ends in, and not the driver's: as on NT
 * the driver has to wait for its threads before it is unloaded.
 */
#include <kunit/visibility.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/hashtable.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "../limits.h"
#include "../thread.h"
#include "systhread.h"

static DEFINE_SPINLOCK(table_lock); /* protects the table; innermost */
static DEFINE_HASHTABLE(table, NTIMP_NT_SYSTHREAD_HASH_BITS);

/**
 * nt_systhread_find - the object of a system thread
 * @object: any address
 *
 * Context: any but interrupts.
 * Return: the object, with a reference for the caller; NULL: @object is no thread
 * from PsCreateSystemThread(), or is one that nobody has a reference on any more.
 */
struct nt_systhread *nt_systhread_find(const void *object)
{
	struct nt_systhread *thread;

	spin_lock(&table_lock);
	hash_for_each_possible(table, thread, node, (unsigned long)object) {
		if (thread->task == object) {
			refcount_inc(&thread->usage);
			spin_unlock(&table_lock);
			return thread;
		}
	}
	spin_unlock(&table_lock);
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(nt_systhread_find);

/**
 * nt_systhread_put - drop a reference
 * @thread: the object
 *
 * Context: any but interrupts.
 * Return: how many were left, at a time.
 */
unsigned int nt_systhread_put(struct nt_systhread *thread)
{
	unsigned int left;
	bool last;

	spin_lock(&table_lock);
	left = refcount_read(&thread->usage) - 1;
	last = refcount_dec_and_test(&thread->usage);
	if (last)
		hash_del(&thread->node);
	spin_unlock(&table_lock);
	if (!last)
		return left;
	put_task_struct(thread->task);
	kfree(thread);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(nt_systhread_put);

/**
 * nt_systhread_is_open - is the handle not closed?
 * @thread: the object; the caller has a reference
 *
 * Context: any but interrupts.
 * Return: whether it is open, at a time.
 */
bool nt_systhread_is_open(struct nt_systhread *thread)
{
	bool open;

	spin_lock(&table_lock);
	open = thread->open;
	spin_unlock(&table_lock);
	return open;
}

/**
 * nt_systhread_close - close the handle
 * @thread: the object; the caller has a reference besides the handle's
 *
 * Context: any but interrupts.
 * Return: whether it was open.
 */
bool nt_systhread_close(struct nt_systhread *thread)
{
	bool open;

	spin_lock(&table_lock);
	open = thread->open;
	thread->open = false;
	spin_unlock(&table_lock);
	if (open)
		nt_systhread_put(thread);
	return open;
}

/*
 * Whoever waits may unload the driver then, whose code is not returned to: so
 * there must be nothing left of what the thread wore either.
 */
static void __noreturn thread_leave(struct nt_systhread *thread)
{
	ntimp_thread_finish(current_real_cred());
	KeSetEvent(&thread->over, 0, FALSE);
	nt_systhread_put(thread);
	module_put_and_kthread_exit(0);
}

static int thread_main(void *arg)
{
	struct nt_systhread *thread = arg;

	thread->routine(thread->context);
	thread_leave(thread);
}

static void table_add(struct nt_systhread *thread)
{
	spin_lock(&table_lock);
	hash_add(table, &thread->node, (unsigned long)thread->task);
	spin_unlock(&table_lock);
}

/* NT has two words for it, and this is the one for threads. */
static NTSTATUS status_of(int err)
{
	return err == -ENOMEM ? STATUS_INSUFFICIENT_RESOURCES : NtimpStatusFromErrno(err);
}

/**
 * PsCreateSystemThread - make a system thread
 * @handle: filled with a handle, which ends with one ZwClose()
 * @desired: not used
 * @attributes: not used
 * @process: NULL: of the system.  No others are made.
 * @client_id: filled with the ids of the thread; or NULL
 * @routine: where it begins.  The thread ends when it returns, or calls
 *	PsTerminateSystemThread().
 * @context: handed to @routine
 *
 * The thread is root of the initial user namespace, whoever called, and impersonates
 * nobody.  It may act as any client whose ids are mapped there.  Let it end,
 * and wait for that, before the code of @routine is unloaded.
 *
 * Context: process context, may sleep.
 * Return: STATUS_SUCCESS; STATUS_INVALID_HANDLE: @process isn't NULL;
 * STATUS_INSUFFICIENT_RESOURCES; others of NtimpStatusFromErrno(): of kthread_create(),
 * as when the calling thread is being killed.
 */
NTSTATUS PsCreateSystemThread(PHANDLE handle, ULONG desired,
			      POBJECT_ATTRIBUTES attributes, HANDLE process,
			      PCLIENT_ID client_id, PKSTART_ROUTINE routine,
			      PVOID context)
{
	struct nt_systhread *thread;
	struct task_struct *task;

	if (process)
		return STATUS_INVALID_HANDLE;
	thread = kzalloc(sizeof(*thread), GFP_KERNEL);
	if (!thread)
		return STATUS_INSUFFICIENT_RESOURCES;
	task = kthread_create(thread_main, thread, "%ps", routine);
	if (IS_ERR(task)) {
		kfree(thread);
		return status_of(PTR_ERR(task));
	}

	refcount_set(&thread->usage, 2); /* the thread's and the handle's */
	thread->task = get_task_struct(task);
	thread->open = true;
	thread->routine = routine;
	thread->context = context;
	KeInitializeEvent(&thread->over, NotificationEvent, FALSE);
	table_add(thread);
	__module_get(THIS_MODULE);

	*handle = task;
	if (client_id)
		*client_id = (CLIENT_ID) {
			.UniqueProcess	= (HANDLE)(ULONG_PTR)task->tgid,
			.UniqueThread	= (HANDLE)(ULONG_PTR)task->pid,
		};
	wake_up_process(task);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(PsCreateSystemThread);

/**
 * PsTerminateSystemThread - end the calling system thread
 * @status: not used: nobody can ask for it
 *
 * If it impersonates it ceases to.
 *
 * Context: process context, may sleep; holds no locks.
 * Return: not at all; STATUS_INVALID_PARAMETER: it is not a thread from
 * PsCreateSystemThread().
 */
NTSTATUS PsTerminateSystemThread(NTSTATUS status)
{
	struct nt_systhread *thread = nt_systhread_find(current);

	if (!thread)
		return STATUS_INVALID_PARAMETER;
	nt_systhread_put(thread); /* the thread has one of its own */
	thread_leave(thread);
}
EXPORT_SYMBOL_GPL(PsTerminateSystemThread);
