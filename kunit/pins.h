/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KUNIT_PINS_H
#define _KUNIT_PINS_H

struct kunit;
struct module;

/*
 * References on ntimp.ko: ours, and one for each thread that impersonates, whether the
 * module's own count has these or not.
 */
int pins(struct kunit *test);

/* Drop one that was lost. */
void pins_drop(struct kunit *test);

/* ntimp.ko itself. */
struct module *pins_module(struct kunit *test);

#endif /* _KUNIT_PINS_H */
