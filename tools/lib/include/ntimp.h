/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * libntimp: let a thread of a server act as one of its clients, and be itself
 * again.
 *
 * A context is a file descriptor (close-on-exec) that holds who a client is and
 * how far the server may go in the client's name.  It is made by one of the
 * capture functions, can be worn by any number of threads at once, passed to
 * another process over a socket, and is given up with close().
 *
 * All functions may be called from any thread at any time.  Cancellation points
 * are ntimp_capture_user(), ntimp_capture_pidfd() and what ntimp_run_as() calls.
 * Functions that fail return -1 and set errno.  Besides the errors listed with
 * each, every function that uses the device can fail with
 *
 *	ENODEV	there is no /dev/ntimp: the module is not loaded
 *	EACCES	/dev/ntimp may not be opened
 *	EMFILE, ENFILE, ENOMEM
 *
 * and every function that takes a context with
 *
 *	EBADF	the descriptor is not open
 *	ENOTTY	the descriptor is not a context
 *
 * The device
 * ----------
 * The library opens /dev/ntimp once and keeps that one descriptor, with
 * O_CLOEXEC, in all threads and in forked children.  It does so in the first
 * capture, duplicate, impersonate, revert or query_thread, with the identity
 * which the thread has in that moment: make the first call before you
 * impersonate by other means and before you give up access to /dev.
 * ntimp_impersonate() does not begin what could not be ended: without the
 * device it fails.  The descriptor is yours to leave alone.  If it is closed
 * nevertheless (closefrom()), the library notices, leaves the file that has
 * its number now as it is, and opens the device again.  When it must do so while the
 * thread impersonates, the client needs access to /dev/ntimp, else
 * ntimp_revert() fails.
 */
#ifndef _NTIMP_H
#define _NTIMP_H

#include <stddef.h>
#include <sys/types.h>

#include <linux/ntimp.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NTIMP_MUST_CHECK __attribute__((warn_unused_result))

/*
 * Capture: make a context.
 *
 * qos says what the holder of the context may do; NULL stands for level
 * Impersonation, static tracking, effective_only 0.  All of them return a
 * descriptor, or -1 with, besides what is listed with each:
 *
 *	EINVAL		a member of qos has no such value, or flags is not 0
 *	EOPNOTSUPP	dynamic tracking, which this version does not have
 */

/**
 * ntimp_capture_self - the identity of the calling thread
 * @qos: quality of service, or NULL
 *
 * That of the client, if the thread impersonates.
 *
 * Errors:
 *	EPERM	the thread impersonates at a level below the one asked for
 */
NTIMP_MUST_CHECK int ntimp_capture_self(const struct ntimp_qos *qos);

/**
 * ntimp_capture_thread - the identity of another thread
 * @tid: the thread, in the pid namespace of the caller
 * @qos: quality of service, or NULL
 *
 * A number can be used again when its thread has ended: for a process other
 * than the caller's prefer ntimp_capture_pidfd().
 *
 * Errors:
 *	EINVAL	@tid is not positive
 *	ESRCH	there is no such thread
 *	EPERM	a thread of another process, and the caller lacks CAP_SETUID or
 *		CAP_SETGID there or may not trace it for reading; or the thread
 *		impersonates at a level below the one asked for
 */
NTIMP_MUST_CHECK int ntimp_capture_thread(pid_t tid, const struct ntimp_qos *qos);

/**
 * ntimp_capture_pidfd - the identity of a process, without a race
 * @pidfd: from pidfd_open(), clone3() or SO_PEERPIDFD
 * @qos: quality of service, or NULL
 *
 * For a multi-threaded process, that of its first thread.  Needs /proc.
 *
 * Errors:
 *	EBADF	@pidfd is not open, or not a pidfd
 *	ESRCH	the process has ended, or has no number in the caller's pid
 *		namespace, or /proc shows another pid namespace
 *	EPERM	as for ntimp_capture_thread()
 *	ENOENT	/proc is not mounted
 */
NTIMP_MUST_CHECK int ntimp_capture_pidfd(int pidfd, const struct ntimp_qos *qos);

/**
 * ntimp_capture_peer - the identity of the peer of a socket
 * @sockfd: a connected AF_UNIX socket
 * @qos: quality of service, or NULL
 *
 * What the peer was when it called connect(), whatever became of it since.  The
 * peer of a socket from socketpair() is who made the pair; that of a client's
 * socket is who called listen().
 *
 * Errors:
 *	EBADF		@sockfd is not open
 *	ENOTSOCK	@sockfd is not a socket
 *	EOPNOTSUPP	not an AF_UNIX socket
 *	ENOTCONN	not connected, so there is no peer
 *	EPERM		the peer connected while it impersonated at a level
 *			below the one asked for
 */
NTIMP_MUST_CHECK int ntimp_capture_peer(int sockfd, const struct ntimp_qos *qos);

/**
 * ntimp_capture_ids - an identity made of numbers
 * @uid: all four user ids
 * @gid: all four group ids
 * @ngroups: number of supplementary groups, at most 65536
 * @groups: the supplementary groups, in any order; not looked at if @ngroups is 0
 * @qos: quality of service, or NULL
 *
 * For clients without a process on this machine.  The context has no
 * capabilities, also for user 0.
 *
 * Errors:
 *	EPERM	the caller itself (not whom it impersonates) lacks CAP_SETUID or
 *		CAP_SETGID
 *	EINVAL	an id is -1 or has no meaning in the caller's user namespace, or
 *		@ngroups is too large
 *	EFAULT	@groups cannot be read
 */
NTIMP_MUST_CHECK int ntimp_capture_ids(uid_t uid, gid_t gid, size_t ngroups,
				       const gid_t *groups, const struct ntimp_qos *qos);

/**
 * ntimp_capture_user - the identity that a user would have after login
 * @name: name of the user
 * @qos: quality of service, or NULL
 *
 * Asks the name service for the user and its groups (in the identity that the
 * thread has), then does as ntimp_capture_ids().  As with initgroups(), a group
 * source of the name service that does not answer is not an error: the context
 * then lacks those groups.
 *
 * Errors:
 *	ENOENT	there is no such user
 *	EINVAL	@name is NULL
 *	other	what the name service says (EIO, EAGAIN, ...), and the errors of
 *		ntimp_capture_ids()
 */
NTIMP_MUST_CHECK int ntimp_capture_user(const char *name, const struct ntimp_qos *qos);

/**
 * ntimp_capture_anonymous - nobody
 *
 * The overflow ids (65534), no groups, no capabilities, at level Impersonation.
 */
NTIMP_MUST_CHECK int ntimp_capture_anonymous(void);

/**
 * ntimp_duplicate - a context made from a context
 * @ctx: the context
 * @qos: quality of service of the new one, or NULL
 *
 * Errors:
 *	EPERM	the level asked for is above that of @ctx, or @ctx has
 *		effective_only and the new one is to have not
 *	EINVAL	@ctx is not a context
 */
NTIMP_MUST_CHECK int ntimp_duplicate(int ctx, const struct ntimp_qos *qos);

/**
 * ntimp_update - look at the client of a dynamic context again
 * @ctx: the context
 *
 * Errors:
 *	EOPNOTSUPP	always, in this version
 */
NTIMP_MUST_CHECK int ntimp_update(int ctx);

/*
 * Query.  The library sets the input members of struct ntimp_info except
 * groups and ngroups, which the caller sets: to a buffer and its room, or both
 * to 0 for the number of groups alone.  Start from { 0 }:
 *
 *	struct ntimp_info info = { 0 };
 *	gid_t groups[64];
 *
 *	info.groups = (uintptr_t)groups;
 *	info.ngroups = 64;
 *	if (ntimp_query(ctx, &info))
 */

/**
 * ntimp_query - who the client of a context is
 * @ctx: the context
 * @info: filled
 *
 * Errors:
 *	ERANGE	there are more groups than room; @info->ngroups says how many
 *	EINVAL	groups is 0 and ngroups is not
 *	EFAULT	@info or its groups cannot be written
 */
NTIMP_MUST_CHECK int ntimp_query(int ctx, struct ntimp_info *info);

/**
 * ntimp_query_thread - whom a thread impersonates
 * @tid: the thread, in the pid namespace of the caller; 0 for the caller
 * @info: filled
 *
 * Errors:
 *	ENOENT	the thread impersonates nobody
 *	ESRCH	there is no such thread
 *	EPERM	as for ntimp_capture_thread()
 *	EINVAL	@tid is negative, or groups is 0 and ngroups is not
 *	ERANGE, EFAULT as for ntimp_query()
 */
NTIMP_MUST_CHECK int ntimp_query_thread(pid_t tid, struct ntimp_info *info);

/**
 * ntimp_impersonate - act as the client from now on
 * @ctx: the context
 *
 * The calling thread only.  Whom it impersonated before is replaced: there is
 * one place for a client, not a stack of them.  After a failure the thread is
 * who it was before the call, which may be the server: do not go on with what
 * you wanted to do as the client.  One system call.
 *
 * Errors:
 *	EPERM		the server may not act as this client
 *	EOPNOTSUPP	the level of @ctx is below Impersonation, and the kernel
 *			lacks a place where that could be denied what it has to be
 *	EBUSY		the kernel itself acts as somebody else in this thread
 */
NTIMP_MUST_CHECK int ntimp_impersonate(int ctx);

/**
 * ntimp_impersonate_thread - let another thread of this process act as the client
 * @ctx: the context
 * @tid: the thread
 *
 * Errors:
 *	EOPNOTSUPP	always, in this version
 */
NTIMP_MUST_CHECK int ntimp_impersonate_thread(int ctx, pid_t tid);

/**
 * ntimp_revert - be the server again
 *
 * Undoes every ntimp_impersonate() of the calling thread, however many there
 * were; not an error if there was none.  One system call, and safe in a signal
 * handler.
 *
 * It fails only if the library's descriptor was closed behind its back and the
 * client may not open the device.  The thread is still the client then, and the
 * process should end: abort().
 */
NTIMP_MUST_CHECK int ntimp_revert(void);

/**
 * ntimp_revert_thread - let another thread of this process be itself again
 * @tid: the thread
 *
 * Errors:
 *	EOPNOTSUPP	always, in this version
 */
NTIMP_MUST_CHECK int ntimp_revert_thread(pid_t tid);

/**
 * ntimp_run_as - call a function as the client
 * @ctx: the context
 * @fn: the function
 * @arg: handed to @fn
 *
 * Impersonates, calls @fn, reverts.  Returns what @fn returns, with the errno
 * that @fn left; or -1 without having called @fn.
 *
 * The thread is the server again whichever way @fn is left: by return, by a C++
 * exception, by pthread_exit(), or by pthread_cancel() at a cancellation point.
 * Not noticed are longjmp() and swapcontext() out of @fn: call ntimp_revert()
 * where they land.  exit() out of @fn runs the handlers of atexit() as the
 * client.  If reverting fails, the process is aborted with a message, because
 * it must not go on as somebody else.
 *
 * Errors:
 *	EBUSY	the thread impersonates already: leaving the inner function
 *		would make the rest of the outer one run as the server
 *	other	those of ntimp_impersonate()
 */
NTIMP_MUST_CHECK int ntimp_run_as(int ctx, int (*fn)(void *arg), void *arg);

/**
 * ntimp_openat - open a file as the client, without becoming the client
 * @ctx: the context
 * @dirfd: as for openat(2)
 * @path: as for openat(2)
 * @flags: as for openat(2)
 * @mode: as for openat(2)
 *
 * Errors:
 *	EOPNOTSUPP	always, in this version
 */
NTIMP_MUST_CHECK int ntimp_openat(int ctx, int dirfd, const char *path, int flags, mode_t mode);

/**
 * ntimp_access - would the client be allowed to
 * @ctx: the context
 * @dirfd: as for faccessat(2)
 * @path: as for faccessat(2)
 * @mode: as for faccessat(2)
 * @flags: as for faccessat(2)
 *
 * Errors:
 *	EOPNOTSUPP	always, in this version
 */
NTIMP_MUST_CHECK int ntimp_access(int ctx, int dirfd, const char *path, int mode, int flags);

/**
 * NTIMP_SCOPE - run a block as the client
 * @ctx: the context
 *
 *	NTIMP_SCOPE(ctx) {
 *		fd = open(path, O_RDONLY);	// the client
 *	} else {
 *		perror("impersonate");		// the server
 *	}
 *
 * If impersonating fails, with the errors of ntimp_run_as(), the block is not
 * entered, errno says why, and the else branch runs, if there is one.  The
 * thread is the server again however the block is left: at its end, by return,
 * goto, break or continue (both leave the block, not a loop around it), and, in
 * code compiled with -fexceptions as C++ is by default, by an exception,
 * pthread_exit() or pthread_cancel().  errno is kept.  What ntimp_run_as() says
 * of longjmp(), exit() and of a revert that fails holds here too.
 */
#define NTIMP_SCOPE(ctx)						\
	for (struct ntimp_scope ntimp_scope				\
		__attribute__((cleanup(ntimp_scope_end))) =		\
		{ ntimp_scope_begin(ctx), 1 };				\
	     ntimp_scope.pending; ntimp_scope.pending = 0)		\
		if (ntimp_scope.entered)

/**
 * struct ntimp_scope - what NTIMP_SCOPE() keeps
 * @entered: the thread impersonates and has to revert
 * @pending: the block has not run yet
 */
struct ntimp_scope {
	int entered;
	int pending;
};

/* The two halves of NTIMP_SCOPE(); not to be called by themselves. */
NTIMP_MUST_CHECK int ntimp_scope_begin(int ctx);
void ntimp_scope_end(struct ntimp_scope *scope);

#ifdef __cplusplus
}
#endif

#endif /* _NTIMP_H */
