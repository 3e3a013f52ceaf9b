// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ids, groups and capabilities can't be changed while impersonating: the
 * kernel would change the two identities of the thread into one.
 *
 * Raw system calls, as the C library's change all threads of a process.
 */
#include "harness.h"
#include <linux/capability.h>
#include <sys/syscall.h>

#include "refusals.h"

#define CALL(name, ...) \
	static int call_##name(void) \
	{ \
		return syscall(__VA_ARGS__) ? -errno : 0; \
	}

static const gid_t two_groups[] = { 2000, 2001 };

CALL(setuid, SYS_setuid, OTHER)
CALL(setgid, SYS_setgid, OTHER)
/* The client's own number needs no capability, so only a guard refuses. */
CALL(setuid_client, SYS_setuid, CLIENT)
CALL(setgid_client, SYS_setgid, CLIENT)
/* Nor may a thread become its primary other than by revert. */
CALL(setuid_primary, SYS_setuid, 0)
CALL(setreuid, SYS_setreuid, OTHER, OTHER)
CALL(setregid, SYS_setregid, OTHER, OTHER)
CALL(setresuid, SYS_setresuid, OTHER, OTHER, OTHER)
CALL(setresgid, SYS_setresgid, OTHER, OTHER, OTHER)
CALL(setgroups, SYS_setgroups, 2, two_groups)
CALL(setgroups_none, SYS_setgroups, 0, NULL)

REFUSAL(setuid, .call = call_setuid, .worn = -EPERM);
REFUSAL(setgid, .call = call_setgid, .worn = -EPERM);
REFUSAL(setuid_client, .call = call_setuid_client, .worn = -EPERM);
REFUSAL(setgid_client, .call = call_setgid_client, .worn = -EPERM);
REFUSAL(setuid_primary, .call = call_setuid_primary, .worn = -EPERM);
REFUSAL(setreuid, .call = call_setreuid, .worn = -EPERM);
REFUSAL(setregid, .call = call_setregid, .worn = -EPERM);
REFUSAL(setresuid, .call = call_setresuid, .worn = -EPERM);
REFUSAL(setresgid, .call = call_setresgid, .worn = -EPERM);
REFUSAL(setgroups, .call = call_setgroups, .worn = -EPERM);
REFUSAL(setgroups_none, .call = call_setgroups_none, .worn = -EPERM);

/* These two have no way to fail: the id that holds afterwards tells. */
static int call_setfsuid(void)
{
	syscall(SYS_setfsuid, OTHER);
	return syscall(SYS_setfsuid, -1);
}

static int call_setfsgid(void)
{
	syscall(SYS_setfsgid, OTHER);
	return syscall(SYS_setfsgid, -1);
}

REFUSAL(setfsuid, .call = call_setfsuid, .worn = CLIENT, .primary = OTHER);
REFUSAL(setfsgid, .call = call_setfsgid, .worn = CLIENT, .primary = OTHER);

static int call_capset_none(void)
{
	return persona_set_caps(CAPS_NONE, CAPS_NONE, CAPS_NONE);
}

static int call_capset_effective(void)
{
	return persona_set_caps(CAPS_SETIDS, CAP_BIT(CAP_SETUID), CAPS_NONE);
}

REFUSAL(capset_none, .call = call_capset_none, .worn = -EPERM);
REFUSAL(capset_effective, .call = call_capset_effective, .worn = -EPERM);

TEST_HARNESS_MAIN
