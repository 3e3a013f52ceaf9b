/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Telling the NT front when a thread leaves an identity, for which it has put
 * something down that NT knows of threads and the core doesn't.
 *
 * Behind a static key: nobody pays for it until a driver uses that front.
 */
#ifndef _NTIMP_DEPARTURE_H
#define _NTIMP_DEPARTURE_H

#include <linux/cred.h>
#include <linux/jump_label.h>

DECLARE_STATIC_KEY_FALSE(ntimp_departures_watched);

void ntimp_departure_from(const struct cred *worn);
void ntimp_departure_from_life(void);

/**
 * ntimp_departs - the current thread won't wear this any more
 * @worn: what it wears still, or had put aside
 *
 * Context: any but interrupts.
 */
static __always_inline void ntimp_departs(const struct cred *worn)
{
	if (static_branch_unlikely(&ntimp_departures_watched))
		ntimp_departure_from(worn);
}

/**
 * ntimp_departs_for_good - the current thread exits
 *
 * Context: any but interrupts.
 */
static __always_inline void ntimp_departs_for_good(void)
{
	if (static_branch_unlikely(&ntimp_departures_watched))
		ntimp_departure_from_life();
}

#endif /* _NTIMP_DEPARTURE_H */
