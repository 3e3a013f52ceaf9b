// SPDX-License-Identifier: GPL-2.0-only
#include "../ntimp/redirect.h"
#include "symbol.h"

void *symbol_find(const char *name)
{
	unsigned long address;

	return redirect_find(&name, &address, 1) ? NULL : (void *)address;
}
