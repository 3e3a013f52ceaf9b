// SPDX-License-Identifier: GPL-2.0-only
/*
 * Try what a guard refuses: set a user id, even if to what it is, while impersonating
 * the context on $NTIMP_CONTEXT_FD.  Exit status 0: it was refused.
 *
 * Usage: ntimp capture CLIENT -- cli-test-guarded
 */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ntimp.h>

int main(void)
{
	const char *number = getenv("NTIMP_CONTEXT_FD");
	long refused;

	if (!number)
		errx(1, "usage: ntimp capture CLIENT -- cli-test-guarded");
	if (prctl(PR_SET_NAME, "guarded") || ntimp_impersonate(atoi(number)))
		err(1, "impersonate");
	refused = syscall(SYS_setuid, geteuid()) < 0 && errno == EPERM;
	if (ntimp_revert())
		abort();
	return refused ? 0 : 1;
}
