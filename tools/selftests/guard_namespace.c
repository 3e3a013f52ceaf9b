// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread can't go to another user namespace while it impersonates, and to
 * others only if the client could.
 */
#include "harness.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>

#include "child.h"
#include "refusals.h"

static struct child foreigner;
static int foreign_user_ns, foreign_uts_ns, foreign_pidfd;

static int foreigner_main(const struct child *parent, void *arg)
{
	(void)arg;
	child_send(parent, unshare(CLONE_NEWUSER | CLONE_NEWUTS) ? -errno : 0);
	child_receive(parent);
	return 0;
}

static int foreign_ns(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", foreigner.pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* A process in other namespaces; it ends with the test. */
static int make_foreigner(void)
{
	int err = child_start(&foreigner, NULL, foreigner_main, NULL);

	if (!err)
		err = child_receive(&foreigner);
	if (err)
		return err;
	foreign_user_ns = foreign_ns("user");
	foreign_uts_ns = foreign_ns("uts");
	foreign_pidfd = syscall(SYS_pidfd_open, foreigner.pid, 0);
	return foreign_user_ns < 0 || foreign_uts_ns < 0 || foreign_pidfd < 0 ? -EIO : 0;
}

#define CALL(name, ...) \
	static int call_##name(void) \
	{ \
		return __VA_ARGS__ ? -errno : 0; \
	}

CALL(unshare_user, unshare(CLONE_NEWUSER))
CALL(unshare_user_uts, unshare(CLONE_NEWUSER | CLONE_NEWUTS))
CALL(setns_user, setns(foreign_user_ns, CLONE_NEWUSER))
CALL(setns_any, setns(foreign_user_ns, 0))
CALL(setns_pidfd_user, setns(foreign_pidfd, CLONE_NEWUSER))
CALL(setns_pidfd_user_uts, setns(foreign_pidfd, CLONE_NEWUSER | CLONE_NEWUTS))

REFUSAL(unshare_user, .call = call_unshare_user, .worn = -EPERM);
REFUSAL(unshare_user_uts, .call = call_unshare_user_uts, .worn = -EPERM);
REFUSAL(setns_user, .prepare = make_foreigner, .call = call_setns_user, .worn = -EPERM);
REFUSAL(setns_any, .prepare = make_foreigner, .call = call_setns_any, .worn = -EPERM);
REFUSAL(setns_pidfd_user, .prepare = make_foreigner, .call = call_setns_pidfd_user,
	.worn = -EPERM);
REFUSAL(setns_pidfd_user_uts, .prepare = make_foreigner, .call = call_setns_pidfd_user_uts,
	.worn = -EPERM);

FIXTURE(other_kind) {
	struct wearing wearing;
};

/* @flag: of unshare(2) */
FIXTURE_VARIANT(other_kind) {
	int flag;
};

FIXTURE_VARIANT_ADD(other_kind, mount) { .flag = CLONE_NEWNS };
FIXTURE_VARIANT_ADD(other_kind, uts) { .flag = CLONE_NEWUTS };
FIXTURE_VARIANT_ADD(other_kind, ipc) { .flag = CLONE_NEWIPC };
FIXTURE_VARIANT_ADD(other_kind, net) { .flag = CLONE_NEWNET };
FIXTURE_VARIANT_ADD(other_kind, pid) { .flag = CLONE_NEWPID };
FIXTURE_VARIANT_ADD(other_kind, cgroup) { .flag = CLONE_NEWCGROUP };

FIXTURE_SETUP(other_kind)
{
}

FIXTURE_TEARDOWN(other_kind)
{
	wearing_end(&self->wearing);
}

TEST_F(other_kind, unshare_is_judged_as_client)
{
	struct wearing *wearing = &self->wearing;

	ASSERT_EQ(0, wearing_prepare(wearing, CAPS_NONE));
	ASSERT_EQ(0, wearing_start(wearing));
	EXPECT_EQ(-1, unshare(variant->flag));
	EXPECT_EQ(EPERM, errno);
	EXPECT_TRUE(wearing_intact(wearing));
	ASSERT_EQ(0, wearing_stop(wearing));
	EXPECT_TRUE(wearing_over(wearing));
	EXPECT_EQ(0, unshare(variant->flag));
}

TEST_F(other_kind, unshare_works_for_capable_client)
{
	struct wearing *wearing = &self->wearing;

	ASSERT_EQ(0, wearing_prepare(wearing, CAPS_CAPABLE));
	ASSERT_EQ(0, wearing_start(wearing));
	EXPECT_EQ(0, unshare(variant->flag));
	EXPECT_TRUE(wearing_intact(wearing));
	ASSERT_EQ(0, wearing_stop(wearing));
	EXPECT_TRUE(wearing_over(wearing));
}

TEST_HARNESS_MAIN
