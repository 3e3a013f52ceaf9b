/* SPDX-License-Identifier: GPL-2.0-only */
/* Contexts and applied creds whose references a case counts. */
#ifndef _KUNIT_CONTEXTS_H
#define _KUNIT_CONTEXTS_H

struct cred;
struct kunit;
struct ntimp_context;
struct persona;

/* A context at level Impersonation, which the case puts itself. */
struct ntimp_context *context_of(struct kunit *test, const struct cred *client);

/* A context that lives as long as the case. */
struct ntimp_context *persona_context(struct kunit *test, const struct persona *persona,
				      unsigned int level);

/* Apply a context; for as long as the case, so that no sweep frees the cred. */
const struct cred *context_apply(struct kunit *test, struct ntimp_context *ctx);

/* What was applied last, if it was for this server; no reference is taken. */
const struct cred *context_recent(struct ntimp_context *ctx, const struct cred *primary);

#endif /* _KUNIT_CONTEXTS_H */
