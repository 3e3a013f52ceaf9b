// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp top: which contexts are used most, again and again.
 */
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "number.h"
#include "report.h"
#include "survey.h"

#define CLEAR "\033[H\033[2J"

struct wanted {
	uint32_t interval;	/* seconds */
	uint32_t count;		/* 0: for ever */
	bool json;
};

static const struct argp_option options[] = {
	{ "interval", 'i', "SECONDS", 0, "look again after so long (default: 2)", 0 },
	{ "count", 'n', "N", 0, "look N times (default: until it is stopped)", 0 },
	{ "json", 'j', NULL, 0, "print JSON, one line each time", 0 },
	{ 0 }
};

static const char doc[] =
	"Show all contexts and the threads that wear them again and again, and how often each "
	"was impersonated in a second meanwhile, those first that were most.";

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct wanted *wanted = state->input;

	switch (key) {
	case 'i':
		if (number_parse(arg, 86400, &wanted->interval) || !wanted->interval)
			argp_error(state, "--interval wants 1 to 86400 seconds, not `%s'", arg);
		return 0;
	case 'n':
		if (number_parse(arg, INT32_MAX, &wanted->count) || !wanted->count)
			argp_error(state, "--count wants a positive number, not `%s'", arg);
		return 0;
	case 'j':
		wanted->json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* What was not seen before was not used before, as far as one knows. */
static double rate(const struct sighting *now, const struct survey *before, double seconds)
{
	size_t i;

	for (i = 0; i < before->count; i++)
		if (before->sightings[i].info.id == now->info.id)
			return (double)(now->info.uses - before->sightings[i].info.uses) / seconds;
	return 0;
}

struct ranked {
	const struct sighting *sighting;
	double rate;
	size_t place;
};

static int by_rate(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->rate < b->rate)
		return 1;
	if (a->rate > b->rate)
		return -1;
	return a->place < b->place ? -1 : a->place > b->place;
}

static struct ranked *rank(const struct survey *now, const struct survey *before, double seconds)
{
	struct ranked *ranking = calloc(now->count + 1, sizeof(*ranking));
	size_t i;

	if (!ranking)
		return NULL;
	for (i = 0; i < now->count; i++)
		ranking[i] = (struct ranked) { &now->sightings[i],
					       rate(&now->sightings[i], before, seconds), i };
	qsort(ranking, now->count, sizeof(*ranking), by_rate);
	return ranking;
}

static void print(const struct ranked *ranking, size_t count)
{
	char per_second[32];
	size_t i;

	if (isatty(STDOUT_FILENO))
		fputs(CLEAR, stdout);
	survey_print_head();
	for (i = 0; i < count; i++) {
		snprintf(per_second, sizeof(per_second), "%.1f/s", ranking[i].rate);
		survey_print(ranking[i].sighting, per_second);
	}
}

static void print_json(const struct ranked *ranking, size_t count)
{
	struct json_object *report = json_record(), *list = json_list(), *entry;
	size_t i;

	for (i = 0; i < count; i++) {
		entry = survey_json(ranking[i].sighting);
		json_add(entry, "uses_per_second", json_number((uint64_t)(ranking[i].rate + 0.5)));
		json_append(list, entry);
	}
	json_add(report, "sightings", list);
	json_print(report);
}

static double seconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

static int look_once(const struct wanted *wanted, struct survey *before, struct timespec *then)
{
	double seconds = seconds_since(then);
	struct ranked *ranking;
	struct survey now;

	clock_gettime(CLOCK_MONOTONIC, then);
	if (survey_make(&now))
		goto failed;
	ranking = rank(&now, before, seconds);
	if (!ranking)
		goto failed;
	if (wanted->json)
		print_json(ranking, now.count);
	else
		print(ranking, now.count);
	free(ranking);
	survey_free(before);
	*before = now;
	return fflush(stdout) ? EX_IOERR : EX_OK;

failed:
	survey_free(&now);
	return survey_failure();
}

int top_command(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse, .doc = doc };
	struct wanted wanted = { .interval = 2 };
	struct survey before = {};
	struct timespec then = {};
	int status = EX_OK;
	uint32_t looks;

	argp_parse(&argp, argc, argv, 0, NULL, &wanted);
	for (looks = 0; !status && (!wanted.count || looks < wanted.count); looks++) {
		if (looks)
			sleep(wanted.interval);
		status = look_once(&wanted, &before, &then);
	}
	survey_free(&before);
	return status;
}
