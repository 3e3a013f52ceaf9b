/* SPDX-License-Identifier: MIT */
#ifndef NTIMP_EXAMPLES_JSON_H
#define NTIMP_EXAMPLES_JSON_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Prints the body of an answer to LIST, STAT or WHOAMI, behind which there is a NUL;
 * -1: it is not well-formed.
 */
int json_print(FILE *out, uint32_t operation, const char *body, size_t size);

#endif /* NTIMP_EXAMPLES_JSON_H */
