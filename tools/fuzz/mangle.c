// SPDX-License-Identifier: GPL-2.0-only
/* Requests that are probably wrong, see request.h. */
#include <limits.h>

#include "pool.h"
#include "request.h"

static uint32_t interesting(struct prng *prng)
{
	static const uint32_t numbers[] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 17, 63, 64, 255, 256, 1001, 4095, 4096, 4097, 32767,
		65534, 65535, 65536, 65537, INT_MAX, INT_MIN, UINT_MAX, UINT_MAX - 1,
	};

	return prng_once_in(prng, 4) ? prng_next(prng) : prng_pick(prng, numbers);
}

static void mangle_word(struct prng *prng, struct request *request)
{
	uint32_t *word = &request->args.words[prng_below(prng, request->size / sizeof(*word))];

	if (prng_once_in(prng, 2))
		*word = interesting(prng);
	else
		*word ^= 1U << prng_below(prng, 32);
}

/* Shorter, longer, not there; what is beyond the struct is rubbish now and then. */
static void mangle_size(struct prng *prng, struct request *request)
{
	static const uint32_t sizes[] = {
		0, 1, 3, 4, 7, 8, 16, 20, 24, 32, 40, 48, 55, 56, 57, 64, 79, 80, 81, 96, 103,
		104, 105, 111, 112, 113, 120, 128, 4095, 4096, 4097, 65536, INT_MAX, UINT_MAX,
	};

	request->args.words[0] = prng_pick(prng, sizes);
	if (prng_once_in(prng, 2))
		request->args.words[prng_below(prng, 32)] = prng_next(prng);
	request->size = sizeof(request->args);
}

static void mangle_number(struct worker *worker, struct request *request)
{
	struct prng *prng = worker->prng;

	switch (prng_below(prng, 4)) {
	case 0:		/* of another call, maybe */
		request->number = _IO(NTIMP_IOC_MAGIC, prng_below(prng, 0x50));
		break;
	case 1:		/* with a size and a direction */
		request->number |= (prng_next(prng) & 0xffff) << 16;
		break;
	case 2:		/* one that every file understands */
		request->number = 0x5450 + prng_below(prng, 0x12);
		break;
	default:
		request->number = (uint32_t)prng_next(prng);
	}
	/* Any other file may have calls with consequences. */
	if (!pool_is_ours(worker, request->fd))
		request->number = _IO(NTIMP_IOC_MAGIC, prng_below(prng, 256));
}

void request_mangle(struct worker *worker, struct request *request)
{
	struct prng *prng = worker->prng;

	request->client_known = false;
	do {
		switch (prng_below(prng, 8)) {
		case 0:
			mangle_number(worker, request);
			break;
		case 1:
			request->fd = pool_any(worker);
			if (!pool_is_ours(worker, request->fd))
				request->number = _IO(NTIMP_IOC_MAGIC, prng_below(prng, 256));
			break;
		case 2:
			if (request->size)
				mangle_size(prng, request);
			break;
		case 3:
			request->value ^= 1UL << prng_below(prng, 64);
			break;
		default:
			if (request->size)
				mangle_word(prng, request);
			else
				request->value = interesting(prng);
		}
	} while (prng_once_in(prng, 3));
}
