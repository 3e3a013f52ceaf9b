// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bug.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/string.h>

#include "pins.h"

int ntimp_pins(void)
{
	struct module_use *use;

	/* The modules that this one uses: fixed since it was loaded. */
	list_for_each_entry(use, &THIS_MODULE->target_list, target_list)
		if (!strcmp(use->target->name, "ntimp"))
			return module_refcount(use->target);
	WARN_ON(1);
	return -1;
}
