// SPDX-License-Identifier: GPL-2.0-only
/* libntimp: every function that makes a context. */
#include "harness.h"
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "child.h"
#include "device.h"
#include "identity.h"
#include "library.h"

/* One context of the calling process each: a descriptor or -errno. */
static int of_self(const struct ntimp_qos *qos)
{
	return result(ntimp_capture_self(qos));
}

static int of_thread(const struct ntimp_qos *qos)
{
	return result(ntimp_capture_thread(thread_id(), qos));
}

static int of_pidfd(const struct ntimp_qos *qos)
{
	int pidfd = syscall(SYS_pidfd_open, getpid(), 0);
	int ctx = result(ntimp_capture_pidfd(pidfd, qos));

	close(pidfd);
	return ctx;
}

static int of_peer(const struct ntimp_qos *qos)
{
	int ends[2], ctx;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return -errno;
	ctx = result(ntimp_capture_peer(ends[0], qos));
	close(ends[0]);
	close(ends[1]);
	return ctx;
}

static int of_ids(const struct ntimp_qos *qos)
{
	return result(ntimp_capture_ids(0, 0, 0, NULL, qos));
}

static int of_user(const struct ntimp_qos *qos)
{
	return result(ntimp_capture_user("root", qos));
}

static int of_context(const struct ntimp_qos *qos)
{
	const struct ntimp_qos most = { .level = NTIMP_LEVEL_DELEGATION };
	int ctx = ntimp_capture_self(&most), copy = result(ntimp_duplicate(ctx, qos));

	close(ctx);
	return copy;
}

FIXTURE(lib_capture)
{
	int nothing;
};

FIXTURE_VARIANT(lib_capture)
{
	int (*capture)(const struct ntimp_qos *qos);
	__u32 source;
};

FIXTURE_VARIANT_ADD(lib_capture, self) { of_self, NTIMP_SOURCE_SELF };
FIXTURE_VARIANT_ADD(lib_capture, thread) { of_thread, NTIMP_SOURCE_THREAD };
FIXTURE_VARIANT_ADD(lib_capture, pidfd) { of_pidfd, NTIMP_SOURCE_THREAD };
FIXTURE_VARIANT_ADD(lib_capture, peer) { of_peer, NTIMP_SOURCE_PEER };
FIXTURE_VARIANT_ADD(lib_capture, ids) { of_ids, NTIMP_SOURCE_IDS };
FIXTURE_VARIANT_ADD(lib_capture, user) { of_user, NTIMP_SOURCE_IDS };
FIXTURE_VARIANT_ADD(lib_capture, context) { of_context, NTIMP_SOURCE_CONTEXT };

FIXTURE_SETUP(lib_capture)
{
}

FIXTURE_TEARDOWN(lib_capture)
{
}

TEST_F(lib_capture, usual_quality)
{
	struct ntimp_info info = {};
	int ctx = variant->capture(NULL);

	ASSERT_LE(0, ctx);
	ASSERT_EQ(0, ntimp_query(ctx, &info));
	EXPECT_EQ(variant->source, info.source);
	EXPECT_EQ(NTIMP_LEVEL_IMPERSONATION, info.qos.level);
	EXPECT_EQ(NTIMP_TRACKING_STATIC, info.qos.tracking);
	EXPECT_EQ(0, info.qos.effective_only);
	EXPECT_EQ(0, info.uid);
	EXPECT_EQ(0, info.fsgid);
	EXPECT_EQ(FD_CLOEXEC, fcntl(ctx, F_GETFD));
}

TEST_F(lib_capture, each_quality)
{
	for (__u32 level = NTIMP_LEVEL_ANONYMOUS; level <= NTIMP_LEVEL_DELEGATION; level++) {
		const struct ntimp_qos qos = { .level = level, .effective_only = level & 1 };
		struct ntimp_info info = {};
		int ctx = variant->capture(&qos);

		ASSERT_LE(0, ctx);
		ASSERT_EQ(0, ntimp_query(ctx, &info));
		EXPECT_EQ(level, info.qos.level);
		EXPECT_EQ(level & 1, info.qos.effective_only);
	}
}

TEST_F(lib_capture, wrong_quality)
{
	const struct ntimp_qos level = { .level = 4 };
	const struct ntimp_qos flags = { .level = 2, .flags = 0x8000 };

	EXPECT_EQ(-EINVAL, variant->capture(&level));
	EXPECT_EQ(-EINVAL, variant->capture(&flags));
}

FIXTURE(lib_sources)
{
	int nothing;
};

FIXTURE_SETUP(lib_sources)
{
}

FIXTURE_TEARDOWN(lib_sources)
{
}

TEST_F(lib_sources, thread)
{
	EXPECT_EQ(-EINVAL, result(ntimp_capture_thread(0, NULL)));
	EXPECT_EQ(-EINVAL, result(ntimp_capture_thread(-1, NULL)));
	EXPECT_EQ(-ESRCH, result(ntimp_capture_thread(INT_MAX, NULL)));
}

static int wait_for_end(const struct child *parent, void *arg)
{
	(void)arg;
	return child_receive(parent);
}

TEST_F(lib_sources, pidfd)
{
	struct persona user = PERSONA_USER(1001);
	struct child child;
	int pidfd;

	ASSERT_EQ(0, child_start(&child, &user, wait_for_end, NULL));
	pidfd = syscall(SYS_pidfd_open, child.pid, 0);
	ASSERT_LE(0, pidfd);
	EXPECT_TRUE(context_is_of(ntimp_capture_pidfd(pidfd, NULL), 1001, 1001));
	child_finish(&child);
	EXPECT_EQ(-ESRCH, result(ntimp_capture_pidfd(pidfd, NULL)));

	EXPECT_EQ(-EBADF, result(ntimp_capture_pidfd(-1, NULL)));
	EXPECT_EQ(-EBADF, result(ntimp_capture_pidfd(open("/dev/null", O_RDONLY), NULL)));
}

/* Ended, but its parent has not asked yet: the number is still its own. */
TEST_F(lib_sources, pidfd_of_a_zombie)
{
	siginfo_t info;
	pid_t pid = fork();
	int pidfd;

	if (!pid)
		_exit(0);
	pidfd = syscall(SYS_pidfd_open, pid, 0);
	ASSERT_LE(0, pidfd);
	ASSERT_EQ(0, waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
	EXPECT_EQ(-ESRCH, result(ntimp_capture_pidfd(pidfd, NULL)));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
}

TEST_F(lib_sources, peer)
{
	EXPECT_EQ(-EBADF, result(ntimp_capture_peer(-1, NULL)));
	EXPECT_EQ(-ENOTSOCK, result(ntimp_capture_peer(open("/dev/null", O_RDONLY), NULL)));
	EXPECT_EQ(-ENOTCONN, result(ntimp_capture_peer(socket(AF_UNIX, SOCK_STREAM, 0), NULL)));
	EXPECT_EQ(-EOPNOTSUPP, result(ntimp_capture_peer(socket(AF_INET, SOCK_STREAM, 0), NULL)));
}

static int capture_ids_by_user(void *arg)
{
	(void)arg;
	return result(ntimp_capture_ids(1001, 1001, 0, NULL, NULL));
}

TEST_F(lib_sources, ids)
{
	const gid_t given[] = { 30, 10, 20 }, kept[] = { 10, 20, 30 };
	struct persona user = PERSONA_USER(1000);
	struct identity client;
	int ctx = ntimp_capture_ids(1001, 1002, ARRAY_SIZE(given), given, NULL);

	ASSERT_EQ(0, context_identity(ctx, &client));
	EXPECT_EQ(1001, client.uid);
	EXPECT_EQ(1002, client.gid);
	ASSERT_EQ(ARRAY_SIZE(kept), client.ngroups);
	EXPECT_EQ(0, memcmp(kept, client.groups, sizeof(kept)));
	/* As the documentation has it, an address without room is not looked at. */
	EXPECT_TRUE(context_is_of(ntimp_capture_ids(1001, 1001, 0, given, NULL), 1001, 1001));

	EXPECT_EQ(-EINVAL, result(ntimp_capture_ids(-1, 0, 0, NULL, NULL)));
	EXPECT_EQ(-EINVAL, result(ntimp_capture_ids(0, -1, 0, NULL, NULL)));
	EXPECT_EQ(-EINVAL, result(ntimp_capture_ids(0, 0, 65537, given, NULL)));
	EXPECT_EQ(-EINVAL, result(ntimp_capture_ids(0, 0, SIZE_MAX, given, NULL)));
	EXPECT_EQ(-EFAULT, result(ntimp_capture_ids(0, 0, 1, NULL, NULL)));
	EXPECT_EQ(-EPERM, child_run(&user, capture_ids_by_user, NULL));
}

/* The guest's users: alice is in her own group and in staff. */
TEST_F(lib_sources, user)
{
	const gid_t alices[] = { 1001, 2000 };
	struct identity client;

	ASSERT_EQ(0, context_identity(ntimp_capture_user("alice", NULL), &client));
	EXPECT_TRUE(identity_is(&client, 1001, 1001, ARRAY_SIZE(alices), alices));
	EXPECT_EQ(0, client.permitted);
	EXPECT_EQ(-ENOENT, result(ntimp_capture_user("nobody-has-this-name", NULL)));
	EXPECT_EQ(-ENOENT, result(ntimp_capture_user("", NULL)));
	EXPECT_EQ(-EINVAL, result(ntimp_capture_user(NULL, NULL)));
}

TEST_F(lib_sources, anonymous)
{
	int ctx = ntimp_capture_anonymous();

	EXPECT_TRUE(context_is_of(ctx, 65534, 65534));
	ASSERT_EQ(0, ntimp_impersonate(ctx));
	EXPECT_TRUE(acts_as(65534, 65534));
	ASSERT_EQ(0, ntimp_revert());
}

TEST_F(lib_sources, duplicate)
{
	const struct ntimp_qos low = { .level = NTIMP_LEVEL_IDENTIFICATION };
	const struct ntimp_qos effective = { .level = 2, .effective_only = 1 };
	int ctx = ntimp_duplicate(ntimp_capture_self(NULL), &low);

	ASSERT_LE(0, ctx);
	EXPECT_EQ(-EPERM, result(ntimp_duplicate(ctx, NULL)));
	EXPECT_EQ(-EPERM, result(ntimp_duplicate(ntimp_capture_self(&effective), NULL)));
	EXPECT_EQ(-EBADF, result(ntimp_duplicate(-1, NULL)));
	EXPECT_EQ(-EINVAL, result(ntimp_duplicate(open("/dev/null", O_RDONLY), NULL)));
}

TEST_HARNESS_MAIN
