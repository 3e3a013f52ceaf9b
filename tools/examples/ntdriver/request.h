/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTDRIVER_REQUEST_H
#define _NTDRIVER_REQUEST_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/ntifs.h>

#include "ntdriver.h"
#include "security.h"

/**
 * struct request - something to do, by whoever is to
 * @what: enum ntdriver_what
 * @path: of a file
 * @data: to be written, or filled
 * @size: of @data
 * @bytes: result: how many were written or read
 * @who: result: as whom
 * @box: whose creator is to do it; or NULL
 * @caller: who else is to do it
 * @waiting: in the list of the system thread
 * @item: work item, while it is with a worker
 * @status: result
 * @done: it is done
 */
struct request {
	u32 what;
	const char *path;
	void *data;
	size_t size;
	ssize_t bytes;
	WHO who;
	PBOX box;
	PSECURITY_CLIENT_CONTEXT caller;
	struct list_head waiting;
	PIO_WORKITEM item;
	NTSTATUS status;
	struct completion done;
};

/* As whoever the thread acts as. */
NTSTATUS request_do(PVOID request);

/* Let the system thread, or a worker, do it as somebody; wait for that. */
NTSTATUS system_thread_do(struct request *request);
NTSTATUS worker_do(struct request *request);

NTSTATUS system_thread_start(void);
void system_thread_stop(void);

#endif /* _NTDRIVER_REQUEST_H */
