/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CAPABILITY_H
#define CAPABILITY_H

#include <stdint.h>
#include <stdio.h>

struct json_object;

/* Sets of capabilities are masks: bit N is capability N. */

uint64_t capability_all(void);
void capability_print(FILE *stream, uint64_t caps);
struct json_object *capability_json(uint64_t caps);
int capability_parse(const char *names, uint64_t *caps);

#endif /* CAPABILITY_H */
