// SPDX-License-Identifier: GPL-2.0-only
/* Capture: what may be asked for, who is captured, and who may make a client up. */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/user_namespace.h>

#include "../ntimp/compat.h"
#include "../ntimp/context.h"
#include "contexts.h"
#include "persona.h"
#include "rows.h"
#include "sockets.h"
#include "suites.h"

#define NR_LEVELS	(NTIMP_LEVEL_DELEGATION + 1)

static const struct persona server = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS };
static const struct persona alice = { .uid = 1001, .gid = 1001 };
static const struct ntimp_qos plain = { .level = NTIMP_LEVEL_IMPERSONATION };

static struct ntimp_context *from_self(struct kunit *test, const struct ntimp_qos *qos)
{
	return ntimp_capture_self(qos);
}

static struct ntimp_context *from_task(struct kunit *test, const struct ntimp_qos *qos)
{
	return ntimp_capture_task(current, qos);
}

/* Whatever is worn. */
static struct ntimp_context *from_primary(struct kunit *test, const struct ntimp_qos *qos)
{
	const struct cred *worn = override_creds(persona_cred(test, &alice));
	struct ntimp_context *ctx = ntimp_capture_primary(current, qos);

	revert_creds(worn);
	return ctx;
}

static struct ntimp_context *from_peer(struct kunit *test, const struct ntimp_qos *qos)
{
	return ntimp_capture_peer(sockets_pair(test, SOCK_STREAM), qos);
}

static struct ntimp_context *from_ids(struct kunit *test, const struct ntimp_qos *qos)
{
	return ntimp_capture_ids(KUIDT_INIT(1002), KGIDT_INIT(1002), groups_make(test, NULL, 0),
				 compat_cap_from_u64(0), qos);
}

static struct ntimp_context *from_anonymous(struct kunit *test, const struct ntimp_qos *qos)
{
	return ntimp_capture_anonymous(qos);
}

static struct ntimp_context *from_context(struct kunit *test, const struct ntimp_qos *qos)
{
	return ntimp_context_duplicate(persona_context(test, &alice, NTIMP_LEVEL_DELEGATION), qos);
}

struct source_row {
	const char *name;
	enum ntimp_source source;
	struct ntimp_context *(*capture)(struct kunit *test, const struct ntimp_qos *qos);
	/* Whom the server captures; how many references on that cred, its own included. */
	u32 uid;
	long usage;
	unsigned int can;
};

#define TRACKING	BIT(0)
#define CONSENTING	BIT(1)
#define FLAGLESS	BIT(2)	/* a duplicate of what has no flags can't have any */

static const struct source_row source_rows[] = {
	{ "self", NTIMP_SOURCE_SELF, from_self, 1000, 3, TRACKING | CONSENTING },
	{ "task", NTIMP_SOURCE_THREAD, from_task, 1000, 3, TRACKING },
	{ "primary", NTIMP_SOURCE_THREAD, from_primary, 1000, 3, TRACKING },
	{ "peer", NTIMP_SOURCE_PEER, from_peer, 1000, 5 },
	{ "ids", NTIMP_SOURCE_IDS, from_ids, 1002, 1 },
	{ "anonymous", NTIMP_SOURCE_ANONYMOUS, from_anonymous, 65534, 1 },
	{ "context", NTIMP_SOURCE_CONTEXT, from_context, 1001, 3, FLAGLESS },
};

ROWS(source);

static void source_is_told(struct kunit *test)
{
	const struct source_row *row = test->param_value;
	struct ntimp_context *ctx;

	persona_become(test, &server);
	ctx = row->capture(test, &plain);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(ctx), "error %ld", PTR_ERR(ctx));
	KUNIT_EXPECT_EQ(test, (int)row->source, (int)ctx->source);
	KUNIT_EXPECT_EQ(test, row->uid, __kuid_val(ctx->client->uid));
	KUNIT_EXPECT_EQ(test, row->uid, __kuid_val(ctx->client->fsuid));
	KUNIT_EXPECT_EQ(test, row->usage, cred_usage(ctx->client));
	KUNIT_EXPECT_EQ(test, 1, (int)refcount_read(&ctx->handles));
	ntimp_context_put(ctx);
}

struct qos_row {
	const char *name;
	struct ntimp_qos qos;
	int err;
	/* What sources can for which there is no error. */
	unsigned int unless;
};

static const struct qos_row qos_rows[] = {
	{ "anonymous", { .level = 0 }, 0 },
	{ "identification", { .level = 1 }, 0 },
	{ "impersonation", { .level = 2 }, 0 },
	{ "delegation", { .level = 3 }, 0 },
	{ "anonymous, effective only", { .level = 0, .effective_only = 1 }, 0 },
	{ "impersonation, effective only", { .level = 2, .effective_only = 1 }, 0 },
	{ "delegation, effective only", { .level = 3, .effective_only = 1 }, 0 },
	{ "level 4", { .level = 4 }, -EINVAL },
	{ "level -1", { .level = -1 }, -EINVAL },
	{ "level 258, whose low byte is fine", { .level = 258 }, -EINVAL },
	{ "tracking 2", { .level = 2, .tracking = 2 }, -EINVAL },
	{ "tracking 255", { .level = 2, .tracking = 255 }, -EINVAL },
	{ "effective_only 2", { .level = 2, .effective_only = 2 }, -EINVAL },
	{ "effective_only 255", { .level = 2, .effective_only = 255 }, -EINVAL },
	{ "third flag", { .level = 2, .flags = 4 }, -EINVAL },
	{ "highest flag", { .level = 2, .flags = 0x8000 }, -EINVAL },
	{ "dynamic", { .level = 2, .tracking = 1 }, -EOPNOTSUPP, TRACKING },
	{ "dynamic, anonymous", { .level = 0, .tracking = 1 }, -EOPNOTSUPP, TRACKING },
	{ "consent", { .level = 2, .flags = NTIMP_QOS_CONSENT }, -EINVAL, CONSENTING },
	{ "dispatch", { .level = 2, .flags = NTIMP_QOS_DISPATCH }, 0 },
	{ "dynamic and malformed", { .level = 4, .tracking = 1 }, -EINVAL },
};

ROWS(qos);

#define KNOWN_FLAGS	(NTIMP_QOS_CONSENT | NTIMP_QOS_DISPATCH)

/* No source is more lenient than another. */
static void qos_is_judged(struct kunit *test)
{
	const struct qos_row *row = test->param_value;
	const struct cred *primary = persona_become(test, &server);
	const struct source_row *source;

	for (source = source_rows; source < source_rows + ARRAY_SIZE(source_rows); source++) {
		struct ntimp_context *ctx = source->capture(test, &row->qos);
		int err = row->unless & source->can ? 0 : row->err;

		if (source->can & FLAGLESS && row->qos.flags & KNOWN_FLAGS)
			err = -EPERM;
		KUNIT_EXPECT_EQ_MSG(test, err, PTR_ERR_OR_ZERO(ctx), "%s", source->name);
		if (IS_ERR(ctx))
			continue;
		KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(&row->qos, &ctx->qos, sizeof(row->qos)),
				    "%s", source->name);
		ntimp_context_put(ctx);
	}
	/* The socket pair has two references. */
	KUNIT_EXPECT_EQ(test, 4L, cred_usage(primary));
}

struct ids_row {
	const char *name;
	struct persona maker;
	u32 uid;
	u32 gid;
	unsigned int ngroups;
	u32 groups[3];
	u64 caps;
	int err;
};

#define MAKER(_caps, ...)	{ .uid = 1000, .permitted = (_caps), ##__VA_ARGS__ }
#define SETIDS_AND(cap)		(CAPS_SETIDS | CAP_BIT(cap))

static const struct ids_row ids_rows[] = {
	{ "ordinary", MAKER(CAPS_SETIDS), 1001, 1002 },
	{ "root", MAKER(CAPS_SETIDS), 0, 0 },
	{ "three groups", MAKER(CAPS_SETIDS), 1001, 1002, 3, { 4, 20, 1003 } },
	{ "largest ids", MAKER(CAPS_SETIDS), -2, -2, 1, { -2 } },
	{ "no user", MAKER(CAPS_SETIDS), -1, 1002, .err = -EINVAL },
	{ "no group", MAKER(CAPS_SETIDS), 1001, -1, .err = -EINVAL },
	{ "no only group", MAKER(CAPS_SETIDS), 1001, 1002, 1, { -1 }, .err = -EINVAL },
	{ "no first group", MAKER(CAPS_SETIDS), 1001, 1002, 3, { -1, 4, 20 }, .err = -EINVAL },
	{ "no last group", MAKER(CAPS_SETIDS), 1001, 1002, 3, { 4, 20, -1 }, .err = -EINVAL },
	{ "maker without capabilities", MAKER(0), 1001, 1002, .err = -EPERM },
	{ "maker is the client", MAKER(0), 1000, 0, .err = -EPERM },
	{ "maker is root without capabilities", { .uid = 0 }, 1001, 1002, .err = -EPERM },
	{ "maker without CAP_SETUID", MAKER(CAP_BIT(CAP_SETGID)), 1001, 1002, .err = -EPERM },
	{ "maker without CAP_SETGID", MAKER(CAP_BIT(CAP_SETUID)), 1001, 1002, .err = -EPERM },
	{ "CAP_SETUID inactive", MAKER(CAPS_SETIDS, .inactive = CAP_BIT(CAP_SETUID)), 1001, 1002,
	  .err = -EPERM },
	{ "CAP_SETGID inactive", MAKER(CAPS_SETIDS, .inactive = CAP_BIT(CAP_SETGID)), 1001, 1002,
	  .err = -EPERM },
	{ "all capabilities that the maker has", MAKER(CAPS_ALL), 1001, 1002, .caps = CAPS_ALL },
	{ "one that the maker has", MAKER(SETIDS_AND(CAP_CHOWN)), 1001, 1002,
	  .caps = CAP_BIT(CAP_CHOWN) },
	{ "a high one that the maker has", MAKER(SETIDS_AND(CAP_LAST_CAP)), 1001, 1002,
	  .caps = CAP_BIT(CAP_LAST_CAP) },
	{ "one that the maker has inactive",
	  MAKER(SETIDS_AND(CAP_CHOWN), .inactive = CAP_BIT(CAP_CHOWN)), 1001, 1002,
	  .caps = CAP_BIT(CAP_CHOWN) },
	{ "one that the maker lacks", MAKER(CAPS_SETIDS), 1001, 1002,
	  .caps = CAP_BIT(CAP_CHOWN), .err = -EPERM },
	{ "a high one that the maker lacks", MAKER(CAPS_SETIDS), 1001, 1002,
	  .caps = CAP_BIT(CAP_LAST_CAP), .err = -EPERM },
	{ "one of two that the maker lacks", MAKER(SETIDS_AND(CAP_CHOWN)), 1001, 1002,
	  .caps = CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_KILL), .err = -EPERM },
	{ "one that the maker has inheritable only",
	  MAKER(CAPS_SETIDS, .inheritable = CAP_BIT(CAP_KILL)), 1001, 1002,
	  .caps = CAP_BIT(CAP_KILL), .err = -EPERM },
};

ROWS(ids);

static struct ntimp_context *capture_row(struct kunit *test, const struct ids_row *row)
{
	return ntimp_capture_ids(KUIDT_INIT(row->uid), KGIDT_INIT(row->gid),
				 groups_make(test, row->groups, row->ngroups),
				 compat_cap_from_u64(row->caps), &plain);
}

static void ids_are_judged(struct kunit *test)
{
	const struct ids_row *row = test->param_value;
	const struct cred *primary = persona_become(test, &row->maker), *client;
	struct ntimp_context *ctx = capture_row(test, row);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, row->err, PTR_ERR_OR_ZERO(ctx));
	KUNIT_EXPECT_EQ(test, 2L, cred_usage(primary));
	if (IS_ERR(ctx))
		return;

	client = ctx->client;
	KUNIT_EXPECT_EQ(test, row->uid, __kuid_val(client->euid));
	KUNIT_EXPECT_EQ(test, row->gid, __kgid_val(client->egid));
	KUNIT_EXPECT_EQ(test, (int)row->ngroups, client->group_info->ngroups);
	for (i = 0; i < row->ngroups; i++)
		KUNIT_EXPECT_EQ(test, row->groups[i], __kgid_val(client->group_info->gid[i]));
	KUNIT_EXPECT_EQ(test, row->caps, compat_cap_to_u64(client->cap_permitted));
	KUNIT_EXPECT_EQ(test, row->caps, compat_cap_to_u64(client->cap_effective));
	ntimp_context_put(ctx);
}

/* What the maker wears adds no right and takes none away. */
static void ids_are_judged_by_the_primary(struct kunit *test)
{
	const struct cred *strong = persona_cred(test, &(struct persona) { .permitted = CAPS_ALL });
	const struct cred *weak = persona_cred(test, &alice);
	const struct cred *worn;
	struct ntimp_context *ctx;

	persona_become(test, &server);
	worn = override_creds(weak);
	ctx = from_ids(test, &plain);
	revert_creds(worn);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(ctx), "error %ld", PTR_ERR(ctx));
	KUNIT_EXPECT_PTR_EQ(test, current_real_cred()->user, ctx->client->user);
	ntimp_context_put(ctx);

	persona_become(test, &alice);
	worn = override_creds(strong);
	ctx = from_ids(test, &plain);
	revert_creds(worn);
	KUNIT_EXPECT_EQ(test, (long)-EPERM, PTR_ERR(ctx));
	ntimp_context_put(ctx);
}

/* Root of a user namespace may make up clients, which then belong there. */
static void ids_belong_to_the_makers_namespace(struct kunit *test)
{
	const struct cred *owner = persona_cred(test, &server);
	const struct cred *inside = persona_user_ns(test, owner, 100000, 1000);
	const struct persona maker = { .uid = 100000, .permitted = CAPS_SETIDS, .within = inside };
	struct ntimp_context *ctx;

	persona_become(test, &maker);
	ctx = from_ids(test, &plain);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(ctx), "error %ld", PTR_ERR(ctx));
	KUNIT_EXPECT_PTR_EQ(test, inside->user_ns, ctx->client->user_ns);
	KUNIT_EXPECT_PTR_NE(test, &init_user_ns, ctx->client->user_ns);
	ntimp_context_put(ctx);
}

static void anonymous_is_nobody(struct kunit *test)
{
	const struct persona strong = { .ngroups = 1, .groups = { 4 }, .permitted = CAPS_ALL };
	struct ntimp_context *ctx;
	const struct cred *client;

	persona_become(test, &strong);
	ctx = ntimp_capture_anonymous(&plain);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ctx));
	client = ctx->client;
	KUNIT_EXPECT_EQ(test, 65534U, __kuid_val(client->uid));
	KUNIT_EXPECT_EQ(test, 65534U, __kuid_val(client->euid));
	KUNIT_EXPECT_EQ(test, 65534U, __kuid_val(client->suid));
	KUNIT_EXPECT_EQ(test, 65534U, __kuid_val(client->fsuid));
	KUNIT_EXPECT_EQ(test, 65534U, __kgid_val(client->gid));
	KUNIT_EXPECT_EQ(test, 65534U, __kgid_val(client->egid));
	KUNIT_EXPECT_EQ(test, 65534U, __kgid_val(client->sgid));
	KUNIT_EXPECT_EQ(test, 65534U, __kgid_val(client->fsgid));
	KUNIT_EXPECT_EQ(test, 0, client->group_info->ngroups);
	KUNIT_EXPECT_EQ(test, 0ULL, compat_cap_to_u64(client->cap_permitted));
	KUNIT_EXPECT_EQ(test, 0ULL, compat_cap_to_u64(client->cap_effective));
	KUNIT_EXPECT_EQ(test, 0ULL, compat_cap_to_u64(client->cap_inheritable));
	KUNIT_EXPECT_EQ(test, 0ULL, compat_cap_to_u64(client->cap_ambient));
	ntimp_context_put(ctx);
}

struct duplicate_row {
	const char *name;
	struct ntimp_qos of;
	/* by level, and effective_only 0 or 1 */
	int err[NR_LEVELS][2];
};

#define NO	(-EPERM)

static const struct duplicate_row duplicate_rows[] = {
	{ "anonymous", { .level = 0 }, { { 0, 0 }, { NO, NO }, { NO, NO }, { NO, NO } } },
	{ "identification", { .level = 1 }, { { 0, 0 }, { 0, 0 }, { NO, NO }, { NO, NO } } },
	{ "impersonation", { .level = 2 }, { { 0, 0 }, { 0, 0 }, { 0, 0 }, { NO, NO } } },
	{ "delegation", { .level = 3 }, { { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 } } },
	{ "anonymous, effective only", { .level = 0, .effective_only = 1 },
	  { { NO, 0 }, { NO, NO }, { NO, NO }, { NO, NO } } },
	{ "identification, effective only", { .level = 1, .effective_only = 1 },
	  { { NO, 0 }, { NO, 0 }, { NO, NO }, { NO, NO } } },
	{ "impersonation, effective only", { .level = 2, .effective_only = 1 },
	  { { NO, 0 }, { NO, 0 }, { NO, 0 }, { NO, NO } } },
	{ "delegation, effective only", { .level = 3, .effective_only = 1 },
	  { { NO, 0 }, { NO, 0 }, { NO, 0 }, { NO, 0 } } },
};

ROWS(duplicate);

static void duplicate_never_rises(struct kunit *test)
{
	const struct duplicate_row *row = test->param_value;
	const struct cred *client = persona_cred(test, &alice);
	struct ntimp_context *source, *copy;
	unsigned int i;

	source = ntimp_context_create(NTIMP_SOURCE_PEER, &row->of, get_cred(client));
	KUNIT_ASSERT_FALSE(test, IS_ERR(source));
	for (i = 0; i < NR_LEVELS * 2; i++) {
		const struct ntimp_qos qos = { .level = i / 2, .effective_only = i % 2 };
		int err = row->err[i / 2][i % 2];

		copy = ntimp_context_duplicate(source, &qos);
		KUNIT_EXPECT_EQ_MSG(test, err, PTR_ERR_OR_ZERO(copy), "level %u, %u", i / 2, i % 2);
		KUNIT_EXPECT_EQ(test, err ? 2L : 3L, cred_usage(client));
		if (IS_ERR(copy))
			continue;
		KUNIT_EXPECT_EQ(test, (int)NTIMP_SOURCE_CONTEXT, (int)copy->source);
		KUNIT_EXPECT_EQ(test, 0, memcmp(&qos, &copy->qos, sizeof(qos)));
		KUNIT_EXPECT_PTR_EQ(test, client, copy->client);
		KUNIT_EXPECT_NE(test, source->id, copy->id);
		ntimp_context_put(copy);
	}
	ntimp_context_put(source);
	KUNIT_EXPECT_EQ(test, 1L, cred_usage(client));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(source_is_told, source_gen_params),
	KUNIT_CASE_PARAM(qos_is_judged, qos_gen_params),
	KUNIT_CASE_PARAM(ids_are_judged, ids_gen_params),
	KUNIT_CASE(ids_are_judged_by_the_primary),
	KUNIT_CASE(ids_belong_to_the_makers_namespace),
	KUNIT_CASE(anonymous_is_nobody),
	KUNIT_CASE_PARAM(duplicate_never_rises, duplicate_gen_params),
	{}
};

struct kunit_suite ntimp_capture_suite = {
	.name = "capture",
	.test_cases = cases,
};
