// SPDX-License-Identifier: GPL-2.0-only
/* libntimp: file operations as the client, each once allowed and once not. */
#include "harness.h"
#include <fcntl.h>
#include <sys/stat.h>

#include "device.h"
#include "identity.h"
#include "library.h"
#include "scratch.h"

#define CLIENT	1001

FIXTURE(lib_broker)
{
	int ctx;
	int dir;
	struct scratch scratch;
};

FIXTURE_SETUP(lib_broker)
{
	self->ctx = ntimp_capture_ids(CLIENT, CLIENT, 0, NULL, NULL);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	self->dir = self->scratch.fd;
	ASSERT_EQ(0, file_make(&self->scratch, "server", 0, 0, 0600));
	ASSERT_EQ(0, file_make(&self->scratch, "client", CLIENT, CLIENT, 0600));
}

FIXTURE_TEARDOWN(lib_broker)
{
	EXPECT_TRUE(acts_as(0, 0));
	scratch_close(&self->scratch);
	close(self->ctx);
}

TEST_F(lib_broker, openat)
{
	int fd = result(ntimp_openat(self->ctx, self->dir, "client", O_RDWR | O_CLOEXEC, 0));

	ASSERT_LE(0, fd);
	EXPECT_EQ(1, write(fd, "x", 1));
	close(fd);
	EXPECT_EQ(-EACCES, result(ntimp_openat(self->ctx, self->dir, "server", O_RDONLY, 0)));
	fd = result(ntimp_openat(self->ctx, self->dir, "new", O_RDWR | O_CREAT | O_EXCL, 0640));
	ASSERT_LE(0, fd);
	close(fd);
	EXPECT_TRUE(file_belongs_to(&self->scratch, "new", CLIENT, CLIENT));
	EXPECT_EQ(-EEXIST, result(ntimp_openat(self->ctx, self->dir, "new",
					       O_RDWR | O_CREAT | O_EXCL, 0640)));
}

TEST_F(lib_broker, access)
{
	EXPECT_EQ(0, ntimp_access(self->ctx, self->dir, "client", R_OK | W_OK, 0));
	EXPECT_EQ(-EACCES, result(ntimp_access(self->ctx, self->dir, "server", R_OK, AT_EACCESS)));
	EXPECT_EQ(-EINVAL, result(ntimp_access(self->ctx, self->dir, "client", -1, 0)));
	EXPECT_EQ(-EINVAL, result(ntimp_access(self->ctx, self->dir, "client", R_OK, -1)));
}

TEST_F(lib_broker, names)
{
	EXPECT_EQ(0, ntimp_mkdirat(self->ctx, self->dir, "dir", 0755));
	EXPECT_TRUE(file_belongs_to(&self->scratch, "dir", CLIENT, CLIENT));
	EXPECT_EQ(-EEXIST, result(ntimp_mkdirat(self->ctx, self->dir, "dir", 0755)));
	EXPECT_EQ(0, ntimp_renameat(self->ctx, self->dir, "dir", "moved", 0));
	EXPECT_EQ(-EPERM, result(ntimp_renameat(self->ctx, self->dir, "server", "x", 0)));
	EXPECT_EQ(0, ntimp_unlinkat(self->ctx, self->dir, "moved", AT_REMOVEDIR));
	EXPECT_EQ(-EPERM, result(ntimp_unlinkat(self->ctx, self->dir, "server", 0)));
	EXPECT_EQ(-EINVAL, result(ntimp_unlinkat(self->ctx, self->dir, "client", -1)));
}

TEST_F(lib_broker, fchmodat)
{
	struct stat st;

	EXPECT_EQ(0, ntimp_fchmodat(self->ctx, self->dir, "client", 0444));
	ASSERT_EQ(0, fstatat(self->dir, "client", &st, 0));
	EXPECT_EQ(0444, st.st_mode & 07777);
	EXPECT_EQ(-EPERM, result(ntimp_fchmodat(self->ctx, self->dir, "server", 0666)));
}

TEST_F(lib_broker, what_is_no_context)
{
	EXPECT_EQ(-EBADF, result(ntimp_access(-1, self->dir, "client", R_OK, 0)));
	EXPECT_EQ(-ENOTTY, result(ntimp_access(self->dir, self->dir, "client", R_OK, 0)));
}

TEST_HARNESS_MAIN
