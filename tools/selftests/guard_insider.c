// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an impersonating thread may do with its own process, its children and
 * the processes of others.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "child.h"
#include "wearing.h"

FIXTURE(insider) {
	struct wearing wearing;
};

FIXTURE_SETUP(insider)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, wearing_start(&self->wearing));
}

FIXTURE_TEARDOWN(insider)
{
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_TRUE(wearing_over(&self->wearing));
	wearing_end(&self->wearing);
}

static int try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

TEST_F(insider, proc_shows_the_primary)
{
	struct stat st;
	char path[64];

	EXPECT_TRUE(is_seen_as(getpid(), 0, 0));
	EXPECT_EQ(0, stat("/proc/self", &st));
	EXPECT_EQ(0, st.st_uid);
	snprintf(path, sizeof(path), "/proc/self/task/%d", thread_id());
	EXPECT_EQ(0, stat(path, &st));
	EXPECT_EQ(0, st.st_uid);
}

/* What its mode opens to all, or a process to itself, stays open. */
TEST_F(insider, own_proc_files)
{
	char link[256];

	EXPECT_EQ(0, try_open("/proc/self/status", O_RDONLY));
	EXPECT_EQ(0, try_open("/proc/self/maps", O_RDONLY));
	EXPECT_EQ(0, try_open("/proc/self/fd", O_RDONLY | O_DIRECTORY));
	EXPECT_EQ(0, try_open("/proc/self/fdinfo", O_RDONLY | O_DIRECTORY));
	EXPECT_EQ(0, try_open("/proc/self/exe", O_RDONLY));
	EXPECT_LT(0, readlink("/proc/self/exe", link, sizeof(link)));
	EXPECT_EQ(0, try_open("/proc/self/ns/user", O_RDONLY));
	/* The mode of these lets only the owner in, and that is the primary. */
	EXPECT_EQ(-EACCES, try_open("/proc/self/mem", O_RDWR));
	EXPECT_EQ(-EACCES, try_open("/proc/self/environ", O_RDONLY));
	EXPECT_EQ(-EACCES, try_open("/proc/self/oom_score_adj", O_WRONLY));
	EXPECT_EQ(-EACCES, try_open("/proc/self/uid_map", O_WRONLY));

	EXPECT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_EQ(0, try_open("/proc/self/mem", O_RDWR));
	EXPECT_EQ(0, try_open("/proc/self/environ", O_RDONLY));
	EXPECT_EQ(0, wearing_start(&self->wearing));
}

static int wait_for_parent(const struct child *parent, void *arg)
{
	(void)arg;
	child_receive(parent);
	return 7;
}

/* To kill is a matter of who one acts as; to wait is a matter of kinship. */
TEST_F(insider, own_child)
{
	struct child child;

	ASSERT_EQ(0, child_start(&child, NULL, wait_for_parent, NULL));
	EXPECT_TRUE(is_seen_as(child.pid, 0, 0));
	EXPECT_EQ(-1, kill(child.pid, SIGKILL));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, ptrace(PTRACE_SEIZE, child.pid, 0, 0));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(7, child_finish(&child));
}

TEST_F(insider, process_of_client)
{
	struct child child;
	int status;

	/* A child is made by the primary, so it can become the client. */
	ASSERT_EQ(0, child_start(&child, &PERSONA_USER(CLIENT), wait_for_parent, NULL));
	EXPECT_EQ(0, ptrace(PTRACE_SEIZE, child.pid, 0, 0));
	EXPECT_EQ(0, ptrace(PTRACE_INTERRUPT, child.pid, 0, 0));
	EXPECT_EQ(child.pid, waitpid(child.pid, &status, 0));
	EXPECT_TRUE(WIFSTOPPED(status));
	EXPECT_EQ(0, ptrace(PTRACE_DETACH, child.pid, 0, 0));
	EXPECT_EQ(0, kill(child.pid, SIGKILL));
	EXPECT_EQ(-ECHILD, child_finish(&child));
}

TEST_F(insider, process_of_others)
{
	struct child child;

	ASSERT_EQ(0, child_start(&child, &PERSONA_USER(OTHER), wait_for_parent, NULL));
	EXPECT_EQ(-1, kill(child.pid, SIGKILL));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(7, child_finish(&child));
}

/* A process may always signal itself. */
TEST_F(insider, own_process)
{
	EXPECT_EQ(0, kill(getpid(), SIGWINCH));
	EXPECT_EQ(0, raise(SIGWINCH));
}

TEST_HARNESS_MAIN
