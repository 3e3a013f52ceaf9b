// SPDX-License-Identifier: GPL-2.0-only
/* Quotas: how many contexts a user can have, and who is exempt. */
#include <kunit/test.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>

#include "../ntimp/quota.h"
#include "defer.h"
#include "persona.h"
#include "places.h"
#include "rows.h"
#include "suites.h"

#define MOST	8

static unsigned int usual_limit;

static void undo_limit(const void *unused)
{
	ntimp_max_contexts = usual_limit;
}

static void set_limit(struct kunit *test, unsigned int limit)
{
	usual_limit = ntimp_max_contexts;
	defer(test, undo_limit, NULL);
	ntimp_max_contexts = limit;
}

/* As many as there can be, at most MOST: how many. */
static int charge_all(const struct cred *maker, struct ntimp_quota *quotas[MOST])
{
	int i;

	for (i = 0; i < MOST; i++) {
		quotas[i] = ntimp_quota_charge(maker);
		if (IS_ERR(quotas[i]))
			return quotas[i] == ERR_PTR(-EDQUOT) ? i : PTR_ERR(quotas[i]);
	}
	return i;
}

static void uncharge_all(struct ntimp_quota *quotas[MOST], int count)
{
	while (count-- > 0)
		ntimp_quota_uncharge(quotas[count]);
}

struct limit_row {
	const char *name;
	unsigned int limit;
	struct persona maker;
	struct odd_id odd;
	enum place in;
	int charged;
};

#define USER(...)	{ .uid = 74001, ##__VA_ARGS__ }
#define RESOURCE	CAP_BIT(CAP_SYS_RESOURCE)

/* Users who have no contexts otherwise. */
static const struct limit_row limit_rows[] = {
	{ "one", 1, USER(), .charged = 1 },
	{ "four", 4, USER(), .charged = 4 },
	{ "no limit", 0, USER(), .charged = MOST },
	{ "the highest limit", UINT_MAX, USER(), .charged = MOST },
	{ "exempt", 4, USER(.permitted = RESOURCE), .charged = MOST },
	{ "exempt, not effective", 4, USER(.permitted = RESOURCE, .inactive = RESOURCE),
	  .charged = 4 },
	{ "all but that", 4, USER(.permitted = CAPS_ALL & ~RESOURCE), .charged = 4 },
	{ "effective user without it", 4, USER(), ODD(euid, 0), .charged = 4 },
	{ "exempt in its own namespace", 4, { .uid = 101000, .permitted = CAPS_ALL }, .in = OWN,
	  .charged = 4 },
};

ROWS(limit);

static void limit_is_kept(struct kunit *test)
{
	const struct limit_row *row = test->param_value;
	struct ntimp_quota *quotas[MOST];
	struct places places = {};
	const struct cred *maker = place_cred(test, &places, row->in, &row->maker, &row->odd);
	long usage = cred_usage(maker);
	int i, charged;

	set_limit(test, row->limit);
	for (i = 0; i < 3; i++) {
		charged = charge_all(maker, quotas);
		KUNIT_EXPECT_EQ(test, row->charged, charged);
		/* One goes, one comes. */
		ntimp_quota_uncharge(quotas[charged - 1]);
		quotas[charged - 1] = ntimp_quota_charge(maker);
		KUNIT_EXPECT_FALSE(test, IS_ERR(quotas[charged - 1]));
		uncharge_all(quotas, charged);
	}
	KUNIT_EXPECT_EQ(test, usage, cred_usage(maker));
}

static void users_are_counted_apart(struct kunit *test)
{
	static const struct persona user = USER(), other_user = { .uid = 74002 };
	const struct cred *one = persona_cred(test, &user);
	const struct cred *other = persona_cred(test, &other_user);
	struct ntimp_quota *of_one[MOST], *of_other[MOST];

	set_limit(test, 3);
	KUNIT_EXPECT_EQ(test, 3, charge_all(one, of_one));
	KUNIT_EXPECT_EQ(test, 3, charge_all(other, of_other));
	KUNIT_EXPECT_PTR_EQ(test, of_one[0], of_one[2]);
	KUNIT_EXPECT_PTR_NE(test, of_one[0], of_other[0]);
	uncharge_all(of_one, 3);
	KUNIT_EXPECT_EQ(test, (long)-EDQUOT, PTR_ERR(ntimp_quota_charge(other)));
	uncharge_all(of_other, 3);
}

/* Which cred and which namespace doesn't matter, but who is exempt does. */
static void one_user_is_counted_together(struct kunit *test)
{
	static const struct persona user = USER(), regrouped = USER(.gid = 7);
	static const struct persona capable = USER(.permitted = RESOURCE);
	const struct cred *one = persona_cred(test, &user);
	const struct cred *same = persona_cred(test, &regrouped);
	const struct cred *exempt = persona_cred(test, &capable);
	struct ntimp_quota *quotas[MOST], *more[MOST];
	int i;

	set_limit(test, 3);
	KUNIT_EXPECT_EQ(test, 3, charge_all(one, quotas));
	KUNIT_EXPECT_EQ(test, (long)-EDQUOT, PTR_ERR(ntimp_quota_charge(same)));
	KUNIT_EXPECT_EQ(test, MOST, charge_all(exempt, more));
	/* Eleven now: all but two have to go until there is room again. */
	uncharge_all(quotas, 3);
	for (i = MOST; i > 2; i--) {
		KUNIT_EXPECT_EQ(test, (long)-EDQUOT, PTR_ERR(ntimp_quota_charge(same)));
		ntimp_quota_uncharge(more[i - 1]);
	}
	quotas[0] = ntimp_quota_charge(same);
	KUNIT_EXPECT_FALSE(test, IS_ERR(quotas[0]));
	uncharge_all(quotas, 1);
	uncharge_all(more, 2);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(limit_is_kept, limit_gen_params),
	KUNIT_CASE(users_are_counted_apart),
	KUNIT_CASE(one_user_is_counted_together),
	{}
};

struct kunit_suite ntimp_quota_suite = {
	.name = "quota",
	.test_cases = cases,
};
