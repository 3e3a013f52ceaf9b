// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ioctl numbers, arguments by value, and what kind of files the device and the
 * contexts are.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "child.h"
#include "device.h"

FIXTURE(abi_ioctl)
{
	int dev;
	int ctx;
};

FIXTURE_SETUP(abi_ioctl)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_self(self->dev, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(abi_ioctl)
{
	close(self->ctx);
	close(self->dev);
}

static bool is_known(int fd, const FIXTURE_DATA(abi_ioctl) *self, unsigned long request)
{
	if (fd == self->ctx)
		return request == NTIMP_CTX_IMPERSONATE || request == NTIMP_CTX_QUERY ||
		       request == NTIMP_REVERT || request == NTIMP_CTX_UPDATE ||
		       request == NTIMP_CTX_REVOKE || request == NTIMP_CTX_EXPIRE ||
		       request == NTIMP_CTX_WEARERS ||
		       request == NTIMP_CTX_IMPERSONATE_THREAD || request == NTIMP_CTX_CALL ||
		       request == NTIMP_CTX_EXPLAIN;
	return request == NTIMP_VERSION || request == NTIMP_CAPTURE ||
	       request == NTIMP_REVERT || request == NTIMP_QUERY_THREAD ||
	       request == NTIMP_REVERT_THREAD;
}

/* Those of the other file among them. */
TEST_F(abi_ioctl, unknown_numbers)
{
	const int files[] = { self->dev, self->ctx };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		for (int nr = 0; nr < 256; nr++) {
			unsigned long request = _IO(NTIMP_IOC_MAGIC, nr);

			if (is_known(files[i], self, request))
				continue;
			EXPECT_EQ(-ENOTTY, device_ioctl(files[i], request, 0))
				TH_LOG("number 0x%02x, file %zu", nr, i);
		}
	}
}

/* Size and direction are part of the number, and ours have neither. */
TEST_F(abi_ioctl, numbers_with_a_size)
{
	struct ntimp_info info = { .size = sizeof(info) };
	struct ntimp_version version = { .size = sizeof(version) };

	EXPECT_EQ(-ENOTTY, device_ioctl(self->dev, _IOWR(NTIMP_IOC_MAGIC, 0x00, version),
					(uintptr_t)&version));
	EXPECT_EQ(-ENOTTY, device_ioctl(self->ctx, _IOWR(NTIMP_IOC_MAGIC, 0x41, info),
					(uintptr_t)&info));
	EXPECT_EQ(-ENOTTY, device_ioctl(self->dev, _IO(NTIMP_IOC_MAGIC + 1, 0x00),
					(uintptr_t)&version));
}

TEST_F(abi_ioctl, impersonate_with_flags)
{
	for (unsigned int bit = 2; bit < 8 * sizeof(long); bit++) {
		EXPECT_EQ(-EINVAL, device_ioctl(self->ctx, NTIMP_CTX_IMPERSONATE, 1UL << bit))
			TH_LOG("bit %u", bit);
	}
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, 0));
}

/* The level is said only to who agrees to a lower one. */
TEST_F(abi_ioctl, impersonate_or_downgrade)
{
	EXPECT_EQ(NTIMP_LEVEL_IMPERSONATION,
		  device_ioctl(self->ctx, NTIMP_CTX_IMPERSONATE, NTIMP_IMPERSONATE_DOWNGRADE));
	EXPECT_EQ(-EBUSY, device_ioctl(self->ctx, NTIMP_CTX_IMPERSONATE,
				       NTIMP_IMPERSONATE_DOWNGRADE |
				       NTIMP_IMPERSONATE_EXCLUSIVE));
	EXPECT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(0, device_revert(self->dev));
}

TEST_F(abi_ioctl, update_and_revoke_with_flags)
{
	for (unsigned int bit = 0; bit < 8 * sizeof(long); bit++) {
		EXPECT_EQ(-EINVAL, device_ioctl(self->ctx, NTIMP_CTX_UPDATE, 1UL << bit))
			TH_LOG("bit %u", bit);
		if (1UL << bit == NTIMP_REVOKE_DENY)
			continue;
		EXPECT_EQ(-EINVAL, device_ioctl(self->ctx, NTIMP_CTX_REVOKE, 1UL << bit))
			TH_LOG("bit %u", bit);
	}
	/* Nothing was revoked. */
	EXPECT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(0, device_revert(self->dev));
}

TEST_F(abi_ioctl, impersonate_exclusively)
{
	int other = capture_self(self->dev, NTIMP_LEVEL_IMPERSONATION);

	ASSERT_LE(0, other);
	ASSERT_EQ(0, device_ioctl(self->ctx, NTIMP_CTX_IMPERSONATE,
				  NTIMP_IMPERSONATE_EXCLUSIVE));
	EXPECT_EQ(-EBUSY, device_ioctl(other, NTIMP_CTX_IMPERSONATE,
				       NTIMP_IMPERSONATE_EXCLUSIVE));
	EXPECT_EQ(context_id(self->ctx), device_worn_id(self->dev, 0));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, close(other));
}

TEST_F(abi_ioctl, revert_by_a_context)
{
	int other = capture_self(self->dev, NTIMP_LEVEL_IMPERSONATION);

	ASSERT_LE(0, other);
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(-EINVAL, device_ioctl(other, NTIMP_REVERT, 1));
	EXPECT_EQ(context_id(self->ctx), device_worn_id(self->dev, 0));
	EXPECT_EQ(0, device_ioctl(other, NTIMP_REVERT, 0));
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, 0));
	EXPECT_EQ(0, close(other));
}

TEST_F(abi_ioctl, revert_with_an_argument)
{
	ASSERT_EQ(0, context_impersonate(self->ctx));
	for (unsigned int bit = 0; bit < 8 * sizeof(long); bit++) {
		EXPECT_EQ(-EINVAL, device_ioctl(self->dev, NTIMP_REVERT, 1UL << bit))
			TH_LOG("bit %u", bit);
	}
	EXPECT_EQ(context_id(self->ctx), device_worn_id(self->dev, 0));
	EXPECT_EQ(0, device_revert(self->dev));
}

TEST_F(abi_ioctl, revert_when_not_impersonating)
{
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(-ENOENT, device_worn_id(self->dev, 0));
}

TEST_F(abi_ioctl, context_is_close_on_exec)
{
	EXPECT_EQ(FD_CLOEXEC, fcntl(self->ctx, F_GETFD));
}

TEST_F(abi_ioctl, context_is_an_anonymous_file)
{
	char link[64], name[64] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", self->ctx);
	ASSERT_LT(0, readlink(link, name, sizeof(name) - 1));
	EXPECT_STREQ("anon_inode:[ntimp]", name);
}

TEST_F(abi_ioctl, neither_can_be_read_written_or_mapped)
{
	const int files[] = { self->dev, self->ctx };
	char byte = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		EXPECT_EQ(-1, read(files[i], &byte, 1));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(-1, write(files[i], &byte, 1));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED, files[i], 0));
		EXPECT_EQ(ENODEV, errno);
	}
}

TEST_F(abi_ioctl, device_is_for_everybody)
{
	struct stat st;

	ASSERT_EQ(0, fstat(self->dev, &st));
	EXPECT_EQ(S_IFCHR | 0666, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
}

static int open_and_capture(void *arg)
{
	int dev = open(DEVICE_PATH, *(int *)arg | O_CLOEXEC);

	return dev < 0 ? -errno : capture_self(dev, NTIMP_LEVEL_IMPERSONATION);
}

TEST_F(abi_ioctl, open_mode_confers_nothing)
{
	const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR };
	struct persona user = PERSONA_USER(1000);
	int path_only = O_PATH;

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		int mode = modes[i];

		EXPECT_LE(0, child_run(&user, open_and_capture, &mode));
	}
	EXPECT_EQ(-EBADF, child_run(&user, open_and_capture, &path_only));
}

TEST_HARNESS_MAIN
