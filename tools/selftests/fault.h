/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocations of the kernel that fail, for the calling thread alone.  Needs a
 * kernel with CONFIG_FAILSLAB, and the rights of root.
 */
#ifndef SELFTEST_FAULT_H
#define SELFTEST_FAULT_H

#include <stdbool.h>

/**
 * struct fault - the calling thread's switches
 * @nth: which allocation fails
 * @all: whether all do
 */
struct fault {
	int nth;
	int all;
};

/* Get ready.  0 or -errno; -ENOENT: this kernel can't do it. */
int fault_open(struct fault *fault);
void fault_close(struct fault *fault);

/* From now on the allocation number @nth (1: the next one) fails, once.  0 or -errno. */
int fault_arm(const struct fault *fault, unsigned int nth);
/* None fails any more.  1: it has failed; 0: there were not so many; -errno. */
int fault_disarm(const struct fault *fault);

/* From now on all fail, or none.  Takes CAP_SYS_RESOURCE, also subjectively.  0 or -errno. */
int fault_fail_all(const struct fault *fault, bool all);

#endif /* SELFTEST_FAULT_H */
