// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events, and waiting for them and for system threads.
 *
 * An event has no room for a Linux wait queue: the kernel's own, for variables,
 * are used.  Who sets an event doesn't look at it once it is set, so whoever waits
 * may have it on its stack.
 */
#include <linux/atomic.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/wait_bit.h>
#include <linux/ntifs.h>

#include "systhread.h"

/**
 * KeInitializeEvent - get an event ready
 * @event: nobody waits for it
 * @type: NotificationEvent: set until it is reset; SynchronizationEvent: until one
 *	thread has waited for it
 * @state: whether it is set
 *
 * Context: any.
 */
VOID KeInitializeEvent(PRKEVENT event, EVENT_TYPE type, BOOLEAN state)
{
	*event = (KEVENT) {
		.Header = {
			.Type		= type,
			.Size		= sizeof(KEVENT) / sizeof(LONG),
			.SignalState	= !!state,
		},
	};
}
EXPORT_SYMBOL_GPL(KeInitializeEvent);

/**
 * KeSetEvent - let those go on who wait for an event
 * @event: the event
 * @increment: not used
 * @wait: not used
 *
 * Context: any.
 * Return: whether it was set before.
 */
LONG KeSetEvent(PRKEVENT event, KPRIORITY increment, BOOLEAN wait)
{
	LONG before = xchg(&event->Header.SignalState, 1);

	if (!before)
		wake_up_var(event);
	return before;
}
EXPORT_SYMBOL_GPL(KeSetEvent);

/**
 * KeResetEvent - let those wait who wait for an event
 * @event: the event
 *
 * Context: any.
 * Return: whether it was set before.
 */
LONG KeResetEvent(PRKEVENT event)
{
	return xchg(&event->Header.SignalState, 0);
}
EXPORT_SYMBOL_GPL(KeResetEvent);

/**
 * KeClearEvent - let those wait who wait for an event
 * @event: the event
 *
 * Context: any.
 */
VOID KeClearEvent(PRKEVENT event)
{
	smp_store_release(&event->Header.SignalState, 0); /* after what was done before */
}
EXPORT_SYMBOL_GPL(KeClearEvent);

/**
 * KeReadStateEvent - is an event set?
 * @event: the event
 *
 * Context: any.
 * Return: 1 or 0.
 */
LONG KeReadStateEvent(PRKEVENT event)
{
	return smp_load_acquire(&event->Header.SignalState); /* who set it did so last */
}
EXPORT_SYMBOL_GPL(KeReadStateEvent);

static bool event_pass(PRKEVENT event)
{
	if (event->Header.Type == SynchronizationEvent)
		return cmpxchg(&event->Header.SignalState, 1, 0) == 1;
	return KeReadStateEvent(event);
}

/* Of NT's clock: hundreds of nanoseconds, since 1601 or, negative, from now on. */
#define NT_TICK_NS		100
#define NT_UNIX_EPOCH		(11644473600LL * (NSEC_PER_SEC / NT_TICK_NS))

static long timeout_jiffies(const LARGE_INTEGER *timeout)
{
	LONGLONG ticks;

	if (!timeout)
		return MAX_SCHEDULE_TIMEOUT;
	ticks = timeout->QuadPart;
	if (ticks > 0)
		ticks -= NT_UNIX_EPOCH + div_s64(ktime_get_real_ns(), NT_TICK_NS);
	else
		ticks = ticks == S64_MIN ? S64_MAX : -ticks;
	if (ticks <= 0)
		return 0;
	/* Never less than was asked for. */
	ticks = min_t(LONGLONG, ticks, S64_MAX / NT_TICK_NS);
	return min_t(u64, nsecs_to_jiffies64(ticks * NT_TICK_NS) + 1,
		     MAX_SCHEDULE_TIMEOUT - 1);
}

/* Kernel threads wait without being taken for stuck. */
static unsigned int wait_state(KPROCESSOR_MODE mode)
{
	if (current->flags & PF_KTHREAD)
		return TASK_IDLE;
	return mode == UserMode ? TASK_KILLABLE : TASK_UNINTERRUPTIBLE;
}

/* What is left of the time, at least 1; 0: it is over; or -ERESTARTSYS. */
static long event_wait(PRKEVENT event, unsigned int state, long timeout)
{
	return ___wait_var_event(event, ___wait_cond_timeout(event_pass(event)),
				 state, 0, timeout,
				 __ret = schedule_timeout(__ret));
}

static NTSTATUS event_await(PRKEVENT event, KPROCESSOR_MODE mode,
			    const LARGE_INTEGER *timeout)
{
	long left = event_wait(event, wait_state(mode), timeout_jiffies(timeout));

	if (left < 0)
		return STATUS_USER_APC;
	return left ? STATUS_SUCCESS : STATUS_TIMEOUT;
}

/**
 * KeWaitForSingleObject - wait for an event, or for the end of a system thread
 * @object: a KEVENT; or a PETHREAD from PsCreateSystemThread() on which the caller
 *	has a reference
 * @reason: not used
 * @mode: UserMode: a user thread that is killed waits no longer
 * @alertable: not used
 * @timeout: for how long, or until when, in units of 100 ns; NULL: for ever
 *
 * When a thread is over it has left its driver's code, and nothing is left of
 * whom it acted as.
 *
 * Context: process context, may sleep unless *@timeout is 0.
 * Return: STATUS_SUCCESS; STATUS_TIMEOUT; STATUS_USER_APC: the caller was killed.
 */
NTSTATUS KeWaitForSingleObject(PVOID object, KWAIT_REASON reason,
			       KPROCESSOR_MODE mode, BOOLEAN alertable,
			       PLARGE_INTEGER timeout)
{
	struct nt_systhread *thread = nt_systhread_find(object);
	NTSTATUS status;

	if (!thread)
		return event_await(object, mode, timeout);
	status = event_await(&thread->over, mode, timeout);
	nt_systhread_put(thread);
	return status;
}
EXPORT_SYMBOL_GPL(KeWaitForSingleObject);
