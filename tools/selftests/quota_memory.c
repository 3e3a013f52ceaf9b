// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts take memory of the control group of who makes them: much more than
 * the same number of files that have nothing behind them.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "child.h"
#include "device.h"

#define FILES	16384
/* A context, its lease and its client's credentials, to be on the safe side. */
#define EACH	384

FIXTURE(quota_memory)
{
	char top[64];
	char group[96];
};

static int write_to(const char *group, const char *name, const char *text)
{
	char path[160];
	int fd, err = 0;

	snprintf(path, sizeof(path), "%s/%s", group, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static long long memory_of(const char *group)
{
	long long bytes = -1;
	char path[160];
	FILE *file;

	snprintf(path, sizeof(path), "%s/memory.current", group);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	if (fscanf(file, "%lld", &bytes) != 1)
		bytes = -EIO;
	fclose(file);
	return bytes;
}

FIXTURE_SETUP(quota_memory)
{
	int err;

	strcpy(self->top, "/tmp/cgroup.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->top));
	ASSERT_EQ(0, mount("none", self->top, "cgroup2", 0, NULL));
	err = write_to(self->top, "cgroup.subtree_control", "+memory");
	if (err == -ENOENT || err == -EINVAL)
		SKIP(return, "this kernel has no memory controller");
	ASSERT_EQ(0, err);
	snprintf(self->group, sizeof(self->group), "%s/test", self->top);
	ASSERT_EQ(0, mkdir(self->group, 0755));
}

FIXTURE_TEARDOWN(quota_memory)
{
	if (self->group[0])
		EXPECT_EQ(0, rmdir(self->group));
	umount2(self->top, MNT_DETACH);
	rmdir(self->top);
}

static int make_event(int dev)
{
	(void)dev;
	return eventfd(0, 0);
}

static int make_context(int dev)
{
	return capture_ids(dev, 1001, 1001, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
}

struct filling {
	const char *group;
	int (*make)(int dev);
};

static int fill(const struct child *parent, void *arg)
{
	const struct rlimit enough = { FILES + 100, FILES + 100 };
	const struct filling *filling = arg;
	int dev = device_open(), made = 0;

	if (write_to(filling->group, "cgroup.procs", "0") || setrlimit(RLIMIT_NOFILE, &enough))
		return -EPROTO;
	while (made < FILES && filling->make(dev) >= 0)
		made++;
	child_send(parent, made);
	child_receive(parent);
	return 0;
}

static long long memory_with(const char *group, int (*make)(int dev))
{
	struct filling filling = { group, make };
	struct child child;
	long long bytes;

	if (child_start(&child, NULL, fill, &filling))
		return -ECHILD;
	bytes = child_receive(&child) == FILES ? memory_of(group) : -EPROTO;
	return child_finish(&child) ? -ECHILD : bytes;
}

TEST_F(quota_memory, is_charged)
{
	long long events = memory_with(self->group, make_event);
	long long contexts = memory_with(self->group, make_context);

	ASSERT_LE(0, events);
	EXPECT_LE(events + (long long)FILES * EACH, contexts)
		TH_LOG("%lld bytes with events, %lld with contexts", events, contexts);
}

TEST_HARNESS_MAIN
