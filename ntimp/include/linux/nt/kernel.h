/* SPDX-License-Identifier: GPL-2.0-only */
/* Events, and waiting for them and for threads. */
#ifndef _LINUX_NT_KERNEL_H
#define _LINUX_NT_KERNEL_H

#include <linux/nt/ntdef.h>
#include <linux/printk.h>

typedef enum _EVENT_TYPE {
	NotificationEvent,
	SynchronizationEvent
} EVENT_TYPE;

typedef enum _KWAIT_REASON {
	Executive,
	FreePage,
	PageIn,
	PoolAllocation,
	DelayExecution,
	Suspended,
	UserRequest
} KWAIT_REASON;

/**
 * struct _DISPATCHER_HEADER - how each object begins that can be waited for
 * @Type: EVENT_TYPE of an event
 * @Signalling: not used
 * @Size: size of the object in LONGs
 * @DpcActive: not used
 * @SignalState: above 0: waiting is over
 * @WaitListHead: not used: those who wait are found by the object's address
 */
typedef struct _DISPATCHER_HEADER {
	UCHAR Type;
	BOOLEAN Signalling;
	UCHAR Size;
	BOOLEAN DpcActive;
	LONG SignalState;
	LIST_ENTRY WaitListHead;
} DISPATCHER_HEADER, *PDISPATCHER_HEADER;

/**
 * struct _KEVENT - something that happens
 * @Header: all of it
 */
typedef struct _KEVENT {
	DISPATCHER_HEADER Header;
} KEVENT, *PKEVENT, *PRKEVENT;

VOID KeInitializeEvent(PRKEVENT event, EVENT_TYPE type, BOOLEAN state);
LONG KeSetEvent(PRKEVENT event, KPRIORITY increment, BOOLEAN wait);
LONG KeResetEvent(PRKEVENT event);
VOID KeClearEvent(PRKEVENT event);
LONG KeReadStateEvent(PRKEVENT event);
NTSTATUS KeWaitForSingleObject(PVOID object, KWAIT_REASON reason, KPROCESSOR_MODE mode,
			       BOOLEAN alertable, PLARGE_INTEGER timeout);

#define DbgPrint(format, ...)	pr_debug(format, ##__VA_ARGS__)
#ifdef DBG
#define KdPrint(arguments)	DbgPrint arguments
#else
#define KdPrint(arguments)	no_printk arguments
#endif

#endif /* _LINUX_NT_KERNEL_H */
