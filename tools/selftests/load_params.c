// SPDX-License-Identifier: GPL-2.0-only
/* Parameters of the module: what they do, and which values are refused. */
#include "harness.h"
#include <fcntl.h>
#include <sys/stat.h>

#include "child.h"
#include "device.h"
#include "module.h"
#include "persona.h"

#define PARAMETERS	"/sys/module/ntimp/parameters/"
#define ROOT		NTIMP_PARAM_ALLOW_ROOT_CLIENTS

FIXTURE(good) {
};

/*
 * @params: what is given
 * @mode: of the device then
 * @user: what a user gets who opens it
 * @flags: NTIMP_PARAM_*
 */
FIXTURE_VARIANT(good) {
	const char *params;
	mode_t mode;
	int user;
	uint32_t flags;
};

#define GOOD(name, ...) \
	FIXTURE_VARIANT_ADD(good, name) { __VA_ARGS__ }

GOOD(none, .params = "", .mode = 0666);
GOOD(mode_all, .params = "mode=0666", .mode = 0666);
GOOD(mode_group, .params = "mode=0660", .mode = 0660, .user = -EACCES);
GOOD(mode_owner, .params = "mode=0600", .mode = 0600, .user = -EACCES);
GOOD(mode_read, .params = "mode=0444", .mode = 0444, .user = -EACCES);
GOOD(root_clients, .params = "allow_root_clients=1", .mode = 0666, .flags = ROOT);
GOOD(root_clients_bare, .params = "allow_root_clients", .mode = 0666, .flags = ROOT);
GOOD(no_root_clients, .params = "allow_root_clients=n", .mode = 0666);
GOOD(both, .params = "mode=0600 allow_root_clients", .mode = 0600, .user = -EACCES, .flags = ROOT);

FIXTURE_SETUP(good)
{
	ASSERT_EQ(-ENOENT, module_uses());
	ASSERT_EQ(0, module_load(variant->params));
}

FIXTURE_TEARDOWN(good)
{
	EXPECT_EQ(0, module_unload());
}

static int open_and_close(void *arg)
{
	int dev = device_open();

	(void)arg;
	if (dev < 0)
		return dev;
	close(dev);
	return 0;
}

TEST_F(good, does_what_it_says)
{
	struct ntimp_version version = { .size = sizeof(version) };
	struct stat st;
	int dev;

	EXPECT_EQ(0, stat(DEVICE_PATH, &st));
	EXPECT_EQ(S_IFCHR | variant->mode, st.st_mode);
	EXPECT_EQ(variant->user, child_run(&PERSONA_USER(1001), open_and_close, NULL));
	dev = device_open();
	ASSERT_LE(0, dev);
	EXPECT_EQ(0, device_version(dev, &version));
	EXPECT_EQ(variant->flags, version.params);
	close(dev);
}

static int open_for_writing(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

TEST_F(good, cannot_be_changed_afterwards)
{
	EXPECT_EQ(-EACCES, open_for_writing(PARAMETERS "mode"));
	EXPECT_EQ(-EACCES, open_for_writing(PARAMETERS "allow_root_clients"));
}

/* What is shown can be given again, and means the same. */
TEST_F(good, is_shown_as_it_can_be_given)
{
	char params[64] = "mode=";
	struct stat st;
	FILE *file;

	file = fopen(PARAMETERS "mode", "re");
	ASSERT_NE(NULL, file);
	ASSERT_NE(NULL, fgets(params + strlen(params), sizeof(params) - strlen(params), file));
	fclose(file);
	EXPECT_EQ(0, module_unload());
	EXPECT_EQ(0, module_load(params));
	EXPECT_EQ(0, stat(DEVICE_PATH, &st));
	EXPECT_EQ(S_IFCHR | variant->mode, st.st_mode);
}

FIXTURE(bad) {
};

FIXTURE_VARIANT(bad) {
	const char *params;
	int err;
};

#define BAD(name, text, error) \
	FIXTURE_VARIANT_ADD(bad, name) { .params = (text), .err = (error) }

BAD(mode_executable, "mode=0777", -EINVAL);
BAD(mode_sticky, "mode=01666", -EINVAL);
BAD(mode_setuid, "mode=04600", -EINVAL);
BAD(mode_large, "mode=0200000", -ERANGE);
BAD(mode_negative, "mode=-1", -EINVAL);
BAD(mode_no_octal, "mode=0888", -EINVAL);
BAD(mode_decimal, "mode=438", -EINVAL);
BAD(mode_text, "mode=rw", -EINVAL);
BAD(mode_empty, "mode=", -EINVAL);
BAD(mode_bare, "mode", -EINVAL);
BAD(root_clients_number, "allow_root_clients=2", -EINVAL);
BAD(root_clients_text, "allow_root_clients=perhaps", -EINVAL);

FIXTURE_SETUP(bad)
{
	ASSERT_EQ(-ENOENT, module_uses());
}

FIXTURE_TEARDOWN(bad)
{
	EXPECT_EQ(-ENOENT, module_uses());
}

TEST_F(bad, is_refused)
{
	EXPECT_EQ(variant->err, module_load(variant->params));
	EXPECT_EQ(-ENOENT, device_open());
	EXPECT_EQ(0, module_load(""));
	EXPECT_EQ(0, module_unload());
}

FIXTURE(octal) {
};

FIXTURE_SETUP(octal)
{
	ASSERT_EQ(-ENOENT, module_uses());
}

FIXTURE_TEARDOWN(octal)
{
}

/* Without the leading 0 it is refused, or means the same. */
TEST_F(octal, is_never_misread)
{
	int err = module_load("mode=660");
	struct stat st;

	if (err) {
		EXPECT_EQ(-EINVAL, err);
		return;
	}
	EXPECT_EQ(0, stat(DEVICE_PATH, &st));
	EXPECT_EQ(S_IFCHR | 0660, st.st_mode);
	EXPECT_EQ(0, module_unload());
}

TEST_HARNESS_MAIN
