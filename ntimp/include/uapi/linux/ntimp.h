/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The user-space interface of ntimp: /dev/ntimp and the client contexts
 * that it makes, each of which is a file descriptor.
 *
 * Every struct begins with its size.  The caller sets it to sizeof() as it
 * was compiled; the kernel takes a shorter struct of an older caller, and a
 * longer one of a newer caller as long as what it does not know is zero
 * (E2BIG otherwise).  On return, size says how many bytes the kernel filled.
 * The layout is the same for 32-bit and 64-bit callers, and no ioctl number
 * depends on a size, so that the structs can grow.
 */
#ifndef _UAPI_LINUX_NTIMP_H
#define _UAPI_LINUX_NTIMP_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Number of the interface, in struct ntimp_version.abi. */
#define NTIMP_ABI			1

/**
 * enum ntimp_level - how far a server may go in the client's name
 * @NTIMP_LEVEL_ANONYMOUS: not even ask who the client is
 * @NTIMP_LEVEL_IDENTIFICATION: ask who the client is, but not act as it
 * @NTIMP_LEVEL_IMPERSONATION: act as the client on this machine
 * @NTIMP_LEVEL_DELEGATION: also use the client's session keyring
 */
enum ntimp_level {
	NTIMP_LEVEL_ANONYMOUS		= 0,
	NTIMP_LEVEL_IDENTIFICATION	= 1,
	NTIMP_LEVEL_IMPERSONATION	= 2,
	NTIMP_LEVEL_DELEGATION		= 3,
};

/**
 * enum ntimp_tracking - whether a context follows its client
 * @NTIMP_TRACKING_STATIC: a snapshot, taken at capture
 * @NTIMP_TRACKING_DYNAMIC: looked at again whenever it is used
 */
enum ntimp_tracking {
	NTIMP_TRACKING_STATIC		= 0,
	NTIMP_TRACKING_DYNAMIC		= 1,
};

/**
 * enum ntimp_source - where the identity in a context comes from
 * @NTIMP_SOURCE_SELF: the calling thread
 * @NTIMP_SOURCE_THREAD: another thread, named by tid
 * @NTIMP_SOURCE_PEER: the peer of a connected AF_UNIX socket
 * @NTIMP_SOURCE_IDS: user, group and supplementary groups as given
 * @NTIMP_SOURCE_ANONYMOUS: nobody: the overflow ids, no groups
 * @NTIMP_SOURCE_CONTEXT: another context, at its level or below
 */
enum ntimp_source {
	NTIMP_SOURCE_SELF		= 1,
	NTIMP_SOURCE_THREAD		= 2,
	NTIMP_SOURCE_PEER		= 3,
	NTIMP_SOURCE_IDS		= 4,
	NTIMP_SOURCE_ANONYMOUS		= 5,
	NTIMP_SOURCE_CONTEXT		= 6,
};

/* struct ntimp_version.features */
#define NTIMP_FEATURE_IMPERSONATE	(1ULL << 0) /* levels 2 and 3 */
#define NTIMP_FEATURE_LOW_LEVELS	(1ULL << 1) /* levels 0 and 1 */
#define NTIMP_FEATURE_DYNAMIC		(1ULL << 2) /* dynamic tracking */
#define NTIMP_FEATURE_REMOTE		(1ULL << 3) /* other threads */
#define NTIMP_FEATURE_BROKER		(1ULL << 4) /* open as the client */
#define NTIMP_FEATURE_CONSENT		(1ULL << 5) /* contexts that a client hands over */
#define NTIMP_FEATURE_REVOKE		(1ULL << 6) /* revocation and expiry */
#define NTIMP_FEATURE_EXPLAIN		(1ULL << 7) /* what the gate would say */

/* Bit numbers in struct ntimp_version.guards_armed and .guards_absent */
enum ntimp_guard {
	NTIMP_GUARD_COMMIT_CREDS	= 0,
	NTIMP_GUARD_COPY_CREDS		= 1,
	NTIMP_GUARD_EXEC		= 2,
	NTIMP_GUARD_CREATE_USER_NS	= 3,
	NTIMP_GUARD_USERNS_INSTALL	= 4,
	NTIMP_GUARD_COREDUMP		= 5,
	NTIMP_GUARD_JOIN_SESSION	= 6,
	NTIMP_GUARD_REQKEY_KEYRING	= 7,
	NTIMP_GUARD_SETSELFATTR		= 8,
	NTIMP_GUARD_IO_URING		= 9,
	NTIMP_GUARD_IO_URING_POLL	= 10,
	NTIMP_GUARD_EXIT		= 11,
};

/* struct ntimp_version.params: what the administrator has loosened */
#define NTIMP_PARAM_ALLOW_ROOT_CLIENTS	(1U << 0)
#define NTIMP_PARAM_CONSENT		(1U << 1) /* NTIMP_QOS_CONSENT counts */

/**
 * struct ntimp_version - argument of NTIMP_VERSION
 * @size: in: sizeof(struct); out: bytes filled
 * @abi: out: NTIMP_ABI of the module
 * @features: out: NTIMP_FEATURE_* that work
 * @errata: out: bit N set: erratum N of ntimp(4) is mended in this module
 * @guards_armed: out: bit N set: enum ntimp_guard N is armed
 * @guards_absent: out: bit N set: the running kernel has no such entry point,
 *	so guard N has nothing to watch
 * @params: out: NTIMP_PARAM_* that are set
 * @reserved: out: 0
 * @release: out: version of the module, NUL-terminated
 */
struct ntimp_version {
	__u32 size;
	__u32 abi;
	__aligned_u64 features;
	__aligned_u64 errata;
	__aligned_u64 guards_armed;
	__aligned_u64 guards_absent;
	__u32 params;
	__u32 reserved;
	char release[32];
};

/* struct ntimp_qos.flags */
#define NTIMP_QOS_CONSENT		(1U << 0) /* whoever holds it may act as me */
#define NTIMP_QOS_DISPATCH		(1U << 1) /* a system worker may act for the holder */

/**
 * struct ntimp_qos - quality of service: what the holder of a context may do
 * @level: enum ntimp_level
 * @tracking: enum ntimp_tracking
 * @effective_only: 1: capabilities which the client has permitted but not
 *	effective do not become part of the context; 0: they do, for queries
 *	(an impersonating thread never has more than the effective ones)
 * @flags: NTIMP_QOS_*.  CONSENT: SELF, by a client that is itself, or CONTEXT
 *	if the source has it; counts where the administrator lets it.  DISPATCH:
 *	the maker may act as the client itself, or CONTEXT if the source has it;
 *	then holders who may not act as the client can still use
 *	NTIMP_CALL_WORKER
 */
struct ntimp_qos {
	__u32 level;
	__u8  tracking;
	__u8  effective_only;
	__u16 flags;
};

/* struct ntimp_capture.flags */
#define NTIMP_CAPTURE_CAPS		(1U << 0) /* caps is valid (ids) */

/**
 * struct ntimp_capture - argument of NTIMP_CAPTURE
 * @size: sizeof(struct)
 * @source: enum ntimp_source.  A field that the source does not use must be 0.
 * @qos: quality of service
 * @fd: PEER: the socket; CONTEXT: the context
 * @tid: THREAD: the thread, in the caller's pid namespace
 * @uid: IDS: the user, in the user namespace of the caller's primary
 * @gid: IDS: the group
 * @groups: IDS: pointer to @ngroups supplementary groups (__u32), in any order
 * @ngroups: IDS: how many, at most 65536
 * @flags: NTIMP_CAPTURE_*
 * @caps: IDS, with NTIMP_CAPTURE_CAPS: the client's capabilities, a subset of
 *	what the caller's primary has permitted
 */
struct ntimp_capture {
	__u32 size;
	__u32 source;
	struct ntimp_qos qos;
	__s32 fd;
	__s32 tid;
	__u32 uid;
	__u32 gid;
	__aligned_u64 groups;
	__u32 ngroups;
	__u32 flags;
	__aligned_u64 caps;
};

/* struct ntimp_info.flags, out */
#define NTIMP_INFO_IMPERSONATING	(1U << 0) /* a thread was asked for and wears this */
#define NTIMP_INFO_CLOSED		(1U << 1) /* no descriptor of the context is left */
#define NTIMP_INFO_STALE		(1U << 2) /* dynamic: the client can't be followed */
#define NTIMP_INFO_REVOKED		(1U << 3) /* its maker has revoked it */
#define NTIMP_INFO_EXPIRED		(1U << 4) /* its time is over */

/**
 * struct ntimp_info - argument of NTIMP_CTX_QUERY and NTIMP_QUERY_THREAD
 * @size: in: sizeof(struct); out: bytes filled
 * @flags: in: 0; out: NTIMP_INFO_*
 * @tid: NTIMP_QUERY_THREAD: in: the thread, 0 for the caller; out: its tid.
 *	NTIMP_CTX_QUERY: 0
 * @source: out: enum ntimp_source
 * @id: out: number of the context, never used twice while the module is
 *	loaded; 0 if the context is gone and only what was made of it is left
 * @qos: out: quality of service.  NTIMP_QUERY_THREAD: the level is the one at
 *	which the thread acts, below that of the context after a downgrade
 * @uid: out: the client's real user, in the user namespace of the caller's
 *	primary (the overflow id where it has no number there, and all ids at
 *	level Anonymous)
 * @gid: out: real group
 * @euid: out: effective user
 * @egid: out: effective group
 * @suid: out: saved user
 * @sgid: out: saved group
 * @fsuid: out: user for access to files
 * @fsgid: out: group for access to files
 * @groups: in: where to write the supplementary groups (__u32 each), or 0
 * @ngroups: in: room at @groups; out: number of groups of the client, also
 *	with ERANGE, which says that the room is too small
 * @user_ns: out: inode number of the client's user namespace
 * @cap_permitted: out: the client's permitted capabilities
 * @cap_effective: out: the client's effective capabilities
 * @uses: out: how often the context was impersonated
 * @lifetime: out: for how long the context can still be impersonated, in
 *	nanoseconds; 0: for ever, or no longer (see @flags)
 */
struct ntimp_info {
	__u32 size;
	__u32 flags;
	__s32 tid;
	__u32 source;
	__aligned_u64 id;
	struct ntimp_qos qos;
	__u32 uid;
	__u32 gid;
	__u32 euid;
	__u32 egid;
	__u32 suid;
	__u32 sgid;
	__u32 fsuid;
	__u32 fsgid;
	__aligned_u64 groups;
	__u32 ngroups;
	__u32 user_ns;
	__aligned_u64 cap_permitted;
	__aligned_u64 cap_effective;
	__aligned_u64 uses;
	__aligned_u64 lifetime;
};

/* Flags of NTIMP_CTX_IMPERSONATE and of struct ntimp_thread */
#define NTIMP_IMPERSONATE_EXCLUSIVE	(1U << 0) /* EBUSY if it impersonates already */
/* Where the gate says no, act at level Identification; the call returns the level. */
#define NTIMP_IMPERSONATE_DOWNGRADE	(1U << 1)

/**
 * struct ntimp_thread - argument of NTIMP_CTX_IMPERSONATE_THREAD and
 *	NTIMP_REVERT_THREAD
 * @size: sizeof(struct)
 * @flags: NTIMP_CTX_IMPERSONATE_THREAD: NTIMP_IMPERSONATE_*;
 *	NTIMP_REVERT_THREAD: 0
 * @tid: the thread, in the caller's pid namespace
 * @reserved: 0
 */
struct ntimp_thread {
	__u32 size;
	__u32 flags;
	__s32 tid;
	__u32 reserved;
};

/* Flags of NTIMP_CTX_REVOKE */
#define NTIMP_REVOKE_DENY		(1U << 0) /* who wears it is denied all, too */

/**
 * struct ntimp_expire - argument of NTIMP_CTX_EXPIRE
 * @size: sizeof(struct)
 * @flags: 0
 * @lifetime: nanoseconds from now, sleep of the machine included, after which
 *	the context can't be impersonated any more; only ever brought forward
 */
struct ntimp_expire {
	__u32 size;
	__u32 flags;
	__aligned_u64 lifetime;
};

/**
 * struct ntimp_wearers - argument of NTIMP_CTX_WEARERS
 * @size: in: sizeof(struct); out: bytes filled
 * @flags: 0
 * @tids: in: where to write the threads (__s32 each), in the caller's pid
 *	namespace, or 0
 * @ntids: in: room at @tids; out: number of threads that wear the context and
 *	that the caller may look at, also with ERANGE
 * @reserved: 0
 */
struct ntimp_wearers {
	__u32 size;
	__u32 flags;
	__aligned_u64 tids;
	__u32 ntids;
	__u32 reserved;
};

/* struct ntimp_call.op */
enum ntimp_op {
	NTIMP_OP_OPEN			= 1, /* openat2(2); returns a descriptor */
	NTIMP_OP_ACCESS			= 2, /* faccessat2(2), with the effective ids */
	NTIMP_OP_MKDIR			= 3, /* mkdirat(2) */
	NTIMP_OP_UNLINK			= 4, /* unlinkat(2) */
	NTIMP_OP_RENAME			= 5, /* renameat2(2), both names below dirfd */
	NTIMP_OP_CHMOD			= 6, /* fchmodat(2) */
};

/* struct ntimp_call.flags */
#define NTIMP_CALL_WORKER		(1U << 0) /* in a system worker, see NTIMP_QOS_DISPATCH */

/**
 * struct ntimp_call - argument of NTIMP_CTX_CALL: one file operation as the client
 * @size: sizeof(struct)
 * @op: enum ntimp_op.  A field that it does not use must be 0.
 * @flags: NTIMP_CALL_*
 * @dirfd: as for openat(2)
 * @path: address of the path
 * @path2: RENAME: address of the new path
 * @how: OPEN: O_* as for openat2(2); ACCESS, UNLINK: AT_*; RENAME: RENAME_*
 * @mode: OPEN, MKDIR, CHMOD: mode; ACCESS: R_OK, W_OK, X_OK or F_OK
 * @resolve: OPEN: RESOLVE_* as for openat2(2)
 */
struct ntimp_call {
	__u32 size;
	__u32 op;
	__u32 flags;
	__s32 dirfd;
	__aligned_u64 path;
	__aligned_u64 path2;
	__aligned_u64 how;
	__aligned_u64 mode;
	__aligned_u64 resolve;
};

/**
 * enum ntimp_reason - why something was refused
 * @NTIMP_REASON_NONE: it was not
 * @NTIMP_REASON_ROOT_CLIENT: the client is root and the server isn't, and the
 *	allow_root_clients parameter is off
 * @NTIMP_REASON_NO_SETID: CAP_SETUID or CAP_SETGID is missing in the client's
 *	user namespace (to make a context of ids: in the maker's own)
 * @NTIMP_REASON_UNMAPPED: an id of the client has no number in its own user
 *	namespace
 * @NTIMP_REASON_LEVEL: more than the identity or the context was given for: a
 *	level, a flag, capabilities that are not effective
 * @NTIMP_REASON_CAPS: capabilities that the maker doesn't have
 * @NTIMP_REASON_NOT_ITSELF: consent by a thread that impersonates
 * @NTIMP_REASON_NOT_VISIBLE: a thread that the caller may not look at, or not
 *	control
 * @NTIMP_REASON_NOT_MAKER: another user has made the context
 * @NTIMP_REASON_ENDED: the context was revoked or has expired
 * @NTIMP_REASON_GUARD: a thread that impersonates can't do this
 */
enum ntimp_reason {
	NTIMP_REASON_NONE		= 0,
	NTIMP_REASON_ROOT_CLIENT	= 1,
	NTIMP_REASON_NO_SETID		= 2,
	NTIMP_REASON_UNMAPPED		= 3,
	NTIMP_REASON_LEVEL		= 4,
	NTIMP_REASON_CAPS		= 5,
	NTIMP_REASON_NOT_ITSELF		= 6,
	NTIMP_REASON_NOT_VISIBLE	= 7,
	NTIMP_REASON_NOT_MAKER		= 8,
	NTIMP_REASON_ENDED		= 9,
	NTIMP_REASON_GUARD		= 10,
};

/* struct ntimp_explain.pass */
enum ntimp_explain_pass {
	NTIMP_EXPLAIN_REFUSED		= 0, /* the reason says why */
	NTIMP_EXPLAIN_LEVEL		= 1, /* the level is below Impersonation */
	NTIMP_EXPLAIN_RIGHT		= 2, /* the thread may act as the client */
	NTIMP_EXPLAIN_CONSENT		= 3, /* the client's consent */
};

/**
 * struct ntimp_explain - argument of NTIMP_CTX_EXPLAIN
 * @size: in: sizeof(struct); out: bytes filled
 * @flags: 0
 * @tid: the thread that would impersonate, in the caller's pid namespace; 0: the
 *	caller
 * @pass: out: enum ntimp_explain_pass
 * @reason: out: enum ntimp_reason: what the gate found, also where the client's
 *	consent is what lets the thread pass
 * @reserved: 0
 */
struct ntimp_explain {
	__u32 size;
	__u32 flags;
	__s32 tid;
	__u32 pass;
	__u32 reason;
	__u32 reserved;
};

#define NTIMP_IOC_MAGIC			0xBE

/* On /dev/ntimp */

/* struct ntimp_version *: what this module is and can do */
#define NTIMP_VERSION			_IO(NTIMP_IOC_MAGIC, 0x00)
/* struct ntimp_capture *: returns a context, a close-on-exec descriptor */
#define NTIMP_CAPTURE			_IO(NTIMP_IOC_MAGIC, 0x01)
/* 0: the calling thread is itself again; also on a context, whichever it is */
#define NTIMP_REVERT			_IO(NTIMP_IOC_MAGIC, 0x02)
/* struct ntimp_info *: whom a thread impersonates; ENOENT: nobody */
#define NTIMP_QUERY_THREAD		_IO(NTIMP_IOC_MAGIC, 0x03)
/*
 * struct ntimp_thread *: another thread is itself again: of the caller's process,
 * or, for who may trace it and has CAP_SETUID and CAP_SETGID over it, any
 */
#define NTIMP_REVERT_THREAD		_IO(NTIMP_IOC_MAGIC, 0x04)

/* On a context */

/*
 * NTIMP_IMPERSONATE_* by value: the calling thread acts as the client; returns
 * 0, or with NTIMP_IMPERSONATE_DOWNGRADE the level at which it does
 */
#define NTIMP_CTX_IMPERSONATE		_IO(NTIMP_IOC_MAGIC, 0x40)
/* struct ntimp_info *: who the client is */
#define NTIMP_CTX_QUERY			_IO(NTIMP_IOC_MAGIC, 0x41)
/* struct ntimp_thread *: the same for another thread of the caller's process */
#define NTIMP_CTX_IMPERSONATE_THREAD	_IO(NTIMP_IOC_MAGIC, 0x42)
/* 0: look at the client of a dynamic context again; ESTALE: the snapshot stands */
#define NTIMP_CTX_UPDATE		_IO(NTIMP_IOC_MAGIC, 0x43)
/* NTIMP_REVOKE_* by value: nobody can impersonate it any more */
#define NTIMP_CTX_REVOKE		_IO(NTIMP_IOC_MAGIC, 0x44)
/* struct ntimp_expire *: nobody can impersonate it any more from then on */
#define NTIMP_CTX_EXPIRE		_IO(NTIMP_IOC_MAGIC, 0x45)
/* struct ntimp_wearers *: which threads wear it */
#define NTIMP_CTX_WEARERS		_IO(NTIMP_IOC_MAGIC, 0x46)
/* struct ntimp_call *: one file operation as the client, without becoming it */
#define NTIMP_CTX_CALL			_IO(NTIMP_IOC_MAGIC, 0x47)
/* struct ntimp_explain *: would a thread be let impersonate it, and why (not)? */
#define NTIMP_CTX_EXPLAIN		_IO(NTIMP_IOC_MAGIC, 0x48)

#endif /* _UAPI_LINUX_NTIMP_H */
