// SPDX-License-Identifier: GPL-2.0-only
/* Filtered tokens: what is gone, for good, and how far they go. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>

#include "../ntimp/compat.h"
#include "../ntimp/context.h"
#include "../ntimp/cred.h"
#include "../ntimp/limits.h"
#include "../ntimp/nt/privilege.h"
#include "contexts.h"
#include "nt_sids.h"
#include "nt_tokens.h"
#include "parts.h"
#include "persona.h"
#include "rows.h"
#include "suites.h"

#define TIME	CAP_BIT(CAP_SYS_TIME)
#define BOOT	CAP_BIT(CAP_SYS_BOOT)
#define NET	CAP_BIT(CAP_NET_ADMIN)	/* of no privilege */

static const struct persona alice = {
	.uid = 1001, .gid = 1001, .ngroups = 2, .groups = { 100, 200 },
	.permitted = TIME | BOOT | NET, .inactive = BOOT,
};

static const struct persona root = { .uid = 0, .gid = 0, .permitted = CAPS_ALL };

/* SeFilterToken() with a struct loss. */
static NTSTATUS lose(struct kunit *test, PACCESS_TOKEN token, const struct loss *loss,
		     PACCESS_TOKEN *filtered)
{
	return SeFilterToken(token, loss->flags, groups_list(test, loss->disable, SE_GROUP_ENABLED),
			     privileges_of(test, loss->delete),
			     groups_list(test, loss->restrict_to, 0), filtered);
}

static struct nt_token *filtered_of(struct kunit *test, PACCESS_TOKEN token,
				    const struct loss *loss)
{
	PACCESS_TOKEN filtered = NULL;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, lose(test, token, loss, &filtered));
	KUNIT_ASSERT_NOT_NULL(test, filtered);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(filtered));
	return keep_token(test, filtered);
}

/* --- what is lost ------------------------------------------------------------------------ */

struct loss_row {
	const char *name;
	const struct persona *who;	/* alice, if not said */
	struct loss first;
	struct loss loss;
	u64 caps;		/* permitted ones that are left */
	unsigned int denied;	/* how many SIDs */
	int restricting;	/* how many SIDs; -1: not restricted */
	ULONG flags;
};

#define PRIV(_name)	BIT_ULL(SE_##_name##_PRIVILEGE)

static const struct loss_row loss_rows[] = {
	{ "nothing", .caps = TIME | BOOT | NET, .restricting = -1 },
	{ "a privilege", .loss = { .delete = PRIV(SYSTEMTIME) },
	  .caps = BOOT | NET, .restricting = -1 },
	{ "a privilege that isn't enabled", .loss = { .delete = PRIV(SHUTDOWN) },
	  .caps = TIME | NET, .restricting = -1 },
	{ "a privilege that isn't held", .loss = { .delete = PRIV(DEBUG) },
	  .caps = TIME | BOOT | NET, .restricting = -1 },
	{ "a privilege that is everybody's", .loss = { .delete = PRIV(CHANGE_NOTIFY) },
	  .caps = TIME | BOOT | NET, .restricting = -1 },
	{ "privileges that don't exist", .loss = { .delete = BIT_ULL(63) | BIT_ULL(1) | 1 },
	  .caps = TIME | BOOT | NET, .restricting = -1 },
	{ "all privileges", .loss = { .flags = DISABLE_MAX_PRIVILEGE }, .restricting = -1 },
	{ "all privileges, whatever is listed",
	  .loss = { .flags = DISABLE_MAX_PRIVILEGE, .delete = PRIV(SYSTEMTIME) },
	  .restricting = -1 },
	{ "one, then another one", .first = { .delete = PRIV(SYSTEMTIME) },
	  .loss = { .delete = PRIV(SHUTDOWN) }, .caps = NET, .restricting = -1 },
	{ "a group", .loss = { .disable = { USERS } }, .caps = TIME | BOOT | NET, .denied = 1,
	  .restricting = -1 },
	{ "the user and two groups", .loss = { .disable = { ALICE, USERS, ALICES } },
	  .caps = TIME | BOOT | NET, .denied = 3, .restricting = -1 },
	{ "somebody else's SIDs", .loss = { .disable = { BOB, OTHERS_GROUP, OF_A_DOMAIN } },
	  .caps = TIME | BOOT | NET, .restricting = -1 },
	{ "a group and somebody else's", .loss = { .disable = { BOB, USERS } },
	  .caps = TIME | BOOT | NET, .denied = 1, .restricting = -1 },
	{ "a group, then again", .first = { .disable = { USERS } },
	  .loss = { .disable = { USERS } }, .caps = TIME | BOOT | NET, .denied = 1,
	  .restricting = -1 },
	{ "a group, then another one", .first = { .disable = { USERS } },
	  .loss = { .disable = { STAFF } }, .caps = TIME | BOOT | NET, .denied = 2,
	  .restricting = -1 },
	{ "a group, then a privilege", .first = { .disable = { USERS } },
	  .loss = { .delete = PRIV(SYSTEMTIME) }, .caps = BOOT | NET, .denied = 1,
	  .restricting = -1 },
	{ "restricted", .loss = { .restrict_to = { USERS, BOB } }, .caps = TIME | BOOT | NET,
	  .restricting = 2 },
	{ "restricted, then to fewer", .first = { .restrict_to = { USERS, BOB, STAFF } },
	  .loss = { .restrict_to = { STAFF, ALICE } }, .caps = TIME | BOOT | NET,
	  .restricting = 1 },
	{ "restricted, then to nothing in common", .first = { .restrict_to = { USERS } },
	  .loss = { .restrict_to = { STAFF } }, .caps = TIME | BOOT | NET, .restricting = 0 },
	{ "restricted, then a privilege", .first = { .restrict_to = { USERS, BOB } },
	  .loss = { .delete = PRIV(SYSTEMTIME) }, .caps = BOOT | NET, .restricting = 2 },
	{ "write-restricted", .loss = { .flags = WRITE_RESTRICTED, .restrict_to = { USERS } },
	  .caps = TIME | BOOT | NET, .restricting = 1, .flags = WRITE_RESTRICTED },
	{ "write-restricted to nothing", .loss = { .flags = WRITE_RESTRICTED },
	  .caps = TIME | BOOT | NET, .restricting = -1 },
	{ "restricted, then write-restricted", .first = { .restrict_to = { USERS } },
	  .loss = { .flags = WRITE_RESTRICTED, .restrict_to = { USERS } },
	  .caps = TIME | BOOT | NET, .restricting = 1 },
	{ "write-restricted, then restricted",
	  .first = { .flags = WRITE_RESTRICTED, .restrict_to = { USERS } },
	  .loss = { .restrict_to = { USERS } }, .caps = TIME | BOOT | NET, .restricting = 1 },
	{ "write-restricted, then again",
	  .first = { .flags = WRITE_RESTRICTED, .restrict_to = { USERS } },
	  .loss = { .flags = WRITE_RESTRICTED, .restrict_to = { USERS } },
	  .caps = TIME | BOOT | NET, .restricting = 1, .flags = WRITE_RESTRICTED },
	{ "write-restricted, then a privilege",
	  .first = { .flags = WRITE_RESTRICTED, .restrict_to = { USERS } },
	  .loss = { .delete = PRIV(SYSTEMTIME) }, .caps = BOOT | NET, .restricting = 1,
	  .flags = WRITE_RESTRICTED },
	{ "sandbox", .loss = { .flags = SANDBOX_INERT }, .caps = TIME | BOOT | NET,
	  .restricting = -1, .flags = SANDBOX_INERT },
	{ "a user's rights", .loss = { .flags = LUA_TOKEN }, .restricting = -1,
	  .flags = LUA_TOKEN },
	{ "a user's rights, root", .who = &root, .loss = { .flags = LUA_TOKEN }, .denied = 1,
	  .restricting = -1, .flags = LUA_TOKEN },
	{ "flags last", .first = { .flags = SANDBOX_INERT | LUA_TOKEN },
	  .restricting = -1, .flags = SANDBOX_INERT | LUA_TOKEN },
};

ROWS(loss);

static void expect_no_caps_but(struct kunit *test, const struct cred *client, u64 caps)
{
	KUNIT_EXPECT_EQ(test, caps, compat_cap_to_u64(client->cap_permitted));
	KUNIT_EXPECT_EQ(test, caps & ~alice.inactive, compat_cap_to_u64(client->cap_effective));
}

static void token_loses_what_is_said(struct kunit *test)
{
	const struct loss_row *row = test->param_value;
	PACCESS_TOKEN token = token_make(test, row->who ?: &alice, TokenImpersonation, 2);
	struct nt_token *filtered;
	struct nt_filter *filter;

	filtered = filtered_of(test, filtered_of(test, token, &row->first), &row->loss);
	filter = filtered->filter;
	KUNIT_ASSERT_NOT_NULL(test, filter);
	expect_no_caps_but(test, filtered->ctx->client, row->caps);
	KUNIT_EXPECT_EQ(test, row->denied, filter->denied ? filter->denied->count : 0);
	KUNIT_EXPECT_EQ(test, row->restricting >= 0, filter->restricted);
	KUNIT_EXPECT_EQ(test, max(row->restricting, 0),
			filter->restricting ? (int)filter->restricting->count : 0);
	KUNIT_EXPECT_EQ(test, row->flags, filter->flags);
	KUNIT_EXPECT_EQ(test, row->restricting >= 0, SeTokenIsRestricted(filtered));
	KUNIT_EXPECT_EQ(test, !!(row->flags & WRITE_RESTRICTED),
			SeTokenIsWriteRestricted(filtered));
	KUNIT_EXPECT_EQ(test, !row->denied && row->restricting < 0,
			nt_filter_is_expressible(filter));
	KUNIT_EXPECT_FALSE(test, SeTokenIsAdmin(filtered));
	/* The first one has lost nothing. */
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
	KUNIT_EXPECT_NULL(test, nt_token_from(token)->filter);
}

/* --- cases of the table -------------------------------------------------------------------- */

struct kind_row {
	const char *name;
	struct loss loss;
};

static const struct kind_row kind_rows[] = {
	{ "one privilege", { .delete = PRIV(SYSTEMTIME) } },
	{ "all privileges", { .flags = DISABLE_MAX_PRIVILEGE } },
	{ "one group", { .disable = { EVERYONE } } },
	{ "restricted to one", { .restrict_to = { EVERYONE } } },
};

ROWS(kind);

static void case_087_each_kind_of_loss(struct kunit *test)
{
	const struct kind_row *row = test->param_value;
	PACCESS_TOKEN token = token_make(test, &alice, TokenPrimary, 0), filtered = NULL;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, lose(test, token, &row->loss, &filtered));
	KUNIT_EXPECT_EQ(test, TokenPrimary, SeTokenType(filtered));
	KUNIT_EXPECT_EQ(test, (LONG_PTR)0, ObDereferenceObject(filtered));
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

static void case_088_restricting_sids_have_no_attributes(struct kunit *test)
{
	static const enum sid_name names[LIST_MAX] = { USERS };
	PACCESS_TOKEN token = token_make(test, &alice, TokenImpersonation, 2);
	PACCESS_TOKEN filtered = (PACCESS_TOKEN)1;
	unsigned int bit;

	for (bit = 0; bit < 32; bit++)
		KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
				SeFilterToken(token, 0, NULL, NULL,
					      groups_list(test, names, BIT(bit)), &filtered));
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)1, filtered);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

static void case_089_nothing_is_lost(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, SecurityImpersonation);
	struct nt_token *filtered = filtered_of(test, token, &(struct loss) {});

	KUNIT_EXPECT_PTR_NE(test, token, filtered);
	KUNIT_EXPECT_EQ(test, token->type, filtered->type);
	KUNIT_EXPECT_EQ(test, token->level, filtered->level);
	KUNIT_EXPECT_TRUE(test, RtlEqualLuid(&token->authentication_id,
					     &filtered->authentication_id));
	KUNIT_EXPECT_FALSE(test, RtlEqualLuid(&token->id, &filtered->id));
	KUNIT_EXPECT_TRUE(test, nt_filter_is_expressible(filtered->filter));
}

/* --- arguments ------------------------------------------------------------------------------ */

static void arguments_are_checked(struct kunit *test)
{
	PACCESS_TOKEN token = token_make(test, &alice, TokenImpersonation, 2);
	PACCESS_TOKEN filtered = (PACCESS_TOKEN)1;
	SID bad = { .Revision = SID_REVISION + 1 };
	TOKEN_GROUPS groups = { .GroupCount = 1 };
	TOKEN_PRIVILEGES privileges = { .PrivilegeCount = NTIMP_NT_FILTER_MAX + 1 };
	unsigned int bit;

	for (bit = 4; bit < 32; bit++)
		KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
				SeFilterToken(token, BIT(bit), NULL, NULL, NULL, &filtered));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_SID,
			SeFilterToken(token, 0, &groups, NULL, NULL, &filtered));
	groups.Groups[0].Sid = &bad;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_SID,
			SeFilterToken(token, 0, &groups, NULL, NULL, &filtered));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_SID,
			SeFilterToken(token, 0, NULL, NULL, &groups, &filtered));
	groups.GroupCount = NTIMP_NT_FILTER_MAX + 1;
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			SeFilterToken(token, 0, &groups, NULL, NULL, &filtered));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			SeFilterToken(token, 0, NULL, NULL, &groups, &filtered));
	KUNIT_EXPECT_EQ(test, STATUS_INVALID_PARAMETER,
			SeFilterToken(token, 0, NULL, &privileges, NULL, &filtered));
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)1, filtered);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

static void ended_contexts_make_no_tokens(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, SecurityImpersonation);
	PACCESS_TOKEN filtered = (PACCESS_TOKEN)1;

	KUNIT_ASSERT_EQ(test, 0, ntimp_revoke(token->ctx, 0));
	KUNIT_EXPECT_EQ(test, STATUS_NO_SUCH_LOGON_SESSION,
			SeFilterToken(token, 0, NULL, NULL, NULL, &filtered));
	KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)1, filtered);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

/* The filtered one ends with the one it is made of. */
static void revoking_reaches_filtered_tokens(struct kunit *test)
{
	struct nt_token *token = token_made(test, &alice, SecurityImpersonation);
	struct nt_token *filtered = filtered_of(test, token, &(struct loss) {});

	KUNIT_ASSERT_EQ(test, 0, ntimp_revoke(token->ctx, 0));
	KUNIT_EXPECT_EQ(test, -EKEYREVOKED, ntimp_impersonate(filtered->ctx));
}

static void every_allocation_may_fail(struct kunit *test)
{
	static const struct loss loss = {
		.disable = { USERS }, .restrict_to = { BOB }, .delete = PRIV(SYSTEMTIME),
	};
	struct nt_token *token = token_made(test, &alice, SecurityImpersonation);
	long usage = cred_usage(token->ctx->client);
	PTOKEN_GROUPS disable = groups_list(test, loss.disable, 0);
	PTOKEN_GROUPS restricting = groups_list(test, loss.restrict_to, 0);
	PTOKEN_PRIVILEGES delete = privileges_of(test, loss.delete);
	PACCESS_TOKEN filtered = (PACCESS_TOKEN)1;
	NTSTATUS status = STATUS_NO_MEMORY;
	unsigned int nth;

	for (nth = 1; nth < 64; nth++) {
		fail_nth(nth);
		status = SeFilterToken(token, 0, disable, delete, restricting, &filtered);
		if (!fail_nth_over())
			break;
		/* The fallback of a large allocation has none to fail. */
		if (status == STATUS_SUCCESS) {
			ObDereferenceObject(filtered);
			filtered = (PACCESS_TOKEN)1;
			continue;
		}
		KUNIT_EXPECT_EQ(test, STATUS_NO_MEMORY, status);
		KUNIT_EXPECT_PTR_EQ(test, (PACCESS_TOKEN)1, filtered);
		KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
		KUNIT_EXPECT_EQ(test, usage, cred_usage(token->ctx->client));
	}
	KUNIT_EXPECT_GE(test, nth, 6U);
	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS, status);
	ObDereferenceObject(filtered);
	KUNIT_EXPECT_EQ(test, usage, cred_usage(token->ctx->client));
}

/* --- how far they go -------------------------------------------------------------------------- */

struct wear_row {
	const char *name;
	struct loss loss;
	SECURITY_IMPERSONATION_LEVEL level;
	u64 caps;	/* effective ones, at level Impersonation */
};

static const struct wear_row wear_rows[] = {
	{ "nothing", {}, SecurityImpersonation, TIME | NET },
	{ "a privilege", { .delete = PRIV(SYSTEMTIME) }, SecurityImpersonation, NET },
	{ "all privileges", { .flags = DISABLE_MAX_PRIVILEGE }, SecurityImpersonation, 0 },
	{ "somebody else's SID", { .disable = { BOB } }, SecurityImpersonation, TIME | NET },
	{ "a group", { .disable = { USERS } }, SecurityIdentification, 0 },
	{ "the user", { .disable = { ALICE } }, SecurityIdentification, 0 },
	{ "restricted", { .restrict_to = { USERS } }, SecurityIdentification, 0 },
	{ "write-restricted", { .flags = WRITE_RESTRICTED, .restrict_to = { EVERYONE } },
	  SecurityIdentification, 0 },
};

ROWS(wear);

static void expect_worn(struct kunit *test, PACCESS_TOKEN token, const struct wear_row *row)
{
	SECURITY_IMPERSONATION_LEVEL level = SecurityDelegation;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			PsImpersonateClient(PsGetCurrentThread(), token, TRUE, FALSE,
					    SecurityImpersonation));
	KUNIT_EXPECT_NOT_NULL(test, token_now(&level));
	KUNIT_EXPECT_EQ(test, row->level, level);
	KUNIT_EXPECT_EQ(test, (unsigned int)row->level,
			ntimp_cred_level_ceiling(current_cred()));
	KUNIT_EXPECT_EQ(test, row->caps, compat_cap_to_u64(current_cred()->cap_effective));
	PsRevertToSelf();
	KUNIT_EXPECT_EQ(test, 1U, token_usage(token));
}

static void threads_wear_no_more_than_is_left(struct kunit *test)
{
	const struct wear_row *row = test->param_value;
	PACCESS_TOKEN token = token_make(test, &alice, TokenImpersonation, SecurityDelegation);
	PACCESS_TOKEN primary = token_make(test, &alice, TokenPrimary, 0);

	expect_worn(test, filtered_of(test, token, &row->loss), row);
	expect_worn(test, filtered_of(test, primary, &row->loss), row);
}

/* A way around would be to have it copied first. */
static void copies_are_worn_no_further(struct kunit *test)
{
	const struct wear_row *row = test->param_value;
	SECURITY_QUALITY_OF_SERVICE qos = { sizeof(qos), SecurityImpersonation };
	PACCESS_TOKEN token = token_make(test, &alice, TokenImpersonation, SecurityImpersonation);
	SECURITY_SUBJECT_CONTEXT subject = {
		.ClientToken = filtered_of(test, token, &row->loss),
		.ImpersonationLevel = SecurityImpersonation,
		.PrimaryToken = token_make(test, &root, TokenPrimary, 0),
	};
	struct nt_filter *filter = nt_token_from(subject.ClientToken)->filter;
	SECURITY_CLIENT_CONTEXT ctx;

	KUNIT_ASSERT_EQ(test, STATUS_SUCCESS,
			SeCreateClientSecurityFromSubjectContext(&subject, &qos, FALSE, &ctx));
	KUNIT_EXPECT_PTR_NE(test, subject.ClientToken, ctx.ClientToken);
	expect_worn(test, ctx.ClientToken, row);
	SeDeleteClientSecurity(&ctx);
	KUNIT_EXPECT_EQ(test, 1U, token_usage(subject.ClientToken));
	KUNIT_EXPECT_EQ(test, 1U, refcount_read(&filter->usage));
}

/* --- the core's part ------------------------------------------------------------------------ */

static void limited_creds_have_no_other_capability(struct kunit *test)
{
	const struct caps every = { TIME | BOOT, TIME | BOOT | NET, TIME | NET,
				    CAPS_ALL, TIME };
	const struct caps expected = { TIME, TIME | NET, TIME | NET, TIME | NET, TIME };
	struct cred *client = persona_cred(test, &alice);
	const struct cred *limited;
	struct ids ids = { 1001, 1001, 1001, 1001, 1001, 1001, 1001, 1001 };

	caps_set(client, &every);
	limited = keep_cred(test, ntimp_cred_limit(client, compat_cap_from_u64(TIME | NET)));
	caps_expect(test, &expected, limited);
	caps_expect(test, &every, client);
	ids_expect(test, &ids, limited);
	KUNIT_EXPECT_PTR_EQ(test, client->group_info, limited->group_info);
	KUNIT_EXPECT_PTR_EQ(test, client->user_ns, limited->user_ns);
}

/* The mark that bounds the level stays, or a captured client could rise. */
static void limited_creds_do_not_rise(struct kunit *test)
{
	const struct cred *client = persona_cred(test, &alice), *applied, *limited;

	applied = applied_cred(test, current_real_cred(), client, SecurityImpersonation);
	limited = keep_cred(test, ntimp_cred_limit(applied, compat_cap_from_u64(0)));
	KUNIT_EXPECT_EQ(test, (unsigned int)SecurityImpersonation,
			ntimp_cred_level_ceiling(limited));
}

static void limited_contexts_are_as_the_first(struct kunit *test)
{
	struct ntimp_context *ctx = persona_context(test, &alice, NTIMP_LEVEL_DELEGATION);
	unsigned int handles = refcount_read(&ctx->handles);
	long usage = cred_usage(ctx->client);
	struct ntimp_context *limited;

	limited = ntimp_context_limit(ctx, ctx->client, compat_cap_from_u64(NET));
	KUNIT_ASSERT_FALSE(test, IS_ERR(limited));
	KUNIT_EXPECT_EQ(test, ctx->qos.level, limited->qos.level);
	KUNIT_EXPECT_EQ(test, 0U, (unsigned int)limited->qos.flags);
	KUNIT_EXPECT_EQ(test, (unsigned int)NTIMP_TRACKING_STATIC,
			(unsigned int)limited->qos.tracking);
	KUNIT_EXPECT_PTR_EQ(test, ctx->lease, limited->lease);
	expect_no_caps_but(test, limited->client, NET);
	ntimp_context_put(limited);
	KUNIT_EXPECT_EQ(test, handles, refcount_read(&ctx->handles));
	KUNIT_EXPECT_EQ(test, usage, cred_usage(ctx->client));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(token_loses_what_is_said, loss_gen_params),
	KUNIT_CASE_PARAM(case_087_each_kind_of_loss, kind_gen_params),
	KUNIT_CASE(case_088_restricting_sids_have_no_attributes),
	KUNIT_CASE(case_089_nothing_is_lost),
	KUNIT_CASE(arguments_are_checked),
	KUNIT_CASE(ended_contexts_make_no_tokens),
	KUNIT_CASE(revoking_reaches_filtered_tokens),
	KUNIT_CASE(every_allocation_may_fail),
	KUNIT_CASE_PARAM(threads_wear_no_more_than_is_left, wear_gen_params),
	KUNIT_CASE_PARAM(copies_are_worn_no_further, wear_gen_params),
	KUNIT_CASE(limited_creds_have_no_other_capability),
	KUNIT_CASE(limited_creds_do_not_rise),
	KUNIT_CASE(limited_contexts_are_as_the_first),
	{}
};

struct kunit_suite ntimp_nt_filter_suite = {
	.name = "nt_filter",
	.test_cases = cases,
};
