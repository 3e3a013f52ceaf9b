// SPDX-License-Identifier: GPL-2.0-only
/* The tracepoints: what happens is told once, with who it was. */
#include "harness.h"
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "child.h"
#include "device.h"
#include "setting.h"

#define INSTANCE	"/sys/kernel/tracing/instances/see_trace"
#define CLIENT		1001
#define LINE		256

FIXTURE(see_trace)
{
	int dev;
	int ctx;
};

FIXTURE_SETUP(see_trace)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, CLIENT, CLIENT + 1, 0, NULL,
				NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, mkdir(INSTANCE, 0700));
	ASSERT_EQ(0, setting_write(INSTANCE "/events/ntimp/enable", "1"));
}

FIXTURE_TEARDOWN(see_trace)
{
	setting_write(INSTANCE "/events/ntimp/enable", "0");
	EXPECT_EQ(0, rmdir(INSTANCE));
	close(self->ctx);
	close(self->dev);
}

/* How many events there are, and how many of them are this one. */
struct seen {
	int all;
	int wanted;
};

static struct seen look_for(const char *wanted)
{
	FILE *trace = fopen(INSTANCE "/trace", "re");
	struct seen seen = {};
	char *line = NULL;
	size_t room = 0;

	while (trace && getline(&line, &room, trace) > 0) {
		size_t length;

		if (line[0] == '#')
			continue;
		line[strcspn(line, "\n")] = '\0';
		length = strlen(line);
		seen.all++;
		/* What it ends with; before that are the thread and the time. */
		if (length > strlen(wanted) && !strcmp(line + length - strlen(wanted), wanted))
			seen.wanted++;
		else
			printf("# %s\n", line);
	}
	free(line);
	if (trace)
		fclose(trace);
	return seen;
}

/* Once, among so many events.  The client can't look at the trace. */
static bool is_told(int all, const char *format, ...)
{
	char wanted[LINE];
	struct seen seen;
	va_list args;

	va_start(args, format);
	vsnprintf(wanted, sizeof(wanted), format, args);
	va_end(args);
	seen = look_for(wanted);
	return seen.all == all && seen.wanted == 1;
}

static void forget(void)
{
	setting_write(INSTANCE "/trace", "");
}

TEST_F(see_trace, capture)
{
	int ctx = capture_ids(self->dev, CLIENT, CLIENT + 1, 0, NULL, NTIMP_LEVEL_DELEGATION);

	ASSERT_LE(0, ctx);
	EXPECT_TRUE(is_told(1, "capture: context=%lld source=4 level=3 client_uid=%u client_gid=%u",
			    (long long)context_id(ctx), CLIENT, CLIENT + 1));
	close(ctx);
}

TEST_F(see_trace, impersonate_and_revert)
{
	long long id = context_id(self->ctx);

	/* What is cached is told as what is new. */
	for (int i = 0; i < 2; i++) {
		forget();
		ASSERT_EQ(0, context_impersonate(self->ctx));
		ASSERT_EQ(0, device_revert(self->dev));
		EXPECT_TRUE(is_told(2, "impersonate: context=%lld level=2 client_uid=%u "
				    "client_gid=%u server_uid=0", id, CLIENT, CLIENT + 1));
		EXPECT_TRUE(is_told(2, "revert: client_uid=%u server_uid=0", CLIENT));
	}
	forget();
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(0, look_for("revert").all);
}

static int try_to_impersonate(void *ctx)
{
	return context_impersonate(*(int *)ctx) == -EPERM ? 0 : 1;
}

TEST_F(see_trace, deny)
{
	long long id = context_id(self->ctx);

	ASSERT_EQ(0, child_run(&PERSONA_USER(1000), try_to_impersonate, &self->ctx));
	EXPECT_TRUE(is_told(1, "deny: op=impersonate reason=no_setid context=%lld "
			    "client_uid=%u server_uid=1000",
			    id, CLIENT));
}

static int try_to_make_up(void *dev)
{
	return capture_ids(*(int *)dev, CLIENT, CLIENT, 0, NULL,
			   NTIMP_LEVEL_IMPERSONATION) == -EPERM ? 0 : 1;
}

TEST_F(see_trace, deny_a_capture)
{
	ASSERT_EQ(0, child_run(&PERSONA_USER(1000), try_to_make_up, &self->dev));
	EXPECT_TRUE(is_told(1, "deny: op=capture reason=no_setid context=0 client_uid=%u "
			    "server_uid=1000",
			    (unsigned int)-1));
}

static int try_to_revoke(void *ctx)
{
	return context_revoke(*(int *)ctx, 0) == -EPERM ? 0 : 1;
}

TEST_F(see_trace, deny_an_end)
{
	ASSERT_EQ(0, child_run(&PERSONA_USER(1000), try_to_revoke, &self->ctx));
	EXPECT_TRUE(is_told(1, "deny: op=end reason=not_maker context=%lld client_uid=%u "
			    "server_uid=1000",
			    (long long)context_id(self->ctx), CLIENT));
}

TEST_F(see_trace, deny_what_has_ended)
{
	ASSERT_EQ(0, context_revoke(self->ctx, 0));
	EXPECT_EQ(-EKEYREVOKED, context_impersonate(self->ctx));
	EXPECT_TRUE(is_told(1, "deny: op=impersonate reason=ended context=%lld "
			    "client_uid=%u server_uid=0",
			    (long long)context_id(self->ctx), CLIENT));
}

TEST_F(see_trace, guard)
{
	ASSERT_EQ(0, context_impersonate(self->ctx));
	EXPECT_EQ(-1, syscall(SYS_setuid, CLIENT));
	EXPECT_EQ(EPERM, errno);
	ASSERT_EQ(0, device_revert(self->dev));
	EXPECT_TRUE(is_told(3, "guard: function=commit_creds result=-1 client_uid=%u "
			    "server_uid=0", CLIENT));
}

TEST_HARNESS_MAIN
