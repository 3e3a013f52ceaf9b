// SPDX-License-Identifier: GPL-2.0-only
/*
 * Acting as a client gives that client no hold on the server: to everybody
 * else, and so to the client's own processes, the server is its primary.
 *
 * Each attack is also made on a process that really is the client, where it
 * has to work: so it is one.
 */
#include "harness.h"
#include <dirent.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "child.h"
#include "device.h"
#include "persona.h"
#include "setting.h"
#include "wearing.h"

static char prey = 'x';	/* at the same address in all processes of the test */

FIXTURE(outsider) {
	struct child server;
	struct child client;
};

/*
 * @attack: on process @pid: 0 or -errno
 * @refused: what it has to give
 */
FIXTURE_VARIANT(outsider) {
	int (*attack)(pid_t pid);
	int refused;
};

/* @call: what an attack comes down to: a value >= 0, or -1 and errno */
#define ATTACK(name, error, call) \
	static int attack_##name(pid_t pid) \
	{ \
		return (call) < 0 ? -errno : 0; \
	} \
	FIXTURE_VARIANT_ADD(outsider, name) { .attack = attack_##name, .refused = (error) }

static int open_proc(pid_t pid, const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return open(path, flags | O_CLOEXEC);
}

static int open_pidfd(pid_t pid)
{
	return syscall(SYS_pidfd_open, pid, 0);
}

static int send_by_pidfd(pid_t pid)
{
	return syscall(SYS_pidfd_send_signal, open_pidfd(pid), SIGWINCH, NULL, 0);
}

static int read_memory(pid_t pid)
{
	char byte;
	const struct iovec here = { .iov_base = &byte, .iov_len = 1 };
	const struct iovec there = { .iov_base = &prey, .iov_len = 1 };

	return process_vm_readv(pid, &here, 1, &there, 1, 0);
}

static int write_memory(pid_t pid)
{
	char byte = 'y';
	const struct iovec here = { .iov_base = &byte, .iov_len = 1 };
	const struct iovec there = { .iov_base = &prey, .iov_len = 1 };

	return process_vm_writev(pid, &here, 1, &there, 1, 0);
}

static int move_page(pid_t pid)
{
	void *page = &prey;
	int status;

	return syscall(SYS_move_pages, pid, 1, &page, NULL, &status, 0);
}

static int find_robust_list(pid_t pid)
{
	void *head;
	size_t length;

	return syscall(SYS_get_robust_list, pid, &head, &length);
}

static int read_limit(pid_t pid)
{
	struct rlimit limit;

	return prlimit(pid, RLIMIT_CORE, NULL, &limit);
}

static int set_affinity(pid_t pid)
{
	cpu_set_t cpus;

	return sched_getaffinity(pid, sizeof(cpus), &cpus) ?:
		sched_setaffinity(pid, sizeof(cpus), &cpus);
}

/* SIGWINCH is ignored by default: what counts is whether it may be sent. */
ATTACK(kill, -EPERM, kill(pid, SIGWINCH));
ATTACK(tgkill, -EPERM, syscall(SYS_tgkill, pid, pid, SIGWINCH));
ATTACK(sigqueue, -EPERM, sigqueue(pid, SIGWINCH, (union sigval){}));
ATTACK(pidfd_signal, -EPERM, send_by_pidfd(pid));
ATTACK(ptrace_attach, -EPERM, ptrace(PTRACE_ATTACH, pid, 0, 0));
ATTACK(ptrace_seize, -EPERM, ptrace(PTRACE_SEIZE, pid, 0, 0));
ATTACK(process_vm_readv, -EPERM, read_memory(pid));
ATTACK(process_vm_writev, -EPERM, write_memory(pid));
ATTACK(pidfd_getfd, -EPERM, syscall(SYS_pidfd_getfd, open_pidfd(pid), STDERR_FILENO, 0));
ATTACK(kcmp, -EPERM, syscall(SYS_kcmp, pid, getpid(), KCMP_VM, 0, 0));
ATTACK(robust_list, -EPERM, find_robust_list(pid));
ATTACK(move_pages, -EPERM, move_page(pid));
ATTACK(prlimit, -EPERM, read_limit(pid));
ATTACK(setpriority, -EPERM, setpriority(PRIO_PROCESS, pid, 10));
ATTACK(setaffinity, -EPERM, set_affinity(pid));
ATTACK(proc_mem, -EACCES, open_proc(pid, "mem", O_RDWR));
ATTACK(proc_environ, -EACCES, open_proc(pid, "environ", O_RDONLY));
ATTACK(proc_maps, -EACCES, open_proc(pid, "maps", O_RDONLY));
ATTACK(proc_fd, -EACCES, open_proc(pid, "fd", O_RDONLY | O_DIRECTORY));
ATTACK(proc_root, -EACCES, open_proc(pid, "root/etc/passwd", O_RDONLY));
ATTACK(proc_user_ns, -EACCES, open_proc(pid, "ns/user", O_RDONLY));
ATTACK(proc_oom_score_adj, -EACCES, open_proc(pid, "oom_score_adj", O_WRONLY));

static int act_as_client(const struct child *parent, void *arg)
{
	struct wearing wearing;
	int err = wearing_prepare(&wearing, CAPS_NONE);

	(void)arg;
	if (!err)
		err = wearing_start(&wearing);
	if (!err && !wearing_intact(&wearing))
		err = -EPROTO;
	child_send(parent, err);
	child_receive(parent);
	return wearing_intact(&wearing) && prey == 'x' ? 0 : -EPROTO;
}

static int be_client(const struct child *parent, void *arg)
{
	(void)arg;
	child_send(parent, 0);
	child_receive(parent);
	return 0;
}

/* Else the tracer of any process must be its ancestor. */
static int allow_tracing(void)
{
	int err = setting_write("/proc/sys/kernel/yama/ptrace_scope", "0");

	return err == -ENOENT ? 0 : err;
}

FIXTURE_SETUP(outsider)
{
	ASSERT_EQ(0, allow_tracing());
	ASSERT_EQ(0, child_start(&self->server, NULL, act_as_client, NULL));
	ASSERT_EQ(0, child_start(&self->client, &PERSONA_USER(CLIENT), be_client, NULL));
	ASSERT_EQ(0, child_receive(&self->server));
	ASSERT_EQ(0, child_receive(&self->client));
}

FIXTURE_TEARDOWN(outsider)
{
	/* A tracer that is gone leaves it stopped. */
	EXPECT_EQ(0, kill(self->client.pid, SIGCONT));
	EXPECT_EQ(0, child_finish(&self->server));
	EXPECT_EQ(0, child_finish(&self->client));
}

struct attempt {
	int (*attack)(pid_t pid);
	pid_t pid;
};

static int attempt(void *arg)
{
	const struct attempt *this = arg;

	return this->attack(this->pid);
}

TEST_F(outsider, client_has_no_hold_on_the_server)
{
	struct attempt on_client = { variant->attack, self->client.pid };
	struct attempt on_server = { variant->attack, self->server.pid };

	int err = child_run(&PERSONA_USER(CLIENT), attempt, &on_client);

	if (err == -ENOSYS)
		SKIP(return, "this kernel has no such call");
	EXPECT_EQ(0, err);
	EXPECT_EQ(variant->refused, child_run(&PERSONA_USER(CLIENT), attempt, &on_server));
	EXPECT_TRUE(is_seen_as(self->server.pid, 0, 0));
}

TEST_HARNESS_MAIN
