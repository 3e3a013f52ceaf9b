// SPDX-License-Identifier: GPL-2.0-only
/*
 * Denials: a thread that acts below Impersonation opens nothing and acts on
 * nobody.
 *
 * What it has open, and what is its own process's alone, it goes on using.  The
 * functions below are where the kernel asks about everything else.  They are
 * hooked when a thread is first about to act at such a level, and then until the
 * module is unloaded, so that nobody pays who does not use these levels.
 *
 * Files are denied where a path begins to be looked up, once per path, and not by
 * inode_permission(), once per component: it would cost everybody ten times more,
 * and never asks for a right to where the path begins.  What changes a file by a
 * descriptor, but for its contents, says so to its mount first.
 *
 * Until it knows that it has something to deny, the handler looks at two pointers
 * and one word.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <kunit/visibility.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <net/af_unix.h>

#include "compat.h"
#include "cred.h"
#include "identify.h"
#include "redirect.h"

/**
 * struct denial - one function that denies
 * @symbol: its name
 * @fallback: another function that denies at least as much, for kernels in which
 *	the compiler did away with the first one; or NULL
 * @expected: the kernel is configured to have it, and has to
 * @replacement: what runs in its place
 * @spares: which calls are let through, by the function's first two arguments;
 *	NULL: none.  Called by the handler: must not call anything.
 * @address: where it begins, 0 if the running kernel has no such function
 */
struct denial {
	const char *symbol;
	const char *fallback;
	bool expected;
	unsigned long replacement;
	bool (*spares)(unsigned long first, unsigned long second);
	unsigned long address;
};

/* Replacements.  An error pointer is the same number as the error. */
static long deny(void)
{
	return -EACCES;
}

/* For what the kernel's own users expect of the function. */
static long deny_with_false(void)
{
	return 0;
}

static long deny_with_minus_one(void)
{
	return -1;
}

static long deny_with_eperm(void)
{
	return -EPERM;
}

/* What a descriptor has open has an empty name: fstat(3) asks with one. */
static notrace bool spares_open_file(unsigned long fd, unsigned long name)
{
	const struct filename *filename = (const struct filename *)name;

	return IS_ERR(filename) || !*filename->name;
}

/* Of a child that is made; pidfd_open(2) is denied before. */
static notrace bool spares_pidfd(unsigned long path, unsigned long unused)
{
	return ((const struct path *)path)->dentry->d_sb->s_magic ==
		COMPAT_PID_FS_MAGIC;
}

static notrace bool spares_own_process(unsigned long task, unsigned long unused)
{
	return same_thread_group((struct task_struct *)task, current);
}

/* Other creds than the one worn are asked about: of an open file, of a task. */
static notrace bool spares_other_cred(unsigned long cred, unsigned long unused)
{
	return (const struct cred *)cred != current_cred();
}

/* Sending to whom the socket is connected to, as against to an address. */
static notrace bool spares_peer(unsigned long from, unsigned long to)
{
	return unix_peer(((struct socket *)from)->sk) == ((struct socket *)to)->sk;
}

static notrace bool spares_unlock(unsigned long file, unsigned long lease)
{
	return lease == F_UNLCK;
}

#define DENY(_symbol, _expected, _replacement, _spares)			\
{									\
	.symbol		= #_symbol,					\
	.expected	= (_expected),					\
	.replacement	= (unsigned long)(_replacement),		\
	.spares		= (_spares),					\
}

static struct denial denials[] = {
	/* All that begins with a path. */
	DENY(do_filp_open, true, deny, NULL),
	DENY(filename_lookup, true, deny, spares_open_file),
	{
		.symbol		= "__filename_parentat",
		.fallback	= "inode_permission",
		.expected	= true,
		.replacement	= (unsigned long)deny,
	},
	/* What a descriptor leads to: open by handle, the other end of a pty. */
	DENY(do_file_open_root, true, deny, NULL),
	DENY(dentry_open, true, deny, spares_pidfd),
	DENY(mnt_want_write, true, deny, NULL),
	DENY(mnt_want_write_file, true, deny, NULL),
	DENY(security_path_notify, IS_ENABLED(CONFIG_SECURITY_PATH), deny, NULL),
	/* The rights of an owner to what is open, and those of root. */
	DENY(inode_owner_or_capable, true, deny_with_false, NULL),
	DENY(vfs_setlease, IS_ENABLED(CONFIG_FILE_LOCKING), deny, spares_unlock),
	DENY(security_capable, true, deny_with_eperm, spares_other_cred),
	/* userfaultfd(2), io_uring_setup(2), memfd_secret(2) */
	DENY(security_inode_init_security_anon, true, deny, NULL),

	DENY(security_socket_create, IS_ENABLED(CONFIG_NET), deny, NULL),
	DENY(security_socket_bind, IS_ENABLED(CONFIG_NET), deny, NULL),
	DENY(security_socket_connect, IS_ENABLED(CONFIG_NET), deny, NULL),
	DENY(security_socket_listen, IS_ENABLED(CONFIG_NET), deny, NULL),
	/* TCP_FASTOPEN connects by sending. */
	DENY(__inet_stream_connect, IS_ENABLED(CONFIG_INET), deny, NULL),
	DENY(security_unix_stream_connect, IS_ENABLED(CONFIG_UNIX), deny, NULL),
	DENY(security_unix_may_send, IS_ENABLED(CONFIG_UNIX), deny, spares_peer),

	DENY(security_task_kill, true, deny, spares_own_process),
	DENY(security_task_setnice, true, deny, spares_own_process),
	DENY(security_task_setioprio, true, deny, spares_own_process),
	DENY(security_task_setscheduler, true, deny, spares_own_process),
	DENY(security_task_movememory, true, deny, spares_own_process),
	DENY(security_task_prlimit, true, deny, NULL),
	DENY(__ptrace_may_access, true, deny, spares_own_process),
	DENY(pidfd_prepare, true, deny, NULL),

	DENY(ipcget, IS_ENABLED(CONFIG_SYSVIPC), deny, NULL),
	DENY(ipcperms, IS_ENABLED(CONFIG_SYSVIPC), deny_with_minus_one, NULL),
	DENY(ipcctl_obtain_check, IS_ENABLED(CONFIG_SYSVIPC), deny, NULL),

	DENY(lookup_user_key, IS_ENABLED(CONFIG_KEYS), deny, NULL),
	DENY(key_task_permission, IS_ENABLED(CONFIG_KEYS), deny, NULL),
	DENY(request_key_and_link, IS_ENABLED(CONFIG_KEYS), deny, NULL),

	DENY(security_bpf, IS_ENABLED(CONFIG_BPF_SYSCALL), deny, NULL),
	DENY(security_perf_event_open, IS_ENABLED(CONFIG_PERF_EVENTS), deny, NULL),
	DENY(security_syslog, IS_ENABLED(CONFIG_PRINTK), deny, NULL),
};

static struct ftrace_ops denial_ops;

/* The ops are armed, or can never be (the error); arming_lock. */
static DEFINE_MUTEX(arming_lock);
VISIBLE_IF_KUNIT bool ntimp_identify_armed;
EXPORT_SYMBOL_IF_KUNIT(ntimp_identify_armed);
VISIBLE_IF_KUNIT int ntimp_identify_never;
EXPORT_SYMBOL_IF_KUNIT(ntimp_identify_never);

static notrace const struct denial *denial_of(unsigned long ip)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(denials); i++)
		if (redirect_is_entry(ip, denials[i].address))
			return &denials[i];
	return NULL;
}

static void notrace denial_handler(unsigned long ip, unsigned long parent_ip,
				   struct ftrace_ops *ops,
				   struct ftrace_regs *fregs)
{
	const struct denial *denial;

	if (likely(!ntimp_only_identifies()))
		return;
	denial = denial_of(ip);
	if (!denial)
		return;
	if (denial->spares &&
	    denial->spares(ftrace_regs_get_argument(fregs, 0),
			   ftrace_regs_get_argument(fregs, 1)))
		return;
	ftrace_regs_set_instruction_pointer(fregs, denial->replacement);
}

static int denials_find(void)
{
	const char *names[2 * ARRAY_SIZE(denials)];
	unsigned long found[2 * ARRAY_SIZE(denials)];
	int i, err;

	for (i = 0; i < ARRAY_SIZE(denials); i++) {
		names[2 * i] = denials[i].symbol;
		names[2 * i + 1] = denials[i].fallback;
	}
	err = redirect_find(names, found, ARRAY_SIZE(names));
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(denials); i++) {
		denials[i].address = found[2 * i] ?: found[2 * i + 1];
		if (denials[i].address || !denials[i].expected)
			continue;
		pr_err("levels below Impersonation don't work: the kernel has no function %s that can be traced\n",
		       denials[i].symbol);
		ntimp_identify_never = -EOPNOTSUPP;
	}
	return ntimp_identify_never;
}

static int denials_arm(void)
{
	unsigned long addresses[ARRAY_SIZE(denials)];
	unsigned int i, count = 0;
	int err;

	if (ntimp_identify_never)
		return ntimp_identify_never;
	err = denials_find();
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(denials); i++)
		if (denials[i].address)
			addresses[count++] = denials[i].address;
	err = redirect_arm(&denial_ops, denial_handler, 0, addresses, count);
	if (err)
		pr_err_ratelimited("can't arm what denies below Impersonation: error %d\n",
				   err);
	return err;
}

/**
 * ntimp_identify_arm - see to it that threads below Impersonation are denied
 *
 * To be called before there is such a cred, or one that may be worn is turned
 * into one.  The first call does it, until ntimp_identify_disarm().
 *
 * Context: process context, may sleep.
 * Return: 0; on failure nothing is armed and the log says why: -EOPNOTSUPP: the
 * running kernel has no function of a name that is needed; -EBUSY: a live patch
 * redirects one of them; -ENOMEM.
 */
int ntimp_identify_arm(void)
{
	int err = 0;

	/* Armed by whom it may have been: pairs with the release below. */
	if (likely(smp_load_acquire(&ntimp_identify_armed)))
		return 0;

	mutex_lock(&arming_lock);
	if (!ntimp_identify_armed)
		err = denials_arm();
	if (!err)
		smp_store_release(&ntimp_identify_armed, true); /* pairs with the acquire above */
	mutex_unlock(&arming_lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(ntimp_identify_arm);

/**
 * ntimp_identify_disarm - undo ntimp_identify_arm(), if it was called
 *
 * No thread impersonates.  The caller waits for those who are still inside a
 * replacement, see ntimp_guard_disarm().
 *
 * Context: process context, may sleep.
 */
void ntimp_identify_disarm(void)
{
	if (ntimp_identify_armed)
		redirect_disarm(&denial_ops);
}
