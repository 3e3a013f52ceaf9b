// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context as a file descriptor: one handle per open file, and its ioctls.
 */
#include <linux/anon_inodes.h>
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "args.h"
#include "broker.h"
#include "context.h"
#include "contextfd.h"
#include "cred.h"
#include "info.h"

#define NTIMP_CALL_SIZE_V1	56

static_assert(sizeof(struct ntimp_call) == NTIMP_CALL_SIZE_V1);

static int contextfd_release(struct inode *inode, struct file *file)
{
	ntimp_context_put(file->private_data);
	return 0;
}

static void contextfd_show_fdinfo(struct seq_file *m, struct file *file)
{
	ntimp_info_show(m, file->private_data);
}

static long contextfd_query(struct ntimp_context *ctx, void __user *arg)
{
	struct ntimp_info info;
	int err = ntimp_info_read(&info, arg);

	if (err)
		return err;
	if (info.tid)
		return -EINVAL;
	return ntimp_info_write(arg, &info, ctx);
}

static long contextfd_impersonate(struct ntimp_context *ctx, unsigned long flags)
{
	if (flags & ~(unsigned long)NTIMP_IMPERSONATE_EXCLUSIVE)
		return -EINVAL;
	if (flags & NTIMP_IMPERSONATE_EXCLUSIVE && ntimp_impersonating())
		return -EBUSY;
	return ntimp_impersonate(ctx);
}

static long contextfd_call(struct ntimp_context *ctx, const void __user *arg)
{
	struct ntimp_call call;
	int err = ntimp_args_read(&call, sizeof(call), NTIMP_CALL_SIZE_V1, arg);

	return err ? err : ntimp_broker_call(ctx, &call);
}

static long contextfd_ioctl(struct file *file, unsigned int cmd,
			    unsigned long arg)
{
	struct ntimp_context *ctx = file->private_data;

	switch (cmd) {
	case NTIMP_CTX_IMPERSONATE:
		return contextfd_impersonate(ctx, arg);
	/* For a thread which, as its client, can't open the device (any more). */
	case NTIMP_REVERT:
		return arg ? -EINVAL : ntimp_revert();
	case NTIMP_CTX_QUERY:
		return contextfd_query(ctx, (void __user *)arg);
	case NTIMP_CTX_CALL:
		return contextfd_call(ctx, (const void __user *)arg);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations contextfd_fops = {
	.owner		= THIS_MODULE,
	.release	= contextfd_release,
	.unlocked_ioctl	= contextfd_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
	.show_fdinfo	= contextfd_show_fdinfo,
	.llseek		= noop_llseek,
};

/**
 * ntimp_contextfd_install - give the current process a descriptor of a context
 * @ctx: the context; the caller's handle is consumed, also on failure.  May be
 *	an ERR_PTR(), which is then the result.
 *
 * Context: process context, may sleep.
 * Return: the descriptor, close-on-exec; -EMFILE, -ENFILE, -ENOMEM; @ctx's
 * error.
 */
int ntimp_contextfd_install(struct ntimp_context *ctx)
{
	int fd;

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	fd = anon_inode_getfd("[ntimp]", &contextfd_fops, ctx,
			      O_RDWR | O_CLOEXEC);
	if (fd < 0)
		ntimp_context_put(ctx);
	return fd;
}

/**
 * ntimp_contextfd_get - the context behind a descriptor
 * @fd: the descriptor
 *
 * Context: process context.
 * Return: a context with a handle for the caller; -EBADF: no such descriptor;
 * -EINVAL: not one of a context.
 */
struct ntimp_context *ntimp_contextfd_get(int fd)
{
	struct ntimp_context *ctx;
	struct file *file = fget(fd);

	if (!file)
		return ERR_PTR(-EBADF);
	if (file->f_op == &contextfd_fops)
		ctx = ntimp_context_get(file->private_data);
	else
		ctx = ERR_PTR(-EINVAL);
	fput(file);
	return ctx;
}
