// SPDX-License-Identifier: GPL-2.0-only
/*
 * Access checks on Linux's own files: NT's rights, and Linux's answers.
 *
 * The kernel is asked as the client, so that modes, ACLs, capabilities, read-only
 * mounts, immutable files and the server's confinement all count.
 */
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mount.h>
#include <linux/path.h>
#include <linux/stat.h>
#include <linux/user_namespace.h>

#include <linux/ntifs.h>

#include "../compat.h"
#include "../context.h"
#include "../cred.h"
#include "filter.h"
#include "token.h"

static const struct inode *inode_of(const struct path *path)
{
	return d_backing_inode(path->dentry);
}

static int may_read(const struct path *path)
{
	return path_permission(path, MAY_READ | MAY_ACCESS);
}

static int may_execute(const struct path *path)
{
	if (S_ISREG(inode_of(path)->i_mode) &&
	    (path->mnt->mnt_flags & MNT_NOEXEC ||
	     path->mnt->mnt_sb->s_iflags & SB_I_NOEXEC))
		return -EACCES;
	return path_permission(path, MAY_EXEC | MAY_ACCESS);
}

/* Entries of a directory are found and changed. */
static int may_write(const struct path *path)
{
	umode_t mode = inode_of(path)->i_mode;
	int err;

	err = path_permission(path, S_ISDIR(mode) ? MAY_WRITE | MAY_EXEC | MAY_ACCESS :
						    MAY_WRITE | MAY_ACCESS);
	if (err || special_file(mode))
		return err;
	return __mnt_is_readonly(path->mnt) ? -EROFS : 0;
}

static int may_delete_child(const struct path *path)
{
	return S_ISDIR(inode_of(path)->i_mode) ? may_write(path) : -EACCES;
}

static int may_look(const struct path *path)
{
	struct kstat stat;

	return vfs_getattr(path, &stat, 0, AT_STATX_DONT_SYNC);
}

/* Whether anything but the contents may be changed at all. */
static int may_change(const struct path *path)
{
	if (__mnt_is_readonly(path->mnt))
		return -EROFS;
	return IS_IMMUTABLE(inode_of(path)) || IS_APPEND(inode_of(path)) ? -EPERM : 0;
}

static int may_change_as_owner(const struct path *path)
{
	int err = may_change(path);

	if (err)
		return err;
	return inode_owner_or_capable(compat_mnt_idmap(path->mnt), inode_of(path)) ? 0 : -EACCES;
}

static int may_change_owner(const struct path *path)
{
	int err = may_change(path);

	if (err)
		return err;
	return capable_wrt_inode_uidgid(compat_mnt_idmap(path->mnt), inode_of(path),
					CAP_CHOWN) ? 0 : -EACCES;
}

/* As may_delete() of the kernel, as far as it is about rights. */
static int may_delete_from(const struct path *dir, const struct path *path)
{
	struct inode *parent = d_backing_inode(dir->dentry);
	int err = may_write(dir);

	if (!err)
		err = may_change(path);
	if (err)
		return err;
	if (IS_APPEND(parent) ||
	    check_sticky(compat_mnt_idmap(path->mnt), parent, d_backing_inode(path->dentry)))
		return -EACCES;
	return 0;
}

static int may_delete(const struct path *path)
{
	struct path dir = { .mnt = path->mnt };
	int err;

	if (path->dentry == path->mnt->mnt_root)
		return -EACCES;
	dir.dentry = dget_parent(path->dentry);
	err = may_delete_from(&dir, path);
	dput(dir.dentry);
	return err;
}

static int may_see_audits(const struct path *path)
{
	return ns_capable(&init_user_ns, CAP_AUDIT_CONTROL) ? 0 : -EACCES;
}

/* What NT's rights to a file are on Linux. */
static const struct right {
	ACCESS_MASK rights;
	int (*check)(const struct path *path);
} right_rows[] = {
	{ FILE_READ_DATA | FILE_READ_EA, may_read },
	{ FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA, may_write },
	{ FILE_EXECUTE, may_execute },
	{ FILE_DELETE_CHILD, may_delete_child },
	{ FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE, may_look },
	{ FILE_WRITE_ATTRIBUTES | WRITE_DAC, may_change_as_owner },
	{ WRITE_OWNER, may_change_owner },
	{ DELETE, may_delete },
	{ ACCESS_SYSTEM_SECURITY, may_see_audits },
};

/**
 * struct check - a check on its way
 * @path: the file
 * @desired: rights, none of them generic
 * @granted: rights that were found
 */
struct check {
	const struct path *path;
	ACCESS_MASK desired;
	ACCESS_MASK granted;
};

/* With MAXIMUM_ALLOWED a right that isn't there is no failure, if nobody named it. */
static long check_rights(void *arg)
{
	struct check *check = arg;
	int i;

	for (i = 0; i < ARRAY_SIZE(right_rows); i++) {
		ACCESS_MASK rights = right_rows[i].rights;
		ACCESS_MASK named = rights & check->desired;
		int err;

		if (!named && !(check->desired & MAXIMUM_ALLOWED))
			continue;
		err = right_rows[i].check(check->path);
		if (err && named)
			return err;
		if (!err)
			check->granted |= check->desired & MAXIMUM_ALLOWED ? rights : named;
	}
	return 0;
}

/* What the subject would wear; only a context at which it can do something. */
static struct ntimp_context *subject_context_of(PSECURITY_SUBJECT_CONTEXT subject_context)
{
	struct nt_token *token = nt_token_from(SeQuerySubjectContextToken(subject_context));
	SECURITY_IMPERSONATION_LEVEL level = subject_context->ClientToken ?
					     subject_context->ImpersonationLevel :
					     SecurityImpersonation;
	struct ntimp_context *ctx;

	if (level < SecurityImpersonation || !nt_filter_is_expressible(token->filter))
		return NULL;
	ctx = nt_token_context(token, level, false);
	if (!IS_ERR(ctx) && ctx->qos.level < NTIMP_LEVEL_IMPERSONATION) {
		ntimp_context_put(ctx);
		return NULL;
	}
	return ctx;
}

static NTSTATUS check_as(struct ntimp_context *ctx, struct check *check)
{
	const struct cred *cred = ntimp_context_apply(ctx);
	long err;

	if (IS_ERR(cred))
		return NtimpStatusFromErrno(PTR_ERR(cred));
	err = ntimp_cred_run(cred, check_rights, check);
	put_cred(cred);
	return err ? NtimpStatusFromErrno(err) : STATUS_SUCCESS;
}

/**
 * NtimpSeAccessCheckPath - may a subject do something to a file of Linux's?
 * @subject_context: the subject
 * @path: the file; the caller has a reference on it
 * @desired: rights that are asked for: those to a file, MAXIMUM_ALLOWED, and generic
 *	ones, which are mapped as for files
 * @granted: set to the rights granted; to 0 on failure
 *
 * The subject is judged as if the current thread acted as it, which its primary
 * must be allowed to.  As with access(2), what is true now may be different when
 * it is used.
 *
 * Context: process context, may sleep; holds no locks.
 * Return: STATUS_SUCCESS; STATUS_ACCESS_DENIED: Linux refuses, the thread may not act
 * as the subject, nothing or no right to a file was asked for, or with
 * MAXIMUM_ALLOWED there is none; STATUS_MEDIA_WRITE_PROTECTED: the file's mount is
 * read-only; STATUS_BAD_IMPERSONATION_LEVEL: the subject is impersonated, or can be,
 * below level Impersonation only; STATUS_NO_SUCH_LOGON_SESSION: its context has been
 * revoked, or expired; STATUS_NO_MEMORY; STATUS_QUOTA_EXCEEDED; errors of the file's
 * own file system.
 */
NTSTATUS NtimpSeAccessCheckPath(PSECURITY_SUBJECT_CONTEXT subject_context,
				const struct path *path, ACCESS_MASK desired,
				PACCESS_MASK granted)
{
	static GENERIC_MAPPING mapping = {
		FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE, FILE_ALL_ACCESS,
	};
	struct check check = { .path = path, .desired = desired };
	struct ntimp_context *ctx;
	NTSTATUS status;

	*granted = 0;
	RtlMapGenericMask(&check.desired, &mapping);
	if (check.desired & ~(FILE_ALL_ACCESS | ACCESS_SYSTEM_SECURITY | MAXIMUM_ALLOWED))
		return STATUS_ACCESS_DENIED;

	ctx = subject_context_of(subject_context);
	if (!ctx)
		return STATUS_BAD_IMPERSONATION_LEVEL;
	if (IS_ERR(ctx))
		return NtimpStatusFromErrno(PTR_ERR(ctx));
	status = check_as(ctx, &check);
	ntimp_context_put(ctx);
	if (status)
		return status;
	*granted = check.granted;
	return check.granted ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
}
EXPORT_SYMBOL_GPL(NtimpSeAccessCheckPath);
