/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much memory the kernel has in use that contexts are made of, by its own
 * statistics.  The guest is booted with slab_nomerge.
 */
#ifndef BENCH_KMEMORY_H
#define BENCH_KMEMORY_H

/**
 * struct kmemory - bytes in use
 * @files: what every descriptor needs: struct file and its dentry
 * @rest: all else that is charged to a control group
 */
struct kmemory {
	double files;
	double rest;
};

/* When things have calmed down.  0 or -errno; -ETIMEDOUT: they don't. */
int kmemory_count(struct kmemory *memory);

#endif /* BENCH_KMEMORY_H */
