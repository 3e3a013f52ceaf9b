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
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "args.h"
#include "broker.h"
#include "context.h"
#include "contextfd.h"
#include "cred.h"
#include "gate.h"
#include "info.h"
#include "target.h"
#include "thread.h"
#include "wearers.h"

#define NTIMP_EXPIRE_SIZE_V1	16
#define NTIMP_WEARERS_SIZE_V1	24
#define NTIMP_CALL_SIZE_V1	56
#define NTIMP_EXPLAIN_SIZE_V1	24

static_assert(sizeof(struct ntimp_expire) == NTIMP_EXPIRE_SIZE_V1);
static_assert(sizeof(struct ntimp_wearers) == NTIMP_WEARERS_SIZE_V1);
static_assert(sizeof(struct ntimp_call) == NTIMP_CALL_SIZE_V1);
static_assert(sizeof(struct ntimp_explain) == NTIMP_EXPLAIN_SIZE_V1);

static int contextfd_release(struct inode *inode, struct file *file)
{
	ntimp_context_put(file->private_data);
	return 0;
}

static void contextfd_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct ntimp_view view = ntimp_view_context(file->private_data);

	ntimp_info_show(m, &view);
	ntimp_view_end(&view);
}

static long contextfd_query(struct ntimp_context *ctx, void __user *arg)
{
	struct ntimp_view view;
	struct ntimp_info info;
	int err = ntimp_info_read(&info, arg);

	if (err)
		return err;
	if (info.tid)
		return -EINVAL;
	view = ntimp_view_context(ctx);
	err = ntimp_info_write(arg, &info, &view);
	ntimp_view_end(&view);
	return err;
}

static long contextfd_revoke(struct ntimp_context *ctx, unsigned long flags)
{
	return flags > U32_MAX ? -EINVAL : ntimp_revoke(ctx, flags);
}

static long contextfd_expire(struct ntimp_context *ctx, void __user *arg)
{
	struct ntimp_expire expire;
	int err = ntimp_args_read(&expire, sizeof(expire),
				  NTIMP_EXPIRE_SIZE_V1, arg);

	if (err)
		return err;
	return expire.flags ? -EINVAL : ntimp_expire(ctx, expire.lifetime);
}

static long write_tids(u64 to, const struct ntimp_wearers_list *list)
{
	s32 __user *entry = u64_to_user_ptr(to);
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (put_user(task_pid_vnr(list->tasks[i]), entry + i))
			return -EFAULT;
	return 0;
}

static long contextfd_wearers(const struct ntimp_context *ctx, void __user *arg)
{
	struct ntimp_wearers wearers;
	struct ntimp_wearers_list list;
	u32 room;
	long err;

	err = ntimp_args_read(&wearers, sizeof(wearers), NTIMP_WEARERS_SIZE_V1,
			      arg);
	if (err)
		return err;
	if (wearers.flags || wearers.reserved ||
	    !wearers.tids != !wearers.ntids)
		return -EINVAL;

	err = ntimp_wearers_find(ctx, &list);
	if (err)
		return err;
	room = wearers.ntids;
	wearers.ntids = list.count;
	if (ntimp_args_write(arg, &wearers, sizeof(wearers)))
		err = -EFAULT;
	else if (wearers.tids && list.count > room)
		err = -ERANGE;
	else if (wearers.tids)
		err = write_tids(wearers.tids, &list);
	ntimp_wearers_free(&list);
	return err;
}

static long contextfd_impersonate_thread(struct ntimp_context *ctx,
					 const void __user *arg)
{
	struct task_struct *task;
	struct ntimp_thread args;
	long ret = ntimp_target_read(&args, arg);

	if (ret)
		return ret;
	task = ntimp_target_get(args.tid);
	if (IS_ERR(task))
		return PTR_ERR(task);
	ret = ntimp_impersonate_task(ctx, task, args.flags);
	put_task_struct(task);
	return ret;
}

static noinline long contextfd_call(struct ntimp_context *ctx,
				    const void __user *arg)
{
	struct ntimp_call call;
	int err = ntimp_args_read_hot(&call, sizeof(call), NTIMP_CALL_SIZE_V1, arg);

	return err ? err : ntimp_broker_call(ctx, &call);
}

static long contextfd_explain(struct ntimp_context *ctx, void __user *arg)
{
	struct ntimp_explain explain;
	const struct cred *server;
	struct task_struct *task;
	long err = ntimp_args_read(&explain, sizeof(explain),
				   NTIMP_EXPLAIN_SIZE_V1, arg);

	if (err)
		return err;
	if (explain.flags || explain.pass || explain.reason || explain.reserved)
		return -EINVAL;

	task = explain.tid ? ntimp_target_get(explain.tid) :
			     get_task_struct(current);
	if (IS_ERR(task))
		return PTR_ERR(task);
	err = ntimp_gate_look_for("look", task);
	if (err)
		goto put_task;
	server = get_task_cred(task);
	ntimp_context_explain(ctx, server, &explain);
	put_cred(server);
	err = ntimp_args_write(arg, &explain, sizeof(explain));
put_task:
	put_task_struct(task);
	return err;
}

/* All calls but the hottest, which are not to pay for the room they need. */
static noinline long contextfd_ioctl_cold(struct ntimp_context *ctx,
					  unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	/* For a thread which, as its client, can't open the device (any more). */
	case NTIMP_REVERT:
		return arg ? -EINVAL : ntimp_revert();
	case NTIMP_CTX_QUERY:
		return contextfd_query(ctx, (void __user *)arg);
	case NTIMP_CTX_UPDATE:
		return arg ? -EINVAL : ntimp_update(ctx);
	case NTIMP_CTX_REVOKE:
		return contextfd_revoke(ctx, arg);
	case NTIMP_CTX_EXPIRE:
		return contextfd_expire(ctx, (void __user *)arg);
	case NTIMP_CTX_WEARERS:
		return contextfd_wearers(ctx, (void __user *)arg);
	case NTIMP_CTX_IMPERSONATE_THREAD:
		return contextfd_impersonate_thread(ctx, (void __user *)arg);
	case NTIMP_CTX_EXPLAIN:
		return contextfd_explain(ctx, (void __user *)arg);
	default:
		return -ENOTTY;
	}
}

static long contextfd_ioctl(struct file *file, unsigned int cmd,
			    unsigned long arg)
{
	struct ntimp_context *ctx = file->private_data;

	if (likely(cmd == NTIMP_CTX_IMPERSONATE))
		return ntimp_impersonate_flags(ctx, arg);
	if (cmd == NTIMP_CTX_CALL)
		return contextfd_call(ctx, (const void __user *)arg);
	return contextfd_ioctl_cold(ctx, cmd, arg);
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
