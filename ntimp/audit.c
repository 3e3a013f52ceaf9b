// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tells administrators: each refusal in one audit record, and, where they want
 * it, each capture and impersonation.  The tracepoints are here, too.
 *
 * A record has both identities, the primary's and the client's.  Ids are those
 * of the initial user namespace, as in all of the kernel's records.
 */
#define CREATE_TRACE_POINTS

#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/user_namespace.h>

#include "audit.h"
#include "compat.h"
#include "context.h"
#include "cred.h"
#include "trace.h"

DEFINE_STATIC_KEY_FALSE(ntimp_audit_successes);

static bool audit_successes;

/* Called by one writer at a time: parameters of a module have a lock. */
static int set_audit_successes(const char *value,
			       const struct kernel_param *param)
{
	int err = param_set_bool(value, param);

	if (err)
		return err;
	if (audit_successes)
		static_branch_enable(&ntimp_audit_successes);
	else
		static_branch_disable(&ntimp_audit_successes);
	return 0;
}

static const struct kernel_param_ops audit_successes_ops = {
	.set	= set_audit_successes,
	.get	= param_get_bool,
};

module_param_cb(audit_successes, &audit_successes_ops, &audit_successes, 0644);
MODULE_PARM_DESC(audit_successes,
		 "audit captures and impersonations too, not only refusals (default: no)");

static const char *const reason_names[] = {
	[NTIMP_REASON_NONE]		= "none",
	[NTIMP_REASON_ROOT_CLIENT]	= "root_client",
	[NTIMP_REASON_NO_SETID]		= "no_setid",
	[NTIMP_REASON_UNMAPPED]		= "unmapped",
	[NTIMP_REASON_LEVEL]		= "level",
	[NTIMP_REASON_CAPS]		= "caps",
	[NTIMP_REASON_NOT_ITSELF]	= "not_itself",
	[NTIMP_REASON_NOT_VISIBLE]	= "not_visible",
	[NTIMP_REASON_NOT_MAKER]	= "not_maker",
	[NTIMP_REASON_ENDED]		= "ended",
	[NTIMP_REASON_GUARD]		= "guard",
};

/**
 * struct record - what is told of one event
 * @op: what was wanted
 * @reason: why it was refused
 * @function: the guarded function; or NULL
 * @ctx: the context; or NULL
 * @client: the client's cred; or NULL
 * @level: enum ntimp_level; -1: there is none
 * @refused: whether it was
 */
struct record {
	const char *op;
	enum ntimp_reason reason;
	const char *function;
	const struct ntimp_context *ctx;
	const struct cred *client;
	int level;
	bool refused;
};

/* A name is the thread's own choice: nothing of it may look like a field. */
static void log_name(struct audit_buffer *ab)
{
	char name[TASK_COMM_LEN];
	const char *c;

	get_task_comm(name, current);
	for (c = name; *c; c++)
		if (!isascii(*c) || !isgraph(*c) || *c == '"')
			break;
	if (!*c) {
		audit_log_format(ab, " comm=\"%s\"", name);
		return;
	}
	audit_log_format(ab, " comm=");
	for (c = name; *c; c++)
		audit_log_format(ab, "%02X", (unsigned char)*c);
}

static void log_primary(struct audit_buffer *ab)
{
	const struct cred *primary = current_real_cred();

	audit_log_format(ab, " pid=%d auid=%u ses=%u uid=%u gid=%u",
			 task_tgid_nr(current),
			 from_kuid(&init_user_ns, audit_get_loginuid(current)),
			 audit_get_sessionid(current),
			 from_kuid(&init_user_ns, primary->euid),
			 from_kgid(&init_user_ns, primary->egid));
	log_name(ab);
}

static void log_client(struct audit_buffer *ab, const struct record *record)
{
	const struct cred *client = record->client;

	if (record->ctx)
		audit_log_format(ab, " context=%llu client_auid=%u",
				 record->ctx->id,
				 from_kuid(&init_user_ns, record->ctx->auid));
	if (record->level >= 0)
		audit_log_format(ab, " level=%d", record->level);
	if (client)
		audit_log_format(ab, " client_uid=%u client_gid=%u",
				 from_kuid(&init_user_ns, client->euid),
				 from_kgid(&init_user_ns, client->egid));
}

/*
 * Where nobody reads records as fast as they come, audit_log_start() waits for up
 * to a minute if @gfp lets it.  If not the record is lost, and audit counts it.
 */
static void audit(const struct record *record, gfp_t gfp)
{
	struct audit_buffer *ab;

	if (!audit_enabled)
		return;
	ab = audit_log_start(audit_context(), gfp, AUDIT_KERNEL);
	if (!ab)
		return;
	audit_log_format(ab, "op=ntimp_%s", record->op);
	log_primary(ab);
	log_client(ab, record);
	if (record->function)
		audit_log_format(ab, " function=%s", record->function);
	if (record->refused)
		audit_log_format(ab, " reason=%s", reason_names[record->reason]);
	audit_log_format(ab, " res=%d", !record->refused);
	audit_log_end(ab);
}

/**
 * ntimp_refuse - say that something is refused
 * @op: what was wanted: impersonate, capture, look, control, end
 * @reason: why it is refused
 * @ctx: the context, if there is one
 * @client: the client's cred, if there is one
 *
 * Context: process context, may sleep, also for a minute: the caller holds no
 * lock that others wait for.
 * Return: -EPERM, for the caller to hand on.
 */
int ntimp_refuse(const char *op, enum ntimp_reason reason,
		 const struct ntimp_context *ctx, const struct cred *client)
{
	const struct record record = {
		.op		= op,
		.reason		= reason,
		.ctx		= ctx,
		.client		= client,
		.level		= ctx ? (int)ctx->qos.level : -1,
		.refused	= true,
	};

	trace_deny(op, reason, ctx ? ctx->id : 0,
		   client ? client->euid : INVALID_UID);
	audit(&record, GFP_KERNEL);
	return -EPERM;
}

/**
 * ntimp_refuse_task - say that a thread may not be looked at, or not controlled
 * @op: which of them
 * @task: the thread; the caller holds a reference on it
 *
 * Context: process context, may sleep.
 * Return: -EPERM, for the caller to hand on.
 */
int ntimp_refuse_task(const char *op, struct task_struct *task)
{
	const struct cred *primary = get_task_cred(task);
	int err = ntimp_refuse(op, NTIMP_REASON_NOT_VISIBLE, NULL, primary);

	put_cred(primary);
	return err;
}

/**
 * ntimp_refuse_guarded - say that a guard has refused
 * @function: what it guards
 * @result: what the function's caller is told
 *
 * Never sleeps.  Callers of guarded functions hold locks: execve() and a write
 * to /proc/PID/attr the process's cred_guard_mutex, io_uring the ring's
 * uring_lock, which those who share the ring wait for.
 *
 * Context: any but interrupts.
 * Return: @result
 */
long ntimp_refuse_guarded(const char *function, long result)
{
	const struct record record = {
		.op		= "guard",
		.reason		= NTIMP_REASON_GUARD,
		.function	= function,
		.client		= current_cred(),
		.level		= ntimp_cred_level_ceiling(current_cred()),
		.refused	= true,
	};

	trace_guard(function, result, current_cred()->euid);
	audit(&record, GFP_NOWAIT | __GFP_NOWARN);
	return result;
}

/**
 * ntimp_record_capture - say that a context was made
 * @ctx: the context, not yet handed out
 *
 * Context: process context, may sleep.
 */
void ntimp_record_capture(const struct ntimp_context *ctx)
{
	const struct record record = {
		.op	= "capture",
		.ctx	= ctx,
		.client	= ctx->client,
		.level	= ctx->qos.level,
	};

	trace_capture(ctx);
	if (static_branch_unlikely(&ntimp_audit_successes))
		audit(&record, GFP_KERNEL);
}

/**
 * ntimp_record_impersonate - say that the current thread impersonates now
 * @ctx: the context; the caller has a handle on it
 *
 * Context: process context, may sleep.
 */
void ntimp_record_impersonate(const struct ntimp_context *ctx)
{
	const struct record record = {
		.op	= "impersonate",
		.ctx	= ctx,
		.client	= current_cred(),
		.level	= ntimp_cred_level_ceiling(current_cred()),
	};

	audit(&record, GFP_KERNEL);
}
