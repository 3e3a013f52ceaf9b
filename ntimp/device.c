// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/ntimp: copies arguments in, calls the core, copies results out.
 *
 * Opening the device confers nothing and leaves no state behind; every right
 * is judged per call, on the primary of the thread that calls.
 */
#include <linux/build_bug.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>

#include "args.h"
#include "broker.h"
#include "compat.h"
#include "context.h"
#include "contextfd.h"
#include "device.h"
#include "gate.h"
#include "guard.h"
#include "info.h"
#include "limits.h"
#include "remote.h"
#include "target.h"

#define NTIMP_VERSION_SIZE_V1	80
#define NTIMP_CAPTURE_SIZE_V1	56

static_assert(sizeof(struct ntimp_version) == NTIMP_VERSION_SIZE_V1);
static_assert(sizeof(struct ntimp_capture) == NTIMP_CAPTURE_SIZE_V1);
static_assert(sizeof(struct ntimp_qos) == 8);

static int mode_set(const char *val, const struct kernel_param *kp)
{
	unsigned short mode;
	int err = kstrtou16(val, 8, &mode);

	if (err)
		return err;
	if (mode & ~0666)
		return -EINVAL;
	*(unsigned short *)kp->arg = mode;
	return 0;
}

static int mode_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "0%o\n", *(unsigned short *)kp->arg);
}

static const struct kernel_param_ops mode_ops = {
	.set	= mode_set,
	.get	= mode_get,
};

static unsigned short device_mode = 0666;
module_param_cb(mode, &mode_ops, &device_mode, 0444);
MODULE_PARM_DESC(mode, "mode of /dev/ntimp, octal (default: 0666)");

static long device_version(void __user *arg)
{
	struct ntimp_version version = {};
	int err = ntimp_args_read(&version, sizeof(version),
				  NTIMP_VERSION_SIZE_V1, arg);

	if (err)
		return err;

	version = (struct ntimp_version) {
		.size		= version.size,
		.abi		= NTIMP_ABI,
		.features	= NTIMP_FEATURE_IMPERSONATE |
				  NTIMP_FEATURE_LOW_LEVELS |
				  NTIMP_FEATURE_DYNAMIC |
				  NTIMP_FEATURE_CONSENT |
				  NTIMP_FEATURE_REVOKE |
				  NTIMP_FEATURE_EXPLAIN,
		.guards_armed	= ntimp_guards_armed(),
		.guards_absent	= ntimp_guards_absent(),
	};
	if (ntimp_remote_available())
		version.features |= NTIMP_FEATURE_REMOTE;
	if (ntimp_broker_works())
		version.features |= NTIMP_FEATURE_BROKER;
	if (ntimp_allow_root_clients)
		version.params |= NTIMP_PARAM_ALLOW_ROOT_CLIENTS;
	if (ntimp_consent)
		version.params |= NTIMP_PARAM_CONSENT;
	strscpy(version.release, THIS_MODULE->version, sizeof(version.release));
	return ntimp_args_write(arg, &version, sizeof(version));
}

static struct ntimp_context *capture_thread(const struct ntimp_capture *args)
{
	struct task_struct *task = ntimp_target_get(args->tid);
	struct ntimp_context *ctx;

	if (IS_ERR(task))
		return ERR_CAST(task);
	ctx = ntimp_capture_task(task, &args->qos);
	put_task_struct(task);
	return ctx;
}

static struct ntimp_context *capture_peer(const struct ntimp_capture *args)
{
	struct ntimp_context *ctx;
	struct socket *sock;
	int err;

	sock = sockfd_lookup(args->fd, &err);
	if (!sock)
		return ERR_PTR(err);
	ctx = ntimp_capture_peer(sock, &args->qos);
	sockfd_put(sock);
	return ctx;
}

static struct group_info *groups_from_user(u64 from, u32 ngroups)
{
	struct user_namespace *ns = current_real_cred()->user_ns;
	const u32 __user *entry = u64_to_user_ptr(from);
	struct group_info *groups;
	u32 gid, i;
	int err;

	groups = groups_alloc(ngroups);
	if (!groups)
		return ERR_PTR(-ENOMEM);

	for (i = 0; i < ngroups; i++) {
		err = -EFAULT;
		if (get_user(gid, entry + i))
			goto free_groups;
		err = -EINVAL;
		groups->gid[i] = make_kgid(ns, gid);
		if (!gid_valid(groups->gid[i]))
			goto free_groups;
	}
	groups_sort(groups);
	return groups;

free_groups:
	put_group_info(groups);
	return ERR_PTR(err);
}

static struct ntimp_context *capture_ids(const struct ntimp_capture *args)
{
	struct user_namespace *ns = current_real_cred()->user_ns;
	struct ntimp_context *ctx;
	struct group_info *groups;
	kernel_cap_t caps;

	if (args->ngroups > NTIMP_GROUPS_MAX || (args->groups && !args->ngroups))
		return ERR_PTR(-EINVAL);
	if (args->caps >> (CAP_LAST_CAP + 1) ||
	    (args->caps && !(args->flags & NTIMP_CAPTURE_CAPS)))
		return ERR_PTR(-EINVAL);

	groups = groups_from_user(args->groups, args->ngroups);
	if (IS_ERR(groups))
		return ERR_CAST(groups);

	caps = compat_cap_from_u64(args->caps);
	ctx = ntimp_capture_ids(make_kuid(ns, args->uid),
				make_kgid(ns, args->gid), groups, caps,
				&args->qos);
	put_group_info(groups);
	return ctx;
}

static struct ntimp_context *capture_context(const struct ntimp_capture *args)
{
	struct ntimp_context *source, *ctx;

	source = ntimp_contextfd_get(args->fd);
	if (IS_ERR(source))
		return source;
	ctx = ntimp_context_duplicate(source, &args->qos);
	ntimp_context_put(source);
	return ctx;
}

/* Fields which only some sources use, as bits. */
#define USES_FD		BIT(0)
#define USES_TID	BIT(1)
#define USES_IDS	BIT(2)

static const unsigned int source_uses[] = {
	[NTIMP_SOURCE_SELF]		= 0,
	[NTIMP_SOURCE_THREAD]		= USES_TID,
	[NTIMP_SOURCE_PEER]		= USES_FD,
	[NTIMP_SOURCE_IDS]		= USES_IDS,
	[NTIMP_SOURCE_ANONYMOUS]	= 0,
	[NTIMP_SOURCE_CONTEXT]		= USES_FD,
};

static bool capture_args_valid(const struct ntimp_capture *args)
{
	unsigned int uses;

	if (!args->source || args->source >= ARRAY_SIZE(source_uses))
		return false;
	uses = source_uses[args->source];

	if (!(uses & USES_FD) && args->fd)
		return false;
	if (!(uses & USES_TID) && args->tid)
		return false;
	if (uses & USES_IDS)
		return !(args->flags & ~NTIMP_CAPTURE_CAPS);
	return !args->uid && !args->gid && !args->groups && !args->ngroups &&
	       !args->flags && !args->caps;
}

static struct ntimp_context *capture(const struct ntimp_capture *args)
{
	if (!capture_args_valid(args))
		return ERR_PTR(-EINVAL);

	switch (args->source) {
	case NTIMP_SOURCE_SELF:
		return ntimp_capture_self(&args->qos);
	case NTIMP_SOURCE_THREAD:
		return capture_thread(args);
	case NTIMP_SOURCE_PEER:
		return capture_peer(args);
	case NTIMP_SOURCE_IDS:
		return capture_ids(args);
	case NTIMP_SOURCE_ANONYMOUS:
		return ntimp_capture_anonymous(&args->qos);
	default:
		return capture_context(args);
	}
}

static long device_capture(void __user *arg)
{
	struct ntimp_capture args;
	int err = ntimp_args_read(&args, sizeof(args), NTIMP_CAPTURE_SIZE_V1,
				  arg);

	if (err)
		return err;
	return ntimp_contextfd_install(capture(&args));
}

static int look_at(pid_t tid, struct ntimp_view *view)
{
	struct task_struct *task = ntimp_target_get(tid);
	int err;

	if (IS_ERR(task))
		return PTR_ERR(task);
	err = ntimp_gate_look_for("look", task) ?: ntimp_view_task(task, view);
	put_task_struct(task);
	return err;
}

static long device_query_thread(void __user *arg)
{
	struct ntimp_view view;
	struct ntimp_info info;
	long err = ntimp_info_read(&info, arg);

	if (err)
		return err;
	if (info.tid < 0)
		return -EINVAL;
	if (!info.tid)
		info.tid = task_pid_vnr(current);

	err = look_at(info.tid, &view);
	if (err)
		return err;
	info.flags = NTIMP_INFO_IMPERSONATING;
	if (ntimp_context_is_closed(view.ctx))
		info.flags |= NTIMP_INFO_CLOSED;
	err = ntimp_info_write(arg, &info, &view);
	ntimp_view_end(&view);
	return err;
}

static long device_revert_thread(const void __user *arg)
{
	struct task_struct *task;
	struct ntimp_thread args;
	long err = ntimp_target_read(&args, arg);

	if (err)
		return err;
	if (args.flags)
		return -EINVAL;
	task = ntimp_target_get(args.tid);
	if (IS_ERR(task))
		return PTR_ERR(task);
	err = ntimp_revert_task(task);
	put_task_struct(task);
	return err;
}

static long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *ptr = (void __user *)arg;

	switch (cmd) {
	case NTIMP_REVERT:
		return arg ? -EINVAL : ntimp_revert();
	case NTIMP_CAPTURE:
		return device_capture(ptr);
	case NTIMP_QUERY_THREAD:
		return device_query_thread(ptr);
	case NTIMP_REVERT_THREAD:
		return device_revert_thread(ptr);
	case NTIMP_VERSION:
		return device_version(ptr);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations device_fops = {
	.owner		= THIS_MODULE,
	.unlocked_ioctl	= device_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
	.llseek		= noop_llseek,
};

static struct miscdevice device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "ntimp",
	.fops	= &device_fops,
};

/**
 * ntimp_device_register - make /dev/ntimp
 *
 * Context: process context, may sleep.
 * Return: 0, or an error of misc_register().
 */
int ntimp_device_register(void)
{
	device.mode = device_mode;
	return misc_register(&device);
}

/**
 * ntimp_device_deregister - remove /dev/ntimp; nobody has it open
 *
 * Context: process context, may sleep.
 */
void ntimp_device_deregister(void)
{
	misc_deregister(&device);
}
