// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many contexts a user can have open, in a guest where that is four:
 * tools/selftests/guests.
 */
#include "harness.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>

#include "child.h"
#include "device.h"
#include "identity.h"

#define LIMIT	4
#define LEVEL	NTIMP_LEVEL_IMPERSONATION

FIXTURE(quota)
{
	int dev;
};

FIXTURE_SETUP(quota)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(quota)
{
	close(self->dev);
}

/* As many as there can be, at most twice the limit: their number. */
static int fill(int dev, int contexts[2 * LIMIT])
{
	for (int i = 0; i < 2 * LIMIT; i++) {
		contexts[i] = capture_self(dev, LEVEL);
		if (contexts[i] < 0)
			return contexts[i] == -EDQUOT ? i : contexts[i];
	}
	return 2 * LIMIT;
}

static void close_some(const int *contexts, int n)
{
	for (int i = 0; i < n; i++)
		close(contexts[i]);
}

static int fill_all(void *dev)
{
	int contexts[2 * LIMIT];

	return fill(*(int *)dev, contexts);
}

static int fill_and_close(void *arg)
{
	int dev = *(int *)arg, contexts[2 * LIMIT];

	for (int i = 0; i < 3; i++) {
		if (fill(dev, contexts) != LIMIT)
			return -EPROTO;
		if (capture_anonymous(dev) != -EDQUOT ||
		    capture_context(dev, contexts[0], LEVEL) != -EDQUOT ||
		    capture_thread(dev, getpid(), LEVEL) != -EDQUOT)
			return -EPROTO;
		close(contexts[3]);
		contexts[3] = capture_context(dev, contexts[0], LEVEL);
		if (contexts[3] < 0 || capture_self(dev, LEVEL) != -EDQUOT)
			return -EPROTO;
		close_some(contexts, LIMIT);
	}
	return 0;
}

/* Whatever they are made of; each one that is closed makes room. */
TEST_F(quota, of_a_user)
{
	struct persona user = PERSONA_USER(1000);

	EXPECT_EQ(0, child_run(&user, fill_and_close, &self->dev));
	/* The end of a process closes them. */
	EXPECT_EQ(LIMIT, child_run(&user, fill_all, &self->dev));
	EXPECT_EQ(LIMIT, child_run(&user, fill_all, &self->dev));
}

static int fill_and_wait(const struct child *parent, void *dev)
{
	child_send(parent, fill_all(dev));
	return child_receive(parent) < 0 ? 0 : -EPROTO;
}

/* All processes of a user together, and users apart. */
TEST_F(quota, of_each_user)
{
	struct persona user = PERSONA_USER(1000), another = PERSONA_USER(1001);
	struct persona same = { .uid = 1000, .gid = 7 };
	struct child child;

	ASSERT_EQ(0, child_start(&child, &user, fill_and_wait, &self->dev));
	EXPECT_EQ(LIMIT, child_receive(&child));
	EXPECT_EQ(0, child_run(&same, fill_all, &self->dev));
	EXPECT_EQ(LIMIT, child_run(&another, fill_all, &self->dev));
	EXPECT_EQ(0, child_finish(&child));
	EXPECT_EQ(LIMIT, child_run(&same, fill_all, &self->dev));
}

TEST_F(quota, is_not_for_the_privileged)
{
	struct persona exempt = PERSONA_CAPS(1000, CAP_BIT(CAP_SYS_RESOURCE));
	struct persona inactive = { .uid = 1000, .gid = 1000,
				    .permitted = CAP_BIT(CAP_SYS_RESOURCE) };
	struct persona others = PERSONA_CAPS(1000, CAPS_ALL & ~CAP_BIT(CAP_SYS_RESOURCE));
	struct persona root = { .uid = 0 };

	EXPECT_EQ(2 * LIMIT, child_run(NULL, fill_all, &self->dev));
	EXPECT_EQ(2 * LIMIT, child_run(&exempt, fill_all, &self->dev));
	EXPECT_EQ(LIMIT, child_run(&inactive, fill_all, &self->dev));
	EXPECT_EQ(LIMIT, child_run(&others, fill_all, &self->dev));
	EXPECT_EQ(LIMIT, child_run(&root, fill_all, &self->dev));
}

/* But theirs count for those who aren't. */
TEST_F(quota, of_the_privileged_counts)
{
	struct persona exempt = PERSONA_CAPS(1000, CAP_BIT(CAP_SYS_RESOURCE));
	struct persona user = PERSONA_USER(1000);
	struct child child;

	ASSERT_EQ(0, child_start(&child, &exempt, fill_and_wait, &self->dev));
	EXPECT_EQ(2 * LIMIT, child_receive(&child));
	EXPECT_EQ(0, child_run(&user, fill_all, &self->dev));
	EXPECT_EQ(0, child_finish(&child));
	EXPECT_EQ(LIMIT, child_run(&user, fill_all, &self->dev));
}

static int fill_in_namespace(void *dev)
{
	return unshare(CLONE_NEWUSER) ? -errno : fill_all(dev);
}

/* Capabilities that anybody can get are none. */
TEST_F(quota, in_a_user_namespace)
{
	struct persona user = PERSONA_USER(1000);

	EXPECT_EQ(LIMIT, child_run(&user, fill_in_namespace, &self->dev));
}

static int fail_often(void *arg)
{
	int dev = *(int *)arg;

	for (int i = 0; i < 10 * LIMIT; i++) {
		if (capture_ids(dev, 5, 5, 0, NULL, LEVEL) != -EPERM ||
		    capture_self(dev, 9) != -EINVAL)
			return -EPROTO;
	}
	return fill_all(arg);
}

TEST_F(quota, of_failures_is_none)
{
	struct persona user = PERSONA_USER(1000);

	EXPECT_EQ(LIMIT, child_run(&user, fail_often, &self->dev));
}

/* Charged to who made it, wherever it goes. */
static int hand_over(const struct child *parent, void *dev)
{
	int contexts[2 * LIMIT], n = fill(*(int *)dev, contexts);

	for (int i = 0; i < n; i++) {
		if (child_send_fd(parent, contexts[i]))
			return -EPROTO;
		close(contexts[i]);
	}
	return n;
}

TEST_F(quota, of_what_is_handed_over)
{
	struct persona user = PERSONA_USER(1000);
	struct child child;
	int contexts[LIMIT];

	ASSERT_EQ(0, child_start(&child, &user, hand_over, &self->dev));
	for (int i = 0; i < LIMIT; i++) {
		contexts[i] = child_receive_fd(&child);
		ASSERT_LE(0, contexts[i]);
	}
	EXPECT_EQ(LIMIT, child_finish(&child));
	EXPECT_EQ(0, child_run(&user, fill_all, &self->dev));
	close_some(contexts, 1);
	EXPECT_EQ(1, child_run(&user, fill_all, &self->dev));
	close_some(contexts + 1, LIMIT - 1);
	EXPECT_EQ(LIMIT, child_run(&user, fill_all, &self->dev));
}

static int hide_in_a_socket(void *dev)
{
	int contexts[2 * LIMIT], ends[2], n;
	struct child other = {};

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends))
		return -errno;
	other.line = ends[0];
	n = fill(*(int *)dev, contexts);
	for (int i = 0; i < n; i++)
		if (child_send_fd(&other, contexts[i]))
			return -EPROTO;
	close_some(contexts, n);
	return fill_all(dev);
}

/* In flight, where no limit on descriptors counts them. */
TEST_F(quota, of_what_is_in_flight)
{
	struct persona user = PERSONA_USER(1000);

	EXPECT_EQ(0, child_run(&user, hide_in_a_socket, &self->dev));
	EXPECT_EQ(LIMIT, child_run(&user, fill_all, &self->dev));
}

static int wear_and_fill(void *arg)
{
	int dev = *(int *)arg, ctx = capture_self(dev, LEVEL);
	int copy = dup(ctx);

	if (context_impersonate(ctx) || copy < 0)
		return -EPROTO;
	/* A second descriptor is no second context. */
	if (fill_all(arg) != LIMIT - 1)
		return -EPROTO;
	return 0;
}

static int wear_closed_and_fill(void *arg)
{
	int dev = *(int *)arg, ctx = capture_self(dev, LEVEL);

	if (context_impersonate(ctx) || close(ctx))
		return -EPROTO;
	/* Counted is who the thread is, not whom it acts as; and a closed one isn't. */
	return fill_all(arg);
}

TEST_F(quota, of_what_is_worn)
{
	struct persona user = PERSONA_USER(1000);

	EXPECT_EQ(0, child_run(&user, wear_and_fill, &self->dev));
	EXPECT_EQ(LIMIT, child_run(&user, wear_closed_and_fill, &self->dev));
}

TEST_F(quota, is_said_and_fixed)
{
	FILE *file = fopen("/sys/module/ntimp/parameters/max_contexts", "re");
	unsigned int limit;

	ASSERT_NE(NULL, file);
	ASSERT_EQ(1, fscanf(file, "%u", &limit));
	EXPECT_EQ(LIMIT, limit);
	fclose(file);
	EXPECT_EQ(-1, open("/sys/module/ntimp/parameters/max_contexts", O_WRONLY));
	EXPECT_EQ(EACCES, errno);
}

TEST_HARNESS_MAIN
