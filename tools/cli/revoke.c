// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp revoke: nobody can impersonate a context any more.
 */
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <sysexits.h>

#include <ntimp.h>

#include "commands.h"
#include "failure.h"
#include "place.h"
#include "wearers.h"

static const struct argp_option options[] = {
	{ "deny", 'd', NULL, 0, "deny those who act as the client now everything, too", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 }
};

static const char doc[] =
	"Revoke a context, and all that are duplicates of it or that it is a duplicate of: nobody "
	"can impersonate one any more."
	"\v"
	"FD is a descriptor that was inherited (default: $NTIMP_CONTEXT_FD, else 3).  PID/FD is one "
	"that another process has open.  Who acts as the client goes on until it reverts; such "
	"threads are listed, as far as the caller may know of them.";

struct order {
	struct place place;
	unsigned int flags;
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct order *order = state->input;

	switch (key) {
	case 'd':
		order->flags = NTIMP_REVOKE_DENY;
		return 0;
	case 'j':
		order->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (place_parse(arg, &order->place))
			argp_error(state, "one context is revoked: FD, or PID/FD");
		return 0;
	case ARGP_KEY_END:
		place_default(&order->place, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct explanation failures[] = {
	{ EPERM, EX_NOPERM, "it was made by another user",
	  "it takes CAP_SETUID and CAP_SETGID: run it as root" },
	{ 0 }
};

int revoke_command(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse,
					  .args_doc = "[FD|PID/FD]", .doc = doc };
	struct order order = {};
	int ctx, status;

	argp_parse(&argp, argc, argv, 0, NULL, &order);
	status = place_get(&order.place, &ctx);
	if (status)
		return status;
	if (ntimp_revoke(ctx, order.flags))
		return failure_explained(failures, "descriptor %d", order.place.fd);
	return wearers_report(ctx, &order.place, order.json);
}
