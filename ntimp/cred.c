// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only file that writes into a struct cred, or borrows one for the length
 * of a call.
 *
 * New creds are copies made by prepare_creds() under the cred to be copied:
 * it alone can take every reference that a cred holds (ucounts, user and the
 * LSM blob have no exported "get"), and put_cred() drops them all.  So parts
 * are never duplicated by hand, they are swapped between two complete creds,
 * and the one left over is dropped.
 */
#include <kunit/visibility.h>
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/highuid.h>
#include <linux/key.h>
#include <linux/minmax.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <uapi/linux/ntimp.h>

#include "callthrough.h"
#include "compat.h"
#include "context.h"
#include "cred.h"
#include "identify.h"

static_assert(!(NTIMP_SECUREBITS & (SECURE_ALL_BITS | SECURE_ALL_LOCKS)));

/*
 * The current thread is @cred for one call, as in every override that the
 * kernel itself makes: never across a return to user space.
 */
#define as_cred(_cred, call)						\
({									\
	const struct cred *__worn = override_creds(_cred);		\
	typeof(call) __result = (call);					\
									\
	revert_creds(__worn);						\
	__result;							\
})

static struct cred *cred_copy(const struct cred *cred)
{
	return as_cred(cred, prepare_creds());
}

/**
 * ntimp_cred_capable - does a cred have a capability in a user namespace?
 * @cred: the cred, commonly a server's primary
 * @ns: the user namespace
 * @cap: the capability
 *
 * Context: process context, may sleep (LSM hooks).
 * Return: whether it has, in the effective set.
 */
bool ntimp_cred_capable(const struct cred *cred, struct user_namespace *ns,
			int cap)
{
	return as_cred(cred, ns_capable(ns, cap));
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_cred_capable);

/**
 * ntimp_cred_run - call a function as the holder of a cred
 * @cred: the cred
 * @fn: the function; must not return with another cred than it was called with
 * @arg: handed to @fn
 *
 * Nests: whoever the thread acted as before, it does so again afterwards.
 *
 * Context: process context; may sleep if @fn may.
 * Return: what @fn returned.
 */
long ntimp_cred_run(const struct cred *cred, long (*fn)(void *arg), void *arg)
{
	return as_cred(cred, fn(arg));
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_cred_run);

CALLTHROUGH_DEFINE(ptrace_may_access, bool, false,
		   (struct task_struct *task, unsigned int mode));

/**
 * ntimp_cred_may_read_task - may the holder of a cred look at a task?
 * @cred: the cred, commonly a server's primary
 * @task: the task
 *
 * Context: process context, may sleep.
 * Return: what the kernel's own rules for reading by ptrace say, with the word
 * of the LSMs in it.
 */
bool ntimp_cred_may_read_task(const struct cred *cred, struct task_struct *task)
{
	return as_cred(cred, callthrough_ptrace_may_access(task,
						PTRACE_MODE_READ_FSCREDS));
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_cred_may_read_task);

/**
 * ntimp_cred_may_attach_task - may the holder of a cred control a task?
 * @cred: the cred, commonly an administrator's primary
 * @task: the task
 *
 * Context: process context, may sleep.
 * Return: what the kernel's own rules for attaching by ptrace say, with the word
 * of the LSMs in it.
 */
bool ntimp_cred_may_attach_task(const struct cred *cred, struct task_struct *task)
{
	return as_cred(cred, callthrough_ptrace_may_access(task,
						PTRACE_MODE_ATTACH_REALCREDS));
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_cred_may_attach_task);

/**
 * ntimp_cred_level_ceiling - the highest level at which a cred may be captured
 * @cred: a client's cred
 *
 * Context: any.
 * Return: Delegation for a cred that is nobody's impersonation; for an applied
 * cred, or a copy of one that the kernel kept (a connected socket's), the level
 * at which it was applied.
 */
unsigned int ntimp_cred_level_ceiling(const struct cred *cred)
{
	if (!ntimp_cred_is_applied(cred))
		return NTIMP_LEVEL_DELEGATION;
	return (cred->securebits & NTIMP_SECUREBITS_LEVEL) >>
		NTIMP_SECUREBITS_LEVEL_SHIFT;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_cred_level_ceiling);

static unsigned int cred_mark(unsigned int level)
{
	unsigned int mark = NTIMP_SECUREBIT_APPLIED |
			    level << NTIMP_SECUREBITS_LEVEL_SHIFT;

	if (level < NTIMP_LEVEL_IMPERSONATION)
		mark |= NTIMP_SECUREBIT_LOW_LEVEL;
	return mark;
}

/* What confines the server goes on confining it: LSM blob and keyrings. */
static void cred_keep_confinement(struct cred *applied, struct cred *server,
				  unsigned int level)
{
#ifdef CONFIG_SECURITY
	swap(applied->security, server->security);
#endif
#ifdef CONFIG_KEYS
	swap(applied->jit_keyring, server->jit_keyring);
	swap(applied->process_keyring, server->process_keyring);
	swap(applied->thread_keyring, server->thread_keyring);
	swap(applied->request_key_auth, server->request_key_auth);
	/* Delegation is just this: the client's network credentials. */
	if (level < NTIMP_LEVEL_DELEGATION)
		swap(applied->session_keyring, server->session_keyring);
#endif
}

/*
 * Never more capability: what the client can use now and the server may use
 * at all.  Capabilities are relative to a user namespace, so those of a client
 * in another one than the server's mean nothing here.
 */
static void cred_mask_caps(struct cred *applied, const struct cred *server)
{
	kernel_cap_t caps = compat_cap_from_u64(0);

	if (applied->user_ns == server->user_ns)
		caps = cap_intersect(applied->cap_effective,
				     server->cap_permitted);
	applied->cap_effective = caps;
	applied->cap_permitted = caps;
	applied->cap_bset = cap_intersect(applied->cap_bset, server->cap_bset);
	applied->cap_inheritable = compat_cap_from_u64(0);
	applied->cap_ambient = compat_cap_from_u64(0);
}

static void cred_drop_keyrings(struct cred *cred)
{
#ifdef CONFIG_KEYS
	key_put(cred->session_keyring);
	key_put(cred->process_keyring);
	key_put(cred->thread_keyring);
	key_put(cred->request_key_auth);
	cred->session_keyring = NULL;
	cred->process_keyring = NULL;
	cred->thread_keyring = NULL;
	cred->request_key_auth = NULL;
#endif
}

/*
 * Below Impersonation anybody may wear anybody, so what is worn is nobody: not
 * the client, and no more of the server than confines it.  The ids with which a
 * thread is compared to others are none at all, because somebody may well be the
 * overflow user, and own processes and user namespaces.  Those for files have to
 * be some number, as owner of what the thread makes for itself (a pipe, a memfd).
 * All of them look the same to user space.
 */
static const struct cred *cred_apply_nobody(const struct cred *server,
					    unsigned int level)
{
	struct group_info *none;
	struct cred *nobody;
	int err;

	err = ntimp_identify_arm();
	if (err)
		return ERR_PTR(err);

	none = groups_alloc(0);
	if (!none)
		return ERR_PTR(-ENOMEM);
	nobody = cred_copy(server);
	if (!nobody) {
		put_group_info(none);
		return ERR_PTR(-ENOMEM);
	}

	nobody->uid = INVALID_UID;
	nobody->euid = INVALID_UID;
	nobody->suid = INVALID_UID;
	nobody->fsuid = KUIDT_INIT(overflowuid);
	nobody->gid = INVALID_GID;
	nobody->egid = INVALID_GID;
	nobody->sgid = INVALID_GID;
	nobody->fsgid = KGIDT_INIT(overflowgid);
	set_groups(nobody, none);
	put_group_info(none);
	nobody->cap_permitted = compat_cap_from_u64(0);
	nobody->cap_effective = compat_cap_from_u64(0);
	nobody->cap_inheritable = compat_cap_from_u64(0);
	nobody->cap_ambient = compat_cap_from_u64(0);
	nobody->securebits = (server->securebits & ~NTIMP_SECUREBITS) |
			     cred_mark(level);
	cred_drop_keyrings(nobody);
	return nobody;
}

/**
 * ntimp_cred_apply - make the cred that a server wears to act as a client
 * @server: the server's primary cred
 * @client: the client's cred
 * @level: enum ntimp_level
 *
 * From the client: uids, gids, groups, user, ucounts and user namespace, and
 * the capabilities as masked.  From the server: LSM blob, keyrings (see
 * enum ntimp_level) and securebits.  Below Impersonation nothing is from the
 * client, whom only a query tells: the thread is nobody, and what denies it the
 * rest is armed before there is such a cred.  Says nothing about permission: that
 * is the gate's.
 *
 * Context: process context, may sleep.
 * Return: a cred, whose reference is the caller's; -ENOMEM; below Impersonation
 * also the errors of ntimp_identify_arm().
 */
const struct cred *ntimp_cred_apply(const struct cred *server,
				    const struct cred *client,
				    unsigned int level)
{
	struct cred *applied, *leftover;

	if (level < NTIMP_LEVEL_IMPERSONATION)
		return cred_apply_nobody(server, level);

	applied = cred_copy(client);
	if (!applied)
		return ERR_PTR(-ENOMEM);
	leftover = cred_copy(server);
	if (!leftover) {
		abort_creds(applied);
		return ERR_PTR(-ENOMEM);
	}

	cred_mask_caps(applied, server);
	applied->securebits = (server->securebits & ~NTIMP_SECUREBITS) |
			      cred_mark(level);
	cred_keep_confinement(applied, leftover, level);

	abort_creds(leftover);
	return applied;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_cred_apply);

/**
 * ntimp_cred_lower - lower an applied cred to level Identification, if it is above
 * @applied: the cred; threads may wear it
 *
 * The hooks that deny are armed.
 *
 * Context: any; one caller at a time.
 */
void ntimp_cred_lower(const struct cred *applied)
{
	unsigned int level = min_t(unsigned int, NTIMP_LEVEL_IDENTIFICATION,
				   ntimp_cred_level_ceiling(applied));
	unsigned int securebits = applied->securebits & ~NTIMP_SECUREBITS;

	WRITE_ONCE(((struct cred *)applied)->securebits,
		   securebits | cred_mark(level));
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_cred_lower);

/**
 * ntimp_cred_from_ids - the cred of a client of whom only ids are known
 * @uid: the user
 * @gid: the group
 * @groups: supplementary groups, sorted; the cred gets its own reference
 * @caps: permitted and effective capabilities
 *
 * As there is no living client to charge, accounting (user and ucounts) stays
 * with the current thread's primary, as does the user namespace.
 *
 * Context: process context, may sleep.
 * Return: a cred, whose reference is the caller's; -ENOMEM.
 */
const struct cred *ntimp_cred_from_ids(kuid_t uid, kgid_t gid,
				       struct group_info *groups,
				       kernel_cap_t caps)
{
	struct cred *cred = cred_copy(current_real_cred());

	if (!cred)
		return ERR_PTR(-ENOMEM);

	cred->uid = uid;
	cred->euid = uid;
	cred->suid = uid;
	cred->fsuid = uid;
	cred->gid = gid;
	cred->egid = gid;
	cred->sgid = gid;
	cred->fsgid = gid;
	set_groups(cred, groups);
	cred->cap_permitted = caps;
	cred->cap_effective = caps;
	cred->cap_inheritable = compat_cap_from_u64(0);
	cred->cap_ambient = compat_cap_from_u64(0);
	cred_drop_keyrings(cred);
	return cred;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_cred_from_ids);

/**
 * ntimp_cred_limit - the same client with fewer capabilities
 * @client: a client's cred
 * @caps: the only ones that are left, in all sets
 *
 * A mark on @client stays: neither does the level rise.
 *
 * Context: process context, may sleep.
 * Return: a cred, whose reference is the caller's; -ENOMEM.
 */
const struct cred *ntimp_cred_limit(const struct cred *client, kernel_cap_t caps)
{
	struct cred *cred = cred_copy(client);

	if (!cred)
		return ERR_PTR(-ENOMEM);

	cred->cap_permitted = cap_intersect(cred->cap_permitted, caps);
	cred->cap_effective = cap_intersect(cred->cap_effective, caps);
	cred->cap_inheritable = cap_intersect(cred->cap_inheritable, caps);
	cred->cap_ambient = cap_intersect(cred->cap_ambient, caps);
	cred->cap_bset = cap_intersect(cred->cap_bset, caps);
	return cred;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_cred_limit);

/**
 * ntimp_cred_of_task - the identity with which a task acts
 * @task: the task; the caller holds a reference on it
 *
 * Another task's subjective cred may be freed without a grace period (that of
 * access(2) is), so the pointer is only compared until it is known to be one
 * of ours, which the table of worn creds keeps alive.
 *
 * Context: process context.
 * Return: a cred, whose reference is the caller's; -EBUSY: the task is inside
 * an override which isn't ours, so who it acts as can't be told.
 */
const struct cred *ntimp_cred_of_task(struct task_struct *task)
{
	const struct cred *primary, *subjective, *cred;

	if (task == current)
		return get_current_cred();

	primary = get_task_cred(task);
	subjective = rcu_access_pointer(task->cred);
	if (subjective == primary)
		return primary;
	put_cred(primary);

	cred = ntimp_worn_cred(subjective);
	return cred ?: ERR_PTR(-EBUSY);
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_cred_of_task);
