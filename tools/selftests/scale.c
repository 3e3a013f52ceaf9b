// SPDX-License-Identifier: GPL-2.0-only
#include <unistd.h>

#include "scale.h"

#define DIVISOR	20

bool kernel_looks_for_faults(void)
{
	return !access("/sys/kernel/debug/kmemleak", F_OK);
}

int scaled(int count)
{
	if (!kernel_looks_for_faults())
		return count;
	return count < DIVISOR ? 1 : count / DIVISOR;
}
