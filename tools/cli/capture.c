// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp capture: makes a context, and shows it or hands it to a command.
 */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands.h"
#include "context_fd.h"
#include "describe.h"
#include "failure.h"
#include "identity.h"
#include "source.h"
#include "start.h"

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "What a holder of the context may do:", 3 },
	{ "level", 'l', "LEVEL", 0,
	  "anonymous, identification, impersonation (default) or delegation", 3 },
	{ "effective-only", 'e', NULL, 0, "leave capabilities out that are not effective", 3 },
	{ NULL, 0, NULL, 0, "Output, without COMMAND:", 4 },
	{ "json", 'j', NULL, 0, "print JSON", 4 },
	{ 0 }
};

static const char doc[] =
	"Make a context: show it, or run COMMAND with it on an inherited descriptor."
	"\v"
	"COMMAND runs as who you are, not as the client.  The number of the descriptor is in "
	"$" CONTEXT_FD_VARIABLE ": 3, or the next one that is free.";

struct wanted {
	struct source source;
	struct ntimp_qos qos;
	bool qos_given;
	bool json;
	char **command;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct wanted *wanted = state->input;
	unsigned int level;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &wanted->source;
		return 0;
	case 'l':
		if (level_by_name(arg, &level))
			argp_error(state, "there is no level `%s'", arg);
		wanted->qos.level = level;
		wanted->qos_given = true;
		return 0;
	case 'e':
		wanted->qos.effective_only = 1;
		wanted->qos_given = true;
		return 0;
	case 'j':
		wanted->json = true;
		return 0;
	case ARGP_KEY_ARGS:
		wanted->command = state->argv + state->next;
		return 0;
	case ARGP_KEY_END:
		if (!wanted->source.kind)
			argp_error(state, "which client? --user, --uid, --peer-fd, --context-fd, "
				   "--pid, --self or --anonymous");
		if (wanted->json && wanted->command)
			argp_error(state, "--json is for showing the context, without COMMAND");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int show(int ctx, bool json)
{
	struct identity client;

	if (identity_of_context(ctx, &client))
		return failure_explained(NULL, "the context cannot be asked");
	report_client(&client, json);
	identity_free(&client);
	return EX_OK;
}

/* Takes the descriptor for the context, before anything else is opened there. */
static int hold_descriptor(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fd >= CONTEXT_FD)
		return fd;
	return fcntl(fd, F_DUPFD_CLOEXEC, CONTEXT_FD);
}

static int hand_over(int ctx, int fd, char **command)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", fd);
	if (dup2(ctx, fd) < 0 || setenv(CONTEXT_FD_VARIABLE, number, 1))
		return failure_explained(NULL, "the context cannot be handed over");
	return start_command(command);
}

int capture_command(int argc, char **argv)
{
	static const struct argp_child children[] = { { .argp = &source_argp }, { 0 } };
	static const struct argp argp = { .options = options, .parser = parse,
					  .args_doc = "[-- COMMAND [ARG...]]", .doc = doc,
					  .children = children };
	struct wanted wanted = { .qos.level = NTIMP_LEVEL_IMPERSONATION };
	int ctx, fd, status;

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &wanted);

	fd = hold_descriptor();
	if (fd < 0)
		return failure(EX_OSERR, "ulimit -n says how many there may be",
			       "no descriptor for the context: %m");
	status = source_capture(&wanted.source, wanted.qos_given ? &wanted.qos : NULL, &ctx);
	if (status)
		return status;
	if (wanted.command)
		return hand_over(ctx, fd, wanted.command);
	return show(ctx, wanted.json);
}
