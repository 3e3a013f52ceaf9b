// SPDX-License-Identifier: GPL-2.0-only
/* Opening for the client is openat2(2): its flags, and what belongs to the caller. */
#include "harness.h"
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "broker.h"
#include "device.h"
#include "persona.h"
#include "scratch.h"
#include "wearing.h"

FIXTURE(broker_open)
{
	struct wearing wearing;
	struct scratch scratch;
	int ctx;
	int dir;
};

FIXTURE_VARIANT(broker_open)
{
	__u32 flags;
};

FIXTURE_VARIANT_ADD(broker_open, here) { 0 };
FIXTURE_VARIANT_ADD(broker_open, worker) { NTIMP_CALL_WORKER };

FIXTURE_SETUP(broker_open)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, scratch_open(&self->scratch));
	self->ctx = self->wearing.ctx;
	self->dir = self->scratch.fd;
	ASSERT_EQ(0, file_make(&self->scratch, "server", 0, 0, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "client", CLIENT, CLIENT, 0600));
	ASSERT_EQ(0, symlinkat("client", self->dir, "link"));
	ASSERT_EQ(0, mkdirat(self->dir, "dir", 0755));
	ASSERT_EQ(0, symlinkat("../client", self->dir, "dir/out"));
	ASSERT_EQ(0, symlinkat("/", self->dir, "dir/root"));
}

FIXTURE_TEARDOWN(broker_open)
{
	EXPECT_TRUE(wearing_over(&self->wearing));
	unlinkat(self->dir, "dir/out", 0);
	unlinkat(self->dir, "dir/root", 0);
	scratch_close(&self->scratch);
	wearing_end(&self->wearing);
}

TEST_F(broker_open, close_on_exec_as_asked)
{
	int kept = broker_open(self->ctx, variant->flags, self->dir, "client", O_RDONLY, 0);
	int closed = broker_open(self->ctx, variant->flags, self->dir, "client",
				 O_RDONLY | O_CLOEXEC, 0);

	EXPECT_EQ(0, fcntl(kept, F_GETFD));
	EXPECT_EQ(FD_CLOEXEC, fcntl(closed, F_GETFD));
	close(kept);
	close(closed);
}

TEST_F(broker_open, status_flags)
{
	int fd = broker_open(self->ctx, variant->flags, self->dir, "client",
			     O_RDWR | O_APPEND | O_NONBLOCK, 0);

	EXPECT_EQ(O_RDWR | O_APPEND | O_NONBLOCK,
		  fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
	EXPECT_EQ(1, write(fd, "x", 1));
	close(fd);
}

TEST_F(broker_open, path_only)
{
	int fd = broker_open(self->ctx, variant->flags, self->dir, "server", O_PATH, 0);
	struct stat st;
	char byte;

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, fstat(fd, &st));
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(-1, read(fd, &byte, 1));
	EXPECT_EQ(EBADF, errno);
	close(fd);
	fd = broker_open(self->ctx, variant->flags, self->dir, "link", O_PATH | O_NOFOLLOW, 0);
	ASSERT_EQ(0, fstat(fd, &st));
	EXPECT_TRUE(S_ISLNK(st.st_mode));
	close(fd);
}

TEST_F(broker_open, links)
{
	EXPECT_EQ(0, broker_try(self->ctx, variant->flags, self->dir, "link", O_RDONLY));
	EXPECT_EQ(-ELOOP, broker_try(self->ctx, variant->flags, self->dir, "link",
				     O_RDONLY | O_NOFOLLOW));
}

TEST_F(broker_open, file_without_a_name)
{
	struct stat st;
	int fd;

	/* To the client the directory is one in which it may not make files. */
	EXPECT_EQ(-EACCES, broker_open(self->ctx, variant->flags, self->dir, "dir",
				       O_TMPFILE | O_RDWR, 0600));
	umask(027);
	fd = broker_open(self->ctx, variant->flags, self->dir, ".", O_TMPFILE | O_RDWR, 0666);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, fstat(fd, &st));
	EXPECT_EQ(CLIENT, st.st_uid);
	EXPECT_EQ(CLIENT, st.st_gid);
	EXPECT_EQ(0640, st.st_mode & 07777);
	EXPECT_EQ(0, st.st_nlink);
	close(fd);
}

TEST_F(broker_open, umask_is_the_callers)
{
	struct stat st;

	umask(0);
	EXPECT_EQ(0, broker_try(self->ctx, variant->flags, self->dir, "a", O_RDWR | O_CREAT));
	ASSERT_EQ(0, fstatat(self->dir, "a", &st, 0));
	EXPECT_EQ(0600, st.st_mode & 07777);
	umask(0277);
	EXPECT_EQ(0, broker_try(self->ctx, variant->flags, self->dir, "b", O_RDWR | O_CREAT));
	ASSERT_EQ(0, fstatat(self->dir, "b", &st, 0));
	EXPECT_EQ(0400, st.st_mode & 07777);
	EXPECT_EQ(0277, umask(022));
}

/* What the kernel says to a request, here and to the system call. */
static int both(const FIXTURE_DATA(broker_open) *self, __u32 flags, const char *path,
		const struct open_how *how)
{
	int theirs = syscall(SYS_openat2, self->dir, path, how, sizeof(*how));
	int ours;

	theirs = theirs < 0 ? -errno : theirs;
	ours = broker_open_how(self->ctx, flags, self->dir, path, how);
	if (theirs >= 0)
		close(theirs);
	if (ours >= 0)
		close(ours);
	if (theirs >= 0 && ours >= 0)
		return 0;
	return theirs == ours ? ours : -EDOM;
}

TEST_F(broker_open, resolving)
{
	const struct {
		const char *path;
		__u64 resolve;
		int err;
	} rows[] = {
		{ "client", RESOLVE_BENEATH, 0 },
		{ "../x", RESOLVE_BENEATH, -EXDEV },
		{ "/etc", RESOLVE_BENEATH, -EXDEV },
		{ "dir/root", RESOLVE_BENEATH, -EXDEV },
		{ "dir/out", RESOLVE_BENEATH, 0 },
		{ "/client", RESOLVE_IN_ROOT, 0 },
		{ "/../../client", RESOLVE_IN_ROOT, 0 },
		{ "dir/root/client", RESOLVE_IN_ROOT, 0 },
		{ "/etc/passwd", RESOLVE_IN_ROOT, -ENOENT },
		{ "link", RESOLVE_NO_SYMLINKS, -ELOOP },
		{ "client", RESOLVE_NO_SYMLINKS, 0 },
		{ "/proc/self/fd/0", RESOLVE_NO_MAGICLINKS, -ELOOP },
		{ "/proc/self/status", RESOLVE_NO_XDEV, -EXDEV },
		{ "client", RESOLVE_NO_XDEV, 0 },
		{ "client", RESOLVE_CACHED, 0 },
		{ "none", RESOLVE_CACHED, -ENOENT },
		{ "client", RESOLVE_BENEATH | RESOLVE_IN_ROOT, -EINVAL },
		{ "client", 1ULL << 32, -EINVAL },
		{ "client", 1ULL << 63, -EINVAL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct open_how how = { .flags = O_RDONLY, .resolve = rows[i].resolve };
		int seen = both(self, variant->flags, rows[i].path, &how);

		/* What is not in the cache may be looked up, or not. */
		if (rows[i].resolve == RESOLVE_CACHED && seen == -EAGAIN)
			continue;
		EXPECT_EQ(rows[i].err, seen) TH_LOG("%s, %llx", rows[i].path,
						    (unsigned long long)rows[i].resolve);
	}
}

TEST_F(broker_open, flags_that_do_not_fit)
{
	const struct {
		__u64 flags;
		__u64 mode;
	} rows[] = {
		{ O_RDONLY, 0600 },
		{ O_RDWR | O_CREAT, 010000 },
		{ O_RDWR | O_CREAT, 1ULL << 32 },
		{ 1ULL << 32, 0 },
		{ 1ULL << 63, 0 },
		{ O_PATH | O_RDWR, 0 },
		{ O_CREAT | O_DIRECTORY, 0600 },
		{ O_TMPFILE, 0600 },
		{ (O_TMPFILE & ~O_DIRECTORY) | O_RDWR, 0600 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct open_how how = { .flags = rows[i].flags, .mode = rows[i].mode };

		EXPECT_EQ(-EINVAL, both(self, variant->flags, "client", &how))
			TH_LOG("row %zu", i);
	}
}

static int lowest_free_fd(void)
{
	int fd = dup(STDIN_FILENO);

	close(fd);
	return fd;
}

/* The lowest number, within the caller's limit; none is lost by a failure. */
TEST_F(broker_open, numbers)
{
	const int lowest = lowest_free_fd();
	struct rlimit limit = { .rlim_cur = lowest, .rlim_max = lowest + 64 };

	for (int i = 0; i < 10; i++)
		EXPECT_EQ(-EACCES, broker_open(self->ctx, variant->flags, self->dir, "server",
					       O_RDONLY, 0));
	EXPECT_EQ(lowest, lowest_free_fd());
	EXPECT_EQ(lowest, broker_open(self->ctx, variant->flags, self->dir, "client", O_RDONLY,
				      0));
	close(lowest);

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(-EMFILE, broker_open(self->ctx, variant->flags, self->dir, "client", O_RDONLY,
				       0));
	/* And nothing is made that could not be handed out. */
	EXPECT_EQ(-EMFILE, broker_open(self->ctx, variant->flags, self->dir, "new",
				       O_RDWR | O_CREAT, 0600));
	EXPECT_EQ(-1, faccessat(self->dir, "new", F_OK, 0));
	limit.rlim_cur = limit.rlim_max;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(lowest, lowest_free_fd());
}

TEST_F(broker_open, watchers_are_told)
{
	char watched[64], events[512];
	const struct inotify_event *event = (const struct inotify_event *)events;
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	ASSERT_LE(0, fd);
	snprintf(watched, sizeof(watched), "%s/client", self->scratch.path);
	ASSERT_LE(0, inotify_add_watch(fd, watched, IN_OPEN));
	EXPECT_EQ(0, broker_try(self->ctx, variant->flags, self->dir, "client", O_RDONLY));
	/* Exactly one event. */
	EXPECT_EQ((ssize_t)sizeof(*event), read(fd, events, sizeof(events)));
	EXPECT_EQ(IN_OPEN, event->mask);
	close(fd);
}

/* The file is the client's: it is asked about who opened it. */
TEST_F(broker_open, descriptor_works_like_any)
{
	int fd = broker_open(self->ctx, variant->flags, AT_FDCWD, "/proc/self/status", O_RDONLY, 0);
	char text[64] = "";

	ASSERT_LE(0, fd);
	EXPECT_LT(0, read(fd, text, sizeof(text) - 1));
	EXPECT_NE(NULL, strstr(text, "Name:\tbroker_open"));
	close(fd);
}

TEST_HARNESS_MAIN
