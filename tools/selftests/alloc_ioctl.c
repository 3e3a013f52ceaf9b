// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation fails once: each call is made with its first allocation
 * failing, then with its second, and so on until there are no more.  A failure
 * is ENOMEM, and leaves the thread and the module as they were.
 */
#include "harness.h"
#include <fcntl.h>
#include <sys/socket.h>

#include "device.h"
#include "fault.h"
#include "identity.h"
#include "module.h"
#include "persona.h"

#define LEVEL		NTIMP_LEVEL_IMPERSONATION
#define CLIENT		1001
#define OTHER		1002
#define TRIES		64	/* no call allocates so often */
#define NEVER		100000	/* so no allocation fails */
#define MANY_GROUPS	4000	/* more than fit into a page */

FIXTURE(alloc_ioctl) {
	int dev;
	int used;	/* a context that was impersonated before */
	int fresh;	/* one that was not */
	int ends[2];	/* of a socketpair */
	struct fault fault;
};

/*
 * @call: the call: a value >= 0 or -errno
 * @makes_fd: what it returns is a descriptor
 * @failures: how many of its allocations make it fail, at least
 * @itself: what it returns to a thread that doesn't impersonate (0: a
 *	descriptor if it makes one)
 */
FIXTURE_VARIANT(alloc_ioctl) {
	int (*call)(const FIXTURE_DATA(alloc_ioctl) *self);
	bool makes_fd;
	int failures;
	int itself;
};

static int call_version(const FIXTURE_DATA(alloc_ioctl) *self)
{
	struct ntimp_version version = { .size = sizeof(version) };

	return device_version(self->dev, &version);
}

static int call_capture_self(const FIXTURE_DATA(alloc_ioctl) *self)
{
	return capture_self(self->dev, LEVEL);
}

static int call_capture_thread(const FIXTURE_DATA(alloc_ioctl) *self)
{
	return capture_thread(self->dev, thread_id(), LEVEL);
}

static int call_capture_peer(const FIXTURE_DATA(alloc_ioctl) *self)
{
	return capture_peer(self->dev, self->ends[0], LEVEL);
}

static const gid_t groups[MANY_GROUPS] = { 5, 6, 7 };

static int call_capture_ids(const FIXTURE_DATA(alloc_ioctl) *self)
{
	return capture_ids(self->dev, CLIENT, CLIENT, 3, groups, LEVEL);
}

static int call_capture_many_groups(const FIXTURE_DATA(alloc_ioctl) *self)
{
	return capture_ids(self->dev, CLIENT, CLIENT, MANY_GROUPS, groups, LEVEL);
}

static int call_capture_anonymous(const FIXTURE_DATA(alloc_ioctl) *self)
{
	return capture_anonymous(self->dev);
}

static int call_capture_context(const FIXTURE_DATA(alloc_ioctl) *self)
{
	return capture_context(self->dev, self->used, LEVEL);
}

static int call_impersonate_fresh(const FIXTURE_DATA(alloc_ioctl) *self)
{
	return context_impersonate(self->fresh);
}

static int call_impersonate_used(const FIXTURE_DATA(alloc_ioctl) *self)
{
	return context_impersonate(self->used);
}

static int call_revert(const FIXTURE_DATA(alloc_ioctl) *self)
{
	return device_revert(self->dev);
}

static int call_revert_by_context(const FIXTURE_DATA(alloc_ioctl) *self)
{
	return device_revert(self->fresh);
}

static int call_query_thread(const FIXTURE_DATA(alloc_ioctl) *self)
{
	struct identity client;

	return device_worn_identity(self->dev, 0, &client);
}

static int call_query_context(const FIXTURE_DATA(alloc_ioctl) *self)
{
	struct identity client;

	return context_identity(self->used, &client);
}

#define CALL(name, ...) \
	FIXTURE_VARIANT_ADD(alloc_ioctl, name) { .call = call_##name, __VA_ARGS__ }

CALL(version);
/* Those that make a context: the context itself, a directory entry, a file. */
CALL(capture_self, .makes_fd = true, .failures = 3);
CALL(capture_thread, .makes_fd = true, .failures = 3);
CALL(capture_peer, .makes_fd = true, .failures = 3);
/* And a cred and its groups. */
CALL(capture_ids, .makes_fd = true, .failures = 5);
CALL(capture_many_groups, .makes_fd = true, .failures = 4);
CALL(capture_anonymous, .makes_fd = true, .failures = 5);
CALL(capture_context, .makes_fd = true, .failures = 3);
/* What is kept of it, and two creds to make one of. */
CALL(impersonate_fresh, .failures = 3);
CALL(impersonate_used);
CALL(revert);
CALL(revert_by_context);
CALL(query_thread, .itself = -ENOENT);
CALL(query_context);

FIXTURE_SETUP(alloc_ioctl)
{
	int err = fault_open(&self->fault);

	if (err == -ENOENT)
		SKIP(return, "this kernel has no CONFIG_FAILSLAB");
	ASSERT_EQ(0, err);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, self->ends));
	self->dev = device_open();
	ASSERT_LE(0, self->dev);
	self->used = capture_ids_caps(self->dev, CLIENT, CLIENT, CAP_BIT(CAP_SYS_RESOURCE), LEVEL);
	ASSERT_LE(0, self->used);
	ASSERT_EQ(0, context_impersonate(self->used));
	ASSERT_EQ(0, device_revert(self->dev));
}

FIXTURE_TEARDOWN(alloc_ioctl)
{
	fault_close(&self->fault);
	close(self->used);
	close(self->dev);
	close(self->ends[0]);
	close(self->ends[1]);
}

/* Everything that a failure must leave alone. */
struct state {
	struct identity objective;
	struct identity subjective;
	int64_t worn;
	int descriptors;
	int uses;
};

static int count_descriptors(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static int state_take(const FIXTURE_DATA(alloc_ioctl) *self, struct state *state)
{
	state->worn = device_worn_id(self->dev, 0);
	state->descriptors = count_descriptors();
	state->uses = module_uses();
	return identity_objective(thread_id(), &state->objective) ?:
	       identity_subjective(&state->subjective);
}

static void expect_same_state(struct __test_metadata *_metadata, const struct state *before,
			      const struct state *after)
{
	EXPECT_TRUE(identity_equal(&before->objective, &after->objective));
	EXPECT_TRUE(identity_equal(&before->subjective, &after->subjective));
	EXPECT_EQ(before->worn, after->worn);
	EXPECT_EQ(before->descriptors, after->descriptors);
	EXPECT_EQ(before->uses, after->uses);
}

static int start_again(const FIXTURE_DATA(alloc_ioctl) *self, bool impersonating)
{
	return impersonating ? context_impersonate(self->used) : device_revert(self->dev);
}

/* Make the call with allocation @nth failing: 1: there was one; 0: there was none. */
static int try_call(struct __test_metadata *_metadata, FIXTURE_DATA(alloc_ioctl) *self,
		    const FIXTURE_VARIANT(alloc_ioctl) *variant, bool impersonating,
		    unsigned int nth, int *result)
{
	struct state before, after;
	int failed;

	ASSERT_EQ(0, start_again(self, impersonating));
	self->fresh = capture_ids(self->dev, OTHER, OTHER, 0, NULL, LEVEL);
	ASSERT_LE(0, self->fresh);
	ASSERT_EQ(0, state_take(self, &before));

	ASSERT_EQ(0, fault_arm(&self->fault, nth));
	*result = variant->call(self);
	failed = fault_disarm(&self->fault);

	if (variant->makes_fd && *result >= 0) {
		EXPECT_EQ(0, close(*result));
		*result = 0;
	}
	if (*result < 0) {
		ASSERT_EQ(0, state_take(self, &after));
		expect_same_state(_metadata, &before, &after);
	}
	EXPECT_EQ(0, close(self->fresh));
	EXPECT_LE(0, failed);
	return failed;
}

/*
 * What the kernel allocates for itself, to look for faults, may fail without
 * consequences: so a failed allocation without a failure ends nothing.
 */
static void fails_once(struct __test_metadata *_metadata, FIXTURE_DATA(alloc_ioctl) *self,
		       const FIXTURE_VARIANT(alloc_ioctl) *variant, bool impersonating)
{
	int expected = impersonating ? 0 : variant->itself;
	int result, failures = 0;
	unsigned int nth;

	/* Nothing that is touched for the first time may come in between. */
	ASSERT_EQ(0, try_call(_metadata, self, variant, impersonating, NEVER, &result));
	ASSERT_EQ(expected, result);
	for (nth = 1; nth <= TRIES; nth++) {
		if (!try_call(_metadata, self, variant, impersonating, nth, &result))
			break;
		if (result == -ENOMEM)
			failures++;
		else
			EXPECT_EQ(expected, result) TH_LOG("allocation %u", nth);
	}
	EXPECT_EQ(expected, result);
	EXPECT_GE(TRIES, nth);
	EXPECT_LE(variant->failures, failures);
	if (!variant->failures)
		EXPECT_EQ(0, failures);
	TH_LOG("%u allocations, %d failures", nth - 1, failures);
	ASSERT_EQ(0, device_revert(self->dev));
}

TEST_F(alloc_ioctl, fails_once_as_itself)
{
	fails_once(_metadata, self, variant, false);
}

TEST_F(alloc_ioctl, fails_once_while_impersonating)
{
	fails_once(_metadata, self, variant, true);
}

TEST_HARNESS_MAIN
