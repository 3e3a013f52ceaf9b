/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that differs between the kernels we build for.  Nothing else asks what
 * the kernel has.  Features are tested, not version numbers, wherever a test
 * is possible, because distributions backport.
 */
#ifndef _NTIMP_COMPAT_H
#define _NTIMP_COMPAT_H

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fsnotify.h>
#include <linux/ftrace.h>
#include <linux/kconfig.h>
#include <linux/magic.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/types.h>
#include <linux/version.h>

#ifndef CONFIG_SECURITY
#error "ntimp needs a kernel with CONFIG_SECURITY: exec can't be guarded without it"
#endif
#ifndef CONFIG_KPROBES
#error "ntimp needs a kernel with CONFIG_KPROBES: it finds the functions to guard"
#endif
#ifndef CONFIG_TRACEPOINTS
#error "ntimp needs a kernel with CONFIG_TRACEPOINTS: it watches threads exit"
#endif
#if !defined(CONFIG_DYNAMIC_FTRACE_WITH_ARGS) && !defined(CONFIG_DYNAMIC_FTRACE_WITH_REGS)
#error "ntimp needs a kernel with CONFIG_DYNAMIC_FTRACE_WITH_ARGS or _WITH_REGS"
#endif

/*
 * Where ftrace saves the arguments anyway, the instruction pointer can be
 * changed without the cost of saving every register.
 */
#ifdef CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS
#define COMPAT_FTRACE_SAVE_REGS	0
#else
#define COMPAT_FTRACE_SAVE_REGS	FTRACE_OPS_FL_SAVE_REGS
#endif

/* In 6.2 one was renamed, and the other one came. */
#ifndef ftrace_regs_set_instruction_pointer
#define ftrace_regs_set_instruction_pointer	ftrace_instruction_pointer_set
#define ftrace_regs_get_argument(fregs, n)				\
	regs_get_kernel_argument(&(fregs)->regs, n)
#endif

/*
 * Since 6.14 override_creds() takes no reference of its own; revert_creds()
 * returns a cred since then, which is how to tell.
 */
#define COMPAT_OVERRIDE_BORROWS						\
	__same_type(revert_creds((const struct cred *)NULL),		\
		    (const struct cred *)NULL)

/**
 * compat_wear - make a cred the subjective one of the current thread, to stay
 * @cred: borrowed, not the primary; the thread gets a reference of its own
 *
 * The reference that the thread had on what it wore is dropped.  The one on its
 * primary, though, stays the thread's until compat_wear_off(), as in any override:
 * it belongs to all threads of a process, whose count of references would
 * otherwise be written by each of them each time.
 */
static inline void compat_wear(const struct cred *cred)
{
	const struct cred *former;

	if (COMPAT_OVERRIDE_BORROWS)
		get_cred(cred);
	former = override_creds(cred);
	if (former != current_real_cred())
		put_cred(former);
}

/**
 * compat_wear_off - make the primary the subjective cred of the current thread
 *
 * For a thread that wears something, by compat_wear(): its reference on that is
 * dropped.  The primary is the same as then, because whatever would change it is
 * refused in the meantime.
 */
static inline void compat_wear_off(void)
{
	const struct cred *former = current_cred();

	revert_creds(current_real_cred());
	if (COMPAT_OVERRIDE_BORROWS)
		put_cred(former);
}

/* Since 6.9 a pidfd is a file of a file system. */
#ifdef PID_FS_MAGIC
#define COMPAT_PID_FS_MAGIC	PID_FS_MAGIC
#else
#define COMPAT_PID_FS_MAGIC	0x50494446
#endif

/* LSM attributes got numbers for lsm_set_self_attr(2), in 6.8. */
#ifdef LSM_ATTR_CURRENT
#define COMPAT_HAS_SETSELFATTR	1
#else
#define COMPAT_HAS_SETSELFATTR	0
#endif

/* Workers of the kernel's in a process are not all of io_uring since 6.4. */
#ifdef PF_USER_WORKER
#define COMPAT_PF_USER_WORKER	PF_USER_WORKER
#else
#define COMPAT_PF_USER_WORKER	0
#endif

/**
 * compat_tell_opened - tell those who watch a file that it was opened
 * @file: from do_filp_open()
 *
 * Since 6.11 that function does so itself, which nothing in the headers shows.
 * Where a distribution has it earlier the event comes twice, and the queues of
 * those who watch make one of it.
 */
static inline void compat_tell_opened(struct file *file)
{
#if KERNEL_VERSION(6, 11, 0) > LINUX_VERSION_CODE
	fsnotify_open(file);
#endif
}

/* Since 6.3 the ids of a mount are mapped by something of their own. */
#if KERNEL_VERSION(6, 3, 0) > LINUX_VERSION_CODE
#define compat_mnt_idmap	mnt_user_ns
#else
#define compat_mnt_idmap	mnt_idmap
#endif

/* kernel_cap_t became one 64-bit word in 6.3. */
#ifdef CAP_VALID_MASK
static inline u64 compat_cap_to_u64(kernel_cap_t cap)
{
	return cap.val;
}

static inline kernel_cap_t compat_cap_from_u64(u64 val)
{
	return (kernel_cap_t){ .val = val };
}
#else
static inline u64 compat_cap_to_u64(kernel_cap_t cap)
{
	return (u64)cap.cap[1] << 32 | cap.cap[0];
}

static inline kernel_cap_t compat_cap_from_u64(u64 val)
{
	return (kernel_cap_t){ .cap = { lower_32_bits(val), upper_32_bits(val) } };
}
#endif

#endif /* _NTIMP_COMPAT_H */
