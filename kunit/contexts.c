// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/rcupdate.h>

#include "../ntimp/context.h"
#include "contexts.h"
#include "defer.h"

static void undo_cred(const void *cred)
{
	put_cred(cred);
}

const struct cred *keep_cred(struct kunit *test, const struct cred *cred)
{
	defer(test, undo_cred, cred);
	return cred;
}

struct ntimp_context *context_of(struct kunit *test, const struct cred *client)
{
	const struct ntimp_qos qos = { .level = NTIMP_LEVEL_IMPERSONATION };
	struct ntimp_context *ctx;

	ctx = ntimp_context_create(NTIMP_SOURCE_IDS, &qos, get_cred(client));
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(ctx), "error %ld", PTR_ERR(ctx));
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
	const struct cred *cred;

	rcu_read_lock();
	cred = ntimp_context_recent(ctx, primary);
	rcu_read_unlock();
	return cred;
}
