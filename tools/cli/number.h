/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NUMBER_H
#define NUMBER_H

#include <stdint.h>

int number_parse(const char *text, uint32_t most, uint32_t *number);

#endif /* NUMBER_H */
