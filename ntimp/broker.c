// SPDX-License-Identifier: GPL-2.0-only
/*
 * One file operation as the client, for a thread that goes on being itself.
 *
 * Each operation is the kernel's own, called as its system call calls it, so
 * that results are the same whichever way the client is acted for.  What
 * belongs to the caller (memory, descriptors, limits) is dealt with by the
 * caller, what is judged is done under the applied cred, and nothing of that
 * is left when the call returns.
 */
#include <kunit/visibility.h>
#include <linux/bits.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/openat2.h>
#include <linux/path.h>
#include <linux/sched/signal.h>
#include <linux/stat.h>

#include "broker.h"
#include "callthrough.h"
#include "compat.h"
#include "context.h"
#include "cred.h"
#include "worker.h"

/* The kernel's own struct open_flags, of 20 bytes, is not for modules. */
struct open_flags {
	u64 opaque[8];
};

CALLTHROUGH_DEFINE(build_open_flags, int, -EAGAIN,
		   (const struct open_how *how, struct open_flags *flags), .optional = true);
CALLTHROUGH_DEFINE(chmod_common, int, -EAGAIN,
		   (const struct path *path, umode_t mode), .optional = true);
CALLTHROUGH_DEFINE(do_filp_open, struct file *, ERR_PTR(-EAGAIN),
		   (int dirfd, struct filename *name,
		    const struct open_flags *flags), .optional = true);
CALLTHROUGH_DEFINE(filename_lookup, int, -EAGAIN,
		   (int dirfd, struct filename *name, unsigned int flags,
		    struct path *path, struct path *root), .optional = true);
CALLTHROUGH_DEFINE(getname_uflags, struct filename *, ERR_PTR(-EAGAIN),
		   (const char __user *name, int flags), .optional = true);

/* The system call, or all of it that isn't about its arguments. */
CALLTHROUGH_DEFINE(do_sys_openat2, int, -EAGAIN,
		   (int dirfd, const char __user *name, struct open_how *how), .optional = true);

/* These consume the names. */
CALLTHROUGH_DEFINE(do_mkdirat, int, -EAGAIN,
		   (int dirfd, struct filename *name, umode_t mode), .optional = true);
CALLTHROUGH_DEFINE(do_renameat2, int, -EAGAIN,
		   (int dirfd, struct filename *name, int dirfd2,
		    struct filename *name2, unsigned int flags), .optional = true);
CALLTHROUGH_DEFINE(do_rmdir, int, -EAGAIN,
		   (int dirfd, struct filename *name), .optional = true);
CALLTHROUGH_DEFINE(do_unlinkat, int, -EAGAIN,
		   (int dirfd, struct filename *name), .optional = true);

/**
 * struct request - one operation on its way
 * @call: what the caller asks for
 * @operation: its row in the table
 * @name: the path; NULL once it was consumed
 * @name2: the new path (rename), likewise
 * @flags: how to open
 * @file: what was opened, on success
 */
struct request {
	const struct ntimp_call *call;
	const struct operation *operation;
	struct filename *name;
	struct filename *name2;
	struct open_flags flags;
	struct file *file;
};

/* Fields which only some operations use. */
#define USES_PATH2	BIT(0)
#define USES_HOW	BIT(1)
#define USES_MODE	BIT(2)
#define USES_RESOLVE	BIT(3)

/**
 * struct operation - what there is to know of one
 * @uses: USES_*
 * @how: bits of that field which may be set
 * @mode: likewise
 * @run: does it, as the client: a value for the caller, or an error
 */
struct operation {
	unsigned int uses;
	u64 how;
	u64 mode;
	long (*run)(struct request *request);
};

static struct filename *name_consume(struct filename **name)
{
	struct filename *consumed = *name;

	*name = NULL;
	return consumed;
}

static long run_open(struct request *request)
{
	struct file *file;

	file = callthrough_do_filp_open(request->call->dirfd, request->name,
					&request->flags);
	if (IS_ERR(file))
		return PTR_ERR(file);
	request->file = file;
	return 0;
}

/* As do_faccessat() does. */
static int path_access(const struct path *path, int mode)
{
	const struct inode *inode = d_backing_inode(path->dentry);
	int err;

	if (mode & MAY_EXEC && S_ISREG(inode->i_mode) &&
	    (path->mnt->mnt_flags & MNT_NOEXEC ||
	     path->mnt->mnt_sb->s_iflags & SB_I_NOEXEC))
		return -EACCES;

	err = path_permission(path, mode | MAY_ACCESS);
	if (err || !(mode & MAY_WRITE) || special_file(inode->i_mode))
		return err;
	return __mnt_is_readonly(path->mnt) ? -EROFS : 0;
}

static int path_chmod(const struct path *path, int mode)
{
	return callthrough_chmod_common(path, mode);
}

/* Find a file and do something with it, again if its server had changed it. */
static int with_path(const struct request *request, unsigned int flags,
		     int (*fn)(const struct path *path, int mode))
{
	const struct ntimp_call *call = request->call;
	struct path path;
	int err;

	do {
		err = callthrough_filename_lookup(call->dirfd, request->name,
						  flags, &path, NULL);
		if (err)
			return err;
		err = fn(&path, call->mode);
		path_put(&path);
		if (!retry_estale(err, flags))
			return err;
		flags |= LOOKUP_REVAL;
	} while (true);
}

static long run_access(struct request *request)
{
	unsigned int flags = 0;

	if (!(request->call->how & AT_SYMLINK_NOFOLLOW))
		flags |= LOOKUP_FOLLOW;
	if (request->call->how & AT_EMPTY_PATH)
		flags |= LOOKUP_EMPTY;
	return with_path(request, flags, path_access);
}

static long run_chmod(struct request *request)
{
	return with_path(request, LOOKUP_FOLLOW, path_chmod);
}

static long run_mkdir(struct request *request)
{
	return callthrough_do_mkdirat(request->call->dirfd,
				      name_consume(&request->name),
				      request->call->mode);
}

static long run_unlink(struct request *request)
{
	struct filename *name = name_consume(&request->name);
	int dirfd = request->call->dirfd;

	if (request->call->how & AT_REMOVEDIR)
		return callthrough_do_rmdir(dirfd, name);
	return callthrough_do_unlinkat(dirfd, name);
}

static long run_rename(struct request *request)
{
	int dirfd = request->call->dirfd;

	return callthrough_do_renameat2(dirfd, name_consume(&request->name),
					dirfd, name_consume(&request->name2),
					request->call->how);
}

static const struct operation operations[] = {
	/* What may be set is build_open_flags()'s to say. */
	[NTIMP_OP_OPEN] = {
		.uses	= USES_HOW | USES_MODE | USES_RESOLVE,
		.how	= U64_MAX,
		.mode	= U64_MAX,
		.run	= run_open,
	},
	[NTIMP_OP_ACCESS] = {
		.uses	= USES_HOW | USES_MODE,
		.how	= AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH,
		.mode	= MAY_READ | MAY_WRITE | MAY_EXEC,
		.run	= run_access,
	},
	[NTIMP_OP_MKDIR] = {
		.uses	= USES_MODE,
		.mode	= S_IALLUGO,
		.run	= run_mkdir,
	},
	[NTIMP_OP_UNLINK] = {
		.uses	= USES_HOW,
		.how	= AT_REMOVEDIR,
		.run	= run_unlink,
	},
	[NTIMP_OP_RENAME] = {
		.uses	= USES_PATH2 | USES_HOW,
		.how	= RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT,
		.run	= run_rename,
	},
	[NTIMP_OP_CHMOD] = {
		.uses	= USES_MODE,
		.mode	= S_IALLUGO,
		.run	= run_chmod,
	},
};

static const struct operation *operation_of(const struct ntimp_call *call)
{
	const struct operation *operation;

	if (!call->op || call->op >= ARRAY_SIZE(operations))
		return NULL;
	operation = &operations[call->op];

	if (call->flags & ~NTIMP_CALL_WORKER ||
	    call->how & ~operation->how || call->mode & ~operation->mode)
		return NULL;
	if (!(operation->uses & USES_PATH2) && call->path2)
		return NULL;
	if (!(operation->uses & USES_RESOLVE) && call->resolve)
		return NULL;
	return operation;
}

static struct open_how how_to_open(const struct ntimp_call *call)
{
	struct open_how how = {
		.flags		= call->how,
		.mode		= call->mode,
		.resolve	= call->resolve,
	};

	if (!(how.flags & O_PATH) && force_o_largefile())
		how.flags |= O_LARGEFILE;
	return how;
}

static int request_flags(struct request *request)
{
	struct open_how how;

	if (request->call->op != NTIMP_OP_OPEN)
		return 0;
	how = how_to_open(request->call);
	return callthrough_build_open_flags(&how, &request->flags);
}

static int name_copy(struct filename **name, u64 from, int flags)
{
	struct filename *copy;

	copy = callthrough_getname_uflags(u64_to_user_ptr(from), flags);
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	*name = copy;
	return 0;
}

static int request_names(struct request *request)
{
	const struct ntimp_call *call = request->call;
	int flags = call->op == NTIMP_OP_ACCESS ? call->how & AT_EMPTY_PATH : 0;
	int err = name_copy(&request->name, call->path, flags);

	if (err || !(request->operation->uses & USES_PATH2))
		return err;
	return name_copy(&request->name2, call->path2, 0);
}

static void names_put(struct request *request)
{
	if (request->name)
		putname(request->name);
	if (request->name2)
		putname(request->name2);
}

static long run_request(void *arg)
{
	struct request *request = arg;

	return request->operation->run(request);
}

static long perform(struct request *request, const struct cred *cred)
{
	if (request->call->flags & NTIMP_CALL_WORKER)
		return ntimp_worker_run(cred, run_request, request);
	return ntimp_cred_run(cred, run_request, request);
}

/* The descriptor first: what can't be handed out is not to be created. */
static long perform_open(struct request *request, const struct cred *cred)
{
	int fd = get_unused_fd_flags(request->call->how & O_CLOEXEC);
	long err;

	if (fd < 0)
		return fd;
	err = perform(request, cred);
	if (err) {
		put_unused_fd(fd);
		return err;
	}
	compat_tell_opened(request->file);
	fd_install(fd, request->file);
	return fd;
}

static noinline long call_in_parts(const struct ntimp_call *call,
				   const struct operation *operation,
				   const struct cred *cred)
{
	struct request request = {
		.call		= call,
		.operation	= operation,
	};
	long ret = request_flags(&request);

	if (ret)
		return ret;
	ret = request_names(&request);
	if (!ret)
		ret = call->op == NTIMP_OP_OPEN ? perform_open(&request, cred) :
						  perform(&request, cred);
	names_put(&request);
	return ret;
}

static long run_at_once(void *arg)
{
	const struct ntimp_call *call = arg;
	struct open_how how = how_to_open(call);

	return callthrough_do_sys_openat2(call->dirfd,
					  u64_to_user_ptr(call->path), &how);
}

/*
 * What is asked for most is to open by the calling thread itself, who can as well do
 * all of it as the client: nothing but the file is judged by creds.
 */
static bool can_at_once(const struct ntimp_call *call)
{
	return call->op == NTIMP_OP_OPEN && !(call->flags & NTIMP_CALL_WORKER) &&
	       callthrough_leads(&ntimp_callthrough_do_sys_openat2);
}

/* With whose rights: the client's, judged on the primary. */
static const struct cred *broker_cred(struct ntimp_context *ctx,
				      const struct ntimp_call *call)
{
	if (current_cred() != current_real_cred() && !ntimp_impersonating())
		return ERR_PTR(-EBUSY);
	if (ctx->qos.level < NTIMP_LEVEL_IMPERSONATION)
		return ERR_PTR(-EACCES);
	return call->flags & NTIMP_CALL_WORKER ?
	       ntimp_context_apply_dispatched(ctx) : ntimp_context_apply(ctx);
}

/**
 * ntimp_broker_works - are all functions there that the broker calls?
 *
 * Context: any.
 * Return: whether ntimp_broker_call() can be used.
 */
bool ntimp_broker_works(void)
{
	return callthrough_leads(&ntimp_callthrough_build_open_flags) &&
	       callthrough_leads(&ntimp_callthrough_chmod_common) &&
	       callthrough_leads(&ntimp_callthrough_do_filp_open) &&
	       callthrough_leads(&ntimp_callthrough_do_mkdirat) &&
	       callthrough_leads(&ntimp_callthrough_do_renameat2) &&
	       callthrough_leads(&ntimp_callthrough_do_rmdir) &&
	       callthrough_leads(&ntimp_callthrough_do_unlinkat) &&
	       callthrough_leads(&ntimp_callthrough_filename_lookup) &&
	       callthrough_leads(&ntimp_callthrough_getname_uflags) &&
	       ntimp_worker_works();
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_broker_works);

/**
 * ntimp_broker_call - do one file operation as the client
 * @ctx: the context; the caller has a handle on it
 * @call: the operation, from user space
 *
 * Whoever the thread acts as, permission is judged on its primary, and it acts
 * as the same again when the call returns.
 *
 * Context: process context of a user thread, may sleep; holds no locks.
 * Return: NTIMP_OP_OPEN: a descriptor; otherwise 0; -EOPNOTSUPP: the running
 * kernel lacks a function that is needed; -EINVAL: unknown operation or flag, a
 * field that the operation doesn't use is not 0; -EBUSY: the thread is inside
 * an override of somebody else's; -EACCES: the level is below Impersonation;
 * -EPERM: the gate refused; -EFAULT: bad address; errors of the operation,
 * which are those of its system call; with NTIMP_CALL_WORKER those of
 * ntimp_worker_run().
 */
long ntimp_broker_call(struct ntimp_context *ctx, const struct ntimp_call *call)
{
	const struct operation *operation = operation_of(call);
	const struct cred *cred;
	long ret;

	if (!callthrough_complete && !ntimp_broker_works())
		return -EOPNOTSUPP;
	if (!operation)
		return -EINVAL;
	cred = broker_cred(ctx, call);
	if (IS_ERR(cred))
		return PTR_ERR(cred);

	ret = can_at_once(call) ?
	      ntimp_cred_run(cred, run_at_once, (void *)call) :
	      call_in_parts(call, operation, cred);
	put_cred(cred);
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_broker_call);
