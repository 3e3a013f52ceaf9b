/* SPDX-License-Identifier: GPL-2.0-only */
/* Deferred cleanup: what a case made goes away with the case, however it ends. */
#ifndef _KUNIT_DEFER_H
#define _KUNIT_DEFER_H

struct kunit;

/*
 * Call @undo(@what) when the case is over, last come first.  If that can't be
 * promised it is called at once, and the case ends.
 */
void defer(struct kunit *test, void (*undo)(const void *what), const void *what);

#endif /* _KUNIT_DEFER_H */
