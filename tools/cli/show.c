// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp show: what a context says.
 */
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sysexits.h>

#include "commands.h"
#include "context_fd.h"
#include "describe.h"
#include "failure.h"
#include "fdinfo.h"
#include "identity.h"
#include "place.h"

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

struct wanted {
	struct place place;
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct wanted *wanted = state->input;

	switch (key) {
	case 'c':
		if (strchr(arg, '/') || place_parse(arg, &wanted->place))
			argp_error(state, "--context-fd wants one descriptor's number");
		return 0;
	case 'j':
		wanted->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (place_parse(arg, &wanted->place))
			argp_error(state, "one context is shown: FD, or PID/FD");
		return 0;
	case ARGP_KEY_END:
		place_default(&wanted->place, state);
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
	struct wanted wanted = {};
	struct identity client;

	argp_parse(&argp, argc, argv, 0, NULL, &wanted);
	if (wanted.place.pid) {
		if (fdinfo_identity(wanted.place.pid, wanted.place.fd, &client))
			return failure_explained(fdinfo_failures, "descriptor %d of process %d",
						 wanted.place.fd, wanted.place.pid);
	} else if (identity_of_context(wanted.place.fd, &client)) {
		return failure_explained(NULL, "descriptor %d", wanted.place.fd);
	}
	report_client(&client, wanted.json);
	identity_free(&client);
	return EX_OK;
}
