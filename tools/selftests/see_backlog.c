// SPDX-License-Identifier: GPL-2.0-only
/*
 * Audit whose reader has stopped reading: whoever is refused is refused all the
 * same, and what is lost is counted.
 */
#include "harness.h"
#include <sys/socket.h>
#include <sys/syscall.h>

#include "auditsock.h"
#include "child.h"
#include "device.h"
#include "persona.h"

#define SERVER		1000
#define CLIENT		1001
#define LIMIT		4	/* records */
#define PATIENCE	2	/* ticks */
/* Each more than one record, of which the kernel drops ten a second. */
#define REFUSALS	200

/**
 * struct see_backlog - an auditd that doesn't read
 * @audit: its socket
 * @control: asks for and sets audit's state, and doesn't get records
 * @before: the state found
 */
FIXTURE(see_backlog)
{
	int dev;
	int ctx;
	int audit;
	int control;
	struct audit_status before;
};

/* From now on no record is read. */
static int stop_reading(int fd)
{
	const int room = 1;
	const struct audit_status status = {
		.mask = AUDIT_STATUS_ENABLED | AUDIT_STATUS_PID | AUDIT_STATUS_BACKLOG_LIMIT |
			AUDIT_STATUS_BACKLOG_WAIT_TIME,
		.enabled = 1,
		.pid = getpid(),
		.backlog_limit = LIMIT,
		.backlog_wait_time = PATIENCE,
	};

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)))
		return -errno;
	return audit_set(fd, &status);
}

FIXTURE_SETUP(see_backlog)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, CLIENT, CLIENT, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
	self->audit = audit_open(0);
	if (self->audit == -EPROTONOSUPPORT)
		SKIP(return, "this kernel has no CONFIG_AUDIT");
	ASSERT_LE(0, self->audit);
	self->control = audit_open(0);
	ASSERT_LE(0, self->control);
	ASSERT_EQ(0, audit_get(self->control, &self->before));
	ASSERT_EQ(0, stop_reading(self->audit));
}

FIXTURE_TEARDOWN(see_backlog)
{
	const struct audit_status status = {
		.mask = AUDIT_STATUS_ENABLED | AUDIT_STATUS_BACKLOG_LIMIT |
			AUDIT_STATUS_BACKLOG_WAIT_TIME,
		.enabled = self->before.enabled,
		.backlog_limit = self->before.backlog_limit,
		.backlog_wait_time = self->before.backlog_wait_time,
	};

	if (self->audit >= 0) {
		close(self->audit);
		EXPECT_EQ(0, audit_set(self->control, &status));
		close(self->control);
	}
	close(self->ctx);
	close(self->dev);
}

struct refused {
	int dev;
	int ctx;
};

/* Many a change of identity while impersonating: 0, or the line of what went wrong. */
static int change_identity(void *arg)
{
	const struct refused *it = arg;

	if (context_impersonate(it->ctx))
		return __LINE__;
	for (int i = 0; i < REFUSALS; i++) {
		if (!syscall(SYS_setuid, CLIENT) || errno != EPERM)
			return __LINE__;
		if (!acts_as(CLIENT, CLIENT))
			return __LINE__;
	}
	if (device_revert(it->dev))
		return __LINE__;
	return acts_as(SERVER, SERVER) ? 0 : __LINE__;
}

static int impersonate(void *arg)
{
	const struct refused *it = arg;

	for (int i = 0; i < REFUSALS; i++)
		if (context_impersonate(it->ctx) != -EPERM)
			return __LINE__;
	return acts_as(SERVER, SERVER) ? 0 : __LINE__;
}

TEST_F(see_backlog, refused_all_the_same)
{
	struct refused it = { self->dev, self->ctx };
	struct audit_status full, after;

	EXPECT_EQ(0, child_run(&PERSONA_USER(SERVER), impersonate, &it));
	ASSERT_EQ(0, audit_get(self->control, &full));
	EXPECT_LT(self->before.lost, full.lost);
	EXPECT_LE(self->before.backlog_wait_time_actual + PATIENCE, full.backlog_wait_time_actual);

	EXPECT_EQ(0, child_run(&PERSONA_CAPS(SERVER, CAPS_SETIDS), change_identity, &it));
	ASSERT_EQ(0, audit_get(self->control, &after));
	EXPECT_LT(full.lost, after.lost);
}

TEST_HARNESS_MAIN
