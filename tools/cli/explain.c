// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp explain: would a thread be let act as a client, and if not, why.
 */
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include <ntimp.h>

#include "commands.h"
#include "describe.h"
#include "failure.h"
#include "identity.h"
#include "number.h"
#include "place.h"
#include "process.h"
#include "report.h"

/* Nothing failed: the answer is no. */
#define STATUS_WOULD_BE_REFUSED	1

/* What the gate found, and what would change its mind; by enum ntimp_reason. */
static const struct finding {
	const char *name;
	const char *because;
	const char *way_out;
} findings[] = {
	[NTIMP_REASON_NONE] = {
		"none", "it is the client already, or has CAP_SETUID and CAP_SETGID over it", NULL
	},
	[NTIMP_REASON_ROOT_CLIENT] = {
		"root_client", "the client is root, and the server is not",
		"let a worker act (NTIMP_QOS_DISPATCH, NTIMP_CALL_WORKER), or load the module "
		"with allow_root_clients=1, which is unsafe"
	},
	[NTIMP_REASON_NO_SETID] = {
		"no_setid",
		"the server lacks CAP_SETUID or CAP_SETGID in the client's user namespace",
		"give the server both (in systemd: AmbientCapabilities=), or have the client "
		"consent and load the module with consent=1"
	},
	[NTIMP_REASON_UNMAPPED] = {
		"unmapped", "an id of the client has no number in its own user namespace",
		"map the id (/etc/subuid, /etc/subgid), or drop the group"
	},
	[NTIMP_REASON_ENDED] = {
		"ended", "the context was revoked or has expired", "capture the client again"
	},
};

static const struct finding *finding_of(unsigned int reason)
{
	static const struct finding unknown = {
		"unknown", "the module knows a reason that this ntimp does not",
		"use the ntimp of the same version as the module: `ntimp status'" };

	if (reason >= sizeof(findings) / sizeof(findings[0]) || !findings[reason].name)
		return &unknown;
	return &findings[reason];
}

/* By enum ntimp_explain_pass. */
static const struct {
	const char *name;
	const char *answer;
} passes[] = {
	[NTIMP_EXPLAIN_REFUSED]	= { "refused", "no" },
	[NTIMP_EXPLAIN_LEVEL]	= {
		"level", "yes: anybody may at this level, which opens nothing"
	},
	[NTIMP_EXPLAIN_RIGHT]	= { "right", "yes" },
	[NTIMP_EXPLAIN_CONSENT]	= { "consent", "yes: the client consents"
	},
};

struct question {
	struct place place;
	pid_t client;
	pid_t server;
	bool json;
};

static const struct argp_option options[] = {
	{ "pid", 'p', "PID", 0, "the client is process PID", 0 },
	{ "thread", 't', "TID", 0, "the server is thread TID (default: this command)", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 }
};

static const char doc[] =
	"Say whether the gate would let a thread act as a client, and if not, why and what "
	"would change that."
	"\v"
	"FD is a descriptor that was inherited (default: $NTIMP_CONTEXT_FD, else 3).  PID/FD is one "
	"that another process has open.  Nothing is impersonated.  Exit status 1: it would be "
	"refused.";

static pid_t parse_pid(const char *option, const char *arg, struct argp_state *state)
{
	uint32_t number;

	if (number_parse(arg, INT32_MAX, &number) || !number)
		argp_error(state, "%s wants a number, not `%s'", option, arg);
	return (pid_t)number;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct question *question = state->input;

	switch (key) {
	case 'p':
		question->client = parse_pid("--pid", arg, state);
		return 0;
	case 't':
		question->server = parse_pid("--thread", arg, state);
		return 0;
	case 'j':
		question->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (place_parse(arg, &question->place))
			argp_error(state, "one context is looked at: FD, or PID/FD");
		return 0;
	case ARGP_KEY_END:
		if (question->client && question->place.given)
			argp_error(state, "either a context or --pid");
		if (!question->client)
			place_default(&question->place, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct explanation capture_failures[] = {
	{ EPERM, EX_NOPERM, "who it is may not be asked",
	  "it takes CAP_SETUID, CAP_SETGID and the right to trace it: run it as root" },
	{ 0 }
};

static const struct explanation failures[] = {
	{ EPERM, EX_NOPERM, "who the thread is may not be asked",
	  "it takes CAP_SETUID, CAP_SETGID and the right to trace it: run it as root" },
	{ ENOTTY, EX_UNAVAILABLE, "the module is too old to explain",
	  "load the one of the same version as this ntimp" },
	{ 0 }
};

static void print(const struct question *question, const struct ntimp_explain *explain)
{
	const struct finding *finding = finding_of(explain->reason);
	char name[PROCESS_NAME_SIZE];
	pid_t tid = question->server ? question->server : getpid();

	process_thread_name(tid, tid, name);
	printf(LABEL "%d (%s)\n", "server", tid, name);
	printf(LABEL "%s\n", "allowed", passes[explain->pass].answer);
	if (explain->pass == NTIMP_EXPLAIN_LEVEL)
		return;
	printf(LABEL "%s\n", "because", finding->because);
	if (explain->pass == NTIMP_EXPLAIN_REFUSED && finding->way_out)
		printf(LABEL "%s\n", "way out", finding->way_out);
}

static struct json_object *json_answer(const struct question *question,
				       const struct ntimp_explain *explain)
{
	const struct finding *finding = finding_of(explain->reason);
	struct json_object *answer = json_record();

	json_add(answer, "server", json_number((unsigned int)(question->server ?: getpid())));
	json_add(answer, "allowed", json_truth(explain->pass != NTIMP_EXPLAIN_REFUSED));
	json_add(answer, "pass", json_text(passes[explain->pass].name));
	json_add(answer, "reason", json_text(finding->name));
	json_add(answer, "because", json_text(finding->because));
	json_add(answer, "way_out", finding->way_out ? json_text(finding->way_out) : NULL);
	return answer;
}

static void report(const struct question *question, const struct identity *client,
		   const struct ntimp_explain *explain)
{
	struct json_object *record;

	if (!question->json) {
		describe_context(&client->info);
		describe_identity(client);
		print(question, explain);
		return;
	}
	record = json_record();
	json_add(record, "context", json_context(&client->info));
	json_add(record, "client", json_identity(client));
	json_add(record, "answer", json_answer(question, explain));
	json_print(record);
}

static int answer(const struct question *question, int ctx)
{
	struct ntimp_explain explain;
	struct identity client;

	if (identity_of_context(ctx, &client))
		return failure_explained(NULL, "descriptor %d", ctx);
	if (ntimp_explain(ctx, question->server, &explain)) {
		identity_free(&client);
		return failure_explained(failures, "thread %d",
					 question->server ? question->server : getpid());
	}
	if (explain.pass >= sizeof(passes) / sizeof(passes[0]))
		explain.pass = NTIMP_EXPLAIN_REFUSED;
	report(question, &client, &explain);
	identity_free(&client);
	return explain.pass == NTIMP_EXPLAIN_REFUSED ? STATUS_WOULD_BE_REFUSED : EX_OK;
}

int explain_command(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse,
					  .args_doc = "[FD|PID/FD]", .doc = doc };
	static const struct ntimp_qos qos = { .level = NTIMP_LEVEL_IMPERSONATION };
	struct question question = {};
	int ctx, status;

	argp_parse(&argp, argc, argv, 0, NULL, &question);
	if (question.client) {
		ctx = ntimp_capture_thread(question.client, &qos);
		if (ctx < 0)
			return failure_explained(capture_failures, "process %d", question.client);
	} else {
		status = place_get(&question.place, &ctx);
		if (status)
			return status;
	}
	return answer(&question, ctx);
}
