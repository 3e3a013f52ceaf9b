// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sized structs, which all ioctls but the hottest take: in and out.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "args.h"

/**
 * ntimp_args_read - copy a sized struct from user space
 * @args: where to; begins with a __u32, the size, which is set to what the
 *	caller gave
 * @ksize: sizeof the struct as it is known here
 * @min_size: sizeof the first version of it
 * @from: where from
 *
 * What a shorter struct lacks is 0.
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL: shorter than the first version; -E2BIG: longer than a
 * page, or what we don't know is not 0; -EFAULT.
 */
int ntimp_args_read(void *args, u32 ksize, u32 min_size,
		    const void __user *from)
{
	u32 size;
	int err;

	if (get_user(size, (const u32 __user *)from))
		return -EFAULT;
	if (size < min_size)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	err = copy_struct_from_user(args, ksize, from, size);
	if (err)
		return err;

	/* Not what may have been written there in the meantime. */
	*(u32 *)args = size;
	return 0;
}

/**
 * ntimp_args_write - copy a sized struct to user space
 * @to: where to
 * @args: the struct, as ntimp_args_read() left the size in it
 * @ksize: sizeof the struct as it is known here
 *
 * The size is set to what is filled.
 *
 * Context: process context, may sleep.
 * Return: 0; -EFAULT.
 */
int ntimp_args_write(void __user *to, void *args, u32 ksize)
{
	u32 size = min(*(u32 *)args, ksize);

	*(u32 *)args = size;
	return copy_to_user(to, args, size) ? -EFAULT : 0;
}
