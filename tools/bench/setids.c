// SPDX-License-Identifier: GPL-2.0-only
/*
 * How servers act as a client today: by changing their ids and groups, and changing
 * them back.  Only the system calls are made, not what the servers do around them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "client.h"
#include "families.h"
#include "figure.h"
#include "raw.h"
#include "scratchfile.h"

#define KEEP	(-1UL)	/* the id stays */

static int do_setfsuid(int run, void *arg)
{
	(void)run;
	(void)arg;
	raw_call(SYS_setfsuid, CLIENT, 0, 0, 0);
	return raw_call(SYS_setfsuid, 0, 0, 0, 0) != CLIENT;
}

static int do_setfsids(int run, void *arg)
{
	(void)run;
	(void)arg;
	raw_call(SYS_setfsgid, CLIENT, 0, 0, 0);
	raw_call(SYS_setfsuid, CLIENT, 0, 0, 0);
	return raw_call(SYS_setfsuid, 0, 0, 0, 0) != CLIENT ||
	       raw_call(SYS_setfsgid, 0, 0, 0, 0) != CLIENT;
}

static long set_groups(size_t ngroups)
{
	return raw_call(SYS_setgroups, ngroups, (unsigned long)client_groups(), 0, 0);
}

static long ganesha_become(size_t ngroups)
{
	long err = set_groups(ngroups);

	raw_call(SYS_setfsgid, CLIENT, 0, 0, 0);
	raw_call(SYS_setfsuid, CLIENT, 0, 0, 0);
	return err;
}

static long ganesha_return(void)
{
	return raw_call(SYS_setfsuid, 0, 0, 0, 0) != CLIENT ||
	       raw_call(SYS_setfsgid, 0, 0, 0, 0) != CLIENT || set_groups(0);
}

/* nfs-ganesha: groups and ids for access to files. */
static int do_ganesha(int run, void *arg)
{
	const size_t *ngroups = arg;

	(void)run;
	return ganesha_become(*ngroups) || ganesha_return();
}

static int do_ganesha_open(int run, void *arg)
{
	const size_t *ngroups = arg;
	int fd;

	(void)run;
	if (ganesha_become(*ngroups))
		return -1;
	fd = raw_call(SYS_openat, AT_FDCWD, (unsigned long)SCRATCH_FILE,
		      O_RDONLY | O_CLOEXEC, 0);
	return ganesha_return() || fd < 0 || raw_close(fd);
}

/* Samba's become_user() and back: groups and effective ids. */
static int do_samba(int run, void *arg)
{
	const size_t *ngroups = arg;

	(void)run;
	return set_groups(*ngroups) ||
	       raw_call(SYS_setresgid, KEEP, CLIENT, KEEP, 0) ||
	       raw_call(SYS_setresuid, KEEP, CLIENT, KEEP, 0) ||
	       raw_call(SYS_setresuid, KEEP, 0, KEEP, 0) ||
	       raw_call(SYS_setresgid, KEEP, 0, KEEP, 0) ||
	       set_groups(0);
}

static int figures_with(size_t ngroups)
{
	if (scratch_make(client_last_group(ngroups)))
		return figure_failed(SCRATCH_FILE, ngroups, errno);
	return figure_whole_of("ganesha", ngroups, do_ganesha, &ngroups) |
	       figure_whole_of("ganesha_open", ngroups, do_ganesha_open, &ngroups) |
	       figure_whole_of("samba", ngroups, do_samba, &ngroups);
}

int bench_setids(void)
{
	int failed = figure_whole_of("setfsuid", FIGURE_PLAIN, do_setfsuid, NULL) |
		     figure_whole_of("setfsuid_setfsgid", FIGURE_PLAIN, do_setfsids, NULL);

	for (int i = 0; i < GROUP_COUNTS; i++)
		failed |= figures_with(group_counts[i]);
	return failed;
}
