// SPDX-License-Identifier: MIT
/* Numbers in options. */
#include "number.h"

#include <errno.h>
#include <stdlib.h>

unsigned long number_of(const char *text, unsigned long most)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || *end || end == text || *text == '-' || number > most)
		return 0;
	return number;
}
