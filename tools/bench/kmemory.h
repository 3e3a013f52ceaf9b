/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much memory the kernel has in use for objects, by its statistics of slabs.  The
 * guest is booted with slab_nomerge.
 */
#ifndef BENCH_KMEMORY_H
#define BENCH_KMEMORY_H

/**
 * struct kmemory - bytes in use
 * @files: what every descriptor needs: struct file and its dentry
 * @rest: credentials, and what is of no kind of its own
 */
struct kmemory {
	double files;
	double rest;
};

/* When things have calmed down.  0 or -errno; -ETIMEDOUT: they don't. */
int kmemory_count(struct kmemory *memory);

#endif /* BENCH_KMEMORY_H */
