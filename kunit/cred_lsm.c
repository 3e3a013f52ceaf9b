// SPDX-License-Identifier: GPL-2.0-only
/*
 * The applied cred: what security modules know about it is what they know about the
 * server.  Landlock serves as the module, because a domain can be made from nothing.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <uapi/linux/landlock.h>

#include "../ntimp/compat.h"
#include "../ntimp/cred.h"
#include "../ntimp/identify.h"
#include "parts.h"
#include "rows.h"
#include "suites.h"
#include "symbol.h"

struct landlock_ruleset;

/* Landlock comes first in CONFIG_LSM, so a pointer to the domain is the first word. */
static struct landlock_ruleset **domain_of(const struct cred *cred)
{
	return cred->security;
}

/* Confine a cred that nobody has seen to a domain in which no directory can be read. */
static void confine(struct kunit *test, struct cred *cred)
{
	/* Kernels differ in how many kinds of access there are, but files come first. */
	struct landlock_ruleset *(*create)(u32 fs, u32 net, u32 scope) =
		symbol_find("landlock_create_ruleset");
	struct landlock_ruleset *(*merge)(struct landlock_ruleset *parent,
					  struct landlock_ruleset *ruleset) =
		symbol_find("landlock_merge_ruleset");
	void (*put)(struct landlock_ruleset *ruleset) = symbol_find("landlock_put_ruleset");
	struct landlock_ruleset *ruleset, *domain;

	KUNIT_ASSERT_NOT_NULL(test, create);
	KUNIT_ASSERT_NOT_NULL(test, merge);
	KUNIT_ASSERT_NOT_NULL(test, put);

	/* Never 0 where the first word is another module's. */
	KUNIT_ASSERT_NULL(test, *domain_of(cred));
	ruleset = create(LANDLOCK_ACCESS_FS_READ_DIR, 0, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(ruleset));
	domain = merge(NULL, ruleset);
	put(ruleset);
	KUNIT_ASSERT_FALSE(test, IS_ERR(domain));
	*domain_of(cred) = domain;
}

static long read_root_as(const struct cred *cred)
{
	const struct cred *worn = override_creds(cred);
	struct file *file = filp_open("/", O_RDONLY | O_DIRECTORY, 0);

	revert_creds(worn);
	if (IS_ERR(file))
		return PTR_ERR(file);
	filp_close(file, NULL);
	return 0;
}

struct lsm_row {
	const char *name;
	bool server;
	bool client;
	long expected;
};

static const struct lsm_row lsm_rows[] = {
	{ "neither is confined", false, false, 0 },
	{ "the server is confined", true, false, -EACCES },
	{ "the client is confined", false, true, 0 },
	{ "each is confined", true, true, -EACCES },
};

ROWS(lsm);

static void confinement_is_the_servers(struct kunit *test)
{
	const struct lsm_row *row = test->param_value;
	struct cred *server = persona_cred(test, &(struct persona) { .permitted = CAPS_ALL });
	struct cred *client = persona_cred(test, &(struct persona) {});
	const struct cred *applied, *copy;
	unsigned int level;
	long expected;

	KUNIT_ASSERT_EQ(test, 0, ntimp_identify_arm());
	if (row->server)
		confine(test, server);
	if (row->client)
		confine(test, client);
	/* Or the result would say nothing about whose it is. */
	KUNIT_ASSERT_EQ(test, row->expected, read_root_as(server));
	KUNIT_ASSERT_EQ(test, row->client ? -EACCES : 0L, read_root_as(client));

	for (level = 0; level < LEVELS; level++) {
		applied = applied_cred(test, server, client, level);
		/* Below Impersonation all is denied, by nobody's domain. */
		expected = level < LOW_LEVELS ? -EACCES : row->expected;
		KUNIT_EXPECT_PTR_EQ(test, *domain_of(server), *domain_of(applied));
		KUNIT_EXPECT_EQ(test, expected, read_root_as(applied));
		/* Its own blob, or it would be freed twice. */
		KUNIT_EXPECT_PTR_NE(test, server->security, applied->security);
		KUNIT_EXPECT_PTR_NE(test, client->security, applied->security);

		copy = copied_cred(test, applied);
		KUNIT_EXPECT_PTR_EQ(test, *domain_of(server), *domain_of(copy));
		KUNIT_EXPECT_EQ(test, expected, read_root_as(copy));
	}
}

/* Bare ids know of no confinement: that of the maker stays, whomever it acts as. */
static void confinement_of_ids_is_the_makers(struct kunit *test)
{
	const struct cred *unconfined = persona_cred(test, &(struct persona) { .uid = 1001 });
	struct cred *maker = persona_cred(test, &(struct persona) { .permitted = CAPS_ALL });
	struct group_info *groups = maker->group_info;
	const struct cred *worn, *cred;

	confine(test, maker);
	KUNIT_ASSERT_EQ(test, 0L, read_root_as(unconfined));
	KUNIT_ASSERT_EQ(test, 0, commit_creds((struct cred *)get_cred(maker)));

	worn = override_creds(unconfined);
	cred = ntimp_cred_from_ids(GLOBAL_ROOT_UID, GLOBAL_ROOT_GID, groups,
				   compat_cap_from_u64(0));
	revert_creds(worn);
	KUNIT_ASSERT_FALSE(test, IS_ERR(cred));
	keep_cred(test, cred);
	KUNIT_EXPECT_PTR_EQ(test, *domain_of(maker), *domain_of(cred));
	KUNIT_EXPECT_EQ(test, (long)-EACCES, read_root_as(cred));
	KUNIT_EXPECT_PTR_NE(test, maker->security, cred->security);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(confinement_is_the_servers, lsm_gen_params),
	KUNIT_CASE(confinement_of_ids_is_the_makers),
	{}
};

struct kunit_suite ntimp_cred_lsm_suite = {
	.name = "cred_lsm",
	.test_cases = cases,
};
