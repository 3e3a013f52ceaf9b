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
#include <stdint.h>
#include <sys/types.h>

#include <linux/ntimp.h>

#ifdef __cplusplus
extern "C" {
/* Some functions have the name of the struct that they hand over, as stat() has. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif

#define NTIMP_MUST_CHECK __attribute__((warn_unused_result))

/*
 * Capture: make a context.
 *
 * qos says what the holder of the context may do; NULL stands for level
 * Impersonation, static tracking, effective_only 0.  All of them return a
 * descriptor, or -1 with, besides what is listed with each:
 *
 *	EINVAL		a member of qos has no such value, or flags has a bit that
 *			the source does not know
 *	EOPNOTSUPP	dynamic tracking of anything but a thread
 *	EPERM		NTIMP_QOS_DISPATCH, and the caller itself may not act as the
 *			client
 *	EDQUOT		the user has too many contexts open, see max_contexts in
 *			ntimp(4)
 */

/**
 * ntimp_capture_self - the identity of the calling thread
 * @qos: quality of service, or NULL
 *
 * That of the client, if the thread impersonates.  With NTIMP_QOS_CONSENT
 * whoever is handed the context may act as the calling thread, where the
 * administrator lets consent count.
 *
 * Errors:
 *	EPERM	the thread impersonates at a level below the one asked for, or at
 *		all, with NTIMP_QOS_CONSENT
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
 * The duplicate of a dynamic context has its last snapshot.  Duplicates are
 * revoked and expire together with what they were made of, and each other.
 *
 * Errors:
 *	EPERM		the level asked for is above that of @ctx, or @ctx has
 *			effective_only and the new one is to have not, or the new
 *			one is to have a flag which @ctx has not
 *	EINVAL		@ctx is not a context
 *	EKEYREVOKED	@ctx was revoked
 *	EKEYEXPIRED	@ctx has expired
 */
NTIMP_MUST_CHECK int ntimp_duplicate(int ctx, const struct ntimp_qos *qos);

/**
 * ntimp_update - look at the client of a dynamic context again
 * @ctx: the context
 *
 * As each ntimp_impersonate() does by itself.  The client is followed where it
 * has become less than it was when it was captured, or that again: the same or
 * fewer of its users, groups and capabilities.
 *
 * Errors:
 *	ESTALE		it is more than that, has executed a program, has ended,
 *			or acts as somebody else: for the server it is still
 *			what it was when it was last followed
 *	EINVAL		@ctx is static
 *	EKEYREVOKED	@ctx was revoked
 *	EKEYEXPIRED	@ctx has expired
 */
NTIMP_MUST_CHECK int ntimp_update(int ctx);

/**
 * ntimp_revoke - let nobody impersonate a context any more
 * @ctx: the context
 * @flags: 0 or NTIMP_REVOKE_DENY
 *
 * For who made it, and for administrators.  All duplicates of @ctx, and what it
 * is a duplicate of, are revoked with it.  Threads which wear one of them go on
 * until they revert; with NTIMP_REVOKE_DENY they can do no more than at level
 * Identification from now on.
 *
 * Errors:
 *	EPERM		the caller itself is another user than who made the context
 *			and lacks CAP_SETUID or CAP_SETGID in that one's user
 *			namespace
 *	EINVAL		unknown flag
 *	EOPNOTSUPP	NTIMP_REVOKE_DENY, and this version has no low levels
 */
NTIMP_MUST_CHECK int ntimp_revoke(int ctx, unsigned int flags);

/**
 * ntimp_expire - let nobody impersonate a context any more, after some time
 * @ctx: the context
 * @lifetime_ns: nanoseconds from now, also those in which the machine sleeps; 0:
 *	at once
 *
 * For the same contexts, and the same callers, as ntimp_revoke().  The end can be
 * brought forward, and not put off.
 *
 * Errors:
 *	EPERM	as for ntimp_revoke()
 */
NTIMP_MUST_CHECK int ntimp_expire(int ctx, uint64_t lifetime_ns);

/**
 * ntimp_wearers - which threads wear a context
 * @ctx: the context
 * @tids: filled with threads, as numbers in the pid namespace of the caller; NULL
 *	for their number alone
 * @ntids: in: room at @tids, 0 if that is NULL; out: how many threads there are
 *
 * Those of which the caller may ask whom they impersonate.
 *
 * Errors:
 *	ERANGE	there are more than room for them; @ntids says how many
 *	EINVAL	@tids is NULL and there is room, or the reverse
 *	EFAULT	@tids cannot be written
 */
NTIMP_MUST_CHECK int ntimp_wearers(int ctx, pid_t *tids, size_t *ntids);

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
 * ntimp_explain - would a thread be let impersonate a context, and why (not)?
 * @ctx: the context
 * @tid: the thread, in the pid namespace of the caller; 0 for the caller
 * @explain: pass and reason are filled, see enum ntimp_explain_pass and enum
 *	ntimp_reason
 *
 * Errors:
 *	ESRCH	there is no such thread
 *	EPERM	as for ntimp_capture_thread()
 *	EINVAL	@tid is negative
 *	EFAULT	@explain cannot be written
 */
NTIMP_MUST_CHECK int ntimp_explain(int ctx, pid_t tid, struct ntimp_explain *explain);

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
 *	EKEYREVOKED	@ctx was revoked
 *	EKEYEXPIRED	@ctx has expired
 */
NTIMP_MUST_CHECK int ntimp_impersonate(int ctx);

/**
 * ntimp_impersonate_downgraded - act as the client, or know who it is
 * @ctx: the context
 *
 * As ntimp_impersonate(), but where the server may not act as the client the
 * thread impersonates at level Identification: it can ask who its client is, and
 * do nothing in its name.  Returns the level at which the thread acts; go on
 * accordingly.
 *
 * Errors:
 *	those of ntimp_impersonate() but EPERM
 */
NTIMP_MUST_CHECK int ntimp_impersonate_downgraded(int ctx);

/**
 * ntimp_impersonate_thread - let another thread of this process act as the client
 * @ctx: the context
 * @tid: the thread, in the pid namespace of the caller
 *
 * As if @tid had called ntimp_impersonate(): it is asked to, and the caller waits
 * until it did, at most 5 seconds.  After a failure @tid is who it was, and the
 * call has no effect later.
 *
 * A system call in which @tid is goes on, or is begun again, without notice, but
 * for those that return EINTR whenever a signal comes, such as epoll_wait().  What
 * it has done so far it did as who @tid was; when it is begun again, and from then
 * on, it is the client who calls.  Let @tid wait for something while its identity
 * is changed, and tell it afterwards.
 *
 * Two threads that ask each other at the same time wait in vain.
 *
 * Errors:
 *	EINVAL		@tid is not positive
 *	ESRCH		there is no such thread, or it is ending
 *	EPERM		a thread of another process, or one of the kernel's; or
 *			the primary of @tid may not act as this client
 *	ETIMEDOUT	it did not come to it: it is stopped, traced, in a system
 *			call that no signal interrupts, or waits for its vfork()
 *	EBUSY		the kernel itself acts as somebody else in this thread,
 *			or it is in execve()
 *	EOPNOTSUPP	the level of @ctx is below Impersonation, or the kernel
 *			offers no way (NTIMP_FEATURE_REMOTE)
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
 * ntimp_revert_thread - let another thread be itself again
 * @tid: the thread, in the pid namespace of the caller
 *
 * As if @tid had called ntimp_revert(); as for ntimp_impersonate_thread() in all
 * else.  In another process it takes CAP_SETUID, CAP_SETGID and the right to trace
 * it, as an administrator has.
 *
 * Errors:
 *	EPERM		a thread of another process without these rights, or one
 *			of the kernel's
 *	EINVAL, ESRCH, ETIMEDOUT, EBUSY, EOPNOTSUPP
 *			as for ntimp_impersonate_thread()
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
 * ntimp_uring_personality - let the requests of an io_uring act as the client
 * @ring_fd: the ring, as io_uring_setup() returned it
 * @ctx: the context
 *
 * A thread can't submit to an io_uring while it impersonates.  This registers the
 * client with the ring instead, and returns a personality: the number that goes into
 * the personality of each entry that is to be done as the client.  Whatever submits
 * to the ring can name it.
 *
 * It is judged now whether the calling thread may act as the client.  The personality
 * stays what the client is now, also after the context was closed, revoked or has
 * expired, until io_uring_unregister_personality() or the end of the ring.
 *
 * Errors:
 *	EBADF		@ring_fd is not open
 *	EOPNOTSUPP	@ring_fd is not an io_uring
 *	EACCES		the ring is restricted, and does not allow this
 *	EBUSY		the thread impersonates already
 *	other		those of ntimp_impersonate()
 */
NTIMP_MUST_CHECK int ntimp_uring_personality(int ring_fd, int ctx);

/*
 * One file operation as the client, by a thread that goes on being itself: it
 * is the client in no other system call, and no guard is in its way.  Whom the
 * thread impersonates makes no difference, before or after.  All of them fail
 * with what the system call of their name fails with when the client makes it,
 * and with
 *
 *	EPERM		the server may not act as this client
 *	EACCES		the level of the context is below Impersonation
 *	EBUSY		the kernel itself acts as somebody else in this thread
 *	EINVAL		a flag or a bit of the mode that is not known
 *	EOPNOTSUPP	the running kernel lacks what this needs
 *
 * NTIMP_CTX_CALL of ntimp(4) can do the same in a system worker, and is what to
 * use for the rest of openat2(2).
 */

/**
 * ntimp_openat - open a file as the client
 * @ctx: the context
 * @dirfd: as for openat(2)
 * @path: as for openat(2)
 * @flags: as for openat(2)
 * @mode: as for openat(2)
 *
 * Unlike openat(2) this refuses flags that the kernel does not know.  Returns a
 * descriptor of the calling process, with the client's credentials behind it.
 */
NTIMP_MUST_CHECK int ntimp_openat(int ctx, int dirfd, const char *path, int flags, mode_t mode);

/**
 * ntimp_access - would the client be allowed to
 * @ctx: the context
 * @dirfd: as for faccessat(2)
 * @path: as for faccessat(2)
 * @mode: as for faccessat(2)
 * @flags: AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW, AT_EACCESS
 *
 * Asks for the client's effective ids, with or without AT_EACCESS.
 */
NTIMP_MUST_CHECK int ntimp_access(int ctx, int dirfd, const char *path, int mode, int flags);

/**
 * ntimp_mkdirat - make a directory as the client
 * @ctx: the context
 * @dirfd: as for mkdirat(2)
 * @path: as for mkdirat(2)
 * @mode: as for mkdirat(2)
 */
NTIMP_MUST_CHECK int ntimp_mkdirat(int ctx, int dirfd, const char *path, mode_t mode);

/**
 * ntimp_unlinkat - remove a file or directory as the client
 * @ctx: the context
 * @dirfd: as for unlinkat(2)
 * @path: as for unlinkat(2)
 * @flags: 0 or AT_REMOVEDIR
 */
NTIMP_MUST_CHECK int ntimp_unlinkat(int ctx, int dirfd, const char *path, int flags);

/**
 * ntimp_renameat - rename a file as the client
 * @ctx: the context
 * @dirfd: what both names are relative to, as for renameat2(2)
 * @path: the file
 * @new_path: its new name
 * @flags: as for renameat2(2)
 */
NTIMP_MUST_CHECK int ntimp_renameat(int ctx, int dirfd, const char *path, const char *new_path,
				    unsigned int flags);

/**
 * ntimp_fchmodat - change the mode of a file as the client
 * @ctx: the context
 * @dirfd: as for fchmodat(2)
 * @path: as for fchmodat(2); symbolic links are followed
 * @mode: as for fchmodat(2)
 */
NTIMP_MUST_CHECK int ntimp_fchmodat(int ctx, int dirfd, const char *path, mode_t mode);

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
#pragma GCC diagnostic pop
}
#endif

#endif /* _NTIMP_H */
