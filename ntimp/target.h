/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_TARGET_H
#define _NTIMP_TARGET_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <uapi/linux/ntimp.h>

struct task_struct;

struct task_struct *ntimp_target_get(pid_t tid);
int ntimp_target_read(struct ntimp_thread *args, const void __user *from);

#endif /* _NTIMP_TARGET_H */
