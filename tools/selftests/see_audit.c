// SPDX-License-Identifier: GPL-2.0-only
/*
 * Audit records: one for each refusal, and where it is wanted one for each capture
 * and impersonation, with both identities.  The test listens as auditd would.
 */
#include "harness.h"
#include <linux/netlink.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "auditsock.h"
#include "child.h"
#include "device.h"
#include "setting.h"

#define PARAMETER	"/sys/module/ntimp/parameters/audit_successes"
#define SERVER		1000
#define CLIENT		1001
#define NOBODY_KNOWN	"4294967295"
#define RECORD		4096

FIXTURE(see_audit)
{
	int dev;
	int ctx;
	int audit;	/* hears all records */
};

static int audit_enable(int audit, bool enable)
{
	return audit_set(audit, &(struct audit_status) {
		.mask = AUDIT_STATUS_ENABLED,
		.enabled = enable,
	});
}

static int audit_listen(void)
{
	struct timeval patience = { .tv_sec = 60 };
	int audit = audit_open(1 << (AUDIT_NLGRP_READLOG - 1));

	if (audit < 0)
		return audit;
	if (setsockopt(audit, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		return -errno;
	return audit;
}

/* The next record of ours, without its time; false if none comes. */
static bool hear(int audit, char record[RECORD])
{
	union {
		struct nlmsghdr head;
		char bytes[RECORD];
	} message;
	ssize_t length;
	char *text;

	while ((length = recv(audit, &message, sizeof(message) - 1, 0)) > 0) {
		message.bytes[length] = '\0';
		text = strstr(NLMSG_DATA(&message.head), "op=ntimp_");
		if (message.head.nlmsg_type != AUDIT_KERNEL || !text)
			continue;
		snprintf(record, RECORD, "%s", text);
		return true;
	}
	return false;
}

static bool hears(int audit, const char *format, ...)
{
	char wanted[RECORD], record[RECORD];
	va_list args;

	va_start(args, format);
	vsnprintf(wanted, sizeof(wanted), format, args);
	va_end(args);
	if (!hear(audit, record))
		return false;
	if (!strcmp(record, wanted))
		return true;
	printf("# heard:  %s\n# wanted: %s\n", record, wanted);
	return false;
}

FIXTURE_SETUP(see_audit)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, CLIENT, CLIENT + 1, 0, NULL,
				NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
	self->audit = audit_listen();
	if (self->audit == -EPROTONOSUPPORT)
		SKIP(return, "this kernel has no CONFIG_AUDIT");
	ASSERT_LE(0, self->audit);
	ASSERT_EQ(0, audit_enable(self->audit, true));
}

FIXTURE_TEARDOWN(see_audit)
{
	setting_write(PARAMETER, "0");
	if (self->audit >= 0) {
		audit_enable(self->audit, false);
		close(self->audit);
	}
	close(self->ctx);
	close(self->dev);
}

struct server {
	const char *name;
	int dev;
	int ctx;
	int (*act)(const struct server *server);
};

static int run_server(const struct child *parent, void *arg)
{
	const struct server *server = arg;

	(void)parent;
	prctl(PR_SET_NAME, server->name);
	return server->act(server);
}

/* As a server with no rights: which pid it was. */
static pid_t serve(int dev, int ctx, const char *name, int (*act)(const struct server *server),
		   int *result)
{
	struct server server = { name, dev, ctx, act };
	struct child child;
	int err = child_start(&child, &PERSONA_USER(SERVER), run_server, &server);

	if (err)
		return err;
	*result = child_finish(&child);
	return child.pid;
}

static int impersonate(const struct server *server)
{
	return context_impersonate(server->ctx) == -EPERM ? 0 : 1;
}

TEST_F(see_audit, refused_impersonation)
{
	int result = -1;
	pid_t pid = serve(self->dev, self->ctx, "server", impersonate, &result);

	ASSERT_LT(0, pid);
	EXPECT_EQ(0, result);
	EXPECT_TRUE(hears(self->audit,
			  "op=ntimp_impersonate pid=%d auid=" NOBODY_KNOWN " ses=" NOBODY_KNOWN
			  " uid=%u gid=%u comm=\"server\" context=%lld client_auid=" NOBODY_KNOWN
			  " level=2 client_uid=%u client_gid=%u reason=no_setid res=0",
			  pid, SERVER, SERVER, (long long)context_id(self->ctx), CLIENT,
			  CLIENT + 1));
}

/* A name can't make up fields. */
TEST_F(see_audit, refused_to_a_liar)
{
	int result = -1;
	pid_t pid = serve(self->dev, self->ctx, "a\" res=1", impersonate, &result);

	ASSERT_LT(0, pid);
	EXPECT_EQ(0, result);
	EXPECT_TRUE(hears(self->audit,
			  "op=ntimp_impersonate pid=%d auid=" NOBODY_KNOWN " ses=" NOBODY_KNOWN
			  " uid=%u gid=%u comm=6122207265733D31 context=%lld client_auid="
			  NOBODY_KNOWN " level=2 client_uid=%u client_gid=%u reason=no_setid res=0",
			  pid, SERVER, SERVER, (long long)context_id(self->ctx), CLIENT,
			  CLIENT + 1));
}

static int make_up(const struct server *server)
{
	return capture_ids(server->dev, CLIENT, CLIENT, 0, NULL,
			   NTIMP_LEVEL_IMPERSONATION) == -EPERM ? 0 : 1;
}

TEST_F(see_audit, refused_capture)
{
	int result = -1;
	pid_t pid = serve(self->dev, self->ctx, "server", make_up, &result);

	ASSERT_LT(0, pid);
	EXPECT_EQ(0, result);
	EXPECT_TRUE(hears(self->audit,
			  "op=ntimp_capture pid=%d auid=" NOBODY_KNOWN " ses=" NOBODY_KNOWN
			  " uid=%u gid=%u comm=\"server\" reason=no_setid res=0",
			  pid, SERVER, SERVER));
}

/* It is the primary that is named, and the client whom it acted as. */
TEST_F(see_audit, guarded)
{
	ASSERT_EQ(0, prctl(PR_SET_NAME, "server"));
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(-1, syscall(SYS_setuid, CLIENT));
	EXPECT_EQ(EPERM, errno);
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(hears(self->audit,
			  "op=ntimp_guard pid=%d auid=" NOBODY_KNOWN " ses=" NOBODY_KNOWN
			  " uid=0 gid=0 comm=\"server\" level=2 client_uid=%u client_gid=%u"
			  " function=commit_creds reason=guard res=0",
			  getpid(), CLIENT, CLIENT + 1));
}

TEST_F(see_audit, successes)
{
	long long id;
	int ctx;

	ASSERT_EQ(0, prctl(PR_SET_NAME, "server"));
	/* Not told, unless it is wanted. */
	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_EQ(0, device_revert(self->dev));
	ASSERT_EQ(0, setting_write(PARAMETER, "1"));
	ctx = capture_ids(self->dev, CLIENT, CLIENT + 1, 0, NULL, NTIMP_LEVEL_DELEGATION);
	ASSERT_LE(0, ctx);
	id = context_id(ctx);
	ASSERT_EQ(0, context_impersonate(ctx));
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(hears(self->audit,
			  "op=ntimp_capture pid=%d auid=" NOBODY_KNOWN " ses=" NOBODY_KNOWN
			  " uid=0 gid=0 comm=\"server\" context=%lld client_auid=" NOBODY_KNOWN
			  " level=3 client_uid=%u client_gid=%u res=1",
			  getpid(), id, CLIENT, CLIENT + 1));
	EXPECT_TRUE(hears(self->audit,
			  "op=ntimp_impersonate pid=%d auid=" NOBODY_KNOWN " ses=" NOBODY_KNOWN
			  " uid=0 gid=0 comm=\"server\" context=%lld client_auid=" NOBODY_KNOWN
			  " level=3 client_uid=%u client_gid=%u res=1",
			  getpid(), id, CLIENT, CLIENT + 1));
	close(ctx);
}

TEST_HARNESS_MAIN
