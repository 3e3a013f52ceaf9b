/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that the kernel is given addresses in: some pages to read and write,
 * one to read only, one for arrays and paths, and holes all around.  What the
 * kernel writes where it was not asked to must hit nothing else of the program.
 */
#ifndef FUZZ_ARENA_H
#define FUZZ_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "prng.h"

/**
 * struct arena - the memory of one worker
 * @all: with the holes
 * @start: of the first page
 * @array: the page for what arguments point to
 */
struct arena {
	void *all;
	char *start;
	void *array;
};

#define ARENA_ARRAY	4096

/* 0 or -errno */
int arena_create(struct arena *arena);
void arena_destroy(struct arena *arena);

/* Forget what is in it, but for the array. */
void arena_clear(struct arena *arena);
/* Copy something to where it can be read and written: its address. */
uint64_t arena_put(struct arena *arena, struct prng *prng, const void *what, size_t size);
/*
 * Copy it to where it may be on two pages, on one that can't be written, or in
 * part or wholly nowhere.
 */
uint64_t arena_put_badly(struct arena *arena, struct prng *prng, const void *what, size_t size);
/* An address where nothing is. */
uint64_t arena_nowhere(struct prng *prng);
/* Can the kernel write there without hitting anything else? */
bool arena_is_safe(const struct arena *arena, uint64_t address);

#endif /* FUZZ_ARENA_H */
