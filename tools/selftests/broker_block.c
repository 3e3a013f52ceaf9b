// SPDX-License-Identifier: GPL-2.0-only
/*
 * An open that blocks, on a FIFO without a writer: signals, death, stops and
 * the rest of the process while the caller waits, and its terminal.
 */
#include "harness.h"
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "actor.h"
#include "broker.h"
#include "child.h"
#include "device.h"
#include "module.h"
#include "persona.h"
#include "scratch.h"
#include "wearing.h"

FIXTURE(broker_block)
{
	struct wearing wearing;
	struct scratch scratch;
	int uses;
};

FIXTURE_VARIANT(broker_block)
{
	__u32 flags;
};

FIXTURE_VARIANT_ADD(broker_block, here) { 0 };
FIXTURE_VARIANT_ADD(broker_block, worker) { NTIMP_CALL_WORKER };

FIXTURE_SETUP(broker_block)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, mkfifoat(self->scratch.fd, "fifo", 0666));
	ASSERT_EQ(0, fchmodat(self->scratch.fd, "fifo", 0666, 0));
	self->uses = module_uses();
}

FIXTURE_TEARDOWN(broker_block)
{
	EXPECT_TRUE(wearing_over(&self->wearing));
	EXPECT_EQ(0, module_await_uses(self->uses));
	scratch_close(&self->scratch);
	wearing_end(&self->wearing);
}

/* Somebody who opens the FIFO for reading, and what is to happen meanwhile. */
struct reader {
	const FIXTURE_DATA(broker_block) *test;
	__u32 flags;
	bool restarts;
	pid_t tid;
};

static int reader_open(const struct reader *reader)
{
	int fd = broker_open(reader->test->wearing.ctx, reader->flags, reader->test->scratch.fd,
			     "fifo", O_RDONLY | O_CLOEXEC, 0);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

static void on_signal(int number)
{
	(void)number;
}

static int reader_main(const struct child *parent, void *arg)
{
	const struct reader *reader = arg;
	const struct sigaction action = {
		.sa_handler = on_signal,
		.sa_flags = reader->restarts ? SA_RESTART : 0,
	};

	sigaction(SIGUSR1, &action, NULL);
	child_send(parent, 0);
	return reader_open(reader);
}

/* The state letter of a thread, from /proc. */
static char state_of(pid_t pid, pid_t tid)
{
	char path[64], state = '?';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, tid);
	file = fopen(path, "re");
	if (!file)
		return '-';
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	fclose(file);
	return state;
}

/* How many threads of a process sleep; @all: how many there are. */
static int sleepers(pid_t pid, int *all)
{
	struct dirent *entry;
	char path[32];
	int count = 0;
	DIR *dir;

	*all = 0;
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		++*all;
		count += state_of(pid, atoi(entry->d_name)) == 'S';
	}
	if (dir)
		closedir(dir);
	return count;
}

/* Wait until a process waits in as many threads as it will have. */
static void await_blocked(pid_t pid, int threads)
{
	int all;

	while (sleepers(pid, &all) != threads || all != threads)
		usleep(1000);
}

static int threads_of(__u32 flags)
{
	return flags & NTIMP_CALL_WORKER ? 2 : 1;
}

static int start(struct child *child, struct reader *reader)
{
	int err = child_start(child, NULL, reader_main, reader);

	if (!err)
		err = child_receive(child);
	if (!err)
		await_blocked(child->pid, threads_of(reader->flags));
	return err;
}

/* Let somebody else open the FIFO, so that the reader gets it. */
static int let_go(const FIXTURE_DATA(broker_block) *self)
{
	int fd = openat(self->scratch.fd, "fifo", O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

TEST_F(broker_block, opens_in_the_end)
{
	struct reader reader = { .test = self, .flags = variant->flags };
	struct child child;
	int fd;

	ASSERT_EQ(0, start(&child, &reader));
	fd = let_go(self);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, child_finish(&child));
	close(fd);
}

TEST_F(broker_block, signal_interrupts)
{
	struct reader reader = { .test = self, .flags = variant->flags };
	struct child child;

	ASSERT_EQ(0, start(&child, &reader));
	ASSERT_EQ(0, kill(child.pid, SIGUSR1));
	EXPECT_EQ(-EINTR, child_finish(&child));
}

TEST_F(broker_block, signal_restarts)
{
	struct reader reader = { .test = self, .flags = variant->flags, .restarts = true };
	struct child child;
	int fd;

	ASSERT_EQ(0, start(&child, &reader));
	for (int i = 0; i < 20; i++) {
		ASSERT_EQ(0, kill(child.pid, SIGUSR1));
		await_blocked(child.pid, threads_of(variant->flags));
	}
	fd = let_go(self);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, child_finish(&child));
	close(fd);
}

TEST_F(broker_block, signal_that_is_ignored)
{
	struct reader reader = { .test = self, .flags = variant->flags };
	struct child child;
	int fd;

	ASSERT_EQ(0, start(&child, &reader));
	/* Ignored by default. */
	ASSERT_EQ(0, kill(child.pid, SIGWINCH));
	await_blocked(child.pid, threads_of(variant->flags));
	fd = let_go(self);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, child_finish(&child));
	close(fd);
}

/* Nobody is left who would still open the FIFO. */
static bool nobody_reads(const FIXTURE_DATA(broker_block) *self)
{
	int fd = openat(self->scratch.fd, "fifo", O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd < 0 && errno == ENXIO;
}

TEST_F(broker_block, killed)
{
	const int signals[] = { SIGKILL, SIGTERM, SIGABRT };
	struct reader reader = { .test = self, .flags = variant->flags };
	struct child child;

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		ASSERT_EQ(0, start(&child, &reader));
		ASSERT_EQ(0, kill(child.pid, signals[i]));
		EXPECT_EQ(-ECHILD, child_finish(&child));
		EXPECT_TRUE(nobody_reads(self));
	}
}

TEST_F(broker_block, stopped_and_continued)
{
	struct reader reader = { .test = self, .flags = variant->flags };
	struct child child;
	int status, fd;

	ASSERT_EQ(0, start(&child, &reader));
	ASSERT_EQ(0, kill(child.pid, SIGSTOP));
	ASSERT_EQ(child.pid, waitpid(child.pid, &status, WUNTRACED));
	EXPECT_TRUE(WIFSTOPPED(status));
	/* The call was given up, and is made again. */
	EXPECT_TRUE(nobody_reads(self));
	ASSERT_EQ(0, kill(child.pid, SIGCONT));
	await_blocked(child.pid, threads_of(variant->flags));
	fd = let_go(self);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, child_finish(&child));
	close(fd);
}

static void *open_in_thread(void *arg)
{
	reader_open(arg);
	return NULL;
}

/* The first thread ends the process, or replaces it, while another one waits. */
static int end_meanwhile(const struct child *parent, void *arg)
{
	const struct reader *reader = arg;
	pthread_t thread;

	if (pthread_create(&thread, NULL, open_in_thread, arg))
		return -EAGAIN;
	child_send(parent, 0);
	child_receive(parent);
	if (!reader->restarts)
		_exit(0);
	execl("/bin/true", "true", NULL);
	return -ENOEXEC;
}

TEST_F(broker_block, end_of_the_process)
{
	struct reader reader = { .test = self, .flags = variant->flags };
	struct child child;
	int status;

	for (int i = 0; i < 2; i++) {
		reader.restarts = i;
		ASSERT_EQ(0, child_start(&child, NULL, end_meanwhile, &reader));
		ASSERT_EQ(0, child_receive(&child));
		await_blocked(child.pid, 1 + threads_of(variant->flags));
		ASSERT_EQ(0, child_send(&child, 0));
		ASSERT_EQ(child.pid, waitpid(child.pid, &status, 0));
		EXPECT_TRUE(WIFEXITED(status));
		EXPECT_EQ(0, WEXITSTATUS(status));
		close(child.line);
		EXPECT_TRUE(nobody_reads(self));
	}
}

static pid_t other_thread(pid_t pid)
{
	struct dirent *entry;
	pid_t found = 0;
	char path[32];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.' && atoi(entry->d_name) != pid)
			found = atoi(entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* A tracer keeps the worker as a zombie, but not the caller. */
TEST_F(broker_block, traced)
{
	struct reader reader = { .test = self, .flags = variant->flags };
	struct child child;
	pid_t worker;
	int fd;

	if (!variant->flags)
		return;
	ASSERT_EQ(0, start(&child, &reader));
	worker = other_thread(child.pid);
	ASSERT_LT(0, worker);
	ASSERT_EQ(0, ptrace(PTRACE_SEIZE, worker, 0, 0));
	fd = let_go(self);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, child_receive(&child));
	EXPECT_EQ('Z', state_of(child.pid, worker));
	EXPECT_EQ(worker, waitpid(worker, NULL, __WALL));
	EXPECT_EQ(-ECHILD, child_finish(&child));
	close(fd);
}

/* What the client may is not what the process may, while it waits neither. */
TEST_F(broker_block, seen_as_the_server)
{
	struct reader reader = { .test = self, .flags = variant->flags };
	char path[64];
	struct child child;
	struct dirent *entry;
	DIR *dir;
	int fd, seen = 0;

	ASSERT_EQ(0, start(&child, &reader));
	snprintf(path, sizeof(path), "/proc/%d/task", child.pid);
	dir = opendir(path);
	ASSERT_NE(NULL, dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		EXPECT_TRUE(is_seen_as(atoi(entry->d_name), 0, 0));
		seen++;
	}
	closedir(dir);
	EXPECT_EQ(threads_of(variant->flags), seen);
	fd = let_go(self);
	EXPECT_EQ(0, child_finish(&child));
	close(fd);
}

/* No more threads than the user may have. */
static int without_threads(void *arg)
{
	const struct reader *reader = arg;
	struct rlimit limit = { .rlim_cur = 1, .rlim_max = 1 };

	if (setrlimit(RLIMIT_NPROC, &limit))
		return -errno;
	return broker_access(reader->test->wearing.ctx, reader->flags, AT_FDCWD, "/", R_OK, 0);
}

TEST_F(broker_block, limit_of_threads)
{
	struct reader reader = { .test = self, .flags = variant->flags };
	const struct persona user = PERSONA_USER(CLIENT);

	EXPECT_EQ(variant->flags ? -EAGAIN : 0, child_run(&user, without_threads, &reader));
}

static int tty_open(const struct reader *reader)
{
	int fd = broker_open(reader->test->wearing.ctx, reader->flags, AT_FDCWD, "/dev/tty",
			     O_RDWR | O_CLOEXEC, 0);
	int terminal;

	if (fd < 0)
		return fd;
	terminal = isatty(fd);
	close(fd);
	return terminal ? 0 : -ENOTTY;
}

/* The controlling terminal is the caller's. */
static int with_terminal(void *arg)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	if (setsid() < 0 || master < 0 || grantpt(master) || unlockpt(master))
		return -errno;
	if (tty_open(arg) != -ENXIO)
		return -EBUSY;
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (slave < 0 || ioctl(slave, TIOCSCTTY, 0))
		return -errno;
	return tty_open(arg);
}

TEST_F(broker_block, terminal)
{
	struct reader reader = { .test = self, .flags = variant->flags };

	EXPECT_EQ(0, child_run(NULL, with_terminal, &reader));
}

TEST_HARNESS_MAIN
