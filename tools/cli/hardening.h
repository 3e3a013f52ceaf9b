/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HARDENING_H
#define HARDENING_H

#include <stdbool.h>

enum secure_boot {
	SECURE_BOOT_UNKNOWN,
	SECURE_BOOT_NO_EFI,
	SECURE_BOOT_OFF,
	SECURE_BOOT_ON,
};

/**
 * struct hardening - what on this machine keeps modules, or this one, from working
 * @secure_boot: state of the firmware
 * @lockdown: mode of kernel lockdown, empty if the kernel has none or does not say
 * @sig_enforce: only signed modules are loaded; -1: not known
 * @modules_disabled: no module is loaded any more; -1: not known
 * @lkrg: LKRG is loaded
 * @lkrg_validate: lkrg.pint_validate; -1: not known
 * @lkrg_enforce: lkrg.pint_enforce; -1: not known
 * @lkrg_block: lkrg.block_modules; -1: not known
 */
struct hardening {
	enum secure_boot secure_boot;
	char lockdown[32];
	int sig_enforce;
	int modules_disabled;
	bool lkrg;
	int lkrg_validate;
	int lkrg_enforce;
	int lkrg_block;
};

void hardening_read(struct hardening *hardening);
bool hardening_signed_only(const struct hardening *hardening);
bool hardening_kills(const struct hardening *hardening);

struct json_object;
void hardening_describe(const struct hardening *hardening, bool loaded);
struct json_object *hardening_json(const struct hardening *hardening);

#endif /* HARDENING_H */
