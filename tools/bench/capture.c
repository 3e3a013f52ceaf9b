// SPDX-License-Identifier: GPL-2.0-only
/* Making a context from each source, and closing it. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "device.h"
#include "families.h"
#include "figure.h"
#include "persona.h"
#include "raw.h"

/**
 * struct capture - on what an operation works
 * @dev: /dev/ntimp
 * @args: what to make a context of
 */
struct capture {
	int dev;
	struct ntimp_capture args;
};

static int do_capture(int run, void *arg)
{
	const struct capture *capture = arg;
	int ctx = raw_ioctl(capture->dev, NTIMP_CAPTURE, (unsigned long)&capture->args);

	(void)run;
	return ctx < 0 || raw_close(ctx);
}

static int figure_from(const char *name, long number, int dev, struct ntimp_capture args)
{
	struct capture capture = { .dev = dev, .args = args };

	capture.args.size = sizeof(args);
	if (args.source != NTIMP_SOURCE_ANONYMOUS)
		capture.args.qos.level = NTIMP_LEVEL_IMPERSONATION;
	return figure_of(name, number, do_capture, &capture);
}

/* The process itself is the client. */
static int figures_with(int dev, size_t ngroups)
{
	const gid_t *groups = client_groups();
	int ends[2], failed, ctx;

	if (persona_set_groups(ngroups, groups) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return figure_failed("capture", ngroups, errno);
	failed = figure_from("capture_self", ngroups, dev,
			     (struct ntimp_capture){ .source = NTIMP_SOURCE_SELF });
	failed |= figure_from("capture_thread", ngroups, dev,
			      (struct ntimp_capture){ .source = NTIMP_SOURCE_THREAD,
						      .tid = gettid() });
	failed |= figure_from("capture_peer", ngroups, dev,
			      (struct ntimp_capture){ .source = NTIMP_SOURCE_PEER,
						      .fd = ends[0] });
	ctx = capture_self(dev, NTIMP_LEVEL_IMPERSONATION);
	failed |= figure_from("capture_context", ngroups, dev,
			      (struct ntimp_capture){ .source = NTIMP_SOURCE_CONTEXT,
						      .fd = ctx });
	close(ctx);
	close(ends[0]);
	close(ends[1]);
	if (persona_set_groups(0, NULL))
		return figure_failed("capture", ngroups, 0);
	return failed | figure_from("capture_ids", ngroups, dev,
				    (struct ntimp_capture){
					.source = NTIMP_SOURCE_IDS,
					.uid = CLIENT,
					.gid = CLIENT,
					.groups = ngroups ? (uintptr_t)groups : 0,
					.ngroups = ngroups,
				    });
}

int bench_capture(void)
{
	int dev = device_open();
	int failed;

	if (dev < 0)
		return figure_failed(DEVICE_PATH, 0, dev);
	failed = figure_from("capture_anonymous", FIGURE_PLAIN, dev,
			     (struct ntimp_capture){ .source = NTIMP_SOURCE_ANONYMOUS });
	for (int i = 0; i < GROUP_COUNTS; i++)
		failed |= figures_with(dev, group_counts[i]);
	close(dev);
	return failed;
}
