/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pins: threads that impersonate keep the module, whose guards they rely on.
 *
 * An open context keeps the module anyway (by its file, or by the module that has
 * a handle), so that as long as there is one the threads are only counted, each on
 * the CPU where it is.  When the last one is closed the module gets one reference
 * for all threads that are left, which the last of them to revert drops.
 */
#ifndef _NTIMP_PIN_H
#define _NTIMP_PIN_H

#include <linux/compiler.h>
#include <linux/kconfig.h>
#include <linux/percpu.h>
#include <linux/types.h>

DECLARE_PER_CPU(long, ntimp_pins);
extern bool ntimp_pins_alone;
#if IS_ENABLED(CONFIG_KUNIT)
extern bool ntimp_pins_held;
#endif

void ntimp_pin_settle(void);
void ntimp_pin_open(void);
void ntimp_pin_close(void);
long ntimp_pin_count(void);

/**
 * ntimp_pin_get - the current thread is about to impersonate
 *
 * A context is open until it does: whoever closes the last one sees the pin.  Or
 * the context is one that isn't counted: then the thread itself settles before it
 * does anything else, and what it takes off again is not seen before that.
 *
 * Context: any.
 */
static __always_inline void ntimp_pin_get(void)
{
	this_cpu_inc(ntimp_pins);
}

/**
 * ntimp_pin_put - the current thread impersonates no longer
 *
 * On another CPU, perhaps, than where it began: only the sum means something.
 * The module may be unloaded afterwards, which waits until the thread has slept or
 * is in user space, see ntimp_guard_disarm().
 *
 * Context: any but interrupts.
 */
static __always_inline void ntimp_pin_put(void)
{
	this_cpu_dec(ntimp_pins);
	/*
	 * The pin, then whether it is the last: pairs with the barrier in
	 * ntimp_pin_settle(), so that one of the two sees the other.
	 */
	smp_mb();
	if (unlikely(READ_ONCE(ntimp_pins_alone)))
		ntimp_pin_settle();
}

#endif /* _NTIMP_PIN_H */
