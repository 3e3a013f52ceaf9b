/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of ntimp-setids have in common. */
#ifndef SELFTEST_SETIDS_H
#define SELFTEST_SETIDS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SETIDS_LIBRARY	"libntimp-setids.so"

/* Who begins a trace. */
enum setids_role {
	SETIDS_ROOT,		/* user 0 with all capabilities */
	SETIDS_CAPABLE,		/* user 1000 with CAP_SETUID and CAP_SETGID */
	SETIDS_USER,		/* user 1000 without any */
};

/* Before main(): the program is begun anew under the library, if it was not. */
void setids_preload(char **argv);

/*
 * Run many changes of identity, the same for the same @seed, in a process under the
 * library or not; what they returned, and what the process could do after each of
 * them, to be freed.  @worn: how often it acted as a client.  NULL: it failed.
 */
char *setids_trace(unsigned int seed, enum setids_role role, bool under_library,
		   unsigned int *worn);

/* Before main(): in the process that setids_trace() makes, do that and end. */
void setids_trace_here(int argc, char **argv);

#endif /* SELFTEST_SETIDS_H */
