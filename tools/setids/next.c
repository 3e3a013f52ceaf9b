// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The C library behind us.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "next.h"

next_fn next_found(const char *name)
{
	union {
		void *object;
		next_fn function;
	} found = { .object = dlsym(RTLD_NEXT, name) };

	if (!found.object) {
		fprintf(stderr, "ntimp-setids: the C library has no %s()\n"
			"  -> run the program without ntimp-setids\n", name);
		abort();
	}
	return found.function;
}

long next_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	return NEXT(syscall)(number, a, b, c, d, e, f);
}
