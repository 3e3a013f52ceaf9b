// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads and unloads the parts: guards before the device that could need them,
 * and the reverse.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

#include "context.h"
#include "device.h"
#include "guard.h"
#include "identify.h"
#include "nt/token.h"
#include "nt/work.h"

static int __init ntimp_init(void)
{
	int err;

	ntimp_nt_work_init();
	err = ntimp_guard_arm();
	if (err)
		return err;
	err = nt_nobody_init();
	if (err)
		goto disarm;
	err = ntimp_device_register();
	if (err) {
		pr_err("can't register /dev/ntimp: error %d\n", err);
		goto exit_nobody;
	}
	return 0;

exit_nobody:
	nt_nobody_exit();
disarm:
	ntimp_guard_disarm();
	return err;
}

static void __exit ntimp_exit(void)
{
	ntimp_device_deregister();
	ntimp_nt_work_exit();
	nt_nobody_exit();
	ntimp_identify_disarm();
	ntimp_guard_disarm();
	ntimp_worn_exit();
}

module_init(ntimp_init);
module_exit(ntimp_exit);

MODULE_DESCRIPTION("NT impersonation on task credentials");
MODULE_AUTHOR("The ntimp authors");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
