// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a server has promised of its own privileges (no_new_privs, securebits)
 * gives it nothing at the gate, and takes nothing away that it has.
 */
#include "harness.h"
#include <linux/securebits.h>
#include <sys/prctl.h>

#include "child.h"
#include "device.h"
#include "identity.h"

#define CLIENT	1001
#define LEVEL	NTIMP_LEVEL_IMPERSONATION

FIXTURE(gate_promises)
{
	int dev;
	int ctx;
};

/* Of a server that promises both: what comes of it at the gate. */
FIXTURE_VARIANT(gate_promises)
{
	struct persona server;
	bool no_new_privs;
	unsigned int securebits;
	int result;
};

#define PROMISE(name, ...)	FIXTURE_VARIANT_ADD(gate_promises, name) { __VA_ARGS__ }
#define BOTH			{ .uid = 1000, .gid = 1000, .permitted = CAPS_SETIDS, \
				  .effective = CAPS_SETIDS }
#define NONE			{ .uid = 1000, .gid = 1000 }
#define ITSELF			{ .uid = CLIENT, .gid = CLIENT }
#define ROOT			{ .permitted = CAPS_ALL, .effective = CAPS_ALL }
#define BARE_ROOT		{ .uid = 0 }
#define LOCKED	(SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | \
		 SECBIT_NO_SETUID_FIXUP_LOCKED | \
		 SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

PROMISE(both, BOTH, false, 0, 0);
PROMISE(both_no_new_privs, BOTH, true, 0, 0);
PROMISE(both_noroot, BOTH, false, SECBIT_NOROOT, 0);
PROMISE(both_keep_caps, BOTH, false, SECBIT_KEEP_CAPS, 0);
PROMISE(both_no_setuid_fixup, BOTH, false, SECBIT_NO_SETUID_FIXUP, 0);
PROMISE(both_locked, BOTH, true, LOCKED, 0);
PROMISE(none, NONE, false, 0, -EPERM);
PROMISE(none_no_new_privs, NONE, true, 0, -EPERM);
PROMISE(none_keep_caps, NONE, false, SECBIT_KEEP_CAPS, -EPERM);
PROMISE(none_locked, NONE, true, LOCKED, -EPERM);
PROMISE(itself, ITSELF, false, 0, 0);
PROMISE(itself_no_new_privs, ITSELF, true, 0, 0);
PROMISE(itself_locked, ITSELF, true, LOCKED, 0);
PROMISE(root_locked, ROOT, true, LOCKED, 0);
PROMISE(bare_root, BARE_ROOT, false, 0, -EPERM);
PROMISE(bare_root_locked, BARE_ROOT, true, LOCKED, -EPERM);

FIXTURE_SETUP(gate_promises)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, CLIENT, CLIENT, 0, NULL, LEVEL);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(gate_promises)
{
	close(self->ctx);
	close(self->dev);
}

struct scene {
	const FIXTURE_DATA(gate_promises) *self;
	const FIXTURE_VARIANT(gate_promises) *variant;
};

/* Of the kernel's own bits, whatever else is there. */
static unsigned int securebits(void)
{
	return prctl(PR_GET_SECUREBITS) & (SECURE_ALL_BITS | SECURE_ALL_LOCKS);
}

static int promise_and_serve(void *arg)
{
	const struct scene *scene = arg;
	const struct persona *server = &scene->variant->server;
	int err;

	/* Before the capabilities go that this takes. */
	if (prctl(PR_SET_SECUREBITS, scene->variant->securebits | SECBIT_NO_SETUID_FIXUP) ||
	    persona_take(server))
		return -EPROTO;
	if (scene->variant->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -EPROTO;

	err = context_impersonate(scene->self->ctx);
	if (err)
		return acts_as(server->uid, server->gid) ? err : -EPROTO;
	if (!acts_as(CLIENT, CLIENT) || !is_seen_as(thread_id(), server->uid, server->gid))
		return -EPROTO;
	/* They bind the thread whoever it acts as. */
	if ((securebits() & scene->variant->securebits & ~SECBIT_KEEP_CAPS) !=
	    (scene->variant->securebits & ~SECBIT_KEEP_CAPS) ||
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != scene->variant->no_new_privs)
		return -ERANGE;
	return device_revert(scene->self->dev);
}

TEST_F(gate_promises, serve)
{
	struct scene scene = { self, variant };

	EXPECT_EQ(variant->result, child_run(NULL, promise_and_serve, &scene));
}

TEST_HARNESS_MAIN
