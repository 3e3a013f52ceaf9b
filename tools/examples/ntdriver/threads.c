// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads of the system: one of the driver's own, and a worker of everybody's.
 *
 * Both impersonate for each request anew, and are the system in between.  Whoever
 * makes one wait, by files of a slow file system, delays the requests of others: a
 * driver in earnest has a thread for each device.
 */
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "request.h"

static DEFINE_SPINLOCK(lock);	/* of the list, and of stopping */
static LIST_HEAD(requests);
static bool stopping;
static DECLARE_WAIT_QUEUE_HEAD(wake);
static PETHREAD thread;

static NTSTATUS run(struct request *request)
{
	if (request->box)
		return BoxRunInSystemThread(request->box, request_do, request);
	return CallerRunInSystemThread(request->caller, request_do, request);
}

static struct request *next_request(void)
{
	struct request *request;

	spin_lock(&lock);
	request = list_first_entry_or_null(&requests, struct request, waiting);
	if (request)
		list_del(&request->waiting);
	spin_unlock(&lock);
	return request;
}

static VOID NTAPI system_thread_main(PVOID unused)
{
	struct request *request;

	for (;;) {
		wait_event_idle(wake, READ_ONCE(stopping) || !list_empty_careful(&requests));
		request = next_request();
		if (!request)
			break;
		request->status = run(request);
		complete(&request->done);
	}
	PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS system_thread_do(struct request *request)
{
	init_completion(&request->done);
	spin_lock(&lock);
	list_add_tail(&request->waiting, &requests);
	spin_unlock(&lock);
	wake_up(&wake);
	wait_for_completion(&request->done);
	return request->status;
}

static VOID NTAPI worker_main(PDEVICE_OBJECT device, PVOID context)
{
	struct request *request = context;

	IoFreeWorkItem(request->item);
	request->status = run(request);
	complete(&request->done);
}

NTSTATUS worker_do(struct request *request)
{
	request->item = IoAllocateWorkItem(NULL);
	if (!request->item)
		return STATUS_INSUFFICIENT_RESOURCES;
	init_completion(&request->done);
	IoQueueWorkItem(request->item, worker_main, DelayedWorkQueue, request);
	wait_for_completion(&request->done);
	return request->status;
}

NTSTATUS system_thread_start(void)
{
	HANDLE handle;
	NTSTATUS status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL,
					       system_thread_main, NULL);

	if (!NT_SUCCESS(status))
		return status;
	status = ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, NULL, KernelMode,
					   (PVOID *)&thread, NULL);
	ZwClose(handle);
	return status;
}

/* Nobody makes requests any more.  The thread is over when this returns. */
void system_thread_stop(void)
{
	WRITE_ONCE(stopping, true);
	wake_up(&wake);
	KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL);
	ObDereferenceObject(thread);
}
