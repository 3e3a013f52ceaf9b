/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of ntimp-setids have in common. */
#ifndef SELFTEST_SETIDS_H
#define SELFTEST_SETIDS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SETIDS_LIBRARY	"libntimp-setids.so"
#define SETIDS_SECONDS	1200	/* against a hang */

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
 * library and in one without: was what they returned, and what the processes could do
 * after each of them, the same?  Says what was not.  @worn: how often the one under the
 * library acted as a client, while the other one never may.
 */
bool setids_is_same(unsigned int seed, enum setids_role role, unsigned int *worn);

/* Before main(): in the process that setids_is_same() makes, do that and end. */
void setids_trace_here(int argc, char **argv);

#endif /* SELFTEST_SETIDS_H */
