// SPDX-License-Identifier: GPL-2.0-only
/*
 * Capabilities are never raised: a thread acts with those which the client has
 * effective and the server permitted, as what it does and may not do shows.
 */
#include "harness.h"
#include <fcntl.h>
#include <linux/securebits.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>

#include "child.h"
#include "device.h"
#include "identity.h"
#include "scratch.h"
#include "worncaps.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION
#define MARK	(1U << 29)	/* "applied by ntimp" in the securebits */

/* Each does what needs one capability: 0 or -errno. */
static int override_modes(const struct scratch *scratch)
{
	return file_try(scratch, "closed", O_RDWR);
}

static int give_away(const struct scratch *scratch)
{
	return fchownat(scratch->fd, "closed", 4000, 4000, 0) ? -errno : 0;
}

static int change_foreign_mode(const struct scratch *scratch)
{
	return fchmodat(scratch->fd, "closed", 0000, 0) ? -errno : 0;
}

static int signal_foreigner(const struct scratch *scratch)
{
	(void)scratch;
	return kill(1, 0) ? -errno : 0;
}

static int mark_packets(const struct scratch *scratch)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), mark = 1, err = 0;

	(void)scratch;
	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)))
		err = -errno;
	close(fd);
	return err;
}

static int open_raw_socket(const struct scratch *scratch)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);

	(void)scratch;
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int bind_low_port(const struct scratch *scratch)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(80),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err = 0;

	(void)scratch;
	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		err = -errno;
	close(fd);
	return err;
}

static int make_node(const struct scratch *scratch)
{
	if (mknodat(scratch->fd, "node", S_IFCHR | 0600, makedev(1, 3)))
		return -errno;
	return unlinkat(scratch->fd, "node", 0) ? -errno : 0;
}

static int set_host_name(const struct scratch *scratch)
{
	struct utsname name;

	(void)scratch;
	if (uname(&name))
		return -errno;
	return sethostname(name.nodename, strlen(name.nodename)) ? -errno : 0;
}

FIXTURE(confine_caps)
{
	int dev;
	int ctx;
	struct scratch scratch;
};

FIXTURE_VARIANT(confine_caps)
{
	int cap;
	int (*act)(const struct scratch *scratch);
	int refused;
};

FIXTURE_VARIANT_ADD(confine_caps, dac_override) { CAP_DAC_OVERRIDE, override_modes, -EACCES };
FIXTURE_VARIANT_ADD(confine_caps, chown) { CAP_CHOWN, give_away, -EPERM };
FIXTURE_VARIANT_ADD(confine_caps, fowner) { CAP_FOWNER, change_foreign_mode, -EPERM };
FIXTURE_VARIANT_ADD(confine_caps, kill) { CAP_KILL, signal_foreigner, -EPERM };
FIXTURE_VARIANT_ADD(confine_caps, net_admin) { CAP_NET_ADMIN, mark_packets, -EPERM };
FIXTURE_VARIANT_ADD(confine_caps, net_raw) { CAP_NET_RAW, open_raw_socket, -EPERM };
FIXTURE_VARIANT_ADD(confine_caps, net_bind) { CAP_NET_BIND_SERVICE, bind_low_port, -EACCES };
FIXTURE_VARIANT_ADD(confine_caps, mknod) { CAP_MKNOD, make_node, -EPERM };
FIXTURE_VARIANT_ADD(confine_caps, sys_admin) { CAP_SYS_ADMIN, set_host_name, -EPERM };

FIXTURE_SETUP(confine_caps)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, file_make(&self->scratch, "closed", 3000, 3000, 0000));
}

FIXTURE_TEARDOWN(confine_caps)
{
	scratch_close(&self->scratch);
	close(self->dev);
}

struct act {
	const FIXTURE_DATA(confine_caps) *self;
	const FIXTURE_VARIANT(confine_caps) *variant;
};

static int impersonate_and_act(void *arg)
{
	struct act *it = arg;
	int err = context_impersonate(it->self->ctx);

	if (err)
		return -EPROTO;
	return it->variant->act(&it->self->scratch);
}

/* With these capabilities of client and server, what comes of the attempt? */
static int act(FIXTURE_DATA(confine_caps) *self, const FIXTURE_VARIANT(confine_caps) *variant,
	       uint64_t client_caps, const struct persona *server)
{
	struct act it = { self, variant };
	int result;

	self->ctx = capture_ids_caps(self->dev, 1001, 1001, client_caps, LEVEL);
	if (self->ctx < 0)
		return self->ctx;
	result = child_run(server, impersonate_and_act, &it);
	close(self->ctx);
	return result;
}

TEST_F(confine_caps, both_have_it)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS | CAP_BIT(variant->cap));

	EXPECT_EQ(0, act(self, variant, CAP_BIT(variant->cap), &server));
}

TEST_F(confine_caps, server_alone_has_it)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS | CAP_BIT(variant->cap));

	EXPECT_EQ(variant->refused, act(self, variant, CAPS_NONE, &server));
}

TEST_F(confine_caps, server_with_all_and_client_with_all_others)
{
	uint64_t others = ((CAP_BIT(CAP_LAST_CAP) << 1) - 1) & ~CAP_BIT(variant->cap);

	/* One that would do as well. */
	if (variant->cap == CAP_NET_ADMIN)
		others &= ~CAP_BIT(CAP_NET_RAW);
	EXPECT_EQ(variant->refused, act(self, variant, others, NULL));
}

TEST_F(confine_caps, client_alone_has_it)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS);

	EXPECT_EQ(variant->refused, act(self, variant, CAP_BIT(variant->cap), &server));
}

TEST_F(confine_caps, server_has_it_permitted_only)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS);

	server.permitted |= CAP_BIT(variant->cap);
	EXPECT_EQ(0, act(self, variant, CAP_BIT(variant->cap), &server));
}

TEST_F(confine_caps, server_has_it_inheritable_only)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS);

	server.inheritable = CAP_BIT(variant->cap);
	EXPECT_EQ(variant->refused, act(self, variant, CAP_BIT(variant->cap), &server));
}

FIXTURE(confine_sets)
{
	int dev;
};

FIXTURE_SETUP(confine_sets)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
}

FIXTURE_TEARDOWN(confine_sets)
{
	close(self->dev);
}

#define CLIENT_CAPS	(CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_KILL))

static int capture_me(const struct child *parent, void *dev)
{
	return child_send_fd(parent, capture_self(*(int *)dev, LEVEL));
}

/* A client with something in each set; KILL is permitted, not effective. */
static int capture_client(int dev)
{
	struct persona client = {
		.uid = 1001, .gid = 1001,
		.permitted = CLIENT_CAPS,
		.effective = CAP_BIT(CAP_CHOWN),
		.inheritable = CAP_BIT(CAP_CHOWN),
		.ambient = CAP_BIT(CAP_CHOWN),
	};
	struct child child;
	int ctx;

	if (child_start(&child, &client, capture_me, &dev))
		return -ECHILD;
	ctx = child_receive_fd(&child);
	child_finish(&child);
	return ctx;
}

TEST_F(confine_sets, permitted_of_the_client_is_not_gained)
{
	int ctx = capture_client(self->dev);
	struct identity client;
	uint64_t caps;

	ASSERT_EQ(0, context_identity(ctx, &client));
	EXPECT_EQ(CLIENT_CAPS, client.permitted);
	ASSERT_EQ(0, context_impersonate(ctx));
	ASSERT_EQ(0, worn_caps(&caps));
	EXPECT_EQ(CAP_BIT(CAP_CHOWN), caps);
	/* Nor is it there to be made effective. */
	ASSERT_EQ(0, context_identity(capture_self(self->dev, LEVEL), &client));
	EXPECT_EQ(CAP_BIT(CAP_CHOWN), client.permitted);
	EXPECT_EQ(-EPERM, persona_set_caps(CLIENT_CAPS, CLIENT_CAPS, CAPS_NONE));
	EXPECT_EQ(0, device_revert(self->dev));
}

TEST_F(confine_sets, nothing_is_ambient)
{
	ASSERT_EQ(0, context_impersonate(capture_client(self->dev)));
	for (int cap = 0; cap <= CAP_LAST_CAP; cap++) {
		EXPECT_EQ(0, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0))
			TH_LOG("capability %d", cap);
	}
	EXPECT_EQ(0, device_revert(self->dev));
}

/* The sets of the primary are there as ever, and are what capget(2) tells. */
TEST_F(confine_sets, primary_keeps_its_own)
{
	struct persona server = PERSONA_CAPS(1000, CAPS_SETIDS);
	struct identity before, seen;
	int ctx;

	server.inheritable = CAP_BIT(CAP_SETUID);
	server.ambient = CAP_BIT(CAP_SETUID);
	ctx = capture_client(self->dev);
	ASSERT_EQ(0, persona_take(&server));
	ASSERT_EQ(0, identity_objective(getpid(), &before));
	EXPECT_EQ(CAP_BIT(CAP_SETUID), before.ambient);

	ASSERT_EQ(0, context_impersonate(ctx));
	ASSERT_EQ(0, identity_objective(getpid(), &seen));
	EXPECT_TRUE(identity_equal(&before, &seen));
	EXPECT_EQ(0, device_revert(self->dev));
	ASSERT_EQ(0, identity_objective(getpid(), &seen));
	EXPECT_TRUE(identity_equal(&before, &seen));
	EXPECT_EQ(1, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_SETUID, 0, 0));
}

/* What either has dropped from its bounding set is in nobody's reach. */
TEST_F(confine_sets, bounding_is_that_of_both)
{
	int ctx;

	ASSERT_EQ(0, prctl(PR_CAPBSET_DROP, CAP_SYS_BOOT));
	ctx = capture_client(self->dev);
	ASSERT_EQ(0, prctl(PR_CAPBSET_DROP, CAP_SYS_TIME));
	ASSERT_EQ(0, context_impersonate(ctx));
	EXPECT_EQ(0, prctl(PR_CAPBSET_READ, CAP_SYS_BOOT));
	EXPECT_EQ(0, prctl(PR_CAPBSET_READ, CAP_SYS_TIME));
	EXPECT_EQ(1, prctl(PR_CAPBSET_READ, CAP_CHOWN));
	EXPECT_EQ(0, device_revert(self->dev));
}

static int capture_with_securebits(const struct child *parent, void *dev)
{
	if (prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NO_SETUID_FIXUP))
		return -errno;
	return child_send_fd(parent, capture_self(*(int *)dev, LEVEL));
}

TEST_F(confine_sets, securebits_are_the_server_s)
{
	int bits = SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
	struct child child;
	int ctx, worn;

	ASSERT_EQ(0, child_start(&child, NULL, capture_with_securebits, &self->dev));
	ctx = child_receive_fd(&child);
	EXPECT_EQ(0, child_finish(&child));
	ASSERT_EQ(0, prctl(PR_SET_SECUREBITS, bits));

	ASSERT_EQ(0, context_impersonate(ctx));
	worn = prctl(PR_GET_SECUREBITS);
	EXPECT_EQ(bits, worn & (SECURE_ALL_BITS | SECURE_ALL_LOCKS));
	EXPECT_EQ(MARK, worn & MARK);
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(bits, prctl(PR_GET_SECUREBITS));
}

/* Nobody can pretend to be marked. */
TEST_F(confine_sets, the_mark_cannot_be_set)
{
	for (int bit = 8; bit < 31; bit++) {
		EXPECT_EQ(-1, prctl(PR_SET_SECUREBITS, 1UL << bit));
		EXPECT_EQ(EPERM, errno);
	}
}

TEST_HARNESS_MAIN
