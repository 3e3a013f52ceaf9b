/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_ARGS_H
#define _NTIMP_ARGS_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <linux/uaccess.h>

int ntimp_args_read(void *args, u32 ksize, u32 min_size,
		    const void __user *from);
int ntimp_args_write(void __user *to, void *args, u32 ksize);

/**
 * ntimp_args_read_hot - the same, for a call that is made often
 * @args: where to, as for ntimp_args_read()
 * @ksize: sizeof the struct as it is known here, a constant and whole u64s
 * @min_size: sizeof the first version of it
 * @from: where from
 *
 * What has the size known here is copied word by word, which takes a third of the
 * instructions.
 *
 * Context: process context, may sleep.
 * Return: as ntimp_args_read().
 */
static __always_inline int ntimp_args_read_hot(void *args, u32 ksize, u32 min_size,
					       const void __user *from)
{
	const u64 __user *source = from;
	u64 *word = args;
	u32 size, i;

	BUILD_BUG_ON(ksize % sizeof(*word));
	if (!user_read_access_begin(from, ksize))
		return -EFAULT;
	unsafe_get_user(size, (const u32 __user *)from, fault);
	if (unlikely(size != ksize)) {
		user_read_access_end();
		return ntimp_args_read(args, ksize, min_size, from);
	}
	for (i = 0; i < ksize / sizeof(*word); i++)
		unsafe_get_user(word[i], source + i, fault);
	user_read_access_end();

	/* Not what may have been written there in the meantime. */
	*(u32 *)args = size;
	return 0;

fault:
	user_read_access_end();
	return -EFAULT;
}

#endif /* _NTIMP_ARGS_H */
