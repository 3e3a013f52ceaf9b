/* SPDX-License-Identifier: GPL-2.0-only */
/* One ioctl: made well, maybe mangled, sent, and what came of it looked at. */
#ifndef FUZZ_REQUEST_H
#define FUZZ_REQUEST_H

#include <linux/ntimp.h>
#include <stdbool.h>
#include <stdint.h>

#include "worker.h"

/**
 * struct request - an ioctl
 * @fd: on which descriptor
 * @number: its number
 * @value: argument by value, if @size is 0
 * @size: of the struct that is its argument
 * @args: the struct
 * @client_known: whom a capture is of
 * @client: that
 */
struct request {
	int fd;
	unsigned long number;
	unsigned long value;
	size_t size;
	union {
		uint32_t words[32];
		struct ntimp_version version;
		struct ntimp_capture capture;
		struct ntimp_info info;
		struct ntimp_thread thread;
		struct ntimp_expire expire;
		struct ntimp_wearers wearers;
		struct ntimp_call call;
		struct ntimp_explain explain;
	} args;
	bool client_known;
	struct identity client;
};

/* Make it another one, which is probably wrong. */
void request_mangle(struct worker *worker, struct request *request);

/* Send it as it is, or mangled: what came back, >= 0 or -errno. */
int request_send(struct worker *worker, struct request *request, bool mangled);

#endif /* FUZZ_REQUEST_H */
