// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp status: can clients be impersonated on this machine, and if not, why.
 */
#include <argp.h>
#include <stdio.h>
#include <sysexits.h>

#include "commands.h"
#include "hardening.h"
#include "installation.h"
#include "kernel_support.h"
#include "module_state.h"
#include "report.h"

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 }
};

static const char doc[] =
	"Say whether the module is loaded and usable, and if not, what this machine lacks."
	"\v"
	"The exit status is 0 if clients can be impersonated here and 69 if not.";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	bool *json = state->input;

	(void)arg;
	if (key != 'j')
		return ARGP_ERR_UNKNOWN;
	*json = true;
	return 0;
}

struct machine {
	struct module_state module;
	struct kernel_support kernel;
	struct hardening hardening;
	struct installation installation;
	bool usable;
};

static void describe(const struct machine *machine)
{
	bool loaded = machine->module.loaded;

	module_describe(&machine->module);
	if (!loaded)
		kernel_describe(&machine->kernel);
	hardening_describe(&machine->hardening, loaded);
	installation_describe(&machine->installation, loaded,
			      hardening_signed_only(&machine->hardening));
	printf(LABEL "%s\n", "usable", machine->usable ? "yes" : "no");
}

static void print_json(const struct machine *machine)
{
	struct json_object *report = json_record();

	json_add(report, "usable", json_truth(machine->usable));
	module_json(report, &machine->module);
	json_add(report, "kernel", kernel_json(&machine->kernel));
	json_add(report, "hardening", hardening_json(&machine->hardening));
	json_add(report, "installation", installation_json(&machine->installation));
	json_print(report);
}

int status_command(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse, .doc = doc };
	struct machine machine;
	bool json = false;

	argp_parse(&argp, argc, argv, 0, NULL, &json);
	module_state_read(&machine.module);
	kernel_support_read(&machine.kernel);
	hardening_read(&machine.hardening);
	installation_read(&machine.installation, machine.kernel.uts.release);
	machine.usable = module_usable(&machine.module) && !hardening_kills(&machine.hardening);

	if (json)
		print_json(&machine);
	else
		describe(&machine);
	return machine.usable ? EX_OK : EX_UNAVAILABLE;
}
