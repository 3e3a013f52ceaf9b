// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp revert: let a thread of another process be itself again.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <sysexits.h>

#include "commands.h"
#include "describe.h"
#include "failure.h"
#include "number.h"
#include "process.h"
#include "report.h"

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 }
};

static const char doc[] =
	"Let a thread that impersonates be itself again, whatever its process is doing."
	"\v"
	"TID is the number of the thread, as `ntimp whoami PID' shows it.  Whom it acted as is "
	"printed.  The process is not told: what it goes on to do it does as itself, so stop it "
	"first if that is not what you want.";

struct order {
	pid_t tid;
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct order *order = state->input;
	uint32_t number;

	switch (key) {
	case 'j':
		order->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (order->tid)
			return ARGP_ERR_UNKNOWN;
		if (number_parse(arg, INT32_MAX, &number) || !number)
			argp_error(state, "TID is a positive number, not `%s'", arg);
		order->tid = (pid_t)number;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "the number of a thread is needed");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct explanation revert_failures[] = {
	{ EPERM, EX_NOPERM, "you may not, or it is a thread of the kernel's",
	  "it takes CAP_SETUID, CAP_SETGID and the right to trace it: run it as root" },
	{ ETIMEDOUT, EX_TEMPFAIL, "it could not be reached",
	  "it is stopped, traced or stuck in the kernel: let it go on, or end it" },
	{ 0 }
};

static void report_json(const struct order *order, const char *name, struct identity *client)
{
	struct json_object *report = json_record();

	json_add(report, "tid", json_number((unsigned int)order->tid));
	json_add(report, "name", json_text(name));
	json_add(report, "context", client ? json_context(&client->info) : NULL);
	json_add(report, "client", client ? json_identity(client) : NULL);
	json_print(report);
}

static void report_text(const struct order *order, const char *name, struct identity *client)
{
	if (!client) {
		printf("thread %d (%s) is itself\n", order->tid, name);
		return;
	}
	printf("thread %d (%s) is itself again, and acted as\n", order->tid, name);
	describe_context(&client->info);
	describe_identity(client);
}

/* Whom it acts as can change before the revert: what is printed is the last seen. */
int revert_command(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse,
					  .args_doc = "TID", .doc = doc };
	struct identity client, *seen = &client;
	char name[PROCESS_NAME_SIZE];
	struct order order = { 0 };
	int status = EX_OK;

	argp_parse(&argp, argc, argv, 0, NULL, &order);
	process_thread_name(order.tid, order.tid, name);
	if (identity_of_thread(order.tid, &client)) {
		if (errno != ENOENT)
			return failure_explained(revert_failures, "thread %d", order.tid);
		seen = NULL;
	}
	if (ntimp_revert_thread(order.tid))
		status = failure_explained(revert_failures, "thread %d", order.tid);
	else if (order.json)
		report_json(&order, name, seen);
	else
		report_text(&order, name, seen);
	if (seen)
		identity_free(seen);
	return status;
}
