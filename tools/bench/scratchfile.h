/* SPDX-License-Identifier: GPL-2.0-only */
/* The file that is opened: by root, its owner, and by who is in its group. */
#ifndef BENCH_SCRATCHFILE_H
#define BENCH_SCRATCHFILE_H

#include <sys/types.h>

#define SCRATCH_FILE	"/tmp/ntimp-bench"

/* 0, or -1 with errno. */
int scratch_make(gid_t group);

#endif /* BENCH_SCRATCHFILE_H */
