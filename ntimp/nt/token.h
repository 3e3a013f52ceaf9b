/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tokens: what NT has where the core has contexts.  An opaque PACCESS_TOKEN to
 * drivers, which hold references as on NT.
 */
#ifndef _NTIMP_NT_TOKEN_H
#define _NTIMP_NT_TOKEN_H

#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/types.h>

#include <linux/nt/token.h>

struct cred;
struct nt_filter;
struct ntimp_context;
struct pid;
struct task_struct;

#define NT_TOKEN_LEVELS		(SecurityDelegation + 1)

/**
 * struct nt_token - a token
 * @usage: drivers, client and subject contexts, threads that impersonate
 * @type: primary or impersonation; fixed
 * @level: of an impersonation token; fixed
 * @ctx: who it is; one handle.  Dynamic for primary tokens, static for others;
 *	its level is the highest at which the token can be worn.
 * @id: of this token alone; fixed
 * @modified_id: another one when the client was seen to have changed; @lock
 * @authentication_id: logon session; fixed
 * @source: who made it; fixed
 * @filter: what SeFilterToken() took away; one reference; fixed; or NULL
 * @lock: held for reading by SeLockSubjectContext(); for writing, and only ever
 *	tried then, while the client is looked at again
 * @thread: the thread whose primary token it is; one reference; fixed; or NULL
 * @primary: that thread's primary cred; one reference, so that the pointer can't
 *	come to mean another one; fixed; or NULL
 * @of_primary: in the table of primary tokens; its lock
 * @variants_lock: protects @variants
 * @variants: static duplicates of @ctx by level and effective-only, which threads
 *	wear; made when they are first needed; one handle each
 */
struct nt_token {
	refcount_t usage;
	TOKEN_TYPE type;
	SECURITY_IMPERSONATION_LEVEL level;
	struct ntimp_context *ctx;
	LUID id;
	LUID modified_id;
	LUID authentication_id;
	TOKEN_SOURCE source;
	struct nt_filter *filter;
	struct rw_semaphore lock;
	struct pid *thread;
	const struct cred *primary;
	struct hlist_node of_primary;
	struct mutex variants_lock; /* one that is missing is made once */
	struct ntimp_context *variants[NT_TOKEN_LEVELS][2];
};

/**
 * nt_token_from - the token that a driver has
 * @token: from a routine that returns one
 *
 * Context: any.
 * Return: the same.
 */
static inline struct nt_token *nt_token_from(PACCESS_TOKEN token)
{
	return token;
}

LUID nt_luid_new(void);
struct nt_token *nt_token_create(TOKEN_TYPE type, SECURITY_IMPERSONATION_LEVEL level,
				 struct ntimp_context *ctx);
struct nt_token *nt_token_get(struct nt_token *token);
void nt_token_put(struct nt_token *token);
void nt_token_refresh(struct nt_token *token);
const struct cred *nt_token_client(struct nt_token *token);
void nt_token_control(struct nt_token *token, TOKEN_CONTROL *control);
struct ntimp_context *nt_token_context(struct nt_token *token,
				       SECURITY_IMPERSONATION_LEVEL level,
				       bool effective_only);
struct nt_token *nt_token_duplicate(struct nt_token *token,
				    SECURITY_IMPERSONATION_LEVEL level,
				    bool effective_only);

/* Primary tokens, see primary.c. */
struct nt_token *nt_token_primary(struct task_struct *task);
bool nt_token_primary_put(struct nt_token *token);

/* Nobody's tokens, see nobody.c. */
struct nt_token *nt_token_nobody(TOKEN_TYPE type);
int nt_nobody_init(void);
void nt_nobody_exit(void);

#endif /* _NTIMP_NT_TOKEN_H */
