// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a failure is told: the cause, then the way out, on standard error; and
 * the exit status, of sysexits.h.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "failure.h"

static const char *speaker;

/* What an errno means wherever the device or a context is used. */
static const struct explanation everywhere[] = {
	{ ENODEV, EX_UNAVAILABLE, "there is no /dev/ntimp: the module ntimp is not loaded",
	  "modprobe ntimp (or insmod ntimp.ko); `ntimp status' says what this kernel lacks" },
	{ EACCES, EX_NOPERM, "/dev/ntimp may not be opened",
	  "its mode was narrowed by the module parameter mode or by udev: ask the administrator" },
	{ EPERM, EX_NOPERM, "not permitted",
	  "it takes CAP_SETUID and CAP_SETGID: run it as root" },
	{ EBADF, EX_NOINPUT, "no such descriptor is open", "open or inherit it first" },
	{ ENOTTY, EX_NOINPUT, "the descriptor is not a context",
	  "`ntimp capture -- COMMAND' hands one to COMMAND, in $NTIMP_CONTEXT_FD" },
	{ ESRCH, EX_NOINPUT, "there is no such process or thread", "look for it with ps(1)" },
	{ EBUSY, EX_TEMPFAIL, "the kernel itself acts as somebody else in this thread",
	  "try again" },
	{ EOPNOTSUPP, EX_UNAVAILABLE, "the loaded module does not have this",
	  "`ntimp status' lists what it has" },
	{ EKEYREVOKED, EX_NOPERM, "the context was revoked", "make a new one, if you may" },
	{ EKEYEXPIRED, EX_NOPERM, "the time of the context is over", "make a new one, if you may" },
	{ EDQUOT, EX_OSERR, "you have too many contexts open",
	  "close some, or have the module parameter max_contexts raised" },
	{ EMFILE, EX_OSERR, "no descriptor is free", "raise the limit: ulimit -n" },
	{ 0 }
};

/* Whose failures the messages are of: the first word of each. */
void failure_begin(const char *who)
{
	speaker = who;
}

static int tell(int status, const char *cause, const char *way_out)
{
	fflush(stdout);
	fprintf(stderr, "%s: %s\n  -> %s\n", speaker, cause, way_out);
	return status;
}

/* Tells a failure; returns status. */
int failure(int status, const char *way_out, const char *cause, ...)
{
	char text[512];
	va_list args;

	va_start(args, cause);
	vsnprintf(text, sizeof(text), cause, args);
	va_end(args);
	return tell(status, text, way_out);
}

static const struct explanation *find(const struct explanation *row, int error)
{
	for (; row->error; row++)
		if (row->error == error)
			return row;
	return NULL;
}

/*
 * Tells what errno means in the operation whose own meanings are given (NULL:
 * none of its own); returns the exit status for it.
 */
int failure_explained(const struct explanation *meanings, const char *what, ...)
{
	const struct explanation *row = NULL;
	int error = errno;
	char text[256], cause[512];
	va_list args;

	va_start(args, what);
	vsnprintf(text, sizeof(text), what, args);
	va_end(args);

	if (meanings)
		row = find(meanings, error);
	if (!row)
		row = find(everywhere, error);
	if (!row)
		return failure(EX_OSERR, "the kernel log (dmesg) may say more", "%s: %s", text,
			       strerror(error));
	snprintf(cause, sizeof(cause), "%s: %s", text, row->cause);
	return tell(row->status, cause, row->way_out);
}
