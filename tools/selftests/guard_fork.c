// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever a thread makes while it impersonates starts as the primary, and the
 * thread goes on impersonating.
 */
#include "harness.h"
#include <keyutils.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "actor.h"
#include "device.h"
#include "persona.h"
#include "wearing.h"

extern char **environ;

FIXTURE(fork) {
	struct wearing wearing;
	key_serial_t session;
	key_serial_t process;
	key_serial_t thread;
};

/*
 * @primary: the server
 * @thread_keyring: and whether it has a keyring of its own, which makes the
 *	kernel copy credentials for a new thread instead of sharing them
 */
FIXTURE_VARIANT(fork) {
	struct persona primary;
	bool thread_keyring;
};

static const gid_t groups_of_server[] = { 5, 2000 };

FIXTURE_VARIANT_ADD(fork, root) {
	.primary = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
};

FIXTURE_VARIANT_ADD(fork, root_with_thread_keyring) {
	.primary = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.thread_keyring = true,
};

FIXTURE_VARIANT_ADD(fork, root_with_groups) {
	.primary = {
		.groups = groups_of_server, .ngroups = ARRAY_SIZE(groups_of_server),
		.permitted = CAPS_ALL, .effective = CAPS_ALL,
		.inheritable = CAP_BIT(CAP_CHOWN), .ambient = CAP_BIT(CAP_CHOWN),
	},
};

FIXTURE_SETUP(fork)
{
	ASSERT_EQ(0, persona_take(&variant->primary));
	self->session = keyctl_join_session_keyring(NULL);
	ASSERT_LT(0, self->session);
	self->process = keyctl_get_keyring_ID(KEY_SPEC_PROCESS_KEYRING, 1);
	ASSERT_LT(0, self->process);
	self->thread = keyctl_get_keyring_ID(KEY_SPEC_THREAD_KEYRING, variant->thread_keyring);
	ASSERT_EQ(variant->thread_keyring, self->thread > 0);
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_CAPABLE));
	ASSERT_EQ(0, wearing_start(&self->wearing));
	ASSERT_TRUE(wearing_intact(&self->wearing));
}

FIXTURE_TEARDOWN(fork)
{
	EXPECT_TRUE(wearing_intact(&self->wearing));
	EXPECT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_TRUE(wearing_over(&self->wearing));
	wearing_end(&self->wearing);
}

/* In what was made, a process: the primary, with the keyrings that it inherits. */
static int process_is_primary(const FIXTURE_DATA(fork) *self)
{
	if (!wearing_over(&self->wearing))
		return 1;
	if (keyctl_get_keyring_ID(KEY_SPEC_SESSION_KEYRING, 0) != self->session)
		return 2;
	if (keyctl_get_keyring_ID(KEY_SPEC_PROCESS_KEYRING, 0) >= 0 || errno != ENOKEY)
		return 3;
	if (keyctl_get_keyring_ID(KEY_SPEC_THREAD_KEYRING, 0) >= 0 || errno != ENOKEY)
		return 4;
	return 0;
}

static int status_of(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, __WALL) != pid)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -ECHILD;
}

TEST_F(fork, fork)
{
	pid_t pid = syscall(SYS_fork);

	if (!pid)
		_exit(process_is_primary(self));
	EXPECT_EQ(0, status_of(pid));
}

TEST_F(fork, grandchild)
{
	pid_t pid = fork();

	if (!pid) {
		pid = fork();
		if (!pid)
			_exit(process_is_primary(self));
		_exit(status_of(pid) ?: process_is_primary(self));
	}
	EXPECT_EQ(0, status_of(pid));
}

/* A child can impersonate for itself, and that is not its parent's business. */
TEST_F(fork, child_can_impersonate)
{
	pid_t pid = fork();

	if (!pid) {
		EXPECT_EQ(0, wearing_start(&self->wearing));
		EXPECT_TRUE(wearing_intact(&self->wearing));
		pid = fork();
		if (!pid)
			_exit(process_is_primary(self));
		EXPECT_EQ(0, status_of(pid));
		EXPECT_EQ(0, wearing_stop(&self->wearing));
		_exit(process_is_primary(self));
	}
	EXPECT_EQ(0, status_of(pid));
}

TEST_F(fork, clone)
{
	pid_t pid = syscall(SYS_clone, SIGCHLD | CLONE_FS | CLONE_FILES, NULL, NULL, NULL, 0);

	if (!pid)
		_exit(process_is_primary(self));
	EXPECT_EQ(0, status_of(pid));
}

TEST_F(fork, clone3)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	pid_t pid = syscall(SYS_clone3, &args, sizeof(args));

	if (!pid)
		_exit(process_is_primary(self));
	EXPECT_EQ(0, status_of(pid));
}

/* Others see a process as the primary; its capabilities may be others. */
static bool seen_as_primary(const FIXTURE_DATA(fork) *self, pid_t pid)
{
	const struct identity *primary = &self->wearing.primary;
	struct identity seen;

	return !identity_objective(pid, &seen) &&
	       identity_is(&seen, primary->uid, primary->gid, primary->ngroups, primary->groups);
}

/* The user whom the user namespace of a process belongs to, or -errno. */
static int owner_of_user_ns(pid_t pid)
{
	char path[64];
	uid_t uid;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, NS_GET_OWNER_UID, &uid))
		return -errno;
	close(fd);
	return uid;
}

/* A child in a user namespace of its own, which is the primary's too. */
static void check_user_ns_child(struct __test_metadata *_metadata,
				const FIXTURE_DATA(fork) *self, pid_t pid)
{
	if (!pid) {
		pause();
		_exit(1);
	}
	ASSERT_LT(0, pid);
	EXPECT_TRUE(seen_as_primary(self, pid));
	EXPECT_TRUE(wearing_intact(&self->wearing));

	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_EQ(0, owner_of_user_ns(pid));
	EXPECT_EQ(0, kill(pid, SIGKILL));
	EXPECT_EQ(-ECHILD, status_of(pid));
	ASSERT_EQ(0, wearing_start(&self->wearing));
}

TEST_F(fork, clone_into_user_namespace)
{
	check_user_ns_child(_metadata, self, syscall(SYS_clone, SIGCHLD | CLONE_NEWUSER,
						     NULL, NULL, NULL, 0));
}

TEST_F(fork, clone3_into_user_namespace)
{
	struct clone_args args = {
		.flags = CLONE_NEWUSER | CLONE_NEWUTS,
		.exit_signal = SIGCHLD,
	};

	check_user_ns_child(_metadata, self, syscall(SYS_clone3, &args, sizeof(args)));
}

TEST_F(fork, vfork)
{
	pid_t pid = vfork();

	if (!pid)
		_exit(process_is_primary(self));
	EXPECT_EQ(0, status_of(pid));
}

/* Started by a way that ends in exec; it ends when its input does. */
static char *const cat[] = { (char *)"cat", NULL };

static void check_started(struct __test_metadata *_metadata, const FIXTURE_DATA(fork) *self,
			  pid_t pid, const int input[2])
{
	ASSERT_LT(0, pid);
	close(input[0]);
	EXPECT_TRUE(seen_as_primary(self, pid));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	close(input[1]);
	EXPECT_EQ(0, status_of(pid));
}

TEST_F(fork, vfork_and_exec)
{
	int input[2];
	pid_t pid;

	ASSERT_EQ(0, pipe2(input, O_CLOEXEC));
	pid = vfork();
	if (!pid) {
		dup2(input[0], STDIN_FILENO);
		execve("/bin/cat", cat, environ);
		_exit(1);
	}
	check_started(_metadata, self, pid, input);
}

TEST_F(fork, posix_spawn)
{
	posix_spawn_file_actions_t actions;
	int input[2];
	pid_t pid;

	ASSERT_EQ(0, pipe2(input, O_CLOEXEC));
	ASSERT_EQ(0, posix_spawn_file_actions_init(&actions));
	ASSERT_EQ(0, posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO));
	ASSERT_EQ(0, posix_spawn(&pid, "/bin/cat", &actions, NULL, cat, environ));
	check_started(_metadata, self, pid, input);
	posix_spawn_file_actions_destroy(&actions);
}

TEST_F(fork, system)
{
	EXPECT_EQ(0, system("test \"$(id -ru):$(id -u):$(id -rg):$(id -g)\" = 0:0:0:0"));
	EXPECT_EQ(0, system("grep -qx \"CapEff:$(printf '\\t')$(sed -n "
			    "'s/CapPrm:.//p' /proc/self/status)\" /proc/self/status"));
}

/*
 * In a new thread of the process: the primary, with all keyrings but a thread's
 * own, of which it has another if its creator has one.
 */
static int thread_is_primary(void *arg)
{
	const FIXTURE_DATA(fork) *self = arg;
	key_serial_t own = keyctl_get_keyring_ID(KEY_SPEC_THREAD_KEYRING, 0);

	if (self->thread < 0 ? own >= 0 : own < 0 || own == self->thread)
		return 4;
	if (!wearing_over(&self->wearing))
		return 1;
	if (keyctl_get_keyring_ID(KEY_SPEC_SESSION_KEYRING, 0) != self->session)
		return 2;
	if (keyctl_get_keyring_ID(KEY_SPEC_PROCESS_KEYRING, 0) != self->process)
		return 3;
	return 0;
}

TEST_F(fork, thread)
{
	struct actor thread;

	ASSERT_EQ(0, actor_start(&thread));
	EXPECT_EQ(0, actor_call(&thread, thread_is_primary, self));
	EXPECT_EQ(-ENOENT, device_worn_id(self->wearing.dev, thread.tid));
	EXPECT_TRUE(wearing_intact(&self->wearing));
	actor_stop(&thread);
}

/* A thread that impersonates on its own makes another one. */
static int start_second_thread(void *arg)
{
	FIXTURE_DATA(fork) *self = arg;
	struct actor second;
	int err = wearing_start(&self->wearing);

	if (!err)
		err = actor_start(&second);
	if (err)
		return err;
	err = actor_call(&second, thread_is_primary, self);
	actor_stop(&second);
	if (!err && !wearing_intact(&self->wearing))
		err = 5;
	return err;
}

TEST_F(fork, thread_of_thread)
{
	struct actor thread;

	ASSERT_EQ(0, actor_start(&thread));
	EXPECT_EQ(0, actor_call(&thread, start_second_thread, self));
	actor_stop(&thread);
}

TEST_HARNESS_MAIN
