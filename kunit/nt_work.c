// SPDX-License-Identifier: GPL-2.0-only
/* Work items: they run as the system, once, and whoever forgot to revert is found out. */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/ntifs.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "../ntimp/limits.h"
#include "../ntimp/nt/work.h"
#include "contexts.h"
#include "persona.h"
#include "pins.h"
#include "rows.h"
#include "suites.h"

static const struct persona server = { .uid = 1000, .gid = 1000 };
static const struct persona alice = { .uid = 1001, .gid = 1001 };
static const struct persona bob = { .uid = 1002, .gid = 1002 };

static char a_device[1];
#define DEVICE	((PDEVICE_OBJECT)a_device)

/**
 * struct job - what a routine of a case is about
 * @item: its work item; or NULL
 * @queued: the other kind of item
 * @ctx: whom it impersonates
 * @foreign: a cred that it may put on
 * @aside: what it put aside then
 * @again: how often it queues itself again
 * @calls: how often it was called
 * @device: with which device
 * @told: with which item
 * @acts_as: the user it acted as
 * @itself: it was its primary
 * @pins: references on our own module then
 * @begun: it was called
 * @go_on: it may return
 * @done: it is about to return for the last time
 */
struct job {
	PIO_WORKITEM item;
	WORK_QUEUE_ITEM queued;
	struct ntimp_context *ctx;
	const struct cred *foreign;
	const struct cred *aside;
	int again;
	int calls;
	PVOID device;
	PIO_WORKITEM told;
	u32 acts_as;
	bool itself;
	int pins;
	struct completion begun;
	struct completion go_on;
	struct completion done;
};

static struct job *job_make(struct kunit *test)
{
	struct job *job = kunit_kzalloc(test, sizeof(*job), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, job);
	job->item = IoAllocateWorkItem(DEVICE);
	KUNIT_ASSERT_NOT_NULL(test, job->item);
	init_completion(&job->begun);
	init_completion(&job->go_on);
	init_completion(&job->done);
	return job;
}

static void look(struct job *job)
{
	job->calls++;
	job->acts_as = __kuid_val(current_fsuid());
	job->itself = current_cred() == current_real_cred();
	job->pins = module_refcount(THIS_MODULE);
}

static VOID routine(PDEVICE_OBJECT device, PVOID context)
{
	struct job *job = context;

	look(job);
	job->device = device;
	complete(&job->done);
}

static VOID routine_ex(PVOID object, PVOID context, PIO_WORKITEM item)
{
	struct job *job = context;

	job->told = item;
	routine(object, context);
}

/*
 * Until what a routine was queued with is dropped: the worker does that after
 * the routine, and takes the next item after that.
 */
static void await_pins(struct kunit *test, int expected)
{
	int i;

	for (i = 0; i < 1000 && module_refcount(THIS_MODULE) != expected; i++)
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_EQ(test, expected, module_refcount(THIS_MODULE));
}

static void job_end(struct kunit *test, struct job *job, int before)
{
	wait_for_completion(&job->done);
	await_pins(test, before);
	IoFreeWorkItem(job->item);
}

/* Whoever queued it, and whomever that one acted as. */
static void runs_as_the_system(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &server, NTIMP_LEVEL_IMPERSONATION);
	struct job *job = job_make(test);
	int before = module_refcount(THIS_MODULE);

	persona_become(test, &server);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(ctx));
	IoQueueWorkItem(job->item, routine, DelayedWorkQueue, job);
	job_end(test, job, before);
	KUNIT_EXPECT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, 1, job->calls);
	KUNIT_EXPECT_EQ(test, 0U, job->acts_as);
	KUNIT_EXPECT_TRUE(test, job->itself);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)DEVICE, job->device);
	KUNIT_EXPECT_NULL(test, job->told);
	KUNIT_EXPECT_EQ(test, before + 1, job->pins);
	KUNIT_EXPECT_EQ(test, 1U, refcount_read(&ctx->handles));
}

static void is_told_the_item(struct kunit *test)
{
	struct job *job = job_make(test);
	int before = module_refcount(THIS_MODULE);

	IoQueueWorkItemEx(job->item, routine_ex, CriticalWorkQueue, job);
	job_end(test, job, before);
	KUNIT_EXPECT_EQ(test, 1, job->calls);
	KUNIT_EXPECT_PTR_EQ(test, job->item, job->told);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)DEVICE, job->device);
}

static VOID queued_routine(PVOID parameter)
{
	routine(NULL, parameter);
}

static void runs_an_item_of_the_driver(struct kunit *test)
{
	struct job *job = job_make(test);
	int before = module_refcount(THIS_MODULE);

	ExInitializeWorkItem(&job->queued, queued_routine, job);
	ExQueueWorkItem(&job->queued, DelayedWorkQueue);
	wait_for_completion(&job->done);
	await_pins(test, before);
	KUNIT_EXPECT_EQ(test, 1, job->calls);
	KUNIT_EXPECT_TRUE(test, job->itself);
	KUNIT_EXPECT_EQ(test, before + 1, job->pins);
	KUNIT_EXPECT_NULL(test, job->queued.List.Flink);
	IoFreeWorkItem(job->item);
}

static VOID routine_that_frees(PDEVICE_OBJECT device, PVOID context)
{
	struct job *job = context;

	IoFreeWorkItem(job->item);
	job->item = NULL;
	routine(device, context);
}

static void may_be_freed_by_its_routine(struct kunit *test)
{
	struct job *job = job_make(test);
	int before = module_refcount(THIS_MODULE);

	IoQueueWorkItem(job->item, routine_that_frees, DelayedWorkQueue, job);
	job_end(test, job, before);
	KUNIT_EXPECT_EQ(test, 1, job->calls);
}

static VOID routine_that_goes_on(PDEVICE_OBJECT device, PVOID context)
{
	struct job *job = context;

	if (!job->again--) {
		routine(device, context);
		return;
	}
	look(job);
	IoQueueWorkItem(job->item, routine_that_goes_on, DelayedWorkQueue, job);
}

static void may_be_queued_by_its_routine(struct kunit *test)
{
	struct job *job = job_make(test);
	int before = module_refcount(THIS_MODULE);

	job->again = 100;
	IoQueueWorkItem(job->item, routine_that_goes_on, DelayedWorkQueue, job);
	job_end(test, job, before);
	KUNIT_EXPECT_EQ(test, 101, job->calls);
}

/* --- more of them than workers ---------------------------------------------- */

static atomic_t holding = ATOMIC_INIT(0);
static DECLARE_COMPLETION(all_hold);
static DECLARE_COMPLETION(release);

static VOID routine_that_holds(PDEVICE_OBJECT device, PVOID context)
{
	if (atomic_inc_return(&holding) == NTIMP_NT_WORKERS)
		complete(&all_hold);
	wait_for_completion(&release);
	routine(device, context);
}

#define WAITING	3

/* Those that wait are in the queue, and say what is wrong with them meanwhile. */
static void waits_for_a_worker(struct kunit *test)
{
	struct job *jobs[NTIMP_NT_WORKERS + WAITING];
	int before = module_refcount(THIS_MODULE);
	struct job *waiting;
	int i;

	atomic_set(&holding, 0);
	reinit_completion(&all_hold);
	reinit_completion(&release);
	for (i = 0; i < ARRAY_SIZE(jobs); i++) {
		jobs[i] = job_make(test);
		IoQueueWorkItem(jobs[i]->item, routine_that_holds, DelayedWorkQueue, jobs[i]);
	}
	wait_for_completion(&all_hold);
	KUNIT_EXPECT_EQ(test, before + NTIMP_NT_WORKERS + WAITING, module_refcount(THIS_MODULE));

	/* Twice: it stays as it was; freed: it isn't. */
	waiting = jobs[ARRAY_SIZE(jobs) - 1];
	IoQueueWorkItem(waiting->item, routine, DelayedWorkQueue, NULL);
	KUNIT_EXPECT_EQ(test, before + NTIMP_NT_WORKERS + WAITING, module_refcount(THIS_MODULE));
	IoFreeWorkItem(waiting->item);

	complete_all(&release);
	for (i = 0; i < ARRAY_SIZE(jobs); i++)
		wait_for_completion(&jobs[i]->done);
	await_pins(test, before);
	for (i = 0; i < ARRAY_SIZE(jobs); i++) {
		KUNIT_EXPECT_EQ(test, 1, jobs[i]->calls);
		IoFreeWorkItem(jobs[i]->item);
	}
}

/* --- 103: a work item returns impersonating --------------------------------- */

static VOID routine_that_impersonates(PDEVICE_OBJECT device, PVOID context)
{
	struct job *job = context;

	look(job);
	if (ntimp_impersonate(job->ctx))
		job->calls = -1;
	complete(&job->done);
}

static VOID routine_that_reverts(PDEVICE_OBJECT device, PVOID context)
{
	struct job *job = context;

	look(job);
	if (ntimp_impersonate(job->ctx))
		job->calls = -1;
	ntimp_revert();
	complete(&job->done);
}

static VOID routine_that_overrides(PDEVICE_OBJECT device, PVOID context)
{
	struct job *job = context;

	look(job);
	job->aside = override_creds(job->foreign);
	complete(&job->done);
}

struct forgetful_row {
	const char *name;
	PIO_WORKITEM_ROUTINE routine;
	bool forgets;
};

static const struct forgetful_row forgetful_rows[] = {
	{ "reverts", routine_that_reverts, false },
	{ "impersonates", routine_that_impersonates, true },
	{ "overrides", routine_that_overrides, true },
};

ROWS(forgetful);

/*
 * By the time that all of many further items were called, one at least in that same
 * worker, each has begun as the system.
 */
static void case_103_worker_returns_impersonating(struct kunit *test)
{
	const struct forgetful_row *row = test->param_value;
	struct job *job = job_make(test), *next = job_make(test);
	long forgotten = ntimp_nt_work_forgotten();
	int before = module_refcount(THIS_MODULE);
	int core_before = pins(test);
	long usage;

	job->ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	job->foreign = persona_cred(test, &bob);
	usage = cred_usage(job->foreign);
	IoQueueWorkItem(job->item, row->routine, DelayedWorkQueue, job);
	job_end(test, job, before);
	if (job->aside)
		put_cred(job->aside);
	KUNIT_EXPECT_EQ(test, 1, job->calls);
	KUNIT_EXPECT_EQ(test, forgotten + row->forgets, ntimp_nt_work_forgotten());
	KUNIT_EXPECT_EQ(test, core_before, pins(test));
	KUNIT_EXPECT_EQ(test, usage, cred_usage(job->foreign));
	KUNIT_EXPECT_EQ(test, 1U, refcount_read(&job->ctx->handles));

	next->again = 4 * NTIMP_NT_WORKERS;
	IoQueueWorkItem(next->item, routine_that_goes_on, DelayedWorkQueue, next);
	job_end(test, next, before);
	KUNIT_EXPECT_EQ(test, 0U, next->acts_as);
	KUNIT_EXPECT_TRUE(test, next->itself);
	KUNIT_EXPECT_EQ(test, forgotten + row->forgets, ntimp_nt_work_forgotten());
}

static void out_of_memory(struct kunit *test)
{
#ifdef CONFIG_FAULT_INJECTION
	PIO_WORKITEM item;

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		kunit_skip(test, "needs CONFIG_FAILSLAB");
	current->fail_nth = 1;
	item = IoAllocateWorkItem(DEVICE);
	KUNIT_EXPECT_EQ(test, 0, current->fail_nth);
	KUNIT_EXPECT_NULL(test, item);
#else
	kunit_skip(test, "needs CONFIG_FAULT_INJECTION");
#endif
	IoFreeWorkItem(NULL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(runs_as_the_system),
	KUNIT_CASE(is_told_the_item),
	KUNIT_CASE(runs_an_item_of_the_driver),
	KUNIT_CASE(may_be_freed_by_its_routine),
	KUNIT_CASE(may_be_queued_by_its_routine),
	KUNIT_CASE(waits_for_a_worker),
	KUNIT_CASE_PARAM(case_103_worker_returns_impersonating, forgetful_gen_params),
	KUNIT_CASE(out_of_memory),
	{}
};

struct kunit_suite ntimp_nt_work_suite = {
	.name = "nt_work",
	.test_cases = cases,
};
