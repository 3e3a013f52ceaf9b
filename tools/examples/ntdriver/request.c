// SPDX-License-Identifier: GPL-2.0-only
/* What is done: files are read and made, by whoever the thread acts as. */
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fs.h>

#include "request.h"

static NTSTATUS request_read(struct request *request)
{
	struct file *file = filp_open(request->path, O_RDONLY | O_NONBLOCK | O_LARGEFILE, 0);
	loff_t at = 0;

	if (IS_ERR(file))
		return NtimpStatusFromErrno(PTR_ERR(file));
	request->bytes = kernel_read(file, request->data, request->size, &at);
	filp_close(file, NULL);
	return request->bytes < 0 ? NtimpStatusFromErrno(request->bytes) : STATUS_SUCCESS;
}

static NTSTATUS request_create(struct request *request)
{
	struct file *file = filp_open(request->path, O_WRONLY | O_CREAT | O_EXCL | O_LARGEFILE,
				      0600);
	loff_t at = 0;

	if (IS_ERR(file))
		return NtimpStatusFromErrno(PTR_ERR(file));
	request->bytes = kernel_write(file, request->data, request->size, &at);
	filp_close(file, NULL);
	return request->bytes < 0 ? NtimpStatusFromErrno(request->bytes) : STATUS_SUCCESS;
}

NTSTATUS request_do(PVOID arg)
{
	struct request *request = arg;
	NTSTATUS status = WhoAmI(&request->who);

	if (!NT_SUCCESS(status))
		return status;
	switch (request->what) {
	case NTDRIVER_READ:
		return request_read(request);
	case NTDRIVER_CREATE:
		return request_create(request);
	default:
		return STATUS_SUCCESS;
	}
}
