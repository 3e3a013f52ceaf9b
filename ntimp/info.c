// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a context tells about its client: to queries and in fdinfo.
 *
 * Ids are given as numbers of the asking thread's primary user namespace,
 * whatever it wears.
 */
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>

#include "args.h"
#include "compat.h"
#include "context.h"
#include "info.h"
#include "track.h"

#define NTIMP_INFO_SIZE_V1	104	/* up to uses */
#define NTIMP_INFO_SIZE_V2	112	/* lifetime */

static_assert(sizeof(struct ntimp_info) == NTIMP_INFO_SIZE_V2);

static bool tells_who(const struct ntimp_view *view)
{
	return view->level > NTIMP_LEVEL_ANONYMOUS;
}

static u32 number_of_user(const struct ntimp_view *view, kuid_t uid)
{
	if (!tells_who(view))
		return overflowuid;
	return from_kuid_munged(current_real_cred()->user_ns, uid);
}

static u32 number_of_group(const struct ntimp_view *view, kgid_t gid)
{
	if (!tells_who(view))
		return overflowgid;
	return from_kgid_munged(current_real_cred()->user_ns, gid);
}

static u32 count_groups(const struct ntimp_view *view)
{
	return tells_who(view) ? view->client->group_info->ngroups : 0;
}

static u64 caps_permitted(const struct ntimp_view *view)
{
	const struct cred *client = view->client;

	if (!tells_who(view))
		return 0;
	return compat_cap_to_u64(view->ctx->qos.effective_only ?
				 client->cap_effective : client->cap_permitted);
}

static u64 caps_effective(const struct ntimp_view *view)
{
	return tells_who(view) ? compat_cap_to_u64(view->client->cap_effective) : 0;
}

static bool is_stale(const struct ntimp_context *ctx)
{
	return ctx->tracker && READ_ONCE(ctx->tracker->stale);
}

static u32 state_flags(const struct ntimp_context *ctx)
{
	u32 flags = is_stale(ctx) ? NTIMP_INFO_STALE : 0;

	switch (ntimp_lease_check(ctx->lease)) {
	case -EKEYREVOKED:
		return flags | NTIMP_INFO_REVOKED;
	case -EKEYEXPIRED:
		return flags | NTIMP_INFO_EXPIRED;
	default:
		return flags;
	}
}

/**
 * ntimp_info_read - copy a query from user space
 * @info: where to
 * @from: where from
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL: flags are not 0, or there is room for groups at 0, or
 * none at another address; the errors of ntimp_args_read().
 */
int ntimp_info_read(struct ntimp_info *info, const void __user *from)
{
	int err = ntimp_args_read(info, sizeof(*info), NTIMP_INFO_SIZE_V1, from);

	if (err)
		return err;
	if (info->flags || !info->groups != !info->ngroups)
		return -EINVAL;
	return 0;
}

static int write_groups(u64 to, const struct ntimp_view *view)
{
	const struct group_info *groups = view->client->group_info;
	u32 __user *entry = u64_to_user_ptr(to);
	u32 i;

	for (i = 0; i < count_groups(view); i++)
		if (put_user(number_of_group(view, groups->gid[i]), entry + i))
			return -EFAULT;
	return 0;
}

/**
 * ntimp_info_write - answer a query
 * @to: where to
 * @info: the query; tid is kept, and flags are what the caller knows of the
 *	thread that wears it
 * @view: the context
 *
 * Context: process context, may sleep.
 * Return: 0; -ERANGE: more groups than room for them, everything else is
 * filled; -EFAULT.
 */
int ntimp_info_write(void __user *to, struct ntimp_info *info,
		     const struct ntimp_view *view)
{
	const struct cred *client = view->client;
	u32 room = info->ngroups;
	bool wanted = info->groups;

	info->flags |= state_flags(view->ctx);
	info->source = view->ctx->source;
	info->id = view->ctx->id;
	info->qos = view->ctx->qos;
	info->qos.level = view->level;
	info->uid = number_of_user(view, client->uid);
	info->gid = number_of_group(view, client->gid);
	info->euid = number_of_user(view, client->euid);
	info->egid = number_of_group(view, client->egid);
	info->suid = number_of_user(view, client->suid);
	info->sgid = number_of_group(view, client->sgid);
	info->fsuid = number_of_user(view, client->fsuid);
	info->fsgid = number_of_group(view, client->fsgid);
	info->ngroups = count_groups(view);
	info->user_ns = tells_who(view) ? client->user_ns->ns.inum : 0;
	info->cap_permitted = caps_permitted(view);
	info->cap_effective = caps_effective(view);
	info->uses = ntimp_context_uses(view->ctx);
	info->lifetime = ntimp_lease_left(view->ctx->lease);

	if (ntimp_args_write(to, info, sizeof(*info)))
		return -EFAULT;
	if (!wanted)
		return 0;
	if (info->ngroups > room)
		return -ERANGE;
	return write_groups(info->groups, view);
}

static const char *const level_names[] = {
	[NTIMP_LEVEL_ANONYMOUS]		= "Anonymous",
	[NTIMP_LEVEL_IDENTIFICATION]	= "Identification",
	[NTIMP_LEVEL_IMPERSONATION]	= "Impersonation",
	[NTIMP_LEVEL_DELEGATION]	= "Delegation",
};

static const char *const tracking_names[] = {
	[NTIMP_TRACKING_STATIC]		= "static",
	[NTIMP_TRACKING_DYNAMIC]	= "dynamic",
};

static const char *const source_names[] = {
	[NTIMP_SOURCE_SELF]		= "self",
	[NTIMP_SOURCE_THREAD]		= "thread",
	[NTIMP_SOURCE_PEER]		= "peer",
	[NTIMP_SOURCE_IDS]		= "ids",
	[NTIMP_SOURCE_ANONYMOUS]	= "anonymous",
	[NTIMP_SOURCE_CONTEXT]		= "context",
};

/**
 * ntimp_info_show - the lines of a context in fdinfo
 * @m: where to
 * @view: the context
 *
 * Context: process context, may sleep.
 */
void ntimp_info_show(struct seq_file *m, const struct ntimp_view *view)
{
	const struct ntimp_context *ctx = view->ctx;
	const struct cred *client = view->client;
	u32 flags = state_flags(ctx);

	seq_printf(m, "ntimp_id:\t%llu\n", ctx->id);
	seq_printf(m, "ntimp_source:\t%s\n", source_names[ctx->source]);
	seq_printf(m, "ntimp_level:\t%s\n", level_names[view->level]);
	seq_printf(m, "ntimp_tracking:\t%s\n", tracking_names[ctx->qos.tracking]);
	seq_printf(m, "ntimp_effective_only:\t%u\n", ctx->qos.effective_only);
	seq_printf(m, "ntimp_consent:\t%u\n",
		   !!(ctx->qos.flags & NTIMP_QOS_CONSENT));
	seq_printf(m, "ntimp_dispatch:\t%u\n",
		   !!(ctx->qos.flags & NTIMP_QOS_DISPATCH));
	seq_printf(m, "ntimp_uid:\t%u\t%u\t%u\t%u\n",
		   number_of_user(view, client->uid),
		   number_of_user(view, client->euid),
		   number_of_user(view, client->suid),
		   number_of_user(view, client->fsuid));
	seq_printf(m, "ntimp_gid:\t%u\t%u\t%u\t%u\n",
		   number_of_group(view, client->gid),
		   number_of_group(view, client->egid),
		   number_of_group(view, client->sgid),
		   number_of_group(view, client->fsgid));
	seq_printf(m, "ntimp_groups:\t%u\n", count_groups(view));
	seq_printf(m, "ntimp_cap_permitted:\t%016llx\n", caps_permitted(view));
	seq_printf(m, "ntimp_cap_effective:\t%016llx\n", caps_effective(view));
	seq_printf(m, "ntimp_uses:\t%ld\n", ntimp_context_uses(view->ctx));
	seq_printf(m, "ntimp_stale:\t%u\n", !!(flags & NTIMP_INFO_STALE));
	seq_printf(m, "ntimp_revoked:\t%u\n", !!(flags & NTIMP_INFO_REVOKED));
	seq_printf(m, "ntimp_expired:\t%u\n", !!(flags & NTIMP_INFO_EXPIRED));
	seq_printf(m, "ntimp_lifetime:\t%llu\n", ntimp_lease_left(ctx->lease));
}
