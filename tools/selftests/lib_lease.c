// SPDX-License-Identifier: GPL-2.0-only
/* libntimp: dynamic contexts, their end, and who wears them. */
#include "harness.h"
#include <fcntl.h>

#include "child.h"
#include "identity.h"
#include "library.h"

#define CLIENT	1001

FIXTURE(lib_lease)
{
	int ctx;
};

FIXTURE_SETUP(lib_lease)
{
	self->ctx = ntimp_capture_ids(CLIENT, CLIENT, 0, NULL, NULL);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(lib_lease)
{
	EXPECT_EQ(0, ntimp_revert());
	close(self->ctx);
}

TEST_F(lib_lease, revoke)
{
	EXPECT_EQ(-EINVAL, result(ntimp_revoke(self->ctx, 2)));
	EXPECT_EQ(-EBADF, result(ntimp_revoke(-1, 0)));
	EXPECT_EQ(-ENOTTY, result(ntimp_revoke(open("/dev/null", O_RDONLY), 0)));
	ASSERT_EQ(0, ntimp_impersonate(self->ctx));
	ASSERT_EQ(0, ntimp_revert());
	EXPECT_EQ(0, ntimp_revoke(self->ctx, 0));
	EXPECT_EQ(-EKEYREVOKED, result(ntimp_impersonate(self->ctx)));
	EXPECT_EQ(-EKEYREVOKED, result(ntimp_impersonate_downgraded(self->ctx)));
	EXPECT_EQ(-EKEYREVOKED, result(ntimp_duplicate(self->ctx, NULL)));
	EXPECT_EQ(-EKEYREVOKED, result(ntimp_update(self->ctx)));
	NTIMP_SCOPE(self->ctx) {
		EXPECT_TRUE(false);
	} else {
		EXPECT_EQ(EKEYREVOKED, errno);
	}
	EXPECT_TRUE(acts_as(0, 0));
}

TEST_F(lib_lease, expire)
{
	struct ntimp_info info = {};

	EXPECT_EQ(0, ntimp_expire(self->ctx, 3600 * 1000000000ULL));
	ASSERT_EQ(0, ntimp_query(self->ctx, &info));
	EXPECT_LT(0, info.lifetime);
	EXPECT_EQ(0, ntimp_impersonate(self->ctx));
	EXPECT_EQ(0, ntimp_expire(self->ctx, 0));
	EXPECT_EQ(-EKEYEXPIRED, result(ntimp_impersonate(self->ctx)));
	EXPECT_EQ(-EBADF, result(ntimp_expire(-1, 0)));
}

TEST_F(lib_lease, update)
{
	const struct ntimp_qos dynamic = { .level = 2, .tracking = NTIMP_TRACKING_DYNAMIC };
	int ctx = ntimp_capture_self(&dynamic);

	ASSERT_LE(0, ctx);
	EXPECT_EQ(0, ntimp_update(ctx));
	EXPECT_EQ(-EINVAL, result(ntimp_update(self->ctx)));
	EXPECT_EQ(-EOPNOTSUPP, result(ntimp_duplicate(ctx, &dynamic)));
	EXPECT_EQ(-EOPNOTSUPP, result(ntimp_capture_ids(1, 1, 0, NULL, &dynamic)));
	EXPECT_EQ(0, ntimp_update(ntimp_capture_thread(thread_id(), &dynamic)));
	/* As another it has groups fewer, but is one whom it was not. */
	ASSERT_EQ(0, ntimp_impersonate(self->ctx));
	EXPECT_EQ(-ESTALE, result(ntimp_update(ctx)));
}

TEST_F(lib_lease, wearers)
{
	pid_t tids[2] = {};
	size_t ntids = 0;

	EXPECT_EQ(0, ntimp_wearers(self->ctx, NULL, &ntids));
	EXPECT_EQ(0, ntids);
	ASSERT_EQ(0, ntimp_impersonate(self->ctx));
	EXPECT_EQ(0, ntimp_wearers(self->ctx, NULL, &ntids));
	EXPECT_EQ(1, ntids);
	EXPECT_EQ(-EINVAL, result(ntimp_wearers(self->ctx, NULL, &ntids)));
	EXPECT_EQ(1, ntids);
	ntids = 2;
	EXPECT_EQ(0, ntimp_wearers(self->ctx, tids, &ntids));
	EXPECT_EQ(1, ntids);
	EXPECT_EQ(thread_id(), tids[0]);
	EXPECT_EQ(0, tids[1]);
	ntids = SIZE_MAX;
	EXPECT_EQ(0, ntimp_wearers(self->ctx, tids, &ntids));
	EXPECT_EQ(1, ntids);
}

static int impersonate_downgraded(void *ctx)
{
	return result(ntimp_impersonate_downgraded(*(int *)ctx));
}

TEST_F(lib_lease, downgraded)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS);

	EXPECT_EQ(NTIMP_LEVEL_IMPERSONATION,
		  child_run(&server, impersonate_downgraded, &self->ctx));
	EXPECT_EQ(-EBADF, result(ntimp_impersonate_downgraded(-1)));
}

TEST_HARNESS_MAIN
