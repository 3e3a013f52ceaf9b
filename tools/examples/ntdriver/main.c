// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/ntdriver: the Linux front of a driver that came from NT.
 *
 * Opening the device is what IRP_MJ_CREATE is there, closing IRP_MJ_CLEANUP, and
 * a request IRP_MJ_DEVICE_CONTROL.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "request.h"

#define BOX_TAG		'xoBN'

static int box_open(struct inode *inode, struct file *file)
{
	PBOX box = ExAllocatePoolWithTag(PagedPool, sizeof(*box), BOX_TAG);
	NTSTATUS status;

	if (!box)
		return -ENOMEM;
	status = BoxOpen(box);
	if (!NT_SUCCESS(status)) {
		ExFreePoolWithTag(box, BOX_TAG);
		return NtimpErrnoFromStatus(status);
	}
	file->private_data = box;
	return 0;
}

static int box_release(struct inode *inode, struct file *file)
{
	PBOX box = file->private_data;

	BoxClose(box);
	ExFreePoolWithTag(box, BOX_TAG);
	return 0;
}

static NTSTATUS do_as_caller(struct request *request)
{
	NTSTATUS status = CallerCapture(&request->caller);

	if (!NT_SUCCESS(status))
		return status;
	status = system_thread_do(request);
	CallerRelease(&request->caller);
	return status;
}

static NTSTATUS box_do(PBOX box, struct request *request, u32 how)
{
	if (how == NTDRIVER_AS_CALLER)
		return do_as_caller(request);
	request->box = box;
	switch (how) {
	case NTDRIVER_HERE:
		return BoxRunHere(box, request_do, request);
	case NTDRIVER_SYSTEM_THREAD:
		return system_thread_do(request);
	case NTDRIVER_WORK_ITEM:
		return worker_do(request);
	default:
		return STATUS_INVALID_PARAMETER;
	}
}

static int request_read_args(struct request *request, const struct ntdriver_request *args)
{
	if (args->what > NTDRIVER_CREATE || args->size > NTDRIVER_SIZE_MAX || args->reserved)
		return -EINVAL;
	request->what = args->what;
	request->size = args->size;
	if (args->what == NTDRIVER_WHO)
		return 0;
	request->path = strndup_user(u64_to_user_ptr(args->path), PATH_MAX);
	if (IS_ERR(request->path))
		return PTR_ERR(request->path);
	request->data = kzalloc(NTDRIVER_SIZE_MAX, GFP_KERNEL);
	if (!request->data)
		return -ENOMEM;
	if (args->what == NTDRIVER_CREATE &&
	    copy_from_user(request->data, u64_to_user_ptr(args->data), args->size))
		return -EFAULT;
	return 0;
}

static int request_write_args(const struct request *request, struct ntdriver_request *args)
{
	args->impersonating = request->who.Impersonating;
	args->level = request->who.Level;
	args->user = request->who.User;
	args->group = request->who.PrimaryGroup;
	if (request->what == NTDRIVER_READ &&
	    copy_to_user(u64_to_user_ptr(args->data), request->data, request->bytes))
		return -EFAULT;
	return 0;
}

static void request_free(struct request *request)
{
	if (!IS_ERR(request->path))
		kfree(request->path);
	kfree(request->data);
}

static long box_request(PBOX box, struct ntdriver_request *args)
{
	struct request request = {};
	NTSTATUS status;
	long err = request_read_args(&request, args);

	if (!err) {
		status = box_do(box, &request, args->how);
		err = NT_SUCCESS(status) ? request_write_args(&request, args) :
					   NtimpErrnoFromStatus(status);
	}
	request_free(&request);
	return err ?: request.bytes;
}

static long box_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ntdriver_request args;
	long result;

	if (cmd != NTDRIVER_REQUEST)
		return -ENOTTY;
	if (copy_from_user(&args, (void __user *)arg, sizeof(args)))
		return -EFAULT;
	result = box_request(file->private_data, &args);
	if (result >= 0 && copy_to_user((void __user *)arg, &args, sizeof(args)))
		return -EFAULT;
	return result;
}

static const struct file_operations box_fops = {
	.owner		= THIS_MODULE,
	.open		= box_open,
	.release	= box_release,
	.unlocked_ioctl	= box_ioctl,
	.llseek		= noop_llseek,
};

static struct miscdevice box_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "ntdriver",
	.fops	= &box_fops,
	.mode	= 0666,
};

static int __init ntdriver_init(void)
{
	NTSTATUS status = system_thread_start();
	int err;

	if (!NT_SUCCESS(status))
		return NtimpErrnoFromStatus(status);
	err = misc_register(&box_device);
	if (err)
		system_thread_stop();
	return err;
}

static void __exit ntdriver_exit(void)
{
	misc_deregister(&box_device);
	system_thread_stop();
}

module_init(ntdriver_init);
module_exit(ntdriver_exit);

MODULE_DESCRIPTION("Example of a driver ported from NT");
MODULE_AUTHOR("The ntimp authors");
MODULE_LICENSE("GPL");
