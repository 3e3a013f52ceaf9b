/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: ntimp:capture, ntimp:impersonate, ntimp:revert, ntimp:deny and
 * ntimp:guard.  Ids are those of the initial user namespace.  They are part of
 * what administrators rely on: fields may be added, and keep their meaning.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ntimp

#if !defined(_NTIMP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _NTIMP_TRACE_H

#include <linux/cred.h>
#include <linux/tracepoint.h>
#include <linux/user_namespace.h>

#include "context.h"
#include "cred.h"

#ifndef NTIMP_TRACE_NAME
#define NTIMP_TRACE_NAME	32	/* longer than any that is given */
#endif

TRACE_DEFINE_ENUM(NTIMP_REASON_ROOT_CLIENT);
TRACE_DEFINE_ENUM(NTIMP_REASON_NO_SETID);
TRACE_DEFINE_ENUM(NTIMP_REASON_UNMAPPED);
TRACE_DEFINE_ENUM(NTIMP_REASON_LEVEL);
TRACE_DEFINE_ENUM(NTIMP_REASON_CAPS);
TRACE_DEFINE_ENUM(NTIMP_REASON_NOT_ITSELF);
TRACE_DEFINE_ENUM(NTIMP_REASON_NOT_VISIBLE);
TRACE_DEFINE_ENUM(NTIMP_REASON_NOT_MAKER);
TRACE_DEFINE_ENUM(NTIMP_REASON_ENDED);
TRACE_DEFINE_ENUM(NTIMP_REASON_GUARD);

#define show_reason(reason)						\
	__print_symbolic(reason,					\
			 { NTIMP_REASON_ROOT_CLIENT,	"root_client" },\
			 { NTIMP_REASON_NO_SETID,	"no_setid" },	\
			 { NTIMP_REASON_UNMAPPED,	"unmapped" },	\
			 { NTIMP_REASON_LEVEL,		"level" },	\
			 { NTIMP_REASON_CAPS,		"caps" },	\
			 { NTIMP_REASON_NOT_ITSELF,	"not_itself" },	\
			 { NTIMP_REASON_NOT_VISIBLE,	"not_visible" },\
			 { NTIMP_REASON_NOT_MAKER,	"not_maker" },	\
			 { NTIMP_REASON_ENDED,		"ended" },	\
			 { NTIMP_REASON_GUARD,		"guard" })

TRACE_EVENT(capture,

	TP_PROTO(const struct ntimp_context *ctx),

	TP_ARGS(ctx),

	TP_STRUCT__entry(
		__field(u64,		id)
		__field(u32,		source)
		__field(u32,		level)
		__field(uid_t,		uid)
		__field(gid_t,		gid)
	),

	TP_fast_assign(
		__entry->id	= ctx->id;
		__entry->source	= ctx->source;
		__entry->level	= ctx->qos.level;
		__entry->uid	= from_kuid(&init_user_ns, ctx->client->euid);
		__entry->gid	= from_kgid(&init_user_ns, ctx->client->egid);
	),

	TP_printk("context=%llu source=%u level=%u client_uid=%u client_gid=%u",
		  __entry->id, __entry->source, __entry->level, __entry->uid,
		  __entry->gid)
);

/*
 * The next two are on the fast path, which is not to load anything for them that it
 * doesn't need itself.
 */
TRACE_EVENT(impersonate,

	TP_PROTO(const struct ntimp_context *ctx),

	TP_ARGS(ctx),

	TP_STRUCT__entry(
		__field(u64,		id)
		__field(u32,		level)
		__field(uid_t,		uid)
		__field(gid_t,		gid)
		__field(uid_t,		server_uid)
	),

	TP_fast_assign(
		__entry->id		= ctx->id;
		__entry->level		= ntimp_cred_level_ceiling(current_cred());
		__entry->uid		= from_kuid(&init_user_ns,
						    current_cred()->euid);
		__entry->gid		= from_kgid(&init_user_ns,
						    current_cred()->egid);
		__entry->server_uid	= from_kuid(&init_user_ns,
						    current_real_cred()->euid);
	),

	TP_printk("context=%llu level=%u client_uid=%u client_gid=%u server_uid=%u",
		  __entry->id, __entry->level, __entry->uid, __entry->gid,
		  __entry->server_uid)
);

TRACE_EVENT(revert,

	TP_PROTO(struct task_struct *self),

	TP_ARGS(self),

	TP_STRUCT__entry(
		__field(uid_t,		uid)
		__field(uid_t,		server_uid)
	),

	TP_fast_assign(
		__entry->uid		= from_kuid(&init_user_ns,
						    current_cred()->euid);
		__entry->server_uid	= from_kuid(&init_user_ns,
						    current_real_cred()->euid);
	),

	TP_printk("client_uid=%u server_uid=%u", __entry->uid,
		  __entry->server_uid)
);

TRACE_EVENT(deny,

	TP_PROTO(const char *op, unsigned int reason, u64 id, kuid_t client),

	TP_ARGS(op, reason, id, client),

	TP_STRUCT__entry(
		__array(char,		op, NTIMP_TRACE_NAME)
		__field(u32,		reason)
		__field(u64,		id)
		__field(uid_t,		uid)
		__field(uid_t,		server_uid)
	),

	TP_fast_assign(
		strscpy(__entry->op, op, NTIMP_TRACE_NAME);
		__entry->reason		= reason;
		__entry->id		= id;
		__entry->uid		= from_kuid(&init_user_ns, client);
		__entry->server_uid	= from_kuid(&init_user_ns,
						    current_real_cred()->euid);
	),

	TP_printk("op=%s reason=%s context=%llu client_uid=%u server_uid=%u",
		  __entry->op, show_reason(__entry->reason), __entry->id,
		  __entry->uid, __entry->server_uid)
);

TRACE_EVENT(guard,

	TP_PROTO(const char *function, long result, kuid_t client),

	TP_ARGS(function, result, client),

	TP_STRUCT__entry(
		__array(char,		function, NTIMP_TRACE_NAME)
		__field(long,		result)
		__field(uid_t,		uid)
		__field(uid_t,		server_uid)
	),

	TP_fast_assign(
		strscpy(__entry->function, function, NTIMP_TRACE_NAME);
		__entry->result		= result;
		__entry->uid		= from_kuid(&init_user_ns, client);
		__entry->server_uid	= from_kuid(&init_user_ns,
						    current_real_cred()->euid);
	),

	TP_printk("function=%s result=%ld client_uid=%u server_uid=%u",
		  __entry->function, __entry->result, __entry->uid,
		  __entry->server_uid)
);

#endif /* _NTIMP_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
