// SPDX-License-Identifier: GPL-2.0-only
/* System threads and events: how long they last, and what is left of them. */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/ntifs.h>

#include "../ntimp/context.h"
#include "../ntimp/nt/systhread.h"
#include "contexts.h"
#include "persona.h"
#include "pins.h"
#include "rows.h"
#include "suites.h"

static const struct persona server = { .uid = 1000, .gid = 1000 };
static const struct persona alice = { .uid = 1001, .gid = 1001 };

/**
 * struct part - what a thread does
 * @ctx: whom it impersonates, and goes on; or NULL
 * @go_on: when it ends
 * @returns: it ends by returning
 * @begun: set when it has looked
 * @acts_as: the user it acted as at first
 * @itself: it was its primary
 * @system: it is a kernel thread
 */
struct part {
	struct ntimp_context *ctx;
	KEVENT go_on;
	bool returns;
	KEVENT begun;
	u32 acts_as;
	bool itself;
	bool system;
};

static VOID thread_main(PVOID context)
{
	struct part *part = context;

	part->acts_as = __kuid_val(current_fsuid());
	part->itself = current_cred() == current_real_cred();
	part->system = PsIsSystemThread(PsGetCurrentThread());
	if (part->ctx && ntimp_impersonate(part->ctx))
		part->itself = false;
	KeSetEvent(&part->begun, 0, FALSE);
	KeWaitForSingleObject(&part->go_on, Executive, KernelMode, FALSE, NULL);
	if (!part->returns)
		PsTerminateSystemThread(STATUS_SUCCESS);
}

static HANDLE start(struct kunit *test, struct part *part)
{
	HANDLE handle;

	KeInitializeEvent(&part->go_on, NotificationEvent, FALSE);
	KeInitializeEvent(&part->begun, SynchronizationEvent, FALSE);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL,
					     thread_main, part));
	return handle;
}

static PETHREAD thread_of(struct kunit *test, HANDLE handle)
{
	PVOID thread;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType,
						  KernelMode, &thread, NULL));
	return thread;
}

/* Its end is told a moment before it is one. */
static void await_exit(PETHREAD thread)
{
	/* What the thread did comes before. */
	while (!smp_load_acquire(&((struct task_struct *)thread)->exit_state))
		schedule_timeout_uninterruptible(1);
}

struct ending_row {
	const char *name;
	bool returns;
	bool impersonates;
};

static const struct ending_row ending_rows[] = {
	{ "terminates", false, false },
	{ "returns", true, false },
	{ "terminates impersonating", false, true },
	{ "returns impersonating", true, true },
};

ROWS(ending);

/* Whoever made it, and whomever that one acted as. */
static void is_the_system_and_leaves_nothing(struct kunit *test)
{
	const struct ending_row *row = test->param_value;
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_context *own = persona_context(test, &server, NTIMP_LEVEL_IMPERSONATION);
	struct part part = { .returns = row->returns, .ctx = row->impersonates ? ctx : NULL };
	LARGE_INTEGER none = { .QuadPart = 0 };
	int before = pins(test);
	PETHREAD thread;
	HANDLE handle;

	persona_become(test, &server);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(own));
	handle = start(test, &part);
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	thread = thread_of(test, handle);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwClose(handle));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			KeWaitForSingleObject(&part.begun, Executive, KernelMode, FALSE, NULL));
	KUNIT_EXPECT_EQ(test, 0U, part.acts_as);
	KUNIT_EXPECT_TRUE(test, part.itself);
	KUNIT_EXPECT_TRUE(test, part.system);
	KUNIT_EXPECT_EQ(test, before + 1 + row->impersonates, pins(test));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT,
			KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, &none));

	KUNIT_EXPECT_EQ(test, 0, KeSetEvent(&part.go_on, 0, FALSE));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL));
	await_exit(thread);
	KUNIT_EXPECT_EQ(test, before, pins(test));
	KUNIT_EXPECT_EQ(test, 1U, refcount_read(&ctx->handles));
	KUNIT_EXPECT_EQ(test, (long)row->impersonates, atomic_long_read(&ctx->uses));
	/* As often as one likes. */
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, &none));
	KUNIT_EXPECT_EQ(test, 0, ObDereferenceObject(thread));
}

static void references_are_counted(struct kunit *test)
{
	struct part part = {};
	HANDLE handle = start(test, &part);
	struct nt_systhread *object = nt_systhread_find(handle);
	PETHREAD thread;

	KUNIT_ASSERT_NOT_NULL(test, object);
	/* Its own, the handle's and ours. */
	KUNIT_EXPECT_EQ(test, 3U, refcount_read(&object->usage));
	thread = thread_of(test, handle);
	KUNIT_EXPECT_PTR_EQ(test, (struct task_struct *)thread, object->task);
	KUNIT_EXPECT_EQ(test, 4U, refcount_read(&object->usage));
	KUNIT_EXPECT_EQ(test, 5, ObReferenceObject(thread));
	KUNIT_EXPECT_EQ(test, 4, ObDereferenceObject(thread));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwClose(handle));
	KUNIT_EXPECT_EQ(test, 3U, refcount_read(&object->usage));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE, ZwClose(handle));
	KUNIT_EXPECT_EQ(test, 3U, refcount_read(&object->usage));

	KeSetEvent(&part.go_on, 0, FALSE);
	await_exit(thread);
	KUNIT_EXPECT_EQ(test, 2U, refcount_read(&object->usage));
	KUNIT_EXPECT_EQ(test, 1, ObDereferenceObject(thread));
	KUNIT_EXPECT_EQ(test, 0U, nt_systhread_put(object));
	KUNIT_EXPECT_NULL(test, nt_systhread_find(handle));
}

static void handles_are_checked(struct kunit *test)
{
	OBJECT_HANDLE_INFORMATION information = { 1, 1 };
	struct part part = {};
	HANDLE handle = start(test, &part);
	PETHREAD thread = thread_of(test, handle);
	PVOID object = &part;

	KUNIT_EXPECT_EQ(test, STATUS_OBJECT_TYPE_MISMATCH,
			ObReferenceObjectByHandle(handle, 0, *SeTokenObjectType, KernelMode,
						  &object, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE,
			ObReferenceObjectByHandle(&part, 0, NULL, KernelMode, &object, NULL));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE, ZwClose(&part));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE, ZwClose(NULL));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE, ZwClose(current));
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)&part, object);

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			ObReferenceObjectByHandle(handle, SYNCHRONIZE, NULL, KernelMode,
						  &object, &information));
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)thread, object);
	KUNIT_EXPECT_EQ(test, 0U, information.HandleAttributes);
	KUNIT_EXPECT_EQ(test, (ACCESS_MASK)SYNCHRONIZE, information.GrantedAccess);
	ObDereferenceObject(object);

	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwClose(handle));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE,
			ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, &object, NULL));
	KeSetEvent(&part.go_on, 0, FALSE);
	await_exit(thread);
	KUNIT_EXPECT_EQ(test, 0, ObDereferenceObject(thread));
}

static void ids_are_told(struct kunit *test)
{
	struct part part = {};
	CLIENT_ID id = {};
	struct task_struct *task;
	HANDLE handle;

	KeInitializeEvent(&part.go_on, NotificationEvent, TRUE);
	KeInitializeEvent(&part.begun, SynchronizationEvent, FALSE);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsCreateSystemThread(&handle, 0, NULL, NULL, &id, thread_main, &part));
	task = handle;
	KUNIT_EXPECT_EQ(test, (unsigned long)task->pid, (unsigned long)id.UniqueThread);
	KUNIT_EXPECT_EQ(test, (unsigned long)task->tgid, (unsigned long)id.UniqueProcess);
	await_exit((PETHREAD)task);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwClose(handle));
	KUNIT_EXPECT_NULL(test, nt_systhread_find(handle));
}

static void only_of_the_system(struct kunit *test)
{
	struct part part = {};
	HANDLE handle = &part;
	int before = pins(test);

	KUNIT_EXPECT_EQ(test, STATUS_INVALID_HANDLE,
			PsCreateSystemThread(&handle, 0, NULL, current, NULL, thread_main, &part));
	KUNIT_EXPECT_PTR_EQ(test, (HANDLE)&part, handle);
	KUNIT_EXPECT_EQ(test, before, pins(test));
}

static void others_are_not_terminated(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER, PsTerminateSystemThread(STATUS_SUCCESS));
}

#ifdef CONFIG_FAULT_INJECTION
/* Without a failure there is a thread, which ends. */
static NTSTATUS start_failing(struct kunit *test, unsigned int nth)
{
	struct part part = {};
	HANDLE handle = &part;
	PETHREAD thread;
	NTSTATUS status;

	KeInitializeEvent(&part.go_on, NotificationEvent, TRUE);
	KeInitializeEvent(&part.begun, SynchronizationEvent, FALSE);
	current->fail_nth = nth;
	status = PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, thread_main, &part);
	KUNIT_EXPECT_EQ(test, 0, current->fail_nth);
	current->fail_nth = 0;
	if (!NT_SUCCESS(status)) {
		KUNIT_EXPECT_PTR_EQ(test, (HANDLE)&part, handle);
		return status;
	}
	thread = thread_of(test, handle);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, ZwClose(handle));
	await_exit(thread);
	ObDereferenceObject(thread);
	return status;
}

/*
 * Ours, and the first one of kthread_create().  Debugging objects allocates for itself
 * in the middle of everything, and does without when it fails.
 */
static void out_of_memory(struct kunit *test)
{
	int before = pins(test);
	unsigned int nth;
	NTSTATUS status;

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		kunit_skip(test, "needs CONFIG_FAILSLAB");
	for (nth = 1; nth <= 2; nth++) {
		status = start_failing(test, nth);
		if (nth == 1 || !IS_ENABLED(CONFIG_DEBUG_OBJECTS) || status)
			KUNIT_EXPECT_EQ(test, STATUS_INSUFFICIENT_RESOURCES, status);
		KUNIT_EXPECT_EQ(test, before, pins(test));
	}
}
#else
static void out_of_memory(struct kunit *test)
{
	kunit_skip(test, "needs CONFIG_FAULT_INJECTION");
}
#endif

/* --- events ----------------------------------------------------------------- */

static NTSTATUS look_at(KEVENT *event)
{
	LARGE_INTEGER none = { .QuadPart = 0 };

	return KeWaitForSingleObject(event, Executive, KernelMode, FALSE, &none);
}

static void notification_stays(struct kunit *test)
{
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KUNIT_EXPECT_EQ(test, 0, KeReadStateEvent(&event));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, look_at(&event));
	KUNIT_EXPECT_EQ(test, 0, KeSetEvent(&event, 0, FALSE));
	KUNIT_EXPECT_EQ(test, 1, KeSetEvent(&event, 0, FALSE));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, look_at(&event));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, look_at(&event));
	KUNIT_EXPECT_EQ(test, 1, KeReadStateEvent(&event));
	KUNIT_EXPECT_EQ(test, 1, KeResetEvent(&event));
	KUNIT_EXPECT_EQ(test, 0, KeResetEvent(&event));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, look_at(&event));
	KeSetEvent(&event, 0, FALSE);
	KeClearEvent(&event);
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, look_at(&event));
}

static void synchronization_lets_one_pass(struct kunit *test)
{
	KEVENT event;

	KeInitializeEvent(&event, SynchronizationEvent, TRUE);
	KUNIT_EXPECT_EQ(test, 1, KeReadStateEvent(&event));
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS, look_at(&event));
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT, look_at(&event));
	KUNIT_EXPECT_EQ(test, 0, KeReadStateEvent(&event));
}

struct timeout_row {
	const char *name;
	LONGLONG ticks;
};

static const struct timeout_row timeout_rows[] = {
	{ "none", 0 },
	{ "a moment", -1 },
	{ "a millisecond", -10000 },
	{ "the year 1601", 1 },
	{ "the year 1970", 116444736000000000LL },
};

ROWS(timeout);

static void times_out(struct kunit *test)
{
	const struct timeout_row *row = test->param_value;
	LARGE_INTEGER timeout = { .QuadPart = row->ticks };
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KUNIT_EXPECT_EQ(test, STATUS_TIMEOUT,
			KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &timeout));
}

static const struct timeout_row far_rows[] = {
	{ "an hour", -36000000000LL },
	{ "as long as can be said", S64_MIN },
	{ "the end of the calendar", S64_MAX },
};

ROWS(far);

static VOID set_event(PVOID event)
{
	KeSetEvent(event, 0, FALSE);
}

static void comes_before_the_time(struct kunit *test)
{
	const struct timeout_row *row = test->param_value;
	LARGE_INTEGER timeout = { .QuadPart = row->ticks };
	PETHREAD thread;
	HANDLE handle;
	KEVENT event;

	KeInitializeEvent(&event, SynchronizationEvent, FALSE);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, set_event, &event));
	thread = thread_of(test, handle);
	ZwClose(handle);
	KUNIT_EXPECT_EQ(test, STATUS_SUCCESS,
			KeWaitForSingleObject(&event, UserRequest, UserMode, TRUE, &timeout));
	await_exit(thread);
	ObDereferenceObject(thread);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(is_the_system_and_leaves_nothing, ending_gen_params),
	KUNIT_CASE(references_are_counted),
	KUNIT_CASE(handles_are_checked),
	KUNIT_CASE(ids_are_told),
	KUNIT_CASE(only_of_the_system),
	KUNIT_CASE(others_are_not_terminated),
	KUNIT_CASE(out_of_memory),
	KUNIT_CASE(notification_stays),
	KUNIT_CASE(synchronization_lets_one_pass),
	KUNIT_CASE_PARAM(times_out, timeout_gen_params),
	KUNIT_CASE_PARAM(comes_before_the_time, far_gen_params),
	{}
};

struct kunit_suite ntimp_nt_systhread_suite = {
	.name = "nt_systhread",
	.test_cases = cases,
};
