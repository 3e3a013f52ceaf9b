/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_ARGS_H
#define _NTIMP_ARGS_H

#include <linux/compiler.h>
#include <linux/types.h>

int ntimp_args_read(void *args, u32 ksize, u32 min_size,
		    const void __user *from);
int ntimp_args_write(void __user *to, void *args, u32 ksize);

#endif /* _NTIMP_ARGS_H */
