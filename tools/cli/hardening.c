// SPDX-License-Identifier: GPL-2.0-only
/*
 * What hardens this machine against modules, or against what this one does.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hardening.h"
#include "report.h"
#include "setting.h"

#define EFI_DIR "/sys/firmware/efi"
#define EFI_SECURE_BOOT EFI_DIR "/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

static const char *const secure_boots[] = {
	[SECURE_BOOT_UNKNOWN]	= "unknown",
	[SECURE_BOOT_NO_EFI]	= "no-efi",
	[SECURE_BOOT_OFF]	= "off",
	[SECURE_BOOT_ON]	= "on",
};

/* Four bytes of attributes, then the value. */
static enum secure_boot read_secure_boot(void)
{
	unsigned char variable[5];
	size_t size;
	FILE *file;

	if (access(EFI_DIR, F_OK))
		return SECURE_BOOT_NO_EFI;
	file = fopen(EFI_SECURE_BOOT, "re");
	if (!file)
		return SECURE_BOOT_UNKNOWN;
	size = fread(variable, 1, sizeof(variable), file);
	fclose(file);
	if (size != sizeof(variable))
		return SECURE_BOOT_UNKNOWN;
	return variable[4] ? SECURE_BOOT_ON : SECURE_BOOT_OFF;
}

/* "none [integrity] confidentiality": the word in brackets. */
static void read_lockdown(char mode[32])
{
	char line[64];
	const char *open;

	mode[0] = '\0';
	if (setting_read("/sys/kernel/security/lockdown", line, sizeof(line)))
		return;
	open = strchr(line, '[');
	if (open && sscanf(open, "[%31[a-z]]", mode) != 1)
		mode[0] = '\0';
}

void hardening_read(struct hardening *hardening)
{
	*hardening = (struct hardening) {
		.secure_boot = read_secure_boot(),
		.sig_enforce = setting_number("/sys/module/module/parameters/sig_enforce"),
		.modules_disabled = setting_number("/proc/sys/kernel/modules_disabled"),
		/* It can hide its name, but not its settings. */
		.lkrg = !access("/sys/module/lkrg", F_OK) || !access("/sys/module/p_lkrg", F_OK) ||
			!access("/proc/sys/lkrg", F_OK),
		.lkrg_validate = setting_number("/proc/sys/lkrg/pint_validate"),
		.lkrg_enforce = setting_number("/proc/sys/lkrg/pint_enforce"),
		.lkrg_block = setting_number("/proc/sys/lkrg/block_modules"),
	};
	read_lockdown(hardening->lockdown);
}

/*
 * LKRG compares each thread's credentials with what they were, and takes an
 * impersonating one for a successful attack.
 */
bool hardening_kills(const struct hardening *hardening)
{
	return hardening->lkrg && hardening->lkrg_validate && hardening->lkrg_enforce;
}

/* The kernel loads signed modules only. */
bool hardening_signed_only(const struct hardening *hardening)
{
	return (hardening->lockdown[0] && strcmp(hardening->lockdown, "none")) ||
	       hardening->sig_enforce > 0;
}

static void describe_signatures(const struct hardening *hardening, bool loaded)
{
	printf(LABEL "%s\n", "secure boot", secure_boots[hardening->secure_boot]);
	printf(LABEL "%s\n", "lockdown",
	       hardening->lockdown[0] ? hardening->lockdown : "unknown");
	printf(LABEL "%s\n", "signatures",
	       hardening->sig_enforce < 0 ? "unknown" :
	       hardening->sig_enforce ? "modules must be signed" : "not enforced");
	if (!loaded && hardening->modules_disabled > 0)
		puts("  -> kernel.modules_disabled: no module can be loaded before a reboot");
}

static void describe_lkrg(const struct hardening *hardening, bool loaded)
{
	printf(LABEL "%s\n", "lkrg", hardening->lkrg ? "loaded" : "not loaded");
	if (!hardening->lkrg)
		return;
	if (hardening_kills(hardening))
		puts("  -> it takes impersonating threads for attacks and kills them:\n"
		     "     sysctl lkrg.pint_validate=0, or do without LKRG or without ntimp");
	else if (hardening->lkrg_validate)
		puts("  -> it logs impersonating threads as attacks: sysctl lkrg.pint_validate=0");
	if (!loaded && hardening->lkrg_block > 0)
		puts("  -> it lets no module be loaded: sysctl lkrg.block_modules=0");
}

/* For people, on standard output; advice on loading only if that's to be done. */
void hardening_describe(const struct hardening *hardening, bool loaded)
{
	describe_signatures(hardening, loaded);
	describe_lkrg(hardening, loaded);
}

/* -1 is what is not known. */
static struct json_object *json_setting(int value)
{
	return value < 0 ? NULL : json_number((unsigned int)value);
}

struct json_object *hardening_json(const struct hardening *hardening)
{
	struct json_object *record = json_record();
	struct json_object *lkrg = json_record();

	json_add(record, "secure_boot", json_text(secure_boots[hardening->secure_boot]));
	json_add(record, "lockdown",
		 hardening->lockdown[0] ? json_text(hardening->lockdown) : NULL);
	json_add(record, "sig_enforce", json_truth(hardening->sig_enforce));
	json_add(record, "modules_disabled", json_truth(hardening->modules_disabled));
	json_add(lkrg, "loaded", json_truth(hardening->lkrg));
	json_add(lkrg, "pint_validate", json_setting(hardening->lkrg_validate));
	json_add(lkrg, "pint_enforce", json_setting(hardening->lkrg_enforce));
	json_add(lkrg, "block_modules", json_setting(hardening->lkrg_block));
	json_add(lkrg, "kills", json_truth(hardening_kills(hardening)));
	json_add(record, "lkrg", lkrg);
	return record;
}
