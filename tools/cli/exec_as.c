// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp exec-as: runs a command with the identity of a client.
 *
 * An impersonating thread cannot start a program.  So this impersonates just to
 * prove that it may, reverts, and becomes the client for good.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <unistd.h>

#include <linux/close_range.h>

#include "capability.h"
#include "commands.h"
#include "commit.h"
#include "context_fd.h"
#include "failure.h"
#include "own.h"
#include "prove.h"
#include "source.h"
#include "start.h"

enum {
	OPTION_CAPS = 'C',
	OPTION_KEEP_FDS = 'k',
	OPTION_ALLOW_NEW_PRIVS = 'n',
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "The command's:", 3 },
	{ "caps", OPTION_CAPS, "LIST", 0,
	  "capabilities, a subset of the client's effective ones, or none (default: those of them "
	  "that the caller has permitted)", 3 },
	{ "keep-fds", OPTION_KEEP_FDS, NULL, 0, "descriptors above 2 stay open", 3 },
	{ "allow-new-privs", OPTION_ALLOW_NEW_PRIVS, NULL, 0,
	  "set-user-ID programs and file capabilities work", 3 },
	{ 0 }
};

static const char doc[] =
	"Run COMMAND with the identity of a client."
	"\v"
	"An impersonating thread may not start programs.  So exec-as impersonates the client just "
	"to prove that it may, reverts, and becomes the client for good: setgroups, setresgid, "
	"setresuid, capabilities, a new session keyring, no_new_privs; looks whether all of that "
	"took; and turns into COMMAND.  What impersonation would refuse is refused.  The "
	"environment, the working directory and the terminal stay as they are.\n"
	"\n"
	"The exit status is COMMAND's; 126 and 127 as in shells; others are of sysexits.h.";

struct wanted {
	struct source source;
	bool caps_given;
	uint64_t caps;
	bool keep_fds;
	bool new_privileges;
	char **command;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct wanted *wanted = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &wanted->source;
		return 0;
	case OPTION_CAPS:
		if (capability_parse(arg, &wanted->caps))
			argp_error(state, "--caps wants none, or names such as net_raw,chown, "
				   "not `%s'", arg);
		wanted->caps_given = true;
		return 0;
	case OPTION_KEEP_FDS:
		wanted->keep_fds = true;
		return 0;
	case OPTION_ALLOW_NEW_PRIVS:
		wanted->new_privileges = true;
		return 0;
	case ARGP_KEY_ARGS:
		wanted->command = state->argv + state->next;
		return 0;
	case ARGP_KEY_END:
		if (!wanted->source.kind)
			argp_error(state, "as whom? --user, --uid, --peer-fd, --context-fd, --pid, "
				   "--self or --anonymous");
		if (!wanted->command)
			argp_error(state, "a command is needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* As impersonation does it: what the client uses and the server may use. */
static int choose_caps(const struct wanted *wanted, const struct identity *client, uint64_t *caps)
{
	struct own_caps own;

	if (own_capabilities(&own))
		return failure(EX_OSERR, "is /proc mounted?", "own capabilities cannot be read");
	*caps = client->info.cap_effective & own.permitted;
	if (!wanted->caps_given)
		return EX_OK;
	if (wanted->caps & ~*caps)
		return failure(EX_NOPERM, "`ntimp capture' with the same client shows what it has",
			       "--caps asks for what the client, or who calls, does not have");
	*caps = wanted->caps;
	return EX_OK;
}

/* What was opened by who calls is not the client's. */
static int close_descriptors(void)
{
	unsetenv(CONTEXT_FD_VARIABLE);
	if (!syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC))
		return EX_OK;
	return failure(EX_OSERR, "Linux 5.11 can; or pass --keep-fds",
		       "the descriptors cannot be closed: %m");
}

int exec_as_command(int argc, char **argv)
{
	static const struct argp_child children[] = { { .argp = &source_argp }, { 0 } };
	static const struct argp argp = { .options = options, .parser = parse,
					  .args_doc = "-- COMMAND [ARG...]", .doc = doc,
					  .children = children };
	struct wanted wanted = { 0 };
	struct committed committed;
	struct identity client;
	int ctx, status;

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &wanted);

	status = source_capture(&wanted.source, NULL, &ctx);
	if (!status)
		status = prove(ctx, &client);
	if (status)
		return status;

	committed.client = &client;
	committed.new_privileges = wanted.new_privileges;
	status = choose_caps(&wanted, &client, &committed.caps);
	if (!status && !wanted.keep_fds)
		status = close_descriptors();
	if (!status)
		status = commit(&committed);
	return status ? status : start_command(wanted.command);
}
