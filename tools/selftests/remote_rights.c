// SPDX-License-Identifier: GPL-2.0-only
/* Who may make other threads the client, and who may let them be themselves again. */
#include "harness.h"
#include <dirent.h>
#include <liburing.h>
#include <sched.h>
#include <sys/prctl.h>

#include "actor.h"
#include "child.h"
#include "demand.h"
#include "device.h"
#include "identity.h"
#include "wearing.h"

/* What the one who asks wears counts for nothing. */
static int demand_primary_as_client(void *arg)
{
	const struct demand *demand = arg;
	int err = wearing_start(demand->wearing);

	return err ?: demand_primary(arg);
}

FIXTURE(remote_rights)
{
	struct wearing wearing;
	bool undumpable;
	struct child target;
};

/*
 * @asker: who asks
 * @target: who is to be itself again
 * @undumpable: the target can't be traced by others of its user
 * @result: of the call
 */
FIXTURE_VARIANT(remote_rights)
{
	struct persona asker;
	struct persona target;
	bool undumpable;
	int result;
};

#define USER(id, caps) \
	{ .uid = (id), .gid = (id), .permitted = (caps), .effective = (caps) }
#define CAPS_TRACER	(CAPS_SETIDS | CAP_BIT(CAP_SYS_PTRACE))

#define RIGHTS(name, _asker, _target, _result) \
	FIXTURE_VARIANT_ADD(remote_rights, name) \
	{ .asker = _asker, .target = _target, .result = _result }
#define RIGHTS_UNDUMPABLE(name, _asker, _target, _result) \
	FIXTURE_VARIANT_ADD(remote_rights, name) \
	{ .asker = _asker, .target = _target, .undumpable = true, .result = _result }

RIGHTS(user, USER(1000, CAPS_NONE), USER(1000, CAPS_NONE), -EPERM);
RIGHTS(setuid_only, USER(1000, CAP_BIT(CAP_SETUID)), USER(1000, CAPS_NONE), -EPERM);
RIGHTS(setgid_only, USER(1000, CAP_BIT(CAP_SETGID)), USER(1000, CAPS_NONE), -EPERM);
RIGHTS(both, USER(1000, CAPS_SETIDS), USER(1000, CAPS_NONE), 0);
RIGHTS(ptrace_only, USER(1000, CAP_BIT(CAP_SYS_PTRACE)), USER(1000, CAPS_NONE), -EPERM);
/* From here on it is the rules for ptrace that refuse. */
RIGHTS(both_at_another_user, USER(1000, CAPS_SETIDS), USER(1001, CAPS_NONE), -EPERM);
RIGHTS(both_at_more_capabilities, USER(1000, CAPS_SETIDS), USER(1000, CAP_BIT(CAP_CHOWN)), -EPERM);
RIGHTS_UNDUMPABLE(both_at_undumpable, USER(1000, CAPS_SETIDS), USER(1000, CAPS_NONE), -EPERM);
RIGHTS(tracer_at_another_user, USER(1000, CAPS_TRACER), USER(1001, CAPS_NONE), 0);
RIGHTS_UNDUMPABLE(tracer_at_undumpable, USER(1000, CAPS_TRACER), USER(1001, CAPS_NONE), 0);
RIGHTS(tracer_at_root, USER(1000, CAPS_TRACER), USER(0, CAPS_ALL), 0);
RIGHTS(root_without_capabilities, USER(0, CAPS_NONE), USER(0, CAPS_NONE), -EPERM);
RIGHTS_UNDUMPABLE(root, USER(0, CAPS_ALL), USER(1001, CAPS_NONE), 0);

/* Acts as itself in a context's name, which everybody may. */
static int wear_and_wait(const struct child *parent, void *arg)
{
	const FIXTURE_DATA(remote_rights) *self = arg;
	int ctx, err;

	ctx = capture_self(self->wearing.dev, NTIMP_LEVEL_IMPERSONATION);
	err = ctx < 0 ? ctx : context_impersonate(ctx);
	if (!err && prctl(PR_SET_DUMPABLE, !self->undumpable))
		err = -errno;
	child_send(parent, err);
	return child_receive(parent);
}

FIXTURE_SETUP(remote_rights)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	self->undumpable = variant->undumpable;
	ASSERT_EQ(0, child_start(&self->target, &variant->target, wear_and_wait, self));
	ASSERT_EQ(0, child_receive(&self->target));
}

FIXTURE_TEARDOWN(remote_rights)
{
	child_finish(&self->target);
	wearing_end(&self->wearing);
}

TEST_F(remote_rights, revert)
{
	struct demand demand = { &self->wearing, self->target.pid };
	int64_t worn = device_worn_id(self->wearing.dev, demand.tid);

	ASSERT_LT(0, worn);
	EXPECT_EQ(variant->result, child_run(&variant->asker, demand_primary, &demand));
	EXPECT_EQ(variant->result ? worn : -ENOENT,
		  device_worn_id(self->wearing.dev, demand.tid));
}

/* Nobody may do that to another process. */
TEST_F(remote_rights, impersonate)
{
	struct demand demand = { &self->wearing, self->target.pid };
	int64_t worn = device_worn_id(self->wearing.dev, demand.tid);

	EXPECT_EQ(-EPERM, child_run(&variant->asker, demand_client, &demand));
	EXPECT_EQ(worn, device_worn_id(self->wearing.dev, demand.tid));
}

FIXTURE(remote_kinds)
{
	struct wearing wearing;
};

FIXTURE_SETUP(remote_kinds)
{
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
}

FIXTURE_TEARDOWN(remote_kinds)
{
	wearing_end(&self->wearing);
}

/* Root, impersonating: the client could not, its primary may. */
TEST_F(remote_kinds, asked_by_who_impersonates)
{
	struct persona user = PERSONA_USER(1000);
	struct demand demand = { &self->wearing, getpid() };

	EXPECT_EQ(0, child_run(NULL, demand_primary_as_client, &demand));
	EXPECT_EQ(-EPERM, child_run(&user, demand_primary, &demand));
}

static int be_init(void *demand)
{
	return getpid() == 1 ? demand_primary(demand) : -EPROTO;
}

static int enter_pid_ns(void *arg)
{
	if (unshare(CLONE_NEWPID))
		return -errno;
	return child_run(NULL, be_init, arg);
}

/* Numbers are those of the caller's pid namespace. */
TEST_F(remote_kinds, outer_pid_namespace)
{
	struct demand demand = { &self->wearing, getpid() };

	ASSERT_LT(1, demand.tid);
	EXPECT_EQ(-ESRCH, child_run(NULL, enter_pid_ns, &demand));
}

static int enter_userns_and_ask(void *arg)
{
	return userns_enter("0 0 65536", "0 0 65536") ?: demand_primary(arg);
}

/* All capabilities there, but none over who is outside. */
TEST_F(remote_kinds, outer_user_namespace)
{
	struct demand demand = { &self->wearing, getpid() };

	EXPECT_EQ(-EPERM, child_run(NULL, enter_userns_and_ask, &demand));
}

TEST_F(remote_kinds, init)
{
	EXPECT_EQ(0, device_revert_thread(self->wearing.dev, 1));
	EXPECT_EQ(-EPERM, context_impersonate_thread(self->wearing.ctx, 1));
	EXPECT_EQ(-ENOENT, device_worn_id(self->wearing.dev, 1));
}

/* kthreadd is number 2. */
TEST_F(remote_kinds, kernel_thread)
{
	EXPECT_EQ(-EPERM, device_revert_thread(self->wearing.dev, 2));
	EXPECT_EQ(-EPERM, context_impersonate_thread(self->wearing.ctx, 2));
}

/* The thread of this process whose name begins so; 0: there is none. */
static pid_t find_thread(const char *name)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	pid_t tid = 0;

	while (dir && (entry = readdir(dir))) {
		char path[300], comm[32] = "";
		FILE *file;

		snprintf(path, sizeof(path), "/proc/self/task/%s/comm", entry->d_name);
		file = fopen(path, "re");
		if (!file)
			continue;
		if (fgets(comm, sizeof(comm), file) && !strncmp(comm, name, strlen(name)))
			tid = atoi(entry->d_name);
		fclose(file);
	}
	if (dir)
		closedir(dir);
	return tid;
}

static void expect_unreachable(struct __test_metadata *_metadata, const struct wearing *wearing,
			       const char *name)
{
	pid_t tid = 0;

	/* It takes its name when it begins to run. */
	for (int i = 0; i < 60000 && !tid; i++) {
		usleep(1000);
		tid = find_thread(name);
	}
	ASSERT_LT(0, tid);
	EXPECT_EQ(-EPERM, context_impersonate_thread(wearing->ctx, tid));
	EXPECT_EQ(-EPERM, device_revert_thread(wearing->dev, tid));
}

/* It has a number and is of this process, but is the kernel's. */
TEST_F(remote_kinds, worker_of_a_ring)
{
	struct io_uring_sqe *sqe;
	struct io_uring ring;
	int ends[2];
	char byte;

	ASSERT_EQ(0, pipe(ends));
	ASSERT_EQ(0, io_uring_queue_init(4, &ring, 0));
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_read(sqe, ends[0], &byte, 1, 0);
	sqe->flags |= IOSQE_ASYNC;
	ASSERT_EQ(1, io_uring_submit(&ring));
	expect_unreachable(_metadata, &self->wearing, "iou-wrk-");
	io_uring_queue_exit(&ring);
}

TEST_F(remote_kinds, poller_of_a_ring)
{
	struct io_uring ring;

	ASSERT_EQ(0, io_uring_queue_init(4, &ring, IORING_SETUP_SQPOLL));
	expect_unreachable(_metadata, &self->wearing, "iou-sqp-");
	io_uring_queue_exit(&ring);
}

TEST_HARNESS_MAIN
