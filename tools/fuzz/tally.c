// SPDX-License-Identifier: GPL-2.0-only
/* Numbers of calls by outcome, see tally.h. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "tally.h"

void tally_count(struct tally *tally, unsigned int kind, bool mangled, long result)
{
	unsigned int outcome = result >= 0 ? 0 : -result;

	if (outcome >= TALLY_ERRNOS)
		outcome = TALLY_ERRNOS - 1;
	tally->counts[kind][mangled][outcome]++;
}

void tally_add(struct tally *sum, const struct tally *tally)
{
	for (int kind = 0; kind < TALLY_KINDS; kind++)
		for (int mangled = 0; mangled < 2; mangled++)
			for (int outcome = 0; outcome < TALLY_ERRNOS; outcome++)
				sum->counts[kind][mangled][outcome] +=
					tally->counts[kind][mangled][outcome];
}

static void print_row(const uint32_t counts[TALLY_ERRNOS], const char *name, const char *how)
{
	unsigned long all = 0;

	for (int outcome = 0; outcome < TALLY_ERRNOS; outcome++)
		all += counts[outcome];
	if (!all)
		return;
	printf("# %-20s %-7s %8lu:", name, how, all);
	for (int outcome = 0; outcome < TALLY_ERRNOS; outcome++)
		if (counts[outcome])
			printf(" %s %u", outcome ? strerrorname_np(outcome) ?: "other" : "ok",
			       counts[outcome]);
	printf("\n");
}

void tally_print(const struct tally *tally, unsigned int kind, const char *name)
{
	print_row(tally->counts[kind][false], name, "");
	print_row(tally->counts[kind][true], name, "mangled");
}
