/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A directory for the files of a test, in which everybody may make files, and
 * what a thread is allowed with files.  Values >= 0 or -errno.
 */
#ifndef SELFTEST_SCRATCH_H
#define SELFTEST_SCRATCH_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * struct scratch - a directory
 * @fd: the directory
 * @path: its name
 */
struct scratch {
	int fd;
	char path[32];
};

int scratch_open(struct scratch *scratch);
void scratch_close(struct scratch *scratch);
/*
 * Put a tmpfs of the test's own, with these options, over an open one, in a mount
 * namespace that ends with the test, and the mounts with it.  0 or -errno.
 */
int scratch_mount(struct scratch *scratch, const char *options);

/* Make a file with this owner and mode; needs the rights of root. */
int file_make(const struct scratch *scratch, const char *name, uid_t uid, gid_t gid, mode_t mode);
/* Make one with what another file has in it, for root alone.  0 or -errno. */
int file_copy(const struct scratch *scratch, const char *name, const char *from);
/* Make a file as whoever the calling thread acts as. */
int file_create(const struct scratch *scratch, const char *name);
bool file_belongs_to(const struct scratch *scratch, const char *name, uid_t uid, gid_t gid);
/* Try to open: 0 or -errno. */
int file_try(const struct scratch *scratch, const char *name, int flags);

#endif /* SELFTEST_SCRATCH_H */
