// SPDX-License-Identifier: GPL-2.0-only
/*
 * Servers and clients of different user namespaces: the server's rights count
 * in the client's one.
 */
#include "harness.h"
#include <fcntl.h>
#include <sched.h>

#include "child.h"
#include "device.h"
#include "identity.h"
#include "scratch.h"
#include "worncaps.h"

#define LEVEL	NTIMP_LEVEL_IMPERSONATION

#define MAP_FIRST	"0 100000 1000"
#define MAP_BELOW	"0 10 100"	/* of the first one's ids */

enum place {
	INITIAL,
	FIRST,
	BELOW,	/* within the first one */
	OTHER,	/* with the same ids as the first one */
};

FIXTURE(gate_userns)
{
	int dev;
	int first_ns;
	struct scratch scratch;
};

FIXTURE_VARIANT(gate_userns)
{
	enum place client_in;
	enum place server_in;
	/* With ids of the namespace that each is in. */
	struct persona client;
	struct persona server;
	/* Who makes, and so owns, the first namespace. */
	uid_t owner;
	int result;
	/* The client in the initial namespace, and its capabilities as worn. */
	uid_t outside;
	uint64_t caps;
};

FIXTURE_VARIANT_ADD(gate_userns, root_and_client_in_child)
{
	.client_in = FIRST, .server_in = INITIAL,
	.client = { .uid = 5, .gid = 5 },
	.server = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.result = 0, .outside = 100005,
};

/* Capabilities of another namespace mean nothing to the server. */
FIXTURE_VARIANT_ADD(gate_userns, root_and_root_of_child)
{
	.client_in = FIRST, .server_in = INITIAL,
	.client = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.server = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.result = 0, .outside = 100000, .caps = CAPS_NONE,
};

FIXTURE_VARIANT_ADD(gate_userns, user_with_both_and_client_in_child)
{
	.client_in = FIRST, .server_in = INITIAL,
	.client = { .uid = 5, .gid = 5 },
	.server = {
		.uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS, .effective = CAPS_SETIDS,
	},
	.result = 0, .outside = 100005,
};

/* Root of a namespace below the server's isn't root for the server. */
FIXTURE_VARIANT_ADD(gate_userns, user_with_both_and_root_of_child)
{
	.client_in = FIRST, .server_in = INITIAL,
	.client = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.server = {
		.uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS, .effective = CAPS_SETIDS,
	},
	.result = 0, .outside = 100000, .caps = CAPS_NONE,
};

FIXTURE_VARIANT_ADD(gate_userns, user_without_rights_and_client_in_child)
{
	.client_in = FIRST, .server_in = INITIAL,
	.client = { .uid = 5, .gid = 5 },
	.server = { .uid = 1000, .gid = 1000 },
	.result = -EPERM,
};

/* The kernel gives who made a namespace all capabilities in it. */
FIXTURE_VARIANT_ADD(gate_userns, owner_of_child_and_client_in_child)
{
	.client_in = FIRST, .server_in = INITIAL, .owner = 1000,
	.client = { .uid = 5, .gid = 5 },
	.server = { .uid = 1000, .gid = 1000 },
	.result = 0, .outside = 100005,
};

FIXTURE_VARIANT_ADD(gate_userns, both_in_child)
{
	.client_in = FIRST, .server_in = FIRST,
	.client = {
		.uid = 5, .gid = 5, .permitted = CAPS_SETIDS, .effective = CAP_BIT(CAP_SETUID),
	},
	.server = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.result = 0, .outside = 100005, .caps = CAP_BIT(CAP_SETUID),
};

FIXTURE_VARIANT_ADD(gate_userns, both_in_child_user_with_both)
{
	.client_in = FIRST, .server_in = FIRST,
	.client = { .uid = 5, .gid = 5 },
	.server = { .uid = 6, .gid = 6, .permitted = CAPS_SETIDS, .effective = CAPS_SETIDS },
	.result = 0, .outside = 100005,
};

FIXTURE_VARIANT_ADD(gate_userns, both_in_child_user_without_rights)
{
	.client_in = FIRST, .server_in = FIRST,
	.client = { .uid = 5, .gid = 5 },
	.server = { .uid = 6, .gid = 6 },
	.result = -EPERM,
};

/* Root of the server's own namespace is root for the server. */
FIXTURE_VARIANT_ADD(gate_userns, both_in_child_user_with_both_and_root)
{
	.client_in = FIRST, .server_in = FIRST,
	.client = { .uid = 0 },
	.server = { .uid = 6, .gid = 6, .permitted = CAPS_SETIDS, .effective = CAPS_SETIDS },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_userns, server_in_child_and_mapped_client_outside)
{
	.client_in = INITIAL, .server_in = FIRST,
	.client = { .uid = 100005, .gid = 100005 },
	.server = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_userns, server_in_child_and_unmapped_client_outside)
{
	.client_in = INITIAL, .server_in = FIRST,
	.client = { .uid = 1001, .gid = 1001 },
	.server = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_userns, server_in_child_and_root_outside)
{
	.client_in = INITIAL, .server_in = FIRST,
	.client = { .uid = 0 },
	.server = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.result = -EPERM,
};

/* The same number everywhere, but in another namespace. */
FIXTURE_VARIANT_ADD(gate_userns, server_in_child_and_itself_outside)
{
	.client_in = INITIAL, .server_in = FIRST,
	.client = { .uid = 100005, .gid = 100005 },
	.server = { .uid = 5, .gid = 5 },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_userns, siblings)
{
	.client_in = OTHER, .server_in = FIRST,
	.client = { .uid = 5, .gid = 5 },
	.server = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_userns, server_in_child_and_client_in_grandchild)
{
	.client_in = BELOW, .server_in = FIRST,
	.client = { .uid = 5, .gid = 5 },
	.server = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.result = 0, .outside = 100015,
};

FIXTURE_VARIANT_ADD(gate_userns, root_and_client_in_grandchild)
{
	.client_in = BELOW, .server_in = INITIAL,
	.client = { .uid = 5, .gid = 5 },
	.server = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.result = 0, .outside = 100015,
};

FIXTURE_VARIANT_ADD(gate_userns, server_in_grandchild_and_client_in_child)
{
	.client_in = FIRST, .server_in = BELOW,
	.client = { .uid = 15, .gid = 15 },
	.server = { .permitted = CAPS_ALL, .effective = CAPS_ALL },
	.result = -EPERM,
};

static int make_ns(const struct child *parent, void *map)
{
	int err = userns_enter(map, map), fd;

	if (err)
		return err;
	fd = open("/proc/self/ns/user", O_RDONLY);
	return fd < 0 ? -errno : child_send_fd(parent, fd);
}

FIXTURE_SETUP(gate_userns)
{
	struct persona owner = PERSONA_CAPS(variant->owner, CAPS_ALL);
	char map[] = MAP_FIRST;
	struct child child;

	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	ASSERT_EQ(0, child_start(&child, &owner, make_ns, map));
	self->first_ns = child_receive_fd(&child);
	ASSERT_LE(0, self->first_ns);
	ASSERT_EQ(0, child_finish(&child));
}

FIXTURE_TEARDOWN(gate_userns)
{
	scratch_close(&self->scratch);
	close(self->first_ns);
	close(self->dev);
}

static int go_to(enum place place, int first_ns)
{
	struct persona root = PERSONA_ROOT;
	int err;

	switch (place) {
	case INITIAL:
		return 0;
	case OTHER:
		return userns_enter(MAP_FIRST, MAP_FIRST);
	default:
		if (setns(first_ns, CLONE_NEWUSER))
			return -errno;
		if (place == FIRST)
			return 0;
		err = persona_take(&root);
		return err ? err : userns_enter(MAP_BELOW, MAP_BELOW);
	}
}

struct scene {
	const FIXTURE_DATA(gate_userns) *self;
	const FIXTURE_VARIANT(gate_userns) *variant;
	int ctx;
};

static int be_client(const struct child *parent, void *arg)
{
	struct scene *scene = arg;
	int err = go_to(scene->variant->client_in, scene->self->first_ns);

	if (!err)
		err = persona_take(&scene->variant->client);
	return err ? err : child_send_fd(parent, capture_self(scene->self->dev, LEVEL));
}

static int be_server(void *arg)
{
	struct scene *scene = arg;
	struct identity before, after;
	uint64_t caps;
	int err = go_to(scene->variant->server_in, scene->self->first_ns);

	if (!err)
		err = persona_take(&scene->variant->server);
	if (err || identity_subjective(&before))
		return -EPROTO;
	err = context_impersonate(scene->ctx);
	if (err) {
		if (identity_subjective(&after) || !identity_equal(&before, &after))
			return -EPROTO;
		return err;
	}

	/* It sees its ids as the client does, being in the client's namespace. */
	if (!acts_as(scene->variant->client.uid, scene->variant->client.gid))
		return -EPROTO;
	err = worn_caps(&caps);
	if (err)
		return err;
	if (caps != scene->variant->caps)
		return -ERANGE;
	err = file_create(&scene->self->scratch, "made");
	if (err || device_revert(scene->self->dev))
		return err ?: -EPROTO;
	if (identity_subjective(&after) || !identity_equal(&before, &after))
		return -EPROTO;
	return 0;
}

TEST_F(gate_userns, serve)
{
	struct scene scene = { .self = self, .variant = variant };
	struct child child;

	ASSERT_EQ(0, child_start(&child, NULL, be_client, &scene));
	scene.ctx = child_receive_fd(&child);
	ASSERT_LE(0, scene.ctx);
	ASSERT_EQ(0, child_finish(&child));

	EXPECT_EQ(variant->result, child_run(NULL, be_server, &scene));
	if (!variant->result) {
		EXPECT_TRUE(file_belongs_to(&self->scratch, "made", variant->outside,
					    variant->outside));
	}
}

TEST_HARNESS_MAIN
