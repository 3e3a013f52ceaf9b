/* SPDX-License-Identifier: GPL-2.0-only */
/* How often each kind of call was made, and how it ended. */
#ifndef FUZZ_TALLY_H
#define FUZZ_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#define TALLY_KINDS	64
#define TALLY_ERRNOS	134	/* 0: success; the last one: all that are greater */

/**
 * struct tally - numbers of calls
 * @counts: by kind, whether its arguments were mangled, and outcome
 */
struct tally {
	uint32_t counts[TALLY_KINDS][2][TALLY_ERRNOS];
};

/* @result is >= 0 or -errno. */
void tally_count(struct tally *tally, unsigned int kind, bool mangled, long result);
void tally_add(struct tally *sum, const struct tally *tally);
/* One line for a kind, none if it never was. */
void tally_print(const struct tally *tally, unsigned int kind, const char *name);

#endif /* FUZZ_TALLY_H */
