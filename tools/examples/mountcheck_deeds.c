// SPDX-License-Identifier: MIT
/*
 * What the users of mountcheck do, in rounds: one that is done, one that is refused,
 * and so on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <time.h>

#include "mountcheck_deeds.h"

static struct deed *deed_of(size_t kind)
{
	if (kind < granted_count)
		return &granted_deeds[kind];
	kind -= granted_count;
	return kind < refused_count ? &refused_deeds[kind] : NULL;
}

const char *deed_name(size_t kind)
{
	const struct deed *deed = deed_of(kind);

	return deed ? deed->name : NULL;
}

int deed_expect(const char *name, int error)
{
	struct deed *deed;
	int found = -1;

	for (size_t i = 0; (deed = deed_of(i)); i++) {
		if (strcmp(name, deed->name) && strcmp(name, "all"))
			continue;
		deed->expected = error;
		found = 0;
	}
	return found;
}

static const char *said(int error)
{
	return error ? strerrorname_np(error) : "success";
}

static bool is_denial(int error)
{
	return error == EACCES || error == EPERM;
}

static void judge(struct worker *worker, const struct deed *deed, int got)
{
	struct tally *tally = worker->tally;

	if (got == deed->expected) {
		tally->refused += got != 0;
		return;
	}
	complain(worker, "%s: %s, should be %s", deed->name, said(got), said(deed->expected));
	/* Somebody else would have been let, or not let. */
	if ((deed->expected && !got) || (!deed->expected && is_denial(got)))
		tally->wrong++;
	else
		tally->deviations++;
}

static bool applies(const struct worker *worker, enum need need)
{
	switch (need) {
	case MEMBER:
		return worker->member;
	case OUTSIDER:
		return worker->outsider;
	case OTHERS:
		return worker->other;
	case PRIVILEGED:
		return worker->privileged;
	default:
		return true;
	}
}

/* Another of each in each round. */
static void choose(struct worker *worker)
{
	const struct crowd *crowd = worker->crowd;
	const struct user *me = worker->me;
	size_t mine = (size_t)(me - crowd->users);

	worker->other = NULL;
	if (crowd->count > 1)
		worker->other = &crowd->users[(mine + 1 + worker->round % (crowd->count - 1)) %
					      crowd->count];
	worker->member = me->ngroups;
	if (worker->member)
		worker->inside = me->groups[worker->round % me->ngroups];
	worker->outsider = false;
	for (size_t i = 0; i < crowd->ngroups && !worker->outsider; i++) {
		worker->outside = crowd->groups[(worker->round + i) % crowd->ngroups];
		worker->outsider = !in_group(me, worker->outside);
	}
}

static uint64_t now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (uint64_t)at.tv_sec * 1000000000 + (uint64_t)at.tv_nsec;
}

static void one_deed(struct worker *worker, size_t kind)
{
	const struct deed *deed = deed_of(kind);
	struct tally *tally = worker->tally;
	uint64_t begun;

	if (!applies(worker, deed->need))
		return;
	begun = now();
	judge(worker, deed, deed->run(worker));
	tally->ns[kind] += now() - begun;
	tally->count[kind]++;
	tally->operations++;
}

void deeds_round(struct worker *worker)
{
	choose(worker);
	for (size_t i = 0; i < granted_count || i < refused_count; i++) {
		if (i < granted_count)
			one_deed(worker, i);
		if (i < refused_count)
			one_deed(worker, granted_count + i);
	}
	worker->round++;
}
