// SPDX-License-Identifier: GPL-2.0-only
/*
 * No other program can be started in a thread that impersonates: it would be
 * refused, alive and as it was, instead of killed past the point of no return.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "device.h"
#include "persona.h"
#include "scratch.h"
#include "wearing.h"

extern char **environ;

#define PROGRAM	"/usr/bin/id"

FIXTURE(exec) {
	struct wearing wearing;
	struct scratch scratch;
};

/*
 * @owner: owner and group of the program
 * @mode: its mode
 * @euid: of the program when the server starts it
 */
FIXTURE_VARIANT(exec) {
	uid_t owner;
	mode_t mode;
	uid_t euid;
};

FIXTURE_VARIANT_ADD(exec, plain) { .owner = 0, .mode = 0755 };
FIXTURE_VARIANT_ADD(exec, of_client) { .owner = CLIENT, .mode = 0755 };
FIXTURE_VARIANT_ADD(exec, setuid_root) { .owner = 0, .mode = 06755 };
FIXTURE_VARIANT_ADD(exec, setuid_client) { .owner = CLIENT, .mode = 06755, .euid = CLIENT };
FIXTURE_VARIANT_ADD(exec, setuid_other) { .owner = OTHER, .mode = 06755, .euid = OTHER };

FIXTURE_SETUP(exec)
{
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, file_copy(&self->scratch, "program", PROGRAM));
	ASSERT_EQ(0, fchownat(self->scratch.fd, "program", variant->owner, variant->owner, 0));
	ASSERT_EQ(0, fchmodat(self->scratch.fd, "program", variant->mode, 0));
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_CAPABLE));
}

FIXTURE_TEARDOWN(exec)
{
	wearing_end(&self->wearing);
	scratch_close(&self->scratch);
}

enum way {
	WAY_EXECVE,
	WAY_EXECVEAT,
	WAY_FEXECVE,
};

/* Become `id -u', which prints the effective user.  Returns -errno. */
static int start_program(const struct scratch *scratch, enum way way)
{
	char *const argv[] = { (char *)"id", (char *)"-u", NULL };
	char path[64];
	int fd;

	switch (way) {
	case WAY_EXECVE:
		snprintf(path, sizeof(path), "%s/program", scratch->path);
		execve(path, argv, environ);
		break;
	case WAY_EXECVEAT:
		syscall(SYS_execveat, scratch->fd, "program", argv, environ, 0);
		break;
	case WAY_FEXECVE:
		fd = openat(scratch->fd, "program", O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return -errno;
		fexecve(fd, argv, environ);
		close(fd);
		break;
	}
	return -errno;
}

/* What a child prints, a number, and then ends with status 0. */
static int number_of_child(pid_t pid, int pipe_end)
{
	char text[32] = "";
	ssize_t length = read(pipe_end, text, sizeof(text) - 1);
	int status;

	close(pipe_end);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status))
		return -ECHILD;
	return length > 0 ? atoi(text) : -EPIPE;
}

static void check_way(struct __test_metadata *_metadata, struct wearing *wearing,
		      const struct scratch *scratch, enum way way, int euid)
{
	int ends[2];
	pid_t pid;

	ASSERT_EQ(0, pipe(ends));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		EXPECT_EQ(0, wearing_start(wearing));
		EXPECT_TRUE(wearing_intact(wearing));
		/* More than once: no lock of the first refusal is left behind. */
		for (int i = 0; i < 3; i++)
			EXPECT_EQ(-EPERM, start_program(scratch, way));
		EXPECT_TRUE(wearing_intact(wearing));
		EXPECT_EQ(0, wearing_stop(wearing));
		EXPECT_TRUE(wearing_over(wearing));
		/* Last thing, as it does not return. */
		dup2(ends[1], STDOUT_FILENO);
		EXPECT_EQ(0, start_program(scratch, way));
		_exit(1);
	}
	close(ends[1]);
	EXPECT_EQ(euid, number_of_child(pid, ends[0]));
}

TEST_F(exec, execve)
{
	check_way(_metadata, &self->wearing, &self->scratch, WAY_EXECVE, variant->euid);
}

TEST_F(exec, execveat)
{
	check_way(_metadata, &self->wearing, &self->scratch, WAY_EXECVEAT, variant->euid);
}

TEST_F(exec, fexecve)
{
	check_way(_metadata, &self->wearing, &self->scratch, WAY_FEXECVE, variant->euid);
}

FIXTURE(exec_errors) {
	struct wearing wearing;
	struct scratch scratch;
};

FIXTURE_SETUP(exec_errors)
{
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, wearing_start(&self->wearing));
}

FIXTURE_TEARDOWN(exec_errors)
{
	wearing_end(&self->wearing);
	scratch_close(&self->scratch);
}

/* What is looked at before the guard is looked at as the client. */
TEST_F(exec_errors, come_as_to_the_client)
{
	struct wearing *wearing = &self->wearing;
	struct scratch *scratch = &self->scratch;

	EXPECT_EQ(-ENOENT, start_program(scratch, WAY_EXECVE));
	EXPECT_TRUE(wearing_intact(wearing));

	ASSERT_EQ(0, wearing_stop(wearing));
	ASSERT_EQ(0, file_copy(scratch, "program", PROGRAM));
	ASSERT_EQ(0, fchmodat(scratch->fd, "program", 0700, 0));
	ASSERT_EQ(0, wearing_start(wearing));
	EXPECT_EQ(-EACCES, start_program(scratch, WAY_EXECVE));
	EXPECT_EQ(-EACCES, start_program(scratch, WAY_EXECVEAT));
	EXPECT_TRUE(wearing_intact(wearing));

	ASSERT_EQ(0, wearing_stop(wearing));
	ASSERT_EQ(0, fchmodat(scratch->fd, "program", 0755, 0));
	ASSERT_EQ(0, wearing_start(wearing));
	EXPECT_EQ(-EPERM, start_program(scratch, WAY_EXECVE));
	EXPECT_TRUE(wearing_intact(wearing));
}

TEST_HARNESS_MAIN
