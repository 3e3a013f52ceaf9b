/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What NT knows of a thread that impersonates, and the core doesn't.
 */
#ifndef _NTIMP_NT_IMPERSONATION_H
#define _NTIMP_NT_IMPERSONATION_H

#include <linux/ntimp.h>
#include <linux/types.h>

#include <linux/nt/token.h>

struct nt_token;
struct task_struct;

/**
 * struct nt_terms - as whom a thread acts, and how
 * @token: the client
 * @copy_on_open: of PsImpersonateClient(); the token may not be handed out
 * @effective_only: of PsImpersonateClient()
 * @level: how far it goes
 */
struct nt_terms {
	struct nt_token *token;
	bool copy_on_open;
	bool effective_only;
	SECURITY_IMPERSONATION_LEVEL level;
};

/**
 * struct nt_impersonation - an identity that a thread has put on by NT's routines
 * @task: the thread; one reference, so that the pointer can't come to mean
 *	another one
 * @terms: as whom, and how; one reference on the token, except while @disabled:
 *	then it is the driver's, with the SE_IMPERSONATION_STATE
 * @worn: the applied cred.  The thread's, which has a reference as long as it
 *	wears or has put it aside.
 * @disabled: the thread has put it aside
 * @aside: what it put aside then
 * @of_thread: in the table; its lock, which protects all but @aside
 *
 * Lasts as long as the thread wears @worn, whatever makes it take that off, or has
 * put it aside.
 */
struct nt_impersonation {
	struct task_struct *task;
	struct nt_terms terms;
	const struct cred *worn;
	bool disabled;
	struct ntimp_aside aside;
	struct hlist_node of_thread;
};

void nt_impersonation_watch(void);
struct nt_impersonation *nt_impersonation_alloc(void);
void nt_impersonation_free(struct nt_impersonation *imp);
void nt_impersonation_begin(struct nt_impersonation *imp, const struct nt_terms *terms);
bool nt_impersonation_look(struct task_struct *task, struct nt_terms *terms);
bool nt_impersonation_disable(struct nt_terms *terms);
bool nt_impersonation_restore(const struct nt_token *token);

#endif /* _NTIMP_NT_IMPERSONATION_H */
