// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins, see pin.h.
 *
 * While no context is open nobody begins to impersonate, so that the counts only
 * fall: each of them is read once, one after the other, and still a sum of 0 says
 * that no thread is left.  Who begins all the same, with a context that isn't
 * counted as an open one, settles at once, and so can't cease to before a sum is
 * complete that has missed the beginning.
 *
 * pins_lock protects the reference on the module.  It is a raw one, because
 * identities are taken off where no thread may sleep: in tracepoints and ftrace.
 */
#include <kunit/visibility.h>
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/spinlock.h>

#include "pin.h"

/* Threads that began to impersonate there less those that ceased to. */
DEFINE_PER_CPU(long, ntimp_pins);
#if IS_ENABLED(CONFIG_KUNIT)
EXPORT_PER_CPU_SYMBOL_GPL(ntimp_pins);
#endif

/* No context is open.  Written rarely, and read by each thread that reverts. */
bool ntimp_pins_alone __read_mostly = true;
EXPORT_SYMBOL_IF_KUNIT(ntimp_pins_alone);

/* The threads have a reference on the module; pins_lock */
VISIBLE_IF_KUNIT bool ntimp_pins_held;
EXPORT_SYMBOL_IF_KUNIT(ntimp_pins_held);

static DEFINE_RAW_SPINLOCK(pins_lock);
static atomic_t open_contexts;

/**
 * ntimp_pin_count - how many threads impersonate
 *
 * Those that have put an identity aside are counted, too.
 *
 * Context: any.
 * Return: their number, if nobody begins or ceases to meanwhile.
 */
long ntimp_pin_count(void)
{
	long sum = 0;
	int cpu;

	/* Also those that are offline now: nothing is moved when a CPU goes. */
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(ntimp_pins, cpu));
	return sum;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_pin_count);

/**
 * ntimp_pin_settle - take or drop the reference on the module, if it is time to
 *
 * Context: any but interrupts.
 */
void ntimp_pin_settle(void)
{
	bool alone, needed;

	raw_spin_lock(&pins_lock);
	/* Who opens or closes a context settles after that, so the last is right. */
	alone = !atomic_read(&open_contexts);
	WRITE_ONCE(ntimp_pins_alone, alone);
	smp_mb(); /* pairs with the one in ntimp_pin_put() */
	needed = alone && ntimp_pin_count();
	if (needed && !ntimp_pins_held)
		__module_get(THIS_MODULE);
	else if (!needed && ntimp_pins_held)
		module_put(THIS_MODULE);
	ntimp_pins_held = needed;
	raw_spin_unlock(&pins_lock);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_pin_settle);

/**
 * ntimp_pin_open - one more context is open
 *
 * Context: any but interrupts; the caller keeps the module.
 */
void ntimp_pin_open(void)
{
	if (atomic_inc_return(&open_contexts) == 1)
		ntimp_pin_settle();
}

/**
 * ntimp_pin_close - one context less is open
 *
 * Context: any but interrupts; the caller keeps the module.
 */
void ntimp_pin_close(void)
{
	if (atomic_dec_and_test(&open_contexts))
		ntimp_pin_settle();
}
