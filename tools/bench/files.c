// SPDX-License-Identifier: GPL-2.0-only
/* Opening a file as the client: each way that the module has, and as oneself. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "client.h"
#include "device.h"
#include "families.h"
#include "figure.h"
#include "raw.h"
#include "scratchfile.h"

/**
 * struct files - on what an operation works
 * @dev: /dev/ntimp
 * @ctx: who may open the file
 * @call: for the calls that open it in the client's name
 */
struct files {
	int dev;
	int ctx;
	struct ntimp_call call;
};

static int do_open(int run, void *arg)
{
	int fd = raw_call(SYS_openat, AT_FDCWD, (unsigned long)SCRATCH_FILE,
			  O_RDONLY | O_CLOEXEC, 0);

	(void)run;
	(void)arg;
	return fd < 0 || raw_close(fd);
}

static int do_open_impersonated(int run, void *arg)
{
	const struct files *files = arg;

	return raw_ioctl(files->ctx, NTIMP_CTX_IMPERSONATE, 0) || do_open(run, arg) ||
	       raw_ioctl(files->dev, NTIMP_REVERT, 0);
}

static int do_call(int run, void *arg)
{
	const struct files *files = arg;
	int fd = raw_ioctl(files->ctx, NTIMP_CTX_CALL, (unsigned long)&files->call);

	(void)run;
	return fd < 0 || raw_close(fd);
}

static int figures_of(struct files *files, size_t ngroups)
{
	int failed;

	if (scratch_make(client_last_group(ngroups)))
		return figure_failed(SCRATCH_FILE, ngroups, errno);
	failed = figure_of("open", ngroups, do_open, files) |
		 figure_of("open_impersonated", ngroups, do_open_impersonated, files) |
		 figure_of("open_brokered", ngroups, do_call, files);
	files->call.flags = NTIMP_CALL_WORKER;
	return failed | figure_of("open_by_worker", ngroups, do_call, files);
}

int bench_files(void)
{
	int dev = device_open(), failed = 0;

	if (dev < 0)
		return figure_failed(DEVICE_PATH, 0, dev);
	for (int i = 0; i < GROUP_COUNTS; i++) {
		struct files files = {
			.dev = dev,
			.ctx = client_context(dev, CLIENT, group_counts[i]),
			.call = {
				.size = sizeof(files.call),
				.op = NTIMP_OP_OPEN,
				.dirfd = AT_FDCWD,
				.path = (uintptr_t)SCRATCH_FILE,
				.how = O_RDONLY | O_CLOEXEC,
			},
		};

		failed |= files.ctx < 0 ? figure_failed("open", group_counts[i], files.ctx) :
					  figures_of(&files, group_counts[i]);
		close(files.ctx);
	}
	close(dev);
	return failed;
}
