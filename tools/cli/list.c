// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp list: all contexts, who has them open, and which threads wear them.
 */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>

#include "commands.h"
#include "report.h"
#include "survey.h"

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 }
};

static const char doc[] =
	"List all contexts that processes have open, and all threads that wear one, as far as "
	"the caller may know of them."
	"\v"
	"A context that is open in two processes, or twice in one, is listed twice.  Contexts that "
	"only the kernel has are found through the threads that wear them.";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	bool *json = state->input;

	(void)arg;
	if (key != 'j')
		return ARGP_ERR_UNKNOWN;
	*json = true;
	return 0;
}

static void print_json(const struct survey *survey)
{
	struct json_object *report = json_record(), *list = json_list();
	size_t i;

	for (i = 0; i < survey->count; i++)
		json_append(list, survey_json(&survey->sightings[i]));
	json_add(report, "sightings", list);
	json_add(report, "hidden_processes", json_number(survey->hidden));
	json_add(report, "threads_asked", json_truth(survey->threads));
	json_print(report);
}

static void print(const struct survey *survey)
{
	size_t i;

	survey_print_head();
	for (i = 0; i < survey->count; i++)
		survey_print(&survey->sightings[i], NULL);
	fflush(stdout);
	if (survey->hidden)
		fprintf(stderr, "ntimp list: %u processes could not be looked into\n"
			"  -> run it as root to see all\n", survey->hidden);
	if (!survey->threads)
		fputs("ntimp list: threads were not asked whom they impersonate\n"
		      "  -> it takes CAP_SETUID and CAP_SETGID: run it as root\n", stderr);
}

int list_command(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse, .doc = doc };
	struct survey survey;
	bool json = false;
	int status = EX_OK;

	argp_parse(&argp, argc, argv, 0, NULL, &json);
	if (survey_make(&survey))
		status = survey_failure();
	else if (json)
		print_json(&survey);
	else
		print(&survey);
	survey_free(&survey);
	return status;
}
