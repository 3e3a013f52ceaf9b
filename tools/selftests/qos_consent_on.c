// SPDX-License-Identifier: GPL-2.0-only
/*
 * With the parameter consent any server acts as a client that handed it a
 * context for that, unless that makes it root, or it has promised to gain
 * nothing (no_new_privs).
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/prctl.h>

#include "actor.h"
#include "child.h"
#include "device.h"
#include "identity.h"
#include "scratch.h"
#include "worncaps.h"

#define CLIENT	1001
#define SERVER	1000

FIXTURE(qos_consent_on)
{
	int dev;
	int ctx;
	struct scratch scratch;
};

/*
 * @client: who hands a context over
 * @qos: and how
 * @server: who gets it
 * @no_new_privs: and its promise
 * @result: what comes of it
 */
FIXTURE_VARIANT(qos_consent_on)
{
	struct persona client;
	struct ntimp_qos qos;
	struct persona server;
	bool no_new_privs;
	int result;
};

#define CONSENT(name, ...)	FIXTURE_VARIANT_ADD(qos_consent_on, name) { __VA_ARGS__ }
#define FREELY			{ .level = NTIMP_LEVEL_IMPERSONATION, .flags = NTIMP_QOS_CONSENT }
#define FREELY_AT(_level)	{ .level = _level, .flags = NTIMP_QOS_CONSENT }
#define NOT_FREELY		{ .level = NTIMP_LEVEL_IMPERSONATION }
#define WHO(id)			{ .uid = id, .gid = id }
#define WITH(id, caps)		{ .uid = id, .gid = id, .permitted = caps, .effective = caps }

CONSENT(user, WHO(CLIENT), FREELY, WHO(SERVER), false, 0);
CONSENT(delegated, WHO(CLIENT), FREELY_AT(NTIMP_LEVEL_DELEGATION), WHO(SERVER), false, 0);
CONSENT(not_given, WHO(CLIENT), NOT_FREELY, WHO(SERVER), false, -EPERM);
CONSENT(to_no_new_privs, WHO(CLIENT), FREELY, WHO(SERVER), true, -EPERM);
CONSENT(to_some_rights, WHO(CLIENT), FREELY, WITH(SERVER, CAP_BIT(CAP_SETUID)), false, 0);
CONSENT(of_capable_client, WITH(CLIENT, CAPS_ALL), FREELY, WHO(SERVER), false, 0);
CONSENT(of_root, WITH(0, CAPS_ALL), FREELY, WHO(SERVER), false, -EPERM);
CONSENT(of_root_without_caps, WHO(0), FREELY, WHO(SERVER), false, -EPERM);
CONSENT(of_root_to_root, WITH(0, CAPS_ALL), FREELY, WHO(0), false, 0);
CONSENT(rights_of_no_new_privs, WHO(CLIENT), FREELY, WITH(SERVER, CAPS_SETIDS), true, 0);
CONSENT(itself_with_no_new_privs, WHO(CLIENT), FREELY, WHO(CLIENT), true, 0);
CONSENT(more_of_itself, WITH(CLIENT, CAPS_SETIDS), FREELY, WHO(CLIENT), false, 0);
CONSENT(more_of_itself_with_no_new_privs, WITH(CLIENT, CAPS_SETIDS), FREELY, WHO(CLIENT), true,
	-EPERM);

struct handing {
	int dev;
	struct ntimp_qos qos;
};

static int hand_over(const struct child *parent, void *arg)
{
	const struct handing *handing = arg;

	return child_send_fd(parent, capture_self_qos(handing->dev, handing->qos));
}

FIXTURE_SETUP(qos_consent_on)
{
	struct handing handing = { .qos = variant->qos };
	struct child client;

	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	ASSERT_EQ(0, scratch_open(&self->scratch));
	handing.dev = self->dev;
	ASSERT_EQ(0, child_start(&client, &variant->client, hand_over, &handing));
	self->ctx = child_receive_fd(&client);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, child_finish(&client));
}

FIXTURE_TEARDOWN(qos_consent_on)
{
	scratch_close(&self->scratch);
	close(self->ctx);
	close(self->dev);
}

struct scene {
	const FIXTURE_DATA(qos_consent_on) *self;
	const FIXTURE_VARIANT(qos_consent_on) *variant;
	int ctx;
};

static int serve(void *arg)
{
	const struct scene *scene = arg;
	const struct persona *server = &scene->variant->server;
	const struct persona *client = &scene->variant->client;
	uint64_t caps;
	int err;

	if (scene->variant->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -EPROTO;
	err = context_impersonate(scene->ctx);
	if (err)
		return acts_as(server->uid, server->gid) ? err : -EPROTO;
	if (!acts_as(client->uid, client->gid) ||
	    !is_seen_as(thread_id(), server->uid, server->gid))
		return -EPROTO;
	err = worn_caps(&caps);
	if (err || caps & ~server->permitted)
		return err ?: -ERANGE;
	err = file_create(&scene->self->scratch, "made");
	return err ?: device_revert(scene->self->dev);
}

TEST_F(qos_consent_on, serve)
{
	struct scene scene = { self, variant, self->ctx };

	EXPECT_EQ(variant->result, child_run(&variant->server, serve, &scene));
	if (!variant->result)
		EXPECT_TRUE(file_belongs_to(&self->scratch, "made", variant->client.uid,
					    variant->client.gid));
}

static int duplicate_and_serve(void *arg)
{
	struct scene scene = *(struct scene *)arg;

	scene.ctx = capture_context_qos(scene.self->dev, scene.ctx, scene.variant->qos);
	return scene.ctx < 0 ? scene.ctx : serve(&scene);
}

TEST_F(qos_consent_on, serve_with_a_duplicate)
{
	struct scene scene = { self, variant, self->ctx };

	EXPECT_EQ(variant->result, child_run(&variant->server, duplicate_and_serve, &scene));
}

FIXTURE(qos_consent_threads)
{
	int dev;
	int ctx;
};

FIXTURE_SETUP(qos_consent_threads)
{
	struct handing handing = { .qos = FREELY };
	struct persona user = PERSONA_USER(CLIENT), server = PERSONA_USER(SERVER);
	struct child client;

	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	handing.dev = self->dev;
	ASSERT_EQ(0, child_start(&client, &user, hand_over, &handing));
	self->ctx = child_receive_fd(&client);
	ASSERT_LE(0, self->ctx);
	ASSERT_EQ(0, child_finish(&client));
	ASSERT_EQ(0, persona_take(&server));
}

FIXTURE_TEARDOWN(qos_consent_threads)
{
	close(self->ctx);
	close(self->dev);
}

static int promise(void *unused)
{
	(void)unused;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;
}

static int impersonate(void *ctx)
{
	return context_impersonate(*(int *)ctx);
}

static int revert(void *dev)
{
	return device_revert(*(int *)dev);
}

/*
 * Threads share their credentials, but not that promise: what was applied for
 * one of them isn't for the other.
 */
TEST_F(qos_consent_threads, one_promised)
{
	struct actor promised, other;

	ASSERT_EQ(0, actor_start(&promised));
	ASSERT_EQ(0, actor_start(&other));
	ASSERT_EQ(0, actor_call(&promised, promise, NULL));
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(-EPERM, actor_call(&promised, impersonate, &self->ctx));
		EXPECT_EQ(0, actor_call(&other, impersonate, &self->ctx));
		EXPECT_EQ(-EPERM, actor_call(&promised, impersonate, &self->ctx));
		EXPECT_EQ(-ENOENT, device_worn_id(self->dev, promised.tid));
		EXPECT_EQ(context_id(self->ctx), device_worn_id(self->dev, other.tid));
		EXPECT_EQ(0, actor_call(&other, revert, &self->dev));
	}
	actor_stop(&promised);
	actor_stop(&other);
}

/* A promise made meanwhile holds for the next time. */
TEST_F(qos_consent_threads, promised_while_impersonating)
{
	ASSERT_EQ(0, context_impersonate(self->ctx));
	ASSERT_EQ(0, promise(NULL));
	EXPECT_TRUE(acts_as(CLIENT, CLIENT));
	EXPECT_EQ(-EPERM, context_impersonate(self->ctx));
	EXPECT_TRUE(acts_as(CLIENT, CLIENT));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(-EPERM, context_impersonate(self->ctx));
}

/* The server can't make a lasting right of it. */
TEST_F(qos_consent_threads, cannot_be_kept)
{
	int copy, below;

	ASSERT_EQ(0, context_impersonate(self->ctx));
	copy = capture_self(self->dev, NTIMP_LEVEL_IMPERSONATION);
	EXPECT_LE(0, copy);
	EXPECT_EQ(-EPERM, capture_self_qos(self->dev, (struct ntimp_qos)FREELY));
	EXPECT_EQ(-EPERM, capture_self(self->dev, NTIMP_LEVEL_DELEGATION));
	EXPECT_EQ(0, device_revert(self->dev));
	EXPECT_EQ(-EPERM, context_impersonate(copy));
	below = capture_context(self->dev, self->ctx, NTIMP_LEVEL_IMPERSONATION);
	EXPECT_LE(0, below);
	EXPECT_EQ(-EPERM, context_impersonate(below));
}

TEST_F(qos_consent_threads, is_said_and_fixed)
{
	struct ntimp_version version = { .size = sizeof(version) };

	ASSERT_EQ(0, device_version(self->dev, &version));
	EXPECT_EQ(NTIMP_PARAM_CONSENT, version.params);
	EXPECT_EQ(-1, open("/sys/module/ntimp/parameters/consent", O_WRONLY));
	EXPECT_EQ(EACCES, errno);
}

TEST_HARNESS_MAIN
