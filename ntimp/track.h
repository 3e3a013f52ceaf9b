/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_TRACK_H
#define _NTIMP_TRACK_H

#include <linux/types.h>

struct cred;
struct pid;
struct task_struct;

/**
 * struct ntimp_tracker - the thread that a dynamic context follows
 * @thread: the thread; one reference, so that its number can't come to mean
 *	another one
 * @exec_id: changes with each program that the thread's process executes
 * @first: as whom the thread acted when it was captured; one reference
 * @seen: as whom it acted when it was last followed; one reference, so that the
 *	pointer can't come to mean another cred
 * @level: what the thread's own identity must allow to be captured at
 * @primary: it is the thread's primary that is followed, not whom it acts as
 * @stale: at the last look the thread couldn't be followed
 *
 * All but the references are fixed, except @seen and @stale, which are written
 * by one look at a time.
 */
struct ntimp_tracker {
	struct pid *thread;
	u64 exec_id;
	const struct cred *first;
	const struct cred *seen;
	unsigned int level;
	bool primary;
	bool stale;
};

struct ntimp_tracker *ntimp_track(struct task_struct *task, unsigned int level);
struct ntimp_tracker *ntimp_track_primary(struct task_struct *task,
					  unsigned int level);
const struct cred *ntimp_track_look(struct ntimp_tracker *tracker);
void ntimp_track_end(struct ntimp_tracker *tracker);

#endif /* _NTIMP_TRACK_H */
