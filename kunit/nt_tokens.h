/* SPDX-License-Identifier: GPL-2.0-only */
/* Tokens whose references a case counts, and threads that NT's routines are about. */
#ifndef _KUNIT_NT_TOKENS_H
#define _KUNIT_NT_TOKENS_H

#include <linux/cred.h>
#include <linux/refcount.h>

#include "../ntimp/nt/thread.h"
#include "../ntimp/nt/token.h"
#include "actor.h"

struct kunit;
struct ntimp_context;
struct persona;

/* An impersonation token; its only reference is the case's, for as long as it lasts. */
struct nt_token *token_made(struct kunit *test, const struct persona *persona,
			    unsigned int level);

/* The same of a context, which the token consumes. */
struct nt_token *token_of(struct kunit *test, struct ntimp_context *ctx);

static inline unsigned int token_usage(PACCESS_TOKEN token)
{
	return refcount_read(&nt_token_from(token)->usage);
}

/* Drop a reference on a token when the case is over; returns the token. */
PACCESS_TOKEN keep_token(struct kunit *test, PACCESS_TOKEN token);

/*
 * A thread that others may look at, so that it can be a client; the suite has the
 * ends that actor.h asks for.
 */
struct actor *client_start(struct kunit *test, const struct persona *persona);

/* Its primary token, with a reference for as long as the case lasts. */
struct nt_token *primary_of(struct kunit *test, const struct actor *actor);

static inline PETHREAD thread_of(const struct actor *actor)
{
	return (PETHREAD)actor->task;
}

/**
 * struct wish - what PsImpersonateClient() is called with
 * @token: as there
 * @copy_on_open: as there
 * @effective_only: as there
 * @level: as there
 * @status: what it returned
 */
struct wish {
	PACCESS_TOKEN token;
	BOOLEAN copy_on_open;
	BOOLEAN effective_only;
	SECURITY_IMPERSONATION_LEVEL level;
	NTSTATUS status;
};

/* Parts for an actor: PsImpersonateClient() as a struct wish says; PsRevertToSelf(). */
int act_wish(void *wish);
int act_revert_to_self(void *unused);

/* As whom the current thread acts at the moment, by the ids for files. */
static inline unsigned int acts_as_uid(void)
{
	return __kuid_val(current_fsuid());
}

/* As whom the current thread acts; NULL: itself.  No reference is taken. */
PACCESS_TOKEN token_now(SECURITY_IMPERSONATION_LEVEL *level);

/* Have the allocation that is the @nth from now on fail; 0: none; was there one? */
void fail_nth(unsigned int nth);
bool fail_nth_over(void);

#endif /* _KUNIT_NT_TOKENS_H */
