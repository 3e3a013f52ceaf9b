// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/module.h>

#include "../ntimp/pin.h"
#include "pins.h"

/* Found among those that we depend on, which doesn't change while we are loaded. */
struct module *pins_module(struct kunit *test)
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
	return module_refcount(pins_module(test)) - ntimp_pins_held + ntimp_pin_count();
}

void pins_drop(struct kunit *test)
{
	ntimp_pin_put();
}
