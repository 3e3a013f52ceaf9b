/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel interface of ntimp: client contexts, and threads that act as the
 * client.  Results are negative errnos; ownership is said per function.
 *
 * All permission is judged on the primary (objective) cred of the thread that
 * will wear an identity, never on what it wears at the time.
 */
#ifndef _LINUX_NTIMP_H
#define _LINUX_NTIMP_H

#include <linux/capability.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <linux/workqueue.h>
#include <uapi/linux/ntimp.h>

struct cred;
struct group_info;
struct ntimp_context;
struct socket;
struct task_struct;

/* Contexts: each capture gives the caller one reference. */
struct ntimp_context *ntimp_capture_self(const struct ntimp_qos *qos);
struct ntimp_context *ntimp_capture_task(struct task_struct *task,
					 const struct ntimp_qos *qos);
struct ntimp_context *ntimp_capture_primary(struct task_struct *task,
					    const struct ntimp_qos *qos);
struct ntimp_context *ntimp_capture_peer(struct socket *sock,
					 const struct ntimp_qos *qos);
struct ntimp_context *ntimp_capture_ids(kuid_t uid, kgid_t gid,
					struct group_info *groups,
					kernel_cap_t caps,
					const struct ntimp_qos *qos);
struct ntimp_context *ntimp_capture_anonymous(const struct ntimp_qos *qos);
struct ntimp_context *ntimp_context_duplicate(struct ntimp_context *source,
					      const struct ntimp_qos *qos);

struct ntimp_context *ntimp_context_get(struct ntimp_context *ctx);
void ntimp_context_put(struct ntimp_context *ctx);

int ntimp_update(struct ntimp_context *ctx);
int ntimp_revoke(struct ntimp_context *ctx, unsigned int flags);
int ntimp_expire(struct ntimp_context *ctx, u64 lifetime);

/* The current thread. */
int __must_check ntimp_impersonate(struct ntimp_context *ctx);
int __must_check ntimp_impersonate_downgraded(struct ntimp_context *ctx);
int ntimp_revert(void);

/**
 * struct ntimp_aside - an identity that a thread has put aside
 * @worn: what it wore; NULL: nothing is put aside
 * @primary: the thread's primary at that time, for which it was made
 */
struct ntimp_aside {
	const struct cred *worn;
	const struct cred *primary;
};

bool ntimp_disable(struct ntimp_aside *aside);
bool ntimp_restore(struct ntimp_aside *aside);
void ntimp_forget(struct ntimp_aside *aside);

/* Another thread. */
int __must_check ntimp_impersonate_task(struct ntimp_context *ctx,
					struct task_struct *task,
					unsigned int flags);
int __must_check ntimp_revert_task(struct task_struct *task);

/**
 * struct ntimp_work - a function that runs as a client in a workqueue
 * @base: of the workqueue
 * @ctx: the client, one handle; NULL while it isn't queued
 * @fn: what to do, as the client
 * @done: told afterwards what came of it
 * @state: of dispatch.c
 *
 * Part of a struct of the caller's, who has container_of().  The members are
 * for ntimp alone.
 */
struct ntimp_work {
	struct work_struct base;
	struct ntimp_context *ctx;
	void (*fn)(struct ntimp_work *work);
	void (*done)(struct ntimp_work *work, int err);
	unsigned long state;
};

void ntimp_work_init(struct ntimp_work *work,
		     void (*fn)(struct ntimp_work *work),
		     void (*done)(struct ntimp_work *work, int err));
int __must_check ntimp_queue_work(struct workqueue_struct *wq,
				  struct ntimp_work *work,
				  struct ntimp_context *ctx);
bool ntimp_cancel_work(struct ntimp_work *work);

#endif /* _LINUX_NTIMP_H */
