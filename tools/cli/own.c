// SPDX-License-Identifier: GPL-2.0-only
/*
 * What this process itself has: capabilities, user namespace.
 */
#include <sys/prctl.h>
#include <sys/stat.h>

#include <cap-ng.h>

#include "own.h"

static uint64_t set_of(capng_type_t which)
{
	uint64_t caps = 0;
	unsigned int cap;

	for (cap = 0; cap < 64; cap++)
		if (capng_have_capability(which, cap) > 0)
			caps |= UINT64_C(1) << cap;
	return caps;
}

/* Returns -1 if the kernel does not say. */
int own_capabilities(struct own_caps *caps)
{
	capng_clear(CAPNG_SELECT_ALL);
	if (capng_get_caps_process())
		return -1;
	*caps = (struct own_caps) {
		.permitted = set_of(CAPNG_PERMITTED),
		.effective = set_of(CAPNG_EFFECTIVE),
		.inheritable = set_of(CAPNG_INHERITABLE),
		.ambient = set_of(CAPNG_AMBIENT),
	};
	return 0;
}

/* What execve() could give at most. */
uint64_t own_bounding(void)
{
	uint64_t caps = 0;
	unsigned int cap;

	for (cap = 0; cap < 64; cap++)
		if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) > 0)
			caps |= UINT64_C(1) << cap;
	return caps;
}

/* 0 if there is no /proc to tell. */
unsigned int own_user_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/user", &st) ? 0 : (unsigned int)st.st_ino;
}
