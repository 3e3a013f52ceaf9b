// SPDX-License-Identifier: GPL-2.0-only
/* Kinds of calls, see kinds.h. */
#include <stddef.h>

#include "kinds.h"

#define MANGLED_ONCE_IN	4

static const struct kind *const tables[] = {
	device_kinds, context_kinds, identity_kinds, other_kinds,
};

#define TABLES	(sizeof(tables) / sizeof(*tables))

const struct kind *kind_at(unsigned int number)
{
	for (size_t i = 0; i < TABLES; i++)
		for (const struct kind *kind = tables[i]; kind->name; kind++)
			if (!number--)
				return kind;
	return NULL;
}

unsigned int kinds_count(void)
{
	unsigned int count = 0;

	while (kind_at(count))
		count++;
	return count;
}

static unsigned int sum_of_weights(void)
{
	static unsigned int sum;
	unsigned int added = 0;

	if (!sum) {
		for (unsigned int i = 0; kind_at(i); i++)
			added += kind_at(i)->weight;
		sum = added;
	}
	return sum;
}

unsigned int kind_pick(struct prng *prng)
{
	unsigned int at = prng_below(prng, sum_of_weights()), number = 0;

	while (at >= kind_at(number)->weight)
		at -= kind_at(number++)->weight;
	return number;
}

void kind_run(struct worker *worker, unsigned int number)
{
	const struct kind *kind = kind_at(number);
	bool mangled = false;
	int result;

	worker->kind = kind->name;
	if (kind->make) {
		struct request request = { .fd = -1 };

		kind->make(worker, &request);
		mangled = prng_once_in(worker->prng, MANGLED_ONCE_IN);
		if (mangled)
			request_mangle(worker, &request);
		result = request_send(worker, &request, mangled);
	} else {
		result = kind->run(worker);
	}
	tally_count(&worker->seat->tally, number, mangled, result);
	worker->seat->calls++;
}
