// SPDX-License-Identifier: GPL-2.0-only
/*
 * Capture: from each source to a context.
 *
 * A capture confers nothing: whether a server may act as the client is asked
 * when it does.  What is asked here is whether the caller may know the client,
 * may make one up, or may let a system worker act as the client for others.
 */
#include <linux/audit.h>
#include <linux/bits.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/highuid.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <net/sock.h>

#include "audit.h"
#include "compat.h"
#include "context.h"
#include "cred.h"
#include "gate.h"
#include "track.h"

/* What only some sources allow, as bits. */
#define CAN_TRACK	BIT(0)
#define CAN_CONSENT	BIT(1)

static int qos_check(const struct ntimp_qos *qos, unsigned int can)
{
	if (qos->level > NTIMP_LEVEL_DELEGATION ||
	    qos->tracking > NTIMP_TRACKING_DYNAMIC ||
	    qos->effective_only > 1 ||
	    qos->flags & ~(NTIMP_QOS_CONSENT | NTIMP_QOS_DISPATCH))
		return -EINVAL;
	if (qos->flags & NTIMP_QOS_CONSENT && !(can & CAN_CONSENT))
		return -EINVAL;
	if (qos->tracking == NTIMP_TRACKING_DYNAMIC && !(can & CAN_TRACK))
		return -EOPNOTSUPP;
	return 0;
}

/* Nobody lets a worker act as whom he can't act as himself. */
static int dispatch_check(const struct ntimp_qos *qos, const struct cred *client)
{
	enum ntimp_reason reason;

	if (!(qos->flags & NTIMP_QOS_DISPATCH))
		return 0;
	reason = ntimp_gate_reason(current_real_cred(), client);
	return reason ? ntimp_refuse("capture", reason, NULL, client) : 0;
}

/* Says that it was made, if it was. */
static struct ntimp_context *recorded(struct ntimp_context *ctx)
{
	if (!IS_ERR(ctx))
		ntimp_record_capture(ctx);
	return ctx;
}

/* Consumes the reference on the client, who may be an ERR_PTR(). */
static struct ntimp_context *context_of(enum ntimp_source source,
					const struct ntimp_qos *qos,
					const struct cred *client)
{
	int err;

	if (IS_ERR(client))
		return ERR_CAST(client);
	err = dispatch_check(qos, client);
	if (err) {
		put_cred(client);
		return ERR_PTR(err);
	}
	return ntimp_context_create(source, qos, client);
}

/* Consumes the tracker, who may be an ERR_PTR(). */
static struct ntimp_context *context_following(enum ntimp_source source,
					       const struct ntimp_qos *qos,
					       struct ntimp_tracker *tracker)
{
	struct ntimp_context *ctx;

	if (IS_ERR(tracker))
		return ERR_CAST(tracker);
	ctx = context_of(source, qos, get_cred(tracker->first));
	if (IS_ERR(ctx))
		ntimp_track_end(tracker);
	else
		ctx->tracker = tracker;
	return ctx;
}

/* Of a thread: the login that it began with is part of what is told. */
static struct ntimp_context *recorded_of(struct task_struct *task,
					 struct ntimp_context *ctx)
{
	if (!IS_ERR(ctx))
		ctx->auid = audit_get_loginuid(task);
	return recorded(ctx);
}

static struct ntimp_context *context_of_task(enum ntimp_source source,
					     const struct ntimp_qos *qos,
					     struct task_struct *task)
{
	struct ntimp_context *ctx;

	if (qos->tracking == NTIMP_TRACKING_STATIC)
		ctx = context_of(source, qos, ntimp_cred_of_task(task));
	else
		ctx = context_following(source, qos,
					ntimp_track(task, qos->level));
	return recorded_of(task, ctx);
}

/**
 * ntimp_capture_self - a context of the current thread
 * @qos: quality of service
 *
 * The identity with which the thread acts: the client's, if it impersonates.
 *
 * Context: process context, may sleep.
 * Return: a context with a handle for the caller; -EINVAL: bad @qos; -EPERM: the
 * thread impersonates at a lower level, or would consent while it is somebody
 * else, or let a worker do what it may not do itself; -EDQUOT; -ENOMEM.
 */
struct ntimp_context *ntimp_capture_self(const struct ntimp_qos *qos)
{
	int err = qos_check(qos, CAN_TRACK | CAN_CONSENT);

	/* Nobody consents in another's name. */
	if (!err && qos->flags & NTIMP_QOS_CONSENT &&
	    current_cred() != current_real_cred())
		err = ntimp_refuse("capture", NTIMP_REASON_NOT_ITSELF, NULL,
				   current_cred());
	if (err)
		return ERR_PTR(err);
	return context_of_task(NTIMP_SOURCE_SELF, qos, current);
}
EXPORT_SYMBOL_GPL(ntimp_capture_self);

/* May a context be made of another thread? */
static int other_check(const struct ntimp_qos *qos, struct task_struct *task)
{
	return qos_check(qos, CAN_TRACK) ?: ntimp_gate_look_for("capture", task);
}

/**
 * ntimp_capture_task - a context of a thread
 * @task: the thread; the caller holds a reference on it
 * @qos: quality of service
 *
 * Context: process context, may sleep.
 * Return: a context with a handle for the caller; -EINVAL: bad @qos;
 * -EPERM: the caller may not ask who @task is, or let a worker act as @task, or
 * @task impersonates at a lower level; -EBUSY: @task is inside an override of
 * somebody else's; -EDQUOT; -ENOMEM.
 */
struct ntimp_context *ntimp_capture_task(struct task_struct *task,
					 const struct ntimp_qos *qos)
{
	int err = other_check(qos, task);

	if (err)
		return ERR_PTR(err);
	return context_of_task(NTIMP_SOURCE_THREAD, qos, task);
}
EXPORT_SYMBOL_GPL(ntimp_capture_task);

/**
 * ntimp_capture_primary - a context of who a thread is, whatever it wears
 * @task: the thread; the caller holds a reference on it
 * @qos: quality of service
 *
 * Context: process context, may sleep.
 * Return: as ntimp_capture_task(), but neither -EBUSY nor -EPERM for what @task
 * wears.
 */
struct ntimp_context *ntimp_capture_primary(struct task_struct *task,
					    const struct ntimp_qos *qos)
{
	int err = other_check(qos, task);
	struct ntimp_context *ctx;

	if (err)
		return ERR_PTR(err);
	if (qos->tracking == NTIMP_TRACKING_STATIC)
		ctx = context_of(NTIMP_SOURCE_THREAD, qos, get_task_cred(task));
	else
		ctx = context_following(NTIMP_SOURCE_THREAD, qos,
					ntimp_track_primary(task, qos->level));
	return recorded_of(task, ctx);
}
EXPORT_SYMBOL_GPL(ntimp_capture_primary);

static const struct cred *peer_cred(struct sock *sk)
{
	const struct cred *cred;

	if (sk->sk_family != AF_UNIX)
		return ERR_PTR(-EOPNOTSUPP);

	spin_lock(&sk->sk_peer_lock);
	cred = get_cred(sk->sk_peer_cred);
	spin_unlock(&sk->sk_peer_lock);
	return cred ?: ERR_PTR(-ENOTCONN);
}

/**
 * ntimp_capture_peer - a context of whom a socket is connected to
 * @sock: the socket
 * @qos: quality of service
 *
 * The cred is the one with which the peer acted when it connected; no pid is
 * trusted.  The peer of one end of a socketpair, and of a listening socket, is
 * who made it.
 *
 * Context: process context, may sleep.
 * Return: a context with a handle for the caller; -EINVAL: bad @qos;
 * -EOPNOTSUPP: dynamic tracking, or not an AF_UNIX socket; -ENOTCONN: it has
 * no peer; -EPERM: the peer impersonated at a lower level, or the caller may not
 * let a worker act as the peer; -EDQUOT; -ENOMEM.
 */
struct ntimp_context *ntimp_capture_peer(struct socket *sock,
					 const struct ntimp_qos *qos)
{
	int err = qos_check(qos, 0);

	if (err)
		return ERR_PTR(err);
	return recorded(context_of(NTIMP_SOURCE_PEER, qos, peer_cred(sock->sk)));
}
EXPORT_SYMBOL_GPL(ntimp_capture_peer);

static bool groups_valid(const struct group_info *groups)
{
	int i;

	for (i = 0; i < groups->ngroups; i++)
		if (!gid_valid(groups->gid[i]))
			return false;
	return true;
}

/**
 * ntimp_capture_ids - a context of a client of whom only ids are known
 * @uid: the user
 * @gid: the group
 * @groups: supplementary groups, sorted; the context gets its own reference
 * @caps: capabilities
 * @qos: quality of service
 *
 * Context: process context, may sleep.
 * Return: a context with a handle for the caller; -EINVAL: bad @qos or an id
 * that isn't one; -EOPNOTSUPP: dynamic tracking; -EPERM: the caller's primary
 * lacks CAP_SETUID, CAP_SETGID or one of @caps, or isn't root and would let a
 * worker act as root; -EDQUOT; -ENOMEM.
 */
struct ntimp_context *ntimp_capture_ids(kuid_t uid, kgid_t gid,
					struct group_info *groups,
					kernel_cap_t caps,
					const struct ntimp_qos *qos)
{
	const struct cred *maker = current_real_cred();
	int err = qos_check(qos, 0);

	if (!err && (!uid_valid(uid) || !gid_valid(gid) || !groups_valid(groups)))
		err = -EINVAL;
	if (!err && ntimp_gate_logon(maker))
		err = ntimp_refuse("capture", NTIMP_REASON_NO_SETID, NULL, NULL);
	/* Or whoever is handed the context could be talked into using them. */
	if (!err && !cap_issubset(caps, maker->cap_permitted))
		err = ntimp_refuse("capture", NTIMP_REASON_CAPS, NULL, NULL);
	if (err)
		return ERR_PTR(err);
	return recorded(context_of(NTIMP_SOURCE_IDS, qos,
				   ntimp_cred_from_ids(uid, gid, groups, caps)));
}
EXPORT_SYMBOL_GPL(ntimp_capture_ids);

/**
 * ntimp_capture_anonymous - a context of nobody
 * @qos: quality of service
 *
 * Context: process context, may sleep.
 * Return: a context with a handle for the caller; -EINVAL: bad @qos;
 * -EOPNOTSUPP: dynamic tracking; -EPERM: the caller may not let a worker act as
 * nobody; -EDQUOT; -ENOMEM.
 */
struct ntimp_context *ntimp_capture_anonymous(const struct ntimp_qos *qos)
{
	struct group_info *none;
	const struct cred *client;
	int err = qos_check(qos, 0);

	if (err)
		return ERR_PTR(err);
	none = groups_alloc(0);
	if (!none)
		return ERR_PTR(-ENOMEM);

	client = ntimp_cred_from_ids(KUIDT_INIT(overflowuid),
				     KGIDT_INIT(overflowgid), none,
				     compat_cap_from_u64(0));
	put_group_info(none);
	return recorded(context_of(NTIMP_SOURCE_ANONYMOUS, qos, client));
}
EXPORT_SYMBOL_GPL(ntimp_capture_anonymous);

static int refuse_rise(struct ntimp_context *source)
{
	const struct cred *client = ntimp_context_client(source);
	int err = ntimp_refuse("capture", NTIMP_REASON_LEVEL, source, client);

	put_cred(client);
	return err;
}

/**
 * ntimp_context_duplicate - a context of the same client, never of more
 * @source: the context; the caller has a handle on it
 * @qos: quality of service
 *
 * Of a dynamic context the duplicate has the last snapshot.
 *
 * Context: process context, may sleep.
 * Return: a context with a handle for the caller; -EINVAL: bad @qos;
 * -EOPNOTSUPP: dynamic tracking; -EPERM: @qos is above that of @source;
 * -EKEYREVOKED, -EKEYEXPIRED: @source has ended; -EDQUOT; -ENOMEM.
 */
struct ntimp_context *ntimp_context_duplicate(struct ntimp_context *source,
					      const struct ntimp_qos *qos)
{
	int err = qos_check(qos, CAN_CONSENT);

	if (!err && (qos->level > source->qos.level ||
		     qos->effective_only < source->qos.effective_only ||
		     qos->flags & ~source->qos.flags))
		err = refuse_rise(source);
	if (err)
		return ERR_PTR(err);
	return recorded(ntimp_context_derive(source, qos));
}
EXPORT_SYMBOL_GPL(ntimp_context_duplicate);
