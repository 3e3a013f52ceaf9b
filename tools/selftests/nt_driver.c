// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that came from NT, see tools/examples/ntdriver: each request is done as
 * who it is to be done as, in the caller's thread and in the system's, or not at all.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../examples/ntdriver/ntdriver.h"
#include "child.h"
#include "device.h"
#include "identity.h"
#include "module.h"
#include "persona.h"
#include "scratch.h"
#include "setting.h"
#include "wearing.h"

#define DRIVER		"ntdriver"
#define DRIVER_FILE	"/lib/modules/ntdriver.ko"
#define THIRD		1003
#define ROUNDS		50

static int driver_load(void)
{
	int fd = open(DRIVER_FILE, O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, "", 0))
		err = -errno;
	close(fd);
	return err;
}

static int driver_unload(void)
{
	return syscall(SYS_delete_module, DRIVER, O_NONBLOCK) ? -errno : 0;
}

static int box_open(void)
{
	int fd = open(NTDRIVER_PATH, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int request(int box, struct ntdriver_request *request)
{
	return device_ioctl(box, NTDRIVER_REQUEST, (unsigned long)request);
}

static int who(int box, uint32_t how, struct ntdriver_request *answer)
{
	*answer = (struct ntdriver_request){ .what = NTDRIVER_WHO, .how = how };
	return request(box, answer);
}

/* The number of the user as whom it is done, at level Impersonation; or -errno. */
static int done_as(int box, uint32_t how)
{
	struct ntdriver_request answer;
	int err = who(box, how, &answer);

	if (err)
		return err;
	if (!answer.impersonating || answer.level != NTIMP_LEVEL_IMPERSONATION ||
	    answer.group != answer.user)
		return -EPROTO;
	return (int)answer.user;
}

/* How many bytes, of one. */
static int try(int box, uint32_t what, uint32_t how, const struct scratch *scratch,
	       const char *name)
{
	char path[64], byte = 'x';
	struct ntdriver_request it = {
		.what = what, .how = how, .path = (uintptr_t)path,
		.data = (uintptr_t)&byte, .size = 1,
	};

	snprintf(path, sizeof(path), "%s/%s", scratch->path, name);
	return request(box, &it);
}

/**
 * struct driver - the driver, and files to try it with
 * @scratch: the files, each named by whose alone it is; and "all"
 * @forgotten: how many workers forgot to revert so far
 * @uses: users of ntimp without the driver
 */
struct driver {
	struct scratch scratch;
	char forgotten[16];
	int uses;
};

static int forgotten(char *count, size_t room)
{
	return setting_read("/sys/module/ntimp/parameters/nt_forgotten", count, room);
}

static int driver_begin(struct driver *driver)
{
	const struct scratch *scratch = &driver->scratch;

	if (scratch_open(&driver->scratch) ||
	    file_make(scratch, "root", 0, 0, 0600) ||
	    file_make(scratch, "1001", CLIENT, CLIENT, 0600) ||
	    file_make(scratch, "1002", OTHER, OTHER, 0600) ||
	    file_make(scratch, "1003", THIRD, THIRD, 0600) ||
	    file_make(scratch, "all", 0, 0, 0644))
		return -EPROTO;
	driver->uses = module_uses();
	return forgotten(driver->forgotten, sizeof(driver->forgotten)) ?: driver_load();
}

/* Nothing is left of it, nor of anybody's identity. */
static int driver_end(struct driver *driver)
{
	char count[16];
	/* Who works for it lets go of it a moment after having answered. */
	int err = module_await_uses_of(DRIVER, 0) ?: driver_unload();

	if (!err && box_open() != -ENOENT)
		err = -EEXIST;
	if (!err)
		err = module_await_uses(driver->uses);
	if (!err)
		err = forgotten(count, sizeof(count));
	if (!err && strcmp(count, driver->forgotten))
		err = -EPROTO;
	scratch_close(&driver->scratch);
	return err;
}

FIXTURE(nt_driver) {
	struct driver driver;
};

FIXTURE_SETUP(nt_driver)
{
	ASSERT_EQ(0, driver_begin(&self->driver));
}

FIXTURE_TEARDOWN(nt_driver)
{
	EXPECT_EQ(0, driver_end(&self->driver));
}

struct user {
	const struct scratch *scratch;
	uid_t id;
};

/* One of several users at once: 0, or the line of what went wrong. */
static int use(const struct child *parent, void *arg)
{
	const struct user *user = arg;
	char own[16], made[16];
	int box = box_open();

	(void)parent;
	if (box < 0)
		return __LINE__;
	snprintf(own, sizeof(own), "%u", user->id);
	for (int i = 0; i < ROUNDS; i++) {
		for (uint32_t how = NTDRIVER_HERE; how <= NTDRIVER_AS_CALLER; how++) {
			if (done_as(box, how) != (int)user->id)
				return __LINE__;
			if (try(box, NTDRIVER_READ, how, user->scratch, own) != 1)
				return __LINE__;
			for (uid_t other = CLIENT; other <= THIRD; other++) {
				char name[16];

				snprintf(name, sizeof(name), "%u", other);
				if (other != user->id &&
				    try(box, NTDRIVER_READ, how, user->scratch, name) != -EACCES)
					return __LINE__;
			}
			if (try(box, NTDRIVER_READ, how, user->scratch, "root") != -EACCES)
				return __LINE__;
			if (i)
				continue;
			snprintf(made, sizeof(made), "%u-%u", user->id, how);
			if (try(box, NTDRIVER_CREATE, how, user->scratch, made) != 1)
				return __LINE__;
			if (!file_belongs_to(user->scratch, made, user->id, user->id))
				return __LINE__;
			if (try(box, NTDRIVER_CREATE, how, user->scratch, made) != -EEXIST)
				return __LINE__;
		}
		if (!acts_as(user->id, user->id))
			return __LINE__;
	}
	close(box);
	return 0;
}

TEST_F(nt_driver, users_at_once)
{
	struct user users[3];
	struct child children[3];

	for (int i = 0; i < 3; i++) {
		users[i] = (struct user){ .scratch = &self->driver.scratch, .id = CLIENT + i };
		ASSERT_EQ(0, child_start(&children[i], &PERSONA_USER(users[i].id), use, &users[i]));
	}
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(0, child_finish(&children[i]));
}

/* The creator opens, hands over, and is no more. */
static int open_and_go(const struct child *parent, void *unused)
{
	(void)unused;
	return child_send_fd(parent, box_open());
}

static int box_of(const struct persona *creator)
{
	struct child child;
	int box = child_start(&child, creator, open_and_go, NULL);

	if (box)
		return box;
	box = child_receive_fd(&child);
	child_finish(&child);
	return box;
}

FIXTURE(nt_driver_how) {
	struct driver driver;
};

FIXTURE_VARIANT(nt_driver_how) {
	uint32_t how;
};

FIXTURE_VARIANT_ADD(nt_driver_how, here) { .how = NTDRIVER_HERE };
FIXTURE_VARIANT_ADD(nt_driver_how, system_thread) { .how = NTDRIVER_SYSTEM_THREAD };
FIXTURE_VARIANT_ADD(nt_driver_how, work_item) { .how = NTDRIVER_WORK_ITEM };

FIXTURE_SETUP(nt_driver_how)
{
	ASSERT_EQ(0, driver_begin(&self->driver));
}

FIXTURE_TEARDOWN(nt_driver_how)
{
	EXPECT_EQ(0, driver_end(&self->driver));
}

/* Root may, and gets no more by it. */
TEST_F(nt_driver_how, as_the_creator_whoever_asks)
{
	const struct scratch *scratch = &self->driver.scratch;
	int box = box_of(&PERSONA_USER(CLIENT));

	ASSERT_LE(0, box);
	for (int i = 0; i < ROUNDS; i++) {
		EXPECT_EQ(CLIENT, done_as(box, variant->how));
		EXPECT_EQ(1, try(box, NTDRIVER_READ, variant->how, scratch, "1001"));
		EXPECT_EQ(-EACCES, try(box, NTDRIVER_READ, variant->how, scratch, "1002"));
		EXPECT_EQ(-EACCES, try(box, NTDRIVER_READ, variant->how, scratch, "root"));
		EXPECT_TRUE(acts_as(0, 0));
	}
	EXPECT_EQ(1, try(box, NTDRIVER_CREATE, variant->how, scratch, "new"));
	EXPECT_TRUE(file_belongs_to(scratch, "new", CLIENT, CLIENT));
	close(box);
}

/* A creator that is a thread acting as somebody is that somebody. */
TEST_F(nt_driver_how, as_whom_the_creator_acted)
{
	const struct scratch *scratch = &self->driver.scratch;
	int dev = device_open();
	int ctx = capture_ids(dev, OTHER, OTHER, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	int box;

	ASSERT_EQ(0, context_impersonate(ctx));
	box = box_open();
	EXPECT_EQ(0, device_revert(dev));
	ASSERT_LE(0, box);
	EXPECT_EQ(OTHER, done_as(box, variant->how));
	EXPECT_EQ(1, try(box, NTDRIVER_READ, variant->how, scratch, "1002"));
	EXPECT_EQ(-EACCES, try(box, NTDRIVER_READ, variant->how, scratch, "1001"));
	close(box);
	close(ctx);
	close(dev);
}

/* Whom the caller acts as meanwhile is another matter. */
TEST_F(nt_driver_how, caller_acts_as_before)
{
	int box = box_of(&PERSONA_USER(CLIENT));
	int dev = device_open();
	int ctx = capture_ids(dev, OTHER, OTHER, 0, NULL, NTIMP_LEVEL_IMPERSONATION);

	ASSERT_LE(0, box);
	ASSERT_EQ(0, context_impersonate(ctx));
	EXPECT_EQ(CLIENT, done_as(box, variant->how));
	EXPECT_TRUE(acts_as(OTHER, OTHER));
	EXPECT_EQ(-EACCES, try(box, NTDRIVER_READ, variant->how, &self->driver.scratch, "1002"));
	EXPECT_TRUE(acts_as(OTHER, OTHER));
	EXPECT_EQ(0, device_revert(dev));
	EXPECT_TRUE(acts_as(0, 0));
	close(ctx);
	close(dev);
	close(box);
}

TEST_F(nt_driver_how, arguments)
{
	int box = box_open();
	char byte;
	struct ntdriver_request it = {
		.what = NTDRIVER_READ, .how = variant->how, .path = (uintptr_t)"/etc/passwd",
		.data = (uintptr_t)&byte, .size = 1,
	}, other;

	ASSERT_LE(0, box);
	other = it;
	EXPECT_EQ(1, request(box, &other));
	other = it;
	other.what = NTDRIVER_CREATE + 1;
	EXPECT_EQ(-EINVAL, request(box, &other));
	other = it;
	other.how = NTDRIVER_AS_CALLER + 1;
	EXPECT_EQ(-EINVAL, request(box, &other));
	other = it;
	other.size = NTDRIVER_SIZE_MAX + 1;
	EXPECT_EQ(-EINVAL, request(box, &other));
	other = it;
	other.reserved = 1;
	EXPECT_EQ(-EINVAL, request(box, &other));
	other = it;
	other.path = 1;
	EXPECT_EQ(-EFAULT, request(box, &other));
	other = it;
	other.data = 1;
	EXPECT_EQ(-EFAULT, request(box, &other));
	other = it;
	other.path = (uintptr_t)"/no such file";
	EXPECT_EQ(-ENOENT, request(box, &other));
	EXPECT_EQ(-EFAULT, device_ioctl(box, NTDRIVER_REQUEST, 1));
	EXPECT_EQ(-ENOTTY, device_ioctl(box, NTDRIVER_REQUEST + 1, (unsigned long)&it));
	close(box);
}

struct refused {
	const struct scratch *scratch;
	int box;
};

/* Somebody who may not act as the creator: 0, or the line of what went wrong. */
static int ask_as_another(void *arg)
{
	const struct refused *it = arg;
	struct ntdriver_request answer;

	/* In the own thread there is a name, and nothing that it is good for. */
	if (who(it->box, NTDRIVER_HERE, &answer) || !answer.impersonating ||
	    answer.level != NTIMP_LEVEL_IDENTIFICATION || answer.user != CLIENT)
		return __LINE__;
	if (!acts_as(OTHER, OTHER))
		return __LINE__;
	if (try(it->box, NTDRIVER_READ, NTDRIVER_HERE, it->scratch, "1001") != -EACCES)
		return __LINE__;
	/* Nor is it done as the one who asks, who could do it. */
	if (try(it->box, NTDRIVER_READ, NTDRIVER_HERE, it->scratch, "1002") != -EACCES)
		return __LINE__;
	if (try(it->box, NTDRIVER_READ, NTDRIVER_HERE, it->scratch, "all") != -EACCES)
		return __LINE__;
	if (try(it->box, NTDRIVER_CREATE, NTDRIVER_HERE, it->scratch, "new") != -EACCES)
		return __LINE__;
	if (file_try(it->scratch, "new", O_RDONLY) != -ENOENT)
		return __LINE__;
	if (!acts_as(OTHER, OTHER) || file_try(it->scratch, "1002", O_RDONLY))
		return __LINE__;
	/* The system may. */
	for (uint32_t how = NTDRIVER_SYSTEM_THREAD; how <= NTDRIVER_WORK_ITEM; how++) {
		if (done_as(it->box, how) != CLIENT)
			return __LINE__;
		if (try(it->box, NTDRIVER_READ, how, it->scratch, "1001") != 1)
			return __LINE__;
		if (try(it->box, NTDRIVER_READ, how, it->scratch, "1002") != -EACCES)
			return __LINE__;
	}
	return 0;
}

TEST_F(nt_driver, refused_impersonation_fails_closed)
{
	struct refused it = {
		.scratch = &self->driver.scratch, .box = box_of(&PERSONA_USER(CLIENT)),
	};

	ASSERT_LE(0, it.box);
	EXPECT_EQ(0, child_run(&PERSONA_USER(OTHER), ask_as_another, &it));
	close(it.box);
}

/* Somebody who has a box of root's: 0, or the line of what went wrong. */
static int ask_as_root(void *arg)
{
	const struct refused *it = arg;
	struct ntdriver_request answer;

	if (who(it->box, NTDRIVER_HERE, &answer) != -EACCES)
		return __LINE__;
	if (try(it->box, NTDRIVER_READ, NTDRIVER_HERE, it->scratch, "root") != -EACCES)
		return __LINE__;
	if (try(it->box, NTDRIVER_READ, NTDRIVER_HERE, it->scratch, "1002") != -EACCES)
		return __LINE__;
	if (!acts_as(OTHER, OTHER) || file_try(it->scratch, "1002", O_RDONLY))
		return __LINE__;
	return 0;
}

TEST_F(nt_driver, nobody_becomes_root)
{
	struct refused it = { .scratch = &self->driver.scratch, .box = box_of(&PERSONA_ROOT) };

	ASSERT_LE(0, it.box);
	EXPECT_EQ(0, child_run(&PERSONA_USER(OTHER), ask_as_root, &it));
	EXPECT_EQ(0, child_run(&PERSONA_CAPS(OTHER, CAPS_SETIDS), ask_as_root, &it));
	close(it.box);
}

TEST_F(nt_driver, as_the_caller)
{
	const struct scratch *scratch = &self->driver.scratch;
	int box = box_of(&PERSONA_USER(CLIENT));
	int dev = device_open();
	int ctx = capture_ids(dev, OTHER, OTHER, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	int name = capture_ids(dev, OTHER, OTHER, 0, NULL, NTIMP_LEVEL_IDENTIFICATION);

	ASSERT_LE(0, box);
	EXPECT_EQ(0, done_as(box, NTDRIVER_AS_CALLER));
	EXPECT_EQ(1, try(box, NTDRIVER_READ, NTDRIVER_AS_CALLER, scratch, "root"));

	ASSERT_EQ(0, context_impersonate(ctx));
	EXPECT_EQ(OTHER, done_as(box, NTDRIVER_AS_CALLER));
	EXPECT_EQ(1, try(box, NTDRIVER_READ, NTDRIVER_AS_CALLER, scratch, "1002"));
	EXPECT_EQ(-EACCES, try(box, NTDRIVER_READ, NTDRIVER_AS_CALLER, scratch, "1001"));
	EXPECT_EQ(-EACCES, try(box, NTDRIVER_READ, NTDRIVER_AS_CALLER, scratch, "root"));
	EXPECT_TRUE(acts_as(OTHER, OTHER));

	/* Whoever has only a name passes nothing on. */
	ASSERT_EQ(0, context_impersonate(name));
	EXPECT_EQ(-EPERM, done_as(box, NTDRIVER_AS_CALLER));
	EXPECT_EQ(-EPERM, try(box, NTDRIVER_READ, NTDRIVER_AS_CALLER, scratch, "all"));
	EXPECT_EQ(0, device_revert(dev));
	close(name);
	close(ctx);
	close(dev);
	close(box);
}

/* And with it the system thread, which ntimp can't be unloaded under either. */
TEST_F(nt_driver, unloading)
{
	int box = box_of(&PERSONA_USER(CLIENT));

	ASSERT_LE(0, box);
	EXPECT_EQ(CLIENT, done_as(box, NTDRIVER_SYSTEM_THREAD));
	EXPECT_EQ(-EWOULDBLOCK, driver_unload());
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	close(box);
	EXPECT_EQ(-EWOULDBLOCK, module_unload());
	for (int i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(0, module_await_uses_of(DRIVER, 0));
		ASSERT_EQ(0, driver_unload());
		ASSERT_EQ(0, module_await_uses(self->driver.uses));
		ASSERT_EQ(0, driver_load());
		EXPECT_EQ(self->driver.uses + 2, module_uses());
	}
}

TEST_HARNESS_MAIN
