/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Credentials: those that a context is made from, and the applied ones that
 * an impersonating thread wears.
 */
#ifndef _NTIMP_CRED_H
#define _NTIMP_CRED_H

#include <linux/bits.h>
#include <linux/cred.h>
#include <linux/securebits.h>
#include <linux/types.h>

struct task_struct;

/*
 * The mark in securebits of an applied cred.  User space can't set these bits
 * (prctl refuses unknown ones), each copy that the kernel makes of a cred
 * keeps them, and no cred of ours ever becomes a thread's objective one.
 */
#define NTIMP_SECUREBIT_APPLIED		BIT(29)
#define NTIMP_SECUREBIT_LOW_LEVEL	BIT(30)	/* below Impersonation */
#define NTIMP_SECUREBITS_LEVEL_SHIFT	27	/* two bits: enum ntimp_level */
#define NTIMP_SECUREBITS_LEVEL		(3U << NTIMP_SECUREBITS_LEVEL_SHIFT)
#define NTIMP_SECUREBITS		(NTIMP_SECUREBIT_APPLIED |	\
					 NTIMP_SECUREBIT_LOW_LEVEL |	\
					 NTIMP_SECUREBITS_LEVEL)

/**
 * ntimp_cred_is_applied - is this a cred that ntimp made, or a copy of one?
 * @cred: the cred
 *
 * Context: any.
 * Return: whether it carries the mark.
 */
static inline bool ntimp_cred_is_applied(const struct cred *cred)
{
	return cred->securebits & NTIMP_SECUREBIT_APPLIED;
}

/**
 * ntimp_impersonating - does the current thread wear a cred of ours?
 *
 * Context: any where current is valid.
 * Return: whether it does; false inside somebody else's override (overlayfs,
 * nfsd, ksmbd), unless that one is itself a copy of an applied cred.
 */
static inline bool ntimp_impersonating(void)
{
	const struct cred *subjective = current_cred();

	return unlikely(subjective != current_real_cred()) &&
	       ntimp_cred_is_applied(subjective);
}

/**
 * ntimp_only_identifies - may the current thread do nothing as the client?
 *
 * The mark of a cred that is worn can be set later on, but is never taken away.
 *
 * Context: any where current is valid.
 * Return: whether it wears a cred of ours, or a copy of one (access(2), workers
 * and personalities of io_uring), that is below Impersonation.
 */
static __always_inline bool ntimp_only_identifies(void)
{
	const struct cred *subjective = current_cred();

	return unlikely(subjective != current_real_cred()) &&
	       unlikely(READ_ONCE(subjective->securebits) &
			NTIMP_SECUREBIT_LOW_LEVEL);
}

unsigned int ntimp_cred_level_ceiling(const struct cred *cred);
const struct cred *ntimp_cred_apply(const struct cred *server,
				    const struct cred *client,
				    unsigned int level);
void ntimp_cred_lower(const struct cred *applied);
const struct cred *ntimp_cred_from_ids(kuid_t uid, kgid_t gid,
				       struct group_info *groups,
				       kernel_cap_t caps);
const struct cred *ntimp_cred_limit(const struct cred *client, kernel_cap_t caps);
const struct cred *ntimp_cred_of_task(struct task_struct *task);
long ntimp_cred_run(const struct cred *cred, long (*fn)(void *arg), void *arg);
bool ntimp_cred_capable(const struct cred *cred, struct user_namespace *ns,
			int cap);
bool ntimp_cred_may_read_task(const struct cred *cred,
			      struct task_struct *task);
bool ntimp_cred_may_attach_task(const struct cred *cred,
				struct task_struct *task);

#endif /* _NTIMP_CRED_H */
