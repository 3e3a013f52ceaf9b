// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guards can't be switched off behind the module's back: as long as it is
 * loaded ftrace stays on, and where it is off the module isn't loaded.
 */
#include "harness.h"
#include <sys/syscall.h>

#include "klog.h"
#include "module.h"
#include "persona.h"
#include "setting.h"
#include "wearing.h"

#define FTRACE		"/proc/sys/kernel/ftrace_enabled"
#define KPROBES		"/sys/kernel/debug/kprobes/enabled"
#define TRACING		"/sys/kernel/tracing/"

static bool ftrace_is_on(void)
{
	char value[8] = "";

	return !setting_read(FTRACE, value, sizeof(value)) && !strcmp(value, "1");
}

FIXTURE(ftrace) {
	int klog;
};

FIXTURE_SETUP(ftrace)
{
	ASSERT_EQ(-ENOENT, module_uses());
	ASSERT_TRUE(ftrace_is_on());
	self->klog = klog_open();
	ASSERT_LE(0, self->klog);
}

FIXTURE_TEARDOWN(ftrace)
{
	EXPECT_EQ(0, setting_write(FTRACE, "1"));
	EXPECT_EQ(0, setting_write(KPROBES, "1"));
	EXPECT_EQ(0, setting_write(TRACING "current_tracer", "nop"));
	EXPECT_EQ(0, setting_write(TRACING "set_ftrace_filter", ""));
	module_unload();
	EXPECT_EQ(-ENOENT, module_uses());
}

/* Both kinds: one that refuses, and one that runs the original differently. */
static void check_guards(struct __test_metadata *_metadata)
{
	struct wearing wearing;
	int status;
	pid_t pid;

	ASSERT_EQ(0, wearing_prepare(&wearing, CAPS_CAPABLE));
	ASSERT_EQ(0, wearing_start(&wearing));
	EXPECT_EQ(-1, syscall(SYS_setuid, CLIENT));
	EXPECT_EQ(EPERM, errno);
	EXPECT_TRUE(wearing_intact(&wearing));
	pid = fork();
	if (!pid)
		_exit(wearing_over(&wearing) ? 7 : 1);
	EXPECT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(W_EXITCODE(7, 0), status);
	ASSERT_EQ(0, wearing_stop(&wearing));
	EXPECT_TRUE(wearing_over(&wearing));
	wearing_end(&wearing);
}

TEST_F(ftrace, cannot_be_switched_off_while_loaded)
{
	ASSERT_EQ(0, module_load(""));
	EXPECT_EQ(-EBUSY, setting_write(FTRACE, "0"));
	EXPECT_TRUE(ftrace_is_on());
	check_guards(_metadata);
	EXPECT_EQ(0, module_unload());
	EXPECT_EQ(0, setting_write(FTRACE, "0"));
	EXPECT_FALSE(ftrace_is_on());
}

TEST_F(ftrace, off_lets_nothing_be_loaded)
{
	ASSERT_EQ(0, setting_write(FTRACE, "0"));
	EXPECT_EQ(-EBUSY, module_load(""));
	EXPECT_EQ(-ENOENT, module_uses());
	/* The cause, and the way out. */
	EXPECT_TRUE(klog_says(self->klog, "kernel.ftrace_enabled=1"));

	ASSERT_EQ(0, setting_write(FTRACE, "1"));
	EXPECT_EQ(0, module_load(""));
	EXPECT_FALSE(klog_says(self->klog, "kernel.ftrace_enabled"));
	check_guards(_metadata);
}

/* A guard that is a kprobe would be off now. */
TEST_F(ftrace, kprobes_do_not_matter)
{
	ASSERT_EQ(0, module_load(""));
	ASSERT_EQ(0, setting_write(KPROBES, "0"));
	check_guards(_metadata);
	EXPECT_EQ(0, module_unload());
	EXPECT_EQ(0, module_load(""));
	check_guards(_metadata);
}

/* Somebody may look at the guarded functions at the same time. */
TEST_F(ftrace, tracer_does_not_matter)
{
	ASSERT_EQ(0, setting_write(TRACING "set_ftrace_filter", "co*_creds"));
	ASSERT_EQ(0, setting_write(TRACING "current_tracer", "function"));
	ASSERT_EQ(0, module_load(""));
	check_guards(_metadata);
	ASSERT_EQ(0, setting_write(TRACING "current_tracer", "nop"));
	check_guards(_metadata);
	ASSERT_EQ(0, setting_write(TRACING "current_tracer", "function"));
	check_guards(_metadata);
	EXPECT_EQ(0, module_unload());
}

TEST_HARNESS_MAIN
