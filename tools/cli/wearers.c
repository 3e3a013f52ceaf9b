// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp wearers: which threads act as the client of a context.
 */
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include <ntimp.h>

#include "commands.h"
#include "describe.h"
#include "failure.h"
#include "place.h"
#include "process.h"
#include "report.h"
#include "wearers.h"

/* Returns -1 with errno; the list is to be freed. */
static int read_threads(int ctx, pid_t **tids, size_t *count)
{
	pid_t *list = NULL, *larger;
	size_t room = 16;

	for (;;) {
		larger = reallocarray(list, room, sizeof(*list));
		if (!larger)
			break;
		list = larger;
		*count = room;
		if (!ntimp_wearers(ctx, list, count)) {
			*tids = list;
			return 0;
		}
		if (errno != ERANGE)
			break;
		/* Some more may have come by the next time. */
		room = *count + 16;
	}
	free(list);
	return -1;
}

static void print_threads(const pid_t *tids, size_t count)
{
	char name[PROCESS_NAME_SIZE];
	size_t i;

	printf(LABEL "%zu thread%s\n", "worn by", count, count == 1 ? "" : "s");
	for (i = 0; i < count; i++) {
		process_thread_name(tids[i], tids[i], name);
		printf(LABEL "%d (%s)\n", "", tids[i], name);
	}
}

static struct json_object *json_threads(const pid_t *tids, size_t count)
{
	struct json_object *list = json_list(), *entry;
	char name[PROCESS_NAME_SIZE];
	size_t i;

	for (i = 0; i < count; i++) {
		process_thread_name(tids[i], tids[i], name);
		entry = json_record();
		json_add(entry, "tid", json_number((unsigned int)tids[i]));
		json_add(entry, "name", json_text(name));
		json_append(list, entry);
	}
	return list;
}

/* A context and who wears it; returns an exit status, and has told why. */
int wearers_report(int ctx, const struct place *place, bool json)
{
	struct ntimp_info context = {};
	struct json_object *report;
	size_t count;
	pid_t *tids;

	if (ntimp_query(ctx, &context) || read_threads(ctx, &tids, &count))
		return failure_explained(NULL, "descriptor %d", place->fd);
	if (json) {
		report = json_record();
		json_add(report, "context", json_context(&context));
		json_add(report, "wearers", json_threads(tids, count));
		json_print(report);
	} else {
		describe_context(&context);
		print_threads(tids, count);
	}
	free(tids);
	return EX_OK;
}

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 }
};

static const char doc[] =
	"Say which threads act as the client of a context, as far as the caller may know."
	"\v"
	"FD is a descriptor that was inherited (default: $NTIMP_CONTEXT_FD, else 3).  PID/FD is one "
	"that another process has open.";

struct question {
	struct place place;
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct question *question = state->input;

	switch (key) {
	case 'j':
		question->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (place_parse(arg, &question->place))
			argp_error(state, "one context is looked at: FD, or PID/FD");
		return 0;
	case ARGP_KEY_END:
		place_default(&question->place, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int wearers_command(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse,
					  .args_doc = "[FD|PID/FD]", .doc = doc };
	struct question question = {};
	int ctx, status;

	argp_parse(&argp, argc, argv, 0, NULL, &question);
	status = place_get(&question.place, &ctx);
	return status ? status : wearers_report(ctx, &question.place, question.json);
}
