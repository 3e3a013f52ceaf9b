// SPDX-License-Identifier: GPL-2.0-only
/* A server that acts as a client, see wearing.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "persona.h"
#include "wearing.h"
#include "worncaps.h"

/* A file without a name, so that there is nothing to remove. */
static int file_of(uid_t uid)
{
	int fd = memfd_create("selftest", MFD_CLOEXEC);

	if (fd < 0 || fchmod(fd, 0600) || fchown(fd, uid, uid))
		return -errno;
	return fd;
}

int reopen(int fd)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

int wearing_prepare(struct wearing *wearing, uint64_t caps)
{
	int err = identity_objective(thread_id(), &wearing->primary);

	if (!err)
		err = identity_subjective(&wearing->self);
	if (err)
		return err;

	wearing->server_file = file_of(0);
	wearing->client_file = file_of(CLIENT);
	if (wearing->server_file < 0 || wearing->client_file < 0)
		return -EIO;

	wearing->dev = device_open();
	if (wearing->dev < 0)
		return wearing->dev;
	wearing->caps = caps & wearing->primary.permitted;
	wearing->ctx = capture_ids_caps(wearing->dev, CLIENT, CLIENT,
					wearing->caps, NTIMP_LEVEL_IMPERSONATION);
	if (wearing->ctx < 0)
		return wearing->ctx;
	wearing->id = context_id(wearing->ctx);
	return wearing->id < 0 ? (int)wearing->id : 0;
}

int wearing_start(const struct wearing *wearing)
{
	return context_impersonate(wearing->ctx);
}

int wearing_stop(const struct wearing *wearing)
{
	return device_revert(wearing->dev);
}

void wearing_end(struct wearing *wearing)
{
	close(wearing->ctx);
	close(wearing->dev);
	close(wearing->client_file);
	close(wearing->server_file);
}

static bool seen_as_primary(const struct wearing *wearing)
{
	struct identity seen;

	return !identity_objective(thread_id(), &seen) &&
	       identity_equal(&wearing->primary, &seen);
}

static bool result_is(int64_t expected, int64_t seen, const char *what)
{
	if (seen != expected)
		fprintf(stderr, "# %s: expected %" PRIx64 ", seen %" PRIx64 "\n", what,
			(uint64_t)expected, (uint64_t)seen);
	return seen == expected;
}

bool wearing_intact(const struct wearing *wearing)
{
	uint64_t caps = 0;
	bool acts = acts_as(CLIENT, CLIENT);
	bool able = result_is(0, worn_caps(&caps), "worn capabilities") &&
		    result_is(wearing->caps, caps, "worn capabilities");
	bool seen = seen_as_primary(wearing);
	bool marked = result_is(wearing->id, device_worn_id(wearing->dev, 0), "worn context");
	bool opens = result_is(0, reopen(wearing->client_file), "client's file");
	bool refused = result_is(-EACCES, reopen(wearing->server_file), "server's file");

	return acts && able && seen && marked && opens && refused;
}

bool wearing_over(const struct wearing *wearing)
{
	struct identity self;
	bool acts = !identity_subjective(&self) && identity_equal(&wearing->self, &self);
	bool seen = seen_as_primary(wearing);
	bool marked = result_is(-ENOENT, device_worn_id(wearing->dev, 0), "worn context");
	bool opens = result_is(0, reopen(wearing->server_file), "server's file");

	return acts && seen && marked && opens;
}
