// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers as people write them: digits and nothing else.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

/* Returns -1 for anything but a decimal number up to most. */
int number_parse(const char *text, uint32_t most, uint32_t *number)
{
	unsigned long value;

	if (!*text || text[strspn(text, "0123456789")])
		return -1;
	errno = 0;
	value = strtoul(text, NULL, 10);
	if (errno || value > most)
		return -1;
	*number = (uint32_t)value;
	return 0;
}
