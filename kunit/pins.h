/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KUNIT_PINS_H
#define _KUNIT_PINS_H

/* The use count of ntimp: what an impersonating thread adds one to. */
int ntimp_pins(void);

#endif /* _KUNIT_PINS_H */
