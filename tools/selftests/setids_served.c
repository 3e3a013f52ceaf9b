// SPDX-License-Identifier: GPL-2.0-only
/*
 * ntimp-setids: what is done by a context, what is handed on to threads, children and
 * programs, and what a program can do to the library.
 */
#include "harness.h"
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <spawn.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "actor.h"
#include "device.h"
#include "persona.h"
#include "setids.h"

#define CLIENT	1001
#define OTHER	1002
#define KEPT	((uid_t)-1)

__attribute__((constructor)) static void preloaded(int argc, char **argv)
{
	(void)argc;
	/* Few enough to see the oldest go. */
	setenv("NTIMP_SETIDS_CONTEXTS", "8", 1);
	setids_preload(argv);
}

/* The context that the calling thread wears, by its number; -ENOENT: none. */
static int64_t worn(void)
{
	static int dev = -1;

	if (dev < 0 || fcntl(dev, F_GETFD) < 0)
		dev = device_open();
	return device_worn_id(dev, 0);
}

static void become(uid_t id)
{
	const gid_t groups[] = { id, 2000 };

	if (syscall(SYS_setgroups, 2, groups))
		exit(1);
	setfsgid(id);
	setfsuid(id);
}

static void become_server(void)
{
	setfsuid(0);
	setfsgid(0);
	if (syscall(SYS_setgroups, 0, NULL))
		exit(1);
}

FIXTURE(setids_served)
{
	char path[32];
};

FIXTURE_SETUP(setids_served)
{
	ASSERT_EQ(0, syscall(SYS_setgroups, 0, NULL));
	strcpy(self->path, "/tmp/setids.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->path));
	ASSERT_EQ(0, chmod(self->path, 0777));
	ASSERT_EQ(0, chdir(self->path));
}

FIXTURE_TEARDOWN(setids_served)
{
	ASSERT_EQ(0, chdir("/"));
	rmdir(self->path);
}

TEST_F(setids_served, each_step_by_a_context)
{
	const gid_t groups[] = { 2000 };
	int64_t first, second, third;

	EXPECT_EQ(-ENOENT, worn());
	ASSERT_EQ(0, syscall(SYS_setgroups, 1, groups));
	first = worn();
	EXPECT_LT(0, first);
	EXPECT_EQ(0, setfsgid(CLIENT));
	second = worn();
	EXPECT_LT(0, second);
	EXPECT_EQ(0, setfsuid(CLIENT));
	third = worn();
	EXPECT_LT(0, third);
	EXPECT_NE(first, second);
	EXPECT_NE(second, third);

	/* To itself it is who it would be. */
	EXPECT_EQ(CLIENT, setfsuid(KEPT));
	EXPECT_EQ(CLIENT, setfsgid(KEPT));
	EXPECT_EQ(0, geteuid());
	EXPECT_EQ(0, syscall(SYS_geteuid));
	EXPECT_EQ(0, getegid());

	EXPECT_EQ(CLIENT, setfsuid(0));
	EXPECT_EQ(second, worn());
	EXPECT_EQ(CLIENT, setfsgid(0));
	EXPECT_EQ(first, worn());
	ASSERT_EQ(0, syscall(SYS_setgroups, 0, NULL));
	EXPECT_EQ(-ENOENT, worn());
}

TEST_F(setids_served, the_same_context_again)
{
	const gid_t backwards[] = { 2000, CLIENT };
	int64_t first;

	become(CLIENT);
	first = worn();
	become_server();
	become(CLIENT);
	EXPECT_EQ(first, worn());
	ASSERT_EQ(0, syscall(SYS_setgroups, 2, backwards));
	EXPECT_EQ(first, worn());
	become_server();
}

TEST_F(setids_served, effective_ids)
{
	ASSERT_EQ(0, setegid(CLIENT));
	ASSERT_EQ(0, seteuid(CLIENT));
	EXPECT_LT(0, worn());
	EXPECT_EQ(CLIENT, geteuid());
	EXPECT_EQ(0, getuid());
	EXPECT_EQ(CLIENT, setfsuid(KEPT));
	ASSERT_EQ(0, seteuid(0));
	ASSERT_EQ(0, setegid(0));
	EXPECT_EQ(-ENOENT, worn());
}

/* As oneself with other groups one has one's capabilities, as a client none. */
TEST_F(setids_served, capabilities)
{
	const gid_t groups[] = { 2000 };
	struct identity client;
	int dev = device_open();

	ASSERT_EQ(0, syscall(SYS_setgroups, 1, groups));
	ASSERT_EQ(0, device_worn_identity(dev, 0, &client));
	EXPECT_EQ(0, client.uid);
	EXPECT_NE(0, client.effective & CAP_BIT(CAP_DAC_OVERRIDE));
	setfsuid(CLIENT);
	ASSERT_EQ(0, device_worn_identity(dev, 0, &client));
	EXPECT_EQ(CLIENT, client.uid);
	EXPECT_EQ(0, client.effective);
	EXPECT_EQ(0, client.permitted);
	become_server();
}

/* A capability that the program has put off does not come back by a context. */
TEST_F(setids_served, less_capabilities_since)
{
	const uint64_t less = CAPS_SETIDS | CAP_BIT(CAP_CHOWN);
	const gid_t groups[] = { 2000 };
	struct identity client;
	int dev = device_open();

	ASSERT_EQ(0, syscall(SYS_setgroups, 1, groups));
	ASSERT_EQ(0, syscall(SYS_setgroups, 0, NULL));
	ASSERT_EQ(0, persona_set_caps(CAPS_ALL, less, 0));
	ASSERT_EQ(0, syscall(SYS_setgroups, 1, groups));
	ASSERT_EQ(0, device_worn_identity(dev, 0, &client));
	EXPECT_EQ(less, client.effective);
	become_server();
}

TEST_F(setids_served, for_ever_is_the_kernels)
{
	struct identity is;

	become(CLIENT);
	ASSERT_EQ(0, syscall(SYS_setresuid, CLIENT, CLIENT, CLIENT));
	EXPECT_EQ(-ENOENT, worn());
	ASSERT_EQ(0, identity_objective(getpid(), &is));
	EXPECT_EQ(CLIENT, is.uid);
	EXPECT_EQ(CLIENT, is.suid);
	EXPECT_EQ(CLIENT, is.fsgid);
	EXPECT_EQ(2, is.ngroups);
	EXPECT_EQ(0, is.permitted);
	EXPECT_EQ(-1, syscall(SYS_setresuid, 0, 0, 0));
	EXPECT_EQ(EPERM, errno);
}

static int become_client(void *arg)
{
	(void)arg;
	become(CLIENT);
	return worn() > 0 ? 0 : -EPROTO;
}

static int fsuid_of_self(void *arg)
{
	(void)arg;
	return setfsuid(KEPT);
}

static int egid_of_self(void *arg)
{
	(void)arg;
	return (int)getegid();
}

static int worn_by_self(void *arg)
{
	(void)arg;
	return worn() > 0;
}

TEST_F(setids_served, threads_are_not_each_other)
{
	struct actor actor;

	ASSERT_EQ(0, actor_start(&actor));
	become(OTHER);
	ASSERT_EQ(0, actor_call(&actor, become_client, NULL));
	EXPECT_EQ(CLIENT, actor_call(&actor, fsuid_of_self, NULL));
	EXPECT_EQ(OTHER, setfsuid(KEPT));
	become_server();
	EXPECT_EQ(CLIENT, actor_call(&actor, fsuid_of_self, NULL));
	EXPECT_EQ(1, actor_call(&actor, worn_by_self, NULL));
	actor_stop(&actor);
	EXPECT_EQ(0, setfsuid(KEPT));
}

/* The C library would end the process if it were to signal one that is worn. */
TEST_F(setids_served, all_threads_only_if_none_is_worn)
{
	struct actor actor;

	ASSERT_EQ(0, actor_start(&actor));
	ASSERT_EQ(0, actor_call(&actor, become_client, NULL));
	EXPECT_EQ(-1, setgroups(0, NULL));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(-1, seteuid(OTHER));
	EXPECT_EQ(EAGAIN, errno);
	actor_stop(&actor);

	ASSERT_EQ(0, actor_start(&actor));
	ASSERT_EQ(0, setegid(OTHER));
	EXPECT_EQ(OTHER, actor_call(&actor, egid_of_self, NULL));
	/* And who knew it otherwise has looked again. */
	EXPECT_EQ(0, actor_call(&actor, fsuid_of_self, NULL));
	ASSERT_EQ(0, setegid(0));
	actor_stop(&actor);
}

TEST_F(setids_served, thread_of_a_client_is_a_client)
{
	struct identity is;
	struct actor actor;

	become(CLIENT);
	ASSERT_EQ(0, actor_start(&actor));
	EXPECT_EQ(CLIENT, actor_call(&actor, fsuid_of_self, NULL));
	ASSERT_EQ(0, identity_objective(actor.tid, &is));
	EXPECT_EQ(CLIENT, is.fsuid);
	EXPECT_EQ(CLIENT, is.fsgid);
	EXPECT_EQ(2, is.ngroups);
	actor_stop(&actor);
	become_server();
	/* And can be served again. */
	become(CLIENT);
	EXPECT_LT(0, worn());
	become_server();
}

static int child_is_client(bool vforked)
{
	struct identity is;
	pid_t child = vforked ? vfork() : fork();
	int status;

	if (!child)
		_exit(!identity_objective(getpid(), &is) && is.fsuid == CLIENT &&
		      is.fsgid == CLIENT && is.ngroups == 2 ? 0 : 1);
	return child > 0 && waitpid(child, &status, 0) == child && !status;
}

TEST_F(setids_served, child_of_a_client_is_a_client)
{
	become(CLIENT);
	EXPECT_TRUE(child_is_client(false));
	become_server();
	become(CLIENT);
	EXPECT_LT(0, worn());
	EXPECT_TRUE(child_is_client(true));
	become_server();
}

/* Of the groups that a program sees, as it says on its standard output. */
static bool program_has_group(bool spawned)
{
	char sh[] = "sh", c[] = "-c", script[] = "grep -q '^Groups:.1001 2000' /proc/self/status";
	char *const argv[] = { sh, c, script, NULL };
	int status;
	pid_t child;

	if (!spawned)
		return !system(script);
	return !posix_spawn(&child, "/bin/sh", NULL, NULL, argv, environ) &&
		waitpid(child, &status, 0) == child && !status;
}

TEST_F(setids_served, program_of_a_client)
{
	become(CLIENT);
	EXPECT_TRUE(program_has_group(false));
	become_server();
	become(CLIENT);
	EXPECT_LT(0, worn());
	EXPECT_TRUE(program_has_group(true));
	become_server();
}

TEST_F(setids_served, client_replaces_itself)
{
	pid_t child = fork();
	int status;

	if (!child) {
		become(CLIENT);
		execl("/bin/sh", "sh", "-c", "grep -q '^Groups:.1001 2000' /proc/self/status",
		      NULL);
		_exit(127);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
	child = fork();
	if (!child) {
		char *const empty[] = { NULL };

		become(CLIENT);
		execle("/bin/false/nonsense", "false", NULL, empty);
		_exit(errno == ENOTDIR && setfsuid(KEPT) == CLIENT && worn() < 0 ? 0 : 1);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
}

static int open_contexts(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	char target[64];
	int count = 0;

	while (dir && (entry = readdir(dir))) {
		ssize_t length = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);

		if (length < 0)
			continue;
		target[length] = '\0';
		count += !strcmp(target, "anon_inode:[ntimp]");
	}
	if (dir)
		closedir(dir);
	return count;
}

/* Three for each client. */
TEST_F(setids_served, oldest_contexts_go)
{
	for (uid_t id = CLIENT; id < CLIENT + 20; id++) {
		become(id);
		EXPECT_LT(0, worn());
		EXPECT_EQ(id, setfsuid(KEPT));
		become_server();
	}
	EXPECT_EQ(8, open_contexts());
}

/* As daemons do.  What has the numbers then is the program's. */
TEST_F(setids_served, descriptors_closed)
{
	struct stat before, after;
	int null, ids[16];

	become(CLIENT);
	become_server();
	closefrom(3);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	ASSERT_EQ(0, fstat(null, &before));
	for (int i = 0; i < 16; i++)
		ASSERT_EQ(512 + i, ids[i] = fcntl(null, F_DUPFD_CLOEXEC, 512));
	become(CLIENT);
	EXPECT_LT(0, worn());
	EXPECT_EQ(CLIENT, setfsuid(KEPT));
	become_server();
	EXPECT_EQ(-ENOENT, worn());
	for (int i = 0; i < 16; i++) {
		ASSERT_EQ(0, fstat(ids[i], &after));
		EXPECT_EQ(before.st_rdev, after.st_rdev);
	}
}

TEST_F(setids_served, descriptors_closed_by_a_client)
{
	become(CLIENT);
	closefrom(3);
	become_server();
	EXPECT_EQ(-ENOENT, worn());
	EXPECT_EQ(0, setfsuid(KEPT));
}

static int change_many_times(void *arg)
{
	uid_t id = (uid_t)(uintptr_t)arg;

	for (int i = 0; i < 200; i++) {
		struct stat st;
		int fd;

		become(id);
		fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		if (fd < 0)
			return -errno;
		if (fstat(fd, &st) || st.st_uid != id || st.st_gid != id)
			return -EPROTO;
		close(fd);
		become_server();
	}
	return 0;
}

/* More clients than contexts are kept, so that all are made, worn and closed at once. */
TEST_F(setids_served, many_threads)
{
	struct actor actors[6];

	for (uintptr_t i = 0; i < 6; i++) {
		ASSERT_EQ(0, actor_start(&actors[i]));
		actor_tell(&actors[i], change_many_times, (void *)(CLIENT + i));
	}
	for (int i = 0; i < 6; i++) {
		EXPECT_EQ(0, actor_await(&actors[i]));
		actor_stop(&actors[i]);
	}
}

TEST_F(setids_served, errors_are_the_kernels)
{
	const gid_t none[] = { (gid_t)-1 };
	struct persona user = PERSONA_USER(1000);

	EXPECT_EQ(-1, syscall(SYS_setgroups, 65537, none));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, syscall(SYS_setgroups, 1, none));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, seteuid(KEPT));
	EXPECT_EQ(EINVAL, errno);
	ASSERT_EQ(0, persona_take(&user));
	EXPECT_EQ(-1, syscall(SYS_setgroups, 0, NULL));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, syscall(SYS_setresuid, -1, 0, -1));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(1000, setfsuid(0));
	EXPECT_EQ(1000, setfsuid(KEPT));
}

TEST_HARNESS_MAIN
