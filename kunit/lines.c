// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cache lines: to impersonate, to replace and to revert writes none that another CPU
 * uses, too.  That is what lets as many threads switch at a time as there are CPUs.
 *
 * All that two CPUs have in common is copied before each step and compared after it.
 * A count that goes up in one step and down in another is seen, therefore.
 */
#include <kunit/test.h>
#include <linux/cache.h>
#include <linux/cred.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "../ntimp/compat.h"
#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "../ntimp/pin.h"
#include "actor.h"
#include "contexts.h"
#include "cpus.h"
#include "persona.h"
#include "pins.h"
#include "rows.h"
#include "suites.h"

#define LEVEL		NTIMP_LEVEL_IMPERSONATION
#define OBJECTS_MAX	24

/* Kernels that look for faults count in creds for themselves, next to the usage. */
#ifdef CONFIG_DEBUG_CREDENTIALS
#define CRED_SIZE	sizeof_field(struct cred, usage)
#else
#define CRED_SIZE	sizeof(struct cred)
#endif
static_assert(!offsetof(struct cred, usage));

static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona alice = { .uid = 1001, .gid = 1001, .ngroups = 2, .groups = { 5, 6 } };
static const struct persona bob = { .uid = 1002, .gid = 1002 };

/**
 * struct object - something that both CPUs use
 * @name: what it is
 * @at: where
 * @size: how big
 * @copy: what it was like
 */
struct object {
	const char *name;
	const void *at;
	size_t size;
	void *copy;
};

/**
 * struct scene - two CPUs, both of which have used both contexts
 * @contexts: these
 * @primary: the server's, of whom there is a thread on each CPU
 * @actor: the one on the other CPU
 * @others: what it wears of each context
 * @objects: all that is watched
 * @count: how many
 */
struct scene {
	struct ntimp_context *contexts[2];
	const struct cred *primary;
	struct actor *actor;
	const struct cred *others[2];
	struct object objects[OBJECTS_MAX];
	unsigned int count;
};

static void watch(struct kunit *test, struct scene *scene, const char *name, const void *at,
		  size_t size)
{
	struct object *object = &scene->objects[scene->count++];

	KUNIT_ASSERT_LE(test, scene->count, OBJECTS_MAX);
	*object = (struct object) { name, at, size, kunit_kzalloc(test, size, GFP_KERNEL) };
	KUNIT_ASSERT_NOT_NULL(test, object->copy);
}

static void remember(struct scene *scene)
{
	unsigned int i;

	for (i = 0; i < scene->count; i++)
		memcpy(scene->objects[i].copy, scene->objects[i].at, scene->objects[i].size);
}

/* Of an object, since that was remembered. */
static unsigned int lines_of(const struct object *object)
{
	unsigned long begin = (unsigned long)object->at, end = begin + object->size;
	unsigned long line, from, to;
	unsigned int written = 0;

	for (line = ALIGN_DOWN(begin, L1_CACHE_BYTES); line < end; line += L1_CACHE_BYTES) {
		from = max(line, begin);
		to = min(line + L1_CACHE_BYTES, end);
		written += !!memcmp((void *)from, object->copy + (from - begin), to - from);
	}
	return written;
}

/* Of all of them, and says of which. */
static unsigned int lines_written(struct kunit *test, const struct scene *scene)
{
	unsigned int i, lines, written = 0;

	for (i = 0; i < scene->count; i++) {
		lines = lines_of(&scene->objects[i]);
		if (lines)
			kunit_info(test, "%u of %s\n", lines, scene->objects[i].name);
		written += lines;
	}
	return written;
}

/* What a CPU has for itself of a context. */
static const struct ntimp_applied *applied_of(struct ntimp_context *ctx, int cpu)
{
	struct ntimp_applied *applied;

	list_for_each_entry(applied, &ctx->applied, of_context)
		if (applied->cpu == cpu)
			return applied;
	return NULL;
}

static int act_use_both(void *part)
{
	struct scene *scene = part;
	int i, err = 0;

	for (i = 0; i < ARRAY_SIZE(scene->contexts); i++) {
		err = err ?: ntimp_impersonate(scene->contexts[i]);
		scene->others[i] = current_cred();
	}
	return err;
}

static void use_both(struct kunit *test, struct scene *scene)
{
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(scene->contexts[0]));
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(scene->contexts[1]));
	KUNIT_ASSERT_EQ(test, 0, ntimp_revert());
}

static void watch_context(struct kunit *test, struct scene *scene, int i, int other)
{
	struct ntimp_context *ctx = scene->contexts[i];
	const struct ntimp_applied *applied = applied_of(ctx, other);

	KUNIT_ASSERT_NOT_NULL(test, (void *)applied);
	KUNIT_ASSERT_PTR_EQ(test, scene->others[i], applied->cred);
	watch(test, scene, "context", ctx, sizeof(*ctx));
	watch(test, scene, "its places", ctx->recents, nr_cpu_ids * sizeof(*ctx->recents));
	watch(test, scene, "lease", ctx->lease, sizeof(*ctx->lease));
	watch(test, scene, "client", ctx->client, CRED_SIZE);
	watch(test, scene, "what the other CPU applied", applied, sizeof(*applied));
	watch(test, scene, "cred of the other CPU", applied->cred, CRED_SIZE);
}

/* The current thread is on one CPU, and on the other one there is one that impersonates. */
static struct scene *scene_make(struct kunit *test, bool first)
{
	struct scene *scene = kunit_kzalloc(test, sizeof(*scene), GFP_KERNEL);
	struct module *module = pins_module(test);
	int i, other = cpus_nth(test, 1);

	KUNIT_ASSERT_NOT_NULL(test, scene);
	scene->contexts[0] = persona_context(test, &alice, LEVEL);
	scene->contexts[1] = persona_context(test, &bob, LEVEL);
	scene->primary = persona_become(test, &server);
	if (first)
		use_both(test, scene);
	cpus_go(test, 1);
	scene->actor = actor_start(test, scene->primary);
	KUNIT_ASSERT_EQ(test, 0, actor_do(scene->actor, act_use_both, scene));
	cpus_go(test, 0);
	use_both(test, scene);

	for (i = 0; i < 2; i++)
		watch_context(test, scene, i, other);
	watch(test, scene, "primary", scene->primary, CRED_SIZE);
	watch(test, scene, "module", &module->refcnt, sizeof(module->refcnt));
	watch(test, scene, "pins of the other CPU", per_cpu_ptr(&ntimp_pins, other),
	      sizeof(ntimp_pins));
	watch(test, scene, "whether a context is open", &ntimp_pins_alone,
	      sizeof(ntimp_pins_alone));
	return scene;
}

struct cpu_row {
	const char *name;
	bool first;
};

static const struct cpu_row cpu_rows[] = {
	{ "on the CPU that was first", true },
	{ "on the CPU that came then", false },
};

ROWS(cpu);

static void switches_write_none(struct kunit *test)
{
	const struct cpu_row *row = test->param_value;
	struct scene *scene = scene_make(test, row->first);
	int round;

	for (round = 0; round < 3; round++) {
		remember(scene);
		KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(scene->contexts[0]));
		KUNIT_EXPECT_EQ(test, 0U, lines_written(test, scene));

		remember(scene);
		KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(scene->contexts[1]));
		KUNIT_EXPECT_EQ(test, 0U, lines_written(test, scene));

		remember(scene);
		KUNIT_ASSERT_EQ(test, 0, ntimp_revert());
		KUNIT_EXPECT_EQ(test, 0U, lines_written(test, scene));
	}
}

static const struct cred *made_for(struct scene *scene)
{
	const struct cred *cred = ntimp_context_apply(scene->contexts[0]);

	return IS_ERR(cred) ? NULL : cred;
}

/* As the broker does for each call. */
static void calls_write_none(struct kunit *test)
{
	const struct cpu_row *row = test->param_value;
	struct scene *scene = scene_make(test, row->first);
	const struct cred *cred;

	remember(scene);
	cred = made_for(scene);
	KUNIT_ASSERT_NOT_NULL(test, (void *)cred);
	KUNIT_EXPECT_EQ(test, 0U, lines_written(test, scene));
	put_cred(cred);
	KUNIT_EXPECT_EQ(test, 0U, lines_written(test, scene));
}

/* What the watch is there to see. */
struct write_row {
	const char *name;
	void (*write)(struct scene *scene, struct module *module);
	void (*undo)(struct scene *scene, struct module *module);
	unsigned int lines;
};

static void wear_others(struct scene *scene, struct module *module)
{
	compat_wear(scene->others[0]);
}

static void wear_off(struct scene *scene, struct module *module)
{
	compat_wear_off();
}

static void hold_primary(struct scene *scene, struct module *module)
{
	get_cred(scene->primary);
}

static void drop_primary(struct scene *scene, struct module *module)
{
	put_cred(scene->primary);
}

static void hold_module(struct scene *scene, struct module *module)
{
	__module_get(module);
}

static void drop_module(struct scene *scene, struct module *module)
{
	module_put(module);
}

static void count_use(struct scene *scene, struct module *module)
{
	atomic_long_inc(&scene->contexts[0]->uses);
}

static void count_down(struct scene *scene, struct module *module)
{
	atomic_long_dec(&scene->contexts[0]->uses);
}

static void hold_context(struct scene *scene, struct module *module)
{
	ntimp_context_get(scene->contexts[1]);
}

static void drop_context(struct scene *scene, struct module *module)
{
	ntimp_context_put(scene->contexts[1]);
}

static const struct write_row write_rows[] = {
	{ "wears the cred of another CPU", wear_others, wear_off, 1 },
	{ "holds the primary", hold_primary, drop_primary, 1 },
	{ "holds the module", hold_module, drop_module, 1 },
	{ "counts in the context", count_use, count_down, 1 },
	{ "holds the context", hold_context, drop_context, 1 },
};

ROWS(write);

static void one_that_is_written_is_seen(struct kunit *test)
{
	const struct write_row *row = test->param_value;
	struct scene *scene = scene_make(test, false);

	remember(scene);
	row->write(scene, pins_module(test));
	KUNIT_EXPECT_EQ(test, row->lines, lines_written(test, scene));
	remember(scene);
	row->undo(scene, pins_module(test));
	KUNIT_EXPECT_EQ(test, row->lines, lines_written(test, scene));
}

/* A thread that was moved in between drops its reference on the other CPU's cred. */
static void a_move_writes_one(struct kunit *test)
{
	struct scene *scene = scene_make(test, false);

	cpus_go(test, 1);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(scene->contexts[0]));
	KUNIT_EXPECT_PTR_EQ(test, scene->others[0], current_cred());
	cpus_go(test, 0);
	remember(scene);
	KUNIT_ASSERT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, 1U, lines_written(test, scene));
	/* From then on it is there. */
	remember(scene);
	KUNIT_ASSERT_EQ(test, 0, ntimp_impersonate(scene->contexts[0]));
	KUNIT_ASSERT_EQ(test, 0, ntimp_revert());
	KUNIT_EXPECT_EQ(test, 0U, lines_written(test, scene));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(switches_write_none, cpu_gen_params),
	KUNIT_CASE_PARAM(calls_write_none, cpu_gen_params),
	KUNIT_CASE_PARAM(one_that_is_written_is_seen, write_gen_params),
	KUNIT_CASE(a_move_writes_one),
	{}
};

struct kunit_suite ntimp_lines_suite = {
	.name = "lines",
	.test_cases = cases,
};
