// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp: finds the command and runs it.
 */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <linux/ntimp.h>

#include "commands.h"
#include "failure.h"

static const struct {
	const char *name;
	const char *full_name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "status",  "ntimp status",  status_command },
	{ "whoami",  "ntimp whoami",  whoami_command },
	{ "exec-as", "ntimp exec-as", exec_as_command },
	{ "capture", "ntimp capture", capture_command },
	{ "show",    "ntimp show",    show_command },
	{ "list",    "ntimp list",    list_command },
	{ "top",     "ntimp top",     top_command },
	{ "explain", "ntimp explain", explain_command },
	{ "wearers", "ntimp wearers", wearers_command },
	{ "revoke",  "ntimp revoke",  revoke_command },
	{ "revert",  "ntimp revert",  revert_command },
	{ 0 }
};

static const char doc[] =
	"Inspect and use client contexts: who a client is, and how far a server may go in its name."
	"\v"
	"Commands:\n"
	"  status   is the module loaded and usable here, and if not, why\n"
	"  whoami   who is the peer of a socket, or who is a process acting as\n"
	"  exec-as  run a command with the identity of a client\n"
	"  capture  make a context, show it or hand it to a command\n"
	"  show     show a context that this or another process has open\n"
	"  list     all contexts, who has them open and who wears them\n"
	"  top      the same again and again, those first that are used most\n"
	"  explain  would a thread be let act as a client, and if not, why\n"
	"  wearers  which threads act as the client of a context\n"
	"  revoke   let nobody act as the client of a context any more\n"
	"  revert   let a thread that impersonates be itself again\n"
	"\n"
	"`ntimp COMMAND --help' says more of each; the manual is ntimp(8).";

struct chosen {
	int argc;
	char **argv;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct chosen *chosen = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_ARGS:
		chosen->argc = state->argc - state->next;
		chosen->argv = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "a command is needed");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_version(FILE *stream, struct argp_state *state)
{
	(void)state;
	fprintf(stream, "ntimp %s (interface %d)\n", NTIMP_CLI_VERSION, NTIMP_ABI);
}

/* A report that did not get where it was to go is not a report. */
static int with_output_written(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	return failure(EX_IOERR, "look at what standard output is connected to",
		       "the output could not be written: %m");
}

int main(int argc, char **argv)
{
	static const struct argp argp = { .parser = parse, .args_doc = "COMMAND [ARG...]",
					  .doc = doc };
	struct chosen chosen = { 0 };
	int i;

	argp_program_version_hook = print_version;
	argp_err_exit_status = EX_USAGE;
	failure_begin("ntimp");
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &chosen);

	for (i = 0; commands[i].name; i++) {
		if (strcmp(commands[i].name, chosen.argv[0]))
			continue;
		failure_begin(commands[i].full_name);
		chosen.argv[0] = (char *)commands[i].full_name;
		return with_output_written(commands[i].run(chosen.argc, chosen.argv));
	}
	return failure(EX_USAGE, "`ntimp --help' lists the commands",
		       "there is no command `%s'", chosen.argv[0]);
}
