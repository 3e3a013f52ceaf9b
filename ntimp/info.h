/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_INFO_H
#define _NTIMP_INFO_H

#include <linux/compiler.h>
#include <uapi/linux/ntimp.h>

struct ntimp_view;
struct seq_file;

int ntimp_info_read(struct ntimp_info *info, const void __user *from);
int ntimp_info_write(void __user *to, struct ntimp_info *info,
		     const struct ntimp_view *view);
void ntimp_info_show(struct seq_file *m, const struct ntimp_view *view);

#endif /* _NTIMP_INFO_H */
