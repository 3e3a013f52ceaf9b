/* SPDX-License-Identifier: LGPL-2.1-only */
#ifndef NTIMP_SETIDS_THREAD_H
#define NTIMP_SETIDS_THREAD_H

#include <stdbool.h>

#include "identity.h"

/*
 * The calling thread as the program sees it, for reading; NULL: out of memory.  Also
 * reads anew what another thread may have changed.
 */
const struct identity *thread_identity(void);

/* Whether what the kernel says of the calling thread is not what the program wants. */
bool thread_is_worn(void);
/* As thread_identity(), without a look at the kernel; only where thread_is_worn(). */
const struct identity *thread_wanted(void);

/*
 * The calling thread becomes @next or stays what it is: by a context, or by reverting.
 * The groups are those of thread_identity(), or new ones that are taken over.
 * @needed: capabilities that the call takes, whatever it changes.  False: it has to be
 * done by the kernel.
 */
bool thread_serve(struct identity *next, uint64_t needed);

/*
 * What the kernel takes the calling thread for becomes what the program wants, if it
 * isn't.  For what the kernel is to judge or to hand on.
 */
void thread_settle(void);
/* After that: look at what the kernel has made of it. */
void thread_read_again(void);

/*
 * Around calls which change all threads: -EAGAIN if another one acts as a client, in
 * which the C library would end the process.
 */
int thread_begin_all(void);
void thread_end_all(void);

#endif /* NTIMP_SETIDS_THREAD_H */
