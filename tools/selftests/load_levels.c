// SPDX-License-Identifier: GPL-2.0-only
/*
 * What denies below Impersonation is armed when a thread is first to be there, not
 * earlier, can't be switched off, and is gone with the module.
 */
#include "harness.h"
#include <fcntl.h>
#include <liburing.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "child.h"
#include "device.h"
#include "module.h"
#include "persona.h"
#include "setting.h"

#define FTRACE		"/proc/sys/kernel/ftrace_enabled"
#define TRACING		"/sys/kernel/tracing/"
#define HOOKED		"do_filp_open"
#define THREADS		8
#define ROUNDS		5

/* Is the function hooked by anybody?  -errno if that can't be told. */
static int is_hooked(void)
{
	FILE *file = fopen(TRACING "enabled_functions", "re");
	char line[512];
	int found = 0;

	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file))
		found |= !strncmp(line, HOOKED " ", strlen(HOOKED " "));
	fclose(file);
	return found;
}

/* Be at a level once, with one look at what it can do: -errno of that look, or 0. */
static int look_from(__u32 level)
{
	int dev = device_open();
	int ctx = capture_nobody(dev, level);
	int result = ctx < 0 ? -EPROTO : context_impersonate(ctx);
	int fd = -1;

	if (!result) {
		fd = open("/", O_PATH | O_CLOEXEC);
		result = fd < 0 ? -errno : 0;
		if (device_revert(dev))
			result = -EPROTO;
	}
	if (fd >= 0)
		close(fd);
	close(ctx);
	close(dev);
	return result;
}

FIXTURE(levels) {
};

FIXTURE_SETUP(levels)
{
	ASSERT_EQ(-ENOENT, module_uses());
	ASSERT_EQ(0, module_load(""));
}

FIXTURE_TEARDOWN(levels)
{
	EXPECT_EQ(0, setting_write(TRACING "current_tracer", "nop"));
	EXPECT_EQ(0, setting_write(TRACING "set_ftrace_filter", ""));
	EXPECT_EQ(0, setting_write(FTRACE, "1"));
	module_unload();
	EXPECT_EQ(-ENOENT, module_uses());
	EXPECT_EQ(0, is_hooked());
}

/* Whoever does not use these levels does not pay for them. */
TEST_F(levels, armed_at_first_use)
{
	EXPECT_EQ(0, is_hooked());
	EXPECT_EQ(0, look_from(NTIMP_LEVEL_IMPERSONATION));
	EXPECT_EQ(0, is_hooked());
	EXPECT_EQ(-EACCES, look_from(NTIMP_LEVEL_ANONYMOUS));
	EXPECT_EQ(1, is_hooked());
	EXPECT_EQ(-EACCES, look_from(NTIMP_LEVEL_IDENTIFICATION));
	EXPECT_EQ(1, is_hooked());
	EXPECT_EQ(0, look_from(NTIMP_LEVEL_IMPERSONATION));
	EXPECT_EQ(0, module_uses());
	EXPECT_EQ(0, module_unload());
	EXPECT_EQ(0, is_hooked());
}

TEST_F(levels, armed_anew_each_time)
{
	for (int i = 0; i < ROUNDS; i++) {
		EXPECT_EQ(0, is_hooked());
		EXPECT_EQ(-EACCES, look_from(i % 2));
		EXPECT_EQ(1, is_hooked());
		ASSERT_EQ(0, module_unload());
		ASSERT_EQ(0, module_load(""));
	}
}

TEST_F(levels, cannot_be_switched_off)
{
	EXPECT_EQ(-EACCES, look_from(NTIMP_LEVEL_ANONYMOUS));
	EXPECT_EQ(-EBUSY, setting_write(FTRACE, "0"));
	EXPECT_EQ(-EACCES, look_from(NTIMP_LEVEL_ANONYMOUS));
	EXPECT_EQ(0, module_unload());
	EXPECT_EQ(0, setting_write(FTRACE, "0"));
}

/* Somebody may look at the same functions, from before or from after. */
TEST_F(levels, tracer_does_not_matter)
{
	ASSERT_EQ(0, setting_write(TRACING "set_ftrace_filter", HOOKED));
	ASSERT_EQ(0, setting_write(TRACING "current_tracer", "function"));
	EXPECT_EQ(-EACCES, look_from(NTIMP_LEVEL_ANONYMOUS));
	ASSERT_EQ(0, setting_write(TRACING "current_tracer", "nop"));
	EXPECT_EQ(-EACCES, look_from(NTIMP_LEVEL_ANONYMOUS));
	ASSERT_EQ(0, setting_write(TRACING "current_tracer", "function"));
	EXPECT_EQ(-EACCES, look_from(NTIMP_LEVEL_ANONYMOUS));
	EXPECT_EQ(0, module_unload());
}

static void *look_in_thread(void *go)
{
	pthread_barrier_wait(go);
	return (void *)(intptr_t)look_from(NTIMP_LEVEL_ANONYMOUS);
}

/* None gets ahead of the arming that another one has begun. */
TEST_F(levels, many_at_once)
{
	pthread_t threads[THREADS];
	pthread_barrier_t go;
	void *result;

	ASSERT_EQ(0, pthread_barrier_init(&go, NULL, THREADS));
	for (int i = 0; i < THREADS; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, look_in_thread, &go));
	for (int i = 0; i < THREADS; i++) {
		ASSERT_EQ(0, pthread_join(threads[i], &result));
		EXPECT_EQ(-EACCES, (intptr_t)result);
	}
}

static int open_and_stat(const struct child *parent, void *unused)
{
	struct stat status;
	char byte;
	int fd;

	(void)unused;
	/* Until the parent has closed the line. */
	while (recv(parent->line, &byte, 1, MSG_DONTWAIT)) {
		fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
		if (fd < 0 || close(fd) || stat("/proc/self/stat", &status))
			return -errno;
	}
	return 0;
}

/* Those who are in the midst of a hooked function are none the wiser. */
TEST_F(levels, comes_and_goes_under_load)
{
	struct child child;

	ASSERT_EQ(0, child_start(&child, &PERSONA_USER(1000), open_and_stat, NULL));
	for (int i = 0; i < ROUNDS; i++) {
		EXPECT_EQ(-EACCES, look_from(NTIMP_LEVEL_ANONYMOUS));
		ASSERT_EQ(0, module_unload());
		ASSERT_EQ(0, module_load(""));
	}
	EXPECT_EQ(0, child_finish(&child));
}

/* Documented: what is left of an identity is nobody, with the rights of nobody. */
TEST_F(levels, personality_of_a_ring_outlives_it_as_nobody)
{
	int err = setting_write("/proc/sys/kernel/io_uring_disabled", "0");
	int dev = device_open(), ctx = capture_self(dev, NTIMP_LEVEL_IDENTIFICATION);
	int file = open("/tmp/private", O_RDWR | O_CREAT | O_CLOEXEC, 0600), number;
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	struct io_uring ring;

	ASSERT_TRUE(!err || err == -ENOENT);
	ASSERT_LE(0, file);
	ASSERT_EQ(0, io_uring_queue_init(2, &ring, 0));
	ASSERT_EQ(0, context_impersonate(ctx));
	number = io_uring_register_personality(&ring);
	ASSERT_EQ(0, device_revert(dev));
	ASSERT_LT(0, number);
	close(ctx);
	close(dev);
	ASSERT_EQ(0, module_unload());

	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_openat(sqe, AT_FDCWD, "/tmp/private", O_RDONLY | O_CLOEXEC, 0);
	sqe->personality = number;
	ASSERT_EQ(1, io_uring_submit(&ring));
	ASSERT_EQ(0, io_uring_wait_cqe(&ring, &cqe));
	EXPECT_EQ(-EACCES, cqe->res);
	io_uring_queue_exit(&ring);
	unlink("/tmp/private");
}

TEST_HARNESS_MAIN
