// SPDX-License-Identifier: LGPL-2.1-only
/*
 * File operations as the client: what is asked of the module.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel_double.h"
#include "ntimp.h"
#include "tap.h"

#define DIRFD	42

static const char *const path = "path";
static const char *const new_path = "new path";

/* One ioctl, with these members and no others. */
static int asked(struct ntimp_call wanted)
{
	wanted.size = sizeof(wanted);
	wanted.dirfd = DIRFD;
	wanted.path = (uintptr_t)path;
	return double_ioctls() == 1 && !memcmp(&wanted, double_call(), sizeof(wanted));
}

static int opens(int ctx, int flags, mode_t mode, mode_t asked_mode)
{
	const struct ntimp_call wanted = {
		.op = NTIMP_OP_OPEN,
		.how = (unsigned int)flags,
		.mode = asked_mode,
	};

	return ntimp_openat(ctx, DIRFD, path, flags, mode) == 0 && asked(wanted);
}

static void check_open(int ctx)
{
	OK(opens(ctx, O_RDONLY, 0, 0), "open");
	OK(opens(ctx, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0, 0), "open with flags");
	OK(opens(ctx, O_RDONLY, 0644, 0), "a mode that means nothing is left out");
	OK(opens(ctx, O_RDWR | O_CREAT, 0644, 0644), "the mode of a new file is not");
	OK(opens(ctx, O_RDWR | O_TMPFILE, 04644, 04644), "nor that of one without a name");
	OK(opens(ctx, O_RDONLY | O_DIRECTORY, 0644, 0), "a directory is no new file");
	OK(opens(ctx, O_RDWR | O_CREAT, S_IFREG | 0600, 0600), "other bits are left out");
}

#define ASKED(...) asked((struct ntimp_call){ __VA_ARGS__ })

static void check_others(int ctx)
{
	OK(!ntimp_access(ctx, DIRFD, path, R_OK | X_OK, AT_EACCESS) &&
	   ASKED(.op = NTIMP_OP_ACCESS, .how = AT_EACCESS, .mode = R_OK | X_OK), "access");
	OK(!ntimp_mkdirat(ctx, DIRFD, path, 01777) &&
	   ASKED(.op = NTIMP_OP_MKDIR, .mode = 01777), "mkdirat");
	OK(!ntimp_unlinkat(ctx, DIRFD, path, AT_REMOVEDIR) &&
	   ASKED(.op = NTIMP_OP_UNLINK, .how = AT_REMOVEDIR), "unlinkat");
	OK(!ntimp_renameat(ctx, DIRFD, path, new_path, RENAME_EXCHANGE) &&
	   ASKED(.op = NTIMP_OP_RENAME, .how = RENAME_EXCHANGE, .path2 = (uintptr_t)new_path),
	   "renameat");
	OK(!ntimp_fchmodat(ctx, DIRFD, path, 04711) &&
	   ASKED(.op = NTIMP_OP_CHMOD, .mode = 04711), "fchmodat");
}

static void check_no_context(void)
{
	OK(ntimp_openat(-1, DIRFD, path, O_RDONLY, 0) == -1 && errno == EBADF, "no descriptor");
	OK(ntimp_openat(STDIN_FILENO, DIRFD, path, O_RDONLY, 0) == -1 && errno == ENOTTY,
	   "no context");
}

int main(void)
{
	int ctx, other[2];

	closefrom(3);
	/* Whatever it was: neither the device nor a context. */
	if (pipe(other) || dup2(other[0], STDIN_FILENO))
		return 1;
	ctx = ntimp_capture_self(NULL);
	OK(ctx >= 0, "capture");
	double_ioctls();
	check_open(ctx);
	check_others(ctx);
	check_no_context();
	return tap_end();
}
