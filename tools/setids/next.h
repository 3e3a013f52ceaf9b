/* SPDX-License-Identifier: LGPL-2.1-only */
#ifndef NTIMP_SETIDS_NEXT_H
#define NTIMP_SETIDS_NEXT_H

/*
 * The function of this name that the program would have without us.  Of one type
 * for all; ends the process if there is none.
 */
typedef void (*next_fn)(void);
next_fn next_found(const char *name);

/* Looked up once for each place that calls it. */
#define NEXT(name) ({									\
	static __typeof__(name) *found;							\
	__typeof__(name) *function = __atomic_load_n(&found, __ATOMIC_RELAXED);	\
											\
	if (!function) {								\
		function = (__typeof__(name) *)next_found(#name);			\
		__atomic_store_n(&found, function, __ATOMIC_RELAXED);			\
	}										\
	function;									\
})

/* A system call, not by way of our own syscall().  -1 and errno. */
long next_syscall(long number, long a, long b, long c, long d, long e, long f);

#endif /* NTIMP_SETIDS_NEXT_H */
