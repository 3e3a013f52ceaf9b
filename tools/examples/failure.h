/* SPDX-License-Identifier: MIT */
#ifndef NTIMP_EXAMPLES_FAILURE_H
#define NTIMP_EXAMPLES_FAILURE_H

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends the program, and tells what failed, with what errno says, and what to do next. */
#define fail(status, next_step, ...)					\
	do {								\
		warn(__VA_ARGS__);					\
		fprintf(stderr, "  -> %s\n", next_step);		\
		exit(status);						\
	} while (0)

#endif /* NTIMP_EXAMPLES_FAILURE_H */
