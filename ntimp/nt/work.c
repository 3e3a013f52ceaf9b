// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work items: functions of a driver that run in a system thread.
 *
 * The queue is NT's: first come, first served, by a number of workers, and linked
 * through the items, so that queueing allocates nothing and can't fail.  An item
 * belongs to its driver again before its function is called, which may queue or
 * free it.
 *
 * Whatever a function did to the identity of its worker, the next one begins as
 * the system.  NT stops the machine when a function returns while it impersonates
 * (IMPERSONATING_WORKER_THREAD, 0xDF).  Here the worker is made the system again,
 * the log names the function, and the parameter nt_forgotten counts it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <kunit/visibility.h>
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/ntifs.h>

#include "../limits.h"
#include "../thread.h"
#include "work.h"

/**
 * struct _IO_WORKITEM - a work item that the system allocated
 * @item: queued for io_work_main()
 * @object: handed to the routine
 * @routine: what to call; or NULL, and
 * @routine_ex: what to call, which is told the item too
 * @context: handed to the routine
 */
struct _IO_WORKITEM {
	WORK_QUEUE_ITEM item;
	PVOID object;
	PIO_WORKITEM_ROUTINE routine;
	PIO_WORKITEM_ROUTINE_EX routine_ex;
	PVOID context;
};

/**
 * struct queue - items that wait, and those who take them
 * @lock: protects what follows, and List of items that wait
 * @first: of the items; &@end: there is none
 * @last: where the next one goes
 * @end: stands for what follows the last item, which so is not NULL: that is how
 *	an item looks that doesn't wait
 * @workers: each takes items until there are none
 * @busy: which workers are about to look for an item, or run one
 */
struct queue {
	spinlock_t lock; /* items that wait, and who is busy */
	LIST_ENTRY *first;
	LIST_ENTRY **last;
	LIST_ENTRY end;
	struct work_struct workers[NTIMP_NT_WORKERS];
	DECLARE_BITMAP(busy, NTIMP_NT_WORKERS);
};

static struct queue queue = {
	.lock	= __SPIN_LOCK_UNLOCKED(queue.lock),
	.first	= &queue.end,
	.last	= &queue.first,
};

static atomic_long_t forgotten;

static int forgotten_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%ld\n", ntimp_nt_work_forgotten());
}

static const struct kernel_param_ops forgotten_ops = {
	.get = forgotten_get,
};
module_param_cb(nt_forgotten, &forgotten_ops, NULL, 0444);
MODULE_PARM_DESC(nt_forgotten,
		 "how many work routines of drivers returned while they impersonated (can only be read)");

/*
 * An item is linked by Flink alone.  Blink has the driver's module, which can't
 * be unloaded until the function has returned.
 */
static void queue_put(WORK_QUEUE_ITEM *item, struct module *owner)
{
	item->List.Flink = &queue.end;
	item->List.Blink = (LIST_ENTRY *)owner;
	*queue.last = &item->List;
	queue.last = &item->List.Flink;
}

static WORK_QUEUE_ITEM *queue_take(struct module **owner)
{
	LIST_ENTRY *entry = queue.first;

	if (entry == &queue.end)
		return NULL;
	queue.first = entry->Flink;
	if (queue.first == &queue.end)
		queue.last = &queue.first;
	*owner = (struct module *)entry->Blink;
	entry->Flink = NULL;
	return container_of(entry, WORK_QUEUE_ITEM, List);
}

/* Or cease to be busy, while nobody can queue one. */
static WORK_QUEUE_ITEM *worker_take(unsigned int worker, struct module **owner)
{
	WORK_QUEUE_ITEM *item;
	unsigned long flags;

	spin_lock_irqsave(&queue.lock, flags);
	item = queue_take(owner);
	if (!item)
		__clear_bit(worker, queue.busy);
	spin_unlock_irqrestore(&queue.lock, flags);
	return item;
}

static VOID io_work_main(PVOID parameter)
{
	PIO_WORKITEM item = parameter;

	if (item->routine)
		item->routine(item->object, item->context);
	else
		item->routine_ex(item->object, item->context, item);
}

static void *io_routine_of(const struct _IO_WORKITEM *item)
{
	return item->routine ? (void *)item->routine : item->routine_ex;
}

/* By which the driver's author knows it. */
static void *routine_of(const WORK_QUEUE_ITEM *item)
{
	if (item->WorkerRoutine != io_work_main)
		return item->WorkerRoutine;
	return io_routine_of(container_of(item, struct _IO_WORKITEM, item));
}

/* The item is gone when its function returns, as far as we know. */
static void item_run(WORK_QUEUE_ITEM *item)
{
	void *routine = routine_of(item);

	item->WorkerRoutine(item->Parameter);
	if (!ntimp_thread_finish(current_real_cred()))
		return;
	atomic_long_inc(&forgotten);
	pr_err("work routine %ps returned while it impersonated: reverted (NT stops the machine, 0xDF)\n",
	       routine);
}

static void worker_main(struct work_struct *work)
{
	WORK_QUEUE_ITEM *item;
	struct module *owner;

	while ((item = worker_take(work - queue.workers, &owner))) {
		item_run(item);
		module_put(owner);
	}
}

/*
 * To be called under the lock, and the worker to be woken after it.  If all are
 * busy, the first that isn't any more takes the item.
 */
static struct work_struct *worker_choose(void)
{
	unsigned int idle = find_first_zero_bit(queue.busy, NTIMP_NT_WORKERS);

	if (idle == NTIMP_NT_WORKERS)
		return NULL;
	__set_bit(idle, queue.busy);
	return &queue.workers[idle];
}

static bool item_waits(const WORK_QUEUE_ITEM *item)
{
	return READ_ONCE(item->List.Flink);
}

static void item_queue(WORK_QUEUE_ITEM *item, struct module *owner)
{
	struct work_struct *worker = NULL;
	void *routine = routine_of(item);
	unsigned long flags;
	bool waits;

	/* A module that is being unloaded has to wait for its items itself. */
	if (!try_module_get(owner))
		owner = NULL;
	spin_lock_irqsave(&queue.lock, flags);
	waits = item_waits(item);
	if (!waits) {
		queue_put(item, owner);
		worker = worker_choose();
	}
	spin_unlock_irqrestore(&queue.lock, flags);

	if (worker)
		queue_work(system_unbound_wq, worker);
	if (!waits)
		return;
	module_put(owner);
	pr_err("work routine %ps is queued while it is queued: left as it was\n",
	       routine);
}

/**
 * ntimp_nt_work_init - make the workers
 *
 * Context: process context; nothing is queued yet.
 */
void ntimp_nt_work_init(void)
{
	unsigned int i;

	for (i = 0; i < NTIMP_NT_WORKERS; i++)
		INIT_WORK(&queue.workers[i], worker_main);
}

/**
 * ntimp_nt_work_exit - wait until no worker is inside our code
 *
 * Each item had its driver pinned, which has us pinned: nothing is queued.
 *
 * Context: process context, may sleep.
 */
void ntimp_nt_work_exit(void)
{
	unsigned int i;

	for (i = 0; i < NTIMP_NT_WORKERS; i++)
		flush_work(&queue.workers[i]);
}

/**
 * ntimp_nt_work_forgotten - how many routines returned while they impersonated
 *
 * Context: any.
 * Return: how many, since the module was loaded.
 */
long ntimp_nt_work_forgotten(void)
{
	return atomic_long_read(&forgotten);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_nt_work_forgotten);

/**
 * NtimpQueueWorkItem - ExQueueWorkItem(), for the module that calls it
 * @item: from ExInitializeWorkItem(), and not queued
 * @type: not used: all items wait in one queue
 * @owner: the caller's module; it can't be unloaded until the routine has returned
 *
 * An item that is queued is left as it is, and the log names its routine.
 *
 * Context: any.
 */
VOID NtimpQueueWorkItem(PWORK_QUEUE_ITEM item, WORK_QUEUE_TYPE type,
			struct module *owner)
{
	item_queue(item, owner);
}
EXPORT_SYMBOL_GPL(NtimpQueueWorkItem);

/**
 * IoAllocateWorkItem - make a work item
 * @device: handed to its routine; nothing else is done with it
 *
 * Context: any.
 * Return: for IoFreeWorkItem(); NULL: there is no memory.
 */
PIO_WORKITEM IoAllocateWorkItem(PDEVICE_OBJECT device)
{
	PIO_WORKITEM item = kzalloc(sizeof(*item), GFP_ATOMIC | __GFP_NOWARN);

	if (!item)
		return NULL;
	ExInitializeWorkItem(&item->item, io_work_main, item);
	item->object = device;
	return item;
}
EXPORT_SYMBOL_GPL(IoAllocateWorkItem);

/**
 * IoFreeWorkItem - free a work item
 * @item: from IoAllocateWorkItem(), and not queued: its routine may do it
 *
 * An item that is queued is not freed at all, and the log names its routine.
 *
 * Context: any.
 */
VOID IoFreeWorkItem(PIO_WORKITEM item)
{
	if (item && item_waits(&item->item)) {
		pr_err("work item of %ps is freed while it is queued: not done\n",
		       io_routine_of(item));
		return;
	}
	kfree(item);
}
EXPORT_SYMBOL_GPL(IoFreeWorkItem);

/**
 * NtimpQueueIoWorkItem - IoQueueWorkItem() and IoQueueWorkItemEx(), for the module
 *	that calls them
 * @item: from IoAllocateWorkItem(), and not queued
 * @routine: what to call; or NULL, and
 * @routine_ex: what to call, which is told the item too
 * @type: not used: all items wait in one queue
 * @context: handed to the routine
 * @owner: the caller's module; it can't be unloaded until the routine has returned
 *
 * An item that is queued is left as it is, and the log names its routine.
 *
 * Context: any.
 */
VOID NtimpQueueIoWorkItem(PIO_WORKITEM item, PIO_WORKITEM_ROUTINE routine,
			  PIO_WORKITEM_ROUTINE_EX routine_ex,
			  WORK_QUEUE_TYPE type, PVOID context,
			  struct module *owner)
{
	if (!item_waits(&item->item)) {
		item->routine = routine;
		item->routine_ex = routine_ex;
		item->context = context;
	}
	item_queue(&item->item, owner);
}
EXPORT_SYMBOL_GPL(NtimpQueueIoWorkItem);
