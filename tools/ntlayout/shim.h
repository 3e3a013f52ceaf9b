/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the headers in linux/nt/ need of the kernel's, for a compiler without a
 * kernel.  The <linux/...> headers that they name are empty files then.
 */
#include <stdbool.h>
#include <stddef.h>

typedef signed char s8;
typedef unsigned char u8;
typedef short s16;
typedef unsigned short u16;
typedef int s32;
typedef unsigned int u32;
typedef long long s64;
typedef unsigned long long u64;

typedef struct {
	u32 val;
} kuid_t;

typedef struct {
	u32 val;
} kgid_t;

struct task_struct {
	u32 flags;
	int pid, tgid;
};

struct module;

extern struct task_struct *current;

#define THIS_MODULE	((struct module *)NULL)
#define PF_KTHREAD	0x00200000
#define __must_check
