// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation of NT's routines fails once, as those of the core in alloc.c.
 * Routines without a status have cases of their own in the suites about them.
 */
#include <kunit/test.h>
#include <linux/err.h>

#include <linux/nt/ntstatus.h>
#include <linux/nt/security.h>

#include "../ntimp/context.h"
#include "../ntimp/identify.h"
#include "alloc.h"
#include "cpus.h"
#include "nt_tokens.h"
#include "rows.h"
#include "suites.h"

static int errno_of(NTSTATUS status)
{
	return status == STATUS_NO_MEMORY ? -ENOMEM : NT_SUCCESS(status) ? 0 : -EIO;
}

static int drop_token(struct nt_token *token)
{
	int err = PTR_ERR_OR_ZERO(token);

	nt_token_put(token);
	return err;
}

static struct nt_token *token_of_scene(const struct scene *scene)
{
	return nt_token_create(TokenImpersonation, SecurityImpersonation,
			       ntimp_context_get(scene->ctx));
}

static int call_token_create(const struct scene *scene)
{
	return drop_token(token_of_scene(scene));
}

static int call_token_primary(const struct scene *scene)
{
	return drop_token(nt_token_primary(current));
}

/* Of another level than the context has, so that there has to be another one. */
static int call_token_impersonate(const struct scene *scene)
{
	struct nt_token *token = token_of_scene(scene);
	NTSTATUS status;

	if (IS_ERR(token))
		return PTR_ERR(token);
	status = PsImpersonateClient(PsGetCurrentThread(), token, FALSE, TRUE,
				     SecurityImpersonation);
	PsRevertToSelf();
	nt_token_put(token);
	return errno_of(status);
}

/* More than the token allows: a copy of it is made, and worn at Identification. */
static int call_token_downgrade(const struct scene *scene)
{
	struct nt_token *token = token_of_scene(scene);
	NTSTATUS status;

	if (IS_ERR(token))
		return PTR_ERR(token);
	status = PsImpersonateClient(PsGetCurrentThread(), token, FALSE, FALSE,
				     SecurityDelegation);
	PsRevertToSelf();
	nt_token_put(token);
	return errno_of(status);
}

static int create_client_security(BOOLEAN tracking)
{
	SECURITY_QUALITY_OF_SERVICE nt_qos = {
		.ImpersonationLevel = SecurityImpersonation,
		.ContextTrackingMode = tracking,
	};
	SECURITY_CLIENT_CONTEXT context;
	NTSTATUS status;

	status = SeCreateClientSecurity(PsGetCurrentThread(), &nt_qos, FALSE, &context);
	if (NT_SUCCESS(status))
		SeDeleteClientSecurity(&context);
	return errno_of(status);
}

static int call_client_security(const struct scene *scene)
{
	return create_client_security(SECURITY_STATIC_TRACKING);
}

static int call_client_security_dynamic(const struct scene *scene)
{
	return create_client_security(SECURITY_DYNAMIC_TRACKING);
}

static const struct entry entry_rows[] = {
	{ "token create", call_token_create, 1 },
	{ "primary token", call_token_primary, 4 },
	{ "impersonate", call_token_impersonate, 7, .retires = true },
	{ "impersonate with the name only", call_token_downgrade, 6, .retires = true },
	{ "client security", call_client_security, 6 },
	{ "client security, dynamic", call_client_security_dynamic, 4 },
};

ROWS(entry);

/* Once, and not by the call: ftrace allocates a lot, and does without some of it. */
static int arm(struct kunit *test)
{
	return cpus_stay(test) ?: ntimp_identify_arm();
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(fails_once, entry_gen_params),
	{}
};

struct kunit_suite ntimp_nt_alloc_suite = {
	.name = "nt_alloc",
	.init = arm,
	.test_cases = cases,
};
