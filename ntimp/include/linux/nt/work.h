/* SPDX-License-Identifier: GPL-2.0-only */
/* System threads, and work for those that the system has. */
#ifndef _LINUX_NT_WORK_H
#define _LINUX_NT_WORK_H

#include <linux/nt/ntdef.h>

/* Whatever a port takes for it: it is only handed through. */
typedef struct _DEVICE_OBJECT *PDEVICE_OBJECT;

typedef enum _WORK_QUEUE_TYPE {
	CriticalWorkQueue,
	DelayedWorkQueue,
	HyperCriticalWorkQueue,
	NormalWorkQueue,
	BackgroundWorkQueue,
	RealTimeWorkQueue,
	SuperCriticalWorkQueue,
	MaximumWorkQueue,
	CustomPriorityWorkQueue = 32
} WORK_QUEUE_TYPE;

typedef VOID KSTART_ROUTINE(PVOID context);
typedef KSTART_ROUTINE *PKSTART_ROUTINE;
typedef VOID WORKER_THREAD_ROUTINE(PVOID parameter);
typedef WORKER_THREAD_ROUTINE *PWORKER_THREAD_ROUTINE;

/**
 * struct _WORK_QUEUE_ITEM - a routine for a worker
 * @List: of the queue that it is in
 * @WorkerRoutine: the routine
 * @Parameter: what it gets
 */
typedef struct _WORK_QUEUE_ITEM {
	LIST_ENTRY List;
	PWORKER_THREAD_ROUTINE WorkerRoutine;
	PVOID Parameter;
} WORK_QUEUE_ITEM, *PWORK_QUEUE_ITEM;

#define ExInitializeWorkItem(_item, _routine, _parameter)		\
do {									\
	PWORK_QUEUE_ITEM _to = (_item);					\
	_to->WorkerRoutine = (_routine);				\
	_to->Parameter = (_parameter);					\
	_to->List.Flink = NULL;						\
} while (0)

VOID NtimpQueueWorkItem(PWORK_QUEUE_ITEM item, WORK_QUEUE_TYPE type,
			struct module *owner);

/**
 * ExQueueWorkItem - let a worker call a routine
 * @item: from ExInitializeWorkItem(), and not queued; not looked at any more when
 *	its routine is called
 * @type: not used: all items wait in one queue
 *
 * The calling module can't be unloaded until the routine has returned; one that
 * is being unloaded has to wait for that itself.
 *
 * Context: any.
 */
static inline VOID ExQueueWorkItem(PWORK_QUEUE_ITEM item, WORK_QUEUE_TYPE type)
{
	NtimpQueueWorkItem(item, type, THIS_MODULE);
}

typedef struct _IO_WORKITEM *PIO_WORKITEM;
typedef VOID IO_WORKITEM_ROUTINE(PDEVICE_OBJECT device, PVOID context);
typedef IO_WORKITEM_ROUTINE *PIO_WORKITEM_ROUTINE;
typedef VOID IO_WORKITEM_ROUTINE_EX(PVOID object, PVOID context, PIO_WORKITEM item);
typedef IO_WORKITEM_ROUTINE_EX *PIO_WORKITEM_ROUTINE_EX;

PIO_WORKITEM __must_check IoAllocateWorkItem(PDEVICE_OBJECT device);
VOID IoFreeWorkItem(PIO_WORKITEM item);
VOID NtimpQueueIoWorkItem(PIO_WORKITEM item, PIO_WORKITEM_ROUTINE routine,
			  PIO_WORKITEM_ROUTINE_EX routine_ex,
			  WORK_QUEUE_TYPE type, PVOID context,
			  struct module *owner);

/**
 * IoQueueWorkItem - let a worker call a routine
 * @item: from IoAllocateWorkItem(), and not queued; the routine may free it, or
 *	queue it again
 * @routine: what to call, with the device of @item
 * @type: not used: all items wait in one queue
 * @context: handed to @routine
 *
 * The calling module can't be unloaded until the routine has returned; one that
 * is being unloaded has to wait for that itself.
 *
 * Context: any.
 */
static inline VOID IoQueueWorkItem(PIO_WORKITEM item, PIO_WORKITEM_ROUTINE routine,
				   WORK_QUEUE_TYPE type, PVOID context)
{
	NtimpQueueIoWorkItem(item, routine, NULL, type, context, THIS_MODULE);
}

/**
 * IoQueueWorkItemEx - let a worker call a routine that is told the item
 * @item: as for IoQueueWorkItem()
 * @routine: what to call, with the device of @item
 * @type: not used: all items wait in one queue
 * @context: handed to @routine
 *
 * Context: any.
 */
static inline VOID IoQueueWorkItemEx(PIO_WORKITEM item, PIO_WORKITEM_ROUTINE_EX routine,
				     WORK_QUEUE_TYPE type, PVOID context)
{
	NtimpQueueIoWorkItem(item, NULL, routine, type, context, THIS_MODULE);
}

NTSTATUS __must_check PsCreateSystemThread(PHANDLE thread, ULONG desired,
					   POBJECT_ATTRIBUTES attributes, HANDLE process,
					   PCLIENT_ID client_id, PKSTART_ROUTINE routine,
					   PVOID context);
NTSTATUS PsTerminateSystemThread(NTSTATUS status);

#endif /* _LINUX_NT_WORK_H */
