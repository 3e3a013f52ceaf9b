/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KUNIT_SYMBOL_H
#define _KUNIT_SYMBOL_H

/* A function of the kernel that modules can't link to; NULL: there is none. */
void *symbol_find(const char *name);

#endif /* _KUNIT_SYMBOL_H */
