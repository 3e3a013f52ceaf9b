// SPDX-License-Identifier: GPL-2.0-only
/* Measuring, and printing what was measured, see figure.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "figure.h"

/* A batch is much shorter than the 4,000,000 instructions between two timer ticks. */
#define BATCH_TICKS	100000
#define BATCH_MOST	1000
#define REPEAT_LEAST	5
#define REPEAT_MOST	50
#define WARM_UPS	3
/* What takes longer than this is done fewer times. */
#define LONG_TICKS	10000000
#define REPEAT_LONG	2

/* Many times what the kernel puts off freeing for: some timer ticks. */
#define WHOLE_BUDGETS	8
#define CALM_MICROSECONDS	100000

static bool counts_instructions;
static uint64_t budget_each;

static uint64_t nanoseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

void figure_begin(uint64_t budget)
{
	counts_instructions = instructions_are_counted();
	budget_each = budget;
}

bool figure_counts_instructions(void)
{
	return counts_instructions;
}

uint64_t figure_now(void)
{
	return counts_instructions ? instructions_now() : nanoseconds_now();
}

static const char *unit(void)
{
	return counts_instructions ? "instructions" : "ns";
}

static struct json_object *figure_new(const char *name, long number, const char *unit)
{
	struct json_object *figure = json_object_new_object();
	char full[64];

	if (number == FIGURE_PLAIN)
		snprintf(full, sizeof(full), "%s", name);
	else
		snprintf(full, sizeof(full), "%s/%ld", name, number);
	json_object_object_add(figure, "name", json_object_new_string(full));
	json_object_object_add(figure, "unit", json_object_new_string(unit));
	return figure;
}

static void add_number(struct json_object *figure, const char *key, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.2f", value);
	json_object_object_add(figure, key, json_object_new_double_s(value, text));
}

static int figure_end(struct json_object *figure)
{
	puts(json_object_to_json_string_ext(figure, JSON_C_TO_STRING_PLAIN));
	fflush(stdout);
	json_object_put(figure);
	return 0;
}

static uint64_t between(uint64_t least, uint64_t value, uint64_t most)
{
	return value < least ? least : value > most ? most : value;
}

/* The first times fill caches. */
static uint64_t warm_up(int (*operation)(int run, void *arg), void *arg)
{
	uint64_t least = UINT64_MAX;

	for (int run = 0; run < WARM_UPS && (!run || least < LONG_TICKS); run++) {
		uint64_t started = figure_now(), spent;

		operation(run, arg);
		spent = figure_now() - started;
		least = spent < least ? spent : least;
	}
	return least ?: 1;
}

static struct cost cost_of(uint64_t once, int (*operation)(int run, void *arg), void *arg,
			   int *runs)
{
	int least = once < LONG_TICKS ? REPEAT_LEAST : REPEAT_LONG;
	int batch = between(1, BATCH_TICKS / once, BATCH_MOST);
	int repetitions = between(least, budget_each / (batch * once), REPEAT_MOST);

	*runs = batch * repetitions;
	return cost_by(figure_now, batch, repetitions, operation, arg);
}

/* NULL: the operation failed. */
static struct json_object *figure_measure(const char *name, long number, uint64_t once,
					  int (*operation)(int run, void *arg), void *arg)
{
	struct json_object *figure;
	int runs;
	struct cost cost = cost_of(once, operation, arg, &runs);

	if (!cost.least)
		return NULL;
	figure = figure_new(name, number, unit());
	add_number(figure, "value", cost.least / 100.0);
	add_number(figure, "mean", cost.mean / 100.0);
	json_object_object_add(figure, "runs", json_object_new_int(runs));
	return figure;
}

int figure_of(const char *name, long number, int (*operation)(int run, void *arg), void *arg)
{
	struct json_object *figure = figure_measure(name, number, warm_up(operation, arg),
						    operation, arg);

	return figure ? figure_end(figure) : figure_failed(name, number, 0);
}

int figure_whole_of(const char *name, long number, int (*operation)(int run, void *arg),
		    void *arg)
{
	uint64_t once = warm_up(operation, arg);
	struct json_object *figure = figure_measure(name, number, once, operation, arg);
	int runs = between(REPEAT_LONG, WHOLE_BUDGETS * budget_each / once, INT_MAX);
	struct cost whole;

	if (!figure)
		return figure_failed(name, number, 0);
	/* What was put off before is not to be counted here. */
	usleep(CALM_MICROSECONDS);
	whole = cost_by(figure_now, runs, 1, operation, arg);
	add_number(figure, "whole", whole.mean / 100.0);
	return figure_end(figure);
}

int figure_of_times(const char *name, long number, const uint64_t *times, int count)
{
	uint64_t least = UINT64_MAX, sum = 0;
	struct json_object *figure;

	for (int i = 0; i < count; i++) {
		least = times[i] < least ? times[i] : least;
		sum += times[i];
	}
	figure = figure_new(name, number, unit());
	add_number(figure, "value", least);
	add_number(figure, "mean", (double)sum / count);
	json_object_object_add(figure, "runs", json_object_new_int(count));
	return figure_end(figure);
}

int figure_put(const char *name, long number, const char *of_unit, double value)
{
	struct json_object *figure = figure_new(name, number, of_unit);

	add_number(figure, "value", value);
	return figure_end(figure);
}

int figure_text(const char *name, const char *text)
{
	struct json_object *figure = figure_new(name, FIGURE_PLAIN, "text");

	json_object_object_add(figure, "value", json_object_new_string(text));
	return figure_end(figure);
}

int figure_failed(const char *name, long number, int err)
{
	fprintf(stderr, "error: %s/%ld failed: %s\n", name, number,
		err ? strerror(err < 0 ? -err : err) : "an operation returned an error");
	return -1;
}

void figure_progress(const char *what)
{
	fprintf(stderr, "  %s\n", what);
}
