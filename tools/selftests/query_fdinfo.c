// SPDX-License-Identifier: GPL-2.0-only
/* What /proc/PID/fdinfo tells about a context, and to whom. */
#include "harness.h"
#include <inttypes.h>

#include "child.h"
#include "device.h"

#define TEXT	1024

FIXTURE(query_fdinfo)
{
	int dev;
};

FIXTURE_VARIANT(query_fdinfo)
{
	__u32 level;
	__u8 effective_only;
	const char *name;
};

FIXTURE_VARIANT_ADD(query_fdinfo, anonymous) { NTIMP_LEVEL_ANONYMOUS, 0, "Anonymous" };
FIXTURE_VARIANT_ADD(query_fdinfo, identification) {
	NTIMP_LEVEL_IDENTIFICATION, 0, "Identification",
};

FIXTURE_VARIANT_ADD(query_fdinfo, impersonation) {
	NTIMP_LEVEL_IMPERSONATION, 0, "Impersonation",
};

FIXTURE_VARIANT_ADD(query_fdinfo, delegation) { NTIMP_LEVEL_DELEGATION, 1, "Delegation" };

FIXTURE_SETUP(query_fdinfo)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(query_fdinfo)
{
	close(self->dev);
}

/* The lines which are ours: 0 or -errno. */
static int read_fdinfo(pid_t pid, int fd, char text[TEXT])
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", pid, fd);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	text[0] = 0;
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "ntimp_", 6))
			strncat(text, line, TEXT - strlen(text) - 1);
	}
	fclose(file);
	return 0;
}

/* Client 1001/1002/1003 with two groups, CHOWN effective and KILL permitted. */
static int be_client(const struct child *parent, void *arg)
{
	const struct ntimp_capture *capture = arg;
	const gid_t groups[] = { 50, 60 };
	struct persona who = {
		.groups = groups, .ngroups = ARRAY_SIZE(groups),
		.permitted = CAPS_ALL, .effective = CAPS_ALL,
	};
	int err = persona_take(&who);

	if (!err)
		err = persona_set_gids(2001, 2002, 2003);
	if (!err)
		err = persona_set_fs(0, 2001);
	if (!err)
		err = persona_set_uids(1001, 0, 1003);
	if (!err)
		err = persona_set_caps(CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_KILL),
				       CAP_BIT(CAP_CHOWN), CAPS_NONE);
	return err ? err : child_send_fd(parent, device_capture(device_open(), capture));
}

TEST_F(query_fdinfo, text)
{
	struct ntimp_capture capture = {
		.size = sizeof(capture),
		.source = NTIMP_SOURCE_SELF,
		.qos = { .level = variant->level, .effective_only = variant->effective_only },
	};
	bool told = variant->level > NTIMP_LEVEL_ANONYMOUS;
	char expected[TEXT], text[TEXT];
	struct child child;
	int ctx;

	ASSERT_EQ(0, child_start(&child, NULL, be_client, &capture));
	ctx = child_receive_fd(&child);
	ASSERT_LE(0, ctx);
	ASSERT_EQ(0, child_finish(&child));

	snprintf(expected, sizeof(expected),
		 "ntimp_id:\t%" PRId64 "\n"
		 "ntimp_source:\tself\n"
		 "ntimp_level:\t%s\n"
		 "ntimp_tracking:\tstatic\n"
		 "ntimp_effective_only:\t%u\n"
		 "ntimp_consent:\t0\n"
		 "ntimp_dispatch:\t0\n"
		 "ntimp_uid:\t%s\n"
		 "ntimp_gid:\t%s\n"
		 "ntimp_groups:\t%d\n"
		 "ntimp_cap_permitted:\t%016llx\n"
		 "ntimp_cap_effective:\t%016llx\n"
		 "ntimp_uses:\t0\n"
		 "ntimp_stale:\t0\n"
		 "ntimp_revoked:\t0\n"
		 "ntimp_expired:\t0\n"
		 "ntimp_lifetime:\t0\n",
		 context_id(ctx), variant->name, variant->effective_only,
		 told ? "1001\t0\t1003\t0" : "65534\t65534\t65534\t65534",
		 told ? "2001\t2002\t2003\t2001" : "65534\t65534\t65534\t65534",
		 told ? 2 : 0,
		 told ? CAP_BIT(CAP_CHOWN) | (variant->effective_only ? 0 : CAP_BIT(CAP_KILL)) : 0,
		 told ? CAP_BIT(CAP_CHOWN) : 0);
	ASSERT_EQ(0, read_fdinfo(getpid(), ctx, text));
	EXPECT_STREQ(expected, text);
}

TEST_F(query_fdinfo, sources)
{
	static const char *const names[] = { "ids", "context" };
	int ids = capture_ids(self->dev, 1001, 1001, 0, NULL, variant->level);
	const int contexts[] = { ids, capture_context(self->dev, ids, variant->level) };

	for (size_t i = 0; i < ARRAY_SIZE(contexts); i++) {
		char expected[64], text[TEXT];

		snprintf(expected, sizeof(expected), "\nntimp_source:\t%s\n", names[i]);
		ASSERT_EQ(0, read_fdinfo(getpid(), contexts[i], text));
		EXPECT_NE(NULL, strstr(text, expected)) TH_LOG("%s", text);
	}
}

TEST_F(query_fdinfo, uses)
{
	int ctx = capture_ids(self->dev, 1001, 1001, 0, NULL, variant->level);
	char text[TEXT];

	ASSERT_EQ(0, read_fdinfo(getpid(), ctx, text));
	EXPECT_NE(NULL, strstr(text, "ntimp_uses:\t0\n"));
	EXPECT_EQ(0, context_impersonate(ctx));
	EXPECT_EQ(0, device_revert(self->dev));
	ASSERT_EQ(0, read_fdinfo(getpid(), ctx, text));
	EXPECT_NE(NULL, strstr(text, "ntimp_uses:\t1\n"));
}

struct look {
	pid_t pid;
	int fd;
};

static int look(void *arg)
{
	struct look *it = arg;
	char text[TEXT];

	return read_fdinfo(it->pid, it->fd, text);
}

/* The kernel's rule for fdinfo: who may trace the process. */
TEST_F(query_fdinfo, of_another_process)
{
	struct persona user = PERSONA_USER(1001);
	struct look it = { .pid = getpid() };

	it.fd = capture_ids(self->dev, 1001, 1001, 0, NULL, variant->level);
	ASSERT_LE(0, it.fd);
	EXPECT_EQ(0, child_run(NULL, look, &it));
	EXPECT_EQ(-EACCES, child_run(&user, look, &it));
}

TEST_HARNESS_MAIN
