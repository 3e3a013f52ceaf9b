// SPDX-License-Identifier: GPL-2.0-only
/*
 * To impersonate and to revert allocates nothing, once a context has been used on a
 * processor: the kernel's own trace of allocations says so.
 */
#include "harness.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include "device.h"
#include "persona.h"
#include "setting.h"
#include "wearing.h"

#define INSTANCE	"/sys/kernel/tracing/instances/selftest"
#define PAIRS		1000

FIXTURE(allocations) {
	struct wearing wearing;
	int marker;
};

/* Which of them there are depends on the kernel. */
static const char *const events[] = {
	"kmalloc", "kmalloc_node", "kmem_cache_alloc", "kmem_cache_alloc_node", "mm_page_alloc",
};

static int events_enable(void)
{
	char name[128];
	int enabled = 0;

	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		snprintf(name, sizeof(name), INSTANCE "/events/kmem/%s/enable", events[i]);
		enabled += !setting_write(name, "1");
	}
	return enabled;
}

static int stay_here(void)
{
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET(sched_getcpu(), &here);
	return sched_setaffinity(0, sizeof(here), &here) ? -errno : 0;
}

FIXTURE_SETUP(allocations)
{
	char pid[16];

	ASSERT_EQ(0, stay_here());
	ASSERT_EQ(0, wearing_prepare(&self->wearing, CAPS_NONE));
	ASSERT_EQ(0, mkdir(INSTANCE, 0700));
	snprintf(pid, sizeof(pid), "%d", getpid());
	ASSERT_EQ(0, setting_write(INSTANCE "/set_event_pid", pid));
	ASSERT_LE(3, events_enable());
	self->marker = open(INSTANCE "/trace_marker", O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, self->marker);
}

FIXTURE_TEARDOWN(allocations)
{
	close(self->marker);
	setting_write(INSTANCE "/events/enable", "0");
	EXPECT_EQ(0, rmdir(INSTANCE));
	wearing_end(&self->wearing);
}

static bool mark(const FIXTURE_DATA(allocations) *self, const char *text)
{
	return write(self->marker, text, strlen(text)) == (ssize_t)strlen(text);
}

/*
 * Of an interrupt that came meanwhile, and not of the thread: the third of the flags
 * after the processor's number says so.
 */
static bool is_of_interrupt(const char *line)
{
	char flags[16];

	return sscanf(line, " %*[^[][%*d] %15s", flags) == 1 && strlen(flags) > 2 &&
	       strchr("hHsZz", flags[2]);
}

/* Between the two marks; -EPROTO: they are not both there. */
static int count_allocations(void)
{
	FILE *trace = fopen(INSTANCE "/trace", "re");
	bool begun = false, ended = false;
	char *line = NULL;
	size_t room = 0;
	int count = 0;

	if (!trace)
		return -errno;
	while (getline(&line, &room, trace) > 0) {
		if (strstr(line, "selftest ends")) {
			ended = true;
		} else if (strstr(line, "selftest begins")) {
			begun = true;
		} else if (begun && !ended && !is_of_interrupt(line)) {
			count++;
			printf("# %s", line);
		}
	}
	free(line);
	fclose(trace);
	return begun && ended ? count : -EPROTO;
}

static int pairs(const struct wearing *wearing, int count)
{
	int err = 0;

	while (!err && count--)
		err = wearing_start(wearing) ?: wearing_stop(wearing);
	return err;
}

TEST_F(allocations, none_in_a_context_that_was_used)
{
	ASSERT_EQ(0, pairs(&self->wearing, 1));
	ASSERT_TRUE(mark(self, "selftest begins"));
	ASSERT_EQ(0, pairs(&self->wearing, PAIRS));
	ASSERT_TRUE(mark(self, "selftest ends"));
	EXPECT_EQ(0, count_allocations());
}

/* The same trace sees those of the first time. */
TEST_F(allocations, some_in_a_context_that_is_new)
{
	ASSERT_TRUE(mark(self, "selftest begins"));
	ASSERT_EQ(0, pairs(&self->wearing, 1));
	ASSERT_TRUE(mark(self, "selftest ends"));
	EXPECT_LT(0, count_allocations());
}

/* Nor when one client takes the place of another. */
TEST_F(allocations, none_in_replacing)
{
	int second = capture_ids(self->wearing.dev, OTHER, OTHER, 0, NULL,
				 NTIMP_LEVEL_IMPERSONATION);

	ASSERT_LE(0, second);
	ASSERT_EQ(0, wearing_start(&self->wearing));
	ASSERT_EQ(0, context_impersonate(second));
	ASSERT_TRUE(mark(self, "selftest begins"));
	for (int i = 0; i < PAIRS; i++) {
		ASSERT_EQ(0, wearing_start(&self->wearing));
		ASSERT_EQ(0, context_impersonate(second));
	}
	ASSERT_TRUE(mark(self, "selftest ends"));
	ASSERT_EQ(0, wearing_stop(&self->wearing));
	EXPECT_EQ(0, count_allocations());
}

TEST_HARNESS_MAIN
