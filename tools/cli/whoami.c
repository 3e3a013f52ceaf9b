// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp whoami: who is the peer of a socket; who is a process, and whom do its
 * threads act as.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands.h"
#include "describe.h"
#include "failure.h"
#include "number.h"
#include "process.h"
#include "report.h"
#include "source.h"

static const struct argp_option options[] = {
	{ "socket-fd", 's', "N", 0, "ask descriptor N for its peer instead of standard input", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 }
};

static const char doc[] =
	"Say who is at the other end of a socket, or who a process is."
	"\v"
	"Without PID: the peer of the connected AF_UNIX socket on standard input, as the kernel "
	"saw it at connect(2).  With PID: the process's own identity, and for each of its threads "
	"that impersonates, whom.";

struct question {
	int socket_fd;
	pid_t pid;
	bool socket_given;
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct question *question = state->input;
	uint32_t number;

	switch (key) {
	case 's':
		if (number_parse(arg, INT32_MAX, &number))
			argp_error(state, "--socket-fd wants a number, not `%s'", arg);
		question->socket_fd = (int)number;
		question->socket_given = true;
		return 0;
	case 'j':
		question->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (question->pid)
			return ARGP_ERR_UNKNOWN;
		if (number_parse(arg, INT32_MAX, &number) || !number)
			argp_error(state, "PID is a positive number, not `%s'", arg);
		question->pid = (pid_t)number;
		return 0;
	case ARGP_KEY_END:
		if (question->pid && question->socket_given)
			argp_error(state, "either PID or --socket-fd");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Identification is enough to ask, and the peer may have allowed no more. */
static int whoami_peer(const struct question *question)
{
	static const struct ntimp_qos ask = { .level = NTIMP_LEVEL_IDENTIFICATION };
	struct json_object *report;
	struct identity client;
	int err, ctx;

	ctx = ntimp_capture_peer(question->socket_fd, &ask);
	if (ctx < 0)
		return failure_explained(source_peer_failures, "descriptor %d",
					 question->socket_fd);
	err = identity_of_context(ctx, &client);
	close(ctx);
	if (err)
		return failure_explained(NULL, "the peer of descriptor %d", question->socket_fd);

	if (question->json) {
		report = json_record();
		json_add(report, "socket_fd", json_number((unsigned int)question->socket_fd));
		json_add(report, "client", json_identity(&client));
		json_print(report);
	} else {
		describe_identity(&client);
	}
	identity_free(&client);
	return EX_OK;
}

/**
 * struct roll - the roll of those threads of a process that impersonate
 * @pid: the process
 * @json: list to be filled, or NULL: print them
 * @count: how many
 */
struct roll {
	pid_t pid;
	struct json_object *json;
	unsigned int count;
};

static int call_thread(pid_t tid, void *arg)
{
	char name[PROCESS_NAME_SIZE];
	struct json_object *entry;
	struct roll *roll = arg;
	struct identity client;

	if (identity_of_thread(tid, &client))
		return errno == ENOENT || errno == ESRCH ? 0 : -1;
	roll->count++;
	process_thread_name(roll->pid, tid, name);
	if (roll->json) {
		entry = json_record();
		json_add(entry, "tid", json_number((unsigned int)tid));
		json_add(entry, "name", json_text(name));
		json_add(entry, "context", json_context(&client.info));
		json_add(entry, "client", json_identity(&client));
		json_append(roll->json, entry);
	} else {
		printf("\nthread %d (%s) acts as\n", tid, name);
		describe_context(&client.info);
		describe_identity(&client);
	}
	identity_free(&client);
	return 0;
}

static const struct explanation look_failures[] = {
	{ EPERM, EX_NOPERM, "you may see who it is, not whom its threads act as",
	  "it takes CAP_SETUID, CAP_SETGID and the right to trace it: run it as root" },
	{ 0 }
};

static int whoami_process(const struct question *question)
{
	struct roll roll = { .pid = question->pid };
	struct json_object *report = NULL;
	char name[PROCESS_NAME_SIZE];
	struct identity primary;
	int err, status = EX_OK;

	if (process_identity(question->pid, &primary))
		return failure_explained(NULL, "process %d", question->pid);
	process_thread_name(question->pid, question->pid, name);
	if (question->json) {
		report = json_record();
		roll.json = json_list();
		json_add(report, "pid", json_number((unsigned int)question->pid));
		json_add(report, "name", json_text(name));
		json_add(report, "primary", json_identity(&primary));
	} else {
		printf("process %d (%s) is\n", question->pid, name);
		describe_identity(&primary);
	}
	identity_free(&primary);

	err = process_each_thread(question->pid, call_thread, &roll);
	if (err)
		status = failure_explained(look_failures, "process %d", question->pid);
	if (report) {
		if (err) {
			json_object_put(roll.json);
			roll.json = NULL;
		}
		json_add(report, "impersonating", roll.json);
		json_print(report);
	} else if (!err && !roll.count) {
		printf("\nno thread of it acts as somebody else\n");
	}
	return status;
}

int whoami_command(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse,
					  .args_doc = "[PID]", .doc = doc };
	struct question question = { .socket_fd = STDIN_FILENO };

	argp_parse(&argp, argc, argv, 0, NULL, &question);
	return question.pid ? whoami_process(&question) : whoami_peer(&question);
}
