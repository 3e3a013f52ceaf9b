// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs everybody else once a thread was below Impersonation, and that it
 * costs nothing before: printed, and within bounds.
 *
 * For a guest that counts instructions; any other one is noticed.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "device.h"
#include "instructions.h"
#include "module.h"
#include "scale.h"

#define SHORT_PATH	"/tmp/cost"
#define LONG_PATH	"/tmp/cost.1/cost.2/cost.3/cost.4/cost.5/cost.6/file"

static int do_getppid(int run, void *unused)
{
	(void)run;
	(void)unused;
	return syscall(SYS_getppid) < 0;
}

static int do_open(int run, void *path)
{
	(void)run;
	return close(open(path, O_RDONLY | O_CLOEXEC));
}

static int do_stat(int run, void *path)
{
	struct stat status;

	(void)run;
	return stat(path, &status);
}

static int do_exec(int run, void *unused)
{
	pid_t pid = vfork();
	int status;

	(void)run;
	(void)unused;
	if (!pid) {
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	return pid < 0 || waitpid(pid, &status, 0) != pid || status;
}

static int do_fork_exec(int run, void *unused)
{
	pid_t pid = fork();
	int status;

	(void)run;
	(void)unused;
	if (!pid) {
		execl("/bin/true", "true", NULL);
		_exit(1);
	}
	return pid < 0 || waitpid(pid, &status, 0) != pid || status;
}

struct operation {
	const char *name;
	int (*run)(int run, void *arg);
	const char *path;
	int batch;
	int percent;	/* that it may cost more, in hundredths */
};

static const struct operation operations[] = {
	{ "getppid", do_getppid, NULL, 100, 0 },
	{ "open and close, 2 components", do_open, SHORT_PATH, 100, 500 },
	{ "open and close, 8 components", do_open, LONG_PATH, 100, 500 },
	{ "stat, 2 components", do_stat, SHORT_PATH, 100, 500 },
	{ "stat, 8 components", do_stat, LONG_PATH, 100, 500 },
	{ "vfork, exec and wait", do_exec, NULL, 1, 100 },
	{ "fork, exec and wait", do_fork_exec, NULL, 1, 100 },
};

#define NR_OPERATIONS	(sizeof(operations) / sizeof(*operations))

FIXTURE(cost) {
	struct cost before[NR_OPERATIONS];
	struct cost after[NR_OPERATIONS];
};

static int make_file(const char *path)
{
	char part[sizeof(LONG_PATH)];
	int fd;

	for (const char *end = path + 1; (end = strchr(end, '/')); end++) {
		snprintf(part, sizeof(part), "%.*s", (int)(end - path), path);
		if (mkdir(part, 0755) && errno != EEXIST)
			return -errno;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	return fd < 0 ? -errno : close(fd);
}

static void measure(const char *when, struct cost costs[NR_OPERATIONS])
{
	printf("# %s\n", when);
	for (size_t i = 0; i < NR_OPERATIONS; i++)
		costs[i] = instructions_of(operations[i].name, operations[i].batch,
					   operations[i].run, (void *)operations[i].path);
}

static int impersonate_once(__u32 level)
{
	struct ntimp_capture capture = {
		.size = sizeof(capture),
		.source = NTIMP_SOURCE_ANONYMOUS,
		.qos.level = level,
	};
	int dev = device_open();
	int ctx = device_capture(dev, &capture);
	int err = ctx < 0 ? ctx : context_impersonate(ctx);

	if (!err)
		err = device_revert(dev);
	close(ctx);
	close(dev);
	return err;
}

FIXTURE_SETUP(cost)
{
	ASSERT_TRUE(instructions_are_counted());
	ASSERT_EQ(0, make_file(SHORT_PATH));
	ASSERT_EQ(0, make_file(LONG_PATH));
	/* Nobody else has been below Impersonation then. */
	ASSERT_EQ(0, module_await_uses(0));
	ASSERT_EQ(0, module_unload());
	ASSERT_EQ(0, module_load(""));
	ASSERT_EQ(0, impersonate_once(NTIMP_LEVEL_IMPERSONATION));
}

FIXTURE_TEARDOWN(cost)
{
}

TEST_F_TIMEOUT(cost, of_others_is_bounded, INSTRUCTIONS_SECONDS)
{
	if (kernel_looks_for_faults())
		SKIP(return, "this kernel looks for faults: what it costs means nothing");
	measure("before", self->before);
	ASSERT_EQ(0, impersonate_once(NTIMP_LEVEL_ANONYMOUS));
	measure("after", self->after);
	for (size_t i = 0; i < NR_OPERATIONS; i++) {
		uint64_t before = self->before[i].least, after = self->after[i].least;

		ASSERT_LT(0, before);
		ASSERT_LT(0, after);
		printf("# cost: %-44s %+.2f %%\n", operations[i].name,
		       ((double)after - before) * 100 / before);
		EXPECT_LE(after, before + before * operations[i].percent / 10000)
			TH_LOG("%s", operations[i].name);
	}
}

TEST_HARNESS_MAIN
