// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/module.h>

#include "pins.h"

/* Found among those that we depend on, which doesn't change while we are loaded. */
static struct module *ntimp_module(struct kunit *test)
{
	struct module *found = NULL;
	struct module_use *use;

	list_for_each_entry(use, &THIS_MODULE->target_list, target_list)
		if (!strcmp(use->target->name, "ntimp"))
			found = use->target;
	KUNIT_ASSERT_NOT_NULL(test, found);
	return found;
}

int pins(struct kunit *test)
{
	return module_refcount(ntimp_module(test));
}

void pins_drop(struct kunit *test)
{
	module_put(ntimp_module(test));
}
