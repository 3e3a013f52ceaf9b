/* SPDX-License-Identifier: GPL-2.0-only */
/* The kinds of calls that workers make. */
#ifndef FUZZ_KINDS_H
#define FUZZ_KINDS_H

#include "request.h"
#include "worker.h"

/**
 * struct kind - a kind of call
 * @name: for messages and the tally
 * @weight: how often it is made, in proportion to others: less often what takes
 *	the kernel long, or nothing else would be tried in reasonable time
 * @make: makes the request of an ioctl, as it should be; or NULL, and
 * @run: makes the call and looks at what came of it: >= 0 or -errno
 */
struct kind {
	const char *name;
	unsigned int weight;
	void (*make)(struct worker *worker, struct request *request);
	int (*run)(struct worker *worker);
};

/* Each table ends with a row without a name. */
extern const struct kind device_kinds[];
extern const struct kind context_kinds[];
extern const struct kind identity_kinds[];
extern const struct kind other_kinds[];

/* Number of kinds, all tables taken together, and one of them. */
unsigned int kinds_count(void);
const struct kind *kind_at(unsigned int number);
/* At random. */
unsigned int kind_pick(struct prng *prng);

/* Make a call of this kind, and count it. */
void kind_run(struct worker *worker, unsigned int number);

#endif /* FUZZ_KINDS_H */
