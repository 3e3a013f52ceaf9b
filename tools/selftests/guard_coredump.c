// SPDX-License-Identifier: GPL-2.0-only
/*
 * A core file has all of the server's memory in it, so it belongs to the
 * primary and to nobody else, whoever the crashing thread acts as.
 */
#include "harness.h"
#include <elf.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "actor.h"
#include "device.h"
#include "persona.h"
#include "scratch.h"
#include "setting.h"
#include "wearing.h"

#define CORE_PATTERN	"/proc/sys/kernel/core_pattern"
#define DAEMON		3000

FIXTURE(coredump) {
	struct scratch scratch;
	char pattern[256];
};

/* @primary: the server */
FIXTURE_VARIANT(coredump) {
	struct persona primary;
};

FIXTURE_VARIANT_ADD(coredump, root) {
	.primary = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
};

FIXTURE_VARIANT_ADD(coredump, daemon) {
	.primary = {
		.uid = DAEMON, .gid = DAEMON,
		.permitted = CAPS_SETIDS, .effective = CAPS_SETIDS,
	},
};

FIXTURE_SETUP(coredump)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	char pattern[64];

	ASSERT_EQ(0, setting_read(CORE_PATTERN, self->pattern, sizeof(self->pattern)));
	ASSERT_EQ(0, scratch_open(&self->scratch));
	snprintf(pattern, sizeof(pattern), "%s/core", self->scratch.path);
	ASSERT_EQ(0, setting_write(CORE_PATTERN, pattern));
	ASSERT_EQ(0, setrlimit(RLIMIT_CORE, &unlimited));
}

FIXTURE_TEARDOWN(coredump)
{
	EXPECT_EQ(0, setting_write(CORE_PATTERN, self->pattern));
	scratch_close(&self->scratch);
}

/* The compiler must not know. */
static volatile int *volatile nowhere;

static int impersonate_client(void *arg)
{
	int dev = device_open();
	int ctx;

	(void)arg;
	ctx = dev < 0 ? dev : capture_ids(dev, CLIENT, CLIENT, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	return ctx < 0 ? ctx : context_impersonate(ctx);
}

static int crash(void *arg)
{
	(void)arg;
	/* To this thread, and not to be caught. */
	signal(SIGSEGV, SIG_DFL);
	syscall(SYS_tgkill, getpid(), thread_id(), SIGSEGV);
	return 0;
}

static int impersonate_and_crash(void *arg)
{
	return impersonate_client(arg) ?: crash(arg);
}

/* Servers which crash.  They return only if they don't. */
static int alone(void)
{
	return impersonate_and_crash(NULL);
}

static int fault_alone(void)
{
	int err = impersonate_client(NULL);

	if (!err)
		*nowhere = 0;
	return err;
}

static int in_second_thread(void)
{
	struct actor thread;

	return actor_start(&thread) ?: actor_call(&thread, impersonate_and_crash, NULL);
}

static int while_another_impersonates(void)
{
	struct actor thread;

	return actor_start(&thread) ?: actor_call(&thread, impersonate_client, NULL) ?:
		crash(NULL);
}

static int while_main_impersonates(void)
{
	struct actor thread;

	return actor_start(&thread) ?: impersonate_client(NULL) ?:
		actor_call(&thread, crash, NULL);
}

static void check_core(struct __test_metadata *_metadata, const struct scratch *scratch,
		       const struct persona *primary, int (*server)(void))
{
	char magic[SELFMAG] = "";
	struct stat core;
	int status, fd;
	pid_t pid;

	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(persona_take(primary) ? 1 : -server());
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSIGNALED(status)) TH_LOG("status %x", status);
	EXPECT_EQ(SIGSEGV, WTERMSIG(status));
	EXPECT_TRUE(WCOREDUMP(status));

	ASSERT_EQ(0, fstatat(scratch->fd, "core", &core, AT_SYMLINK_NOFOLLOW));
	EXPECT_EQ(primary->uid, core.st_uid);
	EXPECT_EQ(primary->gid, core.st_gid);
	EXPECT_EQ(S_IFREG | 0600, core.st_mode);
	fd = openat(scratch->fd, "core", O_RDONLY | O_CLOEXEC);
	EXPECT_EQ(SELFMAG, read(fd, magic, sizeof(magic)));
	EXPECT_EQ(0, memcmp(magic, ELFMAG, SELFMAG));
	close(fd);
}

#define CRASH(name) \
	TEST_F(coredump, name) \
	{ \
		check_core(_metadata, &self->scratch, &variant->primary, name); \
	}

CRASH(alone)
CRASH(fault_alone)
CRASH(in_second_thread)
CRASH(while_another_impersonates)
CRASH(while_main_impersonates)

TEST_HARNESS_MAIN
