// SPDX-License-Identifier: GPL-2.0-only
/* Work as a client: whom it runs as, and that the worker is the system afterwards. */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "contexts.h"
#include "persona.h"
#include "pins.h"
#include "rows.h"
#include "suites.h"

static const struct persona server = { .uid = 1000, .gid = 1000 };
static const struct persona alice = { .uid = 1001, .gid = 1001, .ngroups = 2, .groups = { 5, 6 } };
static const struct persona bob = { .uid = 1002, .gid = 1002 };

/**
 * struct job - work of a case
 * @work: for the workqueue
 * @other: a context that the function may misuse
 * @foreign: a cred that it may put on
 * @aside: what it put aside then
 * @whose: and the primary of the thread
 * @calls: how often the function was called
 * @acts_as: the user it acted as
 * @impersonating: and whether that was an impersonation
 * @primary: the user whose thread it was
 * @dones: how often the end was told
 * @err: what was told
 * @itself: the thread was its primary when it was
 * @again: queue it once more with this context
 * @done: the end was told for the last time
 */
struct job {
	struct ntimp_work work;
	struct ntimp_context *other;
	const struct cred *foreign;
	const struct cred *aside;
	const struct cred *whose;
	int calls;
	u32 acts_as;
	bool impersonating;
	u32 primary;
	int dones;
	int err;
	bool itself;
	struct ntimp_context *again;
	struct completion done;
};

static struct job *job_of(struct ntimp_work *work)
{
	return container_of(work, struct job, work);
}

static void look(struct ntimp_work *work)
{
	struct job *job = job_of(work);

	job->calls++;
	job->acts_as = __kuid_val(current_fsuid());
	job->impersonating = ntimp_impersonating();
	job->primary = __kuid_val(current_real_cred()->fsuid);
}

static void look_and_revert(struct ntimp_work *work)
{
	look(work);
	ntimp_revert();
}

static void look_and_begin_anew(struct ntimp_work *work)
{
	look(work);
	ntimp_revert();
	if (ntimp_impersonate(work->ctx))
		job_of(work)->calls = -1;
}

static void look_and_be_another(struct ntimp_work *work)
{
	look(work);
	if (ntimp_impersonate(job_of(work)->other))
		job_of(work)->calls = -1;
}

static void look_and_override(struct ntimp_work *work)
{
	look(work);
	job_of(work)->aside = override_creds(job_of(work)->foreign);
	job_of(work)->whose = current_real_cred();
}

static void end(struct ntimp_work *work, int err)
{
	struct job *job = job_of(work);
	struct ntimp_context *again = job->again;

	job->dones++;
	job->err = err;
	job->itself = current_cred() == current_real_cred();
	if (!again) {
		complete(&job->done);
		return;
	}
	job->again = NULL;
	if (ntimp_queue_work(system_wq, work, again))
		complete(&job->done);
}

static struct job *job_make(struct kunit *test, void (*fn)(struct ntimp_work *work))
{
	struct job *job = kunit_kzalloc(test, sizeof(*job), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, job);
	init_completion(&job->done);
	ntimp_work_init(&job->work, fn, end);
	return job;
}

static void job_run(struct kunit *test, struct job *job, struct ntimp_context *ctx)
{
	KUNIT_ASSERT_EQ(test, 0, ntimp_queue_work(system_wq, &job->work, ctx));
	wait_for_completion(&job->done);
	KUNIT_EXPECT_TRUE(test, job->itself);
	KUNIT_EXPECT_NULL(test, job->work.ctx);
}

/* The caller's own rights are not asked about. */
static void runs_as_the_client(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct job *job = job_make(test, look);
	int before = pins(test);

	persona_become(test, &server);
	job_run(test, job, ctx);
	KUNIT_EXPECT_EQ(test, 1, job->calls);
	KUNIT_EXPECT_EQ(test, 1001U, job->acts_as);
	KUNIT_EXPECT_TRUE(test, job->impersonating);
	KUNIT_EXPECT_EQ(test, 0U, job->primary);
	KUNIT_EXPECT_EQ(test, 1, job->dones);
	KUNIT_EXPECT_EQ(test, 0, job->err);
	KUNIT_EXPECT_EQ(test, 1L, ntimp_context_uses(ctx));
	KUNIT_EXPECT_EQ(test, 1U, refcount_read(&ctx->handles));
	KUNIT_EXPECT_EQ(test, before, pins(test));
	KUNIT_EXPECT_FALSE(test, ntimp_impersonating());
}

/* A client whose ids don't exist where it is can't be acted as, by nobody. */
static void is_not_run_as_the_system(struct kunit *test)
{
	const struct persona unmapped = {
		.uid = 5, .gid = 5,
		.within = persona_user_ns(test, current_cred(), 100000, 10),
	};
	struct ntimp_context *ctx = persona_context(test, &unmapped, NTIMP_LEVEL_IMPERSONATION);
	struct job *job = job_make(test, look);

	job_run(test, job, ctx);
	KUNIT_EXPECT_EQ(test, 0, job->calls);
	KUNIT_EXPECT_EQ(test, 1, job->dones);
	KUNIT_EXPECT_EQ(test, -EPERM, job->err);
	KUNIT_EXPECT_EQ(test, 1U, refcount_read(&ctx->handles));
}

struct end_row {
	const char *name;
	void (*fn)(struct ntimp_work *work);
	int err;
};

static const struct end_row end_rows[] = {
	{ "as it began", look, 0 },
	{ "reverted", look_and_revert, -EPROTO },
	{ "reverted and impersonating anew", look_and_begin_anew, 0 },
	{ "impersonating another", look_and_be_another, -EPROTO },
};

ROWS(end);

static void ends_as_the_system(struct kunit *test)
{
	const struct end_row *row = test->param_value;
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct job *job = job_make(test, row->fn);
	int before = pins(test);

	job->other = persona_context(test, &bob, NTIMP_LEVEL_IMPERSONATION);
	job_run(test, job, ctx);
	KUNIT_EXPECT_EQ(test, 1, job->calls);
	KUNIT_EXPECT_EQ(test, row->err, job->err);
	KUNIT_EXPECT_EQ(test, before, pins(test));
	/* The next one in that worker begins as the system. */
	KUNIT_EXPECT_EQ(test, 0U, job->primary);
}

static void ends_as_the_system_after_an_override(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct job *job = job_make(test, look_and_override);
	int before = pins(test);
	long usage;

	job->foreign = persona_cred(test, &bob);
	usage = cred_usage(job->foreign);
	job_run(test, job, ctx);
	KUNIT_EXPECT_EQ(test, 1, job->calls);
	KUNIT_EXPECT_EQ(test, -EPROTO, job->err);
	KUNIT_EXPECT_EQ(test, usage, cred_usage(job->foreign));
	/*
	 * What the override had put aside is lost: a cred of ours, its pin, and the
	 * subjective reference on the primary.
	 */
	KUNIT_EXPECT_TRUE(test, ntimp_cred_is_applied(job->aside));
	KUNIT_EXPECT_EQ(test, before + 1, pins(test));
	put_cred(job->aside);
	put_cred(job->whose);
	pins_drop(test);
}

static void queued_once(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct ntimp_context *other = persona_context(test, &bob, NTIMP_LEVEL_IMPERSONATION);
	struct workqueue_struct *wq = alloc_ordered_workqueue("ntimp_kunit", 0);
	struct job *first = job_make(test, look), *job = job_make(test, look);

	KUNIT_ASSERT_NOT_NULL(test, wq);
	KUNIT_EXPECT_EQ(test, 0, ntimp_queue_work(wq, &first->work, ctx));
	KUNIT_EXPECT_EQ(test, 0, ntimp_queue_work(wq, &job->work, ctx));
	destroy_workqueue(wq);
	KUNIT_EXPECT_EQ(test, 1, first->calls);
	KUNIT_EXPECT_EQ(test, 1, job->calls);

	/* As if it were queued. */
	job->work.state = 1;
	KUNIT_EXPECT_EQ(test, -EBUSY, ntimp_queue_work(system_wq, &job->work, other));
	job->work.state = 0;
	KUNIT_EXPECT_EQ(test, 1U, refcount_read(&ctx->handles));
	KUNIT_EXPECT_EQ(test, 1U, refcount_read(&other->handles));
}

static void queued_again_when_it_is_done(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct job *job = job_make(test, look);

	job->again = persona_context(test, &bob, NTIMP_LEVEL_IMPERSONATION);
	job_run(test, job, ctx);
	KUNIT_EXPECT_EQ(test, 2, job->calls);
	KUNIT_EXPECT_EQ(test, 2, job->dones);
	KUNIT_EXPECT_EQ(test, 1002U, job->acts_as);
}

/* The handle that the work has is enough. */
static void context_is_closed_meanwhile(struct kunit *test)
{
	struct ntimp_context *ctx = context_of(test, persona_cred(test, &alice));
	struct job *job = job_make(test, look);

	KUNIT_ASSERT_EQ(test, 0, ntimp_queue_work(system_wq, &job->work, ctx));
	ntimp_context_put(ctx);
	wait_for_completion(&job->done);
	KUNIT_EXPECT_EQ(test, 0, job->err);
	KUNIT_EXPECT_EQ(test, 1001U, job->acts_as);
}

struct gate_work {
	struct work_struct work;
	struct completion open;
};

static void hold_the_queue(struct work_struct *work)
{
	wait_for_completion(&container_of(work, struct gate_work, work)->open);
}

static void cancelled(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_IMPERSONATION);
	struct workqueue_struct *wq = alloc_ordered_workqueue("ntimp_kunit", 0);
	struct job *job = job_make(test, look);
	struct gate_work *gate = kunit_kzalloc(test, sizeof(*gate), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, wq);
	KUNIT_ASSERT_NOT_NULL(test, gate);
	INIT_WORK(&gate->work, hold_the_queue);
	init_completion(&gate->open);
	queue_work(wq, &gate->work);
	KUNIT_EXPECT_EQ(test, 0, ntimp_queue_work(wq, &job->work, ctx));
	KUNIT_EXPECT_EQ(test, 2U, refcount_read(&ctx->handles));
	KUNIT_EXPECT_EQ(test, -EBUSY, ntimp_queue_work(wq, &job->work, ctx));
	KUNIT_EXPECT_TRUE(test, ntimp_cancel_work(&job->work));
	KUNIT_EXPECT_EQ(test, 1U, refcount_read(&ctx->handles));
	KUNIT_EXPECT_FALSE(test, ntimp_cancel_work(&job->work));
	complete(&gate->open);
	destroy_workqueue(wq);
	KUNIT_EXPECT_EQ(test, 0, job->calls);
	KUNIT_EXPECT_EQ(test, 0, job->dones);
}

static struct kunit_case dispatch_cases[] = {
	KUNIT_CASE(runs_as_the_client),
	KUNIT_CASE(is_not_run_as_the_system),
	KUNIT_CASE_PARAM(ends_as_the_system, end_gen_params),
	KUNIT_CASE(ends_as_the_system_after_an_override),
	KUNIT_CASE(queued_once),
	KUNIT_CASE(queued_again_when_it_is_done),
	KUNIT_CASE(context_is_closed_meanwhile),
	KUNIT_CASE(cancelled),
	{}
};

struct kunit_suite ntimp_dispatch_suite = {
	.name = "dispatch",
	.test_cases = dispatch_cases,
};
