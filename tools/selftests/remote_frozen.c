// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process in a frozen cgroup: its threads still do what they are asked, and are
 * frozen as before.
 */
#include "harness.h"
#include <sys/stat.h>

#include "child.h"
#include "device.h"
#include "setting.h"
#include "wearing.h"

#define GROUP	"/sys/fs/cgroup/selftest"

FIXTURE(remote_frozen) {
	struct wearing wearing;
	struct child server;
};

/* Says as whom it acts when it is asked to. */
static int serve(const struct child *parent, void *arg)
{
	const struct wearing *wearing = arg;

	child_send(parent, wearing_start(wearing));
	while (child_receive(parent) == 0)
		child_send(parent, wearing_over(wearing) ? 0 : -EPROTO);
	return 0;
}

FIXTURE_SETUP(remote_frozen)
{
	char pid[16];

	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, child_start(&self->server, NULL, serve, &self->wearing));
	ASSERT_EQ(0, child_receive(&self->server));
	ASSERT_EQ(0, mkdir(GROUP, 0755));
	snprintf(pid, sizeof(pid), "%d", self->server.pid);
	ASSERT_EQ(0, setting_write(GROUP "/cgroup.procs", pid));
}

FIXTURE_TEARDOWN(remote_frozen)
{
	EXPECT_EQ(0, child_finish(&self->server));
	EXPECT_EQ(0, rmdir(GROUP));
	wearing_end(&self->wearing);
}

static bool is_frozen(void)
{
	char line[64] = "";
	FILE *file = fopen(GROUP "/cgroup.events", "re");
	bool frozen = false;

	while (file && fgets(line, sizeof(line), file))
		frozen = frozen || !strcmp(line, "frozen 1\n");
	if (file)
		fclose(file);
	return frozen;
}

static void await_frozen(void)
{
	while (!is_frozen())
		usleep(1000);
}

TEST_F(remote_frozen, revert)
{
	struct wearing *wearing = &self->wearing;
	pid_t tid = self->server.pid;

	ASSERT_EQ(0, setting_write(GROUP "/cgroup.freeze", "1"));
	await_frozen();
	EXPECT_EQ(wearing->id, device_worn_id(wearing->dev, tid));
	EXPECT_EQ(0, device_revert_thread(wearing->dev, tid));
	EXPECT_EQ(-ENOENT, device_worn_id(wearing->dev, tid));
	await_frozen();

	ASSERT_EQ(0, setting_write(GROUP "/cgroup.freeze", "0"));
	ASSERT_EQ(0, child_send(&self->server, 0));
	EXPECT_EQ(0, child_receive(&self->server));
}

TEST_HARNESS_MAIN
