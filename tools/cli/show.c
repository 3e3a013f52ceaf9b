// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp show: what a context says.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "commands.h"
#include "context_fd.h"
#include "describe.h"
#include "failure.h"
#include "fdinfo.h"
#include "identity.h"
#include "number.h"

static const struct argp_option options[] = {
	{ "context-fd", 'c', "N", 0, "the same as FD", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 }
};

static const char doc[] =
	"Show who the client of a context is, and what its holder may do."
	"\v"
	"FD is a descriptor that was inherited (default: $" CONTEXT_FD_VARIABLE ", else 3).  "
	"PID/FD is one that another process has open; its groups are only counted.";

/* pid 0: our own descriptor */
struct wanted {
	pid_t pid;
	int fd;
	bool given;
	bool json;
};

static int parse_name(char *name, struct wanted *wanted)
{
	char *slash = strchr(name, '/');
	uint32_t pid = 0, fd;

	if (wanted->given)
		return -1;
	wanted->given = true;
	if (slash) {
		*slash = '\0';
		if (number_parse(name, INT32_MAX, &pid) || !pid)
			return -1;
		name = slash + 1;
	}
	if (number_parse(name, INT32_MAX, &fd))
		return -1;
	wanted->pid = (pid_t)pid;
	wanted->fd = (int)fd;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct wanted *wanted = state->input;
	char *variable;

	switch (key) {
	case 'c':
		if (strchr(arg, '/') || parse_name(arg, wanted))
			argp_error(state, "--context-fd wants one descriptor's number");
		return 0;
	case 'j':
		wanted->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (parse_name(arg, wanted))
			argp_error(state, "one context is shown: FD, or PID/FD");
		return 0;
	case ARGP_KEY_END:
		variable = getenv(CONTEXT_FD_VARIABLE);
		if (!wanted->given && variable && parse_name(variable, wanted))
			argp_error(state, "$" CONTEXT_FD_VARIABLE " is not a descriptor's number");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct explanation fdinfo_failures[] = {
	{ EACCES, EX_NOPERM, "its descriptors may not be seen",
	  "it takes the right to trace it: run it as root" },
	{ EIO, EX_PROTOCOL, "the module says something else of a context than this ntimp knows",
	  "use the ntimp of the same version as the module: `ntimp status'" },
	{ 0 }
};

int show_command(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse,
					  .args_doc = "[FD|PID/FD]", .doc = doc };
	struct wanted wanted = { .fd = CONTEXT_FD };
	struct identity client;

	argp_parse(&argp, argc, argv, 0, NULL, &wanted);
	if (wanted.pid) {
		if (fdinfo_identity(wanted.pid, wanted.fd, &client))
			return failure_explained(fdinfo_failures, "descriptor %d of process %d",
						 wanted.fd, wanted.pid);
	} else if (identity_of_context(wanted.fd, &client)) {
		return failure_explained(NULL, "descriptor %d", wanted.fd);
	}
	report_client(&client, wanted.json);
	identity_free(&client);
	return EX_OK;
}
