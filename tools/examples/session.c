// SPDX-License-Identifier: MIT
/*
 * One request of one client.  This is the place where the thread becomes the
 * client, and the server again: libntimp sees to that, and ends the process
 * should reverting ever fail.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <ntimp.h>

#include "operations.h"
#include "protocol.h"
#include "session.h"

static void report(const struct connection *client, const char *what, const char *path, int error)
{
	/* One line per request, whatever bytes the client has put into the path. */
	char shown[4 * PATH_LIMIT + 1];
	size_t used = 0;

	for (; *path; path++) {
		if (isascii(*path) && isprint(*path) && *path != '\\')
			shown[used++] = *path;
		else
			used += (size_t)sprintf(shown + used, "\\x%02x", (unsigned char)*path);
	}
	shown[used] = '\0';
	fprintf(stderr, "uid %d: %s %s: %s\n", (int)client->uid, what, shown,
		error ? strerrorname_np(error) : "ok");
}

static bool hang_up(const struct connection *client, int error, bool verbose)
{
	struct answer answer = { .error = error };

	if (verbose)
		report(client, "broken request", "", error);
	/* Whoever cannot even take this is gone anyway. */
	if (error == EBADMSG || error == ENAMETOOLONG)
		(void)!send_answer(client->stream, &answer);
	return false;
}

bool session_serve(const struct connection *client, int root, bool verbose)
{
	enum outcome outcome;
	struct request request;
	int error, got = receive_request(client->stream, &request);

	if (got <= 0)
		return got < 0 ? hang_up(client, errno, verbose) : false;
	if (client->ctx < 0) {
		error = client->error;
		outcome = refuse(client->stream, &request, error);
	} else {
		NTIMP_SCOPE(client->ctx) {
			outcome = perform(root, client->stream, &request, &error);
		} else {
			error = errno;
			outcome = refuse(client->stream, &request, error);
		}
	}
	if (verbose)
		report(client, operation_name(request.operation), request.path, error);
	return outcome == ANSWERED;
}
