// SPDX-License-Identifier: GPL-2.0-only
#include <unistd.h>

#include "scale.h"

#define DIVISOR	20

int scaled(int count)
{
	if (access("/sys/kernel/debug/kmemleak", F_OK))
		return count;
	return count < DIVISOR ? 1 : count / DIVISOR;
}
