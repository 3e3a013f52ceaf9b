// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/rcupdate.h>

#include "../ntimp/context.h"
#include "contexts.h"
#include "defer.h"
#include "persona.h"

static struct ntimp_context *context_at(struct kunit *test, const struct cred *client,
					unsigned int level)
{
	const struct ntimp_qos qos = { .level = level };
	struct ntimp_context *ctx;

	ctx = ntimp_context_create(NTIMP_SOURCE_IDS, &qos, get_cred(client));
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(ctx), "error %ld", PTR_ERR(ctx));
	return ctx;
}

struct ntimp_context *context_of(struct kunit *test, const struct cred *client)
{
	return context_at(test, client, NTIMP_LEVEL_IMPERSONATION);
}

static void undo_context(const void *ctx)
{
	ntimp_context_put((struct ntimp_context *)ctx);
}

struct ntimp_context *persona_context(struct kunit *test, const struct persona *persona,
				      unsigned int level)
{
	struct ntimp_context *ctx = context_at(test, persona_cred(test, persona), level);

	defer(test, undo_context, ctx);
	return ctx;
}

const struct cred *context_apply(struct kunit *test, struct ntimp_context *ctx)
{
	const struct cred *cred = ntimp_context_apply(ctx);

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(cred), "error %ld", PTR_ERR(cred));
	return keep_cred(test, cred);
}

const struct cred *context_recent(struct ntimp_context *ctx, const struct cred *primary)
{
	struct ntimp_applied *applied;
	const struct cred *cred;

	rcu_read_lock();
	applied = ntimp_context_recent(ctx, primary);
	cred = applied ? applied->cred : NULL;
	rcu_read_unlock();
	return cred;
}
