// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "device.h"
#include "pile.h"
#include "raw.h"

#define OTHER_FDS	100

int pile_begin(struct pile *pile, int room)
{
	struct rlimit limit = { room + OTHER_FDS, room + OTHER_FDS };

	*pile = (struct pile){ .dev = device_open() };
	if (pile->dev < 0)
		return pile->dev;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		return -errno;
	pile->fds = calloc(room, sizeof(*pile->fds));
	return pile->fds ? 0 : -ENOMEM;
}

int pile_add(struct pile *pile, struct ntimp_capture args, int count)
{
	args.size = sizeof(args);
	args.qos.level = NTIMP_LEVEL_IMPERSONATION;
	while (count--) {
		int ctx;

		if (args.source == NTIMP_SOURCE_IDS)
			args.uid++;
		ctx = raw_ioctl(pile->dev, NTIMP_CAPTURE, (unsigned long)&args);
		if (ctx < 0)
			return ctx;
		pile->fds[pile->count++] = ctx;
	}
	return 0;
}

int pile_use(const struct pile *pile)
{
	long err = 0;

	for (int i = 0; !err && i < pile->count; i++)
		err = raw_ioctl(pile->fds[i], NTIMP_CTX_IMPERSONATE, 0);
	return err ?: raw_ioctl(pile->dev, NTIMP_REVERT, 0);
}

void pile_end(struct pile *pile)
{
	while (pile->count)
		raw_close(pile->fds[--pile->count]);
	free(pile->fds);
	close(pile->dev);
}
