// SPDX-License-Identifier: GPL-2.0-only
/* Memory for arguments, see arena.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "arena.h"

#define PAGE		4096UL
#define WRITABLE	(2 * PAGE)
#define READABLE	(3 * PAGE)
#define ARRAY		(4 * PAGE)
#define END		(5 * PAGE)
#define HOLE		(1UL << 20)	/* more than any call writes */
#define ALL		(HOLE + END + HOLE)
#define ROOM		512UL		/* for one argument */

int arena_create(struct arena *arena)
{
	arena->all = mmap(NULL, ALL, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (arena->all == MAP_FAILED)
		return -errno;
	arena->start = (char *)arena->all + HOLE;
	arena->array = arena->start + ARRAY;
	if (mprotect(arena->start, WRITABLE, PROT_READ | PROT_WRITE) ||
	    mprotect(arena->array, ARENA_ARRAY, PROT_READ | PROT_WRITE) ||
	    mprotect(arena->start + WRITABLE, PAGE, PROT_READ)) {
		munmap(arena->all, ALL);
		return -errno;
	}
	return 0;
}

void arena_destroy(struct arena *arena)
{
	munmap(arena->all, ALL);
}

void arena_clear(struct arena *arena)
{
	memset(arena->start, 0, WRITABLE);
}

static uint64_t put_at(struct arena *arena, size_t offset, const void *what, size_t size)
{
	if (size > WRITABLE - offset)
		size = WRITABLE - offset;
	memcpy(arena->start + offset, what, size);
	return (uintptr_t)(arena->start + offset);
}

uint64_t arena_put(struct arena *arena, struct prng *prng, const void *what, size_t size)
{
	return put_at(arena, prng_below(prng, WRITABLE / ROOM) * ROOM, what, size);
}

uint64_t arena_put_badly(struct arena *arena, struct prng *prng, const void *what, size_t size)
{
	size_t into = prng_below(prng, size + 1);

	switch (prng_below(prng, 8)) {
	case 0:		/* across two pages */
		return put_at(arena, PAGE - into, what, size);
	case 1:		/* the rest is a copy of nothing, and can't be written */
		return put_at(arena, WRITABLE - into, what, size);
	case 2:		/* nor this */
		return (uintptr_t)(arena->start + WRITABLE + prng_below(prng, PAGE - ROOM));
	case 3:		/* the rest is nowhere */
		return (uintptr_t)(arena->start + READABLE - into);
	case 4:		/* not aligned */
		return put_at(arena, 1 + prng_below(prng, WRITABLE - ROOM), what, size);
	case 5:
		return arena_nowhere(prng);
	default:
		return arena_put(arena, prng, what, size);
	}
}

uint64_t arena_nowhere(struct prng *prng)
{
	static const uint64_t addresses[] = {
		0, 1, 8, PAGE - 1, 0x7ffffffff000, 0x800000000000, 0xffff800000000000,
		0xffff888000000000, 0xffffffff81000000, 0xffffffffff600000, -PAGE, -8, -1,
	};

	return prng_pick(prng, addresses);
}

bool arena_is_safe(const struct arena *arena, uint64_t address)
{
	uint64_t start = (uintptr_t)arena->start;

	if (address >= start - HOLE / 2 && address < start + END + HOLE / 2)
		return true;
	/* Nothing is ever mapped in the first pages, nor for the kernel. */
	return address < 16 * PAGE || address >= 0x7ffffffff000;
}
