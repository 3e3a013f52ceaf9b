// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>

#include "defer.h"

struct deferred {
	void (*undo)(const void *what);
	const void *what;
};

static int deferred_init(struct kunit_resource *res, void *context)
{
	struct deferred *deferred = kmemdup(context, sizeof(*deferred), GFP_KERNEL);

	if (!deferred)
		return -ENOMEM;
	res->data = deferred;
	return 0;
}

static void deferred_run(struct kunit_resource *res)
{
	struct deferred *deferred = res->data;

	deferred->undo(deferred->what);
	kfree(deferred);
}

void defer(struct kunit *test, void (*undo)(const void *what), const void *what)
{
	struct deferred deferred = { .undo = undo, .what = what };

	if (kunit_alloc_resource(test, deferred_init, deferred_run, GFP_KERNEL, &deferred))
		return;
	undo(what);
	KUNIT_ASSERT_TRUE_MSG(test, false, "no memory for a deferred action");
}
