// SPDX-License-Identifier: GPL-2.0-only
/* Ids are told as numbers of the user namespace of who asks: of its primary. */
#include "harness.h"
#include <sys/stat.h>

#include "child.h"
#include "device.h"
#include "identity.h"

#define LEVEL		NTIMP_LEVEL_IMPERSONATION
#define MAP		"0 100000 1000"
#define UNMAPPED	65534

FIXTURE(query_userns)
{
	int dev;
	int ctx;
};

FIXTURE_SETUP(query_userns)
{
	const gid_t groups[] = { 50, 100007 };

	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, 100005, 60, ARRAY_SIZE(groups), groups, LEVEL);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(query_userns)
{
	close(self->ctx);
	close(self->dev);
}

static int ask_from_within(void *arg)
{
	const FIXTURE_DATA(query_userns) *self = arg;
	const gid_t groups[] = { UNMAPPED, 7 };
	int err = userns_enter(MAP, MAP);
	struct identity client;

	if (!err)
		err = context_identity(self->ctx, &client);
	if (err)
		return err;
	return identity_is(&client, 5, UNMAPPED, ARRAY_SIZE(groups), groups) ? 0 : -EPROTO;
}

TEST_F(query_userns, asked_from_within)
{
	EXPECT_EQ(0, child_run(NULL, ask_from_within, self));
}

static int ask_without_a_map(void *arg)
{
	const FIXTURE_DATA(query_userns) *self = arg;
	const gid_t groups[] = { UNMAPPED, UNMAPPED };
	int err = userns_enter(NULL, NULL);
	struct identity client;

	if (!err)
		err = context_identity(self->ctx, &client);
	if (err)
		return err;
	return identity_is(&client, UNMAPPED, UNMAPPED, ARRAY_SIZE(groups), groups) ? 0 : -EPROTO;
}

TEST_F(query_userns, asked_from_where_nobody_has_a_number)
{
	EXPECT_EQ(0, child_run(NULL, ask_without_a_map, self));
}

static int capture_within(const struct child *parent, void *dev)
{
	struct persona user = PERSONA_USER(5);
	struct stat st;
	int err = userns_enter(MAP, MAP);

	if (!err)
		err = persona_take(&user);
	if (!err && stat("/proc/self/ns/user", &st))
		err = -errno;
	if (err)
		return err;
	child_send(parent, st.st_ino);
	return child_send_fd(parent, capture_self(*(int *)dev, LEVEL));
}

TEST_F(query_userns, client_within)
{
	struct ntimp_info info = { .size = sizeof(info) };
	struct child child;
	unsigned int user_ns;
	int ctx;

	ASSERT_EQ(0, child_start(&child, NULL, capture_within, &self->dev));
	user_ns = child_receive(&child);
	ctx = child_receive_fd(&child);
	ASSERT_LE(0, ctx);
	ASSERT_EQ(0, child_finish(&child));
	ASSERT_EQ(0, context_query(ctx, &info));
	EXPECT_EQ(100005, info.uid);
	EXPECT_EQ(100005, info.fsgid);
	EXPECT_EQ(user_ns, info.user_ns);

	/* While it acts as the client, it sees itself as the client does ... */
	ASSERT_EQ(0, context_impersonate(ctx));
	EXPECT_EQ(5, getuid());
	/* ... but is told what concerns the server. */
	info = (struct ntimp_info){ .size = sizeof(info) };
	ASSERT_EQ(0, context_query(ctx, &info));
	EXPECT_EQ(100005, info.uid);
	info = (struct ntimp_info){ .size = sizeof(info) };
	ASSERT_EQ(0, device_query_thread(self->dev, &info));
	EXPECT_EQ(100005, info.uid);
	/* So are the numbers that it gives itself. */
	EXPECT_TRUE(context_is_of(capture_ids(self->dev, 2000, 2000, 0, NULL, LEVEL), 2000, 2000));
	ASSERT_EQ(0, device_revert(self->dev));
}

TEST_HARNESS_MAIN
