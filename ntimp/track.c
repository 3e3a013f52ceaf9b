// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dynamic tracking: a context follows its client, but only where that can do
 * no harm: the client may narrow what it was when it was captured.
 *
 * A client that could lead its server anywhere would make root of it, by
 * executing a set-user-id program.
 */
#include <kunit/visibility.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <uapi/linux/ntimp.h>

#include "cred.h"
#include "track.h"

static const struct cred *cred_of(const struct ntimp_tracker *tracker,
				  struct task_struct *task)
{
	return tracker->primary ? get_task_cred(task) : ntimp_cred_of_task(task);
}

static struct ntimp_tracker *track(struct task_struct *task, unsigned int level,
				   bool primary)
{
	struct ntimp_tracker *tracker;
	const struct cred *cred;

	tracker = kzalloc(sizeof(*tracker), GFP_KERNEL_ACCOUNT);
	if (!tracker)
		return ERR_PTR(-ENOMEM);

	tracker->primary = primary;
	/*
	 * Of a thread that executes a program meanwhile the former number and
	 * the later cred are kept: it is never followed.
	 */
	tracker->exec_id = READ_ONCE(task->self_exec_id);
	smp_rmb(); /* the number, then the cred */
	cred = cred_of(tracker, task);
	if (IS_ERR(cred)) {
		kfree(tracker);
		return ERR_CAST(cred);
	}
	tracker->thread = get_task_pid(task, PIDTYPE_PID);
	tracker->first = cred;
	tracker->seen = get_cred(cred);
	tracker->level = max_t(unsigned int, level, NTIMP_LEVEL_IMPERSONATION);
	return tracker;
}

/**
 * ntimp_track - begin to follow a thread
 * @task: the thread; the caller holds a reference on it, and may look at it
 * @level: enum ntimp_level of the context
 *
 * Context: process context, may sleep.
 * Return: for ntimp_track_end(); -EBUSY: as ntimp_cred_of_task(); -ENOMEM.
 */
struct ntimp_tracker *ntimp_track(struct task_struct *task, unsigned int level)
{
	return track(task, level, false);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_track);

/**
 * ntimp_track_primary - begin to follow who a thread is, whatever it wears
 * @task: the thread; the caller holds a reference on it, and may look at it
 * @level: enum ntimp_level of the context
 *
 * Context: process context, may sleep.
 * Return: for ntimp_track_end(); -ENOMEM.
 */
struct ntimp_tracker *ntimp_track_primary(struct task_struct *task,
					  unsigned int level)
{
	return track(task, level, true);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_track_primary);

/**
 * ntimp_track_end - cease to follow a thread
 * @tracker: from ntimp_track(), or NULL for nothing
 *
 * Context: any.
 */
void ntimp_track_end(struct ntimp_tracker *tracker)
{
	if (!tracker)
		return;
	put_pid(tracker->thread);
	put_cred(tracker->first);
	put_cred(tracker->seen);
	kfree(tracker);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_track_end);

static bool has_user(const struct cred *first, kuid_t uid)
{
	return uid_eq(uid, first->uid) || uid_eq(uid, first->euid) ||
	       uid_eq(uid, first->suid) || uid_eq(uid, first->fsuid);
}

static bool is_listed(const struct group_info *groups, kgid_t gid)
{
	int i;

	for (i = 0; i < groups->ngroups; i++)
		if (gid_eq(gid, groups->gid[i]))
			return true;
	return false;
}

static bool has_group(const struct cred *first, kgid_t gid)
{
	return gid_eq(gid, first->gid) || gid_eq(gid, first->egid) ||
	       gid_eq(gid, first->sgid) || gid_eq(gid, first->fsgid) ||
	       is_listed(first->group_info, gid);
}

/* Both lists are sorted. */
static bool groups_are_subset(const struct group_info *some,
			      const struct group_info *all)
{
	int i, j = 0;

	for (i = 0; i < some->ngroups; i++, j++) {
		while (j < all->ngroups && gid_lt(all->gid[j], some->gid[i]))
			j++;
		if (j == all->ngroups || !gid_eq(all->gid[j], some->gid[i]))
			return false;
	}
	return true;
}

/* Nothing that it wasn't, or couldn't have made itself without a privilege. */
static bool narrows(const struct cred *cred, const struct cred *first)
{
	return cred->user_ns == first->user_ns &&
	       has_user(first, cred->uid) && has_user(first, cred->euid) &&
	       has_user(first, cred->suid) && has_user(first, cred->fsuid) &&
	       has_group(first, cred->gid) && has_group(first, cred->egid) &&
	       has_group(first, cred->sgid) && has_group(first, cred->fsgid) &&
	       groups_are_subset(cred->group_info, first->group_info) &&
	       cap_issubset(cred->cap_permitted, first->cap_permitted) &&
	       cap_issubset(cred->cap_effective, first->cap_effective);
}

/* As whom the thread acts, if it may be followed there; NULL otherwise. */
static const struct cred *follow(const struct ntimp_tracker *tracker,
				 struct task_struct *task)
{
	const struct cred *cred = cred_of(tracker, task);

	if (IS_ERR(cred))
		return NULL;
	/*
	 * A program that is executed changes the number first and the cred
	 * then, so whose cred is a new program's has its number.
	 */
	smp_rmb(); /* the cred, then the number */
	if (READ_ONCE(task->self_exec_id) == tracker->exec_id &&
	    !(READ_ONCE(task->flags) & PF_EXITING) &&
	    ntimp_cred_level_ceiling(cred) >= tracker->level &&
	    (cred == tracker->seen || narrows(cred, tracker->first)))
		return cred;
	put_cred(cred);
	return NULL;
}

/**
 * ntimp_track_look - look at a thread again
 * @tracker: the tracker; the caller lets nobody else look at a time
 *
 * Context: process context, may sleep.
 * Return: as whom the thread acts now, a reference for the caller; NULL: that
 * hasn't changed, or it can't be followed, see &ntimp_tracker.stale.
 */
const struct cred *ntimp_track_look(struct ntimp_tracker *tracker)
{
	struct task_struct *task = get_pid_task(tracker->thread, PIDTYPE_PID);
	const struct cred *cred = NULL;

	if (task) {
		cred = follow(tracker, task);
		put_task_struct(task);
	}
	WRITE_ONCE(tracker->stale, !cred);
	if (cred != tracker->seen && cred) {
		put_cred(tracker->seen);
		tracker->seen = get_cred(cred);
		return cred;
	}
	if (cred)
		put_cred(cred);
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_track_look);
