// SPDX-License-Identifier: GPL-2.0-only
/* Capture of threads: which number is whose, and who may look at whom. */
#include "harness.h"
#include <limits.h>
#include <sched.h>
#include <sys/prctl.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

/* One look of a process at another. */
struct look {
	int dev;
	pid_t tid;
};

static int look(void *arg)
{
	struct look *it = arg;
	int ctx = capture_thread(it->dev, it->tid, LEVEL);

	return ctx < 0 ? ctx : 0;
}

FIXTURE(capture_thread)
{
	int dev;
};

FIXTURE_SETUP(capture_thread)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(capture_thread)
{
	close(self->dev);
}

TEST_F(capture_thread, not_a_number_of_a_thread)
{
	EXPECT_EQ(-EINVAL, capture_thread(self->dev, 0, LEVEL));
	EXPECT_EQ(-EINVAL, capture_thread(self->dev, -1, LEVEL));
	EXPECT_EQ(-EINVAL, capture_thread(self->dev, -getpid(), LEVEL));
	EXPECT_EQ(-EINVAL, capture_thread(self->dev, INT_MIN, LEVEL));
}

TEST_F(capture_thread, no_such_thread)
{
	EXPECT_EQ(-ESRCH, capture_thread(self->dev, INT_MAX, LEVEL));
}

static int wait_for_end(const struct child *parent, void *arg)
{
	(void)arg;
	return child_receive(parent);
}

TEST_F(capture_thread, thread_that_has_ended)
{
	struct child child;

	ASSERT_EQ(0, child_start(&child, NULL, wait_for_end, NULL));
	EXPECT_LE(0, capture_thread(self->dev, child.pid, LEVEL));
	child_finish(&child);
	EXPECT_EQ(-ESRCH, capture_thread(self->dev, child.pid, LEVEL));
}

static int look_within(void *arg)
{
	int dev = *(int *)arg, result;
	struct actor actor;
	struct look it = { .dev = dev };

	it.tid = thread_id();
	if (look(&it))
		return -EPROTO;
	if (actor_start(&actor))
		return -EAGAIN;
	result = actor_call(&actor, look, &it);
	if (!result) {
		it.tid = actor.tid;
		result = look(&it);
	}
	actor_stop(&actor);
	return result;
}

/* Within a process no right is needed, not even that to trace it. */
TEST_F(capture_thread, of_the_own_process)
{
	struct persona user = PERSONA_USER(1000);

	EXPECT_EQ(0, child_run(&user, look_within, &self->dev));
	ASSERT_EQ(0, prctl(PR_SET_DUMPABLE, 0));
	EXPECT_EQ(0, look_within(&self->dev));
}

static int look_by_number_one(void *arg)
{
	struct look *it = arg, one = { .dev = it->dev, .tid = 1 };

	if (getpid() != 1 || look(&one))
		return -EPROTO;
	return look(it) == -ESRCH ? 0 : -EPROTO;
}

static int enter_pid_ns_and_look(void *arg)
{
	if (unshare(CLONE_NEWPID))
		return -errno;
	return child_run(NULL, look_by_number_one, arg);
}

/* Numbers are those of the caller's pid namespace. */
TEST_F(capture_thread, of_an_outer_pid_namespace)
{
	struct look it = { .dev = self->dev, .tid = getppid() };

	ASSERT_LT(1, it.tid);
	EXPECT_EQ(0, look(&it));
	EXPECT_EQ(0, child_run(NULL, enter_pid_ns_and_look, &it));
}

FIXTURE(capture_thread_rights)
{
	int dev;
	struct child target;
};

FIXTURE_VARIANT(capture_thread_rights)
{
	struct persona looker;
	struct persona target;
	bool undumpable;
	int result;
};

FIXTURE_VARIANT_ADD(capture_thread_rights, user_at_itself)
{
	.looker = { .uid = 1000, .gid = 1000 },
	.target = { .uid = 1000, .gid = 1000 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(capture_thread_rights, setuid_only)
{
	.looker = {
		.uid = 1000, .gid = 1000,
		.permitted = CAP_BIT(CAP_SETUID), .effective = CAP_BIT(CAP_SETUID),
	},
	.target = { .uid = 1000, .gid = 1000 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(capture_thread_rights, setgid_only)
{
	.looker = {
		.uid = 1000, .gid = 1000,
		.permitted = CAP_BIT(CAP_SETGID), .effective = CAP_BIT(CAP_SETGID),
	},
	.target = { .uid = 1000, .gid = 1000 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(capture_thread_rights, both_not_effective)
{
	.looker = { .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS },
	.target = { .uid = 1000, .gid = 1000 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(capture_thread_rights, both)
{
	.looker = {
		.uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS, .effective = CAPS_SETIDS,
	},
	.target = { .uid = 1000, .gid = 1000 },
	.result = 0,
};

/* From here on it is the rules for ptrace that refuse. */
FIXTURE_VARIANT_ADD(capture_thread_rights, both_at_another_user)
{
	.looker = {
		.uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS, .effective = CAPS_SETIDS,
	},
	.target = { .uid = 1001, .gid = 1001 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(capture_thread_rights, both_at_more_capabilities)
{
	.looker = {
		.uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS, .effective = CAPS_SETIDS,
	},
	.target = {
		.uid = 1000, .gid = 1000,
		.permitted = CAP_BIT(CAP_CHOWN), .effective = CAP_BIT(CAP_CHOWN),
	},
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(capture_thread_rights, both_at_undumpable)
{
	.looker = {
		.uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS, .effective = CAPS_SETIDS,
	},
	.target = { .uid = 1000, .gid = 1000 },
	.undumpable = true,
	.result = -EPERM,
};

#define CAPS_TRACER	(CAPS_SETIDS | CAP_BIT(CAP_SYS_PTRACE))

FIXTURE_VARIANT_ADD(capture_thread_rights, both_and_ptrace_at_another_user)
{
	.looker = {
		.uid = 1000, .gid = 1000, .permitted = CAPS_TRACER, .effective = CAPS_TRACER,
	},
	.target = { .uid = 1001, .gid = 1001 },
	.result = 0,
};

FIXTURE_VARIANT_ADD(capture_thread_rights, both_and_ptrace_at_root)
{
	.looker = {
		.uid = 1000, .gid = 1000, .permitted = CAPS_TRACER, .effective = CAPS_TRACER,
	},
	.target = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.result = 0,
};

FIXTURE_VARIANT_ADD(capture_thread_rights, ptrace_only)
{
	.looker = {
		.uid = 1000, .gid = 1000,
		.permitted = CAP_BIT(CAP_SYS_PTRACE), .effective = CAP_BIT(CAP_SYS_PTRACE),
	},
	.target = { .uid = 1001, .gid = 1001 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(capture_thread_rights, root_without_capabilities)
{
	.looker = { .uid = 0 },
	.target = { .uid = 0 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(capture_thread_rights, root)
{
	.looker = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.target = { .uid = 1001, .gid = 1001 },
	.undumpable = true,
	.result = 0,
};

static int be_looked_at(const struct child *parent, void *undumpable)
{
	int err = 0;

	if (*(const bool *)undumpable && prctl(PR_SET_DUMPABLE, 0))
		err = -errno;
	child_send(parent, err);
	return child_receive(parent);
}

FIXTURE_SETUP(capture_thread_rights)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, child_start(&self->target, &variant->target, be_looked_at,
				 (void *)&variant->undumpable));
	ASSERT_EQ(0, child_receive(&self->target));
}

FIXTURE_TEARDOWN(capture_thread_rights)
{
	child_finish(&self->target);
	close(self->dev);
}

TEST_F(capture_thread_rights, capture)
{
	struct look it = { .dev = self->dev, .tid = self->target.pid };

	EXPECT_EQ(variant->result, child_run(&variant->looker, look, &it));
}

/* The same question, as NTIMP_QUERY_THREAD asks it. */
static int look_by_query(void *arg)
{
	struct look *it = arg;

	return device_worn_id(it->dev, it->tid);
}

TEST_F(capture_thread_rights, query)
{
	struct look it = { .dev = self->dev, .tid = self->target.pid };

	EXPECT_EQ(variant->result ?: -ENOENT, child_run(&variant->looker, look_by_query, &it));
}

TEST_HARNESS_MAIN
