// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a server has promised about its own programs and ids, no_new_privs and
 * securebits, neither gives nor takes rights over clients, and stays on.
 */
#include "harness.h"
#include <linux/securebits.h>
#include <sys/prctl.h>

#include "child.h"
#include "device.h"
#include "identity.h"

FIXTURE(gate_promise)
{
	int dev;
	int ctx;
};

FIXTURE_VARIANT(gate_promise)
{
	uint64_t caps;
	int no_new_privs;
	unsigned long securebits;
	int result;
};

FIXTURE_VARIANT_ADD(gate_promise, no_new_privs_with_both)
{
	.caps = CAPS_SETIDS, .no_new_privs = 1, .result = 0,
};

FIXTURE_VARIANT_ADD(gate_promise, no_new_privs_without_rights)
{
	.caps = CAPS_NONE, .no_new_privs = 1, .result = -EPERM,
};

FIXTURE_VARIANT_ADD(gate_promise, securebits_with_both)
{
	.caps = CAPS_SETIDS, .securebits = SECBIT_NOROOT | SECBIT_NO_SETUID_FIXUP, .result = 0,
};

FIXTURE_VARIANT_ADD(gate_promise, securebits_without_rights)
{
	.caps = CAPS_NONE, .securebits = SECBIT_NOROOT | SECBIT_NO_SETUID_FIXUP,
	.result = -EPERM,
};

FIXTURE_SETUP(gate_promise)
{
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->ctx = capture_ids(self->dev, 1001, 1001, 0, NULL, NTIMP_LEVEL_IMPERSONATION);
	ASSERT_LE(0, self->ctx);
}

FIXTURE_TEARDOWN(gate_promise)
{
	close(self->ctx);
	close(self->dev);
}

struct scene {
	const FIXTURE_DATA(gate_promise) *self;
	const FIXTURE_VARIANT(gate_promise) *variant;
};

static int keeps_promises(const FIXTURE_VARIANT(gate_promise) *variant)
{
	unsigned long all = SECBIT_NOROOT | SECBIT_NO_SETUID_FIXUP;

	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == variant->no_new_privs &&
	       (prctl(PR_GET_SECUREBITS) & all) == variant->securebits;
}

/* As root, which may set securebits, and then as a user with the capabilities. */
static int serve(void *arg)
{
	const struct scene *scene = arg;
	struct persona server = PERSONA_CAPS(1000, scene->variant->caps);
	int err;

	if (prctl(PR_SET_SECUREBITS, scene->variant->securebits) || persona_take(&server))
		return -EPROTO;
	if (scene->variant->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -EPROTO;
	if (!keeps_promises(scene->variant))
		return -EPROTO;

	err = context_impersonate(scene->self->ctx);
	if (!keeps_promises(scene->variant))
		return -EPROTO;
	if (err)
		return acts_as(1000, 1000) ? err : -EPROTO;
	if (!acts_as(1001, 1001) || device_revert(scene->self->dev))
		return -EPROTO;
	return acts_as(1000, 1000) && keeps_promises(scene->variant) ? 0 : -EPROTO;
}

TEST_F(gate_promise, serve)
{
	struct scene scene = { .self = self, .variant = variant };

	EXPECT_EQ(variant->result, child_run(NULL, serve, &scene));
}

TEST_HARNESS_MAIN
