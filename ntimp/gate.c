// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gate: who may wear, make, look at and revert whom.
 *
 * Nothing here looks at what a thread wears: callers pass the primary of the
 * thread that will wear, makes, looks or reverts.
 */
#include <kunit/visibility.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/user_namespace.h>

#include "audit.h"
#include "cred.h"
#include "gate.h"

/*
 * Both are fixed while the module is loaded, because the gate's answers are kept
 * with the creds they were given for.
 */
bool ntimp_allow_root_clients;
EXPORT_SYMBOL_IF_KUNIT(ntimp_allow_root_clients);
module_param_named(allow_root_clients, ntimp_allow_root_clients, bool, 0444);
MODULE_PARM_DESC(allow_root_clients,
		 "let servers that are not root act as clients that are (unsafe; default: no)");

bool ntimp_consent;
EXPORT_SYMBOL_IF_KUNIT(ntimp_consent);
module_param_named(consent, ntimp_consent, bool, 0444);
MODULE_PARM_DESC(consent,
		 "let any server act as clients that handed it a context for that (default: no)");

static bool same_groups(const struct group_info *a, const struct group_info *b)
{
	return a == b ||
	       (a->ngroups == b->ngroups &&
		!memcmp(a->gid, b->gid, array_size(a->ngroups, sizeof(*a->gid))));
}

/*
 * A subset of the groups would not do: a mode like 0707 gives more to those
 * who are not in the group.
 */
static bool same_identity(const struct cred *server, const struct cred *client)
{
	return server->user_ns == client->user_ns &&
	       uid_eq(server->uid, client->uid) &&
	       uid_eq(server->euid, client->euid) &&
	       uid_eq(server->suid, client->suid) &&
	       uid_eq(server->fsuid, client->fsuid) &&
	       gid_eq(server->gid, client->gid) &&
	       gid_eq(server->egid, client->egid) &&
	       gid_eq(server->sgid, client->sgid) &&
	       gid_eq(server->fsgid, client->fsgid) &&
	       same_groups(server->group_info, client->group_info) &&
	       cap_issubset(client->cap_permitted, server->cap_permitted);
}

/* Root of the server's own user namespace is less than root of the machine. */
static bool id_raises(const struct cred *server, kuid_t uid)
{
	kuid_t root = make_kuid(server->user_ns, 0);

	if (uid_eq(server->euid, GLOBAL_ROOT_UID))
		return false;
	return uid_eq(uid, GLOBAL_ROOT_UID) ||
	       (uid_eq(uid, root) && !uid_eq(server->euid, root));
}

/*
 * A client that is root would raise a server that isn't, whatever the server's
 * capabilities: the way of the potato attacks on NT.
 */
static bool raises(const struct cred *server, const struct cred *client)
{
	return id_raises(server, client->uid) ||
	       id_raises(server, client->euid) ||
	       id_raises(server, client->suid) ||
	       id_raises(server, client->fsuid);
}

static bool refused_as_root(const struct cred *server,
			    const struct cred *client)
{
	return raises(server, client) && !ntimp_allow_root_clients;
}

static bool all_ids_mapped(const struct cred *client)
{
	struct user_namespace *ns = client->user_ns;
	const struct group_info *groups = client->group_info;
	int i;

	for (i = 0; i < groups->ngroups; i++)
		if (!kgid_has_mapping(ns, groups->gid[i]))
			return false;

	return kuid_has_mapping(ns, client->uid) &&
	       kuid_has_mapping(ns, client->euid) &&
	       kuid_has_mapping(ns, client->suid) &&
	       kuid_has_mapping(ns, client->fsuid) &&
	       kgid_has_mapping(ns, client->gid) &&
	       kgid_has_mapping(ns, client->egid) &&
	       kgid_has_mapping(ns, client->sgid) &&
	       kgid_has_mapping(ns, client->fsgid);
}

static bool may_set_ids(const struct cred *cred, struct user_namespace *ns)
{
	return ntimp_cred_capable(cred, ns, CAP_SETUID) &&
	       ntimp_cred_capable(cred, ns, CAP_SETGID);
}

/**
 * ntimp_gate_reason - why may a server not act as a client?
 * @server: the server's primary
 * @client: the client's cred
 *
 * Context: process context, may sleep.
 * Return: NTIMP_REASON_NONE: it may; otherwise the first of what speaks against
 * it: the client is root and the server isn't, the server lacks CAP_SETUID or
 * CAP_SETGID in the client's user namespace, an id of the client has no number
 * there.
 */
enum ntimp_reason ntimp_gate_reason(const struct cred *server,
				    const struct cred *client)
{
	if (same_identity(server, client))
		return NTIMP_REASON_NONE;
	if (refused_as_root(server, client))
		return NTIMP_REASON_ROOT_CLIENT;
	if (!may_set_ids(server, client->user_ns))
		return NTIMP_REASON_NO_SETID;
	if (!all_ids_mapped(client))
		return NTIMP_REASON_UNMAPPED;
	return NTIMP_REASON_NONE;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_gate_reason);

/**
 * ntimp_gate - may a server act as a client?
 * @server: the server's primary
 * @client: the client's cred
 *
 * Context: process context, may sleep.
 * Return: 0; -EPERM: ntimp_gate_reason() says why.
 */
int ntimp_gate(const struct cred *server, const struct cred *client)
{
	return ntimp_gate_reason(server, client) ? -EPERM : 0;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_gate);

/**
 * ntimp_gate_consented - may a server act as a client that wants it to?
 * @server: the server's primary, which ntimp_gate() refused
 * @client: the client's cred, in a context that the client made for that
 *
 * Context: any.
 * Return: 0; -EPERM: the consent parameter is off, the client is root and the
 * server isn't, or the current thread has no_new_privs, which is a promise to
 * gain nothing: the answer is for such threads, or for all others.
 */
int ntimp_gate_consented(const struct cred *server, const struct cred *client)
{
	if (!ntimp_consent || task_no_new_privs(current) ||
	    refused_as_root(server, client))
		return -EPERM;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_gate_consented);

/**
 * ntimp_gate_raises - did the gate refuse because the client is root?
 * @server: the server's primary, which ntimp_gate() refused
 * @client: the client's cred
 *
 * Context: any.
 * Return: whether it did: nothing that the server could be given would help.
 */
bool ntimp_gate_raises(const struct cred *server, const struct cred *client)
{
	return refused_as_root(server, client);
}

/**
 * ntimp_gate_logon - may a context be made from bare ids?
 * @maker: primary of the thread that makes it
 *
 * Context: process context, may sleep.
 * Return: 0; -EPERM: CAP_SETUID or CAP_SETGID is missing.
 */
int ntimp_gate_logon(const struct cred *maker)
{
	return may_set_ids(maker, maker->user_ns) ? 0 : -EPERM;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_gate_logon);

static bool may_set_ids_of(const struct cred *cred, struct task_struct *task)
{
	const struct cred *primary = get_task_cred(task);
	bool may = may_set_ids(cred, primary->user_ns);

	put_cred(primary);
	return may;
}

/**
 * ntimp_gate_look - may a thread ask who another one is?
 * @looker: primary of the thread that asks, the current one
 * @task: the other thread; the caller holds a reference on it
 *
 * Context: process context, may sleep.
 * Return: 0; -EPERM: not of the same process, and the looker lacks CAP_SETUID
 * or CAP_SETGID over it or the kernel's rules for ptrace refuse to let it read.
 */
int ntimp_gate_look(const struct cred *looker, struct task_struct *task)
{
	if (same_thread_group(current, task))
		return 0;
	if (may_set_ids_of(looker, task) && ntimp_cred_may_read_task(looker, task))
		return 0;
	return -EPERM;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_gate_look);

/**
 * ntimp_gate_look_for - may the current thread ask who another one is?
 * @op: what for, as records of refusals have it
 * @task: the other thread; the caller holds a reference on it
 *
 * Context: process context, may sleep, as ntimp_refuse() does.
 * Return: 0; -EPERM: see ntimp_gate_look(); it is told to administrators.
 */
int ntimp_gate_look_for(const char *op, struct task_struct *task)
{
	int err = ntimp_gate_look(current_real_cred(), task);

	return err ? ntimp_refuse_task(op, task) : 0;
}

/**
 * ntimp_gate_end - may a thread end what another one has made?
 * @who: primary of the thread that wants to
 * @maker: effective user of the primary that made it
 * @ns: its user namespace
 *
 * Context: process context, may sleep.
 * Return: 0; -EPERM: another user, who lacks CAP_SETUID or CAP_SETGID there.
 */
int ntimp_gate_end(const struct cred *who, kuid_t maker,
		   struct user_namespace *ns)
{
	if (who->user_ns == ns && uid_eq(who->euid, maker))
		return 0;
	return may_set_ids(who, ns) ? 0 : -EPERM;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_gate_end);

/**
 * ntimp_gate_revert - may a thread let another one be itself again?
 * @reverter: primary of the thread that asks, the current one
 * @task: the other thread; the caller holds a reference on it
 *
 * Its rights grow by that, so nothing less is asked than for controlling it.
 *
 * Context: process context, may sleep.
 * Return: 0; -EPERM: not of the same process, and the reverter lacks CAP_SETUID
 * or CAP_SETGID over it or the kernel's rules for ptrace refuse to let it attach.
 */
int ntimp_gate_revert(const struct cred *reverter, struct task_struct *task)
{
	if (same_thread_group(current, task))
		return 0;
	if (may_set_ids_of(reverter, task) &&
	    ntimp_cred_may_attach_task(reverter, task))
		return 0;
	return -EPERM;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_gate_revert);
